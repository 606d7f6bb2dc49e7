"""Small workbooks of the layouts that the statistics office has used since 2011, with figures known to the tests."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bn_analysis.cleaning.language.classification import INDUSTRIES, TERRITORIES
from bn_analysis.cleaning.raw.sidecars import PROVENANCE, write_sidecar

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"

WEIGHTS = {"B": 0.09, "C": 0.79, "D": 0.10, "E": 0.02}
DIVISIONS = {"B": range(5, 10), "C": range(10, 34), "E": range(36, 39)}
LINES = ["TOTAL"]
for section in "BCDE":
    LINES += [section, *(f"{number:02d}" for number in DIVISIONS.get(section, ()))]
MANUFACTURING = ["C", *(f"{number:02d}" for number in DIVISIONS["C"])]
OLD_NAMES = {
    "TOTAL": "Toàn ngành công nghiệp",
    "D": "Sản xuất và phân phối điện",
    "09": "Hoạt động dịch vụ hỗ trợ khai thác mỏ và quặng",
    "29": "Sản xuất xe có động cơ",
}
PROVINCES = [code for code, territory in TERRITORIES.items() if territory.covers("2024-05")]
REGIONS = {"HN": "Đồng bằng sông Hồng", "HG": "Trung du và miền núi phía Bắc", "KT": "Tây Nguyên"}

Figures = dict[tuple[str, str, str, str, str, str], float]
"""Ratios by indicator, territory, industry, period, measure and release."""


@dataclass
class Book:
    """A workbook under construction: its sheets by name, and the figures that a reader must find in it."""

    workbook: Workbook
    period: str
    figures: Figures = field(default_factory=dict)
    iip: Worksheet = None  # type: ignore[assignment]

    def save(self, path: Path) -> Path:
        self.workbook.save(path)
        return path


def month_before(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"


def production(seed: int = 1) -> dict[str, dict[str, float]]:
    """Ratios by industry and column that go together as the office's do: wholes are means of parts, ytd follows y/y."""
    rng = random.Random(seed)
    ratios: dict[str, dict[str, float]] = {}
    for code in LINES:
        before = 106 + rng.gauss(0, 7)
        yoy = 107 + 0.7 * (before - 106) + rng.gauss(0, 4)
        ratios[code] = {
            "mom": 102 + rng.gauss(0, 5),
            "yoy": yoy,
            "before": before,
            "ytd": before + 0.2 * (yoy - before),
        }
    for section, numbers in DIVISIONS.items():
        parts = [f"{number:02d}" for number in numbers]
        ratios[section] = {c: sum(ratios[part][c] for part in parts) / len(parts) for c in ratios["TOTAL"]}
    ratios["TOTAL"] = {c: sum(w * ratios[s][c] for s, w in WEIGHTS.items()) for c in ratios["TOTAL"]}
    return {code: {c: round(value, 2) for c, value in row.items()} for code, row in ratios.items()}


def headings(layout: str, period: str) -> list[tuple[str, list[str]]]:
    """Columns of the table of production in one of the office's layouts: what they hold, and their broken headings."""
    year, month = int(period[:4]), int(period[5:])
    last, before = month_before(period), int(month_before(period)[5:])
    if layout == "2011":
        return [
            ("mom", [f"Tháng {month} năm", f"{year} so với", f"tháng {before}", f"năm {last[:4]}"]),
            ("yoy", [f"Tháng {month} năm", f"{year} so với", f"tháng {month} năm", f"năm {year - 1}"]),
            ("ytd", [f"{month} tháng", f"năm {year} so", "với cùng kỳ", f"năm {year - 1}"]),
        ]
    if layout == "2013":
        return [
            ("before_ytd", [f"{before} tháng năm", f"{year} so với", "cùng kỳ ", f"năm {year - 1}"]),
            ("mom", [f"Tháng {month} năm", f"{year} so với", f"tháng {before}", f"năm {year}"]),
            ("yoy", [f"Tháng {month} năm", f"{year} so với", "cùng kỳ ", f"năm {year - 1}"]),
            ("ytd", [f"{month} tháng năm", f"{year} so với", "cùng kỳ ", f"năm {year - 1}"]),
        ]
    if layout == "english":
        same = ["compared with", "the same period", "of previous year"]
        return [
            ("before_yoy", [f"August {year}", *same]),
            ("mom", [f"September {year}", "compared with", "previous month"]),
            ("yoy", [f"September {year}", *same]),
            ("ytd", [f"9 months of {year}", *same]),
        ]
    first = (
        [("before_yoy", [f"Tháng {before}", f"năm {last[:4]}", "so với", "cùng kỳ", "năm trước"])] if month > 1 else []
    )
    to_date = ["Quý I" if month == 3 else f"{month} tháng", f"năm {year} ", "so với", "cùng kỳ ", "năm trước"]
    return [
        *first,
        ("mom", [f"Tháng {month}", f"năm {year}", "so với", "tháng ", "trước"]),
        ("yoy", [f"Tháng {month}", f"năm {year}", "so với", "cùng kỳ", "năm trước"]),
        *([("ytd", to_date)] if month > 1 else []),
    ]


def printed_name(code: str) -> str:
    return OLD_NAMES.get(code, INDUSTRIES[code].name_vi)


def add_production(
    book: Book, layout: str = "2019", name: str = "2.IIPthang", title: str = "", first_row: int = 4
) -> Worksheet:
    """The table of production by industry and month."""
    sheet = book.workbook.create_sheet(name)
    english = layout == "english"
    sheet["A1"] = title or ("Index of industrial production" if english else "2. Chỉ số sản xuất công nghiệp")
    columns = headings(layout, book.period)
    sheet.cell(row=first_row - 1, column=1 + len(columns), value="Đơn vị tính: %" if not english else "%")
    for column, (_, pieces) in enumerate(columns, start=2):
        for row, text in enumerate(pieces, start=first_row):
            sheet.cell(row=row, column=column, value=text)
    ratios = production()
    body = first_row + 6
    for row, code in enumerate(LINES, start=body):
        sheet.cell(row=row, column=1, value=INDUSTRIES[code].name_en if english else printed_name(code))
        for column, (kind, _) in enumerate(columns, start=2):
            role = "before" if kind.startswith("before") else kind
            cell = sheet.cell(row=row, column=column, value=ratios[code][role])
            cell.number_format = "0.00"
            measure, release = (kind[7:], "restated") if kind.startswith("before") else (kind, "first")
            period = month_before(book.period) if release == "restated" else book.period
            book.figures["iip", "VN", code, period, measure, release] = ratios[code][role]
    book.iip = sheet
    return sheet


def add_labour(book: Book, by_province: bool, date: str = "", name: str = "") -> Worksheet:
    """The index of labour use, by industry or by province on two printed pages with headings of regions."""
    sheet = book.workbook.create_sheet(name or ("5. LĐCN_DP" if by_province else "4.LĐCN"))
    month, year = int(book.period[5:]), book.period[:4]
    date = date or f"1/{month}/{year}"
    rng = random.Random(7)

    def head(row: int, more: str = "") -> int:
        sheet.cell(row=row, column=1, value=f"5. {more}Chỉ số sử dụng lao động của doanh nghiệp công nghiệp ")
        if by_province:
            sheet.cell(row=row + 1, column=1, value="    phân theo địa phương")
        sheet.cell(row=row + 2, column=3, value="%")
        for column, base in ((2, "tháng trước"), (3, "năm trước")):
            pieces = ["Chỉ số sử dụng lao động", f" thời điểm {date} so với", f"cùng thời điểm {base}"]
            for offset, text in enumerate(pieces, start=3):
                sheet.cell(row=row + offset, column=column, value=text)
        return row + 7

    row = head(1)
    for code in PROVINCES if by_province else LINES:
        if by_province and code == "DNA":
            row = head(row, "(Tiếp theo) ")
        if by_province and code in REGIONS:
            sheet.cell(row=row, column=1, value=REGIONS[code])
            row += 1
        name_printed = (
            ("CẢ NƯỚC " if code == "VN" else TERRITORIES[code].name_vi) if by_province else printed_name(code)
        )
        sheet.cell(row=row, column=1, value=name_printed)
        for column, measure in ((2, "mom"), (3, "yoy")):
            ratio = 101.24 if code in ("VN", "TOTAL") and column == 2 else 102.34 if code in ("VN", "TOTAL") else None
            ratio = ratio or round(rng.uniform(95, 108), 2)
            sheet.cell(row=row, column=column, value=ratio).number_format = "0.00"
            key = (code, "TOTAL") if by_province else ("VN", code)
            book.figures["labour", *key, book.period, measure, "first"] = ratio
        row += 1
    return sheet


def add_stocks(book: Book) -> Worksheet:
    """Consumption and inventory under merged headings."""
    sheet = book.workbook.create_sheet("11.CS TT TK")
    month, year = int(book.period[5:]), book.period[:4]
    sheet["A1"] = "11. Chỉ số tiêu thụ và tồn kho ngành công nghiệp chế biến, chế tạo"
    sheet["B4"], sheet["F4"] = "Chỉ số tiêu thụ", "Chỉ số tồn kho"
    sheet.merge_cells("B4:D4")
    sheet.merge_cells("F4:G4")
    columns = [
        (2, "consumption", "mom", [f" Tháng {month}", f"năm {year}", "so với", "tháng", "trước"]),
        (3, "consumption", "yoy", [f" Tháng {month}", f"năm {year}", "so với", " cùng kỳ", "năm trước"]),
        (4, "consumption", "ytd", [f"{month} tháng", f"năm {year}", "so với", " cùng kỳ", "năm trước"]),
        (6, "inventory", "mom", ["Thời điểm", f"30/{month}/{year}", "so với cùng", " thời điểm", "tháng trước"]),
        (7, "inventory", "yoy", ["Thời điểm", f"30/{month}/{year}", "so với cùng", " thời điểm", "năm trước"]),
    ]
    rng = random.Random(3)
    for column, indicator, measure, pieces in columns:
        for row, text in enumerate(pieces, start=5):
            sheet.cell(row=row, column=column, value=text)
        for row, code in enumerate(MANUFACTURING, start=11):
            name = "Toàn ngành chế biến, chế tạo" if code == "C" else printed_name(code)
            sheet.cell(row=row, column=1, value=name)
            ratio = round(rng.uniform(80, 125), 2)
            sheet.cell(row=row, column=column, value=ratio).number_format = "0.00"
            book.figures[indicator, "VN", code, book.period, measure, "first"] = ratio
    return sheet


def add_quarters(book: Book, quarters: Sequence[str]) -> Worksheet:
    """The quarterly twin of the table of production, its comparison in a heading merged over all columns."""
    sheet = book.workbook.create_sheet("8.IIPquy")
    year = book.period[:4]
    sheet["A1"] = f"8. Chỉ số sản xuất công nghiệp các quý năm {year}"
    sheet["B3"] = "So với cùng kỳ năm trước:"
    sheet.merge_cells(start_row=3, end_row=3, start_column=2, end_column=1 + len(quarters))
    for column, quarter in enumerate(quarters, start=2):
        newest = column == 1 + len(quarters)
        sheet.cell(row=4, column=column, value="Ước tính" if newest else "Thực hiện")
        sheet.cell(row=5, column=column, value=f"quý {quarter} năm {year}")
        month = 3 * (["I", "II", "III", "IV"].index(quarter) + 1)
        for row, code in enumerate(LINES, start=8):
            sheet.cell(row=row, column=1, value=printed_name(code))
            ratio = round(103 + month + row / 10, 2)
            sheet.cell(row=row, column=column, value=ratio).number_format = "0.00"
            release = "first" if newest else "restated"
            book.figures["iip", "VN", code, f"{year}-{month:02d}", "quarter_yoy", release] = ratio
    return sheet


def new_book(period: str) -> Book:
    book = Book(Workbook(), period)
    sheet = book.workbook.active
    sheet.title = "1.Nong nghiep"
    sheet["A1"] = f"1. Sản xuất nông nghiệp đến ngày 15 tháng {int(period[5:])} năm {period[:4]}"
    sheet["A4"], sheet["B4"], sheet["C4"] = "Gieo cấy lúa (Nghìn ha)", 3046.2, 98.7
    return book


def monthly(period: str = "2024-05", layout: str = "2019", full: bool = False) -> Book:
    """A workbook with the table of production, and on request the others."""
    book = new_book(period)
    add_production(book, layout)
    if full:
        add_stocks(book)
        add_labour(book, by_province=False)
        add_labour(book, by_province=True)
    return book


@pytest.fixture(scope="session")
def office() -> SimpleNamespace:
    """The statistics office: makes workbooks and tables as it prints them."""
    return SimpleNamespace(
        monthly=monthly, book=new_book, production=add_production, labour=add_labour, stocks=add_stocks,
        quarters=add_quarters, lines=LINES, name=printed_name,
    )  # fmt: skip


RECENT = {
    "vietnam_iip_releases.csv": "2023-06", "labour_by_province_releases.csv": "2024-10",
    "vietnam_iip_press.csv": "9999", "labour_press.csv": "9999",
}  # fmt: skip
"""Releases kept in the tests' record: the real one cut short to be quick, the press left out, because the
workbooks that tests make up are of months that it has printed since."""


@pytest.fixture(scope="session")
def recent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record from 2023-06 to its last release, February 2025, without its corrections."""
    folder = tmp_path_factory.mktemp("record") / "raw"
    folder.mkdir()
    for source in RAW.glob("*.csv"):
        target = folder / source.name
        heading, *lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line >= RECENT.get(source.name, "")]
        target.write_text("".join([heading, *kept]), encoding="utf-8")
        record = yaml.safe_load(source.with_name(source.name + ".meta.yml").read_text(encoding="utf-8"))
        write_sidecar(target, **{key: record[key] for key in PROVENANCE})
    return folder


@pytest.fixture
def raw(recent: Path, tmp_path: Path) -> Path:
    """A copy of the record to write to."""
    return Path(shutil.copytree(recent, tmp_path / "raw"))

"""The template for a province is refused empty, and once filled in is read like an official table."""

from pathlib import Path

import openpyxl
import pytest

from bn_analysis.cleaning.workbook.reading import read_tables
from bn_analysis.cleaning.workbook.template import write_template
from bn_analysis.errors import InputError


def filled(path: Path, month: str, year: str, figures: dict[str, tuple[float | None, ...]]) -> Path:
    book = openpyxl.load_workbook(path)
    sheet = book["IIP"]
    sheet["A1"] = sheet["A1"].value.replace("…", month, 1).replace("…", year, 1)
    rows = {cell.value: cell.row for cell in sheet["A"] if cell.value}
    for name, ratios in figures.items():
        for column, ratio in enumerate(ratios, start=2):
            sheet.cell(row=rows[name], column=column, value=ratio)
    book.save(path)
    return path


FIGURES: dict[str, tuple[float | None, ...]] = {
    "Toàn ngành công nghiệp": (122.1, 107.34, 95.2),
    "Khai khoáng": (101, 99, 100.5),
    "Công nghiệp chế biến, chế tạo": (122.5, 107.5, 95.1),
    "Sản xuất thiết bị điện": (110, 103.25, 99),
}


def test_a_filled_template_gives_the_three_rates_of_each_line(tmp_path: Path) -> None:
    path = filled(write_template(tmp_path / "bn.xlsx"), "3", "2024", FIGURES)
    rates = read_tables(path).to_frame()
    assert len(rates) == 12
    assert set(rates["territory"]) == {"BN"}
    total = rates[rates["industry"] == "TOTAL"].set_index("measure")
    assert total["value_pct"].to_dict() == {"mom": 22.1, "yoy": 7.34, "ytd": -4.8}
    assert total["decimals"].to_dict() == {"mom": 1, "yoy": 2, "ytd": 1}


@pytest.mark.parametrize(("month", "year", "territory"), [("6", "2025", "BN"), ("7", "2025", "BNM")])
def test_the_month_tells_the_old_province_from_the_new(tmp_path: Path, month: str, year: str, territory: str) -> None:
    path = filled(write_template(tmp_path / "bn.xlsx"), month, year, FIGURES)
    assert set(read_tables(path).to_frame()["territory"]) == {territory}


def test_the_total_alone_is_enough(tmp_path: Path) -> None:
    total = {"Toàn ngành công nghiệp": FIGURES["Toàn ngành công nghiệp"]}
    path = filled(write_template(tmp_path / "bn.xlsx"), "3", "2024", total)
    assert len(read_tables(path).rates) == 3


def test_january_needs_no_year_to_date(tmp_path: Path) -> None:
    path = filled(write_template(tmp_path / "bn.xlsx"), "1", "2024", {"Toàn ngành công nghiệp": (80.0, 91.3, None)})
    assert {rate.measure for rate in read_tables(path).rates} == {"mom", "yoy"}


def test_an_empty_template_and_one_without_its_month_are_refused(tmp_path: Path) -> None:
    path = write_template(tmp_path / "bn.xlsx")
    with pytest.raises(InputError, match=r"found no table of industrial production by month.*without figures below"):
        read_tables(path)
    with pytest.raises(InputError, match=r"cell A1: .*found the title .*….* expected one month and year"):
        read_tables(filled(path, "…", "…", FIGURES))


def test_instructions_are_in_vietnamese_and_beside_the_table(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_template(tmp_path / "bn.xlsx")).worksheets[0]
    assert sheet["G3"].value == "CÁCH ĐIỀN"
    assert "--released" in " ".join(str(cell.value) for cell in sheet["G"])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"an \.xlsx file in an existing folder"):
        write_template(tmp_path / "bn.xls")
    with pytest.raises(InputError, match=r"an \.xlsx file in an existing folder"):
        write_template(tmp_path / "no" / "bn.xlsx")
    with pytest.raises(InputError, match="the country has its workbooks"):
        write_template(tmp_path / "vn.xlsx", "VN")

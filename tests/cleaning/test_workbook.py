"""Every layout of the monthly workbooks since 2011 is read by what its headings say, to the printed digit."""

import re
import warnings
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from bn_analysis.cleaning.rates import COLUMNS, schema
from bn_analysis.cleaning.workbook.reading import WorkbookWarning, read_workbook

FIGURE = ["indicator", "territory", "industry", "period", "measure", "release"]


def read(path: Path) -> pd.DataFrame:
    """Reads a workbook that must give no reason to warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", WorkbookWarning)
        return read_workbook(path)


def figures(rates: pd.DataFrame) -> dict[tuple[str, ...], float]:
    assert not rates.duplicated(FIGURE).any()
    return {tuple(row[:-1]): round(row[-1] + 100, 4) for row in rates[[*FIGURE, "value_pct"]].itertuples(index=False)}


@pytest.mark.parametrize(
    ("layout", "period"),
    [
        ("2011", "2013-09"),
        ("2013", "2018-09"),
        ("2019", "2024-05"),
        ("2019", "2022-01"),
        ("2019", "2023-03"),
        ("2019", "2024-12"),
        ("english", "2020-09"),
    ],
)
def test_every_layout_is_read_to_the_last_figure(
    office: SimpleNamespace, tmp_path: Path, layout: str, period: str
) -> None:
    book = office.monthly(period, layout)
    if layout == "2011":
        book.period = period
    rates = read_workbook(book.save(tmp_path / "Bieu.xlsx"))
    assert figures(rates) == book.figures


def test_all_tables_of_a_workbook_are_read(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly(full=True)
    rates = read(book.save(tmp_path / "Bieu.xlsx"))
    # The country's labour index is printed in two tables and kept once.
    assert figures(rates) == book.figures
    assert set(rates["indicator"]) == {"iip", "labour", "consumption", "inventory"}
    assert len(rates[rates["territory"] == "BN"]) == 2


def test_the_table_keeps_the_contract(office: SimpleNamespace, tmp_path: Path) -> None:
    rates = read(office.monthly(full=True).save(tmp_path / "2024-05-29-Bieu-5.2024.xlsx"))
    assert tuple(rates.columns) == COLUMNS
    schema().validate(rates)
    assert set(rates["release_date"]) == {"2024-05-29"}
    first = rates.iloc[1]
    assert first["source"] == "2024-05-29-Bieu-5.2024.xlsx, sheet '2.IIPthang', cell C10"
    assert (first["measure"], first["decimals"]) == ("mom", 2)


def test_without_a_date_in_its_name_a_workbook_states_none(office: SimpleNamespace, tmp_path: Path) -> None:
    assert read(office.monthly().save(tmp_path / "Bieu.xlsx"))["release_date"].isna().all()


def test_last_months_rate_printed_again_is_a_restated_rate_of_that_month(
    office: SimpleNamespace, tmp_path: Path
) -> None:
    rates = read(office.monthly("2024-05").save(tmp_path / "Bieu.xlsx"))
    restated = rates[rates["release"] == "restated"]
    assert set(restated["period"]) == {"2024-04"}
    assert set(restated["measure"]) == {"yoy"}


def test_quarterly_twin_gives_quarters_and_not_months(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly("2024-09")
    office.quarters(book, ["I", "II", "III"])
    rates = read(book.save(tmp_path / "Bieu.xlsx"))
    assert figures(rates) == book.figures
    quarters = rates[rates["measure"] == "quarter_yoy"]
    assert set(quarters["period"]) == {"2024-03", "2024-06", "2024-09"}
    assert set(quarters[quarters["release"] == "first"]["period"]) == {"2024-09"}


def test_first_quarter_beside_months_is_the_year_to_date(office: SimpleNamespace, tmp_path: Path) -> None:
    rates = read(office.monthly("2023-03").save(tmp_path / "Bieu.xlsx"))
    assert set(rates["measure"]) == {"mom", "yoy", "ytd"}


@pytest.mark.parametrize("broken_at", ["above", "below"])
def test_a_name_broken_over_two_rows_is_one_name(office: SimpleNamespace, tmp_path: Path, broken_at: str) -> None:
    book = office.monthly()
    row = next(cell.row for cell in book.iip["A"] if cell.value == office.name("38"))
    whole = book.iip.cell(row=row, column=1).value
    head, tail = whole.split("; ")
    if broken_at == "below":  # the figures stand beside the first half, the last line of the table
        book.iip.cell(row=row, column=1, value=head + ";")
        book.iip.cell(row=row + 1, column=1, value=tail)
    else:
        for column in range(2, 6):
            cell = book.iip.cell(row=row, column=column)
            book.iip.cell(row=row + 1, column=column, value=cell.value).number_format = "0.00"
            cell.value = None
        book.iip.cell(row=row, column=1, value=head + ";")
        book.iip.cell(row=row + 1, column=1, value=tail)
    assert figures(read(book.save(tmp_path / "Bieu.xlsx"))) == book.figures


def test_a_table_over_two_printed_pages_is_one_table(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    sheet, cut = book.iip, 24
    below = [[sheet.cell(row=row, column=column).value for column in range(1, 6)] for row in range(cut, 47)]
    for row in range(cut, 47):
        for column in range(1, 6):
            sheet.cell(row=row, column=column).value = None
    sheet.cell(row=cut, column=1, value="2. (tiếp theo) Chỉ số sản xuất công nghiệp")
    for offset in range(3, 9):
        for column in range(2, 6):
            sheet.cell(row=cut + offset, column=column, value=sheet.cell(row=1 + offset, column=column).value)
    for row, values in enumerate(below, start=cut + 10):
        for column, value in enumerate(values, start=1):
            sheet.cell(row=row, column=column, value=value)
    assert figures(read(book.save(tmp_path / "Bieu.xlsx"))) == book.figures


def test_headings_merged_over_two_columns_hold_for_the_first(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    sheet = book.iip
    for column in (5, 4, 3):  # figures in B, D, F, H under headings merged over two columns each
        for row in range(4, 60):
            source, target = sheet.cell(row=row, column=column), sheet.cell(row=row, column=2 * column - 2)
            target.value, source.value = source.value, None
    for row in range(4, 9):
        for column in (2, 4, 6, 8):
            sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)
    assert figures(read(book.save(tmp_path / "Bieu.xlsx"))) == book.figures


def test_the_second_electricity_line_is_the_division(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    row = next(cell.row for cell in book.iip["A"] if cell.value == office.name("D"))
    book.iip.insert_rows(row + 1)
    for column in range(1, 6):
        book.iip.cell(row=row + 1, column=column, value=book.iip.cell(row=row, column=column).value)
    rates = read_workbook(book.save(tmp_path / "Bieu.xlsx"))
    twins = [rates[rates["industry"] == code]["value_pct"].tolist() for code in ("D", "35")]
    assert twins[0] == twins[1] != []


def test_digits_are_those_shown_or_stored(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    book.iip["D21"], book.iip["D21"].number_format = 91.0, "0.0"
    book.iip["D22"], book.iip["D22"].number_format = 101.123456789, "0.0"
    book.iip["D23"], book.iip["D23"].number_format = 99, "General"
    rates = read_workbook(book.save(tmp_path / "Bieu.xlsx")).set_index("source")
    cells = rates[rates.index.str.contains("cell D2[123]$")]
    assert cells["decimals"].tolist() == [1, 4, 2]
    assert cells["value_pct"].tolist() == [-9.0, 1.1235, -1.0]


def test_hidden_sheets_are_not_published(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly("2024-05")
    old = office.monthly("2023-05")
    hidden = book.workbook.create_sheet("IIP cu")
    for row in old.iip.iter_rows():
        for cell in row:
            hidden[cell.coordinate] = cell.value
    hidden.sheet_state = "hidden"
    assert figures(read(book.save(tmp_path / "Bieu.xlsx"))) == book.figures


def test_an_old_table_left_in_the_workbook_is_left_out_with_a_word(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly("2024-05")
    truth = dict(book.figures)
    book.period = "2024-04"
    office.production(book, "2019", "IIP (2)")
    with pytest.warns(WorkbookWarning, match="found a table of 2024-04 in a workbook of 2024-05; it was left out"):
        rates = read_workbook(book.save(tmp_path / "Bieu.xlsx"))
    assert figures(rates) == truth


def test_an_unknown_line_of_a_secondary_table_is_left_out_with_a_word(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    office.labour(book, by_province=False)["A11"] = "Ngành chưa ai biết"
    with pytest.warns(
        WorkbookWarning, match=r"cell A11: .*unknown industry 'Ngành chưa ai biết'.*the line .* was set aside"
    ):
        rates = read_workbook(book.save(tmp_path / "Bieu.xlsx"))
    assert len(rates) == len(book.figures) - 2


def test_labour_heading_left_from_last_month_is_overruled_only_by_its_figures(
    office: SimpleNamespace, tmp_path: Path
) -> None:
    book = office.monthly()
    office.labour(book, by_province=False)
    office.labour(book, by_province=True, date="1/4/2024")
    with pytest.warns(WorkbookWarning, match="the country's figures are those of sheet '4.LĐCN'"):
        rates = read_workbook(book.save(tmp_path / "Bieu.xlsx"))
    assert figures(rates) == book.figures


def test_an_empty_cell_gives_no_figure_and_a_word(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    book.iip["C13"] = None
    with pytest.warns(WorkbookWarning, match="cell C13: .*found an empty cell"):
        rates = read_workbook(book.save(tmp_path / "Bieu.xlsx"))
    assert len(rates) == len(book.figures) - 1


def test_a_formula_is_read_by_its_last_result_with_a_word(office: SimpleNamespace, tmp_path: Path) -> None:
    # openpyxl writes no results, so the file is given one by hand, as Excel would store it.
    book = office.monthly()
    book.iip["C13"] = "=100+3.21"
    path = book.save(tmp_path / "Bieu.xlsx")
    formula = rb"<f>100\+3\.21</f><v ?(?:/>|></v>)"
    rewrite_part(path, "xl/worksheets/sheet2.xml", formula, b"<f>100+3.21</f><v>103.21</v>")
    with pytest.warns(WorkbookWarning, match="found a formula; its last result 103.21 was read"):
        rates = read_workbook(path)
    assert rates.set_index("source").loc["Bieu.xlsx, sheet '2.IIPthang', cell C13", "value_pct"] == 3.21


def rewrite_part(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part], found = re.subn(old, new, parts[part])
    assert found == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_legacy_font_text_in_names_and_headings_is_understood(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    book.iip["A1"] = "2. ChØ sè s¶n xuÊt c«ng nghiÖp"
    book.iip["A10"] = "Toµn ngµnh c«ng nghiÖp"
    assert figures(read(book.save(tmp_path / "Bieu.xlsx"))) == book.figures


def test_reading_twice_gives_the_same_table(office: SimpleNamespace, tmp_path: Path) -> None:
    path = office.monthly(full=True).save(tmp_path / "Bieu.xlsx")
    pd.testing.assert_frame_equal(read(path), read(path))


def test_openpyxl_sees_the_same_cells(office: SimpleNamespace, tmp_path: Path) -> None:
    from bn_analysis.cleaning.workbook.files.open import visible_sheets

    path = office.monthly(full=True).save(tmp_path / "Bieu.xlsx")
    by_name = {sheet.name: sheet for sheet in visible_sheets(path)}
    for sheet in openpyxl.load_workbook(path).worksheets:
        cells = {(cell.row, cell.column): cell.value for row in sheet for cell in row if cell.value is not None}
        assert {place: cell.value for place, cell in by_name[sheet.title].cells.items()} == cells
        assert len(by_name[sheet.title].merged) == len(sheet.merged_cells.ranges)

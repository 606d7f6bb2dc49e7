"""Thirty workbooks as people have them: read right, refused by the right reason, or held for a person's word."""

from pathlib import Path

import pytest

from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.workbook.reading import read_tables
from bn_analysis.errors import InputError

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "workbooks"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the third-party folder ../shared/cases/workbooks is absent")

MARCH = {
    "yoy 2024-02 restated": -32.69,
    "mom 2024-03 first": 23.4,
    "yoy 2024-03 first": 5.33,
    "ytd 2024-03 first": -8.8,
}
APRIL = {"mom 2025-04 first": 5.23, "yoy 2025-04 first": 7.34, "ytd 2025-04 first": 8.15}
READ: dict[str, tuple[int, dict[str, float]]] = {
    "a00_good.ods": (18, APRIL),
    "a01_text_ratio_comma.xlsx": (18, APRIL),
    "a08_one_change_division.xlsx": (15, APRIL),
    "a27_title_notinh.xlsx": (18, APRIL),
    "a41_no_mom.xlsx": (12, {key: value for key, value in APRIL.items() if "mom" not in key}),
    "a41c_only_yoy.xlsx": (6, {"yoy 2025-04 first": 7.34}),
    "a50_numbering.xlsx": (18, APRIL),
    "html_as.xls": (18, APRIL),
    "p02_brief_heads.xlsx": (32, MARCH),
    "p06_prov_below_title.xlsx": (32, MARCH),
    "p07_bac_ninh_no_tinh.xlsx": (32, MARCH),
    "p08c_codes_zero.xlsx": (32, MARCH),
    "p10_title_ngành.xlsx": (32, MARCH),
    "p19_numbered.xlsx": (32, MARCH),
    "q02_order_yoy_first.xlsx": (24, {key: value for key, value in MARCH.items() if "restated" not in key}),
    "q18_luyke.xlsx": (32, MARCH),
    "r7b_english_bac_ninh.xlsx": (6, {key: value for key, value in MARCH.items() if "restated" not in key}),
    "u01_cum_prev_as_yoy.xlsx": (32, {"ytd 2024-02 restated": -32.69, **dict(list(MARCH.items())[1:])}),
    "u03_du_kien.xlsx": (32, {key.replace("first", "forecast"): value for key, value in MARCH.items()}),
}
"""Figures of BN read in all, and those of the total."""
REFUSED = {
    "2025-05-06 thang 4.xlsb": "a binary workbook",
    "a37b_second_sheet_same.xlsx": "sheet 'nháp', cell C5",
    "a40b_total_ratio_only_C_change_all.xlsx": "cell B12",
    "bao cao thang 4.doc": "mở bằng Word, lưu thành .docx",
    "bao cao thang 4.docx": "a Word document",
    "p15_district.xlsx": "of a part",
    "p17_two.xlsx": "several places",
    "r1_real_2015_06.xlsx": "--territory",
    "r1b_real_2015_06_no_numbers.xlsx": "--territory",
    "u06_title_support.xlsx": "of a part",
}
HELD = "k01_headings_new_figures_old.xlsx"


def test_every_case_is_in_one_of_the_tables() -> None:
    assert {path.name for path in CASES.iterdir() if path.suffix != ".md"} == {*READ, *REFUSED, HELD}


@pytest.mark.parametrize("name", READ)
def test_a_workbook_that_says_enough_is_read_right(name: str) -> None:
    count, totals = READ[name]
    rates = read_tables(CASES / name).to_frame()
    assert set(rates["territory"]) == {"BN"} and len(rates) == count
    total = rates[rates["industry"] == "TOTAL"]
    assert {f"{row.measure} {row.period} {row.release}": row.value_pct for row in total.itertuples()} == totals


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_that_does_not_is_refused_by_its_reason_in_vietnamese_first(name: str) -> None:
    with pytest.raises(InputError) as refused:
        read_tables(CASES / name)
    said = str(refused.value)
    assert said.startswith(name) and REFUSED[name] in said and "\n" not in said
    assert 0 < said.find("thấy") < said.find("found")


def test_a_division_printed_as_a_change_is_set_aside_by_name() -> None:
    reading = read_tables(CASES / "a08_one_change_division.xlsx")
    assert any("found 8.25" in line for line in reading.set_aside)
    assert "26" not in {rate.industry for rate in reading.rates}


@pytest.mark.parametrize("name", [name for name in REFUSED if name.startswith("r1")])
def test_the_question_can_be_answered(name: str) -> None:
    rates = read_tables(CASES / name, "BN").to_frame()
    assert set(rates["territory"]) == {"BN"} and len(rates) == 15


def test_headings_of_a_new_month_over_old_figures_are_held_and_nothing_is_written(raw: Path) -> None:
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=r"−32,69%.*5,33%.*ingest --yes"):
        ingest([CASES / HELD], raw, released="2024-04-29")
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()} == before

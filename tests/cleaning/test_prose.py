"""Sentences: what they state is read with its base, place and month; what they do not state is never a figure."""

import csv
from pathlib import Path

import pytest

from bn_analysis.cleaning import read_text
from bn_analysis.cleaning.documents.prose.text import DocumentWarning, reading_of
from bn_analysis.errors import InputError

# Own-worded sentences with invented figures: one row a figure; without a measure, a number that must not be read.
_ROWS = list(csv.DictReader((Path(__file__).parent / "cases" / "prose.csv").open(encoding="utf-8")))
_TEXTS = {row["id"]: row for row in _ROWS}
_CODES = {"BN", "BG", "BNM", "VN"}
_ASKED = {"C28"}  # its first year is misprinted: reading it and asking are both right


def _wanted(name: str) -> set[tuple[object, ...]]:
    rows = [row for row in _ROWS if row["id"] == name and row["measure"]]
    return {
        (row["territory"], row["period"], row["measure"], row["sector"], float(row["value_pct"]), int(row["decimals"]),
         row["release"])
        for row in rows
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore::bn_analysis.cleaning.documents.prose.text.DocumentWarning")
@pytest.mark.parametrize("name", _TEXTS)
def test_every_case_is_read_right_or_not_at_all(name: str) -> None:
    row = _TEXTS[name]
    reading = reading_of(row["text"], territory=row["context_territory"] or None, period=row["context_period"] or None)
    found = {
        (one.territory, one.period, one.measure, one.industry, one.value_pct, one.decimals, one.release)
        for one in reading.figures
        if one.indicator == "iip" and one.measure != "unknown" and one.territory in _CODES
    }
    assert found <= _wanted(name)
    assert found == _wanted(name) or name in _ASKED


def test_a_figure_without_a_base_is_unknown_and_keeps_its_clause() -> None:
    (row,) = read_text("Chỉ số IIP tháng 3/2024 của Bắc Ninh đã đạt mức tăng 7,34%.").itertuples()
    assert (row.measure, row.value_pct, row.decimals) == ("unknown", 7.34, 2)
    assert "7,34%" in row.evidence


def test_a_sum_of_months_is_not_carried_into_a_sentence_that_compares_with_the_month_before() -> None:
    text = (
        "IIP tháng 3/2025 của Bắc Ninh tăng 2,4% so với tháng trước; tính chung quý I, IIP tăng 6,7% so với cùng kỳ. "
        "Trong đó, ngành khai khoáng tăng 1,1% so với tháng trước và giảm 9,2% so với cùng kỳ."
    )
    mining = read_text(text).query("industry == 'B'")
    assert list(zip(mining["measure"], mining["value_pct"], strict=True)) == [("mom", 1.1), ("yoy", -9.2)]


@pytest.mark.parametrize(
    "text",
    [
        "IIP tháng 3/2024 của Bắc Ninh không tăng 7,34% so với tháng trước.",
        "Kế hoạch IIP tháng 3/2024 của Bắc Ninh tăng 7,34% so với tháng trước.",
        "IIP tháng 3/2024 của Bắc Ninh tăng hơn 7% so với tháng trước.",
        "Giá trị sản xuất tháng 3/2024 của Bắc Ninh tăng 7,34% so với tháng trước.",
        "Tháng 3, IIP của Bắc Ninh tăng 7,34% so với tháng trước.",
    ],
)
def test_what_is_no_published_figure_is_no_row(text: str) -> None:
    assert read_text(text).empty


def test_a_misprinted_year_is_told() -> None:
    with pytest.warns(DocumentWarning, match="20224"):
        read_text(
            "9 tháng năm 20224, chỉ số sản xuất công nghiệp Bắc Ninh tăng 2,95% so với cùng kỳ.", period="2024-09"
        )


@pytest.mark.parametrize("told", [{"territory": "XX"}, {"period": "2024-13"}, {"released": "1/4/2024"}])
def test_what_is_told_of_a_text_is_checked(told: dict[str, str]) -> None:
    with pytest.raises(InputError):
        read_text("IIP tăng 1%.", **told)

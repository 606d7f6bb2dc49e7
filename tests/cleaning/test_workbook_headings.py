"""What a column compares is in the words above it, whichever way the office has put them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_analysis.cleaning.workbook.tables.headings import Heading, months_named, read_heading
from bn_analysis.cleaning.workbook.tables.identity import narrower_heading

WORDS = ["Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười một", "Mười hai"]
ENGLISH = ["January", "Feb", "March", "April", "May", "June", "July", "Aug.", "September", "Oct", "November", "Dec"]
months = st.integers(1, 12)
years = st.integers(2011, 2035)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tháng 7 năm 2011 so với tháng 6 năm 2011", ("month", 7, 2011, "previous", None)),
        ("Tháng 7 năm 2011 so với tháng 7 năm năm 2010", ("month", 7, 2011, "year_before", None)),
        ("02 tháng đầu năm 2012 so với cùng kỳ năm 2011", ("ytd", 2, 2012, "year_before", None)),
        ("Tháng 1 năm 2013 so với tháng 12 năm 2012", ("month", 1, 2013, "previous", None)),
        ("Năm 2014 so với năm 2013", ("ytd", 12, 2014, "year_before", None)),
        ("Quí I năm 2016 so với cùng kỳ năm 2015", ("quarter", 3, 2016, "year_before", None)),
        ("So với cùng kỳ năm trước: Ước tính quý IV năm năm 2024", ("quarter", 12, 2024, "year_before", None)),
        ("Chỉ số tiêu thụ tháng 10 so với cùng kỳ 2012", ("month", 10, 2013, "year_before", "consumption")),
        ("Chỉ số tồn kho 01/11/2013 so cùng kỳ năm 2012", ("point", 11, 2013, "year_before", "inventory")),
        (
            "Chỉ số sử dụng lao động thời điểm 1/1/2015 so với cùng thời điểm tháng trước",
            ("point", 1, 2015, "previous", "labour"),
        ),
        ("Tháng 5 năm 2024 so với bình quân năm gốc 2015", ("month", 5, 2024, "unused", None)),
        ("Tháng báo cáo so với tháng trước", ("month", None, None, "previous", None)),
        ("Cộng dồn từ đầu năm đến tháng báo cáo so với cùng kỳ năm trước", ("ytd", None, None, "year_before", None)),
        ("August 2020 compared with the same period of previous year", ("month", 8, 2020, "year_before", None)),
        ("9 months of 2020 as compared to the same period last year", ("ytd", 9, 2020, "year_before", None)),
        ("Sep. 2020 compared to previous month", ("month", 9, 2020, "previous", None)),
        ("Sep 2020 vs Aug 2020", ("month", 9, 2020, "previous", None)),
        ("LK tháng 3/2024 so với cùng kỳ", ("ytd", 3, 2024, "year_before", None)),
        ("Đến hết tháng 3 năm 2024 so với cùng kỳ năm trước", ("ytd", 3, 2024, "year_before", None)),
        ("Tích lũy đến tháng 3/2024 so với cùng kỳ", ("ytd", 3, 2024, "year_before", None)),
        ("First nine months of 2020 over the same period in 2019", ("ytd", 9, 2020, "year_before", None)),
    ],
)
def test_headings_met_or_to_be_expected(text: str, expected: tuple[object, ...]) -> None:
    assert read_heading(text) == Heading(*expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tháng 3 năm trước so với cùng kỳ",
        "Tháng 5 năm 2024",
        "Tháng 5 năm 2024 so với cùng kỳ năm 2022",
        "Tháng 5 năm 2024 so với tháng 3 năm 2024",
        "Tháng 1 năm 2013 so với tháng 12 năm 2013",
        "Tháng 13 năm 2024 so với tháng trước",
        "Tháng 5 và tháng 6 năm 2024 so với cùng kỳ năm trước",
        "9 tháng năm 2024 so với tháng trước",
        "tháng năm 2012 so với tháng trước",
        "so với cùng kỳ năm trước",
        "Cơ cấu năm 2024",
    ],
)
def test_headings_that_contradict_themselves_or_say_too_little(text: str) -> None:
    assert read_heading(text) is None


@given(months, years)
def test_the_month_before_is_the_only_earlier_month_understood(month: int, year: int) -> None:
    for back in range(1, 12):
        total = year * 12 + month - 1 - back
        heading = read_heading(f"Tháng {month} năm {year} so với tháng {total % 12 + 1} năm {total // 12}")
        assert (heading is not None) == (back == 1)


@given(months, years, st.sampled_from(["năm trước", "{last}", "năm {last}"]))
def test_a_month_in_words_is_the_month_in_figures(month: int, year: int, base: str) -> None:
    base = base.format(last=year - 1)
    in_words = read_heading(f"Tháng {WORDS[month - 1]} năm {year} so với cùng kỳ {base}")
    assert in_words == read_heading(f"tháng {month:02d}/{year} so với cùng kỳ {base}")
    assert in_words == Heading("month", month, year, "year_before", None)


@given(months, years)
def test_english_and_vietnamese_say_the_same(month: int, year: int) -> None:
    english = read_heading(f"{ENGLISH[month - 1]} {year} compared to the same period last year")
    assert english == read_heading(f"Tháng {month} năm {year} so với cùng kỳ năm trước")


@given(months, years)
def test_titles_in_words_name_their_month(month: int, year: int) -> None:
    word = WORDS[month - 1]
    title = f"2. Chỉ số sản xuất công nghiệp tháng {word} và {word.lower()} tháng đầu năm {year}"
    assert months_named(title) == ({month}, {year})


def test_the_year_of_an_index_base_is_no_date() -> None:
    assert months_named("Chỉ số sản xuất công nghiệp tháng 5 năm 2024 (năm 2015=100)") == ({5}, {2024})
    assert months_named("Chỉ số sản xuất công nghiệp (gốc năm 2010)") == (set(), set())


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("Tháng 3/2024 so với cùng kỳ", ""),
        ("Bắc Ninh: tháng 3/2024 so với cùng kỳ", ""),
        ("Tháng 3/2024 so với cùng kỳ (KCN)", "kcn"),
        ("Khu vực FDI tháng 3/2024 so với cùng kỳ", "khu vực"),
        ("TP Bắc Ninh tháng 3/2024 so với cùng kỳ", "tp bac ninh"),
        ("Cả nước tháng 3/2024 so với cùng kỳ", "cả nước"),
        ("Bắc Giang tháng 3/2024 so với cùng kỳ", "bắc giang"),
    ],
)
def test_a_column_of_a_part_or_of_another_place_says_so(heading: str, word: str) -> None:
    assert narrower_heading(heading, "Chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3 năm 2024") == word

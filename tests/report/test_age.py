"""The age of the figures is said by the calendar of releases, and an ended series says where it goes on."""

from bn_analysis.report.pages.age import age_sentences, ended_sentence
from bn_analysis.settings import Settings
from bn_analysis.study.age import age_of


def test_the_province_says_until_when_its_page_is_new_and_which_months_are_missing() -> None:
    age = age_of(Settings(), "BNM")
    said = age_sentences(age, "", "vi")
    assert (age.last, age.released, age.awaited, age.due) == ("2026-08", "2026-09-08", "2026-09", "2026-10-05")
    assert age.missing == ("2025-11", "2026-01", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07")
    assert "sau ngày đó trang này đã cũ" in said and "11/2025" in said
    assert ended_sentence(age, "vi") == ""


def test_an_ended_series_names_the_end_of_its_borders_whatever_was_known_on_the_day() -> None:
    for day in ("", "2024-03-31"):
        said = ended_sentence(age_of(Settings(), "BN", day), "vi")
        assert "tháng 6/2025" in said and "Bắc Ninh (từ 7/2025)" in said
        assert "out of date" not in age_sentences(age_of(Settings(), "BN", day), day, "en")

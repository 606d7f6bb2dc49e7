"""The page on the seasonal adjustment shows what a bulletin's reader looks for."""

import re

from bn_analysis.report.language.sentences import words
from bn_analysis.seasonal.meanings import SUBJECTS

from ..publication.test_pages import text_of

NOTEBOOK = "03_seasonal_adjustment"


def test_the_country_shows_windows_outliers_revisions_and_grades(built):
    text = text_of(built.page("2026-07/VN", NOTEBOOK, "en"))
    assert re.search(r"Tết (took \d+\.\d% from|added \d+\.\d% to) production in (January|February) 20\d\d", text)
    assert re.search(r"Tết windows: the \d+ choices that X-13 confirmed", text)
    assert "Apr 2020 one month only" in text  # the lockdown is set apart
    assert re.search(r"revised by \d\.\d percentage points on average over the last 2[34] months", text)
    assert re.search(r"Of the diagnostics below, \d+ are good", text)


def test_the_choice_of_no_window_has_a_name_in_both_languages(built):
    for language, name in (("vi", "không có cửa sổ nào"), ("en", "no window")):
        text = text_of(built.page("2026-07/VN", NOTEBOOK, language))
        assert name in text and "none" not in text.split()


def test_a_sparse_province_says_in_words_what_x13_could_not_tell(built):
    text = text_of(built.page("2025-06/BN", NOTEBOOK, "vi"))
    assert "không đánh dấu riêng tháng bất thường" in text
    assert "không do X-13 điều chỉnh" in text
    assert "tháng 1" in text and "Do Tết và lịch" in text


def test_every_diagnostic_has_a_name_for_its_statistic():
    for language in ("vi", "en"):
        assert [code for code in SUBJECTS if f"statistic.{code}" not in words(language)] == []

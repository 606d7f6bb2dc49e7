"""A series that has ended without a verdict: no section empty, no promise of figures that cannot come, said once."""

from dataclasses import replace

import pytest

from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.report.language.formats import base
from bn_analysis.report.pages.leadership import sensitivity, verdict
from bn_analysis.study.study import open_study

MORE = {"vi": "Khi có thêm số liệu công bố hằng tháng", "en": "As more monthly figures are published"}
ENDED = {"vi": "Sau tháng 6/2025 không còn số liệu của Bắc Giang", "en": "After June 2025 there are no figures"}


@pytest.fixture(scope="module")
def ended():
    study = open_study("BG", "2025-06", alone=True)
    assert study.verdict.phase == "not_enough_data"
    return study


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_says_something_and_what_is_missing_once(ended, language):
    parts = [verdict.why(ended, language), verdict.flip(ended, language), sensitivity.other_choices(ended, language)]
    page = "".join(part.html for part in parts)
    assert all(part.html.strip() for part in parts)
    assert page.count(ENDED[language]) == 1 and MORE[language] not in page
    assert len({sentence for part in parts for sentence in part.data["sentence"]}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_figures_still_come_the_page_waits_for_them(ended, language):
    earlier = replace(ended, parameters=replace(ended.parameters, period="2024-06"))
    assert MORE[language] in verdict.flip(earlier, language).html


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("2024", "2024", "2024"),
        ("2022-01…2022-12", "2022", "2022"),
        ("2019-08…2020-07", "8/2019–7/2020", "Aug 2019–Jul 2020"),
    ],
)
def test_the_base_of_an_index_is_written_as_months_are(text, vi, en):
    assert (base(text, "vi"), base(text, "en")) == (vi, en)

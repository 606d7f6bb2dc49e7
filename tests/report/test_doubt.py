"""A call that stands although a new fall is as likely as not is worded as such wherever the verdict is named."""

from dataclasses import replace

import pytest

from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.cycle.calibrated_probability import proof
from bn_analysis.cycle.phases import DOUBT
from bn_analysis.report.explorer.view import Choice, View
from bn_analysis.report.language.verdict_words import phase_words, recorded_answer
from bn_analysis.report.pages.leadership.trust import stands_on
from bn_analysis.report.pages.leadership.verdict import verdict_card
from bn_analysis.report.pages.study_charts import verdict_title
from bn_analysis.study.study import Study, open_study

DOUBTFUL = {"vi": "chưa chắc", "en": "in doubt"}


@pytest.fixture(scope="module")
def study() -> Study:
    """Bắc Ninh in June 2025, as if the call stood with a probability of 0.3."""
    found = open_study("BN", "2025-06", alone=True)
    verdict = replace(found.verdict, phase="bottomed_out", probability=0.3, reasons=("new_fall_possible",))
    return replace(found, verdict=verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_standing_call_below_one_half_is_worded_as_such_everywhere(study: Study, language) -> None:
    assert study.verdict.doubtful and study.verdict.probability < DOUBT
    record = {
        "territory": "BN", "period": "2025-06", "phase": "bottomed_out", "probability": 0.3,
        "verdict": study.verdict.to_dict(),
    }  # fmt: skip
    said = [
        verdict_card(study, language).html,
        recorded_answer(record, language),
        phase_words("bottomed_out", 0.3, language),
    ]
    assert all(DOUBTFUL[language] in text for text in said)
    assert 'class="verdict doubtful"' in said[0]
    assert {"vi": "có thể đang giảm trở lại", "en": "may be falling again"}[language] in verdict_title(study, language)
    explored = View(Choice("BN", language=language), study).card(study).html
    assert {"vi": "giảm trở lại", "en": "falling again"}[language] in explored


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_peak_that_may_be_regained_is_a_probability_and_not_flatly_missed(study: Study, language) -> None:
    open_ = replace(study, verdict=replace(study.verdict, probability=0.95, regained=0.42, reasons=()))
    card = verdict_card(open_, language)
    assert "42%" in card.html
    assert {"vi": "chưa chắc đã lấy lại đỉnh cũ", "en": "not surely back"}[language] in card.html
    missed = replace(study, verdict=replace(open_.verdict, regained=0.02))
    assert {"vi": "chưa lấy lại đỉnh cũ", "en": "earlier peak not regained"}[language] in verdict_card(
        missed, language
    ).html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_below_seven_in_ten_is_worded_with_reserve(study: Study, language) -> None:
    leaning = replace(study, verdict=replace(study.verdict, probability=0.6, reasons=()))
    said = [verdict_card(leaning, language).html, phase_words("bottomed_out", 0.6, language)]
    word = {"vi": "hiêng về", "en": "ore likely out of the bottom than not"}[language]
    assert all(word in text for text in said)
    assert 'class="verdict leaning"' in said[0] and not leaning.verdict.sure
    assert {"vi": "nghiêng về", "en": "more likely"}[language] in verdict_title(leaning, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_such_a_probability_has_meant_stands_below_with_every_step_of_the_proof(study: Study, language) -> None:
    part = stands_on(replace(study, verdict=replace(study.verdict, probability=0.97)), language)
    assert not part.data.isna().to_numpy().any() and len(part.data) == len(proof()["reliability"])
    assert {"vi": "90–100%", "en": "90–100%"}[language] in part.html

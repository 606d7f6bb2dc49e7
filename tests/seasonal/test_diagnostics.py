"""Diagnostics are graded by published thresholds, and every grade can be put into words."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.errors import InputError
from bn_analysis.seasonal import adjust, stability
from bn_analysis.seasonal.diagnostics import grade, trading_day_p
from bn_analysis.seasonal.meanings import MEANINGS
from bn_analysis.seasonal.result import SeasonalAdjustment

from .simulated import production


@pytest.fixture(scope="module")
def adjusted() -> SeasonalAdjustment:
    return adjust(production(120))


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("m7", 1.0, "good"), ("m7", 1.1, "uncertain"), ("m7", 1.3, "bad"), ("q", 0.9, "good"), ("q_m2", 1.21, "bad"),
        ("qs_adjusted_p", 0.05, "good"), ("qs_adjusted_p", 0.04, "uncertain"), ("qs_irregular_8y_p", 0.001, "bad"),
        ("stable_seasonality_p", 0.001, "good"), ("stable_seasonality_p", 0.005, "uncertain"),
        ("stable_seasonality_p", 0.5, "bad"),
        ("residual_seasonality_p", 0.2, "good"), ("residual_trading_day_p", 0.003, "bad"),
        ("outlier_share", 0.03, "good"), ("outlier_share", 0.04, "uncertain"), ("outlier_share", 0.06, "bad"),
        ("spans_seasonal", 0.15, "good"), ("spans_seasonal", 0.26, "bad"), ("spans_changes", 0.38, "uncertain"),
    ],
)  # fmt: skip
def test_thresholds_are_those_published(code: str, value: float, expected: str) -> None:
    found = grade(code, value)
    assert found is not None
    assert found[0] == expected
    assert found[1]


@pytest.mark.parametrize("code", ["aicc", "kurtosis", "ljung_box_failures", "qs_adjusted", "qs_original_p"])
def test_numbers_without_published_thresholds_are_not_graded(code: str) -> None:
    assert grade(code, 1.0) is None


def test_every_family_has_a_sentence_for_every_grade_in_both_languages() -> None:
    for family, sentences in MEANINGS.items():
        # A peak in a spectrum is a warning at most.
        assert set(sentences) == {"good", "uncertain"} | ({"bad"} if family != "peaks" else set())
        for vietnamese, english in sentences.values():
            assert vietnamese.endswith(".") and english.endswith(".") and vietnamese != english


def test_every_grade_names_what_was_looked_at(adjusted: SeasonalAdjustment) -> None:
    sentences = [text for found in adjusted.grades for text in (found.meaning_vi, found.meaning_en)]
    assert len(set(sentences)) == len(sentences)
    assert all(": " in sentence for sentence in sentences)


def test_a_clean_series_gets_good_grades(adjusted: SeasonalAdjustment) -> None:
    table = adjusted.grade_table().set_index("code")
    assert {"m1", "m7", "m11", "q", "qs_adjusted_p", "qs_irregular_8y_p", "residual_seasonality_p"} <= set(table.index)
    assert table.loc["stable_seasonality_p", "grade"] == "good"
    assert table.loc["qs_adjusted_p", "grade"] == "good"
    assert table.loc["residual_seasonality_p", "grade"] == "good"
    assert table.notna().all(axis=None)


def test_the_span_of_a_test_is_known(adjusted: SeasonalAdjustment) -> None:
    spans = adjusted.grade_table().set_index("code")["span"]
    assert spans["qs_adjusted_p"] == "2012-01…2021-12"
    assert spans["qs_adjusted_8y_p"] == "2014-01…2021-12"
    assert spans["residual_trading_day_p"] == "2014-01…2021-12"


def test_trading_days_left_in_are_seen() -> None:
    months = pd.period_range("2010-01", periods=120, freq="M")
    rng = np.random.default_rng(2)
    noise = 0.005 * rng.standard_normal(120)
    sundays = np.array([sum(day.weekday() == 6 for day in pd.date_range(m.start_time, m.end_time)) for m in months])
    clean = pd.Series(np.exp(4.6 + noise), index=months)
    felt = pd.Series(np.exp(4.6 + noise - 0.02 * sundays), index=months)
    assert trading_day_p(felt, logs=True) < 1e-6
    assert trading_day_p(clean, logs=True) > 0.01


def test_the_history_tells_what_was_revised(adjusted: SeasonalAdjustment) -> None:
    found = stability(adjusted, months=12)
    assert len(found.revisions) == 12
    assert found.revisions["revision_pct"].to_numpy() == pytest.approx(
        ((found.revisions["latest"] / found.revisions["first"] - 1) * 100).to_numpy()
    )
    assert 0 < found.numbers["revision"] < 5
    latest = adjusted.seasonally_adjusted[found.revisions.index]
    assert np.abs(found.revisions["latest"] / latest - 1).max() < 1e-4


def test_stability_is_a_test_of_x13(adjusted: SeasonalAdjustment) -> None:
    with pytest.raises(InputError, match="stl"):
        stability(adjust(production(96), method="stl"))

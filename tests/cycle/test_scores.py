"""Scores: delays with the publication lag, calls taken back, misses, Brier score and reliability."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cycle import score, turning_points
from bn_analysis.cycle.replay.scores import reliability, true_phase
from bn_analysis.cycle.turning_points import TurningPoints

from .simulated import path

SERIES = path([(48, 0.5), (12, -1.0), (40, 0.5)], noise=0)  # peak 2008-12, trough 2009-12


@pytest.fixture(scope="module")
def dates() -> TurningPoints:
    return turning_points(SERIES)


def told(phases: dict[str, str], first: str = "2008-06", last: str = "2011-06") -> pd.DataFrame:
    """A replay in which the phase changes at the given last periods; the trough is named as 2009-11."""
    months = pd.period_range(first, last, freq="M")
    phase = pd.Series(phases).reindex([str(month) for month in months]).ffill().bfill()
    up = phase.isin(["bottomed_out", "expansion"]).to_numpy()
    return pd.DataFrame(
        {
            "vintage": [str(month + 1) for month in months],
            "last_period": phase.index,
            "probability": np.where(up, 0.9, 0.2),
            "phase": phase.to_numpy(),
            "trough": np.where(up, "2009-11", None),
        }
    )


def test_the_delay_counts_to_the_vintage_of_the_call(dates: TurningPoints) -> None:
    result = score(told({"2008-06": "expansion", "2009-03": "contraction", "2010-03": "bottomed_out"}), dates)
    assert result.troughs.to_dict("records") == [
        {"trough": "2009-12", "called": "2010-04", "delay": 4, "dated": "2009-11", "date_error": -1, "seen": True}
    ]
    assert result.false_calls == ()
    assert result.missed == 0
    assert result.mean_delay == 4


def test_a_call_taken_back_counts_from_the_one_that_stood(dates: TurningPoints) -> None:
    phases = {"2009-02": "contraction", "2010-02": "bottomed_out", "2010-04": "contraction", "2010-06": "bottomed_out"}
    assert score(told(phases), dates).troughs["delay"].tolist() == [7]


def test_a_call_during_the_fall_that_is_taken_back_is_false(dates: TurningPoints) -> None:
    phases = {"2009-02": "contraction", "2009-05": "bottomed_out", "2009-07": "contraction", "2010-02": "bottomed_out"}
    assert score(told(phases), dates).false_calls == ("2009-06",)


def test_an_early_call_that_stands_is_early_but_not_false(dates: TurningPoints) -> None:
    result = score(told({"2009-02": "contraction", "2009-11": "bottomed_out"}), dates)
    assert result.false_calls == ()
    assert result.troughs["delay"].tolist() == [2]


def test_a_trough_never_called_is_missed(dates: TurningPoints) -> None:
    result = score(told({"2009-02": "contraction"}), dates)
    assert result.missed == 1
    assert np.isnan(result.mean_delay)


def test_a_fall_the_phase_slept_through_is_said(dates: TurningPoints) -> None:
    assert score(told({"2008-06": "expansion"}), dates).troughs["seen"].tolist() == [False]


def test_brier_score_and_base_are_those_of_the_formula(dates: TurningPoints) -> None:
    result = score(told({"2008-06": "expansion", "2009-03": "contraction", "2010-03": "bottomed_out"}), dates)
    # Wrong sides: 2009-01 and 2009-02 still up, 2010-01 and 2010-02 still down.
    n = len(result.cases)
    expected = (2 * 0.9**2 + 10 * 0.2**2 + 2 * 0.8**2 + (n - 14) * 0.1**2) / n
    assert result.brier == pytest.approx(expected)
    share = result.cases["rising"].mean()
    assert result.base == pytest.approx(share * (1 - share))


def test_the_true_phase_ends_with_the_turn_and_where_it_is_not_settled(dates: TurningPoints) -> None:
    months = pd.PeriodIndex(["2008-12", "2009-01", "2009-12", "2010-01", "2013-01"], freq="M")
    phases = true_phase(dates, months)
    assert np.isnan(phases[[0, 4]]).all()
    assert phases[1:4].tolist() == [0, 0, 1]


def test_a_probability_drawn_as_it_says_is_reliable() -> None:
    rng = np.random.default_rng(0)
    probability = rng.random(40000)
    rising = (rng.random(40000) < probability).astype(float)
    table = reliability(pd.DataFrame({"probability": probability, "rising": rising}))
    assert table["cases"].sum() == 40000
    assert len(table) == 10
    # Four standard errors of a share of 4,000.
    assert (table["probability"] - table["share"]).abs().max() < 0.032


def test_months_without_a_verdict_are_left_out(dates: TurningPoints) -> None:
    replayed = told({"2009-02": "contraction", "2010-02": "bottomed_out"})
    silent = replayed.assign(phase="not_enough_data", probability=None, trough=None).iloc[:3]
    both = pd.concat([silent, replayed.iloc[3:]])
    pd.testing.assert_frame_equal(score(both, dates).troughs, score(replayed.iloc[3:], dates).troughs)

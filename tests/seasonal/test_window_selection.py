"""The short search for Tết windows finds what X-13 finds over the whole grid."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.seasonal import adjust
from bn_analysis.seasonal.tet.likelihood import predicted_aicc
from bn_analysis.seasonal.tet.window_selection import (
    CONFIRMED,
    MINIMUM_GAIN,
    add_windows,
    choose,
    ranked,
    rests_on_one_year,
    score_by_x13,
)
from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS, window_grid
from bn_analysis.seasonal.x13 import run as running
from bn_analysis.seasonal.x13.run import X13Result, run, run_many
from bn_analysis.seasonal.x13.specification import Specification, months_of

from .simulated import production

MODELS = ("(0 1 1)(0 1 1)", "(2 1 0)(1 0 0)", "(1 0 1)(0 1 1)")
PREDICTION_ERROR = MINIMUM_GAIN / 3
"""AICC by which a prediction may miss X-13 among the four best choices, well within the lead that decides between them:
X-13 estimates the ARMA coefficients anew, which gains up to 1.1 where the model does not fit the season."""


def given(arima: str) -> Specification:
    return Specification(transform="log", variables=("td1coef", "ls2016.Jun"), aictest=(), outliers=(), arima=arima)


def over_the_whole_grid(series: pd.Series, spec: Specification) -> pd.DataFrame:
    grid = window_grid(len(series))
    answers = run_many((add_windows(spec, windows, months_of(series)), series) for windows in grid)
    return ranked(grid, [one.number("aicc") if isinstance(one, X13Result) else float("nan") for one in answers])


@pytest.mark.parametrize("arima", MODELS)
@pytest.mark.parametrize("tet", [True, False])
def test_the_best_windows_are_those_of_the_whole_grid(arima: str, tet: bool) -> None:
    series = production(tet=tet)
    short, whole = score_by_x13(series, given(arima)), over_the_whole_grid(series, given(arima))
    assert len(short) <= CONFIRMED + 2 < len(whole)
    assert choose(short) == choose(whole)
    pd.testing.assert_frame_equal(short.head(4), whole.head(4))


@pytest.mark.parametrize("arima", MODELS)
def test_the_likelihood_predicts_what_x13_finds(arima: str) -> None:
    series = production()
    spec = given(arima).with_(linear=True)
    result = run(add_windows(spec, DEFAULT_WINDOWS, months_of(series)), series)
    whole = over_the_whole_grid(series, spec)
    predicted = dict(zip(window_grid(len(series)), predicted_aicc(result, window_grid(len(series))), strict=True))
    missed = [predicted[choice] - aicc for choice, aicc in zip(whole["choice"], whole["aicc"], strict=True)]
    constant = predicted[DEFAULT_WINDOWS] - result.number("aicc")
    assert np.abs(np.array(missed[:4]) - constant).max() < PREDICTION_ERROR


def test_a_search_starts_the_program_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = []
    together = running.run_programs
    monkeypatch.setattr(running, "run_programs", lambda *asked: starts.append(len(asked[0])) or together(*asked))
    monkeypatch.setattr(running, "run_program", lambda *_: pytest.fail("none had to be run alone"))
    score_by_x13(production(), given(MODELS[0]))
    assert starts == [2, CONFIRMED]


def test_a_series_with_a_gap_is_scored_over_the_whole_grid() -> None:
    series = production()
    series.iloc[70] = np.nan
    assert len(score_by_x13(series, given(MODELS[0]))) == len(window_grid(len(series)))


def test_one_wild_february_is_no_holiday() -> None:
    wild = production(tet=False)
    wild[pd.Period("2015-02", "M")] *= 0.8
    windows = choose(score_by_x13(wild, given(MODELS[0])))
    assert windows  # it would have won
    assert rests_on_one_year(wild, given(MODELS[0]), windows)
    assert not adjust(wild, "x13", jobs=1).tet.windows


def test_a_true_holiday_outlives_any_one_year() -> None:
    true = production()
    windows = choose(score_by_x13(true, given(MODELS[0])))
    assert windows and not rests_on_one_year(true, given(MODELS[0]), windows)
    assert not rests_on_one_year(true.iloc[-60:], given(MODELS[0]), DEFAULT_WINDOWS)  # too short to be asked

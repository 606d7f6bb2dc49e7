"""A series and the grid of Tết windows → the windows AICC prefers, with the score of the best choices."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pandas as pd

from bn_analysis.seasonal.tet.effect import SCORE_COLUMNS
from bn_analysis.seasonal.tet.likelihood import least_gain_without_a_year, most_promising
from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS, GRID_MONTHS, Windows, label, tet_regressors, window_grid
from bn_analysis.seasonal.tet.working_days import working_days
from bn_analysis.seasonal.x13.run import X13RefusedError, X13Result, run_many
from bn_analysis.seasonal.x13.specification import Specification, months_of

MINIMUM_GAIN = 7.0
"""AICC the best windows must gain over none. The best of 42 is ahead by chance: in 2,400 simulated airline series
without Tết, of 84 to 240 months, 98 % gained less than 6.3 to 7.7 (python -m bench.tet_of_one_year)."""

MONTHS_AHEAD = 84
"""Months a regressor reaches beyond the series: three years of simulated future, and forecasts behind them."""


CONFIRMED = 8
"""Choices of the grid, besides none and the default, whose score X-13 confirms. On 68 spans of European
series, 9 vintages of the national index and 6 industries the four best of the whole grid were always among them."""


def add_windows(spec: Specification, windows: Windows, months: pd.PeriodIndex) -> Specification:
    """A specification with Tết windows as user regressors of ``usertype=holiday``, ahead of those it already has."""
    if not windows:
        return spec
    return add_regressors(spec, tet_regressors(windows, covered_months(months)), "holiday")


def add_working_days(spec: Specification, months: pd.PeriodIndex) -> Specification:
    """A specification with the working days of Viet Nam as user regressor of ``usertype=td``."""
    return add_regressors(spec, working_days(covered_months(months)).to_frame(), "td")


def add_regressors(spec: Specification, columns: pd.DataFrame, usertype: str) -> Specification:
    """A specification with more user regressors of one ``usertype``, ahead of those it already has."""
    joined = columns if spec.regressors is None else columns.join(spec.regressors)
    return spec.with_(regressors=joined, usertypes=(usertype,) * columns.shape[1] + spec.usertypes)


def covered_months(months: pd.PeriodIndex) -> pd.PeriodIndex:
    """Months a user regressor is made for: those of the series and `MONTHS_AHEAD` more."""
    return pd.period_range(months[0], months[-1] + MONTHS_AHEAD, freq="M")


def choose(scores: pd.DataFrame, minimum_gain: float = MINIMUM_GAIN) -> Windows:
    """Windows with the best score, where the lead is too large for chance.

    A choice must lead by `minimum_gain` twice: over no window, or there is none; and over the default windows, or those
    are taken. Tết falls into few places of the calendar, so neighbouring windows score alike, and a choice that jumps
    between them from month to month would revise the past for nothing.

    Parameters
    ----------
    scores : pandas.DataFrame
        As `score_by_x13` gives them.
    minimum_gain : float
        Lead in AICC.
    """
    if scores.empty:  # a series of steps, or one that does not move: nothing tells one window from another
        return ()
    gains = dict(zip(scores["choice"], scores["gain"], strict=True))
    best = scores["choice"].iloc[0]
    if gains[best] < minimum_gain:
        return ()
    usual = gains.get(DEFAULT_WINDOWS, float("-inf"))
    return DEFAULT_WINDOWS if gains[best] - usual < minimum_gain <= usual else best


def rests_on_one_year(series: pd.Series, given: Specification, windows: Windows) -> bool:
    """Whether windows win by one wild January or February alone, in a series long enough to tell.

    One January or February that is 15 % too low wins windows in 55 to 76 % of simulated series of 84 to 240 months and
    keeps them without any one year in 10 to 13 %; a Tết of 15 % keeps them in all, one of 5 % in 99.5 %. Shorter series
    are not asked: of 36 months a Tết of 15 % would keep them in 22 % only (python -m bench.tet_of_one_year).

    Parameters
    ----------
    series : pandas.Series
        Monthly, as for X-13.
    given : Specification
        Everything identified, without Tết windows.
    windows : sequence of Window
        The windows that won.
    """
    if not windows or len(series) < GRID_MONTHS or series.isna().any():
        return False
    (found,) = _runs(series, given.with_(linear=True), (windows,), jobs=1).values()
    if not isinstance(found, X13Result):
        return False
    try:
        return least_gain_without_a_year(found, windows) <= 0
    except np.linalg.LinAlgError:  # a model on the edge of stationarity tells nothing
        return False


def score_by_x13(series: pd.Series, given: Specification, jobs: int = 1) -> pd.DataFrame:
    """AICC of the best choices of windows with transform, ARIMA model, calendar and outliers held fixed.

    X-13 scores no window and the default windows; from one of these runs the likelihood predicts the score of every
    choice of the grid, and X-13 confirms the `CONFIRMED` best. Series with gaps are scored over the whole grid.

    Parameters
    ----------
    series : pandas.Series
        Monthly, as for X-13.
    given : Specification
        Everything identified, without Tết windows.
    jobs : int
        Programs at work at once.

    Returns
    -------
    pandas.DataFrame
        ``windows, aicc, gain, choice``, best first; ``gain`` is the AICC of no window less that of the choice. Choices
        X-13 cannot estimate are left out.
    """
    grid = window_grid(len(series))
    usual = _runs(series, given.with_(linear=True), ((), DEFAULT_WINDOWS), jobs)
    others = [choice for choice in grid if choice not in usual]
    reference = next((one for one in reversed(usual.values()) if isinstance(one, X13Result)), None)
    if len(others) > CONFIRMED and reference is not None and not series.isna().any():
        with suppress(np.linalg.LinAlgError, ValueError):  # a model on the edge of stationarity: the whole grid then
            others = most_promising(reference, others, CONFIRMED)
    found = usual | _runs(series, given, others, jobs)
    scored = [choice for choice in grid if choice in found]
    answers = (found[choice] for choice in scored)
    return ranked(scored, [one.number("aicc") if isinstance(one, X13Result) else float("nan") for one in answers])


def _runs(
    series: pd.Series, given: Specification, choices: Sequence[Windows], jobs: int
) -> dict[Windows, X13Result | X13RefusedError]:
    """X-13's answer to each choice of windows, of which only the model is looked at."""
    spare = given.with_(adjusted_only=True)
    tasks = ((add_windows(spare, windows, months_of(series)), series) for windows in choices)
    return dict(zip(choices, run_many(tasks, jobs=jobs), strict=True))


def ranked(grid: Sequence[Windows], values: Sequence[float]) -> pd.DataFrame:
    """Choices of windows (the first: none) and their AICC as a table; columns and order as `score_by_x13`."""
    table = pd.DataFrame({"windows": [label(w) for w in grid], "aicc": values, "choice": list(grid)})
    table["gain"] = values[0] - table["aicc"]
    best_first = table.dropna(subset="aicc").sort_values("aicc", kind="stable", ignore_index=True)
    return best_first[list(SCORE_COLUMNS)]

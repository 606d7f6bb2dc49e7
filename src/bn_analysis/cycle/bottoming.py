"""Turns draws of an adjusted index into a verdict: how surely the trough has passed, when, which phase stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from bn_analysis.cleaning.monthly_series import check_index
from bn_analysis.cycle.calibrated_probability import Source, calibrated
from bn_analysis.cycle.data_sufficiency import MIN_MONTHS, shortcomings
from bn_analysis.cycle.paths.ensemble import Ensemble, build, evidence, read
from bn_analysis.cycle.paths.revision_model import revision_draws
from bn_analysis.cycle.phases import LOOK_BACK, RISING, Phase, standing_phase, thresholds
from bn_analysis.cycle.verdict import Bottoming, from_reading, not_enough
from bn_analysis.errors import InputError

N_PATHS = 2000
"""Simulated paths behind a verdict: each of its draws continued twice."""
# Search range of the flip, in per cent a month, and how closely it is found.
FLIP_RANGE = 15.0
FLIP_STEPS = 8


def bottoming(
    draws: pd.Series | pd.DataFrame,
    *,
    at: pd.Period | str | None = None,
    observed_until: pd.Period | str | None = None,
    withheld: str = "",
    previous: Phase | None = None,
    source: Source | None = None,
    seed: int = 0,
    n_paths: int = N_PATHS,
    flip: bool = True,
) -> Bottoming:
    """Judge whether the trough of the latest fall has passed, and how surely.

    Every draw of the past is continued by 12 months of a growth model fitted to the data up to the last month, dated
    by the Bry–Boschan rules, and asked for its phase in month `at`; the share of paths that rise, with the shares that
    rose over the last half-year and quarter where figures are few, calibrated on history, is the probability.

    Parameters
    ----------
    draws : Series or DataFrame
        Adjusted levels, index units, monthly PeriodIndex: one series (draws are made of it that spread its newest
        months as adjusted series are usually revised), or one column a draw (index and adjustment uncertainty).
    at : Period or str, optional
        Month judged; the last month by default. Later months then serve as hindsight.
    observed_until : Period or str, optional
        Last month with real data; months after it are set aside.
    withheld : str
        A reason code where an earlier step found the figures too few: the verdict is not_enough_data.
    previous : Phase, optional
        Phase announced the month before (a replay knows it). Without it the months before `at` are judged, back to one
        that decides by itself.
    source : {"levels", "figures"}, optional
        What the draws rest on, and so what their shares have meant on history: complete levels, or an index estimated
        from printed figures. By default one series is taken for levels, a table of draws for figures.
    seed : int
        Seed of the simulation: the same input gives the same verdict.
    n_paths : int
        Number of simulated paths.
    flip : bool
        Whether to search for `flip_change`, the costliest part.

    Returns
    -------
    Bottoming

    Raises
    ------
    InputError
        Not a monthly series or table of numbers, or `at` outside it.

    Notes
    -----
    Dating: Bry & Boschan (1971). Probability of a phase from simulated, dated paths: Harding & Pagan (2002) turned to
    real time. Series that are too short, constant, not positive, full of holes or broken by an impossible jump give
    phase not_enough_data with the reason, and no probability.
    """
    table = _table(draws, observed_until)
    month = _month(at, table.index)
    reasons = shortcomings(table, month, withheld)
    if reasons:
        return not_enough(month, reasons)
    logs = 100 * np.log(table.to_numpy(dtype=float).T)
    position = (month - table.index[0]).n
    draw = Drawer(source or ("levels" if table.shape[1] == 1 else "figures"), seed)
    if previous is None:
        previous = _run_up(logs, position, draw, n_paths)
    result = judge_ensemble(draw(logs, n_paths), table.index[-1], month, previous)
    if flip and position == len(table) - 1:
        result = replace(result, flip_change=_flip_change(logs, result, draw, n_paths))
    return result


@dataclass(frozen=True, slots=True)
class Drawer:
    """Makes ensembles of draws up to any month, always by the same seed."""

    source: Source
    seed: int

    def __call__(self, logs: NDArray[np.float64], n_paths: int) -> Ensemble:
        """From 100 × log levels, one row a draw; a single row is spread by what revisions may leave of it."""
        past = revision_draws(logs[0], n_paths, np.random.default_rng(self.seed)) if len(logs) == 1 else logs
        return build(past, n_paths, np.random.default_rng(self.seed), self.source)

    def chance(self, logs: NDArray[np.float64], n_paths: int) -> float:
        """Calibrated probability for the last month of the draws."""
        ensemble = self(logs, n_paths)
        here = ensemble.observed - 1
        return calibrated(evidence(read(ensemble, here), ensemble, here), self.source)


def judge_ensemble(ensemble: Ensemble, last: pd.Period, month: pd.Period, previous: Phase | None) -> Bottoming:
    """Verdict on `month` from an ensemble whose past ends in `last`."""
    start = last - ensemble.observed + 1
    return from_reading(read(ensemble, (month - start).n), ensemble, start, month, previous)


def _table(draws: pd.Series | pd.DataFrame, observed_until: pd.Period | str | None) -> pd.DataFrame:
    """The draws as a table without empty months at either end; holes inside are left for the verdict to name."""
    if isinstance(draws, pd.Series):
        draws = draws.to_frame()
    if not isinstance(draws, pd.DataFrame) or draws.shape[1] == 0:
        raise InputError(f"bottoming: found {type(draws).__name__}, expected a Series, or a table with a column a draw")
    check_index(draws.index, "bottoming")
    if observed_until is not None:
        draws = draws.loc[: _period(observed_until, "observed_until")]
    numeric = all(is_numeric_dtype(kind) for kind in draws.dtypes.unique())  # a column at a time takes long
    numbers = (draws if numeric else draws.apply(pd.to_numeric, errors="coerce")).astype(float)
    wrong = ((numbers.isna() & draws.notna()) | np.isinf(numbers)).any(axis=1)
    if wrong.any():
        raise InputError(f"bottoming: {wrong.idxmax()} holds a value that is not a finite number: correct it")
    present = numbers.notna().all(axis=1)
    if not present.any():
        raise InputError("bottoming: no month holds a value in every draw, expected adjusted index levels")
    return numbers.loc[present.idxmax() : present[::-1].idxmax()]


def _period(value: pd.Period | str, name: str) -> pd.Period:
    try:
        return pd.Period(value, freq="M")
    except ValueError as error:
        raise InputError(f"bottoming: {name}={value!r}, expected a month such as 2024-03") from error


def _month(at: pd.Period | str | None, index: pd.Index) -> pd.Period:
    if at is None:
        return pd.Period(index[-1])
    month = _period(at, "at")
    if not index[0] <= month <= index[-1]:
        raise InputError(f"bottoming: at={month}, expected a month from {index[0]} to {index[-1]}")
    return month


def _run_up(logs: NDArray[np.float64], position: int, draw: Drawer, n_paths: int) -> Phase:
    """Phase that stood one month before `position`, from the same draws up to each of the months before."""
    paths = max(n_paths // 4, 250)
    first = max(position - LOOK_BACK, MIN_MONTHS - 1)
    chances = (draw.chance(logs[:, : month + 1], paths) for month in range(position - 1, first - 1, -1))
    return standing_phase(chain(chances, [None] if position - first < LOOK_BACK else []), draw.source)


def _flip_change(logs: NDArray[np.float64], result: Bottoming, draw: Drawer, n_paths: int) -> float | None:
    """Adjusted change next month, per cent, at which the verdict changes sides; None where none within the range."""
    up = result.phase in RISING
    call, keep = thresholds(draw.source)
    threshold = keep if up else call

    def stays(change: float) -> bool:
        longer = np.column_stack([logs, logs[:, -1] + 100 * np.log1p(change / 100)])
        return (draw.chance(longer, max(n_paths // 2, 250)) >= threshold) == up

    # From a change that leaves the verdict as it is towards one that turns it.
    inner, outer = (FLIP_RANGE, -FLIP_RANGE) if up else (-FLIP_RANGE, FLIP_RANGE)
    if stays(outer) or not stays(inner):
        return None
    for _ in range(FLIP_STEPS):
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if stays(middle) else (inner, middle)
    return round((inner + outer) / 2, 1)

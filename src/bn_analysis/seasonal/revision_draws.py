"""A fixed specification → draws of the adjusted level: of an uncertain index, and of the months still to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.linalg import toeplitz

from bn_analysis.errors import InputError
from bn_analysis.seasonal.result import SeasonalAdjustment
from bn_analysis.seasonal.x13.arma import arma2ma
from bn_analysis.seasonal.x13.output import read_arma, read_table
from bn_analysis.seasonal.x13.run import X13Result, run, run_many
from bn_analysis.seasonal.x13.specification import ADJUSTED_TABLE, LONGEST_SERIES, Specification, months_of

if TYPE_CHECKING:  # whoever adjusts a plain series need not load the index room
    from bn_analysis.index.result import IndexEstimate

HORIZON = 36
"""Months after which an X-11 adjustment hardly moves any more (Ladiray & Quenneville 2001, ch. 3)."""

FUTURES = 48
"""Simulated futures behind the covariance of the revisions."""

WIDENING = 1.35
"""Factor on simulated revisions: they know nothing of new outliers, of a model identified anew or of shocks with fat
tails. Root mean square of (revision ÷ simulated standard deviation) over 17 European series adjusted as of 2010 and
2015 and again, identified anew, four years later; checked on the 17 others in bench/bench_seasonal.py."""

INDEX_DRAWS = 60
"""Draws of an uncertain index that are adjusted one by one."""

WORKERS = 2
"""X-13 programs at work at once."""


@dataclass(frozen=True, slots=True, eq=False)
class FixedSampler:
    """An adjusted series without known uncertainty: every draw is the series itself."""

    adjusted: pd.Series

    def __call__(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n, all columns alike."""
        return _frame(np.repeat(self.adjusted.to_numpy()[:, None], _checked(n), axis=1), self.adjusted.index)


@dataclass(frozen=True, slots=True, eq=False)
class RevisionSampler:
    """Revisions the adjusted past has still to expect, simulated from the regARIMA model.

    The future is drawn from the model, the series prolonged by it and adjusted again with the same specification; what
    that does to the past is the revision. Centred, since X-13 already adjusts with the expected future. `FUTURES` such
    revisions give a covariance from which any number of draws is taken.
    """

    series: pd.Series
    given: Specification
    adjusted: pd.Series

    def __call__(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n adjusted levels."""
        rng = np.random.default_rng(seed)
        spread = simulate_revisions(self.series, self.given, rng)
        logs = self.given.transform == "log"
        level = self.adjusted.to_numpy()[:, None]
        weights = rng.standard_normal((spread.shape[1], _checked(n))) * WIDENING / np.sqrt(spread.shape[1] - 1)
        noise = spread @ weights
        return _frame(level * np.exp(noise) if logs else level + noise, self.adjusted.index)


@dataclass(frozen=True, slots=True, eq=False)
class EnsembleSampler:
    """Draws of an uncertain index adjusted with the specification fixed, joined with the revisions to expect.

    At most `INDEX_DRAWS` draws are adjusted; beyond that they are taken in turn, each time with a new revision.
    """

    estimate: IndexEstimate
    revisions: RevisionSampler

    def __call__(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n adjusted levels."""
        revised = self.revisions(n, seed)
        centre = self.revisions.adjusted.to_numpy()[:, None]
        draws = self.estimate.draws(min(n, INDEX_DRAWS), seed).loc[self.revisions.adjusted.index]
        taken = adjust_draws(draws, self.revisions.given).to_numpy()[:, np.arange(n) % draws.shape[1]]
        values = revised.to_numpy()
        logs = self.revisions.given.transform == "log"
        return _frame(taken * values / centre if logs else taken + values - centre, revised.index)


def adjust_draws(
    draws: pd.DataFrame, fixed: SeasonalAdjustment | Specification, *, jobs: int = WORKERS
) -> pd.DataFrame:
    """Adjust several draws of one uncertain series with the specification held fixed.

    Transform, ARIMA orders, calendar, Tết windows and outliers stay; their coefficients are estimated in every draw.

    Parameters
    ----------
    draws : pandas.DataFrame
        Months × n levels, monthly PeriodIndex.
    fixed : SeasonalAdjustment or Specification
        An X-13 adjustment, or a specification with everything given.
    jobs : int
        X-13 programs at work at once.

    Returns
    -------
    pandas.DataFrame
        Months × n adjusted levels.

    Raises
    ------
    InputError
        The adjustment was not made by X-13.
    X13Error
        A draw cannot be adjusted.
    """
    spec = fixed if isinstance(fixed, Specification) else fixed.specification
    if spec is None:
        raise InputError("adjust_draws: the adjustment was not made by X-13; take draws of it by .draws(n, seed)")
    columns = _adjust_columns((draws.iloc[:, i] for i in range(draws.shape[1])), spec, jobs)
    return pd.DataFrame(np.column_stack(columns), index=draws.index, columns=draws.columns)


def simulate_revisions(series: pd.Series, given: Specification, rng: np.random.Generator) -> np.ndarray:
    """Centred revisions of the adjusted series, shape (T, `FUTURES`), in logs where the specification takes logs."""
    months = months_of(series)
    horizon = min(HORIZON, LONGEST_SERIES - len(months))
    spec = given.with_(history=0, slidingspans=False)
    base = run(spec.with_(forecasts=max(horizon, 1)), series)
    forecast = read_table(base.files["fct"])["forecast"].to_numpy()[:horizon]
    logs = given.transform == "log"
    centre = np.log(forecast) if logs else forecast
    shocks = psi_matrix(base, horizon) @ rng.standard_normal((horizon, FUTURES)) * np.sqrt(base.number("variance$mle"))
    ahead = pd.period_range(months[-1] + 1, periods=horizon, freq="M")
    paths = centre[:, None] + shocks
    futures = (pd.concat([series, pd.Series(np.exp(path) if logs else path, index=ahead)]) for path in paths.T)
    adjusted = np.column_stack(_adjust_columns(futures, spec, WORKERS))[: len(months)]
    revised = np.log(adjusted) if logs else adjusted
    return revised - revised.mean(axis=1, keepdims=True)


def psi_matrix(result: X13Result, horizon: int) -> np.ndarray:
    """Lower-triangular matrix (horizon × horizon) from innovations to forecast errors (Box & Jenkins, ch. 5)."""
    ar, ma = read_arma(result.udg)
    season = np.zeros(13)
    season[[0, 12]] = 1.0, -1.0
    for _ in range(int(result.number("nonseasonaldiff"))):
        ar = np.convolve(ar, [1.0, -1.0])
    for _ in range(int(result.number("seasonaldiff"))):
        ar = np.convolve(ar, season)
    return toeplitz(arma2ma(ar, ma, horizon), np.zeros(horizon))


def _adjust_columns(columns: Iterable[pd.Series], spec: Specification, jobs: int) -> list[np.ndarray]:
    spec = spec.with_(history=0, slidingspans=False, adjusted_only=True)
    adjusted = []
    for one in run_many(((spec, column) for column in columns), jobs=jobs):
        if not isinstance(one, X13Result):
            raise one
        adjusted.append(one.values(ADJUSTED_TABLE[spec.method]))
    return adjusted


def _checked(n: int) -> int:
    if n < 1:
        raise InputError(f"draws: n = {n}; ask for at least one draw")
    return n


def _frame(values: np.ndarray, months: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(values, index=months)

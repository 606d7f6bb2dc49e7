"""Turns the last month's surprise into three futures: gone next month (AO), fading (TC) or there to stay (LS)."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bn_analysis.cycle.bry_boschan import date_paths
from bn_analysis.cycle.paths.ensemble import HORIZON, SPAN, Ensemble
from bn_analysis.cycle.paths.growth_model import expected_growth, fit_growth, simulate

Shock = Literal["AO", "TC", "LS"]
SHOCKS: tuple[Shock, ...] = get_args(Shock)
# Share of the surprise that remains k months later: X-13's own rate for a temporary change.
FADING = 0.7


def build_with_shock(past: NDArray[np.float64], n_paths: int, shock: Shock, rng: np.random.Generator) -> Ensemble:
    """Continue and date an ensemble whose last month is taken as an outlier of one kind.

    Parameters
    ----------
    past : array (n_draws, n_months)
        100 × log levels, as for `ensemble.build`.
    n_paths : int
        Number of paths.
    shock : {"AO", "TC", "LS"}
        What becomes of the part of the last change that the months before did not lead to expect.
    rng : Generator
        Source of randomness.

    Notes
    -----
    In the last month of a sample the three are one regressor: no adjustment can tell them apart, only the months to
    come. So the past stays as it is, and the three differ in what they carry into the future.
    """
    past = past[:, -SPAN:]
    model = fit_growth(past[:, :-1].mean(axis=0))
    paths = past[np.arange(n_paths) % past.shape[0]]
    expected = paths[:, -2] + expected_growth(model, paths[:, :-1])
    surprise = paths[:, -1] - expected
    remains = {"AO": np.zeros(HORIZON), "TC": FADING ** np.arange(1, HORIZON + 1), "LS": np.ones(HORIZON)}[shock]
    future = simulate(model, np.column_stack([paths[:, :-1], expected]), HORIZON, rng)
    levels = np.concatenate([paths, future + surprise[:, None] * remains], axis=1)
    return Ensemble(levels, date_paths(levels), past.shape[1], "figures")

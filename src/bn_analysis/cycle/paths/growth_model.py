"""Turns an adjusted series into simulated continuations of its growth: momentum, fat tails and a moving variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bn_analysis.robust import robust_scale

LAGS = 12  # a year of months: what is left of the season and of its correction lies within it
# Student-t degrees of freedom of a monthly surprise, and how its scale moves (score-driven, Harvey 2013):
# one bad month raises the scale by a bounded amount, so a collapse as in 2020 neither breaks nor freezes it.
TAIL = 6.0
SCALE_GAIN = 0.03
SCALE_PERSISTENCE = 0.93
# A past growth counts as a regressor up to this many scales.
CLIP = 4.0
# Prior of the coefficients (constant in % a month, then lags 1 … LAGS): centres near the mean of the fitting half of
# the European panel, spreads about three times as wide as there, so that a long series speaks for itself.
PRIOR_CENTRE = np.array([0.15, -0.30, -0.15, -0.05, 0.0, 0.08, 0.06, 0.05, 0.05, 0.02, 0.01, 0.0, -0.05])
PRIOR_SPREAD = np.concatenate([[0.3], 0.35 / np.sqrt(np.arange(1, LAGS + 1))])
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class GrowthModel:
    """Posterior of the growth equation, growth in log-points × 100 a month.

    Attributes
    ----------
    centre : array (LAGS + 1,)
        Coefficients: constant, lags 1 … LAGS of clipped growth.
    root : array (LAGS + 1, LAGS + 1)
        Square root of their covariance.
    base : float
        Usual log scale of a surprise.
    now : float
        Log scale expected for the next month.
    """

    centre: NDArray[np.float64]
    root: NDArray[np.float64]
    base: float
    now: float

    @property
    def limit(self) -> float:
        """Largest growth that counts as a regressor."""
        return CLIP * float(np.exp(max(self.base, self.now)))


def fit_growth(log_level: NDArray[np.float64]) -> GrowthModel:
    """Fit the growth equation to one path, by reweighted ridge regression.

    Parameters
    ----------
    log_level : array (n,)
        100 × log of the adjusted level, no missing value, at least 2 × LAGS months.
    """
    growth = np.diff(log_level)
    base = float(np.log(max(robust_scale(growth), 1e-3)))
    scales = np.full(growth.size + 1, base)
    target = growth[LAGS:]
    for _ in range(ROUNDS):
        design = _design(growth, scales)
        precision = np.exp(-2 * scales[LAGS:-1])
        residual = target - design @ PRIOR_CENTRE
        for _ in range(ROUNDS):
            weight = precision * (TAIL + 1) / (TAIL + residual**2 * precision)
            centre, root = _ridge(design, target, weight)
            residual = target - design @ centre
        base, recent = _scales(residual, base)
        scales = np.concatenate([np.full(LAGS, base), recent])
    return GrowthModel(centre, root, base, float(scales[-1]))


def _design(growth: NDArray[np.float64], scales: NDArray[np.float64]) -> NDArray[np.float64]:
    limit = CLIP * np.exp(scales[:-1])
    clipped = np.clip(growth, -limit, limit)
    rows = growth.size - LAGS
    lags = [clipped[LAGS - lag : LAGS - lag + rows] for lag in range(1, LAGS + 1)]
    return np.column_stack([np.ones(rows), *lags])


def _ridge(
    design: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Posterior centre and a square root of the posterior covariance."""
    prior = np.diag(PRIOR_SPREAD**-2.0)
    normal = prior + (design.T * weight) @ design
    right = prior @ PRIOR_CENTRE + design.T @ (weight * target)
    return np.linalg.solve(normal, right), np.linalg.inv(np.linalg.cholesky(normal)).T


def _scales(residual: NDArray[np.float64], base: float) -> tuple[float, NDArray[np.float64]]:
    """Log scale of every month and of the next, with the base at which the scores average to zero."""
    squares = (residual**2).tolist()
    for _ in range(2 * ROUNDS):
        log_scale, path, total = base, [base], 0.0
        for square in squares:
            ratio = square * np.exp(-2 * log_scale)
            score = (TAIL + 1) * ratio / (TAIL + ratio) - 1
            total += score
            log_scale = base + SCALE_PERSISTENCE * (log_scale - base) + SCALE_GAIN * score
            path.append(log_scale)
        base += total / len(squares)
    return base, np.array(path)


def expected_growth(model: GrowthModel, log_level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Growth expected for the month after each path, shape (n_paths,); `log_level` as for `simulate`."""
    growth = np.clip(np.diff(log_level[:, -LAGS - 1 :], axis=1), -model.limit, model.limit)
    return model.centre[0] + growth[:, ::-1] @ model.centre[1:]


def simulate(
    model: GrowthModel, log_level: NDArray[np.float64], months: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Continue every path.

    Parameters
    ----------
    model : GrowthModel
        Fitted to the same series.
    log_level : array (n_paths, more than LAGS)
        Past of each path, 100 × log.
    months : int
        Number of months to add.
    rng : Generator
        Source of randomness.

    Returns
    -------
    array (n_paths, months)
        100 × log levels after the last month given.
    """
    n_paths = log_level.shape[0]
    coefficients = model.centre + rng.standard_normal((n_paths, model.centre.size)) @ model.root.T
    shocks = rng.standard_t(TAIL, (months, n_paths))
    growth = np.empty((n_paths, LAGS + months))
    growth[:, :LAGS] = np.clip(np.diff(log_level[:, -LAGS - 1 :], axis=1), -model.limit, model.limit)
    steps = np.empty((n_paths, months))
    log_scale = np.full(n_paths, model.now)
    # Oldest first, as the months stand in `growth`.
    lagged = coefficients[:, :0:-1]
    for month in range(months):
        window = growth[:, month : month + LAGS]
        steps[:, month] = coefficients[:, 0] + (lagged * window).sum(axis=1) + np.exp(log_scale) * shocks[month]
        growth[:, LAGS + month] = np.clip(steps[:, month], -model.limit, model.limit)
        score = (TAIL + 1) * shocks[month] ** 2 / (TAIL + shocks[month] ** 2) - 1
        log_scale = model.base + SCALE_PERSISTENCE * (log_scale - model.base) + SCALE_GAIN * score
    return log_level[:, -1:] + np.cumsum(steps, axis=1)

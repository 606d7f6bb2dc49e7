"""Turns draws of the adjusted past into continued and dated paths, and into what those paths say about one month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bn_analysis.cycle.bry_boschan import MONTHLY, PEAK, TROUGH, date_paths
from bn_analysis.cycle.calibrated_probability import Evidence, Source
from bn_analysis.cycle.paths.growth_model import fit_growth, simulate

# Months simulated ahead. Statements reach at most 12 months; the rest keeps the rules for the end of a sample (end
# values, exempt last cycle) away from the months judged: with 12 the shares come out overconfident on the panel.
HORIZON = 36
REGAIN_MONTHS = 12
RELAPSE_MONTHS = 6
# Months of the past that are modelled and dated: older turns no longer matter for the latest fall.
SPAN = 240
NONE = -1


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Simulated paths and their turning points.

    Attributes
    ----------
    levels : array (n_paths, n_months)
        100 × log levels: the past, then HORIZON months of forecast.
    marks : array of int8 (n_paths, n_months)
        +1 peak, −1 trough.
    observed : int
        Number of months of the past.
    source : {"levels", "figures"}
        What the past was drawn from.
    """

    levels: NDArray[np.float64]
    marks: NDArray[np.int8]
    observed: int
    source: Source


@dataclass(frozen=True, slots=True)
class Reading:
    """What each path says about one month; arrays of shape (n_paths,), positions in months, NONE where absent.

    Attributes
    ----------
    rising : array of bool
        The month lies in an expansion: a trough before it, and no peak since.
    peak, trough : array of int
        Positions of the latest fall: of the one under way, or else of the last one completed.
    low : array of int
        The trough that has passed, or the lowest month of the fall so far: never after the month.
    relapse : array of bool
        Rising, with a peak within RELAPSE_MONTHS.
    regained, regains : array of bool
        Mean levels of three months have reached those around the peak since the low; do so within REGAIN_MONTHS.
    """

    rising: NDArray[np.bool_]
    peak: NDArray[np.int64]
    trough: NDArray[np.int64]
    low: NDArray[np.int64]
    relapse: NDArray[np.bool_]
    regained: NDArray[np.bool_]
    regains: NDArray[np.bool_]


def build(past: NDArray[np.float64], n_paths: int, rng: np.random.Generator, source: Source) -> Ensemble:
    """Continue and date an ensemble.

    Parameters
    ----------
    past : array (n_draws, n_months)
        100 × log levels of the adjusted series, one row a draw (a single row: no uncertainty about the past).
    n_paths : int
        Number of paths; the draws are taken in turn.
    rng : Generator
        Source of randomness.
    source : {"levels", "figures"}
        What the past was drawn from.
    """
    past = past[:, -SPAN:]
    model = fit_growth(past.mean(axis=0))
    paths = past[np.arange(n_paths) % past.shape[0]]
    levels = np.concatenate([paths, simulate(model, paths, HORIZON, rng)], axis=1)
    return Ensemble(levels, date_paths(levels), past.shape[1], source)


def read(ensemble: Ensemble, month: int) -> Reading:
    """Read the phase and the latest fall of every path at position `month` (0 = first month of the ensemble)."""
    marks, levels = ensemble.marks, ensemble.levels
    n_months = marks.shape[1]
    last_peak = _last_before(marks == PEAK, month)
    last_trough = _last_before(marks == TROUGH, month)
    next_peak = _first_from(marks == PEAK, month)
    next_trough = _first_from(marks == TROUGH, month)
    undated = (last_peak == NONE) & (last_trough == NONE)
    # Before the first turn the phase is the one that turn ends; without any turn, the direction of the path. A dip
    # shorter than a phase ends no fall.
    dip = next_trough - _top_before(levels, next_trough) < MONTHLY.phase
    opening = np.where(
        next_trough == next_peak,
        levels[:, -1] >= levels[:, 0],
        ((next_peak != NONE) & _sooner(next_peak, next_trough)) | ((next_trough != NONE) & dip),
    )
    rising = np.where(undated, opening, last_trough > last_peak)
    trough = np.where(rising, last_trough, next_trough)
    peak = np.where(rising, _last_before_each(marks == PEAK, last_trough), last_peak)
    position = np.arange(n_months)
    falling_part = np.where((position >= peak[:, None]) & (position <= month), levels, np.inf)
    low = np.where(rising & (trough != NONE), trough, falling_part.argmin(axis=1))
    means = np.full_like(levels, -np.inf)
    means[:, 1:-1] = (levels[:, :-2] + levels[:, 1:-1] + levels[:, 2:]) / 3
    since = np.where(position > low[:, None], means, -np.inf)
    peak_level = np.where(peak == NONE, -np.inf, three_months(levels, np.maximum(peak, 0), month))
    return Reading(
        rising=rising,
        peak=peak,
        trough=trough,
        low=low,
        relapse=rising & (next_peak != NONE) & (next_peak <= month + RELAPSE_MONTHS),
        regained=rising & (since[:, :month].max(axis=1, initial=-np.inf) >= peak_level),
        regains=since[:, : month + REGAIN_MONTHS].max(axis=1) >= peak_level,
    )


def evidence(reading: Reading, ensemble: Ensemble, month: int) -> Evidence:
    """What the paths say of position `month`, at least 11, in shares of all of them."""
    known = ensemble.levels[:, : month + 1]

    def _above(months: int) -> float:
        last, before = known[:, -months:], known[:, -2 * months : -months]
        return float((last.mean(axis=1) > before.mean(axis=1)).mean())

    return Evidence(float(reading.rising.mean()), _above(6), _above(3))


def three_months(levels: NDArray[np.float64], centres: NDArray[np.int64], last: int) -> NDArray[np.float64]:
    """Mean level around one month of each path, shape (n_paths,): that month and its neighbours, none after `last`.

    One month is never measured against one month: the extremes of a noisy path exaggerate a fall and a recovery alike.
    """
    around = np.clip(centres[:, None] + np.array([-1, 0, 1]), 0, last)
    return levels[np.arange(len(levels))[:, None], around].mean(axis=1)


def _last_before(hits: NDArray[np.bool_], month: int) -> NDArray[np.int64]:
    part = hits[:, :month][:, ::-1]
    return np.where(part.any(axis=1), month - 1 - part.argmax(axis=1), NONE) if month else np.full(len(hits), NONE)


def _first_from(hits: NDArray[np.bool_], month: int) -> NDArray[np.int64]:
    part = hits[:, month:]
    return np.where(part.any(axis=1), month + part.argmax(axis=1), NONE)


def _top_before(levels: NDArray[np.float64], months: NDArray[np.int64]) -> NDArray[np.int64]:
    """Highest month of each path up to its own month."""
    return np.where(np.arange(levels.shape[1]) <= months[:, None], levels, -np.inf).argmax(axis=1)


def _last_before_each(hits: NDArray[np.bool_], months: NDArray[np.int64]) -> NDArray[np.int64]:
    inside = hits & (np.arange(hits.shape[1]) < months[:, None])
    return np.where(inside.any(axis=1), hits.shape[1] - 1 - inside[:, ::-1].argmax(axis=1), NONE)


def _sooner(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (second == NONE) | (first < second)

"""A posterior mode → a better one, by trying the other explanation wherever figures and prior contradict each other.

A wild figure can be read in two ways: it is a misprint, or the level broke and its neighbours are wrong. Reweighting
settles on the reading that it meets first; the other one is tried at every doubtful place and kept if it is likelier.
"""

from collections.abc import Iterator

import numpy as np

from bn_analysis.index.banded import Array
from bn_analysis.index.fit import COARSE, Fit, fit_mode, log_marginal
from bn_analysis.index.model import Model
from bn_analysis.index.statements import LEVEL, SCALES, STATES

DOUBTFUL = 0.1
"""Weight below which a row is tried with full belief."""

_BREAKS = tuple(SCALES.index(name) for name in ("level", "revision", "vintage"))
_INSIST, _IGNORE = 100.0, 1e-6  # weights with which a trial begins: enough to decide the first steps
_WITNESSES = 3  # a break that more figures of its own agree on is no misprint
_DIRECT = 0.5  # coefficient from which a figure speaks of a month itself, not of a sum
_LIKELIER = 0.5  # gain of log marginal likelihood that counts
_MAX_PASSES = 3


def best_mode(model: Model, fit: Fit) -> Fit:
    """The likeliest mode that trials at doubtful places lead to; `fit` itself when none is likelier.

    Parameters
    ----------
    model : Model
        The rows.
    fit : Fit
        Where to begin; its scales stay.
    """
    best, value = fit, log_marginal(model, fit)[0]
    tried: set[tuple[int, ...]] = set()
    for _ in range(_MAX_PASSES):
        begin = best
        for place, weight in _trials(model, begin):
            if place in tried:
                continue
            tried.add(place)
            trial = fit_mode(
                model, begin.log_scales, best, weight=np.where(weight > 0, weight, best.weight), stop=COARSE
            )
            trial_value = log_marginal(model, trial)[0]
            if trial_value > value + _LIKELIER:
                best, value = trial, trial_value
        if best is begin:
            break
    return best


def _trials(model: Model, fit: Fit) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Other readings: rows that name the place, and weights to begin with there (0 where they stay)."""
    pattern = model.pattern
    row = np.arange(pattern.n_rows)
    figure = row >= model.n_prior
    doubtful = fit.weight < DOUBTFUL
    for believed in row[doubtful & figure]:
        yield (int(believed),), np.where(row == believed, _INSIST, 0.0)
    month = pattern.col[np.searchsorted(pattern.row, row)] // STATES
    breakable = ~figure & np.isin(model.scale, _BREAKS)
    months = np.unique(month[breakable & doubtful])
    for run in np.split(months, np.flatnonzero(np.diff(months) > 1) + 1) if len(months) else []:
        breaks = breakable & np.isin(month, run)
        place = tuple(row[breaks].tolist())
        yield place, np.where(breaks, _INSIST, 0.0)
        direct = np.isin(pattern.col, run * STATES + LEVEL) & (np.abs(fit.values) > _DIRECT) & figure[pattern.row]
        witnesses = np.unique(pattern.row[direct])
        witnesses = witnesses[fit.weight[witnesses] > _DIRECT]
        if len(witnesses) <= _WITNESSES:
            for ignored in witnesses:
                yield (*place, int(ignored)), np.where(breaks, 1.0, np.where(row == ignored, _IGNORE, 0.0))

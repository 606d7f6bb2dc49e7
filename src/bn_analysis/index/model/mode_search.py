"""A posterior mode → a better one, by trying the other explanation wherever figures and prior contradict each other.

A wild figure can be read in two ways: it is a misprint, or the level broke and its neighbours are wrong. Reweighting
settles on the reading that it meets first; the other one is tried at every doubtful place and kept if it is likelier.
Places far apart do not notice each other, so that many are tried in one fit and the cost stays linear in the months.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bn_analysis.index.model.layout import SCALES
from bn_analysis.index.model.posterior_mode import COARSE, TRIAL, Fit, Stop, fit_mode, log_marginal
from bn_analysis.index.model.precision.band_cholesky import Array, IntArray, total
from bn_analysis.index.model.state_space import Model

DOUBTFUL = 0.1
"""Weight below which a row is tried with full belief: that of a Student-t row of four degrees of freedom which lies 6.8
standard deviations off, (4 + 1) / (4 + 6.8²) = 0.1."""

_BREAKS = tuple(SCALES.index(name) for name in ("level", "revision", "vintage"))
_INSIST, _IGNORE = 100.0, 1e-6  # weights with which a trial begins: enough to decide the first steps
_WITNESSES = 3  # a break that more figures of its own agree on is no misprint
_DIRECT = 0.5  # coefficient from which a figure speaks of a month itself: m/m and y/y have 1, sums of two or more less
# Gain of log marginal likelihood that counts: below one half (a factor of 1.6) both readings are as good as each other
# ("not worth more than a bare mention" below 1: Kass & Raftery 1995).
_LIKELIER = 0.5
_MAX_PASSES = 3  # each pass tries what the one before brought up: a bound on time, not on what is found
_REACH = 24  # months around a place in which a trial is judged: what a year-to-date rate can touch


@dataclass(frozen=True, slots=True)
class _Trial:
    """Another reading of one place: the weights that some rows begin with."""

    month: int
    rows: tuple[int, ...]
    weights: tuple[float, ...]


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
        trials = [trial for trial in _trials(model, best) if trial.rows not in tried]
        tried.update(trial.rows for trial in trials)
        better = _likelier(model, best, trials)
        chosen = _apart([trial for _, trial in better])
        if not chosen:
            break
        tried.difference_update(trial.rows for _, trial in better)
        tried.update(trial.rows for trial in chosen)
        together = _attempt(model, best, chosen, COARSE)
        gained = log_marginal(model, together)[0]
        if gained < value + _LIKELIER:
            break
        best, value = together, gained
    return best


def _likelier(model: Model, fit: Fit, trials: Sequence[_Trial]) -> list[tuple[float, _Trial]]:
    """Trials that gain where they were made, the largest gain first."""
    before, found = _value_by_month(model, fit), []
    waiting = list(trials)
    while waiting:
        batch = _apart(waiting)
        waiting = [trial for trial in waiting if trial not in batch]
        gain = _value_by_month(model, _attempt(model, fit, batch, TRIAL)) - before
        for trial in batch:
            here = float(gain[max(trial.month - _REACH, 0) : trial.month + _REACH + 1].sum())
            if here > _LIKELIER:
                found.append((here, trial))
    return sorted(found, key=lambda pair: -pair[0])


def _apart(trials: Sequence[_Trial]) -> list[_Trial]:
    """As many of the trials, the first ones first, as lie too far apart to touch each other."""
    kept: list[_Trial] = []
    for trial in trials:
        if all(abs(trial.month - other.month) > 2 * _REACH for other in kept):
            kept.append(trial)
    return kept


def _attempt(model: Model, fit: Fit, trials: Sequence[_Trial], stop: Stop) -> Fit:
    weight = fit.weight.copy()
    for trial in trials:
        weight[list(trial.rows)] = trial.weights
    return fit_mode(model, fit.log_scales, fit, weight=weight, stop=stop)


def _value_by_month(model: Model, fit: Fit) -> Array:
    """Log marginal likelihood by month, shape (T,): rows and the Cholesky diagonal where their states lie."""
    rows = total(_months(model), fit.belief.log_density, model.months)
    return rows - fit.factor.log_diagonal[: model.pattern.n].reshape(model.months, model.layout.stride).sum(axis=1)


def _months(model: Model) -> IntArray:
    """Month of each row: that of its first coefficient; the last one for rows of the border alone."""
    pattern = model.pattern
    first = pattern.col[np.searchsorted(pattern.row, np.arange(pattern.n_rows))]
    return np.minimum(first // model.layout.stride, model.months - 1)


def _trials(model: Model, fit: Fit) -> Iterator[_Trial]:
    """Other readings of every doubtful place."""
    row = np.arange(model.pattern.n_rows)
    figure = row >= model.n_prior
    month = _months(model)
    doubtful = fit.weight < DOUBTFUL
    for believed in row[doubtful & figure]:
        yield _Trial(int(month[believed]), (int(believed),), (_INSIST,))
    series = model.scale // len(SCALES)
    breakable = ~figure & (model.scale >= 0) & np.isin(model.scale % len(SCALES), _BREAKS)
    for one in range(model.layout.series):
        yield from _breaks(model, fit, month, breakable & (series == one), one)


def _breaks(model: Model, fit: Fit, month: IntArray, breakable: NDArray[np.bool_], series: int) -> Iterator[_Trial]:
    """Every doubtful break of one series' own, alone and with each figure ignored that speaks for it."""
    pattern, row = model.pattern, np.arange(model.pattern.n_rows)
    months = np.unique(month[breakable & (fit.weight < DOUBTFUL)])
    for run in np.split(months, np.flatnonzero(np.diff(months) > 1) + 1) if len(months) else []:
        breaks = tuple(row[breakable & np.isin(month, run)].tolist())
        yield _Trial(int(run[0]), breaks, (_INSIST,) * len(breaks))
        own = model.layout.levels(model.months)[run][:, list(model.layout.parts_of(series))]
        figure = pattern.row >= model.n_prior
        direct = np.isin(pattern.col, own) & (np.abs(fit.values) > _DIRECT) & figure
        witnesses = np.unique(pattern.row[direct])
        witnesses = witnesses[fit.weight[witnesses] > _DIRECT]
        if len(witnesses) <= _WITNESSES:
            for ignored in witnesses:
                yield _Trial(int(run[0]), (*breaks, int(ignored)), (*(1.0,) * len(breaks), _IGNORE))

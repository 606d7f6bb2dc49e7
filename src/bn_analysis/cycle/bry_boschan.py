"""Turns a matrix of simulated index paths into a matrix of Bry–Boschan turning points, all paths at once.

The candidates of every path stand in one flat table (path, month, sign, value), sorted by path and month, so that each
rule is a handful of array operations over all paths; a rule that reads from left to right advances one cursor per path.
"""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PEAK = 1  # a mark, no measure
TROUGH = -1  # a mark, no measure


class Rules(NamedTuple):
    """Lengths of the Bry–Boschan rules, in observations (months or quarters)."""

    window: int
    phase: int
    cycle: int
    end: int


MONTHLY = Rules(window=5, phase=5, cycle=15, end=6)
"""Bry & Boschan 1971 as coded by Harding & Pagan 2002 and BCDating: the dates equal theirs (`tests/reference`)."""
QUARTERLY = Rules(window=2, phase=2, cycle=5, end=2)
"""The same for quarters (Harding & Pagan 2002, BBQ)."""


class _Points(NamedTuple):
    """Turning points of all paths: four parallel arrays sorted by path, then month; `sign` is PEAK or TROUGH."""

    path: NDArray[np.int64]
    month: NDArray[np.int64]
    sign: NDArray[np.int64]
    value: NDArray[np.float64]

    def where(self, keep: NDArray[np.bool_]) -> _Points:
        return _Points(self.path[keep], self.month[keep], self.sign[keep], self.value[keep])

    def spans(self, n_paths: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First row of each path and the row after its last."""
        edges = np.searchsorted(self.path, np.arange(n_paths + 1))
        return edges[:-1], edges[1:]


def date_paths(paths: NDArray[np.float64], rules: Rules = MONTHLY) -> NDArray[np.int8]:
    """Date every path by the Bry–Boschan rules.

    Parameters
    ----------
    paths : array (n_paths, n_periods)
        Seasonally adjusted levels (or logs: only the order of values matters), no missing value.
    rules : Rules
        Lengths of the rules; `MONTHLY` or `QUARTERLY` for the usual ones.

    Returns
    -------
    array of int8 (n_paths, n_periods)
        +1 at a peak, −1 at a trough, 0 elsewhere.

    Notes
    -----
    The steps, in this order (Bry & Boschan 1971 as coded by Harding & Pagan 2002 and the R package BCDating):

    1. A candidate is a value no smaller (peak) or no larger (trough) than all values up to `window` periods either
       side, both sides complete. A window without any movement holds no candidate.
    2. Alternation: of neighbouring peaks the highest stays (of equals the latest), of neighbouring troughs the lowest
       (of equals the earliest).
    3. A trough above the peak before it goes; alternation.
    4. Cycle: from left to right, of two peaks less than `cycle` apart the lower goes (of equals the later);
       alternation; the same for troughs. The newest point of a kind is exempt: the cycle still open at the end of the
       sample is not judged by its length. (BCDating compares it where it is the second of two, but then always ends
       in an error, one point being too few for it; wherever BCDating gives dates, these are its dates.)
    5. Ends: points among the first or last `end` periods go; alternation.
    6. End values: a first peak below the first value, a first trough above it, a last peak below the last value or a
       last trough above it goes, repeated until none does. A point left alone is judged too (BCDating ends in an error
       there): one bad month in a long rise is no trough.
    7. Step 4 again.
    8. Phase: from left to right, a point less than `phase` after the one before it goes; alternation.
    9. Step 6 again. Steps 4 to 9 repeat until nothing changes.
    """
    paths = np.ascontiguousarray(paths, dtype=float)
    n_paths, n_periods = paths.shape
    points = _alternate(_candidates(paths, rules.window))
    points = _alternate(points.where(~_trough_above_peak(points)))
    while True:
        before = points.path.size
        points = _enforce_cycle(points, n_paths, rules.cycle)
        inside = (points.month >= rules.end) & (points.month < n_periods - rules.end)
        points = _enforce_end_values(_alternate(points.where(inside)), paths)
        points = _enforce_cycle(points, n_paths, rules.cycle)
        points = _enforce_phase(points, n_paths, rules.phase)
        points = _enforce_end_values(points, paths)
        if points.path.size == before:
            break
    marks = np.zeros((n_paths, n_periods), dtype=np.int8)
    marks[points.path, points.month] = points.sign
    return marks


def _candidates(paths: NDArray[np.float64], window: int) -> _Points:
    """Step 1: local extremes of complete, moving windows."""
    complete = max(paths.shape[1] - 2 * window, 0)
    shifted = [paths[:, step : step + complete] for step in range(2 * window + 1)]
    high, low = (shifted[window] == reduce(extreme, shifted) for extreme in (np.maximum, np.minimum))
    sign = np.zeros(paths.shape, dtype=np.int64)
    sign[:, window : window + complete] = high.astype(np.int64) - low
    path, month = np.nonzero(sign)
    return _Points(path, month, sign[path, month], paths[path, month])


def _alternate(points: _Points) -> _Points:
    """Step 2: one point per run of neighbours of a kind."""
    size = points.path.size
    if size == 0:
        return points
    opens = np.ones(size, dtype=bool)
    opens[1:] = (points.path[1:] != points.path[:-1]) | (points.sign[1:] != points.sign[:-1])
    starts = np.flatnonzero(opens)
    run = np.cumsum(opens) - 1
    height = points.sign * points.value
    best = height == np.maximum.reduceat(height, starts)[run]
    row = np.arange(size)
    first = np.minimum.reduceat(np.where(best, row, size), starts)
    last = np.maximum.reduceat(np.where(best, row, -1), starts)
    chosen = np.where(points.sign[starts] == PEAK, last, first)
    keep = np.zeros(size, dtype=bool)
    keep[chosen] = True
    return points.where(keep)


def _trough_above_peak(points: _Points) -> NDArray[np.bool_]:
    """Step 3: troughs of an alternating table that lie above the peak just before them."""
    above = np.zeros(points.path.size, dtype=bool)
    above[1:] = (
        (points.sign[1:] == TROUGH) & (points.path[1:] == points.path[:-1]) & (points.value[1:] > points.value[:-1])
    )
    return above


def _enforce_cycle(points: _Points, n_paths: int, cycle: int) -> _Points:
    """Steps 4 and 7: full cycles of at least `cycle` periods, peaks first, then troughs."""
    peaks = points.sign == PEAK
    keep = np.ones(peaks.size, dtype=bool)
    keep[peaks] = _far_enough(points.where(peaks), n_paths, cycle)
    points = points.where(keep)
    # Troughs are judged after alternation, peaks as they stood before it: the order of the reference.
    troughs = _alternate(points)
    troughs = troughs.where(troughs.sign == TROUGH)
    troughs = troughs.where(_far_enough(troughs, n_paths, cycle))
    return _alternate(_merge(points.where(points.sign == PEAK), troughs))


def _merge(first: _Points, second: _Points) -> _Points:
    path = np.concatenate([first.path, second.path])
    month = np.concatenate([first.month, second.month])
    order = np.lexsort((month, path))
    sign = np.concatenate([first.sign, second.sign])
    value = np.concatenate([first.value, second.value])
    return _Points(path[order], month[order], sign[order], value[order])


def _far_enough(points: _Points, n_paths: int, cycle: int) -> NDArray[np.bool_]:
    """Rows of points of one kind that stay when each must be `cycle` after the one kept before it."""
    keep = np.ones(points.path.size, dtype=bool)
    if keep.size == 0:
        return keep
    start, stop = points.spans(n_paths)
    count = stop - start
    height = points.sign * points.value
    tested = np.maximum(count - 2, 0)
    kept = start.copy()
    for step in range(1, int(tested.max(initial=0)) + 1):
        active = np.flatnonzero(tested >= step)
        old, new = kept[active], start[active] + step
        close = points.month[new] - points.month[old] < cycle
        newer_wins = height[new] > height[old]
        keep[old[close & newer_wins]] = False
        keep[new[close & ~newer_wins]] = False
        kept[active] = np.where(close & ~newer_wins, old, new)
    return keep


def _enforce_end_values(points: _Points, paths: NDArray[np.float64]) -> _Points:
    """Steps 6 and 9: no first or last point that the first or last value of its path outdoes."""
    low, high = points.spans(paths.shape[0])
    low, high = low.copy(), high.copy()
    height = points.sign * points.value
    live = np.flatnonzero(high - low >= 1)
    while live.size:
        head = low[live]
        beaten_head = points.sign[head] * paths[live, 0] > height[head]
        low[live] += beaten_head
        tail = high[live] - 1
        beaten_tail = points.sign[tail] * paths[live, -1] > height[tail]
        high[live] -= beaten_tail
        live = live[(beaten_head | beaten_tail) & (high[live] - low[live] >= 1)]
    row = np.arange(points.path.size)
    return points.where((row >= low[points.path]) & (row < high[points.path]))


def _enforce_phase(points: _Points, n_paths: int, phase: int) -> _Points:
    """Step 8: phases of at least `phase` periods; the later of two close points goes, with alternation as it goes."""
    keep = np.ones(points.path.size, dtype=bool)
    start, stop = points.spans(n_paths)
    height = points.sign * points.value
    live = np.flatnonzero(stop - start >= 2)
    held, following = start.copy(), start + 1
    while live.size:
        old, new = held[live], following[live]
        close = points.month[new] - points.month[old] < phase
        keep[new[close]] = False
        # The dropped point leaves two of a kind side by side: the better stays (equal peaks: later, troughs: earlier).
        rival = np.minimum(new + 1, stop[live] - 1)
        meets = close & (new + 1 < stop[live])
        better = np.where(points.sign[old] == PEAK, height[rival] >= height[old], height[rival] > height[old])
        keep[old[meets & better]] = False
        keep[rival[meets & ~better]] = False
        held[live] = np.where(close, np.where(meets & better, rival, old), new)
        following[live] = np.where(close, new + 2, new + 1)
        live = live[following[live] < stop[live]]
    return points.where(keep)

"""Turns the reading of an ensemble into the falls its paths speak of, each with its share and its own figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cycle.paths.ensemble import NONE, Ensemble, Reading, three_months

# Months of which at least this share of all paths says so are named; fewer are noise of the simulation.
LEAST_CHANCE = 0.01
# Named months at most this far apart belong to one fall; a further gap parts two.
SAME_FALL = 3
# Falls that fewer paths speak of than this are not listed.
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Range:
    """A middle value with the ends of its 80 % interval."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Fall:
    """One fall that a part of the paths speaks of.

    Attributes
    ----------
    passed : bool
        Whether these paths have its trough behind them in the month judged; else the fall is under way.
    share : float
        Share of all paths that speak of it.
    first, last : Period
        Months between which these paths date its trough or, under way, its peak.
    peak, trough : Period or None
        Most frequent pair of the same paths: peak < trough. No peak where the record begins inside the fall, no trough
        while it is under way.
    """

    passed: bool
    share: float
    first: pd.Period
    last: pd.Period
    peak: pd.Period | None
    trough: pd.Period | None


@dataclass(frozen=True, slots=True)
class Measures:
    """One fall in figures, of the same paths, measured on means of three months; all None without a peak on record.

    Attributes
    ----------
    depth : Range or None
        From peak to trough, or to the lowest month so far: per cent, negative.
    rise : Range or None
        From trough to the month judged, per cent; None while the fall is under way.
    of_peak : Range or None
        Level of the month judged in per cent of the peak's.
    recovered_pct : float or None
        Share of the fall made good, per cent, 0 to 100.
    peak_level : float or None
        Index units.
    regained, regains_peak : float or None
        Share of these paths that have reached the level of the peak again; that reach it within 12 months.
    """

    depth: Range | None = None
    rise: Range | None = None
    of_peak: Range | None = None
    recovered_pct: float | None = None
    peak_level: float | None = None
    regained: float | None = None
    regains_peak: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A fall with the rows of its paths; array of shape (n_paths,)."""

    fall: Fall
    paths: NDArray[np.bool_]


def falls(reading: Reading, start: pd.Period) -> list[Told]:
    """The falls that at least `LEAST_SHARE` of the paths speak of, the most frequent first, of equals the latest.

    Of completed falls the most frequent is always among them.

    Parameters
    ----------
    reading : Reading
        Of every path.
    start : Period
        Month of the first column of the ensemble.

    Notes
    -----
    Completed falls are told apart by their troughs, falls under way by their peaks: runs of months that each have
    `LEAST_CHANCE`, with gaps of at most `SAME_FALL` months.
    """
    completed = _parted(reading, reading.rising, reading.trough, start)
    under_way = _parted(reading, ~reading.rising, reading.peak, start)
    listed = completed[:1] + [told for told in completed[1:] + under_way if told.fall.share >= LEAST_SHARE]
    return sorted(listed, key=_order, reverse=True)


def _order(told: Told) -> tuple[float, pd.Period]:
    return told.fall.share, told.fall.last


def _parted(reading: Reading, side: NDArray[np.bool_], months: NDArray[np.int64], start: pd.Period) -> list[Told]:
    """The paths of a side parted by runs of close months, the most frequent run first."""
    dated = months[side & (months != NONE)]
    if not dated.size:
        return []
    counts = np.bincount(dated)
    named = np.flatnonzero(counts >= min(LEAST_CHANCE * len(months), counts.max()))
    runs = np.split(named, np.flatnonzero(np.diff(named) > SAME_FALL) + 1)
    rows = [side & (months >= run[0]) & (months <= run[-1]) for run in runs]
    return sorted((_told(reading, paths, months, start) for paths in rows), key=_order, reverse=True)


def _told(reading: Reading, paths: NDArray[np.bool_], months: NDArray[np.int64], start: pd.Period) -> Told:
    """One fall: its peak and its trough are the most frequent pair of the same paths."""
    passed = months is reading.trough
    likely = int(np.bincount(months[paths]).argmax())
    peaks = reading.peak[paths & (months == likely) & (reading.peak != NONE)]
    fall = Fall(
        passed=passed,
        share=float(paths.mean()),
        first=start + int(months[paths].min()),
        last=start + int(months[paths].max()),
        peak=start + int(np.bincount(peaks).argmax()) if peaks.size else None,
        trough=start + likely if passed else None,
    )
    return Told(fall, paths)


def measures(told: Told, reading: Reading, ensemble: Ensemble, here: int) -> Measures:
    """A fall in figures at position `here`, from those of its paths that have its peak on record."""
    rows = np.flatnonzero(told.paths & (reading.peak != NONE))
    if not rows.size:
        return Measures()
    levels, peak, low = ensemble.levels[rows], reading.peak[rows], reading.low[rows]
    now = three_months(levels, np.full(rows.size, here - 1), here)
    top, bottom = three_months(levels, peak, here), three_months(levels, low, here)
    lost = np.maximum(top - bottom, 1e-9)
    return Measures(
        depth=_range(-lost),
        rise=_range(now - bottom) if told.fall.passed else None,
        of_peak=_range(now - top, plus=100.0),
        recovered_pct=float(np.clip(100 * np.median((now - bottom) / lost), 0, 100)),
        peak_level=float(np.exp(np.median(top) / 100)),
        regained=float(reading.regained[rows].mean()),
        regains_peak=float(reading.regains[rows].mean()),
    )


def _range(log_change: NDArray[np.float64], plus: float = 0.0) -> Range:
    """Middle and 80 % interval of changes (100 × log) in per cent."""
    low, middle, high = 100 * np.expm1(np.quantile(log_change, [0.1, 0.5, 0.9]) / 100) + plus
    return Range(float(middle), float(low), float(high))

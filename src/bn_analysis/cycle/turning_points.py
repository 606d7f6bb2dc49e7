"""Turns a seasonally adjusted series into its peaks and troughs by the monthly (or quarterly) Bry–Boschan rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from bn_analysis.cleaning.monthly_series import checked
from bn_analysis.cycle.bry_boschan import MONTHLY, PEAK, QUARTERLY, Rules, date_paths
from bn_analysis.errors import InputError, NotEnoughDataError

Kind = Literal["peak", "trough"]


class TurningPoint(NamedTuple):
    """One dated turn: the last period of an expansion (peak) or of a contraction (trough)."""

    period: pd.Period
    type: Kind


@dataclass(frozen=True, slots=True)
class TurningPoints:
    """Peaks and troughs of one series, in order of time and strictly alternating.

    Attributes
    ----------
    points : tuple of TurningPoint
    first, last : Period
        Span of the series that was dated.
    rules : Rules
        The lengths that were used, in observations.
    """

    points: tuple[TurningPoint, ...]
    first: pd.Period
    last: pd.Period
    rules: Rules

    def __iter__(self) -> Iterator[TurningPoint]:
        return iter(self.points)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def peaks(self) -> list[pd.Period]:
        """Periods of the peaks, oldest first."""
        return [point.period for point in self.points if point.type == "peak"]

    @property
    def troughs(self) -> list[pd.Period]:
        """Periods of the troughs, oldest first."""
        return [point.period for point in self.points if point.type == "trough"]

    def to_frame(self) -> pd.DataFrame:
        """Columns `period` (text, "2020-04" or "2020Q2") and `type` (peak or trough), oldest first."""
        rows = [(str(point.period), point.type) for point in self.points]
        return pd.DataFrame(rows, columns=["period", "type"], dtype=object)

    def plot(self, series: pd.Series, ax: Any = None) -> Any:
        """The series that was dated with its peaks and troughs marked, contractions shaded; returns the axes."""
        import matplotlib.pyplot as plt

        axes = plt.subplots(figsize=(8, 3.5))[1] if ax is None else ax
        values = series.loc[self.first : self.last]
        axes.plot(pd.PeriodIndex(values.index).to_timestamp(), values, linewidth=1.2)
        for found, mark in ((self.peaks, "v"), (self.troughs, "^")):
            at = pd.PeriodIndex(found, freq=self.first.freq)
            axes.plot(at.to_timestamp(), values.loc[at], mark, markersize=7)
        for peak in self.peaks:
            end = min((trough for trough in self.troughs if trough > peak), default=self.last)
            axes.axvspan(peak.to_timestamp(), end.to_timestamp(), color="0.92", linewidth=0, zorder=0)
        return axes

    def _repr_html_(self) -> str:
        if not self.points:
            return f"<p>{self.first} … {self.last}: –</p>"
        return self.to_frame().to_html(index=False)


def turning_points(
    series: pd.Series,
    *,
    window: int | None = None,
    phase: int | None = None,
    cycle: int | None = None,
    end: int | None = None,
) -> TurningPoints:
    """Date the peaks and troughs of a seasonally adjusted series.

    Parameters
    ----------
    series : Series
        Adjusted levels, monthly or quarterly PeriodIndex. Missing values may stand at either end, not inside.
    window : int, optional
        A turn is extreme among this many periods either side; 5 for months, 2 for quarters.
    phase : int, optional
        Shortest phase in periods; 5 for months, 2 for quarters.
    cycle : int, optional
        Shortest full cycle (peak to peak, trough to trough) in periods; 15 for months, 5 for quarters.
    end : int, optional
        No turn among the first or last `end` periods; 6 for months, 2 for quarters.

    Returns
    -------
    TurningPoints

    Raises
    ------
    InputError
        Not a monthly or quarterly series without holes, or a rule that is not a whole number in its range.
    NotEnoughDataError
        Too few periods for a single turn to be possible.

    Notes
    -----
    Bry & Boschan (1971), rules as in Harding & Pagan (2002); the steps are listed under
    `bn_analysis.cycle.bry_boschan.date_paths`. The dates equal those of the R package BCDating.
    """
    series = checked(series, frequencies=("M", "Q"))
    usual = MONTHLY if series.index.freqstr.startswith("M") else QUARTERLY
    given = {"window": window, "phase": phase, "cycle": cycle, "end": end}
    rules = usual._replace(**{name: value for name, value in given.items() if value is not None})
    for name, value in rules._asdict().items():
        lowest = 1 if name == "window" else 0
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
            raise InputError(f"turning_points: {name}={value!r}, expected a whole number of at least {lowest}")
    needed = 2 * max(rules.window, rules.end) + 1
    if len(series) < needed:
        raise NotEnoughDataError(
            f"turning_points: {len(series)} observations, {series.index[0]} to {series.index[-1]}; "
            f"at least {needed} are needed for one turn: give a longer series"
        )
    marks = date_paths(series.to_numpy(dtype=float)[None, :], rules)[0]
    points = tuple(
        TurningPoint(series.index[row], "peak" if marks[row] == PEAK else "trough") for row in np.flatnonzero(marks)
    )
    return TurningPoints(points, series.index[0], series.index[-1], rules)

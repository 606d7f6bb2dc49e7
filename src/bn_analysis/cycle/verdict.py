"""Turns the reading of an ensemble into the verdict that pages and tables show."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cycle.calibrated_probability import calibrated
from bn_analysis.cycle.ensemble import NONE, Ensemble, Reading, regained_share
from bn_analysis.cycle.phases import DOUBT, POSSIBLE, RISING, Phase, next_phase

# Paths whose troughs lie this close, in months, mostly speak of one fall.
SAME_TROUGH = 6


@dataclass(frozen=True, slots=True)
class Bottoming:
    """The verdict on one month.

    Attributes
    ----------
    at : Period
        Month judged.
    phase : Phase
        contraction | possible_trough | bottomed_out | expansion | not_enough_data.
    probability : float or None
        Calibrated probability that the trough of the latest fall has passed; 1 when no fall is under way; None
        (like every figure below) where there is not enough data.
    share : float or None
        The same before calibration: share of simulated paths that rise.
    trough : Period or None
        Most likely month of the trough of the latest fall; None in a contraction.
    trough_low, trough_high : Period or None
        80 % interval of that month, among the paths that date the trough of the same fall.
    trough_months : dict of str to float
        Probability of each month as the trough of the latest fall, paths that have passed it only, in order of time.
    months_since_trough : int or None
    relapse : float or None
        Probability of a new peak within six months, given that the trough has passed.
    regained : float or None
        Probability that the peak before the fall has been reached again, given that the trough has passed.
    regains_peak : float or None
        Probability that the peak before the fall is reached within 12 months (1 where it has been).
    peak : Period or None
        Peak before the latest fall, None where none is on record.
    peak_level : float or None
        Adjusted index at that peak, in index units (median of the paths).
    depth_pct : float or None
        From that peak to the trough, or to the lowest month so far: per cent, negative.
    duration : int or None
        Months from the peak to the trough, or to `at` while it has not passed.
    recovered_pct : float or None
        Share of the fall made good by `at`, per cent (100 = peak regained).
    flip_change : float or None
        Adjusted change next month, per cent, at which the verdict changes sides; None where none within ±15 would.
    reasons : tuple of str
        Codes of what the verdict could not know; words are written by the report.
    """

    at: pd.Period
    phase: Phase
    probability: float | None = None
    share: float | None = None
    trough: pd.Period | None = None
    trough_low: pd.Period | None = None
    trough_high: pd.Period | None = None
    trough_months: dict[str, float] = field(default_factory=dict)
    months_since_trough: int | None = None
    relapse: float | None = None
    regained: float | None = None
    regains_peak: float | None = None
    peak: pd.Period | None = None
    peak_level: float | None = None
    depth_pct: float | None = None
    duration: int | None = None
    recovered_pct: float | None = None
    flip_change: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether the phase stands only because calls are not taken back lightly: a new fall is as likely as not."""
        return self.phase in RISING and self.probability is not None and self.probability < DOUBT

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON: months as text "YYYY-MM", reasons as a list."""
        plain = {name: str(value) if isinstance(value, pd.Period) else value for name, value in asdict(self).items()}
        return plain | {"doubtful": self.doubtful, "reasons": list(self.reasons)}

    def plot(self, ax: Any = None) -> Any:
        """Probability of each month as the trough, the 80 % interval darker; returns the matplotlib axes."""
        import matplotlib.pyplot as plt

        axes = plt.subplots(figsize=(8, 2.5))[1] if ax is None else ax
        months = pd.PeriodIndex(list(self.trough_months), freq="M")
        inside = (months >= self.trough_low) & (months <= self.trough_high) if self.trough_low is not None else []
        colours = np.where(inside, "C0", "0.7") if len(months) == len(inside) else "0.7"
        axes.bar(months.to_timestamp(), list(self.trough_months.values()), width=25, color=colours)
        title = self.phase if self.probability is None else f"{self.phase}, {self.probability:.2f}"
        axes.set_title(f"{self.at}: {title}", loc="left", fontsize=9)
        return axes

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(name)}</th><td>{escape(_short(value))}</td></tr>"
            for name, value in self.to_dict().items()
            if value is not None and value != [] and name != "trough_months"  # the months are drawn by .plot()
        )
        return f"<table>{rows}</table>"


def _short(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def not_enough(month: pd.Period, reasons: tuple[str, ...]) -> Bottoming:
    """The verdict where nothing may be said, with the reasons."""
    return Bottoming(at=month, phase="not_enough_data", reasons=reasons)


def from_reading(
    reading: Reading, ensemble: Ensemble, start: pd.Period, month: pd.Period, previous: Phase | None
) -> Bottoming:
    """Summarise a reading.

    Parameters
    ----------
    reading : Reading
        Of every path, at `month`.
    ensemble : Ensemble
        The same paths.
    start : Period
        Month of the first column of the ensemble.
    month : Period
        Month judged.
    previous : Phase or None
        Phase announced the month before.
    """
    rising = reading.rising
    share = float(rising.mean())
    probability = calibrated(share)
    regained = regained_share(reading)
    phase = next_phase(previous, probability, regained)
    passed = rising & (reading.trough != NONE)
    dated = reading.trough[passed]
    trough = low = high = None
    # A standing call keeps its date, however doubtful it has become.
    if dated.size and (probability >= POSSIBLE or phase in RISING):
        likely, among = _of_one_fall(dated, reading.peak[passed])
        trough = start + likely
        low, high = (start + int(value) for value in np.quantile(among, [0.1, 0.9], method="inverted_cdf"))
    fall = _fall(reading, ensemble, phase, (month - start).n)
    doubts = ("new_fall_possible",) if phase in RISING and probability < DOUBT else ()
    return Bottoming(
        at=month,
        phase=phase,
        probability=probability,
        share=share,
        trough=trough,
        trough_low=low,
        trough_high=high,
        trough_months=_distribution(dated, rising.size, start),
        months_since_trough=(month - trough).n if trough is not None else None,
        relapse=float(reading.relapse[rising].mean()) if rising.any() else None,
        regained=regained,
        regains_peak=fall.regains_peak if fall else None,
        peak=start + fall.peak if fall else None,
        peak_level=fall.peak_level if fall else None,
        depth_pct=fall.depth_pct if fall else None,
        duration=fall.duration if fall else None,
        recovered_pct=fall.recovered_pct if fall else None,
        reasons=doubts if fall else (*doubts, "no_fall_on_record"),
    )


def _of_one_fall(troughs: NDArray[np.int64], peaks: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Most frequent trough of the fall most paths speak of, and the troughs of the paths that date the same fall.

    Paths that see no new fall name the trough of an older one; an interval over both would say nothing of either.
    """
    counts = np.bincount(troughs)
    near = np.convolve(counts, np.ones(2 * SAME_TROUGH + 1), mode="full")[SAME_TROUGH:-SAME_TROUGH]
    densest = int(near.argmax())
    opening = max(densest - SAME_TROUGH, 0)
    likely = opening + int(counts[opening : densest + SAME_TROUGH + 1].argmax())
    peak = int(np.bincount(peaks[troughs == likely] + 1).argmax()) - 1
    return likely, troughs[(peaks < likely) & (troughs > peak)]


def _distribution(dated: NDArray[np.int64], n_paths: int, start: pd.Period) -> dict[str, float]:
    counts = np.bincount(dated) if dated.size else np.array([], dtype=int)
    return {str(start + int(month)): float(counts[month] / n_paths) for month in np.flatnonzero(counts)}


class _Fall(NamedTuple):
    """The latest fall in figures; `peak` is a position in the ensemble, the rest as in `Bottoming`."""

    peak: int
    peak_level: float
    depth_pct: float
    duration: int
    recovered_pct: float
    regains_peak: float


def _fall(reading: Reading, ensemble: Ensemble, phase: Phase, here: int) -> _Fall | None:
    """The fall the verdict speaks of: completed where it stands as risen, else under way. None where none is on record.

    Medians over the paths of that side that share the most frequent peak.
    """
    side = reading.rising == (phase in RISING)
    chosen = (side if side.any() else ~side) & (reading.peak != NONE)
    if not chosen.any():
        return None
    peak = int(np.bincount(reading.peak[chosen]).argmax())
    same = np.flatnonzero(chosen & (reading.peak == peak))
    top, now = ensemble.levels[same, peak], ensemble.levels[same, here]
    bottom = ensemble.levels[same, reading.low[same]]
    lost = np.maximum(top - bottom, 1e-9)
    end = np.where(reading.rising[same], reading.low[same], here)
    return _Fall(
        peak=peak,
        peak_level=float(np.exp(np.median(top) / 100)),
        depth_pct=float(100 * np.expm1(-np.median(lost) / 100)),
        duration=int(np.median(end - peak)),
        recovered_pct=float(np.clip(100 * np.median((now - bottom) / lost), 0, 100)),
        regains_peak=float(reading.regains[chosen].mean()),
    )

"""Turns the reading of an ensemble into the verdict that pages and tables show."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cycle.bry_boschan import MONTHLY
from bn_analysis.cycle.calibrated_probability import Source, calibrated
from bn_analysis.cycle.falls import Fall, Measures, Range, falls, measures
from bn_analysis.cycle.paths.ensemble import NONE, REGAIN_MONTHS, Ensemble, Reading, evidence
from bn_analysis.cycle.phases import POSSIBLE, RISING, Phase, in_doubt, is_sure, next_phase


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
    half_year, quarter : float or None
        Share of the paths whose last six (three) months together stand above the six (three) before; where figures are
        few the probability weighs these too.
    falls : tuple of Fall
        The falls that at least one path in twenty speaks of, each with its share of all paths, the most frequent first.
    trough : Period or None
        Most likely month of the trough of the fall spoken of; None in a contraction.
    trough_low, trough_high : Period or None
        Months between which at least 80 % of all paths date the trough of the latest fall, whichever fall that is, and
        80 % of those that have passed it; `trough_high` lies after `at` where more than one path in ten has it ahead.
    trough_months : dict of str to float
        Probability of each month as the trough of the latest fall, paths that have passed it only, in order of time.
    months_since_trough : int or None
    relapse : float or None
        Probability of a new peak within six months, given that the trough has passed.
    peak : Period or None
        Peak before that fall, None where none is on record. This and all below is of the paths that speak of one fall:
        of the completed fall that most speak of, or in a contraction of the one under way.
    peak_level : float or None
        Adjusted index around that peak, in index units (median of the paths). Levels are means of three months.
    depth : Range or None
        From that peak to the trough, or to the lowest month so far: per cent, negative.
    rise : Range or None
        From the trough to `at`, per cent; None while the fall is under way.
    of_peak : Range or None
        Level of `at` in per cent of the peak's.
    duration : int or None
        Months from that peak to the trough, or to `at` while it has not passed.
    recovered_pct : float or None
        Share of the fall made good by `at`, per cent (100 = peak regained).
    regained : float or None
        Probability that the peak has been reached again; 1 where none is on record, 0 where the trough has not passed.
    regains_peak : float or None
        Probability that the peak is reached within 12 months (1 where it has been).
    fan : dict of str to Range
        Adjusted level of each of the 12 months after the last one of the draws, index units, over all paths.
    flip_change : float or None
        Adjusted change next month, per cent, at which the verdict changes sides; None where none within ±15 would.
    reasons : tuple of str
        Codes of what the verdict could not know; words are written by the report.
    """

    at: pd.Period
    phase: Phase
    probability: float | None = None
    share: float | None = None
    half_year: float | None = None
    quarter: float | None = None
    falls: tuple[Fall, ...] = ()
    trough: pd.Period | None = None
    trough_low: pd.Period | None = None
    trough_high: pd.Period | None = None
    trough_months: dict[str, float] = field(default_factory=dict)
    months_since_trough: int | None = None
    relapse: float | None = None
    peak: pd.Period | None = None
    peak_level: float | None = None
    depth: Range | None = None
    rise: Range | None = None
    of_peak: Range | None = None
    duration: int | None = None
    recovered_pct: float | None = None
    regained: float | None = None
    regains_peak: float | None = None
    fan: dict[str, Range] = field(default_factory=dict)
    flip_change: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the trough has been called and passed with a probability that can be worded without reserve."""
        return is_sure(self.phase, self.probability)

    @property
    def doubtful(self) -> bool:
        """Whether the phase stands only because calls are not taken back lightly: a new fall is as likely as not."""
        return in_doubt(self.phase, self.probability)

    @property
    def fall(self) -> Fall | None:
        """The fall spoken of: the likeliest that has passed where a trough is named, else the likeliest under way."""
        return next((fall for fall in self.falls if fall.passed == (self.trough is not None)), None)

    @property
    def depth_pct(self) -> float | None:
        """Middle of `depth`, per cent, negative."""
        return self.depth.middle if self.depth is not None else None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON: months as text "YYYY-MM", reasons and falls as lists."""
        return {name: _plain(value) for name, value in asdict(self).items()} | {"doubtful": self.doubtful}

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
            if value is not None
            and value != []
            and name not in ("trough_months", "falls", "fan")  # drawn by .plot(); a table
        )
        return f"<table>{rows}</table>"


def _plain(value: object) -> object:
    """A value for JSON; of tuples and tables every part."""
    if isinstance(value, pd.Period):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "{middle:.3g} ({low:.3g} … {high:.3g})".format(**value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def not_enough(month: pd.Period, reasons: tuple[str, ...]) -> Bottoming:
    """The verdict where nothing may be said, with the reasons."""
    return Bottoming(at=month, phase="not_enough_data", reasons=reasons)


def known_as(ensemble: Ensemble, month: int) -> Source:
    """What the phase of position `month` rests on.

    The table for printed figures was fitted on the newest month, whose phase hangs on a simulated future. Where as many
    months follow as the rules ask for at the end of a series, figures have decided, and paths mean what they do for
    complete levels.
    """
    return "levels" if month < ensemble.observed - MONTHLY.end else ensemble.source


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
    rising, here = reading.rising, (month - start).n
    shares = evidence(reading, ensemble, here)
    source = known_as(ensemble, here)
    probability = calibrated(shares, source)
    told = falls(reading, start)
    passed, under_way = (next((each for each in told if each.fall.passed == side), None) for side in (True, False))
    figures = measures(passed, reading, ensemble, here) if passed else Measures()
    # Without a peak on record what rises stands above every level on record.
    regained = figures.regained if figures.regained is not None else float(rising.any())
    phase = next_phase(previous, probability, regained, source)
    # A standing call keeps its fall and its date, however doubtful it has become.
    if phase not in RISING and probability < POSSIBLE:
        passed, regained = None, 0.0
        figures = measures(under_way, reading, ensemble, here) if under_way else Measures()
    spoken = passed or under_way
    trough = passed.fall.trough if passed else None
    low, high = _interval(reading, ensemble, start, trough) if trough is not None else (None, None)
    doubts = ("new_fall_possible",) if in_doubt(phase, probability) else ()
    return Bottoming(
        at=month,
        phase=phase,
        probability=probability,
        share=shares.rising,
        half_year=shares.half_year,
        quarter=shares.quarter,
        falls=tuple(each.fall for each in told),
        trough=trough,
        trough_low=low,
        trough_high=high,
        trough_months=_distribution(reading.trough[rising & (reading.trough != NONE)], rising.size, start),
        months_since_trough=(month - trough).n if trough is not None else None,
        relapse=float(reading.relapse[rising].mean()) if rising.any() else None,
        peak=spoken.fall.peak if spoken else None,
        peak_level=figures.peak_level,
        depth=figures.depth,
        rise=figures.rise,
        of_peak=figures.of_peak,
        duration=((trough or month) - spoken.fall.peak).n if spoken and spoken.fall.peak is not None else None,
        recovered_pct=figures.recovered_pct,
        regained=regained,
        regains_peak=figures.regains_peak,
        fan=_fan(ensemble, start),
        reasons=doubts if spoken else (*doubts, "no_fall_on_record"),
    )


def _interval(reading: Reading, ensemble: Ensemble, start: pd.Period, trough: pd.Period) -> tuple[pd.Period, pd.Period]:
    """Months around the likeliest that leave at most a tenth of the completed troughs before, and of all troughs after.

    A path that is falling has its trough ahead, where the simulation puts it; beyond the last simulated month if
    nowhere. One that has risen as far as the record goes speaks of none. Whether or not all paths speak of one fall,
    80 % of those that speak of a trough lie inside.
    """
    dated = reading.trough != NONE
    completed = reading.trough[reading.rising & dated]
    beyond = ensemble.levels.shape[1]
    every = np.where(dated, reading.trough, beyond)[dated | ~reading.rising]
    low = start + int(np.quantile(completed, 0.1, method="inverted_cdf"))
    high = start + int(np.quantile(every, 0.9, method="inverted_cdf"))
    return min(low, trough), max(low, high, trough)


def _fan(ensemble: Ensemble, start: pd.Period) -> dict[str, Range]:
    months = range(ensemble.observed, ensemble.observed + REGAIN_MONTHS)
    ends = np.exp(np.quantile(ensemble.levels[:, months], [0.5, 0.1, 0.9], axis=0).T / 100)
    return {str(start + month): Range(*map(float, row)) for month, row in zip(months, ends, strict=True)}


def _distribution(dated: NDArray[np.int64], n_paths: int, start: pd.Period) -> dict[str, float]:
    counts = np.bincount(dated) if dated.size else np.array([], dtype=int)
    return {str(start + int(month)): float(counts[month] / n_paths) for month in np.flatnonzero(counts)}

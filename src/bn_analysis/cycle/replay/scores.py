"""Turns a replay and the dates settled later into scores: delays, date errors, false calls, misses, Brier score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cycle.phases import RISING
from bn_analysis.cycle.turning_points import TurningPoints, turning_points

BINS = 10  # tenths of the probability, the usual reliability table


@dataclass(frozen=True, slots=True)
class Score:
    """How a replay did against the dates of the full sample.

    Attributes
    ----------
    troughs : DataFrame
        One row a true trough in the replayed span: `trough`, `called` (vintage from which the call stood until the
        next true peak; empty where missed), `delay` (months from the trough to that vintage, publication lag
        included), `dated` (month named at the call), `date_error` (months, positive = too late), `seen` (whether the
        phase had left the rising ones during the fall).
    false_calls : tuple of str
        Vintages at which the phase turned to risen while the true fall went on, and was taken back before its end.
    cases : DataFrame
        `vintage`, `probability`, `rising`: the probability beside the true phase (1 or 0) of the last month.
    years : float
        Length of the replay.
    """

    troughs: pd.DataFrame
    false_calls: tuple[str, ...]
    cases: pd.DataFrame
    years: float

    @property
    def missed(self) -> int:
        """True troughs that were never called for good."""
        return int(self.troughs["called"].isna().sum())

    @property
    def mean_delay(self) -> float:
        """Mean delay of the troughs that were called, months."""
        return float(self.troughs["delay"].mean())

    @property
    def brier(self) -> float:
        """Mean squared error of the probability."""
        return float(((self.cases["probability"] - self.cases["rising"]) ** 2).mean())

    @property
    def base(self) -> float:
        """Brier score of the constant share of rising months: what knowing nothing else would give."""
        share = self.cases["rising"].mean()
        return float(share * (1 - share))

    @property
    def reliability(self) -> pd.DataFrame:
        """Reliability by tenths of the probability, see `reliability`."""
        return reliability(self.cases)


def score(replayed: pd.DataFrame, truth: TurningPoints | pd.Series) -> Score:
    """Score a replay.

    Parameters
    ----------
    replayed : DataFrame
        As `replay` gives it (or any table with its columns, such as a second opinion's).
    truth : TurningPoints or Series
        Dates of the full sample, or the adjusted series to date.
    """
    dates = truth if isinstance(truth, TurningPoints) else turning_points(truth)
    judged = replayed[replayed["phase"] != "not_enough_data"].reset_index(drop=True)
    last = pd.PeriodIndex(judged["last_period"], freq="M")
    up = judged["phase"].isin(RISING).to_numpy()
    rising = true_phase(dates, last)
    cases = judged[["vintage", "probability"]].astype({"probability": float}).assign(rising=rising)
    return Score(
        troughs=_delays(dates, judged, last, up),
        false_calls=_false_calls(judged["vintage"], up, rising),
        cases=cases.dropna(subset="rising"),
        years=len(judged) / 12,
    )


def true_phase(dates: TurningPoints, months: pd.PeriodIndex) -> NDArray[np.float64]:
    """1 where a month lies in an expansion, 0 in a contraction, missing before the first date and where not settled.

    A trough is the last month of its contraction, a peak the last month of its expansion. After the last date the
    phase is settled as long as a further date could still have been found (`end` of the rules).
    """
    phases = np.full(len(months), np.nan)
    points = list(dates)
    ends = [*(point.period for point in points[1:]), dates.last - dates.rules.end]
    for point, until in zip(points, ends, strict=True):
        phases[(months > point.period) & (months <= until)] = float(point.type == "trough")
    return phases


def reliability(cases: pd.DataFrame, bins: int = BINS) -> pd.DataFrame:
    """Mean probability beside the share of months truly rising, by equal steps of the probability.

    Parameters
    ----------
    cases : DataFrame
        Columns `probability` and `rising`.
    bins : int
        Number of steps.

    Returns
    -------
    DataFrame
        `low`, `high`, `cases`, `probability` (mean), `share`; empty steps are left out.
    """
    step = np.minimum((cases["probability"] * bins).astype(int), bins - 1)
    groups = cases.groupby(step)
    return pd.DataFrame(
        {
            "low": [float(k) / bins for k in groups.groups],
            "high": [float(k + 1) / bins for k in groups.groups],
            "cases": groups.size().to_numpy(),
            "probability": groups["probability"].mean().to_numpy(),
            "share": groups["rising"].mean().to_numpy(),
        }
    )


def _delays(dates: TurningPoints, judged: pd.DataFrame, last: pd.PeriodIndex, up: NDArray[np.bool_]) -> pd.DataFrame:
    """For each trough: the first vintage after it from which every vintage up to the next peak says risen."""
    rows: list[tuple[object, ...]] = []
    for trough in dates.troughs:
        next_peak = min((peak for peak in dates.peaks if peak > trough), default=dates.last)
        window = np.flatnonzero((last > trough) & (last <= next_peak))
        if not window.size or trough < last[0]:
            continue
        before = max((peak for peak in dates.peaks if peak < trough), default=last[0])
        seen = not up[np.asarray((last > before) & (last <= trough + 1))].all()
        down = window[~up[window]]
        stands = window[window > down[-1]] if down.size else window
        if not stands.size:
            rows.append((str(trough), None, np.nan, None, np.nan, seen))
            continue
        call = judged.iloc[stands[0]]
        dated = call["trough"] if isinstance(call["trough"], str) else None
        error = (pd.Period(dated, "M") - trough).n if dated is not None else np.nan
        delay = (pd.Period(call["vintage"], "M") - trough).n
        rows.append((str(trough), call["vintage"], delay, dated, error, seen))
    return pd.DataFrame(rows, columns=["trough", "called", "delay", "dated", "date_error", "seen"])


def _false_calls(vintage: pd.Series, up: NDArray[np.bool_], rising: NDArray[np.float64]) -> tuple[str, ...]:
    """Turns to risen during a true fall that were taken back before its trough."""
    calls = []
    for at in np.flatnonzero(up[1:] & ~up[:-1]) + 1:
        rest_of_fall = np.flatnonzero(np.append(rising[at:] != 0, True))[0]
        if rest_of_fall and not up[at : at + rest_of_fall].all():
            calls.append(str(vintage.iloc[at]))
    return tuple(calls)

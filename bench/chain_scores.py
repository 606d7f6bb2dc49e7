"""Judged months of the chain beside the truth → scores, with bands from drawing the countries again."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

from bn_analysis.cycle import Bottoming
from bn_analysis.cycle.calibrated_probability import Evidence, calibrated, clipped_logit
from bn_analysis.cycle.phases import Thresholds, thresholds
from bn_analysis.cycle.replay.scores import reliability

RESAMPLES = 1000
BAND = (0.05, 0.95)


def judged(cases: pd.DataFrame) -> pd.DataFrame:
    """The months on which something was said, with the probabilities that others would give.

    Added: `country` (that errors of a resampling share), `levels_table` (what the table for complete levels makes of
    the same paths), `yoy_sign`.
    """
    said = cases[cases["probability"].notna()].copy()
    said["country"] = said["name"].str.split("+").str[0]
    said["levels_table"] = [calibrated(Evidence(share, 0.5, 0.5), "levels") for share in said["rising_paths"]]
    said["yoy_sign"] = (said["yoy"] > 0).astype(float).where(said["yoy"].notna())
    return said


def skill(said: pd.DataFrame, column: str, climate: float) -> tuple[float, float, float]:
    """Gain of Brier score over a constant, with its 90 % band over countries drawn again."""
    mine = ((said[column] - said["rising"]) ** 2).groupby(said["country"]).sum().to_numpy()
    constant = ((climate - said["rising"]) ** 2).groupby(said["country"]).sum().to_numpy()
    rows = np.random.default_rng(0).integers(len(mine), size=(RESAMPLES, len(mine)))
    low, high = np.quantile(1 - mine[rows].sum(axis=1) / constant[rows].sum(axis=1), BAND)
    return float(1 - mine.sum() / constant.sum()), float(low), float(high)


def cox(said: pd.DataFrame, column: str = "probability") -> tuple[float, float]:
    """Intercept and slope of the truth on the log odds stated (Cox 1958): 0 and 1 where odds mean what they say."""
    return logistic(clipped_logit(said[column])[:, None], said["rising"].to_numpy(), np.ones(len(said)))


def logistic(
    design: np.ndarray, rising: np.ndarray, weight: np.ndarray, *, monotone: bool = False
) -> tuple[float, ...]:
    """Intercept and slopes by maximum weighted likelihood; slopes not below 0 where `monotone`."""
    columns = np.column_stack([np.ones(len(design)), design])

    def loss(slopes: np.ndarray) -> tuple[float, np.ndarray]:
        odds = columns @ slopes
        slope = columns.T @ (weight * (expit(odds) - rising))
        return float((weight * (np.logaddexp(0, odds) - rising * odds)).sum()), slope

    bounds = [(None, None)] + [(0.0 if monotone else None, None)] * design.shape[1]
    return tuple(map(float, minimize(loss, np.zeros(columns.shape[1]), jac=True, bounds=bounds).x))


def coverage(said: pd.DataFrame, wider: int = 0) -> tuple[float, int, float]:
    """Share of the true troughs inside the 80 % interval, of how many, and its median width in months."""
    dated = said[(said["rising"] == 1) & said["trough"].notna() & said["low"].notna()]
    inside = (dated["low"] - wider <= dated["trough"]) & (dated["trough"] <= dated["high"] + wider)
    return float(inside.mean()), len(dated), float((dated["high"] - dated["low"] + 2 * wider).median())


def sequences(said: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The months of each province and window in order."""
    for _, rows in said.groupby(["pattern", "name", "year"], sort=True):
        yield rows.sort_values("day")


def announced(rows: pd.DataFrame, at: Thresholds) -> np.ndarray:
    """Whether each month of a sequence is announced as risen, hysteresis carried along."""
    up, states = False, []
    for probability in rows["probability"]:
        up = probability >= (at.keep if up else at.call)
        states.append(up)
    return np.array(states)


def delays(said: pd.DataFrame, at: Thresholds | None = None) -> dict[str, float]:
    """Over all sequences: months from a true trough until it is called for good, calls during a fall, months misstated.

    A trough counts where months judged lie on both sides of it.
    """
    waits, missed, false, wrong, months = [], 0, 0, 0, 0
    for rows in sequences(said):
        up, rising = announced(rows, at or thresholds("figures")), rows["rising"].to_numpy() == 1
        known = pd.PeriodIndex(rows["day"].str[:7], freq="M").asi8
        months += len(rows)
        wrong += int((up != rising).sum())
        false += int((up[1:] & ~up[:-1] & ~rising[1:]).sum())
        for trough in rows.loc[rows["rising"] == 1, "trough"].dropna().unique():
            window = np.flatnonzero(rising & (rows["trough"].to_numpy() == trough))
            if window[0] == 0 or rising[window[0] - 1]:
                continue
            down = window[~up[window]]
            stands = window[window > down[-1]] if down.size else window
            if stands.size:
                waits.append(known[stands[0]] - trough)
            else:
                missed += 1
    return {
        "troughs": len(waits) + missed, "missed": missed, "delay": float(np.mean(waits)) if waits else np.nan,
        "false_calls_per_decade": 120 * false / months, "months_wrong": wrong / months,
    }  # fmt: skip


def bins(said: pd.DataFrame, column: str = "probability", steps: int = 10) -> pd.DataFrame:
    """Reliability by tenths."""
    return reliability(said[[column, "rising"]].rename(columns={column: "probability"}), steps)


def impossible(verdict: Bottoming) -> list[str]:
    """What of a verdict cannot be true of one fall, or not of all paths."""
    if verdict.phase == "not_enough_data":
        return []
    wrong = []
    inside = [
        m for m in verdict.trough_months if verdict.trough and str(verdict.trough_low) <= m <= str(verdict.trough_high)
    ]
    for fall in verdict.falls:
        turns = [month for month in (fall.peak, fall.trough, verdict.at) if month is not None]
        wrong += ["order"] * (turns != sorted(set(turns)))
        wrong += ["span"] * (not fall.first <= (fall.trough or fall.peak or fall.first) <= fall.last < verdict.at)
    wrong += ["shares"] * (sum(fall.share for fall in verdict.falls) > 1 + 1e-9)
    if verdict.trough is not None:
        passed = sum(verdict.trough_months.values())
        reach = sum(verdict.trough_months[month] for month in inside)
        ahead = 1 - verdict.share if verdict.trough_high >= verdict.at else 0.0
        wrong += ["interval"] * (reach < 0.8 * passed - 1e-9 or reach + ahead + (verdict.share - passed) < 0.8 - 1e-9)
        wrong += ["trough"] * (not verdict.trough_low <= verdict.trough <= verdict.trough_high)
        wrong += ["fall"] * ((verdict.fall.trough, verdict.fall.peak) != (verdict.trough, verdict.peak))
    if verdict.peak is not None:
        wrong += ["duration"] * (verdict.duration != ((verdict.trough or verdict.at) - verdict.peak).n)
    if verdict.depth is not None:
        wrong += ["depth"] * (not verdict.depth.low <= verdict.depth.middle <= verdict.depth.high <= 0)
        wrong += ["fall"] * (verdict.fall is None or verdict.fall.peak != verdict.peak)
    return wrong

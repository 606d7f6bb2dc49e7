"""New rates beside all that was published before → those outside the range that past releases imply."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.cleaning.language.numbers import format_percent
from bn_analysis.errors import bilingual

KEY = ["indicator", "territory", "industry"]

_SCALES = 4.5
"""A figure is named when it is this many robust standard deviations from what past releases imply: of 24 real releases
the median one then has one figure to look at among 150."""
_FLOOR = 0.015
"""One and a half per cent are never suspicious, however quiet an industry has been."""
_LEAST_PAST = 12
"""Fewer past months give no range of their own; the middle range of all industries is taken."""


@dataclass(frozen=True, slots=True)
class Review:
    """New figures beside earlier releases.

    Attributes
    ----------
    findings : tuple of str
        One line a figure outside the range that past releases imply: where it is printed, its value, the range.
    checked, figures : int
        Figures that past releases imply a range for, and all of them.
    reach_pct : float
        Half the width of that range, in points, for half of the figures checked: a smaller slip of the hand cannot be
        told from an ordinary revision. NaN where none was checked.
    """

    findings: tuple[str, ...]
    checked: int
    figures: int
    reach_pct: float

    def __str__(self) -> str:
        reach = (
            (
                f"; sai lệch dưới {self.reach_pct:.1f} điểm thì một nửa số này không lộ ra",
                f"; half of them would not show a slip below {self.reach_pct:.1f} points",
            )
            if self.checked
            else ("", "")
        )
        return bilingual(
            f"đối chiếu được {self.checked} trên {self.figures} số với các kỳ trước{reach[0]}",
            f"{self.checked} of {self.figures} figures could be set beside earlier releases{reach[1]}",
        )


def review(rates: pd.DataFrame, history: pd.DataFrame) -> Review:
    """Set new figures beside earlier releases and name those that do not go with them.

    Parameters
    ----------
    rates : pandas.DataFrame
        Rates of one workbook, columns `bn_analysis.cleaning.rates.COLUMNS`.
    history : pandas.DataFrame
        Rates published before, same columns.

    Returns
    -------
    Review

    Notes
    -----
    Three identities hold but for revisions: last month's y/y repeated equals its first print; the y/y changes from
    month to month by the m/m over that of a year ago; the year to date moves by the month's y/y over its count. How far
    each industry has strayed from them in the past (median and median absolute deviation of log ratios) is the range.
    """
    known = history[~history["source"].isin(rates["source"])]
    both = pd.concat([known, rates], ignore_index=True)
    logs = {
        (measure, release): _wide(both, measure, release)
        for measure in ("mom", "yoy", "ytd")
        for release in ("first", "restated")
    }
    compared: list[_Compared] = []
    for measure, release, implied in _identities(logs):
        found = rates[(rates["measure"] == measure) & (rates["release"] == release)]
        compared += _compare(found, logs[measure, release], implied)
    findings = sorted((one.source, one.finding) for one in compared if one.finding)
    reach = float(np.median([one.width for one in compared])) if compared else float("nan")
    return Review(tuple(line for _, line in findings), len(compared), len(rates), 100 * reach)


@dataclass(frozen=True, slots=True)
class _Compared:
    """One figure beside its range: half the width in logs, and a line of text if it lies outside."""

    source: str
    width: float
    finding: str


def _wide(rates: pd.DataFrame, measure: str, release: str) -> pd.DataFrame:
    """Log ratios of one measure: industries down, months across, the newest print of each."""
    some = rates[(rates["measure"] == measure) & (rates["release"] == release) & (rates["value_pct"] > -100)]
    some = some.assign(log=np.log1p(some["value_pct"] / 100), month=pd.PeriodIndex(some["period"], freq="M"))
    table = some.pivot_table(index=KEY, columns="month", values="log", aggfunc="last")
    months = pd.period_range(rates["period"].min(), rates["period"].max(), freq="M")
    return table.reindex(columns=months)


def _identities(logs: dict[tuple[str, str], pd.DataFrame]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Measure, release and the log ratios that the other figures imply for it."""
    yoy, repeated = logs["yoy", "first"], logs["yoy", "restated"]
    best_yoy = repeated.reindex_like(yoy).fillna(yoy)
    yield "yoy", "restated", yoy
    yield "ytd", "restated", logs["ytd", "first"]
    mom = logs["mom", "first"]
    yield "mom", "first", yoy - best_yoy.shift(1, axis=1) + mom.shift(12, axis=1)
    ytd = logs["ytd", "first"]
    best_ytd = logs["ytd", "restated"].reindex_like(ytd).fillna(ytd)
    before = best_ytd.shift(1, axis=1)
    february = before.columns.month == 2
    before.loc[:, february] = best_yoy.reindex_like(before).shift(1, axis=1).loc[:, february]
    count = before.columns.month.to_numpy(dtype=float)
    yield "ytd", "first", before * ((count - 1) / count) + yoy.reindex_like(before) / count


def _compare(found: pd.DataFrame, printed: pd.DataFrame, implied: pd.DataFrame) -> Iterator[_Compared]:
    """Each figure that has a range, beside it: the gap to the implied one must be like the gaps of the past."""
    gaps = printed - implied.reindex_like(printed)
    newest = pd.PeriodIndex(found["period"].unique(), freq="M") if len(found) else pd.PeriodIndex([], freq="M")
    past = gaps.drop(columns=[month for month in newest if month in gaps.columns])
    middle = past.median(axis=1)
    scale = 1.4826 * past.sub(middle, axis=0).abs().median(axis=1)
    few = past.notna().sum(axis=1) < _LEAST_PAST
    middle[few], scale[few] = 0.0, scale[~few].median()
    for row in found.itertuples():
        key, month = (row.indicator, row.territory, row.industry), pd.Period(row.period, freq="M")
        if key not in gaps.index or np.isnan(gaps.at[key, month]) or np.isnan(scale.get(key, np.nan)):
            continue
        width = max(_SCALES * scale[key], _FLOOR)
        finding = ""
        if abs(gaps.at[key, month] - middle[key]) > width:
            centre = implied.at[key, month] + middle[key]
            low, high = 100 * np.expm1(centre - width), 100 * np.expm1(centre + width)
            place = f"({row.measure}, {row.industry}, {row.period}, {row.release})"
            vi, en = (
                [
                    format_percent(value, digits, language)
                    for value, digits in ((row.value_pct, row.decimals), (low, 1), (high, 1))
                ]
                for language in LANGUAGES
            )
            finding = f"{row.source}: " + bilingual(
                f"thấy {vi[0]} {place}, các kỳ trước cho thấy {vi[1]} đến {vi[2]}",
                f"found {en[0]} {place}, past releases imply {en[1]} to {en[2]}",
            )
        yield _Compared(str(row.source), width, finding)

"""An X-13 adjustment → how stable it is: what the last two years were revised by, and what other spans would give."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.seasonal.diagnostics import Grade, graded
from bn_analysis.seasonal.result import SeasonalAdjustment
from bn_analysis.seasonal.tet.window_selection import add_regressors, covered_months
from bn_analysis.seasonal.x13.output import read_table
from bn_analysis.seasonal.x13.run import MAIN_TABLES, X13Result, run
from bn_analysis.seasonal.x13.specification import months_of

HISTORY_MONTHS = 24

FADING = 0.7
"""Share of a temporary change that is left after a month; X-13's own rate."""


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Revision history and sliding spans of one adjustment.

    Attributes
    ----------
    revisions
        Months × ``first, latest, revision_pct, change_first, change_latest``: the adjusted level as it was when the
        month was the last one and as it is now, and the same for its month-to-month change in per cent. Empty if
        X-13 could not go back that far.
    numbers
        ``revision`` and ``revision_of_change``: mean absolute revisions in per cent and in points; ``spans_seasonal``
        and ``spans_changes``: share of months whose seasonal factor or month-to-month change differs by more than 3 %
        between spans (X-13's own limits).
    grades
        Grades of the sliding spans.
    """

    revisions: pd.DataFrame
    numbers: dict[str, float]
    grades: tuple[Grade, ...]


def stability(adjustment: SeasonalAdjustment, months: int = HISTORY_MONTHS) -> Stability:
    """Revision history and sliding spans with the specification held fixed.

    Parameters
    ----------
    adjustment : SeasonalAdjustment
        Made by X-13.
    months : int
        Months of the history at the end of the series.

    Raises
    ------
    InputError
        The adjustment was not made by X-13.
    """
    spec = adjustment.specification
    if spec is None:
        raise InputError(f"{adjustment.name}: adjusted by {adjustment.method}; stability is a test of X-13 adjustments")
    result = run(spec.with_(history=months, slidingspans=True), adjustment.table["value"])
    revisions = _revisions(result)
    numbers = {
        "revision": float(revisions["revision_pct"].abs().mean()),
        "revision_of_change": float((revisions["change_latest"] - revisions["change_first"]).abs().mean()),
        "spans_seasonal": result.number("s2.a.per", 2) / 100,
        "spans_changes": result.number("s2.d.per", 2) / 100,
    }
    numbers = {code: value for code, value in numbers.items() if np.isfinite(value)}
    return Stability(revisions, numbers, graded(numbers, result))


def _revisions(result: X13Result) -> pd.DataFrame:
    columns = ["first", "latest", "revision_pct", "change_first", "change_latest"]
    if not result.has("sae") or not result.has("che"):
        return pd.DataFrame(columns=columns, dtype=float)
    table = read_table(result.files["sae"]).set_axis(columns[:2], axis="columns")
    table["revision_pct"] = (table["latest"] / table["first"] - 1) * 100
    return table.join(read_table(result.files["che"]).set_axis(columns[3:], axis="columns"))


def shock_readings(
    adjustment: SeasonalAdjustment,
    period: pd.Period | None = None,
    part: Literal["seasonally_adjusted", "trend"] = "trend",
) -> pd.DataFrame:
    """One component under four readings of a shock: none, one month only, a lasting shift, one that fades.

    Until later months arrive nobody knows which it was; where the four agree, it does not matter. In the last month the
    three shocks give one adjusted series (only its past differs from no shock) and three trends.

    Parameters
    ----------
    adjustment : SeasonalAdjustment
        Made by X-13.
    period : pandas.Period, optional
        Month of the shock; the last one of the series if not given.
    part : {"seasonally_adjusted", "trend"}
        Component wanted.

    Returns
    -------
    pandas.DataFrame
        Months × ``none, ao, ls, tc``.

    Raises
    ------
    InputError
        The adjustment was not made by X-13, or the month lies outside the series.
    """
    spec = adjustment.specification
    if spec is None:
        raise InputError(f"{adjustment.name}: adjusted by {adjustment.method}; shocks are read with X-13 adjustments")
    series = adjustment.table["value"]
    months = months_of(series)
    month = months[-1] if period is None else period
    if not months[0] < month <= months[-1]:
        raise InputError(f"{adjustment.name}: no shock in {month} can be read, expected {months[1]} to {months[-1]}")
    date = f"{month.year}.{month.strftime('%b')}".lower()
    spec = spec.with_(variables=tuple(word for word in spec.variables if not word.lower().endswith(date)))
    # User regressors, because X-13 knows no shift in the last month: only its forecasts tell it from a single one.
    since = (covered_months(months).asi8 - month.ordinal).astype(float)
    fading = np.where(since >= 0, FADING ** since.clip(0), 0.0)
    shapes = {"ao": (since == 0, "ao"), "ls": (since >= 0, "ls"), "tc": (fading, "ao")}
    readings = {"none": spec} | {
        kind: add_regressors(spec, pd.DataFrame({kind: shape.astype(float)}, covered_months(months)), usertype)
        for kind, (shape, usertype) in shapes.items()
    }
    wanted = MAIN_TABLES[spec.method][1 if part == "seasonally_adjusted" else 2]
    return pd.DataFrame({kind: run(reading, series).table(wanted) for kind, reading in readings.items()})

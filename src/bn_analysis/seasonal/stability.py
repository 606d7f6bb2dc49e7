"""An X-13 adjustment → how stable it is: what the last two years were revised by, and what other spans would give."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.seasonal.diagnostics import Grade, graded
from bn_analysis.seasonal.result import SeasonalAdjustment
from bn_analysis.seasonal.x13.output import read_table
from bn_analysis.seasonal.x13.run import X13Result, run

HISTORY_MONTHS = 24
"""Months of the revision history: two years, so that every calendar month is seen revised twice."""


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

"""A table of monthly series → the adjustment of each, with the errors of those that could not be adjusted."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from joblib import Parallel, delayed

from bn_analysis.errors import BnAnalysisError
from bn_analysis.seasonal.adjust import AskedMethod, Holiday, adjust
from bn_analysis.seasonal.result import SeasonalAdjustment
from bn_analysis.seasonal.specification_book import Book, adjust_with


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Adjustments of many series.

    Attributes
    ----------
    adjustments
        Name of the series → its adjustment.
    errors
        Name of a series that could not be adjusted → why.
    """

    adjustments: Mapping[str, SeasonalAdjustment]
    errors: Mapping[str, str]

    def to_frame(self, column: str = "seasonally_adjusted") -> pd.DataFrame:
        """One component of every series, months × series."""
        return pd.DataFrame({name: result.table[column] for name, result in self.adjustments.items()})


def adjust_many(
    frame: pd.DataFrame,
    method: AskedMethod = "auto",
    holiday: Holiday = "tet",
    *,
    book: Book | None = None,
    jobs: int = 2,
) -> Panel:
    """Adjust every column of a table.

    The work is handed to joblib: threads here (X-13 is a program of its own, so threads do not wait for each other),
    or whatever backend ``joblib.parallel_config`` names, a dask cluster for example.

    Parameters
    ----------
    frame : pandas.DataFrame
        Months × series, monthly PeriodIndex; NaN before a series begins, after it ends and in gaps.
    method, holiday
        As for `adjust`.
    book : Book, optional
        Series that have an entry are adjusted with it, the others as `method` and `holiday` say.
    jobs : int
        Series at work at once.

    Returns
    -------
    Panel
        A series that fails is in ``errors`` and does not stop the others.
    """
    tasks = (delayed(_one)(frame[name].rename(str(name)), method, holiday, book) for name in frame.columns)
    outcomes = Parallel(n_jobs=jobs, prefer="threads")(tasks)
    pairs = list(zip(map(str, frame.columns), outcomes, strict=True))
    return Panel(
        adjustments={name: outcome for name, outcome in pairs if isinstance(outcome, SeasonalAdjustment)},
        errors={name: outcome for name, outcome in pairs if isinstance(outcome, str)},
    )


def _one(series: pd.Series, method: AskedMethod, holiday: Holiday, book: Book | None) -> SeasonalAdjustment | str:
    entry = book.entries.get(str(series.name)) if book is not None else None
    try:
        if entry is not None:
            return adjust_with(entry, series)
        return adjust(series, method, holiday, jobs=1)
    except BnAnalysisError as error:
        return str(error)

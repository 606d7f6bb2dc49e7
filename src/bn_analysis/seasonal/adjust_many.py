"""A table of monthly series → the adjustment of each, with the errors of those that could not be adjusted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bn_analysis.errors import BnAnalysisError
from bn_analysis.seasonal.adjust import AskedMethod, Holiday, adjust
from bn_analysis.seasonal.result import SeasonalAdjustment
from bn_analysis.seasonal.review import by_the_book
from bn_analysis.seasonal.specification_book import Book
from bn_analysis.seasonal.x13.binary import TIME_LIMIT


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
    errors: Mapping[str, BnAnalysisError]

    def to_frame(self, column: str = "seasonally_adjusted") -> pd.DataFrame:
        """One component of every series, months × series."""
        return pd.DataFrame({name: result.table[column] for name, result in self.adjustments.items()})


def adjust_many(
    table: pd.DataFrame | Mapping[str, pd.Series],
    method: AskedMethod = "auto",
    holiday: Holiday = "tet",
    *,
    book: Book | None = None,
    jobs: int = 2,
    time_limit: float = TIME_LIMIT,
    progress: Callable[[int, int], None] | None = None,
) -> Panel:
    """Adjust every column of a table, or every series of a collection.

    The work is handed to joblib: threads here (X-13 is a program of its own, so threads do not wait for each other),
    or whatever backend ``joblib.parallel_config`` names, a dask cluster for example.

    Parameters
    ----------
    table : pandas.DataFrame or mapping of str to pandas.Series
        Months × series, monthly PeriodIndex; NaN before a series begins, after it ends and in gaps.
    method, holiday
        As for `adjust`.
    book : Book, optional
        Series that have an entry are adjusted with it, the others as `method` and `holiday` say.
    jobs : int
        Series at work at once.
    time_limit : float
        Seconds for one run of X-13.
    progress : callable, optional
        Told after each series how many are done, and of how many.

    Returns
    -------
    Panel
        A series that fails is in ``errors`` and does not stop the others.
    """
    names = list(table)
    # A single series may use all processors for its search.
    inside = 1 if len(names) > 1 else jobs
    tasks = [(table[name].rename(str(name)), method, holiday, book, inside, time_limit) for name in names]
    outcomes = []
    for outcome in _outcomes(tasks, jobs):
        outcomes.append(outcome)
        if progress is not None:
            progress(len(outcomes), len(names))
    pairs = list(zip(map(str, names), outcomes, strict=True))
    return Panel(
        adjustments={name: outcome for name, outcome in pairs if isinstance(outcome, SeasonalAdjustment)},
        errors={name: outcome for name, outcome in pairs if isinstance(outcome, BnAnalysisError)},
    )


def _outcomes(tasks: list[tuple[Any, ...]], jobs: int) -> Iterator[SeasonalAdjustment | BnAnalysisError]:
    """The outcome of each task, in order."""
    if len(tasks) == 1:
        yield _one(*tasks[0])
        return
    from joblib import Parallel, delayed  # takes a tenth of a second that one series need not pay

    yield from Parallel(n_jobs=jobs, prefer="threads", return_as="generator")(delayed(_one)(*task) for task in tasks)


def _one(
    series: pd.Series, method: AskedMethod, holiday: Holiday, book: Book | None, jobs: int, time_limit: float
) -> SeasonalAdjustment | BnAnalysisError:
    entry = book.entry(str(series.name)) if book is not None else None
    try:
        if entry is not None:
            return by_the_book(entry, series, method, holiday, jobs=jobs, time_limit=time_limit)
        return adjust(series, method, holiday, jobs=jobs, time_limit=time_limit)
    except BnAnalysisError as error:
        return error

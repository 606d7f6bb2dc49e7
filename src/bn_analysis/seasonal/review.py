"""The annual review of a series → an entry of the specification book, and an entry plus new months → an adjustment.

Partial concurrent adjustment (ESS Guidelines on Seasonal Adjustment 2024, section on revisions): transform, ARIMA
model, calendar, Tết windows and past outliers are identified once a year; in between, coefficients are estimated anew
each month and only the newest months are searched for outliers.
"""

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.seasonal.adjust import AskedMethod, Holiday, WorkingDays, adjust
from bn_analysis.seasonal.checks import monthly, obstacle
from bn_analysis.seasonal.methods.x13 import from_run, without_tet
from bn_analysis.seasonal.result import Reason, SeasonalAdjustment
from bn_analysis.seasonal.specification_book import OUTLIERS, Entry
from bn_analysis.seasonal.tet.effect import NO_TET
from bn_analysis.seasonal.tet.window_selection import ranked, score_by_x13
from bn_analysis.seasonal.tet.windows import Windows
from bn_analysis.seasonal.x13.binary import TIME_LIMIT, X13RefusedError
from bn_analysis.seasonal.x13.run import X13Result, run
from bn_analysis.seasonal.x13.specification import months_of

_OUTLIER = re.compile(r"(ao|ls|tc|so)\d{4}\.", flags=re.IGNORECASE)

AUTOCORRELATED = 0.01
"""Ljung–Box probability (24 lags) below which the stored model no longer describes the series."""

NEW_OUTLIERS = 2
"""More outliers than this since the review ask for a new one."""

INSIGNIFICANT = 1.0
"""|t| below which the Tết windows together no longer earn their place (largest of the windows)."""


def review(adjustment: SeasonalAdjustment, known: str = "") -> Entry:
    """The specification an automatic X-13 adjustment settled on, as an entry of the book.

    Parameters
    ----------
    adjustment : SeasonalAdjustment
    known : str
        Day of the newest figure behind it, YYYY-MM-DD; "" where it serves any day.

    Raises
    ------
    InputError
        The adjustment was not made by X-13, or with outliers given.
    """
    spec = adjustment.specification
    if spec is None or spec.arima is None:
        raise InputError(f"{adjustment.name}: adjusted by {adjustment.method}; only X-13 adjustments enter the book")
    critical = adjustment.diagnostics.get("outlier_critical")
    if critical is None:
        raise InputError(f"{adjustment.name}: its outliers were given, not searched; use renew with its entry")
    return Entry(
        name=adjustment.name,
        reviewed=str(adjustment.table.index[-1]),
        transform=spec.transform,
        arima=spec.arima,
        variables=spec.variables,
        windows=adjustment.tet.windows,
        critical=critical,
        working_days="td" in spec.usertypes,
        method=spec.method,
        known=known,
        first=str(adjustment.table.index[0]),
        scores=_kept(adjustment.tet.scores),
    )


def renew(entry: Entry, series: pd.Series, known: str = "") -> Entry:
    """The annual review of a series already in the book: keep what still fits, identify anew what does not.

    While the stored model leaves no autocorrelation and the Tết windows still show, model, calendar and windows stay
    and only the outliers are searched again over the whole series; a review that changes its mind every year revises
    the past for nothing. Otherwise everything is identified anew, as for a series that enters the book.

    Parameters
    ----------
    entry : Entry
    series : pandas.Series
        Monthly, at least up to the last review.
    known : str
        As for `review`.

    Raises
    ------
    NotEnoughDataError
        The series is too short for X-13, has gaps, ends before the last review, or begins in another month.
    X13Error
        X-13 is missing, ran too long or refused.
    """
    values = _checked(entry, series)
    calendar = tuple(word for word in entry.variables if not _OUTLIER.match(word))
    spec = entry.specification(months_of(values))
    result = run(spec.with_(variables=calendar, outliers=OUTLIERS, critical=None, outlier_span=None), values)
    if set(signs_of_age(entry, result)) - {"new_outliers"}:
        days: WorkingDays = "vietnam" if entry.working_days else "x13"
        method: AskedMethod = "seats" if entry.method == "seats" else "x13"
        anew = adjust(values.rename(entry.name), method, "tet" if entry.windows else "none", working_days=days)
        return review(anew, known)
    scores = score_by_x13(values, without_tet(result.given, months_of(values))) if entry.windows else NO_TET.scores
    return replace(
        entry,
        reviewed=str(values.index[-1]),
        variables=result.variables,
        critical=result.number("aocrit"),
        known=known,
        scores=_kept(scores),
    )


def _kept(scores: pd.DataFrame) -> tuple[tuple[Windows, float], ...]:
    """Choices and their AICC as an entry holds them, no window first."""
    pairs = zip(scores["choice"], scores["aicc"], strict=True)
    return tuple(sorted(pairs, key=lambda pair: (pair[0] != (), pair[1])))


def adjust_with(entry: Entry, series: pd.Series, *, time_limit: float = TIME_LIMIT) -> SeasonalAdjustment:
    """Adjust a series with its entry of the book.

    Parameters
    ----------
    entry : Entry
    series : pandas.Series
        Monthly, at least up to the review.

    Returns
    -------
    SeasonalAdjustment
        ``reason.code`` is ``book``, or ``book_outdated`` with the signs that ask for a review.

    Raises
    ------
    NotEnoughDataError
        The series is too short for X-13, has gaps, ends before the review, or begins in another month.
    X13Error
        X-13 is missing, ran too long or refused.
    """
    values = _checked(entry, series)
    result = run(entry.specification(months_of(values)), values, time_limit=time_limit)
    signs = signs_of_age(entry, result)
    facts: dict[str, Any] = {"reviewed": entry.reviewed}
    reason = Reason("book_outdated", facts | {"signs": signs}) if signs else Reason("book", facts)
    scores = ranked(*zip(*entry.scores, strict=True)) if entry.scores else NO_TET.scores
    return from_run(values, result, entry.windows, scores, reason)


def by_the_book(
    entry: Entry,
    series: pd.Series,
    method: AskedMethod = "auto",
    holiday: Holiday = "tet",
    *,
    jobs: int = 2,
    time_limit: float = TIME_LIMIT,
) -> SeasonalAdjustment:
    """Adjust a series with its entry, or as `adjust` does where the entry is of a series that has changed since.

    Returns
    -------
    SeasonalAdjustment
        ``reason.code`` as of `adjust_with`; ``book_span`` or ``book_refused`` where the series was identified anew.

    Raises
    ------
    InputError, NotEnoughDataError, X13Error
        As `adjust`.
    """
    try:
        return adjust_with(entry, series, time_limit=time_limit)
    except (InputError, NotEnoughDataError, X13RefusedError) as unfit:
        found = adjust(series, method, holiday, jobs=jobs, time_limit=time_limit)
        code = "book_span" if isinstance(unfit, NotEnoughDataError) else "book_refused"
        return replace(found, reason=Reason(code, {"reviewed": entry.reviewed, "words": str(unfit)}))


def _checked(entry: Entry, series: pd.Series) -> pd.Series:
    """The series as X-13 takes it, if it reaches the last review."""
    values, name = monthly(series), f"series {entry.name:.40}"
    hindrance = obstacle(values)
    if hindrance is not None:
        raise NotEnoughDataError(f"{name}: X-13 cannot serve it ({hindrance}); use adjust with method auto")
    if values.index[-1] < pd.Period(entry.reviewed, freq="M"):
        raise NotEnoughDataError(f"{name}: ends in {values.index[-1]}, before its review of {entry.reviewed}")
    if entry.first and str(values.index[0]) != entry.first:
        raise NotEnoughDataError(f"{name}: begins in {values.index[0]}, at its review in {entry.first}")
    return values


def signs_of_age(entry: Entry, result: X13Result) -> tuple[str, ...]:
    """Signs that the stored model no longer fits: ``autocorrelation``, ``new_outliers``, ``tet``; empty if it does."""
    signs = []
    # X-13 lists a lag only where it fails at 5 %.
    if result.number("lbq$24", 2) < AUTOCORRELATED:
        signs.append("autocorrelation")
    if result.number("autoout") > NEW_OUTLIERS:
        signs.append("new_outliers")
    terms = {term.name: term.t_value for term in result.regression}
    t_values = [abs(terms[f"user{i + 1}"]) for i in range(len(entry.windows))]
    if t_values and max(t_values) < INSIGNIFICANT:
        signs.append("tet")
    return tuple(signs)

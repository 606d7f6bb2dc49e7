"""Months → working days in Viet Nam beyond what the calendar month usually has, holidays and exchanged days known."""

from functools import cache

import holidays
import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import public_holidays, tet_day

TET_LEAVE = (-7, 9)
"""Days around Tết whose days off belong to the Tết windows, not to the working days."""

USUAL_YEARS = range(2007, 2035)
"""28 years, in which every date falls four times on every weekday; since 2007 the founding kings' day is a day off."""


def working_days(months: pd.PeriodIndex) -> pd.Series:
    """Working days of each month less the mean of its calendar month.

    Monday to Friday without public days off, plus days of the weekend worked in exchange, as far as the ``holidays``
    package knows them. Days off around Tết are left to the Tết windows. Centred by calendar-month means over
    `USUAL_YEARS`, so that the regressor carries no season (Bell & Hillmer 1983).

    Parameters
    ----------
    months : pandas.PeriodIndex
        Monthly, shape (T,).

    Returns
    -------
    pandas.Series
        Shape (T,), in days.
    """
    counts = np.array([_days_worked(period.year)[period.month - 1] for period in months])
    return pd.Series(counts - _usual()[months.month.to_numpy() - 1], index=months, name="working days")


@cache
def _usual() -> np.ndarray:
    return np.mean([_days_worked(year) for year in USUAL_YEARS], axis=0)


@cache
def _days_worked(year: int) -> np.ndarray:
    """Working days of the twelve months of a year, Tết counted as if it were worked."""
    tet = tet_day(year)
    off = [day for day in public_holidays(year) if not TET_LEAVE[0] <= (day - tet).days <= TET_LEAVE[1]]
    starts = np.arange(f"{year}-01", f"{year + 1}-02", dtype="datetime64[M]").astype("datetime64[D]")
    counts = np.busday_count(starts[:-1], starts[1:], holidays=np.array(sorted(off), dtype="datetime64[D]")).astype(
        float
    )
    for day in _exchanged(year):
        if not TET_LEAVE[0] <= (day - tet).days <= TET_LEAVE[1]:
            counts[day.month - 1] += 1.0
    return counts


@cache
def _exchanged(year: int) -> frozenset:
    """Days of the weekend worked in exchange for a weekday off."""
    calendar = holidays.country_holidays("VN", years=year)
    return frozenset(day for day in calendar.weekend_workdays if day.year == year)

"""Vietnamese calendar facts: from a year to its Tết day and public days off, from months to Tết regressors."""

import datetime as dt
from functools import cache

import holidays
import numpy as np
import pandas as pd

CENTRING_YEARS = (1971, 2060)
"""Span over which a Tết regressor is centred: long enough for every Tết date to occur several times."""


@cache
def tet_day(year: int) -> dt.date:
    """First day of Tết (mùng một) in a year.

    Parameters
    ----------
    year : int
        Gregorian year, 1960 to 2100.

    Returns
    -------
    datetime.date
        The day by the Vietnamese calendar (UTC+7), which differs from the Chinese one in 1985, 2007, 2030 and 2053.
    """
    days = holidays.country_holidays("VN", years=year, language="vi")
    return min(day for day, name in days.items() if "Tết Nguyên Đán" in name.split("; "))


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    """Public days off in a year, swapped days included, as far as the ``holidays`` package knows them."""
    return frozenset(holidays.country_holidays("VN", years=year))


@cache
def _window_shares(year: int, first: int, last: int) -> dict[tuple[int, int], float]:
    """Share of the days Tết+first … Tết+last that falls into each (year, month)."""
    start = tet_day(year) + dt.timedelta(days=first)
    length = last - first + 1
    shares: dict[tuple[int, int], float] = {}
    for offset in range(length):
        day = start + dt.timedelta(days=offset)
        shares[day.year, day.month] = shares.get((day.year, day.month), 0.0) + 1.0 / length
    return shares


def tet_regressor(months: pd.PeriodIndex, first: int, last: int, *, centred: bool = True) -> pd.Series:
    """Share of a window of days around Tết that falls into each month.

    Parameters
    ----------
    months : pandas.PeriodIndex
        Monthly periods, shape (T,).
    first, last : int
        First and last day of the window, in days from the first day of Tết (0); −6, −1 is the six days before.
    centred : bool
        Subtract the mean of each calendar month over `CENTRING_YEARS`, so that the regressor carries no
        seasonal pattern and no level (Bell & Hillmer 1983; X-13 reference manual, section on user-defined holidays).

    Returns
    -------
    pandas.Series
        Shape (T,), without unit.
    """
    if last < first:
        raise ValueError(f"window {first}…{last}: the last day lies before the first")
    years = range(int(months.year.min()) - 1, int(months.year.max()) + 2)
    shares = {key: value for year in years for key, value in _window_shares(year, first, last).items()}
    values = np.array([shares.get((p.year, p.month), 0.0) for p in months])
    if centred:
        values = values - _calendar_month_means(first, last)[months.month.to_numpy() - 1]
    return pd.Series(values, index=months, name=f"tet[{first},{last}]")


@cache
def _calendar_month_means(first: int, last: int) -> np.ndarray:
    """Mean share of each calendar month (shape (12,)) over the centring span."""
    begin, end = CENTRING_YEARS
    totals = np.zeros(12)
    for year in range(begin, end + 1):
        for (_, month), share in _window_shares(year, first, last).items():
            totals[month - 1] += share
    return totals / (end - begin + 1)

"""A month → the day on which its official figures are due, and which months are late on a given day."""

import calendar
import datetime as dt

from bn_analysis.cleaning.calendars.tet import public_holidays
from bn_analysis.errors import InputError

DECREE_62 = "2024-07"
"""First month whose figures are released on day `DAY_SINCE` of the month after (Decree 62/2024/NĐ-CP)."""
DAY_SINCE, DAY_BEFORE = 6, 29
"""Day of release: of the month after since the decree; of the month itself, about, until then."""


def due(period: str) -> dt.date:
    """Day by which the figures of a month are to be released.

    Parameters
    ----------
    period : str
        Month, YYYY-MM.

    Returns
    -------
    datetime.date
        The day of the calendar of releases; where it is a day off (Tết, other holidays, weekends) the next working day.
        Before Decree 62/2024 an approximate day, as releases then had no fixed one.

    Raises
    ------
    InputError
        Not a month.
    """
    year, month = _month(period)
    if period >= DECREE_62:
        year, month = _after(year, month)
        day = dt.date(year, month, DAY_SINCE)
    else:
        day = dt.date(year, month, min(DAY_BEFORE, calendar.monthrange(year, month)[1]))
    while day.weekday() >= 5 or day in public_holidays(day.year):
        day += dt.timedelta(days=1)
    return day


def following(period: str) -> str:
    """The month after a month, both YYYY-MM."""
    year, month = _after(*_month(period))
    return f"{year}-{month:02d}"


def late(last_period: str, today: dt.date) -> tuple[str, ...]:
    """Months after `last_period` (YYYY-MM) whose figures were due before `today`, oldest first.

    A month is late from the day after it was due: on the day itself the figures may still come.
    """
    months: list[str] = []
    while due(month := following(months[-1] if months else last_period)) < today:
        months.append(month)
    return tuple(months)


def _month(period: str) -> tuple[int, int]:
    try:
        first = dt.date.fromisoformat(f"{period}-01")
    except ValueError:
        raise InputError(f"period {period!r}: expected YYYY-MM") from None
    return first.year, first.month


def _after(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)

"""A month → the day on which its official figures are due, and which months are late on a given day."""

import calendar
import datetime as dt

from bn_analysis.cleaning.calendars.tet import public_holidays
from bn_analysis.errors import InputError

DAYS_AFTER = (("2026-05", 3), ("2024-07", 6))
"""First month of each rule, the newest first, and the day of the month after on which its figures are released.

The 6th: Decree 62/2024/NĐ-CP, seen on the releases of 2024-07 to 2026-04 (6 April and 6 September 2025, a Sunday and a
Saturday, included). The 3rd: seen on those of 2026-05 to 2026-08 (3 June, 3 July, 3 August, 3 September 2026)."""
DAY_BEFORE = 29
"""Day of the month itself, about, on which figures were released before any of these rules."""


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
    day = _day_after(period)
    if day is None:
        day = dt.date(year, month, min(DAY_BEFORE, calendar.monthrange(year, month)[1]))
    while day.weekday() >= 5 or day in public_holidays(day.year):
        day += dt.timedelta(days=1)
    return day


def published(period: str, dated: str) -> str:
    """Day on which the figures of a month became known, where the office dates them by the end of that month.

    Workbooks went on to be dated the 29th after Decree 62/2024 had moved the release into the month after: their date
    alone would let figures be known a week before anyone had seen them. The day is not moved by weekends: the office
    has released on Saturdays and Sundays.

    Parameters
    ----------
    period : str
        Month of the release, YYYY-MM.
    dated : str
        Day that its file bears, YYYY-MM-DD.

    Returns
    -------
    str
        YYYY-MM-DD: `dated`, or the day of the rule where that is later.
    """
    day = _day_after(period)
    return dated if day is None else max(dated, day.isoformat())


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


def _day_after(period: str) -> dt.date | None:
    """Day of the month after on which a month's figures are released; None before any such rule."""
    year, month = _after(*_month(period))
    return next((dt.date(year, month, day) for first, day in DAYS_AFTER if period >= first), None)


def _after(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)

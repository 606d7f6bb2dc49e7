"""Numbers, months and days → the way Vietnamese and English readers write them."""

import datetime as dt
import math

import pandas as pd
from babel.dates import format_date

from bn_analysis.cleaning.language.classification import Language
from bn_analysis.cleaning.language.numbers import format_number, format_percent

MISSING = {"vi": "không có số liệu", "en": "no data"}


def number(value: float | None, language: Language, decimals: int = 1, *, signed: bool = False) -> str:
    """1234.5 → "1.234,5" (vi) or "1,234.5" (en); a missing value says so in words.

    Parameters
    ----------
    value : float or None
    language : {"vi", "en"}
    decimals : int
        Digits after the point, zeros kept.
    signed : bool
        Write a plus before a positive value.
    """
    if value is None or not math.isfinite(value):
        return MISSING[language]
    text = format_number(value, decimals, language)
    return f"+{text}" if signed and round(value, decimals) > 0 else text


def percent(value: float | None, language: Language, decimals: int = 1, *, signed: bool = False) -> str:
    """7.34 → "7,34%" (vi) or "7.34%" (en), as offices in Viet Nam write it too; `value` is already in per cent."""
    if value is None or not math.isfinite(value):
        return MISSING[language]
    return format_percent(value, decimals, language, signed=signed)


def probability(value: float | None, language: Language) -> str:
    """A share of simulated paths as whole per cent; never "0%" or "100%", which simulation cannot show."""
    if value is None or not math.isfinite(value):
        return MISSING[language]
    if value < 0.01:
        return {"vi": "dưới ", "en": "below "}[language] + percent(1, language, 0)
    if value > 0.99:
        return {"vi": "trên ", "en": "above "}[language] + percent(99, language, 0)
    return percent(100 * value, language, 0)


def month(period: pd.Period | str | None, language: Language) -> str:
    """2024-03 → "tháng 3/2024" or "March 2024"."""
    if period is None or period is pd.NaT:
        return MISSING[language]
    stamp = pd.Period(period, freq="M")
    if language == "vi":
        return f"tháng {stamp.month}/{stamp.year}"
    return str(format_date(stamp.to_timestamp().date(), "MMMM yyyy", locale="en"))


def short_month(period: pd.Period | str, language: Language) -> str:
    """2024-03 → "3/2024" or "Mar 2024": for axes and tables."""
    stamp = pd.Period(period, freq="M")
    if language == "vi":
        return f"{stamp.month}/{stamp.year}"
    return str(format_date(stamp.to_timestamp().date(), "MMM yyyy", locale="en"))


def span(first: pd.Period, last: pd.Period, language: Language) -> str:
    """Two months → "12/2024–4/2025" or "Dec 2024–Apr 2025"; one month where they are the same."""
    months = (first,) if first == last else (first, last)
    return "–".join(short_month(each, language) for each in months)


def base(text: str, language: Language) -> str:
    """The period whose mean is 100, a year, a month or "2019-08…2020-07" → "2019", "8/2019" or "8/2019–7/2020"."""
    first, _, last = text.partition("…")
    whole_year = first.endswith("-01") and last == f"{first[:4]}-12"
    if len(first) == 4 or whole_year:
        return first[:4]
    return span(pd.Period(first, "M"), pd.Period(last or first, "M"), language)


def day(text: str, language: Language) -> str:
    """2024-03-31 → "31/3/2024" or "31 March 2024"."""
    date = dt.date.fromisoformat(text)
    return (
        f"{date.day}/{date.month}/{date.year}"
        if language == "vi"
        else str(format_date(date, "d MMMM yyyy", locale="en"))
    )

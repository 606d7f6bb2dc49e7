"""Turns whatever was handed in as a series into a gap-free run of finite numbers, or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError

FREQUENCY_NAMES = {"M": "monthly", "Q": "quarterly"}


def month_before(period: str) -> str:
    """The month before a month, both written YYYY-MM."""
    return str(pd.Period(period, freq="M") - 1)


def checked(series: pd.Series, *, frequencies: Sequence[str] = ("M",)) -> pd.Series:
    """A copy as float, cut to the span from the first to the last value present.

    Parameters
    ----------
    series : Series
        Numbers under a PeriodIndex in order of time, one row a period.
    frequencies : sequence of {"M", "Q"}
        Which frequencies are accepted.

    Raises
    ------
    InputError
        Not a Series, wrong index, periods repeated or out of order, text or infinite values, a hole inside.
    """
    if not isinstance(series, pd.Series):
        raise InputError(f"series: found {type(series).__name__}, expected a pandas Series with a monthly PeriodIndex")
    check_index(series.index, "series", frequencies)
    numbers = pd.to_numeric(series, errors="coerce").astype(float)
    wrong = (numbers.isna() & series.notna()) | np.isinf(numbers)
    if wrong.any():
        at = wrong.idxmax()
        raise InputError(
            f"series: {at} holds {str(series[at])[:40]!r}, expected a finite number: correct it or leave it empty"
        )
    first, last = numbers.first_valid_index(), numbers.last_valid_index()
    if first is None:
        raise InputError("series: it holds no value at all, expected one number a period")
    numbers = numbers.loc[first:last]
    holes = numbers.index[numbers.isna()]
    if len(holes):
        raise InputError(f"series: no value for {listed(holes)} between {first} and {last}: fill the holes first")
    return numbers


def check_index(index: pd.Index, what: str, frequencies: Sequence[str] = ("M",)) -> None:
    """Raise InputError unless the index is a PeriodIndex without repeated, missing or unordered periods."""
    wanted = " or ".join(FREQUENCY_NAMES[frequency] for frequency in frequencies)
    if not isinstance(index, pd.PeriodIndex) or index.freqstr[0] not in frequencies:
        found = getattr(index, "freqstr", None) or type(index).__name__
        raise InputError(f"{what}: the index is {found}, expected a {wanted} PeriodIndex")
    if len(index) == 0:
        raise InputError(f"{what}: it is empty, expected one row a period")
    steps = np.diff(index.asi8)
    if (steps != 1).any():
        row = int(np.flatnonzero(steps != 1)[0])
        raise InputError(
            f"{what}: {index[row + 1]} follows {index[row]}, expected {index[row] + 1}: one row a period, in order"
        )


def listed(periods: Sequence[pd.Period], limit: int = 3) -> str:
    """The first few periods as text, with how many more there are."""
    shown = ", ".join(str(period) for period in periods[:limit])
    return shown if len(periods) <= limit else f"{shown} and {len(periods) - limit} more"

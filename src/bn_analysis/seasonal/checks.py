"""Whatever was handed in as a series → a monthly series in order, and what keeps X-13 from serving it."""

import numpy as np
import pandas as pd

from bn_analysis.cleaning.csv_cells import refuse_few_months
from bn_analysis.errors import InputError, NotEnoughDataError, bilingual
from bn_analysis.seasonal.result import Reason
from bn_analysis.seasonal.x13.specification import LONGEST_SERIES, SHORTEST_SERIES

FEWEST_OF_A_MONTH = 2
"""A calendar month seen once cannot be told from its season."""
SHORTEST_ANY = 24
"""Months below which no method can tell a season from anything else: two of each calendar month."""


MOST_EMPTY = 0.05
"""Share of months without a value that X-13 bridges by regressors: each costs a parameter."""
LONGEST_EMPTY_RUN = 2
"""Share of months without a value, and months in a row, that X-13's missing-value regressors bridge: each costs a
parameter, and two months in a row still have neighbours of their own on both sides."""


def monthly(series: pd.Series) -> pd.Series:
    """A copy as float from the first to the last value present, months without a value as NaN.

    Raises
    ------
    InputError
        Not a Series with a monthly PeriodIndex, months repeated or out of order, text or infinite values, no value.
    NotEnoughDataError
        Fewer than `SHORTEST_ANY` months hold a value.
    """
    index = series.index if isinstance(series, pd.Series) else None
    if not isinstance(index, pd.PeriodIndex) or index.freqstr != "M":
        found = type(series if index is None else index).__name__
        raise InputError(
            bilingual(
                f"chuỗi: gặp {found}, cần một Series của pandas với PeriodIndex theo tháng",
                f"series: found {found}, expected a pandas Series with a monthly PeriodIndex",
            )
        )
    ten, name = (f"{word} {series.name!s:.40}" for word in ("chuỗi", "series"))
    steps = np.diff(index.asi8)
    if (steps < 1).any():
        at = int(np.argmax(steps < 1))
        raise InputError(
            bilingual(
                f"{ten}: gặp {index[at + 1]} sau {index[at]}, cần tháng muộn hơn, mỗi tháng một dòng",
                f"{name}: found {index[at + 1]} after {index[at]}, expected a later month, one row a month",
            )
        )
    values = pd.to_numeric(series, errors="coerce").astype(float)
    wrong = (values.isna() & series.notna()) | np.isinf(values)
    if wrong.any():
        at = index[wrong.to_numpy()][0]
        raise InputError(
            bilingual(
                f"{ten}: tháng {at} không phải một con số, cần một số hoặc ô trống",
                f"{name}: {at} holds no finite number, expected one or an empty cell",
            )
        )
    known = index[values.notna().to_numpy()]
    if len(known) < SHORTEST_ANY:
        raise NotEnoughDataError(
            bilingual(
                f"{ten}: {len(known)} tháng có giá trị, cần ít nhất {SHORTEST_ANY}",
                f"{name}: {len(known)} months with a value, expected at least {SHORTEST_ANY}",
            )
        )
    _refuse_unseen_months(known, name)
    if len(known) == len(values) and (steps == 1).all():
        return values
    whole = values.reindex(pd.period_range(known[0], known[-1], freq="M"))
    whole.name = series.name
    return whole


def _refuse_unseen_months(known: pd.PeriodIndex, name: str) -> None:
    """A calendar month that was seen less than twice has no season that could be told: nothing is invented for it."""
    refuse_few_months(known, name)
    counts = known.month.value_counts()
    if counts.min() < FEWEST_OF_A_MONTH:
        ten = name.replace("series", "chuỗi", 1)
        rare = ", ".join(str(month) for month in sorted(counts.index[counts < FEWEST_OF_A_MONTH]))
        raise NotEnoughDataError(
            bilingual(
                f"{ten}: tháng {rare} chỉ có giá trị trong một năm, cần hai năm cho mỗi tháng",
                f"{name}: month {rare} has a value in one year only, expected two of each month",
            )
        )


def obstacle(series: pd.Series) -> Reason | None:
    """What keeps X-13 from serving a series from `monthly`; None if nothing does."""
    if not isolated_gaps(series):
        return Reason("gaps", {"months": int(series.isna().sum()), "first": str(series.index[series.isna()][0])})
    if len(series) < SHORTEST_SERIES:
        return Reason("short", {"months": len(series), "needed": SHORTEST_SERIES})
    if len(series) > LONGEST_SERIES:
        return Reason("long", {"months": len(series), "most": LONGEST_SERIES})
    if is_constant(series):
        return Reason("constant", {"value": float(series.iloc[0])})
    return None


def isolated_gaps(series: pd.Series) -> bool:
    """Whether the months without a value, if any, are few and apart, so that X-13 estimates them by the way."""
    empty = series.isna().to_numpy()
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(int))))[::2]
    return not empty.any() or (empty.mean() <= MOST_EMPTY and runs.max() <= LONGEST_EMPTY_RUN)


def is_constant(series: pd.Series) -> bool:
    """Whether all known values are the same."""
    known = series.dropna().to_numpy()
    return bool(np.ptp(known) == 0.0)


def takes_logs(series: pd.Series) -> bool:
    """Whether logs can be taken: all known values are positive."""
    return bool((series.dropna() > 0).all())

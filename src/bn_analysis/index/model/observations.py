"""Table of published rates of one series → arrays of noisy log changes, checked, with echoes of one print removed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cleaning.language.classification import MEASURES
from bn_analysis.cleaning.rates import RELEASES
from bn_analysis.errors import InputError

LONGEST_GAP = 36
"""Months without any figure that an estimate may bridge; a longer stretch is refused."""

REQUIRED = ("indicator", "territory", "industry", "period", "measure", "value_pct", "decimals", "release")
_IDENTITY = ["period", "measure", "value_pct", "decimals", "release", "release_date", "source"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Published rates of one series.

    Attributes
    ----------
    territory, industry, indicator : str
        What the series is.
    vintage : str
        Day of the newest figure (YYYY-MM-DD), or "undated".
    table : pandas.DataFrame, F rows
        The rows that enter the estimate, ordered by period, measure and release.
    month : ndarray of int, shape (F,)
        Period as the ordinal of a monthly pandas Period.
    log_change : ndarray, shape (F,)
        log(1 + value_pct / 100).
    rounding_sd : ndarray, shape (F,)
        Standard deviation of the rounding error in logs: half the last printed digit, uniform.
    series : ndarray of int, shape (F,)
        Series of the model (`layout.Layout`) that each figure speaks of.
    """

    territory: str
    industry: str
    indicator: str
    vintage: str
    table: pd.DataFrame
    month: NDArray[np.int64]
    log_change: NDArray[np.float64]
    rounding_sd: NDArray[np.float64]
    series: NDArray[np.int64]

    @property
    def name(self) -> str:
        """Territory and industry, the name under which other series borrow from this one."""
        return f"{self.territory} {self.industry}"

    @property
    def first_month(self) -> int:
        """Ordinal of the first month that a figure is published for."""
        return int(self.month.min())

    @property
    def earliest(self) -> int:
        """Ordinal of the earliest month that a figure refers to."""
        return int((self.month - months_back(self.month, list(self.table["measure"]))).min())

    @property
    def last_month(self) -> int:
        """Ordinal of the last month that a figure is published for."""
        return int(self.month.max())


def read_figures(rates: pd.DataFrame) -> Figures:
    """Check the rates of one series and turn them into log changes.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table of published rates of one territory, industry and indicator, `value_pct` in per cent.

    Returns
    -------
    Figures
        Ordered by period, measure, release, date and value, so that the order of the rows of `rates` does not matter.

    Raises
    ------
    InputError
        No rows, several series, a missing column, an impossible rate, a duplicated figure, or a stretch of more than
        `LONGEST_GAP` months without any figure.
    """
    missing = [column for column in REQUIRED if column not in rates.columns]
    if missing:
        raise InputError(f"rates: column {', '.join(missing)} is missing; expected a table of published rates")
    if rates.empty:
        raise InputError("rates: found no figure; expected the published rates of one territory and industry")
    names = {column: _single(rates, column) for column in ("territory", "industry", "indicator")}
    table = rates.copy()
    for column in ("release_date", "source"):
        if column not in table.columns:
            table[column] = None
    _check_cells(table)
    table["_dated"] = table["release_date"].fillna("").astype(str)
    order = ["period", "measure", "release", "_dated", "decimals", "value_pct"]
    table = table.sort_values(order, kind="stable").drop(columns="_dated")
    dates = table["release_date"].dropna()
    table = table[~_echoes(table)].reset_index(drop=True)
    month = _ordinals(table["period"])
    _check_gaps(table)
    ratio = 1.0 + table["value_pct"].to_numpy(float) / 100.0
    half_digit = 0.5 * 10.0 ** -table["decimals"].to_numpy(float) / 100.0
    return Figures(
        vintage=str(dates.max()) if len(dates) else "undated",
        table=table,
        month=month,
        log_change=np.log(ratio),
        rounding_sd=half_digit / np.sqrt(3.0) / ratio,
        series=np.zeros(len(table), dtype=np.int64),
        **names,
    )


def months_back(month: NDArray[np.int64], measure: Sequence[str]) -> NDArray[np.int64]:
    """How many months before its period a rate reaches."""
    kind = np.asarray(measure, dtype=object)
    return np.select([kind == "mom", kind == "yoy", kind == "quarter_yoy"], [1, 12, 14], default=12 + month % 12)


def parse_month(value: str | pd.Period, what: str) -> pd.Period:
    """A month given as YYYY-MM or Period; InputError naming the parameter otherwise."""
    if isinstance(value, pd.Period):
        return value.asfreq("M")
    try:
        return pd.Period(pd.to_datetime(str(value), format="%Y-%m"), freq="M")
    except ValueError:
        raise InputError(f"{what}: found {value!r}, expected a month written YYYY-MM") from None


def _single(rates: pd.DataFrame, column: str) -> str:
    found = sorted(map(str, rates[column].unique()))
    if len(found) != 1:
        raise InputError(f"rates: found {len(found)} values of {column} ({', '.join(found[:4])}); expected one series")
    return found[0]


def _check_cells(table: pd.DataFrame) -> None:
    for column, allowed in (("measure", MEASURES), ("release", RELEASES)):
        wrong = table[~table[column].isin(allowed)]
        if len(wrong):
            raise InputError(
                f"{_cell(wrong)}: {column} {wrong[column].iloc[0]!r}, expected one of {', '.join(allowed)}"
            )
    wrong = table[~table["period"].astype(str).str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")]
    if len(wrong):
        raise InputError(f"{_cell(wrong)}: period {wrong['period'].iloc[0]!r}, expected YYYY-MM")
    values = pd.to_numeric(table["value_pct"], errors="coerce").astype(float)
    wrong = table[~np.isfinite(values) | (values <= -100.0)]
    if len(wrong):
        raise InputError(f"{_cell(wrong)}: rate {wrong['value_pct'].iloc[0]}, expected a finite change above −100 %")
    digits = pd.to_numeric(table["decimals"], errors="coerce").astype(float)
    wrong = table[~(digits >= 0) | ~np.isfinite(digits)]
    if len(wrong):
        raise InputError(f"{_cell(wrong)}: decimals {wrong['decimals'].iloc[0]}, expected the number of printed digits")
    wrong = table[table.duplicated(_IDENTITY)]
    if len(wrong):
        raise InputError(f"{_cell(wrong)}: found the same figure twice, expected one row a figure; remove the copy")


def _cell(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    return f"{row['territory']} {row['industry']} {row['period']} {row['measure']}"


def _ordinals(periods: pd.Series) -> NDArray[np.int64]:
    """Ordinal of monthly Periods (months since January 1970) of strings YYYY-MM."""
    text = periods.astype(str).str
    return np.asarray(12 * (text[:4].astype(int) - 1970) + text[5:].astype(int) - 1, dtype=np.int64)


def _echoes(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that repeat a finer print of the same cell in fewer digits: they say nothing new.

    January's year-to-date is its y/y and the first quarter's rate is March's year-to-date.
    """
    measure = table["measure"].where(~((table["measure"] == "ytd") & table["period"].str.endswith("-01")), "yoy")
    measure = measure.where(~((measure == "quarter_yoy") & table["period"].str.endswith("-03")), "ytd")
    echo = np.zeros(len(table), dtype=bool)
    values, digits = table["value_pct"].to_numpy(float), table["decimals"].to_numpy(int)
    groups = table.groupby([table["period"], measure, table["release"]], sort=False)
    for rows in groups.indices.values():
        finest_first = sorted(rows, key=lambda i: (-digits[i], i))
        kept: list[int] = []
        for i in finest_first:
            tolerance = 0.5 * 10.0 ** -float(digits[i]) + 1e-9
            echo[i] = any(abs(values[i] - values[j]) <= tolerance for j in kept)
            if not echo[i]:
                kept.append(i)
    return echo


def gaps_of(rates: pd.DataFrame) -> list[tuple[pd.Period, pd.Period]]:
    """First and last month of every stretch that no published rate covers, the oldest first."""
    covered: set[int] = set()
    for last, kind in zip(_ordinals(rates["period"]), rates["measure"], strict=True):
        back = {"ytd": int(last % 12), "quarter_yoy": 2}.get(str(kind), 0)
        covered.update(range(int(last) - back, int(last) + 1))
    months = np.array(sorted(covered))
    before = np.flatnonzero(np.diff(months) > 1)
    return [
        (pd.Period(ordinal=months[at] + 1, freq="M"), pd.Period(ordinal=months[at + 1] - 1, freq="M")) for at in before
    ]


def covered_from(rates: pd.DataFrame) -> pd.Period:
    """First month after the last stretch too long to bridge; the first month with a figure where there is none."""
    long = [stop for begin, stop in gaps_of(rates) if (stop - begin).n + 1 > LONGEST_GAP]
    return long[-1] + 1 if long else pd.Period(rates["period"].min(), freq="M")


def _check_gaps(table: pd.DataFrame) -> None:
    """Refuse a stretch of more than `LONGEST_GAP` months that no published rate covers."""
    for begin, stop in gaps_of(table):
        length = (stop - begin).n + 1
        if length > LONGEST_GAP:
            raise InputError(
                f"{table['territory'].iloc[0]} {table['industry'].iloc[0]}: no figure from {begin} to {stop} "
                f"({length} months); an estimate bridges at most {LONGEST_GAP}: start after the gap or add figures"
            )

"""The text of a file X-13 saved → a table of numbers by month, its diagnostics, or the variables of its model."""

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

_HEADER = re.compile(r"[Dd]ate\t(?P<names>[^\n]*)\n[-\t ]+\n")


def read_udg(text: str) -> dict[str, str]:
    """Lines ``key: value`` of a ``.udg`` file; a key given twice keeps its last value."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {key.strip(): value.strip() for key, separator, value in pairs if separator}


def read_variables(text: str) -> tuple[str, ...]:
    """Built-in regression variables listed in a model file (``.mdl``)."""
    match = re.search(r"variables=\((.*?)\)\s*$", text.partition("b=(")[0], flags=re.DOTALL | re.MULTILINE)
    return tuple(match[1].split()) if match else ()


def read_arma(udg: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """AR and MA polynomials of the final model, seasonal factors multiplied in, without the differences."""
    operators: dict[tuple[str, str], dict[int, float]] = {}
    for key, value in udg.items():
        parts = key.split("$")
        if len(parts) == 4 and parts[0] in ("AR", "MA"):
            operators.setdefault((parts[0], parts[1]), {})[int(parts[3])] = float(value.split()[0])
    found = {"AR": np.ones(1), "MA": np.ones(1)}
    for (kind, _), lags in operators.items():
        polynomial = np.zeros(max(lags) + 1)
        polynomial[0] = 1.0
        for lag, coefficient in lags.items():
            polynomial[lag] = -coefficient
        found[kind] = np.convolve(found[kind], polynomial)
    return found["AR"], found["MA"]


def is_table(text: str) -> bool:
    """Whether a file is a saved table: a heading ``date``, a rule, then rows of numbers."""
    return _HEADER.match(text) is not None


def read_table(text: str) -> pd.DataFrame:
    """A saved table (``date``, then tab-separated numbers of 15 digits) as months × columns.

    Raises
    ------
    ValueError
        The text is no such table: no heading, a row of another length, no number, months out of order.
    """
    names, first, values = read_numbers(text)
    return pd.DataFrame(values, index=consecutive_months(first, len(values)), columns=names)


def read_numbers(text: str) -> tuple[list[str], int, np.ndarray]:
    """Column names, first month (as 199101) and numbers (rows × columns) of a saved table; raises as `read_table`."""
    header = _HEADER.match(text)
    if header is None:
        raise ValueError("no heading with the word date")
    names = [name.strip().rpartition(".")[2] for name in header["names"].split("\t")]
    words = text[header.end() :].split()
    if not words or len(words) % (len(names) + 1):
        raise ValueError(f"{len(words)} words do not fill rows of {len(names) + 1}")
    values = np.array(words, dtype=float).reshape(-1, len(names) + 1)
    first = int(values[0, 0])
    if (values[:, 0] != _consecutive_dates(first, len(values))).any():
        raise ValueError("months out of order")
    return names, first, values[:, 1:]


@lru_cache(maxsize=64)
def consecutive_months(first: int, n: int) -> pd.PeriodIndex:
    """`n` months from X-13's ``first``, written 199101."""
    year, month = divmod(first, 100)
    if not 1 <= month <= 12:
        raise ValueError(f"{first} is no month")
    return pd.period_range(pd.Period(year=year, month=month, freq="M"), periods=n, freq="M")


@lru_cache(maxsize=64)
def _consecutive_dates(first: int, n: int) -> np.ndarray:
    ordinals = first // 100 * 12 + first % 100 - 1 + np.arange(n)
    return ordinals // 12 * 100.0 + ordinals % 12 + 1

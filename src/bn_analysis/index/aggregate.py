"""Indices of parts → index of the whole, what each part contributed, how widely a change is spread, why a y/y moved."""

from typing import TypeVar

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError

Levels = TypeVar("Levels", pd.Series, pd.DataFrame)


def rebase(index: Levels, base: str | int) -> Levels:
    """The same index with the mean of a base period = 100.

    Parameters
    ----------
    index : pandas.Series or pandas.DataFrame
        Levels by month (PeriodIndex); each column is rebased by itself.
    base : str or int
        Year ("2015") or month ("2015-06").

    Raises
    ------
    InputError
        The base period is not wholly covered.
    """
    months = _months(index)
    text = str(base)
    inside = (months.strftime("%Y") == text) | (months.strftime("%Y-%m") == text)
    if inside.sum() != (12 if len(text) == 4 else 1) or index[inside].isna().to_numpy().any():
        raise InputError(f"base: found {text!r}, expected a full year or a month from {months[0]} to {months[-1]}")
    return index * (100.0 / index[inside].mean())


def contributions(parts: pd.DataFrame, weights: pd.Series, base: str | int, lag: int = 12) -> pd.DataFrame:
    """Percentage points by which each part moved the whole; their sum is the change of the Laspeyres index.

    Parameters
    ----------
    parts, weights, base
        Levels by month, value-added shares in the base period (scaled to sum to 1), and that period.
    lag : int
        12 for y/y, 1 for m/m.

    Returns
    -------
    pandas.DataFrame, shape (T, K + 1)
        One column a part and ``total``, in percentage points; NaN in the first `lag` months.
    """
    value = rebase(parts, base) * _aligned(parts, weights)
    result = 100.0 * value.diff(lag).div(value.shift(lag).sum(axis=1, skipna=False), axis=0)
    result["total"] = result.sum(axis=1, skipna=False)
    return result


def diffusion(changes: pd.DataFrame, unchanged: float = 0.0) -> pd.Series:
    """Diffusion index: share of parts that rise, those that stay unchanged counting one half.

    Parameters
    ----------
    changes : pandas.DataFrame, shape (T, K)
        Changes of the parts by month; NaN is left out of its month.
    unchanged : float
        Largest absolute change that counts as unchanged, in the unit of `changes`.

    Returns
    -------
    pandas.Series
        0 (all fall) … 1 (all rise); NaN in a month without any part.
    """
    score = pd.DataFrame(
        np.where(changes.abs() <= unchanged, 0.5, (changes > 0).astype(float)), changes.index, changes.columns
    )
    return score.where(changes.notna()).mean(axis=1).rename("diffusion")


def decompose_yoy(index: pd.Series, adjusted: pd.Series) -> pd.DataFrame:
    """Why the change on a year earlier moved: base effect, momentum and calendar, month by month.

    In logs, y/y_t − y/y_{t−1} = Δa_t − Δa_{t−12} + Δc_t − Δc_{t−12}, with a the adjusted level and c the seasonal and
    holiday part: what happened this month, minus what happened in the same month a year ago, plus a moved holiday. The
    columns add up exactly, also over several months.

    Parameters
    ----------
    index, adjusted : pandas.Series
        Levels by month, raw and seasonally adjusted, on the same months.

    Returns
    -------
    pandas.DataFrame
        ``yoy_pct`` and ``base_yoy_pct`` (the y/y of the month a year earlier: how low the base was) in per cent;
        ``change``, ``momentum``, ``base_effect``, ``calendar`` in log points (× 100) from the month before.

    References
    ----------
    ECB Monthly Bulletin, January 2005, box "Base effects and their impact on HICP inflation".
    """
    _months(index)
    if not index.index.equals(adjusted.index):
        raise InputError("decompose_yoy: index and adjusted cover different months; expected the same")
    level, own = 100.0 * np.log(index), 100.0 * np.log(adjusted)
    calendar = level - own
    table = pd.DataFrame({"yoy_pct": 100.0 * index.pct_change(12, fill_method=None)})
    table["base_yoy_pct"] = table["yoy_pct"].shift(12)
    table["change"] = level.diff(12).diff()
    table["momentum"] = own.diff()
    table["base_effect"] = -own.diff().shift(12)
    table["calendar"] = calendar.diff(12).diff()
    table.loc[table["change"].isna(), ["momentum", "base_effect", "calendar"]] = np.nan
    return table


def _aligned(parts: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Weights in the order of the columns, summing to 1."""
    missing = [str(part) for part in parts.columns if part not in weights.index]
    if missing:
        raise InputError(f"weights: none for {', '.join(missing)}; expected one for every part")
    share = weights.reindex(parts.columns).astype(float)
    if not np.isfinite(share).all() or (share < 0).any() or share.sum() <= 0:
        raise InputError(f"weights: found {share.to_dict()}, expected finite shares of at least 0")
    return share / share.sum()


def _months(index: pd.Series | pd.DataFrame) -> pd.PeriodIndex:
    """Its months, without a gap."""
    months = index.index
    if not isinstance(months, pd.PeriodIndex) or months.freqstr != "M":
        raise InputError("index: expected months as a PeriodIndex of frequency M")
    if len(months) == 0 or len(months) != (months[-1] - months[0]).n + 1 or not months.is_monotonic_increasing:
        raise InputError("index: expected every month from the first to the last, each once, in order")
    return months

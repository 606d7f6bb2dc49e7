"""Changes of the whole and of its parts → the weights that explain one by the others, with their uncertainty."""

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.index.aggregate import rebase

_SUM_TO_ONE = 1e4  # weight of the row that makes the shares sum to 1


def estimate_weights(
    total: pd.Series, parts: pd.DataFrame, base: str | int, *, draws: int = 400, seed: int = 0
) -> pd.DataFrame:
    """Base-period weights of a Laspeyres index where none are published.

    If the total is Σ w_i I_i, then Σ w_i I_{i,t−12} (g_it − g_t) = 0 for every y/y g: weights are the non-negative
    shares, summing to 1, that come closest in least squares. Their uncertainty is that of whole calendar years drawn
    with replacement, because errors of neighbouring months go together.

    Parameters
    ----------
    total : pandas.Series, length T
        Index levels of the whole by month.
    parts : pandas.DataFrame, shape (T, K)
        Index levels of all its parts.
    base : str or int
        Base period to which the weights refer.
    draws : int
        Number of samples of years.
    seed : int
        Of the sampling.

    Returns
    -------
    pandas.DataFrame
        By part: weight, low80, high80.

    Raises
    ------
    NotEnoughDataError
        Fewer months with a y/y of the whole and of every part than parts, or fewer than three calendar years.
    """
    if not total.index.equals(parts.index):
        raise InputError("estimate_weights: total and parts cover different months; expected the same")
    levels = rebase(parts, base)
    before = levels.shift(12)
    gap = (before * (levels / before).sub(total / total.shift(12), axis=0)).dropna()
    years = np.asarray(pd.PeriodIndex(gap.index).year)
    groups = [np.flatnonzero(years == year) for year in np.unique(years)]
    if len(gap) < parts.shape[1] or len(groups) < 3:
        raise NotEnoughDataError(
            f"estimate_weights: {len(gap)} common y/y in {len(groups)} years for {parts.shape[1]} parts; "
            "expected at least as many as parts, over three years"
        )
    rng = np.random.default_rng(seed)
    rows = gap.to_numpy(float)
    samples = [
        _shares(rows[np.concatenate([groups[i] for i in rng.integers(len(groups), size=len(groups))])])
        for _ in range(draws)
    ]
    low, high = np.quantile(samples, [0.1, 0.9], axis=0)
    return pd.DataFrame({"weight": _shares(rows), "low80": low, "high80": high}, index=parts.columns)


def _shares(gaps: np.ndarray) -> np.ndarray:
    """Non-negative shares that sum to 1 and bring the weighted gaps closest to 0, shape (K,)."""
    from scipy.optimize import nnls  # no report comes here

    scale = np.sqrt((gaps**2).mean())
    system = np.vstack([gaps / scale, np.full(gaps.shape[1], _SUM_TO_ONE)])
    shares, _ = nnls(system, np.append(np.zeros(len(gaps)), _SUM_TO_ONE))
    return shares / shares.sum()

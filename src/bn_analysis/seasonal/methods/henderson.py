"""A seasonally adjusted series → its trend-cycle, by Henderson's filter with Musgrave's ends, as X-11 draws it."""

import numpy as np
import pandas as pd

LENGTH = 13
"""Months of the filter: the usual choice for monthly series."""
NOISE_RATIO = 3.5
"""Irregular over cycle that the ends of a 13-term filter are made for."""
_SHORTEST = 5  # terms of the shortest Henderson filter


def henderson_weights(length: int) -> np.ndarray:
    """Symmetric weights of Henderson's filter.

    Parameters
    ----------
    length : int
        Odd number of terms, at least 5.

    Returns
    -------
    ndarray, shape (length,)
        They sum to 1 and leave cubic trends as they are.

    References
    ----------
    Ladiray & Quenneville 2001, section 3.2.3.
    """
    half = length // 2
    n = half + 2.0
    j = np.arange(-half, half + 1)
    top = ((n - 1) ** 2 - j**2) * (n**2 - j**2) * ((n + 1) ** 2 - j**2) * (3 * n**2 - 16 - 11 * j**2)
    return 315.0 * top / (8 * n * (n**2 - 1) * (4 * n**2 - 1) * (4 * n**2 - 9) * (4 * n**2 - 25))


def musgrave_weights(symmetric: np.ndarray, ahead: int) -> np.ndarray:
    """Weights where only `ahead` months follow: the least revision once the others arrive.

    Parameters
    ----------
    symmetric : ndarray, shape (length,)
        Of the full filter.
    ahead : int
        Months known after the one that is smoothed.

    Returns
    -------
    ndarray, shape (length // 2 + 1 + ahead,)

    References
    ----------
    Musgrave 1964; Doherty 2001, "The surrogate Henderson filters in X-11".
    """
    known = len(symmetric) // 2 + 1 + ahead
    kept, lost = symmetric[:known], symmetric[known:]
    place = np.arange(1, len(symmetric) + 1) - (known + 1) / 2
    steepness = 4.0 / (np.pi * NOISE_RATIO**2)
    tilt = steepness / (1.0 + known * (known - 1) * (known + 1) / 12.0 * steepness)
    return kept + lost.sum() / known + place[:known] * tilt * float(place[known:] @ lost)


def trend_cycle(adjusted: pd.Series) -> pd.Series:
    """Trend-cycle of a positive, seasonally adjusted monthly series without gaps.

    Parameters
    ----------
    adjusted : pandas.Series
        Levels, shape (T,); smoothed in logs. Fewer than 5 months are returned as they are.

    Returns
    -------
    pandas.Series, shape (T,)
    """
    length = min(LENGTH, len(adjusted) - 1 + len(adjusted) % 2)
    if length < _SHORTEST:
        return adjusted.copy()
    symmetric, logs = henderson_weights(length), np.log(adjusted.to_numpy(float))
    half = length // 2
    smooth = np.empty_like(logs)
    smooth[half : len(logs) - half] = np.convolve(logs, symmetric, mode="valid")
    for ahead in range(half):
        weights = musgrave_weights(symmetric, ahead)
        smooth[-1 - ahead] = weights @ logs[-len(weights) :]
        smooth[ahead] = weights[::-1] @ logs[: len(weights)]
    return pd.Series(np.exp(smooth), index=adjusted.index, name="trend")

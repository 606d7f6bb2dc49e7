"""Values with a few wild ones among them → their spread; scipy.stats has it too, but takes half a second to import."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

_OF_NORMAL = NormalDist().inv_cdf(0.75)
"""Median absolute deviation of a standard normal variable."""


def robust_scale(values: ArrayLike, *, centre: float | None = None) -> np.ndarray | np.floating:
    """Median absolute deviation along the first axis, in units of a normal standard deviation.

    Parameters
    ----------
    values : array_like
    centre : float, optional
        What the values deviate from; by default their median.
    """
    given = np.asarray(values, dtype=float)
    return np.median(np.abs(given - (np.median(given, axis=0) if centre is None else centre)), axis=0) / _OF_NORMAL

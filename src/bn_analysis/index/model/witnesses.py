"""Figures of a series → which of them the other figures could contradict.

Where only changes on the month before are printed, a fall by half and a misprint look alike: no other figure speaks of
that month. Calling it a misprint would be the prior's word against the office's.
"""

import numpy as np
from numpy.typing import NDArray

from bn_analysis.index.model.precision.band_cholesky import Array, IntArray
from bn_analysis.index.model.precision.elimination import covariances, factorise, row_variances
from bn_analysis.index.model.precision.pattern import Pattern, make_pattern

UNKNOWN_SD = 10.0
"""Standard deviation of a log level of which nothing is known: its value does not matter as long as it is large."""
NOMINAL_SD = 0.02
"""Error of a printed rate before scales are learnt: a first m/m with its revision, sqrt(0.01² + 0.015²)."""
WITNESSED_SD = 0.3
"""The others contradict a figure only where they know it better than a misprint would move it (`MISPRINT_SD`)."""


def contradictable(pattern: Pattern, values: Array, n_prior: int, levels: IntArray) -> NDArray[np.bool_]:
    """Whether the other figures alone, without any prior of movement or season, tie down what each figure says.

    Parameters
    ----------
    pattern : Pattern
        Rows of a model.
    values : ndarray, shape (nnz,)
        Their coefficients at equal levels.
    n_prior : int
        Rows before the figures.
    levels : ndarray of int
        Columns of the log levels.

    Returns
    -------
    ndarray of bool, shape (figures,)
    """
    columns = np.sort(levels.ravel())
    keep = (pattern.row >= n_prior) & np.isin(pattern.col, columns)
    count = len(columns)
    # The last row is the border of the bordered matrix, which has nothing to say here.
    row = np.concatenate([np.arange(count + 1), pattern.row[keep] - n_prior + count + 1])
    col = np.concatenate([np.arange(count + 1), np.searchsorted(columns, pattern.col[keep])])
    small = make_pattern(row, col, count, 1)
    coefficients = np.concatenate([np.ones(count + 1), values[keep]])
    figures = small.n_rows - count - 1
    precision = np.concatenate([np.full(count, UNKNOWN_SD**-2), [1.0], np.full(figures, NOMINAL_SD**-2)])
    store = covariances(small, factorise(small, coefficients, precision))
    spread = row_variances(small, coefficients, store)[count + 1 :]
    left = np.maximum(1.0 - spread / NOMINAL_SD**2, 1e-12)  # what a figure does not say by itself
    witnessed: NDArray[np.bool_] = spread / left < WITNESSED_SD**2
    return witnessed

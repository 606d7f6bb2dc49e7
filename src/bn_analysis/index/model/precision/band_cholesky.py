"""A positive definite band matrix in LAPACK storage → Cholesky factor, solutions and the inverse inside the band.

Entries of the inverse come from the block form of Takahashi's recursion (Rue & Held 2005, ch. 2).
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from scipy.linalg.lapack import dpbtrf, dtbtrs, dtrtri

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
_COLUMNS = 32
"""Columns of a block of the selected inverse. Thin blocks do the fewest operations, wide ones the fastest: this many
took the least time in bands of 50 to 110."""


def total(place: IntArray, amount: Array, size: int) -> Array:
    """Sum of the amounts that go to each of `size` places."""
    return np.asarray(np.bincount(place, weights=amount, minlength=size), dtype=float)


def selected_inverse(band: Array) -> Array:
    """Entries of the inverse inside the band, from the lower band Cholesky factor; same storage.

    Works on blocks of columns, from the last to the first (Takahashi's recursion in blocks), so that nearly all time is
    spent in matrix products and the cost grows linearly with the number of columns. The square of the inverse that a
    block needs, those rows after it that the band reaches, slides up the diagonal of a larger square.
    """
    width, n = band.shape
    reach = width - 1
    size, count = _COLUMNS, -(-n // _COLUMNS)
    padded = np.zeros((count * size, width))
    padded[:n] = band.T
    padded[n:, 0] = 1.0
    result = np.empty_like(padded)
    lower = np.tri(size)
    square = np.zeros((2 * width + size, 2 * width + size))
    at = end = len(square) - reach
    for block in range(count - 1, -1, -1):
        if at < size:
            square[end:, end:] = square[at : at + reach, at : at + reach].copy()
            at = end
        columns = slice(block * size, (block + 1) * size)
        own, below = slice(at - size, at), slice(at, at + reach)
        rows = _unpack(padded[columns])
        inverse = dtrtri(rows[:, :size].T, lower=1)[0] * lower
        gain = inverse.T @ rows[:, size:]
        beside = -gain @ square[below, below]
        square[own, own] = inverse.T @ inverse - beside @ gain.T
        square[own, below] = beside
        square[below, own] = beside.T
        result[columns] = _pack(square[own, own.start : below.stop], width)
        at -= size
    return result[:n].T


def _unpack(columns: Array) -> Array:
    """Columns of a band, each from its diagonal down, shape (size, width) → the same as rows of a dense block."""
    size, width = columns.shape
    length = size + width - 1
    buffer = np.zeros(size * (length + 1))
    buffer.reshape(size, length + 1)[:, :width] = columns
    return buffer[: size * length].reshape(size, length)


def _pack(rows: Array, width: int) -> Array:
    """The way back, from a view of a block: each row from its diagonal on."""
    down, right = rows.strides
    return as_strided(rows, (len(rows), width), (down + right, right), writeable=False)


def cholesky_of_band(band: Array) -> Array:
    """Lower Cholesky factor of a band matrix in LAPACK storage, which is overwritten."""
    return _checked(dpbtrf(band, lower=1, overwrite_ab=1))


def forward(band: Array, right: Array) -> Array:
    """Inverse of a lower band factor times a vector or matrix."""
    return _checked(dtbtrs(band, right, uplo="L")).reshape(right.shape)


def backward(band: Array, right: Array) -> Array:
    """Inverse of its transpose times a vector or matrix."""
    return _checked(dtbtrs(band, right, uplo="L", trans="T")).reshape(right.shape)


def _checked(answer: tuple[Array, int]) -> Array:
    solution, info = answer
    if info != 0:
        raise np.linalg.LinAlgError(f"band solver returned {info}")
    return solution

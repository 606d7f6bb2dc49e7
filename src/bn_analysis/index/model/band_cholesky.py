"""Weighted linear statements about monthly states → one bordered band Cholesky for mean, bands, draws, likelihood.

The precision matrix of a monthly state-space prior and of rates that reach back at most 23 months is banded when the
states of a month lie side by side; a few parameters that touch every month (holiday effects, a constant bias) form a
border. Methods: Rue & Held 2005 (ch. 2), Chan & Jeliazkov 2009; variances by the block form of Takahashi's recursion.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, cholesky_banded, solve_triangular
from scipy.linalg.lapack import dpbtrs, dtbtrs, dtrtri

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where the non-zero coefficients of the rows lie, and where their products fall in the precision matrix.

    Attributes
    ----------
    n, m : int
        Number of banded states and of border parameters; columns n … n+m−1 are the border.
    bandwidth : int
        Largest distance between two banded columns of one row.
    row, col : ndarray, shape (nnz,)
        Row and column of each coefficient, rows in ascending order.
    left, right, place, owner, factor : ndarray, shape (pairs,)
        For each pair of coefficients of one row: their positions, the place of the product in the flat store
        (band column by column as LAPACK stores it, border, corner), the row, and 2 for an off-diagonal pair (1 on the
        diagonal).
    """

    n: int
    m: int
    bandwidth: int
    n_rows: int
    row: IntArray
    col: IntArray
    left: IntArray
    right: IntArray
    place: IntArray
    owner: IntArray
    factor: Array

    @property
    def band_size(self) -> int:
        """Entries of the band part of the flat store."""
        return (self.bandwidth + 1) * self.n

    def within(self, high: IntArray, low: IntArray) -> IntArray:
        """Places in the flat store of entries of the band: rows `high`, columns `low` ≤ `high`."""
        return low * (self.bandwidth + 1) + (high - low)


def make_pattern(row: IntArray, col: IntArray, n: int, m: int) -> Pattern:
    """Work out once where every product of two coefficients of a row goes.

    Parameters
    ----------
    row, col : ndarray, shape (nnz,)
        Row and column of each coefficient, rows ascending from 0.
    n, m : int
        Numbers of banded states and of border parameters.
    """
    n_rows = int(row[-1]) + 1
    starts = np.searchsorted(row, np.arange(n_rows + 1))
    widths = np.diff(starts)
    lefts, rights = [], []
    for width in np.unique(widths):
        high, low = np.tril_indices(int(width))
        begin = starts[:-1][widths == width][:, None]
        lefts.append((begin + high).ravel())
        rights.append((begin + low).ravel())
    left, right = np.concatenate(lefts), np.concatenate(rights)
    swap = col[left] < col[right]
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    high, low = col[left], col[right]
    inside = high < n
    bandwidth = int(np.max(np.where(inside, high - low, 0)))
    band_size = (bandwidth + 1) * n
    place = np.where(
        inside,
        low * (bandwidth + 1) + (high - low),
        np.where(low < n, band_size + low * m + (high - n), band_size + n * m + (high - n) * m + (low - n)),
    )
    factor = np.where(high == low, 1.0, 2.0)
    return Pattern(n, m, bandwidth, n_rows, row, col, left, right, place, row[left], factor)


def total(place: IntArray, amount: Array, size: int) -> Array:
    """Sum of the amounts that go to each of `size` places."""
    return np.asarray(np.bincount(place, weights=amount, minlength=size), dtype=float)


def apply_rows(pattern: Pattern, values: Array, x: Array) -> Array:
    """The rows times a state vector of shape (n+m,): shape (n_rows,)."""
    return total(pattern.row, values * x[pattern.col], pattern.n_rows)


def apply_transposed(pattern: Pattern, values: Array, y: Array) -> Array:
    """The transposed rows times a vector of shape (n_rows,): shape (n+m,)."""
    return total(pattern.col, values * y[pattern.row], pattern.n + pattern.m)


@dataclass(frozen=True, slots=True)
class Factor:
    """Cholesky factor of a bordered band precision matrix.

    Attributes
    ----------
    band : ndarray, shape (bandwidth+1, n)
        Lower Cholesky factor of the banded part, LAPACK storage.
    cross : ndarray, shape (n, m)
        Inverse of the banded part times the border.
    corner : ndarray, shape (m, m)
        Lower Cholesky factor of the Schur complement.
    """

    band: Array
    cross: Array
    corner: Array

    @property
    def log_determinant(self) -> float:
        """Logarithm of the determinant of the precision matrix."""
        return 2.0 * float(np.log(self.band[0]).sum() + np.log(np.diag(self.corner)).sum())

    def solve(self, right: Array) -> Array:
        """Precision⁻¹ times a vector (n+m,) or matrix (n+m, q)."""
        n = self.band.shape[1]
        inner = _band_solve(self.band, right[:n])
        border = cho_solve((self.corner, True), right[n:] - self.cross.T @ right[:n])
        return np.concatenate([inner - self.cross @ border, border])

    def sample(self, rng: np.random.Generator, size: int) -> Array:
        """Draws from N(0, precision⁻¹), shape (n+m, size)."""
        n, m = self.cross.shape
        noise = rng.standard_normal((n + m, size))
        border = solve_triangular(self.corner, noise[n:], lower=True, trans="T")
        inner = _checked(dtbtrs(self.band, noise[:n], uplo="L", trans="T"))
        return np.concatenate([inner - self.cross @ border, border])


def factorise(pattern: Pattern, values: Array, precision: Array) -> Factor:
    """Cholesky factor of Σ precision_i a_i a_iᵀ over the rows a_i.

    Parameters
    ----------
    pattern : Pattern
        Structure of the rows.
    values : ndarray, shape (nnz,)
        Coefficients of the rows.
    precision : ndarray, shape (n_rows,)
        Weight of each row divided by its variance.

    Raises
    ------
    numpy.linalg.LinAlgError
        The matrix is not positive definite.
    """
    n, m = pattern.n, pattern.m
    products = precision[pattern.owner] * values[pattern.left] * values[pattern.right]
    store = total(pattern.place, products, pattern.band_size + n * m + m * m)
    by_column = store[: pattern.band_size].reshape(n, pattern.bandwidth + 1)
    band = cholesky_banded(by_column.T, lower=True, overwrite_ab=True, check_finite=False)
    border = store[pattern.band_size : pattern.band_size + n * m].reshape(n, m)
    cross = _band_solve(band, border)
    corner = store[pattern.band_size + n * m :].reshape(m, m)
    corner = np.tril(corner) + np.tril(corner, -1).T - border.T @ cross
    return Factor(band, cross, cholesky(corner, lower=True))


def covariances(pattern: Pattern, factor: Factor) -> Array:
    """Posterior covariances inside the band and the border, in the flat store that `Pattern.place` points into."""
    n, m = pattern.n, pattern.m
    corner = cho_solve((factor.corner, True), np.eye(m))
    shift = factor.cross @ corner
    store = np.empty(pattern.band_size + n * m + m * m)
    by_column = store[: pattern.band_size].reshape(n, pattern.bandwidth + 1)
    by_column[:] = selected_inverse(factor.band).T
    later = sliding_window_view(np.pad(shift, ((0, pattern.bandwidth), (0, 0))), pattern.bandwidth + 1, axis=0)
    by_column += np.einsum("nmo,nm->no", later, factor.cross)
    store[pattern.band_size : pattern.band_size + n * m] = -shift.ravel()
    store[pattern.band_size + n * m :] = corner.ravel()
    return store


def row_variances(pattern: Pattern, values: Array, store: Array) -> Array:
    """Posterior variance of every row's linear combination of the states, shape (n_rows,).

    Rows join states at most a bandwidth apart, so the covariances in the store are all that is needed.
    """
    products = pattern.factor * values[pattern.left] * values[pattern.right] * store[pattern.place]
    return total(pattern.owner, products, pattern.n_rows)


def selected_inverse(band: Array) -> Array:
    """Entries of the inverse inside the band, from the lower band Cholesky factor; same storage.

    Works on blocks of columns, from the last to the first (Takahashi's recursion in blocks), so that nearly all time is
    spent in matrix products and the cost grows linearly with the number of columns. The square of the inverse that a
    block needs, those rows after it that the band reaches, slides up the diagonal of a larger square.
    """
    width, n = band.shape
    reach = width - 1
    # Thin blocks do the fewest operations, wide ones the fastest: a sixth of the band took the least time.
    size = max(reach // 6, 1)
    count = -(-n // size)
    padded = np.zeros((count * size, width))
    padded[:n] = band.T
    padded[n:, 0] = 1.0
    result = np.empty_like(padded)
    lower = np.tri(size)
    square = np.zeros((2 * width + size, 2 * width + size))
    at = len(square) - reach
    for block in range(count - 1, -1, -1):
        if at < size:
            square[-reach:, -reach:] = square[at : at + reach, at : at + reach].copy()
            at = len(square) - reach
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


def _band_solve(band: Array, right: Array) -> Array:
    return _checked(dpbtrs(band, right, lower=1)).reshape(right.shape)


def _checked(answer: tuple[Array, int]) -> Array:
    solution, info = answer
    if info != 0:
        raise np.linalg.LinAlgError(f"band solver returned {info}")
    return solution

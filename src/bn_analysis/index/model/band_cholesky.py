"""Weighted linear statements about monthly states → one bordered band Cholesky for mean, bands, draws, likelihood.

The precision matrix of a monthly state-space prior and of rates that reach back at most 23 months is banded when the
states of a month lie side by side; a few parameters that touch every month (holiday effects, a constant bias) form a
border. Methods: Rue & Held 2005 (ch. 2), Chan & Jeliazkov 2009; variances by the block form of Takahashi's recursion.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.linalg.lapack import dpbtrf, dtbtrs, dtrtri

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
_COLUMNS = 32
"""Columns of a block of the selected inverse. Thin blocks do the fewest operations, wide ones the fastest: this many
took the least time in bands of 50 to 110."""


@dataclass(frozen=True, slots=True)
class Band:
    """Shape of a bordered band matrix in a flat store: band column by column as LAPACK stores it, border, corner.

    Attributes
    ----------
    n, m : int
        Number of banded unknowns and of border parameters.
    bandwidth : int
        Largest distance between two banded unknowns.
    """

    n: int
    m: int
    bandwidth: int

    @property
    def size(self) -> int:
        """Length of the flat store."""
        return (self.bandwidth + 1) * self.n + self.m * (self.n + self.m)

    def place(self, high: IntArray, low: IntArray) -> IntArray:
        """Places in the flat store of entries in rows `high`, columns `low` ≤ `high`."""
        begin = (self.bandwidth + 1) * self.n
        return np.where(
            high < self.n,
            low * (self.bandwidth + 1) + (high - low),
            begin + np.where(low < self.n, low * self.m + (high - self.n), high * self.m + (low - self.n)),
        )

    def split(self, store: Array) -> tuple[Array, Array, Array]:
        """Parts of a flat store: band (n, bandwidth + 1), border (n, m) and the lower half of the corner (m, m)."""
        border = (self.bandwidth + 1) * self.n
        corner = border + self.n * self.m
        return (
            store[:border].reshape(self.n, self.bandwidth + 1),
            store[border:corner].reshape(self.n, self.m),
            store[corner:].reshape(self.m, self.m),
        )


def total(place: IntArray, amount: Array, size: int) -> Array:
    """Sum of the amounts that go to each of `size` places."""
    return np.asarray(np.bincount(place, weights=amount, minlength=size), dtype=float)


@dataclass(frozen=True, slots=True)
class BandFactor:
    """Cholesky factor of a bordered band precision matrix.

    Attributes
    ----------
    band : ndarray, shape (bandwidth+1, n)
        Lower Cholesky factor of the banded part, LAPACK storage.
    cross : ndarray, shape (n, m)
        Inverse of that factor times the border.
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
        inner = forward(self.band, right[:n])
        border = cho_solve((self.corner, True), right[n:] - self.cross.T @ inner)
        return np.concatenate([backward(self.band, inner - self.cross @ border), border])

    def sample(self, rng: np.random.Generator, size: int) -> Array:
        """Draws from N(0, precision⁻¹), shape (n+m, size)."""
        n, m = self.cross.shape
        noise = rng.standard_normal((n + m, size))
        border = solve_triangular(self.corner, noise[n:], lower=True, trans="T")
        return np.concatenate([backward(self.band, noise[:n] - self.cross @ border), border])


def factorise_band(shape: Band, store: Array) -> BandFactor:
    """Cholesky factor of the bordered band matrix in a flat store, which is overwritten.

    Raises
    ------
    numpy.linalg.LinAlgError
        The matrix is not positive definite.
    """
    by_column, border, corner = shape.split(store)
    band = cholesky_of_band(by_column.T)
    cross = forward(band, border)
    return BandFactor(band, cross, cholesky(corner - cross.T @ cross, lower=True))


def band_covariances(shape: Band, factor: BandFactor) -> Array:
    """Entries of the inverse inside the band and the border, in a flat store."""
    store = np.empty(shape.size)
    by_column, border, corner = shape.split(store)
    corner[:] = cho_solve((factor.corner, True), np.eye(shape.m))
    cross = backward(factor.band, factor.cross)
    shift = cross @ corner
    border[:] = -shift
    by_column[:] = selected_inverse(factor.band).T
    later = sliding_window_view(np.pad(shift, ((0, shape.bandwidth), (0, 0))), shape.bandwidth + 1, axis=0)
    by_column += np.einsum("nmo,nm->no", later, cross)
    return store


def selected_inverse(band: Array) -> Array:
    """Entries of the inverse inside the band, from the lower band Cholesky factor; same storage.

    Works on blocks of columns, from the last to the first (Takahashi's recursion in blocks), so that nearly all time is
    spent in matrix products and the cost grows linearly with the number of columns. The square of the inverse that a
    block needs, those rows after it that the band reaches, slides up the diagonal of a larger square.
    """
    width, n = band.shape
    reach = width - 1
    size = _COLUMNS
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

"""Weighted linear statements about monthly states → factor of their precision matrix: mean, bands, draws, likelihood.

Blocks first, then the bordered band of what is kept (`pattern`). With the blocks' Cholesky factor L, what joins them to
the kept unknowns C, and V = L⁻¹C, the kept ones have the precision K − VᵀV; given them the blocks are independent.
"""

from dataclasses import dataclass

import numpy as np

from bn_analysis.index.model.band_cholesky import (
    Array,
    BandFactor,
    backward,
    band_covariances,
    cholesky_of_band,
    factorise_band,
    forward,
    total,
)
from bn_analysis.index.model.pattern import Blocks, Pattern


@dataclass(frozen=True, slots=True)
class Factor:
    """Cholesky factor of a precision matrix.

    Attributes
    ----------
    pattern : Pattern
        Its structure.
    own : ndarray, shape (reach + 1, places)
        Lower Cholesky factor of the blocks, LAPACK band storage.
    beside : ndarray, shape (places, width)
        V: its inverse times what joins each block to the kept unknowns that it touches.
    rest : BandFactor
        Factor of what is left of the kept unknowns.
    """

    pattern: Pattern
    own: Array
    beside: Array
    rest: BandFactor

    @property
    def log_diagonal(self) -> Array:
        """Logarithms of the diagonal of the Cholesky factor, shape (n,)."""
        blocks, found = self.pattern.blocks, np.empty(self.pattern.n)
        found[blocks.columns] = np.log(self.own[0, blocks.slot])
        found[self.pattern.kept[: self.pattern.band.n]] = np.log(self.rest.band[0])
        return found

    @property
    def log_determinant(self) -> float:
        """Logarithm of the determinant of the precision matrix."""
        return 2.0 * float(np.log(self.own[0]).sum()) + self.rest.log_determinant

    def solve(self, right: Array) -> Array:
        """Precision⁻¹ times a vector (n+m,) or matrix (n+m, q)."""
        blocks, kept = self.pattern.blocks, self.pattern.kept
        sides = right.reshape(len(right), -1)
        own = np.zeros((blocks.places, sides.shape[1]), order="F")
        own[blocks.slot] = sides[blocks.columns]
        own = forward(self.own, own)
        passed = by_block(blocks, self.beside) @ own.reshape(blocks.count, blocks.size, -1)
        place, amounts = blocks.touched.ravel(), passed.reshape(len(blocks.touched.ravel()), -1)
        taken = np.column_stack([total(place, amount, len(kept) + 1) for amount in amounts.T])
        return self._back(self.rest.solve(sides[kept] - taken[:-1]), own).reshape(right.shape)

    def sample(self, rng: np.random.Generator, size: int) -> Array:
        """Draws from N(0, precision⁻¹), shape (n+m, size)."""
        rest = self.rest.sample(rng, size)
        return self._back(rest, rng.standard_normal((self.pattern.blocks.places, size)))

    def _back(self, rest: Array, own: Array) -> Array:
        """All unknowns (n+m, q) from the kept ones and L⁻¹ times the right side of the blocks."""
        blocks = self.pattern.blocks
        known = np.concatenate([rest, np.zeros((1, rest.shape[1]))])[blocks.touched]
        own = own - (by_block(blocks, self.beside).transpose(0, 2, 1) @ known).reshape(own.shape)
        found = np.empty((self.pattern.n + self.pattern.m, rest.shape[1]))
        found[self.pattern.kept] = rest
        found[blocks.columns] = backward(self.own, own)[blocks.slot]
        return found


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
    blocks = pattern.blocks
    weighted = precision[pattern.row] * values
    store = total(pattern.place, weighted[pattern.left] * values[pattern.right], pattern.size)
    rest, own, beside = pattern.split(store)
    own[blocks.padding, 0] = 1.0
    factor = cholesky_of_band(own.T)
    solved = forward(factor, beside.T)
    each = by_block(blocks, solved)
    rest -= total(blocks.fill, (each @ each.transpose(0, 2, 1)).ravel()[blocks.pair], len(rest))
    return Factor(pattern, factor, solved, factorise_band(pattern.band, rest))


def covariances(pattern: Pattern, factor: Factor) -> Array:
    """Posterior covariances of all unknowns that a row joins, in the flat store that `Pattern.place` points into."""
    blocks = pattern.blocks
    store = np.empty(pattern.size)
    rest, own, beside = pattern.split(store)
    rest[:] = band_covariances(pattern.band, factor.rest)
    touched = np.zeros((blocks.count, blocks.width, blocks.width))
    touched.ravel()[blocks.pair] = rest[blocks.fill]
    touched += np.tril(touched, -1).transpose(0, 2, 1)
    one = np.asfortranarray(np.tile(np.eye(blocks.size), (blocks.count, 1)))
    root = by_block(blocks, forward(factor.own, one))
    gain = by_block(blocks, factor.beside) @ root.transpose(0, 2, 1)
    moved = touched @ gain
    beside.reshape(blocks.width, blocks.count, blocks.size)[:] = -moved.transpose(1, 0, 2)
    inside = root @ root.transpose(0, 2, 1) + gain.transpose(0, 2, 1) @ moved
    for distance in range(blocks.reach + 1):
        low = slice(0, blocks.size - distance)
        own.reshape(blocks.count, blocks.size, -1)[:, low, distance] = np.diagonal(inside, distance, 1, 2)
    return store


def row_variances(pattern: Pattern, values: Array, store: Array) -> Array:
    """Posterior variance of every row's linear combination of the states, shape (n_rows,).

    All pairs that a row joins are in the store.
    """
    products = pattern.factor * values[pattern.left] * values[pattern.right] * store[pattern.place]
    return total(pattern.owner, products, pattern.n_rows)


def by_block(blocks: Blocks, columns: Array) -> Array:
    """Columns over all places, shape (places, q), LAPACK's order → shape (count, q, size)."""
    return columns.T.reshape(-1, blocks.count, blocks.size).transpose(1, 0, 2)

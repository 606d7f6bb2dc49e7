"""Weighted linear statements about monthly states → factor of their precision matrix: mean, bands, draws, likelihood.

Stage by stage (`pattern`): with the Cholesky factor L of a stage's blocks, what joins them to the unknowns left C, and
V = L⁻¹C, those left have the precision K − VᵀV; given them the blocks are independent (Rue & Held 2005, ch. 2; Chan &
Jeliazkov 2009).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve, cholesky, solve_triangular

from bn_analysis.index.model.precision.band_cholesky import (
    Array,
    backward,
    cholesky_of_band,
    forward,
    selected_inverse,
    total,
)
from bn_analysis.index.model.precision.pattern import Pattern, Stage


@dataclass(frozen=True, slots=True)
class Eliminated:
    """What a stage adds to a Cholesky factor.

    Attributes
    ----------
    stage : Stage
        Its structure.
    own : ndarray, shape (reach + 1, places)
        L, LAPACK band storage.
    beside : ndarray, shape (places, width)
        V.
    """

    stage: Stage
    own: Array
    beside: Array


@dataclass(frozen=True, slots=True)
class Factor:
    """Cholesky factor of a precision matrix.

    Attributes
    ----------
    parts : tuple of Eliminated
        One for each stage.
    corner : ndarray, shape (m, m)
        Lower Cholesky factor of what is left after the last one.
    """

    parts: tuple[Eliminated, ...]
    corner: Array

    @property
    def log_diagonal(self) -> Array:
        """Logarithms of the diagonal of the Cholesky factor, by unknown, shape (n+m,)."""
        rest = np.log(np.diag(self.corner))
        for part in reversed(self.parts):
            rest = _joined(part.stage, rest, np.log(part.own[0]))
        return rest

    @property
    def log_determinant(self) -> float:
        """Logarithm of the determinant of the precision matrix."""
        return 2.0 * float(self.log_diagonal.sum())

    def solve(self, right: Array) -> Array:
        """Precision⁻¹ times a vector (n+m,) or matrix (n+m, q)."""
        rest, sides = right.reshape(len(right), -1), []
        for part in self.parts:
            stage, side = part.stage, np.zeros((part.stage.places, rest.shape[1]), order="F")
            side[stage.slot] = rest[stage.columns]
            sides.append(forward(part.own, side))
            passed = _by_block(stage, sides[-1]) @ _by_block(stage, part.beside).transpose(0, 2, 1)
            place = stage.touched.ravel()
            taken = [total(place, passed[:, q].ravel(), len(stage.rest) + 1) for q in range(rest.shape[1])]
            rest = rest[stage.rest] - np.column_stack(taken)[:-1]
        return self._back(cho_solve((self.corner, True), rest), sides).reshape(right.shape)

    def sample(self, rng: np.random.Generator, size: int) -> Array:
        """Draws from N(0, precision⁻¹), shape (n+m, size)."""
        rest = solve_triangular(self.corner, rng.standard_normal((len(self.corner), size)), lower=True, trans="T")
        return self._back(rest, [rng.standard_normal((size, part.stage.places)).T for part in self.parts])

    def _back(self, rest: Array, sides: Sequence[Array]) -> Array:
        """All unknowns (n+m, q) from those left after the last stage and L⁻¹ times the right side of each stage."""
        for part, side in zip(self.parts[::-1], sides[::-1], strict=True):
            known = np.append(rest, np.zeros((1, rest.shape[1])), axis=0)[part.stage.touched]
            given = known.transpose(0, 2, 1) @ _by_block(part.stage, part.beside)
            own = side - given.transpose(1, 0, 2).reshape(side.shape[::-1]).T
            rest = _joined(part.stage, rest, backward(part.own, own))
        return rest


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
    weighted = precision[pattern.row] * values
    rest = total(pattern.place, weighted[pattern.left] * values[pattern.right], pattern.size)
    parts = []
    for stage in pattern.stages:
        own, beside, rest = stage.split(rest)
        own[stage.padding, 0] = 1.0
        lower = cholesky_of_band(own.T)
        parts.append(Eliminated(stage, lower, forward(lower, beside.T)))
        each = _by_block(stage, parts[-1].beside)
        rest -= total(stage.fill, (each @ each.transpose(0, 2, 1)).ravel()[stage.pair], len(rest))
    return Factor(tuple(parts), cholesky(rest.reshape(pattern.m, pattern.m), lower=True))


def covariances(pattern: Pattern, factor: Factor) -> Array:
    """Posterior covariances of all unknowns that a row joins, in the flat store that `Pattern.place` points into."""
    store = np.empty(pattern.size)
    views, rest = [], store
    for part in factor.parts:
        views.append(part.stage.split(rest))
        rest = views[-1][-1]
    rest[:] = cho_solve((factor.corner, True), np.eye(pattern.m)).ravel()
    for part, (own, beside, rest) in zip(factor.parts[::-1], views[::-1], strict=True):
        stage = part.stage
        among = np.zeros((stage.count, *2 * stage.touched.shape[1:]))
        among.ravel()[stage.pair] = rest[stage.fill]
        among += np.tril(among, -1).transpose(0, 2, 1)
        if stage.count == 1:
            gain = _by_block(stage, backward(part.own, part.beside))
            own[:] = selected_inverse(part.own).T
        else:  # short blocks have a whole inverse each
            ones = np.asfortranarray(np.tile(np.eye(stage.size), (stage.count, 1)))
            inverse = _by_block(stage, forward(part.own, ones)).transpose(0, 2, 1)
            gain = _by_block(stage, part.beside) @ inverse
            own[:] = _band(inverse, inverse, stage)
        moved = among @ gain
        beside.reshape(-1, stage.count, stage.size)[:] = -moved.transpose(1, 0, 2)
        own += _band(gain, moved, stage)
    return store


def _band(one: Array, two: Array, stage: Stage) -> Array:
    """Band of the products of two arrays of shape (count, q, size) over q: shape (places, reach + 1)."""
    band = np.zeros((stage.count, stage.size, stage.reach + 1))
    for distance in range(stage.reach + 1):
        end = stage.size - distance
        np.einsum("bqi,bqi->bi", one[:, :, :end], two[:, :, distance:], out=band[:, :end, distance])
    return band.reshape(stage.places, -1)


def _joined(stage: Stage, rest: Array, own: Array) -> Array:
    """Unknowns that a stage met from those left and those in its places."""
    found = np.empty((len(stage.columns) + len(stage.rest), *rest.shape[1:]))
    found[stage.rest], found[stage.columns] = rest, own[stage.slot]
    return found


def _by_block(stage: Stage, columns: Array) -> Array:
    """Columns over all places, shape (places, q), LAPACK's order → shape (count, q, size)."""
    return columns.T.reshape(-1, stage.count, stage.size).transpose(1, 0, 2)


def row_variances(pattern: Pattern, values: Array, store: Array) -> Array:
    """Posterior variance of every row's linear combination of the states, shape (n_rows,).

    All pairs that a row joins are in the store.
    """
    times = np.where(pattern.left == pattern.right, 1.0, 2.0)  # a pair of two stands for both orders
    products = times * values[pattern.left] * values[pattern.right] * store[pattern.place]
    return total(pattern.row[pattern.left], products, pattern.n_rows)

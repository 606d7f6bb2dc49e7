"""Rows of coefficients and an order of elimination → where every product of two coefficients falls.

Most unknowns of a monthly model touch their neighbours alone. Where a few of them are kept at the end of each year, the
others fall into blocks that share no row. These are eliminated first, each by itself; then the unknowns that reach far,
one narrow band; what is left touches every month (block elimination: Rue & Held 2005, ch. 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bn_analysis.index.model.precision.band_cholesky import Array, IntArray, total


@dataclass(frozen=True, slots=True)
class Stage:
    """Unknowns that are eliminated together: banded blocks that share no row, each padded to the same size.

    Its flat store holds the band of the blocks, what joins each block to the unknowns left that it touches, one number
    for each place of the block, and then the store of the unknowns left.

    Attributes
    ----------
    columns, rest : ndarray
        Which of the unknowns met by this stage it eliminates, block after block, and which it leaves.
    slot, padding : ndarray
        Places of the former among all places of all blocks, and places that no unknown has.
    count, size, reach : int
        Number of blocks, places of each, and largest distance between two places that a row joins.
    touched : ndarray, shape (count, width)
        Unknowns left that rows join with each block, ascending; one past the last where there are fewer.
    pair, fill : ndarray
        Of each pair of them, the place in an array of shape (count, width, width), below its diagonal, and in the
        store of the unknowns left.
    """

    columns: IntArray
    rest: IntArray
    slot: IntArray
    padding: IntArray
    count: int
    size: int
    reach: int
    touched: IntArray
    pair: IntArray
    fill: IntArray

    @property
    def places(self) -> int:
        """Places of all blocks."""
        return self.count * self.size

    def split(self, store: Array) -> tuple[Array, Array, Array]:
        """Parts of its store: blocks (places, reach + 1), what joins them to others (width, places), the others."""
        beside = self.places * (self.reach + 1)
        rest = beside + self.touched.shape[1] * self.places
        return store[:beside].reshape(self.places, -1), store[beside:rest].reshape(-1, self.places), store[rest:]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where the non-zero coefficients of the rows lie, and where their products fall in the precision matrix.

    Attributes
    ----------
    n, m : int
        Number of states and of border parameters; columns n … n+m−1 are the border.
    row, col : ndarray, shape (nnz,)
        Row and column of each coefficient, rows in ascending order.
    left, right, place : ndarray, shape (pairs,)
        For each pair of coefficients of one row: their positions, and the place of the product in the flat store.
    stages : tuple of Stage
        Blocks of states, then one band of the other states; after the last the border is left, stored as a square.
    size : int
        Length of the flat store.
    """

    n: int
    m: int
    n_rows: int
    row: IntArray
    col: IntArray
    left: IntArray
    right: IntArray
    place: IntArray
    stages: tuple[Stage, ...]
    size: int

    def within(self, high: IntArray, low: IntArray) -> IntArray:
        """Places in the flat store of pairs of states of the band, given their columns."""
        blocks, band = self.stages
        one, two = np.searchsorted(blocks.rest, high), np.searchsorted(blocks.rest, low)
        return blocks.places * (blocks.reach + 1 + blocks.touched.shape[1]) + two * (band.reach + 1) + (one - two)


def make_pattern(row: IntArray, col: IntArray, n: int, m: int, block: IntArray | None = None) -> Pattern:
    """Work out once where every product of two coefficients of a row goes.

    Parameters
    ----------
    row, col : ndarray, shape (nnz,)
        Row and column of each coefficient, rows ascending from 0.
    n, m : int
        Numbers of states and of border parameters.
    block : ndarray of int, shape (n+m,), optional
        Block of each unknown that is to be eliminated first, −1 of the others. An unknown that a row joins with
        another block is not.
    """
    n_rows = int(row[-1]) + 1
    left, right = _pairs(row, n_rows)
    one, two = col[left], col[right]
    block = np.full(n + m, -1) if block is None else block.copy()
    block[one[(block[one] >= 0) & (block[two] >= 0) & (block[one] != block[two])]] = -1
    stages, place, size = _stages(one, two, (block, np.where(np.arange(n + m) < n, 0, -1)))
    return Pattern(n, m, n_rows, row, col, left, right, place, stages, size)


def _stages(one: IntArray, two: IntArray, blocks: Sequence[IntArray]) -> tuple[tuple[Stage, ...], IntArray, int]:
    """Stages that eliminate blocks (−1: not yet) one after another; places of pairs in their store; its length."""
    block = blocks[0]
    order = np.argsort(block, kind="stable")
    rest, columns = np.split(order, [np.count_nonzero(block < 0)])
    number = np.unique(block[columns], return_inverse=True)[1]
    rank = np.arange(len(columns)) - np.searchsorted(number, number)
    count, size = int(number.max(initial=0)) + 1, int(rank.max(initial=0)) + 1
    at = np.empty(len(block), dtype=np.int64)
    at[rest], at[columns] = np.arange(len(rest)), number * size + rank
    # of a pair with an unknown that is left, the one in a block comes first
    one, two = np.where(block[one] < block[two], (two, one), (one, two))
    inside, after = block[two] >= 0, block[one] < 0
    across = ~inside & ~after
    one, two = at[one], at[two]
    touched, joined = _touched(one[across] // size, two[across], count, len(rest))
    reach, width = int(np.abs(one - two)[inside].max(initial=0)), touched.shape[1]
    pair = np.flatnonzero((touched[:, None, :] <= touched[:, :, None]) & (touched < len(rest))[:, :, None])
    high, low = touched.ravel()[pair // width], touched[pair // width**2, pair % width]
    one_left, two_left = np.append(one[after], high), np.append(two[after], low)
    if len(blocks) > 1:
        later, places, length = _stages(one_left, two_left, [others[rest] for others in blocks[1:]])
    else:
        later, length = (), len(rest) ** 2
        places = np.maximum(one_left, two_left) * len(rest) + np.minimum(one_left, two_left)
    place = np.minimum(one, two) * (reach + 1) + np.abs(one - two)
    place[across] = count * size * (reach + 1 + joined) + one[across]
    begin = count * size * (reach + 1 + width)
    place[after] = begin + places[: np.count_nonzero(after)]
    padding = np.setdiff1d(np.arange(count * size), at[columns])
    fill = places[np.count_nonzero(after) :]
    stage = Stage(columns, rest, at[columns], padding, count, size, reach, touched, pair, fill)
    return (stage, *later), place, begin + length


def _touched(block: IntArray, other: IntArray, count: int, none: int) -> tuple[IntArray, IntArray]:
    """Kept unknowns of each block, filled up with `none`, and the rank there of each pair of a block and another."""
    joins, which = np.unique(block * (none + 1) + other, return_inverse=True)
    owner, found = np.divmod(joins, none + 1)
    rank = np.arange(len(joins)) - np.searchsorted(owner, owner)
    touched = np.full((count, int(rank.max(initial=0)) + 1), none)
    touched[owner, rank] = found
    return touched, rank[which]


def _pairs(row: IntArray, n_rows: int) -> tuple[IntArray, IntArray]:
    """Positions of the two coefficients of every pair (each with itself too) of one row."""
    starts = np.searchsorted(row, np.arange(n_rows + 1))
    widths = np.diff(starts)
    lefts, rights = [], []
    for width in np.unique(widths):
        high, low = np.tril_indices(int(width))
        begin = starts[:-1][widths == width][:, None]
        lefts.append((begin + high).ravel())
        rights.append((begin + low).ravel())
    return np.concatenate(lefts), np.concatenate(rights)


def apply_rows(pattern: Pattern, values: Array, x: Array) -> Array:
    """The rows times a state vector of shape (n+m,): shape (n_rows,)."""
    return total(pattern.row, values * x[pattern.col], pattern.n_rows)


def apply_transposed(pattern: Pattern, values: Array, y: Array) -> Array:
    """The transposed rows times a vector of shape (n_rows,): shape (n+m,)."""
    return total(pattern.col, values * y[pattern.row], pattern.n + pattern.m)

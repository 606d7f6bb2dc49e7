"""Rows of coefficients and an order of elimination → where every product of two coefficients falls.

Most unknowns of a monthly model touch their neighbours alone. Where a few of them are kept at the end of each year, the
others fall into blocks that share no row. These are eliminated first, each by itself; what is left is a narrow band of
the unknowns that reach far, and the border of those that touch every month (block elimination: Rue & Held 2005, ch. 2).
"""

from dataclasses import dataclass

import numpy as np

from bn_analysis.index.model.band_cholesky import Array, Band, IntArray, total


@dataclass(frozen=True, slots=True)
class Blocks:
    """Unknowns that are eliminated first, in blocks that share no row, each padded to the same size.

    Attributes
    ----------
    columns, slot : ndarray, shape (unknowns,)
        The unknowns, and their places among all places of all blocks.
    padding : ndarray
        Places that no unknown has.
    count, size, reach : int
        Number of blocks, places of each, and largest distance between two places that a row joins.
    touched : ndarray, shape (count, width)
        Kept unknowns, border included, that rows join with each block, ascending; one past the last where there are
        fewer.
    pair, fill : ndarray
        Of each pair of them, the place in an array of shape (count, width, width), below its diagonal, and in the
        store.
    """

    columns: IntArray
    slot: IntArray
    padding: IntArray
    count: int
    size: int
    reach: int
    touched: IntArray
    pair: IntArray
    fill: IntArray

    @property
    def width(self) -> int:
        """Kept unknowns of a block."""
        return self.touched.shape[1]

    @property
    def places(self) -> int:
        """Places of all blocks."""
        return self.count * self.size


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where the non-zero coefficients of the rows lie, and where their products fall in the precision matrix.

    The flat store holds the bordered band of the kept unknowns, the band of the blocks and what joins both: for every
    block and every kept unknown that it touches, one number for each place.

    Attributes
    ----------
    n, m : int
        Number of states and of border parameters; columns n … n+m−1 are the border.
    row, col : ndarray, shape (nnz,)
        Row and column of each coefficient, rows in ascending order.
    left, right, place, owner, factor : ndarray, shape (pairs,)
        For each pair of coefficients of one row: their positions, the place of the product in the flat store, the row,
        and 2 for an off-diagonal pair (1 on the diagonal).
    kept : ndarray
        Columns that are not eliminated first, ascending: banded ones, then the border.
    band : Band
        Shape of what is left of them.
    blocks : Blocks
        The others.
    """

    n: int
    m: int
    n_rows: int
    row: IntArray
    col: IntArray
    left: IntArray
    right: IntArray
    place: IntArray
    owner: IntArray
    factor: Array
    kept: IntArray
    band: Band
    blocks: Blocks

    def split(self, store: Array) -> tuple[Array, Array, Array]:
        """Parts of a flat store: kept (flat), blocks (places, reach + 1) and what joins both (width, places)."""
        blocks = self.blocks
        own = self.band.size
        beside = own + blocks.places * (blocks.reach + 1)
        return (
            store[:own],
            store[own:beside].reshape(blocks.places, blocks.reach + 1),
            store[beside:].reshape(blocks.width, blocks.places),
        )

    @property
    def size(self) -> int:
        """Length of the flat store."""
        return self.band.size + self.blocks.places * (self.blocks.reach + 1 + self.blocks.width)

    def within(self, high: IntArray, low: IntArray) -> IntArray:
        """Places in the flat store of pairs of kept unknowns, given their columns."""
        return self.band.place(np.searchsorted(self.kept, high), np.searchsorted(self.kept, low))


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
        another block is kept.
    """
    n_rows = int(row[-1]) + 1
    left, right = _pairs(row, n_rows)
    block = np.full(n + m, -1) if block is None else _apart(block, col[left], col[right])
    kept, columns, slot, count, size = _arrange(block)
    at = np.empty(n + m, dtype=np.int64)
    at[kept], at[columns] = np.arange(len(kept)), slot
    # of a pair across, the one in a block comes first
    swap = block[col[left]] < block[col[right]]
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    one, two = at[col[left]], at[col[right]]
    inside = block[col[right]] >= 0
    together = block[col[left]] < 0
    across = ~inside & ~together
    high, low = np.maximum(one, two), np.minimum(one, two)
    touched, rank = _touched(one[across] // size, two[across], count, len(kept))
    band = Band(len(kept) - m, m, _bandwidth(len(kept) - m, high[together], low[together], touched))
    reach = int((high - low)[inside].max(initial=0))
    place = band.place(high, low)
    place[inside] = band.size + low[inside] * (reach + 1) + (high - low)[inside]
    place[across] = band.size + count * size * (reach + 1 + rank) + one[across]
    pair = np.flatnonzero((touched[:, None, :] <= touched[:, :, None]) & (touched < len(kept))[:, :, None])
    which, two = np.divmod(pair, touched.shape[1])
    fill = band.place(touched.ravel()[which], touched[which // touched.shape[1], two])
    padding = np.setdiff1d(np.arange(count * size), slot)
    blocks = Blocks(columns, slot, padding, count, size, reach, touched, pair, fill)
    factor = np.where(left == right, 1.0, 2.0)
    return Pattern(n, m, n_rows, row, col, left, right, place, row[left], factor, kept, band, blocks)


def _apart(block: IntArray, one: IntArray, two: IntArray) -> IntArray:
    """The blocks without unknowns that pairs of columns join with another block, and without the first unknown.

    So the band of what is kept is never empty.
    """
    joined = (block[one] >= 0) & (block[two] >= 0) & (block[one] != block[two])
    left = block.copy()
    left[one[joined]] = -1
    left[0] = -1
    return left


def _arrange(block: IntArray) -> tuple[IntArray, IntArray, IntArray, int, int]:
    """Columns that are kept, those in blocks and their places, number and size of blocks: one of one place if none."""
    order = np.argsort(block, kind="stable")
    kept, columns = np.split(order, [np.count_nonzero(block < 0)])
    number = np.unique(block[columns], return_inverse=True)[1]
    rank = np.arange(len(columns)) - np.searchsorted(number, number)
    size = int(rank.max(initial=0)) + 1
    return kept, columns, number * size + rank, int(number.max(initial=0)) + 1, size


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


def _bandwidth(n: int, high: IntArray, low: IntArray, touched: IntArray) -> int:
    """Largest distance between two of the first `n` kept unknowns that a row or a block joins."""
    last, begin = np.where(touched < n, touched, -1).max(axis=1), np.where(touched < n, touched, n).min(axis=1)
    return int(max((high - low)[high < n].max(initial=0), (last - begin).max()))


def apply_rows(pattern: Pattern, values: Array, x: Array) -> Array:
    """The rows times a state vector of shape (n+m,): shape (n_rows,)."""
    return total(pattern.row, values * x[pattern.col], pattern.n_rows)


def apply_transposed(pattern: Pattern, values: Array, y: Array) -> Array:
    """The transposed rows times a vector of shape (n_rows,): shape (n+m,)."""
    return total(pattern.col, values * y[pattern.row], pattern.n + pattern.m)

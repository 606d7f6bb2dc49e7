"""Published rates of some months → rows of linear statements about the states of these months.

All first prints of a month share b + u (see `layout`), because one unrevised level stands behind them; the rates of a
year on the year before share v, because they repeat the same months before these were revised. A rate of a territory
made of others speaks of the sum of their levels.
Every row reads ``target = Σ coefficient · state + error``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bn_analysis.index.model.layout import BIAS, LEVEL, REVISION, VINTAGE, Layout, scale_of
from bn_analysis.index.model.precision.band_cholesky import Array, IntArray, total
from bn_analysis.index.model.precision.pattern import Pattern, make_pattern

FINAL = "final"
"""Stage of a rate that no later release changes: what the levels themselves imply."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Coefficients of the nonlinear rows: log of a sum of levels against another sum of levels.

    Attributes
    ----------
    place, group, column : ndarray of int, shape (E,)
        Of each level that is summed: place in `Model.values`, number of its sum (2 s the first, 2 s + 1 the one it is
        set against, for the s-th nonlinear row) and state.
    row : ndarray of int, shape (S,)
        Row in the model of each nonlinear statement.
    latest : ndarray of int, shape (L,)
        Entries (into `place`) of levels of latest months that are first releases.
    error_place, error_column : ndarray of int, shape (L, 2)
        Place in `Model.values` and column of u and b for each of them.
    """

    place: IntArray
    group: IntArray
    column: IntArray
    row: IntArray
    latest: IntArray
    error_place: IntArray
    error_column: IntArray


@dataclass(frozen=True, slots=True)
class Statements:
    """Rates of some months as rows on the states of a model; attributes as in `Model`."""

    pattern: Pattern
    values: Array
    target: Array
    sums: Sums


@dataclass(slots=True)
class Rows:
    """Collects rows of noisy statements before their pattern is known."""

    layout: Layout
    row: list[IntArray] = field(default_factory=list)
    col: list[IntArray] = field(default_factory=list)
    val: list[Array] = field(default_factory=list)
    target: list[Array] = field(default_factory=list)
    fixed: list[Array] = field(default_factory=list)
    scale: list[IntArray] = field(default_factory=list)
    count: int = 0
    filled: int = 0
    entries: list[tuple[int, int, int]] = field(default_factory=list)
    errors: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    sum_rows: list[int] = field(default_factory=list)

    def add(
        self,
        columns: IntArray,
        coefficients: Array,
        *,
        scale: int = -1,
        target: Array | float = 0.0,
        fixed: Array | float = 0.0,
    ) -> None:
        """Add rows of equal width: columns and coefficients broadcast to shape (rows, width)."""
        rows, width = columns.shape
        self.row.append(np.repeat(np.arange(self.count, self.count + rows), width))
        self.col.append(columns.ravel())
        self.val.append(np.broadcast_to(coefficients, columns.shape).astype(float).ravel())
        self.target.append(np.broadcast_to(np.asarray(target, float), (rows,)).copy())
        self.fixed.append(np.broadcast_to(np.asarray(fixed, float), (rows,)).copy())
        self.scale.append(np.full(rows, scale))
        self.count += rows
        self.filled += rows * width

    def add_ratio(
        self,
        above: Sequence[int],
        below: Sequence[int],
        error: Sequence[int] = (),
        more: Sequence[int] = (),
        latest: int = 0,
        *,
        scale: int = -1,
        target: float = 0.0,
        fixed: float = 0.0,
    ) -> None:
        """Add one row: log of a sum of levels (columns `above`) less that of another (`below`).

        The first `latest` levels above carry the states `error`; the states `more` are added as they are.
        """
        first, number = self.filled, len(self.sum_rows)
        both = [*above, *below]
        first_entry = len(self.entries)
        self.entries += [(first + j, 2 * number + (j >= len(above)), col) for j, col in enumerate(both)]
        if error:
            u, b = first + len(both), first + len(both) + 1
            self.errors += [(first_entry + j, u, b, error[0], error[1]) for j in range(latest)]
        self.sum_rows.append(self.count)
        levels = [1.0 / len(above)] * len(above) + [-1.0 / len(below)] * len(below)
        coefficients = [*levels, *(latest / len(above) for _ in error), *(1.0 for _ in more)]
        columns = np.array([[*both, *error, *more]])
        self.add(columns, np.array(coefficients), scale=scale, target=target, fixed=fixed)

    def sums(self) -> Sums:
        """The nonlinear rows met so far."""
        entry = np.array(self.entries, dtype=np.int64).reshape(-1, 3)
        error = np.array(self.errors, dtype=np.int64).reshape(-1, 5)
        row = np.array(self.sum_rows, dtype=np.int64)
        return Sums(entry[:, 0], entry[:, 1], entry[:, 2], row, error[:, 0], error[:, 1:3], error[:, 3:])

    def pattern(self, months: int, block: IntArray | None = None) -> Pattern:
        """Where the coefficients of all rows lie."""
        n = months * self.layout.stride
        return make_pattern(np.concatenate(self.row), np.concatenate(self.col), n, self.layout.border, block)


def linearise(statements: Statements, x: Array) -> tuple[Array, Array]:
    """Gauss–Newton: coefficients and targets of all rows when sums of levels are expanded around states `x`.

    Parameters
    ----------
    statements : Model or Statements
        The rows.
    x : ndarray, shape (T·stride + border,)
        Where to expand.

    Returns
    -------
    values, target : ndarray, shapes (nnz,) and (R,)
    """
    values, target, sums = statements.values.copy(), statements.target.copy(), statements.sums
    if len(sums.row) == 0:
        return values, target
    level = x[sums.column]
    level[sums.latest] += x[sums.error_column].sum(axis=1)
    weight = np.exp(level)
    both = total(sums.group, weight, 2 * len(sums.row))
    share = weight / both[sums.group]
    slope = np.where(sums.group % 2 == 0, share, -share)
    values[sums.place] = slope
    values[sums.error_place] = 0.0
    np.add.at(values, sums.error_place, share[sums.latest][:, None])
    flat = total(sums.group // 2, slope * level, len(sums.row))
    target[sums.row] += flat - np.log(both[0::2] / both[1::2])
    return values, target


def make_statements(
    layout: Layout, month: IntArray, measure: Sequence[str], release: str, *, first_month: int, months: int, series: int
) -> Statements:
    """What a release would say of some months of a series, as rows on the states of a model.

    Parameters
    ----------
    layout : Layout
        Of the model.
    month : ndarray of int, shape (S,)
        Ordinals of the months; all months that a rate refers to must be modelled.
    measure : sequence of str, length S
        mom, yoy, ytd or quarter_yoy.
    release : str
        first, restated or forecast; `FINAL` is the rate of the levels themselves.
    first_month, months : int
        Ordinal of the first modelled month and number of modelled months.
    series : int
    """
    rows = Rows(layout)
    for when, kind in zip(month, measure, strict=True):
        add_rate(rows, int(when) - first_month, kind, release, months, first_month=first_month, series=series)
    return Statements(rows.pattern(months), np.concatenate(rows.val), np.concatenate(rows.target), rows.sums())


def add_rate(
    rows: Rows,
    t: int,
    measure: str,
    stage: str,
    months: int,
    *,
    first_month: int,
    series: int = 0,
    target: float = 0.0,
    fixed: float = 0.0,
) -> None:
    """Add the row of one rate of month `t` (counted from the first modelled one).

    Its months come first, the latest one first, then the months before, then its errors: first releases carry b + u of
    their month, m/m also κ; rates on a year earlier carry v.
    """
    layout = rows.layout
    calendar_month = (first_month + t) % 12
    kind = "yoy" if measure == "ytd" and calendar_month == 0 else measure
    length = {"mom": 1, "yoy": 1, "quarter_yoy": 3}.get(kind, calendar_month + 1)
    parts = layout.parts_of(series)
    run = range(t, t - length, -1)
    back = 1 if kind == "mom" else 12
    above = [layout.column(month, LEVEL, part) for month in run for part in parts]
    below = [layout.column(month - back, LEVEL, part) for month in run for part in parts]
    error = [layout.column(t, REVISION, series), layout.column(t, BIAS, series)] if stage == "first" else []
    more: list[int] = []
    if kind != "mom" and stage in ("first", "restated"):
        more = [layout.column(t, VINTAGE, series)]
    elif kind == "mom" and stage == "first":
        more = [layout.excess(series, months)]
    scale = -1 if stage == FINAL else scale_of(_class_of(kind, stage), series)
    if len(above) > 1:
        rows.add_ratio(above, below, error, more, len(parts), scale=scale, target=target, fixed=fixed)
    else:
        coefficients = np.array([1.0, -1.0, *(1.0 for _ in (*error, *more))])
        rows.add(np.array([[*above, *below, *error, *more]]), coefficients, scale=scale, target=target, fixed=fixed)


def _class_of(measure: str, release: str) -> str:
    """Class of figures that a rate belongs to."""
    if release != "first":
        return release
    return "ytd" if measure == "quarter_yoy" else measure

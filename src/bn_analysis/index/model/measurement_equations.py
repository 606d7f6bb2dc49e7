"""Published rates of some months → rows of linear statements about the states of these months.

States of month t, side by side: log level ℓ, trend τ, slope β, seasonal γ, slow bias of first releases b, error u of
this month's first release, and revisions v of the year so far that are still to come.
Constants (border): effects of the Tết windows δ, and what first-release m/m exceed by on top of b, κ.
All first prints of a month share b + u, because one unrevised level stands behind them; the rates of a year on the
year before share v, because they repeat the same months before these were revised.
Every row reads ``target = Σ coefficient · state + error``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from bn_analysis.index.model.band_cholesky import Array, IntArray, Pattern, make_pattern, total

STATES = 7
LEVEL, TREND, SLOPE, SEASONAL, BIAS, REVISION, VINTAGE = range(STATES)
TET_WINDOWS = ((-7, -1), (0, 6))
"""Windows of days around Tết whose effects are estimated: the week before and the week of the holiday."""
BORDER = len(TET_WINDOWS) + 1

STATE_SCALES = ("level", "slope", "seasonal", "irregular", "bias", "revision", "vintage")
ERROR_SCALES = ("mom", "yoy", "ytd", "restated", "forecast")
SCALES = (*STATE_SCALES, *ERROR_SCALES)
"""Standard deviations to be learnt, in logs: innovations of the states, then errors of the classes of figures."""

FINAL = "final"
"""Stage of a rate that no later release changes: what the levels themselves imply."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Coefficients of the nonlinear rows: log of a sum of levels against the same sum a year earlier.

    Attributes
    ----------
    place, group, column : ndarray of int, shape (E,)
        Of each level that is summed: place in `Model.values`, number of its sum (2 s this year, 2 s + 1 the year
        before, for the s-th nonlinear row) and state.
    row : ndarray of int, shape (S,)
        Row in the model of each nonlinear statement.
    latest : ndarray of int, shape (L,)
        Entries (into `place`) of latest months that are first releases.
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
    """Collects rows of noisy linear statements before their pattern is known."""

    row: list[IntArray] = field(default_factory=list)
    col: list[IntArray] = field(default_factory=list)
    val: list[Array] = field(default_factory=list)
    target: list[Array] = field(default_factory=list)
    fixed: list[Array] = field(default_factory=list)
    scale: list[IntArray] = field(default_factory=list)
    count: int = 0
    filled: int = 0

    def add(
        self,
        columns: IntArray,
        coefficients: Array,
        *,
        scale: str | None = None,
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
        self.scale.append(np.full(rows, -1 if scale is None else SCALES.index(scale)))
        self.count += rows
        self.filled += rows * width


def linearise(statements: Statements, x: Array) -> tuple[Array, Array]:
    """Gauss–Newton: coefficients and targets of all rows when sums of levels are expanded around states `x`.

    Parameters
    ----------
    statements : Model or Statements
        The rows.
    x : ndarray, shape (T·STATES + BORDER,)
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
    values[sums.error_place] = share[sums.latest][:, None]
    flat = total(sums.group // 2, slope * level, len(sums.row))
    target[sums.row] += flat - np.log(both[0::2] / both[1::2])
    return values, target


def make_statements(
    month: IntArray, measure: Sequence[str], release: str, *, first_month: int, months: int
) -> Statements:
    """What a release would say of some months, as rows on the states of a model.

    Parameters
    ----------
    month : ndarray of int, shape (S,)
        Ordinals of the months; all months that a rate refers to must be modelled.
    measure : sequence of str, length S
        mom, yoy, ytd or quarter_yoy.
    release : str
        first, restated or forecast; `FINAL` is the rate of the levels themselves.
    first_month, months : int
        Ordinal of the first modelled month and number of modelled months.
    """
    rows = Rows()
    sums = add_rates(rows, first_month, months, month, measure, [release] * len(measure))
    pattern = make_pattern(np.concatenate(rows.row), np.concatenate(rows.col), months * STATES, BORDER)
    return Statements(pattern, np.concatenate(rows.val), np.concatenate(rows.target), sums)


def months_back(month: IntArray, measure: Sequence[str]) -> IntArray:
    """How many months before its period a rate reaches."""
    kind = np.asarray(measure, dtype=object)
    return np.select([kind == "mom", kind == "yoy", kind == "quarter_yoy"], [1, 12, 14], default=12 + month % 12)


def column(month: Any, kind: int) -> Any:
    """Column of a state of a month (counted from 0)."""
    return month * STATES + kind


def add_rates(
    rows: Rows,
    first_month: int,
    months: int,
    month: IntArray,
    measure: Sequence[str],
    release: Sequence[str],
    target: Array | None = None,
    fixed: Array | None = None,
) -> Sums:
    """Add one row a rate, in the given order, and say which of them are nonlinear."""
    entries: list[_Term] = []
    errors: list[_LatestError] = []
    sum_rows: list[int] = []
    for i, (printed, stage) in enumerate(zip(measure, release, strict=True)):
        kind = "yoy" if printed == "ytd" and month[i] % 12 == 0 else printed
        length = {"mom": 1, "yoy": 1, "quarter_yoy": 3}.get(kind, int(month[i]) % 12 + 1)
        columns, coefficients = _rate(int(month[i]) - first_month, kind, stage, length, months)
        if length > 1:
            if stage == "first":
                place = rows.filled + 2 * length
                errors.append(_LatestError(len(entries), place, place + 1, *columns[2 * length : 2 * length + 2]))
            entries += [
                _Term(rows.filled + j, 2 * len(sum_rows) + (j >= length), columns[j]) for j in range(2 * length)
            ]
            sum_rows.append(rows.count)
        rows.add(
            np.array([columns]),
            np.array(coefficients),
            scale=_scale_of(kind, stage),
            target=0.0 if target is None else target[i],
            fixed=0.0 if fixed is None else fixed[i],
        )
    term = np.array(entries, dtype=np.int64).reshape(-1, len(_Term._fields)).T
    error = np.array(errors, dtype=np.int64).reshape(-1, len(_LatestError._fields)).T
    rows_of_sums = np.array(sum_rows, dtype=np.int64)
    return Sums(term[0], term[1], term[2], rows_of_sums, error[0], error[1:3].T, error[3:].T)


class _Term(NamedTuple):
    """One level in a sum of levels: where its coefficient stands, the sum it belongs to, the column of its state."""

    place: int
    group: int
    column: int


class _LatestError(NamedTuple):
    """Errors that the first release of the newest level carries: which term, and places and columns of u and b."""

    latest: int
    place_revision: int
    place_bias: int
    column_revision: int
    column_bias: int


def _rate(t: int, kind: str, stage: str, length: int, months: int) -> tuple[list[int], list[float]]:
    """Columns and coefficients of one rate: its months, the latest first, the months before, then its errors.

    First releases carry b + u of their month, m/m also κ; rates on a year earlier carry v.
    """
    run = np.arange(t, t - length, -1)
    columns = [*column(run, LEVEL), *column(run - (1 if kind == "mom" else 12), LEVEL)]
    coefficients = [1.0 / length] * length + [-1.0 / length] * length
    if stage == "first":
        columns += [column(t, REVISION), column(t, BIAS)]
        coefficients += [1.0 / length] * 2
    if kind != "mom" and stage in ("first", "restated"):
        columns.append(column(t, VINTAGE))
        coefficients.append(1.0)
    elif kind == "mom" and stage == "first":
        columns.append(months * STATES + BORDER - 1)
        coefficients.append(1.0)
    return columns, coefficients


def _scale_of(measure: str, release: str) -> str | None:
    """Class of figures that a rate belongs to."""
    if release != "first":
        return None if release == FINAL else release
    return "ytd" if measure == "quarter_yoy" else measure

"""Figures and a prior → one system of noisy linear statements about the states of every month.

Prior and figures are treated alike: every row reads ``target = Σ coefficient · state + error``; the states are those of
`bn_analysis.index.model.measurement_equations`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.index.model.band_cholesky import Array, IntArray, make_pattern
from bn_analysis.index.model.measurement_equations import (
    BIAS,
    BORDER,
    LEVEL,
    REVISION,
    SCALES,
    SEASONAL,
    SLOPE,
    STATES,
    TET_WINDOWS,
    TREND,
    VINTAGE,
    Rows,
    Statements,
    add_rates,
    column,
    months_back,
)
from bn_analysis.index.model.observations import Figures

GAUSSIAN = ("slope", "seasonal", "bias", "irregular")
"""Classes with Gaussian errors; all others are Student-t, so that breaks and large revisions pass."""
_GAUGE_SD = 1.0  # the level is only fixed by the base period: any proper value gives the same index
_SLOPE_START = (0.005, 0.01)  # monthly growth when the series begins, mean and sd
_BIAS_PERSISTENCE = 0.98  # a year later four fifths are left: without evidence the bias fades instead of wandering off
_BIAS_START_SD = 0.005  # of all first releases together: needs evidence from y/y or restated figures
_MOM_EXCESS_SD = 0.02


@dataclass(frozen=True, slots=True)
class CalendarPrior:
    """What is known of the calendar pattern before any figure.

    Attributes
    ----------
    seasonal : ndarray, shape (12,)
        Log seasonal factor by calendar month, sum 0.
    seasonal_sd : float
        How far the series' own pattern may lie from it, in logs.
    tet, tet_sd : ndarray, shape (len(TET_WINDOWS),)
        Log effect of each Tết window and its standard deviation.
    """

    seasonal: Array
    seasonal_sd: float
    tet: Array
    tet_sd: Array


WEAK = CalendarPrior(np.zeros(12), 0.15, np.zeros(len(TET_WINDOWS)), np.full(len(TET_WINDOWS), 0.3))
"""Weakly informative default: monthly factors within about ±30 %, Tết effects within about ±60 %."""


@dataclass(frozen=True, slots=True)
class Model(Statements):
    """Rows of noisy linear statements (R of them) about T months, the prior among them.

    Attributes
    ----------
    first_month, months : int
        Ordinal of the first modelled month, and T.
    tet : ndarray, shape (T, len(TET_WINDOWS))
        Tết regressors.
    pattern : Pattern
        Places of the coefficients.
    values : ndarray, shape (nnz,)
        Coefficients; `linearise` renews those of the nonlinear rows.
    target, fixed_variance : ndarray, shape (R,)
        Left-hand side and known part of the error variance.
    scale : ndarray of int, shape (R,)
        Index into `SCALES` of the unknown part of the error variance, −1 where there is none.
    tail : ndarray of bool, shape (R,)
        Whether the error is Student-t.
    n_prior : int
        The first rows are the prior; the rest are the figures in the order of their table.
    sums : Sums
        The nonlinear rows.
    """

    first_month: int
    months: int
    tet: Array
    fixed_variance: Array
    scale: IntArray
    tail: NDArray[np.bool_]
    n_prior: int


def build_model(figures: Figures, calendar: CalendarPrior, end: int | None = None) -> Model:
    """Rows of the prior and of the figures.

    Parameters
    ----------
    figures : Figures
        Published rates of one series.
    calendar : CalendarPrior
        Prior of seasonal and Tết effects.
    end : int, optional
        Ordinal of the last month; default the last month with a figure.

    Returns
    -------
    Model
        From the earliest month that a figure refers to up to `end`.
    """
    first = int((figures.month - months_back(figures.month, list(figures.table["measure"]))).min())
    last = figures.last_month if end is None else max(end, figures.last_month)
    months = last - first + 1
    span = pd.period_range(pd.Period(ordinal=first, freq="M"), periods=months, freq="M")
    tet = np.column_stack([tet_regressor(span, *window).to_numpy(float) for window in TET_WINDOWS])
    rows = Rows()
    _add_prior(rows, first, months, tet, calendar)
    n_prior = rows.count
    table = figures.table
    sums = add_rates(
        rows, first, months, figures.month, list(table["measure"]), list(table["release"]),
        figures.log_change, figures.rounding_sd**2,
    )  # fmt: skip
    scale = np.concatenate(rows.scale)
    gaussian = [-1, *(SCALES.index(name) for name in GAUSSIAN)]
    pattern = make_pattern(np.concatenate(rows.row), np.concatenate(rows.col), months * STATES, BORDER)
    return Model(
        pattern=pattern,
        values=np.concatenate(rows.val),
        target=np.concatenate(rows.target),
        sums=sums,
        first_month=first,
        months=months,
        tet=tet,
        fixed_variance=np.concatenate(rows.fixed),
        scale=scale,
        tail=~np.isin(scale, gaussian),
        n_prior=n_prior,
    )


def _add_prior(rows: Rows, first: int, months: int, tet: Array, calendar: CalendarPrior) -> None:
    """Local linear trend, evolving seasonal (sum of 12 near zero), Tết, irregular, bias and first-release error."""
    t = np.arange(months)
    border = months * STATES + np.arange(BORDER)
    rows.add(column(t[:1], TREND)[:, None], np.ones(1), fixed=_GAUGE_SD**2)
    rows.add(column(t[:1], SLOPE)[:, None], np.ones(1), target=_SLOPE_START[0], fixed=_SLOPE_START[1] ** 2)
    rows.add(column(t[:1], BIAS)[:, None], np.ones(1), fixed=_BIAS_START_SD**2)
    now, before = t[1:], t[:-1]
    trend = np.column_stack([column(now, TREND), column(before, TREND), column(before, SLOPE)])
    rows.add(trend, np.array([1.0, -1.0, -1.0]), scale="level")
    for kind, scale, kept in ((SLOPE, "slope", 1.0), (BIAS, "bias", _BIAS_PERSISTENCE)):
        rows.add(np.column_stack([column(now, kind), column(before, kind)]), np.array([1.0, -kept]), scale=scale)
    start = t[:11]
    rows.add(
        column(start, SEASONAL)[:, None], np.ones(1),
        target=calendar.seasonal[(first + start) % 12], fixed=calendar.seasonal_sd**2,
    )  # fmt: skip
    if months > 11:
        year = np.arange(11, months)[:, None] - np.arange(12)
        rows.add(column(year, SEASONAL), np.ones(12), scale="seasonal")
    irregular = np.column_stack(
        [column(t, LEVEL), column(t, TREND), column(t, SEASONAL), *(np.full(months, c) for c in border[:-1])]
    )
    ones = np.ones(months)
    rows.add(irregular, np.column_stack([ones, -ones, -ones, -tet]), scale="irregular")
    rows.add(column(t, REVISION)[:, None], np.ones(1), scale="revision")
    same_year = now[(first + now) % 12 != 0]
    rows.add(
        np.column_stack([column(same_year, VINTAGE), column(same_year - 1, VINTAGE)]),
        np.array([1.0, -1.0]),
        scale="vintage",
    )
    closing = t[((first + t) % 12 == 11) | (t == months - 1)]
    still_open = 12.0 - (first + closing) % 12  # steps of revision to come once the last known month is published
    rows.add(column(closing, VINTAGE)[:, None], 1.0 / np.sqrt(still_open)[:, None], scale="vintage")
    rows.add(border[:-1, None], np.ones(1), target=calendar.tet, fixed=calendar.tet_sd**2)
    rows.add(border[-1:, None], np.ones(1), fixed=_MOM_EXCESS_SD**2)

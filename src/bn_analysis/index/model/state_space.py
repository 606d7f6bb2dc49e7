"""Figures and a prior → one system of noisy linear statements about the states of every month.

Prior and figures are treated alike: every row reads ``target = Σ coefficient · state + error``; the states are those of
`bn_analysis.index.model.layout`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.index.model.layout import (
    BIAS,
    LEVEL,
    REVISION,
    SCALES,
    SEASONAL,
    SLOPE,
    TET_WINDOWS,
    TREND,
    VINTAGE,
    Layout,
    scale_of,
)
from bn_analysis.index.model.measurement_equations import Rows, Statements, add_rate
from bn_analysis.index.model.observations import Figures
from bn_analysis.index.model.precision.band_cholesky import Array, IntArray
from bn_analysis.index.model.witnesses import contradictable

GAUSSIAN = ("slope", "seasonal", "bias", "irregular")
"""Classes with Gaussian errors; all others are Student-t, so that breaks and large revisions pass."""
_GAUGE_SD = 1.0  # the level is only fixed by the base period: any proper value gives the same index
_FREE_GAUGE_SD = 5.0  # of parts: how large one is beside the other is for the figures and `Share` to say
_SLOPE_START = (0.005, 0.01)  # monthly growth when the series begins, mean and sd
_BIAS_PERSISTENCE = 0.98  # a year later four fifths are left: without evidence the bias fades instead of wandering off
_BIAS_START_SD = 0.005  # of all first releases together: needs evidence from y/y or restated figures
_MOM_EXCESS_SD = 0.02  # of κ: twice the error of a first m/m (`DEFAULT_SCALES`), so that figures decide


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
class CommonCycle:
    """Growth that a series has in common with the one it borrows from, as far as its figures say so.

    Attributes
    ----------
    first_month : int
        Ordinal of the first month.
    growth : ndarray, shape (n,)
        Adjusted growth of the reference, in logs a month, less its mean.
    loading, loading_sd : float
        How much of it a series shares before any figure, and the standard deviation of that.
    """

    first_month: int
    growth: Array
    loading: float
    loading_sd: float

    def of(self, first: int, months: int) -> Array:
        """Growth of modelled months, shape (months,); 0 where the reference has none."""
        at = first + np.arange(months) - self.first_month
        inside = (at >= 0) & (at < len(self.growth))
        found = np.zeros(months)
        found[inside] = self.growth[at[inside]]
        return found


NO_CYCLE = CommonCycle(0, np.zeros(0), 0.0, 1.0)
"""Nothing in common: growth of nought in every month, whatever the loading."""


@dataclass(frozen=True, slots=True)
class Share:
    """What is known, before any rate, of how large a part is beside the first one.

    Attributes
    ----------
    part : int
        Its series, 1 or more.
    months : slice
        Modelled months (counted from the first) over which levels are summed.
    log_ratio, sd : float
        Log of its sum over that of the first part, and its standard deviation.
    """

    part: int
    months: slice
    log_ratio: float
    sd: float


@dataclass(frozen=True, slots=True)
class Model(Statements):
    """Rows of noisy linear statements (R of them) about T months, the prior among them.

    Attributes
    ----------
    layout : Layout
        Places of the unknowns.
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
        Place among the scales of all series (`scale_of`) of the unknown part of the error variance, −1 where there
        is none.
    tail : ndarray of bool, shape (R,)
        Whether the error is Student-t, and of a figure, whether it may be a misprint: not where no other figure could
        contradict it.
    n_prior : int
        The first rows are the prior; the rest are the figures in the order of their table.
    sums : Sums
        The nonlinear rows.
    """

    layout: Layout
    first_month: int
    months: int
    tet: Array
    fixed_variance: Array
    scale: IntArray
    tail: NDArray[np.bool_]
    n_prior: int


def build_model(
    figures: Figures,
    calendar: CalendarPrior,
    end: int | None = None,
    layout: Layout = Layout(),  # noqa: B008  frozen
    shares: Sequence[Share] = (),
    cycle: CommonCycle = NO_CYCLE,
) -> Model:
    """Rows of the prior and of the figures.

    Parameters
    ----------
    figures : Figures
        Published rates of one series, or of the parts and the whole of a territory made of others.
    calendar : CalendarPrior
        Prior of seasonal and Tết effects of each part.
    end : int, optional
        Ordinal of the last month; default the last month with a figure.
    layout : Layout
        Number of parts.
    shares : sequence of Share
        How large the parts are beside each other.
    cycle : CommonCycle
        What each part may share of the growth of another series.

    Returns
    -------
    Model
        From the earliest month that a figure refers to up to `end`.
    """
    first = figures.earliest
    last = figures.last_month if end is None else max(end, figures.last_month)
    months = last - first + 1
    span = pd.period_range(pd.Period(ordinal=first, freq="M"), periods=months, freq="M")
    tet = np.column_stack([tet_regressor(span, *window).to_numpy(float) for window in TET_WINDOWS])
    rows = Rows(layout)
    for part in range(layout.parts):
        _add_prior(rows, first, months, part, tet, calendar, cycle)
    if layout.whole:
        _add_prints(rows, first, months, layout.whole)
    for share in shares:
        columns = layout.levels(months)[share.months]
        rows.add_ratio(list(columns[:, share.part]), list(columns[:, 0]), target=share.log_ratio, fixed=share.sd**2)
    n_prior = rows.count
    table = figures.table
    for i, (measure, release) in enumerate(zip(table["measure"], table["release"], strict=True)):
        add_rate(
            rows, int(figures.month[i]) - first, measure, release, months, first_month=first,
            series=int(figures.series[i]), target=figures.log_change[i], fixed=figures.rounding_sd[i] ** 2,
        )  # fmt: skip
    scale = np.concatenate(rows.scale)
    pattern, values = rows.pattern(months, layout.blocks(months, first)), np.concatenate(rows.val)
    tail = _tails(figures, scale, layout, first, contradictable(pattern, values, n_prior, layout.levels(months)))
    return Model(
        pattern=pattern,
        values=values,
        target=np.concatenate(rows.target),
        sums=rows.sums(),
        layout=layout,
        first_month=first,
        months=months,
        tet=tet,
        fixed_variance=np.concatenate(rows.fixed),
        scale=scale,
        tail=tail,
        n_prior=n_prior,
    )


def _tails(
    figures: Figures, scale: IntArray, layout: Layout, first: int, witnessed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether each row's error is Student-t: `GAUSSIAN` classes are not, nor figures that nothing could contradict.

    Where no print of a month could be contradicted, its first-release error is Gaussian too: else a large one would
    explain away what the office printed.
    """
    tail = (scale >= 0) & ~np.isin(scale % len(SCALES), [SCALES.index(name) for name in GAUSSIAN])
    tail[len(scale) - len(witnessed) :] &= witnessed
    for series in range(layout.series):
        own = figures.series == series
        alone = np.setdiff1d(figures.month[own], figures.month[own & witnessed]) - first
        tail[np.flatnonzero(scale == scale_of("revision", series))[alone]] = False
    return tail


def _add_prior(
    rows: Rows, first: int, months: int, part: int, tet: Array, calendar: CalendarPrior, cycle: CommonCycle
) -> None:
    """Local linear trend with a common cycle, evolving seasonal, Tết, irregular, errors of prints."""
    layout = rows.layout
    t = np.arange(months)

    def at(month: Array | IntArray, kind: int) -> IntArray:
        return np.asarray(layout.column(month, kind, part))

    gauge = _GAUGE_SD if layout.parts == 1 else _FREE_GAUGE_SD
    rows.add(at(t[:1], TREND)[:, None], np.ones(1), fixed=gauge**2)
    rows.add(at(t[:1], SLOPE)[:, None], np.ones(1), target=_SLOPE_START[0], fixed=_SLOPE_START[1] ** 2)
    now, before = t[1:], t[:-1]
    common = np.full(months - 1, layout.loading(part, months))
    trend = np.column_stack([at(now, TREND), at(before, TREND), at(before, SLOPE), common])
    steps = np.ones(months - 1)
    shared = cycle.of(first, months)[1:]
    rows.add(trend, np.column_stack([steps, -steps, -steps, -shared]), scale=scale_of("level", part))
    rows.add(common[:1, None], np.ones(1), target=cycle.loading, fixed=cycle.loading_sd**2)
    rows.add(np.column_stack([at(now, SLOPE), at(before, SLOPE)]), np.array([1.0, -1.0]), scale=scale_of("slope", part))
    start = t[:11]
    rows.add(
        at(start, SEASONAL)[:, None], np.ones(1),
        target=calendar.seasonal[(first + start) % 12], fixed=calendar.seasonal_sd**2,
    )  # fmt: skip
    if months > 11:
        year = np.arange(11, months)[:, None] - np.arange(12)
        rows.add(at(year, SEASONAL), np.ones(12), scale=scale_of("seasonal", part))
    effects = layout.tet(part, months)
    irregular = np.column_stack(
        [at(t, LEVEL), at(t, TREND), at(t, SEASONAL), *(np.full(months, column) for column in effects)]
    )
    ones = np.ones(months)
    rows.add(irregular, np.column_stack([ones, -ones, -ones, -tet]), scale=scale_of("irregular", part))
    rows.add(effects[:, None], np.ones(1), target=calendar.tet, fixed=calendar.tet_sd**2)
    _add_prints(rows, first, months, part)


def _add_prints(rows: Rows, first: int, months: int, series: int) -> None:
    """By how much the prints of a series miss what is found later: bias, first-release errors, revisions to come."""
    layout = rows.layout
    t = np.arange(months)
    now, before = t[1:], t[:-1]
    bias, revision, vintage = (np.asarray(layout.column(t, kind, series)) for kind in (BIAS, REVISION, VINTAGE))
    rows.add(bias[:1, None], np.ones(1), fixed=_BIAS_START_SD**2)
    rows.add(
        np.column_stack([bias[now], bias[before]]), np.array([1.0, -_BIAS_PERSISTENCE]), scale=scale_of("bias", series)
    )
    rows.add(revision[:, None], np.ones(1), scale=scale_of("revision", series))
    same_year = now[(first + now) % 12 != 0]
    steps = np.column_stack([vintage[same_year], vintage[same_year - 1]])
    rows.add(steps, np.array([1.0, -1.0]), scale=scale_of("vintage", series))
    closing = t[((first + t) % 12 == 11) | (t == months - 1)]
    still_open = 12.0 - (first + closing) % 12  # steps of revision to come once the last known month is published
    rows.add(vintage[closing, None], 1.0 / np.sqrt(still_open)[:, None], scale=scale_of("vintage", series))
    rows.add(np.array([[layout.excess(series, months)]]), np.ones(1), fixed=_MOM_EXCESS_SD**2)

"""Figures, a reference to borrow from and an arrangement of parts → `IndexEstimate`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.index.model.hyperparameters import DEFAULT_SCALES, LOG_SD, learn
from bn_analysis.index.model.layout import ERROR_SCALES, SCALES, Layout
from bn_analysis.index.model.observations import LONGEST_GAP, Figures, parse_month
from bn_analysis.index.model.posterior import bias_path, index_frame, month_status, span_of, tet_effects
from bn_analysis.index.model.posterior_mode import Fit
from bn_analysis.index.model.precision.band_cholesky import Array
from bn_analysis.index.model.state_space import NO_CYCLE, WEAK, CalendarPrior, CommonCycle, Model, Share, build_model
from bn_analysis.index.model.suspects import find_suspects
from bn_analysis.index.result import IndexEstimate

ENOUGH_MONTHS = 12
"""Observed months below which an estimate is marked as not enough data."""

_BORROWED_LOG_SD = 0.5  # a borrowed scale of the states holds within a factor of about 2.7
_OWN_SCALES = ("level", "irregular")  # how much a series moves is its own, however little is known of it
_PATTERN_SHARE = 0.9
"""A borrowed calendar pattern holds within about nine tenths of its size: European countries are 0.8 (the middle one)
to 1.0 (root mean square) of that size away from their mean pattern (`python -m bench.bench_constants`)."""
_PATTERN_FLOOR = 0.02  # so that a flat borrowed pattern still leaves 2 % of room
_LOADING = (0.9, 0.5)
"""How much of the reference's growth a series shares before any figure, and how far that may be off: as the y/y of the
national industries follow that of their total (`python -m bench.bench_constants`)."""


def solve(
    figures: Figures,
    reference: IndexEstimate | None,
    base: str | int | None,
    last: int,
    parts: Sequence[str] = (),
    shares: Sequence[Share] = (),
) -> IndexEstimate:
    """Fit the model of one series, or of a territory and its parts, and describe what it says of it.

    Parameters
    ----------
    figures : Figures
    reference : IndexEstimate or None
        Series from which seasonal pattern, Tết effects, error scales and a part of the growth are borrowed.
    base : str or int or None
        Year ("2015") or month ("2015-06") whose mean is 100; None for the first twelve months.
    last : int
        Ordinal of the last month.
    parts : sequence of str
        Codes of the parts of a territory made of others; empty for one series.
    shares : sequence of Share
        What is known of the size of the parts.
    """
    layout = Layout(len(parts) or 1)
    calendar = WEAK if reference is None else _borrowed_calendar(reference)
    cycle = NO_CYCLE if reference is None else _common_cycle(reference)
    model = build_model(figures, calendar, last, layout, shares, cycle)
    centre, log_sd = _scale_prior(reference)
    fit = _fit(model, np.tile(centre, layout.series), np.tile(log_sd, layout.series))
    span = span_of(model, figures.first_month)
    base_rows, base_name = _base(span.months, span.first, base)
    status = month_status(model, figures, fit)[span.rows]
    frame = index_frame(model, fit, span, base_rows)
    frame.insert(3, "status", status)
    frame["extrapolated"] = span.months > pd.Period(ordinal=figures.last_month, freq="M")
    observed = int((status == "observed").sum())
    enough = observed >= ENOUGH_MONTHS
    names = [f"{code}.{name}" for code in (*parts, figures.territory) for name in SCALES] if parts else list(SCALES)
    return IndexEstimate(
        territory=figures.territory,
        industry=figures.industry,
        indicator=figures.indicator,
        vintage=figures.vintage,
        base=base_name,
        n_figures=len(figures.table),
        borrowed_from=None if reference is None else reference.name,
        enough_data=enough,
        reason="" if enough else f"{figures.name}: {observed} observed months, at least {ENOUGH_MONTHS} needed",
        frame=frame,
        suspects=find_suspects(model, figures, fit),
        bias=bias_path(model, fit, span),
        hyperparameters={name: float(value) for name, value in zip(names, np.exp(fit.log_scales), strict=True)},
        figures=figures,
        model=model,
        fit=fit,
        span=span,
        base_rows=base_rows,
    )


def last_month(figures: Figures, end: str | pd.Period | None) -> int:
    """Ordinal of the last month of an estimate: that of the last figure, or `end`."""
    if end is None:
        return figures.last_month
    month = parse_month(end, "end")
    beyond = month.ordinal - figures.last_month
    last = pd.Period(ordinal=figures.last_month, freq="M")
    if beyond < 0:
        raise InputError(f"end: found {month}, expected {last} (the last month with a figure) or later")
    if beyond > LONGEST_GAP:
        raise InputError(f"end: found {month}, {beyond} months after the last figure ({last}); at most {LONGEST_GAP}")
    return int(month.ordinal)


def _borrowed_calendar(reference: IndexEstimate) -> CalendarPrior:
    """Mean seasonal pattern and Tết effects of a reference, with the room a series gets around them."""
    factors = np.log(reference.components()["seasonal"])
    pattern = factors.groupby(factors.index.month - 1).mean().reindex(range(12), fill_value=0.0).to_numpy()
    pattern = pattern - pattern.mean()
    tet = tet_effects(reference.model, reference.fit)["estimate"].to_numpy()
    return CalendarPrior(
        seasonal=pattern,
        seasonal_sd=float(max(_PATTERN_SHARE * pattern.std(), _PATTERN_FLOOR)),
        tet=tet,
        tet_sd=np.maximum(_PATTERN_SHARE * np.abs(tet), _PATTERN_FLOOR),
    )


def _common_cycle(reference: IndexEstimate) -> CommonCycle:
    """Growth of a reference after adjustment."""
    adjusted = np.log(reference.components()["seasonally_adjusted"])
    growth = np.diff(adjusted.to_numpy())
    return CommonCycle(pd.PeriodIndex(adjusted.index)[1].ordinal, growth - growth.mean(), *_LOADING)


def _scale_prior(reference: IndexEstimate | None) -> tuple[Array, Array]:
    """Mean and standard deviation of the log scales of one series before any figure.

    A borrowed error scale is never below the default: the prints of another publisher are not known to be finer.
    """
    if reference is not None and reference.made_of is not None:
        raise InputError(f"prior_from: {reference.name} is made of others; expected a series with figures of its own")
    scales = DEFAULT_SCALES if reference is None else reference.hyperparameters
    centre = [max(scales[name], DEFAULT_SCALES[name]) if name in ERROR_SCALES else scales[name] for name in SCALES]
    spread = [
        LOG_SD if reference is None or name in (*ERROR_SCALES, *_OWN_SCALES) else _BORROWED_LOG_SD for name in SCALES
    ]
    return np.log(centre), np.array(spread)


def _fit(model: Model, centre: Array, log_sd: Array) -> Fit:
    try:
        return learn(model, centre, log_sd)
    except np.linalg.LinAlgError:
        touched = np.unique(model.pattern.col[model.pattern.row >= model.n_prior] // model.layout.stride)
        loose = np.setdiff1d(np.arange(model.months), touched) + model.first_month
        names = ", ".join(str(pd.Period(ordinal=int(month), freq="M")) for month in loose) or "none alone"
        raise InputError(f"the figures do not determine an index; months that no figure ties down: {names}") from None


def _base(months: pd.PeriodIndex, offset: int, base: str | int | None) -> tuple[slice, str]:
    """Rows of the base period among the modelled months, and its name."""
    if base is None:
        count = min(12, len(months))
        return slice(offset, offset + count), f"{months[0]}…{months[count - 1]}"
    text = str(base)
    inside = np.flatnonzero((months.strftime("%Y") == text) | (months.strftime("%Y-%m") == text))
    if len(inside) == 0 or (len(text) == 4 and len(inside) < 12):
        raise InputError(f"base: found {text!r}, expected a full year or a month from {months[0]} to {months[-1]}")
    return slice(offset + int(inside[0]), offset + int(inside[-1]) + 1), text

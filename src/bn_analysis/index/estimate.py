"""Published rates of one series → `IndexEstimate`."""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from bn_analysis.errors import InputError
from bn_analysis.index.model.band_cholesky import Array
from bn_analysis.index.model.hyperparameters import DEFAULT_SCALES, LOG_SD, learn
from bn_analysis.index.model.measurement_equations import BORDER, ERROR_SCALES, SCALES, SEASONAL, STATES
from bn_analysis.index.model.observations import LONGEST_GAP, Figures, parse_month, read_figures
from bn_analysis.index.model.posterior import bias_path, index_frame, month_status, span_of, states
from bn_analysis.index.model.posterior_mode import Fit
from bn_analysis.index.model.state_space import WEAK, CalendarPrior, Model, build_model
from bn_analysis.index.model.suspects import find_suspects
from bn_analysis.index.result import IndexEstimate

ENOUGH_MONTHS = 12
"""Observed months below which an estimate is marked as not enough data."""
DEFAULT_BASES = {"BN": 2023, "VN": 2015}
"""Calendar year whose mean is 100, by territory, where the index covers it; else its first twelve months."""
WELL_OBSERVED = 60
"""Months with an m/m or y/y of their own from which a series learns its own seasonal pattern and scales."""

_BORROWED_LOG_SD = 0.5  # a borrowed scale of the states holds within a factor of about 2.7
_OWN_SCALES = ("level", "irregular")  # how much a series moves is its own, however little is known of it
_PATTERN_SHARE = 0.5  # a borrowed calendar pattern holds within about its own half
_PATTERN_FLOOR = 0.02


# Threads of the linear algebra only wait for each other on matrices this small: 30 times slower on a busy machine.
@threadpool_limits.wrap(limits=1, user_api="blas")
def estimate(
    rates: pd.DataFrame,
    *,
    prior_from: IndexEstimate | None = None,
    base: str | int | None = None,
    end: str | pd.Period | None = None,
) -> IndexEstimate:
    """Estimate the index of one series from its published rates.

    Every rate is a noisy statement about one log level; trend, seasonal, Tết and irregular are its prior; errors are
    Student-t, so that misprints lose their weight; scales maximise the marginal likelihood.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table of published rates of one territory, industry and indicator.
    prior_from : IndexEstimate, optional
        Reference from which the seasonal pattern, the Tết effects and the error scales are borrowed when the series has
        fewer than `WELL_OBSERVED` months with an m/m or y/y of their own; without it such a series gets weakly
        informative defaults.
    base : str or int, optional
        Year ("2015") or month ("2015-06") whose mean is 100; default by territory (`DEFAULT_BASES`).
    end : str or pandas.Period, optional
        Last month of the estimate, YYYY-MM; months after the last figure are extrapolated and labelled so. Default: the
        last month with a figure.

    Returns
    -------
    IndexEstimate

    Raises
    ------
    InputError
        Rates of several series, an impossible or repeated figure, a stretch of more than 36 months without any figure,
        months that nothing ties down, or a base outside the index.

    References
    ----------
    Rue & Held 2005; Chan & Jeliazkov 2009; Harvey 1989 (structural model); Lange, Little & Taylor 1989 (Student-t).
    """
    figures = read_figures(rates)
    last = _last_month(figures, end)
    sparse = _own_months(figures) < WELL_OBSERVED
    reference = prior_from if sparse else None
    calendar = WEAK if reference is None else _borrowed_calendar(reference)
    model = build_model(figures, calendar, last)
    fit = _fit(model, *_scale_prior(reference))
    span = span_of(model, figures.first_month)
    base_rows, base_name = _base(figures, span.months, span.first, base)
    status = month_status(model, figures, fit)[span.rows]
    frame = index_frame(model, fit, span, base_rows)
    frame.insert(3, "status", status)
    frame["extrapolated"] = span.months > pd.Period(ordinal=figures.last_month, freq="M")
    observed = int((status == "observed").sum())
    enough = observed >= ENOUGH_MONTHS
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
        hyperparameters={name: float(value) for name, value in zip(SCALES, np.exp(fit.log_scales), strict=True)},
        figures=figures,
        model=model,
        fit=fit,
        span=span,
        base_rows=base_rows,
    )


def _last_month(figures: Figures, end: str | pd.Period | None) -> int:
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


def _own_months(figures: Figures) -> int:
    """Months with an m/m or y/y of their own."""
    return len(np.unique(figures.month[figures.table["measure"].isin(["mom", "yoy"]).to_numpy()]))


def _borrowed_calendar(reference: IndexEstimate) -> CalendarPrior:
    """Mean seasonal pattern and Tết effects of a reference, with the room a series gets around them."""
    model, fit, span = reference.model, reference.fit, reference.span
    factors = pd.Series(states(model, fit.x)[span.rows, SEASONAL]).groupby(span.months.month - 1).mean()
    pattern = factors.reindex(range(12), fill_value=0.0).to_numpy()
    pattern = pattern - pattern.mean()
    tet = fit.x[-BORDER:-1]
    return CalendarPrior(
        seasonal=pattern,
        seasonal_sd=float(max(_PATTERN_SHARE * pattern.std(), _PATTERN_FLOOR)),
        tet=tet,
        tet_sd=np.maximum(_PATTERN_SHARE * np.abs(tet), _PATTERN_FLOOR),
    )


def _scale_prior(reference: IndexEstimate | None) -> tuple[Array, Array]:
    """Mean and standard deviation of the log scales before any figure.

    A borrowed error scale is never below the default: the prints of another publisher are not known to be finer.
    """
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
        touched = np.unique(model.pattern.col[model.pattern.row >= model.n_prior] // STATES)
        loose = np.setdiff1d(np.arange(model.months), touched) + model.first_month
        names = ", ".join(str(pd.Period(ordinal=int(month), freq="M")) for month in loose) or "none alone"
        raise InputError(f"the figures do not determine an index; months that no figure ties down: {names}") from None


def _base(figures: Figures, months: pd.PeriodIndex, offset: int, base: str | int | None) -> tuple[slice, str]:
    """Rows of the base period among the modelled months, and its name."""
    if base is None:
        year = DEFAULT_BASES.get(figures.territory)
        inside = np.flatnonzero(months.year == year) if year is not None else np.array([], dtype=int)
        if len(inside) == 12:
            return slice(offset + inside[0], offset + inside[-1] + 1), str(year)
        count = min(12, len(months))
        return slice(offset, offset + count), f"{months[0]}…{months[count - 1]}"
    text = str(base)
    inside = np.flatnonzero((months.strftime("%Y") == text) | (months.strftime("%Y-%m") == text))
    if len(inside) == 0 or (len(text) == 4 and len(inside) < 12):
        raise InputError(f"base: found {text!r}, expected a full year or a month from {months[0]} to {months[-1]}")
    return slice(offset + int(inside[0]), offset + int(inside[-1]) + 1), text

"""Posterior of the states → index with its band, implied rates, status of each month and parts of the level."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from bn_analysis.errors import InputError
from bn_analysis.index.model.layout import BIAS, LEVEL, SEASONAL, TET_WINDOWS, TREND, scale_of
from bn_analysis.index.model.measurement_equations import FINAL, linearise, make_statements
from bn_analysis.index.model.observations import Figures
from bn_analysis.index.model.posterior_mode import Fit
from bn_analysis.index.model.precision.band_cholesky import Array, IntArray
from bn_analysis.index.model.precision.elimination import covariances, factorise
from bn_analysis.index.model.precision.pattern import make_pattern
from bn_analysis.index.model.state_space import Model

OWN_SD = 0.05
"""A month's own movement, in logs, against which the status measures what its figures add: about the standard deviation
of the monthly change of the national total before adjustment, 5.5 % (`python -m bench.bench_tet`)."""
OBSERVED_SHARE, BRACKETED_SHARE = 0.4, 0.03
"""Part of the variance of a month's own movement that figures must resolve to call it observed, or bracketed.

One rate between two equally unknown months resolves V / (2 V + e²), V the variance of the movement, e the error of the
rate: one half where it is exact, 0.4 at an error of 3.5 %. So one rate of its own that is believed is enough, one
whose weight is cut is not. An exact rate of a whole year on the year before resolves 1/24 = 0.04 of each of its months:
0.03 is such a rate with its error."""
BANDS = (80, 50, 95)
"""Widths of the bands of the index, per cent; 80 % is the one that pages show."""


@dataclass(frozen=True, slots=True)
class Span:
    """The months of a result inside a model: `first` and `stop` count from the first modelled month."""

    first: int
    stop: int
    months: pd.PeriodIndex

    @property
    def rows(self) -> slice:
        """The same as a slice over the modelled months."""
        return slice(self.first, self.stop)


def span_of(model: Model, first_month: int) -> Span:
    """From a month (ordinal) to the last modelled one."""
    months = pd.period_range(
        pd.Period(ordinal=first_month, freq="M"), periods=model.first_month + model.months - first_month
    )
    return Span(first_month - model.first_month, model.months, months)


@dataclass(frozen=True, slots=True)
class Parts:
    """Something of every part by month, and what it makes of the whole.

    Attributes
    ----------
    logs : ndarray, shape (T, parts)
        Log levels (or trends, or adjusted levels) of the parts at the mode.
    whole : ndarray, shape (T,)
        Log of their sum.
    share : ndarray, shape (T, parts)
        Share of each part in it, which is also the slope of `whole` in `logs`.
    """

    logs: Array
    whole: Array
    share: Array

    def drawn(self, logs: Array) -> Array:
        """The whole of draws (…, T, parts), linear around the mode as the posterior is: shape (…, T)."""
        return self.whole + ((logs - self.logs) * self.share).sum(axis=-1)


def add_up(logs: Array) -> Parts:
    """Logs of parts (T, parts) → their sum; a single part is the whole itself."""
    if logs.shape[-1] == 1:
        return Parts(logs, logs[:, 0], np.ones_like(logs))
    whole = np.logaddexp.reduce(logs, axis=-1)
    return Parts(logs, whole, np.exp(logs - whole[:, None]))


def log_levels(model: Model, x: Array) -> Array:
    """Log level of every part, shape (…, T, parts)."""
    return model.layout.states(x, LEVEL)


def log_adjusted(model: Model, x: Array) -> Array:
    """The same without its seasonal and Tết parts."""
    return log_levels(model, x) - model.layout.states(x, SEASONAL) - log_tet(model, x)


def log_tet(model: Model, x: Array) -> Array:
    """Log Tết effect of every part by month, shape (…, T, parts)."""
    effects = [x[..., model.layout.tet(part, model.months)] @ model.tet.T for part in range(model.layout.parts)]
    return np.stack(effects, axis=-1)


def tet_effects(model: Model, fit: Fit) -> pd.DataFrame:
    """Effects of the Tết windows in logs: columns estimate, standard_error, t_value; index first and last day.

    Of a territory made of others, the mean of its parts' effects by their size.
    """
    columns = np.array([model.layout.tet(part, model.months) for part in range(model.layout.parts)])
    estimate, error = _mean_over_parts(model, fit, columns)
    found = {"estimate": estimate, "standard_error": error, "t_value": estimate / np.maximum(error, 1e-12)}
    return pd.DataFrame(found, index=pd.MultiIndex.from_tuples(TET_WINDOWS, names=["first", "last"]))


def loading(model: Model, fit: Fit) -> tuple[float, float]:
    """How much of a common cycle the series shares, and its standard error; of parts, the mean by their size."""
    columns = np.array([[model.layout.loading(part, model.months)] for part in range(model.layout.parts)])
    estimate, error = _mean_over_parts(model, fit, columns)
    return float(estimate[0]), float(error[0])


def _mean_over_parts(model: Model, fit: Fit, columns: NDArray[np.int64]) -> tuple[Array, Array]:
    """Means of constants of the parts (columns: parts × constants) by the size of the parts, with standard errors."""
    size = add_up(log_levels(model, fit.x)).share.mean(axis=0)
    mean = np.zeros((len(fit.x), columns.shape[1]))
    for part, weight in enumerate(size):
        mean[columns[part], np.arange(columns.shape[1])] = weight
    error = np.sqrt(np.maximum(np.einsum("ij,ij->j", mean, fit.factor.solve(mean)), 0.0))
    return fit.x @ mean, error


def base_weights(level: Parts, base: slice) -> Array:
    """Share of each part and month in the mean level of the base period, shape (T, parts)."""
    weights = np.zeros_like(level.logs)
    size = np.exp(level.logs[base] - level.whole[base].max())
    weights[base] = size / size.sum()
    return weights


def index_frame(model: Model, fit: Fit, span: Span, base: slice) -> pd.DataFrame:
    """Index (mean of the base period = 100) with 80, 50 and 95 % bands, by month of the span."""
    level = add_up(log_levels(model, fit.x))
    centre = np.log(np.exp(level.whole[base]).mean())
    weights = base_weights(level, base)
    columns = model.layout.levels(model.months)
    right = np.zeros_like(fit.x)
    right[columns] = weights
    with_base = fit.factor.solve(right)[columns]
    variance = _level_variance(model, fit, level.share)
    variance += float((weights * with_base).sum()) - 2.0 * (level.share * with_base).sum(axis=1)
    sd = np.sqrt(np.maximum(variance, 0.0))[span.rows]
    middle = (level.whole - centre)[span.rows]
    frame = pd.DataFrame({"index": 100.0 * np.exp(middle)}, index=span.months)
    for band in BANDS:
        reach = ndtri(0.5 + band / 200.0) * sd
        frame[f"low{band}"], frame[f"high{band}"] = 100.0 * np.exp(middle - reach), 100.0 * np.exp(middle + reach)
    return frame


def _level_variance(model: Model, fit: Fit, share: Array) -> Array:
    """Posterior variance of the log level by month, shape (T,), from covariances inside the band."""
    store = covariances(model.pattern, fit.factor)
    columns = model.layout.levels(model.months)
    variance = np.zeros(model.months)
    for i in range(model.layout.parts):
        for j in range(i + 1):
            pair = store[model.pattern.within(columns[:, i], columns[:, j])]
            variance += (1.0 if i == j else 2.0) * share[:, i] * share[:, j] * pair
    return variance


def implied_rates(model: Model, fit: Fit, span: Span, measure: str) -> pd.DataFrame:
    """Rate that the levels imply in each month: columns value_pct, low80, high80 in per cent."""
    back = {"mom": 1, "yoy": 12, "ytd": 23, "quarter_yoy": 14}
    if measure not in back:
        raise InputError(f"measure: found {measure!r}, expected one of {', '.join(back)}")
    month = model.first_month + np.arange(span.first, span.stop)
    reach = 12 + month % 12 if measure == "ytd" else np.full(len(month), back[measure])
    known = month - reach >= model.first_month
    result = pd.DataFrame(np.nan, index=span.months, columns=["value_pct", "low80", "high80"])
    if known.any():
        middle, sd = predict(model, fit, month[known], [measure] * int(known.sum()), FINAL)
        for column, z in (("value_pct", 0.0), ("low80", -ndtri(0.9)), ("high80", ndtri(0.9))):
            result.loc[known, column] = 100.0 * np.expm1(middle + z * sd)
    return result


def predict(
    model: Model, fit: Fit, month: IntArray, measure: list[str], release: str, series: int | None = None
) -> tuple[Array, Array]:
    """Mean and standard deviation of log rates of a series, shape (S,) each, before the error of their class."""
    rows = make_statements(
        model.layout, month, measure, release, first_month=model.first_month, months=model.months,
        series=model.layout.whole if series is None else series,
    )  # fmt: skip
    values, target = linearise(rows, fit.x)
    dense = np.zeros((rows.pattern.n_rows, len(fit.x)))
    dense[rows.pattern.row, rows.pattern.col] = values
    # solved row by row, because a rate that no figure has may reach beyond the band of the model
    spread = np.einsum("ij,ji->i", dense, fit.factor.solve(dense.T))
    return dense @ fit.x - target, np.sqrt(np.maximum(spread, 0.0))


def month_status(model: Model, figures: Figures, fit: Fit) -> NDArray[np.str_]:
    """What the figures add to each modelled month: observed, bracketed or interpolated, shape (T,).

    A month is observed where it has figures of its own: of the whole, or of every part. A forecast observes nothing.
    """
    resolved = information(model, figures, fit)
    month = model.first_month + np.arange(model.months)
    seen = (figures.table["release"] != "forecast").to_numpy()
    has = [np.isin(month, figures.month[seen & (figures.series == series)]) for series in range(model.layout.series)]
    own = has[model.layout.whole] | np.all(has[: model.layout.parts], axis=0)
    return np.select(
        [own & (resolved > OBSERVED_SHARE), resolved > BRACKETED_SHARE],
        ["observed", "bracketed"],
        default="interpolated",
    )


def information(model: Model, figures: Figures, fit: Fit) -> Array:
    """How far the figures tie down each modelled month by itself, from 0 to 1, shape (T,).

    The levels get an independent prior of standard deviation `OWN_SD`; this is the part of its variance that the
    weighted figures take away.
    """
    pattern, parts, months = model.pattern, model.layout.parts, np.arange(model.months)
    columns = model.layout.levels(model.months).ravel()
    keep = (pattern.row >= model.n_prior) & np.isin(pattern.col, columns)
    count = len(columns)
    row = np.concatenate([np.arange(count), [count], pattern.row[keep] - model.n_prior + count + 1])
    col = np.concatenate([np.arange(count), [count], np.searchsorted(columns, pattern.col[keep])])
    values = np.concatenate([np.ones(count + 1), fit.values[keep]])
    error = (fit.variance / fit.weight)[model.n_prior :]
    first = (figures.table["release"] == "first").to_numpy()
    revision = fit.log_scales[[scale_of("revision", int(series)) for series in figures.series]]
    error = error + first * np.exp(2.0 * revision)
    precision = np.concatenate([np.full(count, OWN_SD**-2), [1.0], 1.0 / error])
    small = make_pattern(row, col, count, 1)
    store = covariances(small, factorise(small, values, precision))
    share = add_up(log_levels(model, fit.x)).share
    left = np.zeros(model.months)
    for i in range(parts):
        for j in range(i + 1):
            pair = store[small.within(months * parts + i, months * parts + j)]
            left += (1.0 if i == j else 2.0) * share[:, i] * share[:, j] * pair
    resolved: Array = 1.0 - left / (share**2).sum(axis=1) / OWN_SD**2
    return resolved


def component_frame(model: Model, fit: Fit, span: Span, base: slice) -> pd.DataFrame:
    """Parts of the index at the posterior mean: trend and adjusted series as index, the other parts as factors.

    Of a territory made of others, each is what it makes of the sum: factors are ratios of sums with and without it.
    """
    levels = log_levels(model, fit.x)
    level = add_up(levels).whole
    trend = add_up(model.layout.states(fit.x, TREND)).whole
    seasonal = level - add_up(levels - model.layout.states(fit.x, SEASONAL)).whole
    adjusted = add_up(log_adjusted(model, fit.x)).whole
    centre = np.log(np.exp(level[base]).mean())
    parts = {
        "index": 100.0 * np.exp(level - centre),
        "seasonally_adjusted": 100.0 * np.exp(adjusted - centre),
        "trend": 100.0 * np.exp(trend - centre),
        "seasonal": np.exp(seasonal),
        "tet": np.exp(level - seasonal - adjusted),
        "irregular": np.exp(adjusted - trend),
    }
    return pd.DataFrame({name: part[span.rows] for name, part in parts.items()}, index=span.months)


def bias_path(model: Model, fit: Fit, span: Span) -> pd.Series:
    """How much first-release m/m exceed the change of the final level, per cent a month."""
    layout, months = model.layout, np.arange(span.first, span.stop)
    excess = fit.x[layout.column(months, BIAS, layout.whole)] + fit.x[layout.excess(layout.whole, model.months)]
    return pd.Series(100.0 * np.expm1(excess), index=span.months, name="mom_bias_pct")


def level_draws(model: Model, fit: Fit, span: Span, base: slice, n: int, seed: int, *, adjusted: bool) -> pd.DataFrame:
    """Draws of the index, each with its own base mean = 100; `adjusted` removes its seasonal and Tết parts."""
    x = state_draws(fit, n, seed)
    level = add_up(log_levels(model, fit.x)).drawn(log_levels(model, x))
    shown = add_up(log_adjusted(model, fit.x)).drawn(log_adjusted(model, x)) if adjusted else level
    centre = np.log(np.exp(level[:, base]).mean(axis=1))
    return pd.DataFrame(100.0 * np.exp(shown - centre[:, None])[:, span.rows].T, index=span.months)


@lru_cache(maxsize=2)
def state_draws(fit: Fit, n: int, seed: int) -> Array:
    """Draws of all unknowns, shape (n, T·stride + border), not to be changed; the same seed gives the same draws.

    The last ones are remembered: a page asks for the parts, shares and contributions of the same draws in turn.
    """
    if n < 1:
        raise InputError(f"draws: n = {n}; ask for at least one draw")
    drawn: Array = fit.x + fit.factor.sample(np.random.default_rng(seed), n).T
    drawn.setflags(write=False)
    return drawn

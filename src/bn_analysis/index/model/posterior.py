"""Posterior of the states → index with its band, implied rates, status of each month and parts of the level."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from bn_analysis.errors import InputError
from bn_analysis.index.model.band_cholesky import (
    Array,
    IntArray,
    covariances,
    factorise,
    make_pattern,
)
from bn_analysis.index.model.measurement_equations import (
    BIAS,
    BORDER,
    FINAL,
    LEVEL,
    SCALES,
    SEASONAL,
    STATES,
    TET_WINDOWS,
    TREND,
    linearise,
    make_statements,
)
from bn_analysis.index.model.observations import Figures
from bn_analysis.index.model.posterior_mode import Fit
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


def states(model: Model, x: Array) -> Array:
    """State vectors (…, T·STATES + BORDER) arranged as (…, T, STATES)."""
    return x[..., : model.months * STATES].reshape(*x.shape[:-1], model.months, STATES)


def base_weights(model: Model, fit: Fit, base: slice) -> Array:
    """Share of each month in the mean level of the base period, shape (T,)."""
    level = states(model, fit.x)[:, LEVEL]
    weights = np.zeros(model.months)
    weights[base] = np.exp(level[base]) / np.exp(level[base]).sum()
    return weights


def index_frame(model: Model, fit: Fit, span: Span, base: slice) -> pd.DataFrame:
    """Index (mean of the base period = 100) with 80, 50 and 95 % bands, by month of the span."""
    level = states(model, fit.x)[:, LEVEL]
    centre = np.log(np.exp(level[base]).mean())
    weights = base_weights(model, fit, base)
    right = np.zeros_like(fit.x)
    columns = np.arange(model.months) * STATES + LEVEL
    right[columns] = weights
    with_base = fit.factor.solve(right)[columns]
    variance = covariances(model.pattern, fit.factor)[columns] - 2.0 * with_base + weights @ with_base
    sd = np.sqrt(np.maximum(variance, 0.0))[span.rows]
    middle = (level - centre)[span.rows]
    frame = pd.DataFrame({"index": 100.0 * np.exp(middle)}, index=span.months)
    for band in BANDS:
        reach = ndtri(0.5 + band / 200.0) * sd
        frame[f"low{band}"], frame[f"high{band}"] = 100.0 * np.exp(middle - reach), 100.0 * np.exp(middle + reach)
    return frame


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


def predict(model: Model, fit: Fit, month: IntArray, measure: list[str], release: str) -> tuple[Array, Array]:
    """Mean and standard deviation of log rates, shape (S,) each, before the error of their class."""
    rows = make_statements(month, measure, release, first_month=model.first_month, months=model.months)
    values, target = linearise(rows, fit.x)
    dense = np.zeros((rows.pattern.n_rows, len(fit.x)))
    dense[rows.pattern.row, rows.pattern.col] = values
    # solved row by row, because a rate that no figure has may reach beyond the band of the model
    spread = np.einsum("ij,ji->i", dense, fit.factor.solve(dense.T))
    return dense @ fit.x - target, np.sqrt(np.maximum(spread, 0.0))


def month_status(model: Model, figures: Figures, fit: Fit) -> NDArray[np.str_]:
    """What the figures add to each modelled month: observed, bracketed or interpolated, shape (T,)."""
    resolved = information(model, figures, fit)
    own = np.isin(model.first_month + np.arange(model.months), figures.month)
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
    pattern = model.pattern
    keep = pattern.row >= model.n_prior
    keep &= (pattern.col < pattern.n) & (pattern.col % STATES == LEVEL)
    months = np.arange(model.months)
    row = np.concatenate([months, [model.months], pattern.row[keep] - model.n_prior + model.months + 1])
    col = np.concatenate([months, [model.months], pattern.col[keep] // STATES])
    values = np.concatenate([np.ones(model.months + 1), fit.values[keep]])
    error = fit.variance / fit.weight
    first = (figures.table["release"] == "first").to_numpy()
    error = error[model.n_prior :] + first * np.exp(2.0 * fit.log_scales[SCALES.index("revision")])
    precision = np.concatenate([np.full(model.months, OWN_SD**-2), [1.0], 1.0 / error])
    small = make_pattern(row, col, model.months, 1)
    factor = factorise(small, values, precision)
    resolved: Array = 1.0 - covariances(small, factor)[: model.months] / OWN_SD**2
    return resolved


def calendar_parts(model: Model, x: Array) -> tuple[Array, Array]:
    """Log seasonal and Tết parts of state vectors (…, T·STATES + BORDER), shapes (…, T)."""
    return states(model, x)[..., SEASONAL], x[..., -BORDER:-1] @ model.tet.T


def tet_effects(model: Model, fit: Fit) -> pd.DataFrame:
    """Effects of the Tết windows in logs: columns estimate, standard_error, t_value; index first and last day."""
    estimate = fit.x[-BORDER:-1]
    error = np.sqrt(np.maximum(covariances(model.pattern, fit.factor)[-BORDER:-1], 0.0))
    columns = {"estimate": estimate, "standard_error": error, "t_value": estimate / np.maximum(error, 1e-12)}
    return pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(TET_WINDOWS, names=["first", "last"]))


def component_frame(model: Model, fit: Fit, span: Span, base: slice) -> pd.DataFrame:
    """Parts of the index at the posterior mean: trend and adjusted series as index, the other parts as factors."""
    seasonal, tet = calendar_parts(model, fit.x)
    level, trend = states(model, fit.x)[:, LEVEL], states(model, fit.x)[:, TREND]
    centre = np.log(np.exp(level[base]).mean())
    adjusted = level - seasonal - tet
    parts = {
        "index": 100.0 * np.exp(level - centre),
        "seasonally_adjusted": 100.0 * np.exp(adjusted - centre),
        "trend": 100.0 * np.exp(trend - centre),
        "seasonal": np.exp(seasonal),
        "tet": np.exp(tet),
        "irregular": np.exp(adjusted - trend),
    }
    return pd.DataFrame({name: part[span.rows] for name, part in parts.items()}, index=span.months)


def bias_path(model: Model, fit: Fit, span: Span) -> pd.Series:
    """How much first-release m/m exceed the change of the final level, per cent a month."""
    excess = states(model, fit.x)[span.rows, BIAS] + fit.x[-1]
    return pd.Series(100.0 * np.expm1(excess), index=span.months, name="mom_bias_pct")


def level_draws(model: Model, fit: Fit, span: Span, base: slice, n: int, seed: int, *, adjusted: bool) -> pd.DataFrame:
    """Draws of the index, each with its own base mean = 100; `adjusted` removes its seasonal and Tết parts."""
    if n < 1:
        raise InputError(f"draws: n = {n}; ask for at least one draw")
    x = fit.x + fit.factor.sample(np.random.default_rng(seed), n).T
    level = states(model, x)[..., LEVEL]
    shown = level - sum(calendar_parts(model, x)) if adjusted else level
    centre = np.log(np.exp(level[:, base]).mean(axis=1))
    return pd.DataFrame(100.0 * np.exp(shown - centre[:, None])[:, span.rows].T, index=span.months)

"""Fitted figures → those that the others contradict, with what the others imply and the likeliest explanation."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from bn_analysis.errors import InputError
from bn_analysis.index.model.error_model import DEGREES_OF_FREEDOM, student
from bn_analysis.index.model.layout import scale_of
from bn_analysis.index.model.observations import Figures, months_back
from bn_analysis.index.model.posterior import predict
from bn_analysis.index.model.posterior_mode import Fit
from bn_analysis.index.model.precision.band_cholesky import Array
from bn_analysis.index.model.precision.elimination import covariances, row_variances
from bn_analysis.index.model.state_space import Model

SUSPECT_WEIGHT = 0.25
"""A figure is named when less than this part of its weight is left: about four standard errors from the others."""
FULL_WEIGHT = (DEGREES_OF_FREEDOM + 1.0) / DEGREES_OF_FREEDOM
"""Weight of a figure that lies exactly where the others put it: the largest that a Student-t row can have."""
READINGS = ("mom", "yoy", "ytd")
_ALONE = 0.999  # leverage of a figure that nothing else ties down: the others imply nothing
_TRUSTED = 0.5  # weight above which a later print of the cell is taken to replace the doubtful one
_NEAR = 0.1  # an explanation must leave less than this part of the contradiction
COLUMNS = (
    "territory", "industry", "period", "measure", "value_pct", "implied_pct", "weight",
    "decimals", "release", "release_date", "source", "implied_low80", "implied_high80", "misprint", "explanation",
)  # fmt: skip


def leave_one_out(model: Model, figures: Figures, fit: Fit) -> pd.DataFrame:
    """The table of figures with what is left of each and what the others imply.

    Added columns: weight (0 … 1), misprint (its probability), implied_pct, implied_low80, implied_high80.

    Removing a figure changes the mean and variance of its own prediction by its leverage (the weighted share of its
    prediction's variance), so no second fit is needed. NaN where no other figure says anything.
    """
    rows = slice(model.n_prior, None)
    residual, spread = fit.residual[rows], fit.spread[rows]
    leverage = fit.weight[rows] * spread / fit.variance[rows]
    leverage = np.where(leverage < _ALONE, leverage, np.nan)
    alone = residual / (1.0 - leverage)
    implied = figures.log_change - alone
    honest = row_variances(model.pattern, fit.values, covariances(model.pattern, fit.factor))[rows]
    reach = ndtri(0.9) * np.sqrt(honest / (1.0 - leverage))
    table = figures.table.copy()
    table["weight"] = np.minimum(fit.weight[rows] / FULL_WEIGHT, 1.0)
    table["misprint"] = fit.belief.misprint[rows]
    for column, log_rate in (
        ("implied_pct", implied), ("implied_low80", implied - reach), ("implied_high80", implied + reach),
    ):  # fmt: skip
        table[column] = 100.0 * np.expm1(log_rate)
    return table


def find_suspects(model: Model, figures: Figures, fit: Fit) -> pd.DataFrame:
    """Figures that have lost most of their weight, the least trusted first; columns `COLUMNS`."""
    table = leave_one_out(model, figures, fit)
    doubtful = table[table["weight"] < SUSPECT_WEIGHT].copy()
    doubtful["explanation"] = [
        _explain(row, table, model, fit, int(figures.series[at])) for at, row in doubtful.iterrows()
    ]
    return doubtful.sort_values(["weight", "period"], kind="stable")[list(COLUMNS)].reset_index(drop=True)


def _explain(row: pd.Series, table: pd.DataFrame, model: Model, fit: Fit, series: int) -> str:
    """superseded, sign, other_base or misprint: the first reading under which the figure agrees with the others."""
    same_cell = table[
        (table[["territory", "period", "measure"]] == row[["territory", "period", "measure"]]).all(axis=1)
    ]
    date = "" if pd.isna(row["release_date"]) else str(row["release_date"])
    later = same_cell[same_cell["release_date"].fillna("").astype(str) > date]
    if (later["weight"] > _TRUSTED).any():
        return "superseded"
    miss = abs(row["value_pct"] - row["implied_pct"])
    if abs(-row["value_pct"] - row["implied_pct"]) < _NEAR * miss:
        return "sign"
    month = pd.Period(row["period"], freq="M").ordinal
    others = [measure for measure in READINGS if measure != row["measure"]]
    if month - months_back(np.full(len(others), month), others).max() < model.first_month:
        return "misprint"
    middle, width = _predictive(model, fit, month, others, series)
    away = np.abs(np.log1p(row["value_pct"] / 100.0) - middle)
    if ((away < ndtri(0.9) * width) & (width < _NEAR * miss / 100.0)).any():
        return "other_base"
    return "misprint"


def _predictive(model: Model, fit: Fit, month: int, measures: Sequence[str], series: int) -> tuple[Array, Array]:
    """Mean and width of first-release log rates of a month of a series, the error of their class included."""
    middle, sd = predict(model, fit, np.full(len(measures), month), list(measures), "first", series)
    scale = np.exp(fit.log_scales[[scale_of(measure, series) for measure in measures]])
    return middle, np.sqrt(sd**2 + scale**2)


def reading_odds(model: Model, fit: Fit, value_pct: float, month: int) -> dict[str, float]:
    """Probability that a printed change of unstated base is m/m, y/y or year-to-date, before seeing it equally likely.

    Parameters
    ----------
    model, fit : Model, Fit
        The estimate; the figure itself must not be among its figures.
    value_pct : float
        The printed change, per cent.
    month : int
        Ordinal of its period.

    Returns
    -------
    dict
        mom, yoy, ytd → probability; they sum to 1.
    """
    if not np.isfinite(value_pct) or value_pct <= -100.0:
        raise InputError(f"value_pct: found {value_pct!r}, expected a finite change above −100 %")
    last = model.first_month + model.months - 1
    earliest = month - months_back(np.full(3, month), READINGS).max()
    if earliest < model.first_month or month > last:
        begin = pd.Period(ordinal=model.first_month + 23, freq="M")
        raise InputError(
            f"period: found {pd.Period(ordinal=month, freq='M')}, expected a month from {begin} to "
            f"{pd.Period(ordinal=last, freq='M')}"
        )
    middle, width = _predictive(model, fit, month, READINGS, model.layout.whole)
    _, log_density = student(((np.log1p(value_pct / 100.0) - middle) / width) ** 2, width**2)
    density = np.exp(log_density - log_density.max())
    return {measure: float(p) for measure, p in zip(READINGS, density / density.sum(), strict=True)}

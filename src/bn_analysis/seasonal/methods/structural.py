"""A short or gappy monthly series → its adjustment by a basic structural model, gaps filled and uncertainty known."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.seasonal.checks import takes_logs
from bn_analysis.seasonal.methods.outlying import LEAST_SCALE, outlying
from bn_analysis.seasonal.result import COLUMNS, NO_OUTLIERS, Reason, SeasonalAdjustment
from bn_analysis.seasonal.tet.effect import NO_TET, TetEffect
from bn_analysis.seasonal.tet.regression import holiday_part, regression_effect
from bn_analysis.seasonal.x13.specification import months_of

if TYPE_CHECKING:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

FORECASTS = 12
"""Months ahead, as X-13's own default."""


@dataclass(frozen=True, slots=True, eq=False)
class StructuralSampler:
    """Posterior draws of level plus irregular (simulation smoother of Durbin & Koopman 2002)."""

    values: pd.Series
    ordinary: pd.Series
    parameters: np.ndarray
    logs: bool

    def __call__(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n adjusted levels."""
        if n < 1:
            raise InputError(f"draws: n = {n}; ask for at least one draw")
        model = _model(self.ordinary)
        model.update(self.parameters)
        smoother = model.simulation_smoother()
        rng = np.random.default_rng(seed)
        noise = np.sqrt(self.parameters[model.param_names.index("sigma2.irregular")])
        known = self.values.notna().to_numpy()
        columns = []
        for _ in range(n):
            smoother.simulate(rng=rng)
            state = smoother.simulated_state
            season = state[2]
            filled = state[0] + noise * rng.standard_normal(len(known))
            columns.append(np.where(known, self.values.to_numpy() - season, filled))
        draws = np.column_stack(columns)
        return pd.DataFrame(np.exp(draws) if self.logs else draws, index=self.values.index)


def adjust_by_structural(series: pd.Series, reason: Reason, *, tet: bool) -> SeasonalAdjustment:
    """Adjust a series by a basic structural model: local linear trend, stochastic season, irregular (Harvey 1989).

    Months that stand apart teach it nothing about trend and season; in the adjusted series they stay.

    Parameters
    ----------
    series : pandas.Series
        Monthly, NaN in gaps, at least 24 values.
    reason : Reason
        Kept in the result.
    tet : bool
        Search for Tết windows and take their effect out first.
    """
    logs = takes_logs(series)
    values = np.log(series) if logs else series
    effect = regression_effect(values) if tet else NO_TET
    holiday = holiday_part(effect, months_of(series))
    rest = values - holiday
    outliers = outlying(rest, LEAST_SCALE if logs else LEAST_SCALE * float(rest.abs().median()))
    ordinary = rest.where(~rest.index.isin(outliers["period"]))
    fit = _fitted(ordinary)
    trend, season = pd.Series(fit.level.smoothed, rest.index), pd.Series(fit.seasonal.smoothed, rest.index)
    adjusted = (rest - season).fillna(trend)
    table = pd.DataFrame(
        dict(zip(COLUMNS, (values, adjusted, trend, season, adjusted - trend), strict=True))
        | {"tet": holiday, "calendar": holiday}
    )
    table = table.apply(np.exp) if logs else table
    table["value"] = series
    return SeasonalAdjustment(
        name=str(series.name if series.name is not None else "series"),
        table=table,
        method="structural",
        reason=reason,
        multiplicative=logs,
        tet=effect,
        outliers=outliers if len(outliers) else NO_OUTLIERS,
        diagnostics={},
        grades=(),
        forecasts=_forecasts(ordinary, np.asarray(fit.params), effect, logs),
        specification=None,
        sampler=StructuralSampler(rest, ordinary, np.asarray(fit.params), logs),
    )


def _model(values: pd.Series) -> "UnobservedComponents":
    from statsmodels.tsa.statespace.structural import UnobservedComponents  # takes a second to import

    return UnobservedComponents(values.to_numpy(), level="local linear trend", seasonal=12)


def _fitted(values: pd.Series):  # type: ignore[no-untyped-def]  # statsmodels has no types
    with warnings.catch_warnings():
        # A variance at its boundary (a fixed season, say) is an answer, not a failure.
        warnings.simplefilter("ignore")
        return _model(values).fit(disp=False, maxiter=200)


def _forecasts(rest: pd.Series, parameters: np.ndarray, effect: TetEffect, logs: bool) -> pd.DataFrame:
    """Months ahead, by smoothing over a year of missing values."""
    longer = rest.reindex(pd.period_range(rest.index[0], rest.index[-1] + FORECASTS, freq="M"))
    smoothed = _model(longer).smooth(parameters)
    ahead = months_of(longer)[-FORECASTS:]
    holiday = holiday_part(effect, ahead).to_numpy()
    trend, season = smoothed.level.smoothed[-FORECASTS:], smoothed.seasonal.smoothed[-FORECASTS:]
    error = np.sqrt(np.maximum(smoothed.filter_results.forecasts_error_cov[0, 0, -FORECASTS:], 0.0))
    centre = trend + season + holiday
    columns = {
        "value": centre,
        "low95": centre - 1.96 * error,
        "high95": centre + 1.96 * error,
        "seasonally_adjusted": trend,
    }
    table = pd.DataFrame(columns, index=ahead)
    return table.apply(np.exp) if logs else table

"""A monthly series without gaps → its adjustment by STL on logs, Tết taken out first by regression."""

import numpy as np
import pandas as pd

from bn_analysis.seasonal.checks import takes_logs
from bn_analysis.seasonal.result import COLUMNS, NO_FORECASTS, NO_OUTLIERS, Reason, SeasonalAdjustment
from bn_analysis.seasonal.revision_draws import FixedSampler
from bn_analysis.seasonal.tet.effect import NO_TET
from bn_analysis.seasonal.tet.regression import holiday_part, regression_effect
from bn_analysis.seasonal.x13.specification import months_of

SEASONAL_SPAN = 7
"""Years a seasonal factor looks at (Cleveland et al. 1990: odd, at least 7); close to X-11's 3×5 filter."""


def adjust_by_stl(series: pd.Series, reason: Reason, *, tet: bool) -> SeasonalAdjustment:
    """Adjust a series by STL (Cleveland et al. 1990), robust against outliers.

    Parameters
    ----------
    series : pandas.Series
        Monthly, at least 24 finite values; components multiply where all are positive and add otherwise.
    reason : Reason
        Kept in the result.
    tet : bool
        Search for Tết windows and take their effect out first.
    """
    from statsmodels.tsa.seasonal import STL  # takes a second to import, and most runs never come here

    logs = takes_logs(series)
    values = np.log(series) if logs else series
    effect = regression_effect(values) if tet else NO_TET
    holiday = holiday_part(effect, months_of(series))
    parts = STL(values - holiday, period=12, seasonal=SEASONAL_SPAN, robust=True).fit()
    adjusted = values - holiday - parts.seasonal
    columns = (values, adjusted, parts.trend, parts.seasonal, adjusted - parts.trend)
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)) | {"tet": holiday, "calendar": holiday})
    table = table.apply(np.exp) if logs else table
    table["value"] = series  # untouched by the way through logs
    return SeasonalAdjustment(
        name=str(series.name if series.name is not None else "series"),
        table=table,
        method="stl",
        reason=reason,
        multiplicative=logs,
        tet=effect,
        outliers=NO_OUTLIERS,
        diagnostics={},
        grades=(),
        forecasts=NO_FORECASTS,
        specification=None,
        sampler=FixedSampler(table["seasonally_adjusted"]),
    )

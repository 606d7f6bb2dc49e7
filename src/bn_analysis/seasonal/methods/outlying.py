"""A series → the months that stand apart from its trend and season, which no adjustment may learn from."""

import pandas as pd

from bn_analysis.robust import robust_scale
from bn_analysis.seasonal.result import OUTLIER_COLUMNS

FAR_OFF = 6.0
"""Robust standard deviations of the irregular beyond which a month stands apart (X-13 takes about 4 ordinary ones)."""
LEAST_SCALE = 0.002
"""The irregular of a series that hardly moves is taken as 0.2 % at least: rounding is no outlier."""
MOST = 0.05
"""Share of the months that may be left out: beyond it nothing is exceptional."""
SPAN = 13
"""Years of the seasonal smoother: long and stiff, so that an odd month does not become season."""


def outlying(values: pd.Series, least: float) -> pd.DataFrame:
    """Months that stand apart, in the columns of `SeasonalAdjustment.outliers`, the farthest first.

    Parameters
    ----------
    values : pandas.Series
        Logs, or levels where components add; NaN in gaps.
    least : float
        What the irregular moves at the least, in the units of the values.
    """
    from statsmodels.tsa.seasonal import STL

    parts = STL(values.interpolate(), period=12, seasonal=SPAN, robust=True).fit()
    residual = (values - parts.trend - parts.seasonal).dropna()
    scale = max(float(robust_scale(residual)), least)
    far = residual[residual.abs() > FAR_OFF * scale]
    far = far.loc[far.abs().sort_values(ascending=False, kind="stable").index][: int(MOST * len(values))]
    rows = [("ao", month, float(size), float("nan"), float("nan"), True) for month, size in far.items()]
    return pd.DataFrame(rows, columns=list(OUTLIER_COLUMNS))

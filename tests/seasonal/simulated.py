"""Monthly series with a known season and a known Tết effect, for statements that need the truth."""

import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import tet_regressor

TET_BEFORE, TET_SINCE = -0.05, -0.15
"""Log effect of having the whole of the days −6…−1 and 0…6 in a month."""


def production(
    n: int = 144, *, tet: bool = True, noise: float = 0.01, seed: int = 3, start: str = "2012-01"
) -> pd.Series:
    """An index with trend, season and, if asked, Tết; level near 100."""
    rng = np.random.default_rng(seed)
    months = pd.period_range(start, periods=n, freq="M", name="period")
    trend = np.cumsum(0.005 + 0.006 * rng.standard_normal(n))
    season = 0.06 * np.sin(2 * np.pi * np.arange(n) / 12) + 0.03 * np.cos(4 * np.pi * np.arange(n) / 12)
    logs = 4.6 + trend + season + noise * rng.standard_normal(n)
    if tet:
        logs = logs + TET_BEFORE * tet_regressor(months, -6, -1).to_numpy()
        logs = logs + TET_SINCE * tet_regressor(months, 0, 6).to_numpy()
    return pd.Series(np.exp(logs), index=months, name="production")


def change_sd(series: pd.Series) -> float:
    """Standard deviation of the month-to-month change of the logs."""
    return float(np.log(series).diff().std())

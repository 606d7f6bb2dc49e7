"""Simulated adjusted series whose falls and troughs are known."""

import numpy as np
import pandas as pd


def path(pieces: list[tuple[int, float]], noise: float = 0.3, seed: int = 0, start: str = "2005-01") -> pd.Series:
    """Levels from pieces of (months, growth in % a month), with white noise of the level in %."""
    growth = np.concatenate([np.full(months, rate) for months, rate in pieces])
    logs = np.cumsum(growth) + noise * np.random.default_rng(seed).standard_normal(growth.size)
    months = pd.period_range(start, periods=growth.size, freq="M")
    return pd.Series(100 * np.exp(logs / 100), index=months, name="index")


def vintages(series: pd.Series, first: int, revision: float = 0.2, seed: int = 0) -> pd.DataFrame:
    """Vintages of a series, each published a month after its last month; the newest three months are revised later."""
    noise = revision * np.random.default_rng(seed).standard_normal(len(series))
    columns = {}
    for stop in range(first, len(series) + 1):
        known = series.iloc[:stop].copy()
        known.iloc[-3:] *= np.exp(noise[stop - 3 : stop] * np.array([0.3, 0.6, 1.0]) / 100)
        columns[known.index[-1] + 1] = known
    table = pd.DataFrame(columns)
    table.columns = pd.PeriodIndex(table.columns, freq="M", name="vintage")
    return table.rename_axis(index="period")

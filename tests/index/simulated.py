"""Known levels → a table of published rates as an office would print them: rounded, revised, misprinted, with gaps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import tet_regressor

MEASURES = ("mom", "yoy", "ytd", "restated")


@dataclass(frozen=True, slots=True)
class Truth:
    """True index (first year = 100), the table of published rates and which of its rows are misprints."""

    index: pd.Series
    rates: pd.DataFrame
    misprint: np.ndarray


def simulate(
    seed: int,
    *,
    start: str = "2012-01",
    months: int = 120,
    missing: float = 0.4,
    misprints: float = 0.03,
    decimals: int = 2,
    revision_sd: float = 0.012,
    first_bias: float = 0.005,
) -> Truth:
    """One history of levels and what was printed of it.

    The level is a business cycle with a break, a seasonal pattern, a Tết effect and an irregular: not the prior of the
    estimate. First releases are off by `first_bias` and a random revision; later prints still carry a small one.
    """
    rng = np.random.default_rng(seed)
    span = pd.period_range(pd.Period(start, freq="M") - 24, periods=months + 24, freq="M")
    level = _log_level(rng, span)
    first = level + first_bias + revision_sd * rng.standard_normal(len(span))
    rows = []
    for t in range(24, len(span)):
        late = 0.003 * rng.standard_normal(len(span))
        known = np.concatenate([level[: t - 11] + 0.0, level[t - 11 : t] + late[t - 11 : t], first[t : t + 1]])
        january = t - (span[t].month - 1)
        this_year, last_year = np.exp(known[january:]).sum(), np.exp(known[january - 12 : t - 11]).sum()
        changes = {
            "mom": known[t] - known[t - 1],
            "yoy": known[t] - known[t - 12],
            "ytd": np.log(this_year / last_year),
            "restated": known[t - 1] - known[t - 13],
        }
        for kind, change in changes.items():
            month = span[t - 1] if kind == "restated" else span[t]
            if kind == "ytd" and month.month == 1:
                continue
            rows.append((month, kind, change, span[t]))
    keep = rng.random(len(rows)) >= missing
    rows = [row for row, kept in zip(rows, keep, strict=True) if kept]
    wrong = rng.random(len(rows)) < misprints
    values = [_print(rng, change, decimals, bad) for (_, _, change, _), bad in zip(rows, wrong, strict=True)]
    table = pd.DataFrame(
        {
            "indicator": "iip",
            "territory": "XX",
            "industry": "TOTAL",
            "period": [str(month) for month, *_ in rows],
            "measure": ["yoy" if kind == "restated" else kind for _, kind, *_ in rows],
            "value_pct": values,
            "decimals": decimals,
            "release": ["restated" if kind == "restated" else "first" for _, kind, *_ in rows],
            "release_date": [f"{release}-28" for *_, release in rows],
            "source": [f"simulated {i}" for i in range(len(rows))],
        }
    )
    index = pd.Series(np.exp(level), index=span)[24:]
    return Truth(100.0 * index / index.iloc[:12].mean(), table, wrong)


def _log_level(rng: np.random.Generator, span: pd.PeriodIndex) -> np.ndarray:
    t = np.arange(len(span))
    pattern = 0.05 * rng.standard_normal(12)
    growth = 0.004 + 0.006 * np.sin(2 * np.pi * t / rng.uniform(40, 80) + rng.uniform(0, 6))
    growth += 0.008 * rng.standard_normal(len(span))
    growth[rng.integers(30, len(span) - 6)] -= 0.12
    tet = -0.15 * tet_regressor(span, -3, 7).to_numpy()
    irregular = 0.006 * rng.standard_normal(len(span))
    return np.cumsum(growth) + (pattern - pattern.mean())[span.month - 1] + tet + irregular


def _print(rng: np.random.Generator, change: float, decimals: int, misprint: bool) -> float:
    """The printed percentage; a misprint has its sign lost, its digits swapped or its point moved."""
    value = 100.0 * np.expm1(change)
    if misprint:
        wrong = [-value, value + rng.choice([-1, 1]) * rng.uniform(10, 40), 10.0 * value]
        value = max(wrong[rng.integers(3)], -95.0)
    return float(round(value, decimals))

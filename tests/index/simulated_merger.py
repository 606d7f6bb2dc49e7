"""Two known provinces and a known weight → what would be printed of them and of what they merge into.

As sparse as real: the cells (territory, month, comparison, digits, release) are those really published of Bắc Ninh, Bắc
Giang and the province they became; only the values are simulated.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.index import IndexEstimate
from bn_analysis.index.model.layout import TET_WINDOWS

PARTS = {"BN": "2025-06", "BG": "2025-06"}
WHOLE = "BNM"
PRIOR_SD = 0.35
FIRST_MONTH = "2019-01"
FIRST_BIAS = 0.003
TAILS = 4.0
"""Degrees of freedom of the errors of prints."""


@dataclass(frozen=True, slots=True)
class Merger:
    """Printed rates, the true level of the whole, the true share of BN in 2024 and what output would say of it."""

    rates: pd.DataFrame
    level: pd.Series
    weight: float
    prior: dict[str, float]


def published_cells(rates: pd.DataFrame) -> pd.DataFrame:
    """The rows of the real table that say when and how something was printed."""
    mine = rates["territory"].isin([*PARTS, WHOLE]) & (rates["industry"] == "TOTAL") & (rates["indicator"] == "iip")
    return rates[mine & (rates["period"] >= "2021-01")].reset_index(drop=True)


def simulate_merger(seed: int, cells: pd.DataFrame, reference: IndexEstimate) -> Merger:
    """One pair of provinces: a cycle, a break and noise of their own, a calendar pattern of their own.

    Seasonal pattern and Tết effect lie about half their size away from the reference's, as a borrower takes them to.
    """
    rng = np.random.default_rng(seed)
    months = pd.period_range(FIRST_MONTH, "2026-12", freq="M")
    parts = {code: _log_level(rng, months, reference) for code in PARTS}
    weight = float(rng.uniform(0.3, 0.8))
    year = months.year == 2024
    sized = {
        code: level - np.log(np.exp(level[year]).sum()) + np.log(share)
        for (code, level), share in zip(parts.items(), (weight, 1.0 - weight), strict=True)
    }
    levels = {**sized, WHOLE: np.logaddexp(*sized.values())}
    table = cells.copy()
    for code, level in levels.items():
        mine = table["territory"] == code
        table.loc[mine, "value_pct"] = _prints(rng, level, months, table[mine], reference.hyperparameters)
    table["source"] = [f"simulated {i}" for i in range(len(table))]
    told = 1.0 / (1.0 + np.exp(-(np.log(weight / (1.0 - weight)) + PRIOR_SD * rng.standard_normal())))
    prior = dict(zip(PARTS, (told, 1.0 - told), strict=True))
    return Merger(table, pd.Series(np.exp(levels[WHOLE]), months), weight, prior)


def _log_level(rng: np.random.Generator, months: pd.PeriodIndex, reference: IndexEstimate) -> np.ndarray:
    t = np.arange(len(months))
    growth = 0.006 + 0.012 * np.sin(2 * np.pi * t / rng.uniform(30, 60) + rng.uniform(0, 6))
    growth += rng.uniform(0.015, 0.06) * rng.standard_normal(len(t))
    growth[rng.integers(36, 66)] += rng.choice([-1, 1]) * rng.uniform(0.05, 0.15)
    parts = reference.components()
    pattern = np.log(parts["seasonal"]).groupby(parts.index.month).mean().to_numpy()
    own = pattern + 0.5 * pattern.std() * rng.standard_normal(12)
    tet = rng.normal(1.0, 0.5) * _tet(months, reference)
    return np.cumsum(growth) + (own - own.mean())[months.month - 1] + tet + 0.004 * rng.standard_normal(len(t))


def _tet(months: pd.PeriodIndex, reference: IndexEstimate) -> np.ndarray:
    """The reference's Tết effect in any months."""
    effects = reference.tet_effects()["estimate"]
    return sum(
        effect * tet_regressor(months, *window).to_numpy() for effect, window in zip(effects, TET_WINDOWS, strict=True)
    )


def _prints(
    rng: np.random.Generator, level: np.ndarray, months: pd.PeriodIndex, cells: pd.DataFrame, scale: dict[str, float]
) -> list[float]:
    """Values of the cells as an office would print them, its errors as large as the country's releases show.

    First prints rest on an unrevised newest month; what is still to be revised of a year shrinks as it goes by.
    """
    first = level + FIRST_BIAS + scale["revision"] * rng.standard_t(TAILS, len(level))
    steps = scale["vintage"] * rng.standard_normal(len(level) + 12)
    to_come = np.array([steps[t : t + 12 - month].sum() for t, month in enumerate(months.month)])
    values = []
    for cell in cells.itertuples():
        t = months.get_loc(pd.Period(cell.period, freq="M"))
        known = level.copy()
        if cell.release == "first":
            known[t] = first[t]
        length = {"mom": 1, "yoy": 1, "quarter_yoy": 3}.get(cell.measure, months[t].month)
        back = 1 if cell.measure == "mom" else 12
        now, before = known[t - length + 1 : t + 1], known[t - length + 1 - back : t + 1 - back]
        change = np.log(np.exp(now).sum() / np.exp(before).sum())
        kind = {"quarter_yoy": "ytd"}.get(cell.measure, cell.measure)
        change += scale[kind if cell.release == "first" else cell.release] * rng.standard_t(TAILS)
        if cell.measure != "mom" and cell.release != "forecast":
            change += to_come[t]
        values.append(round(100.0 * float(np.expm1(change)), int(cell.decimals)))
    return values

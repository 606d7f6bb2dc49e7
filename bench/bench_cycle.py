"""Cycle: time of a replay of sixty years of monthly vintages, and how soon its simulated recessions are called.

`python -m bench.bench_cycle` prints both; `make bench` calls `main`. The table is simulated: 760 vintages of about 900
months, recessions of 7 to 17 months and 5 to 15 per cent, some of them collapses of two months, fat-tailed noise,
newest months revised for four months, a new base year every 90 vintages. Truth is the dating of the unrevised series.
"""

import numpy as np
import pandas as pd

from bench.measure import measured
from bn_analysis.cycle import replay, score, turning_points

VINTAGES = 760
MONTHS = 910
JOBS = 2
COLLAPSE = [-4.0, -13.0, 1.5, 6.0, 4.0, 1.0, 1.0, 1.0]
COLLAPSES = 0.12
"""Share of the recessions that are a collapse and a rebound, as in spring 2020."""

REVISED = np.array([0.2, 0.4, 0.7, 1.0])
"""How much of the later revision is still to come, oldest of the open months first."""


def growth(rng: np.random.Generator) -> np.ndarray:
    """Cyclical growth, per cent a month."""
    pieces: list[float] = []
    while len(pieces) < MONTHS:
        pieces += [rng.uniform(0.2, 0.55)] * int(rng.integers(36, 110))
        if rng.random() < COLLAPSES:
            pieces += COLLAPSE
            continue
        months = int(rng.integers(7, 18))
        pieces += [-rng.uniform(5, 15) / months] * months
        pieces += [rng.uniform(0.5, 1.1)] * int(rng.integers(6, 14))
    return np.array(pieces[:MONTHS])


def simulated(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Vintages, and the unrevised series."""
    rng = np.random.default_rng(seed)
    shock = rng.standard_t(5, MONTHS) * 0.45
    shock[1:] += 0.3 * shock[:-1]
    logs = np.cumsum(growth(rng) + shock) + 0.25 * rng.standard_normal(MONTHS)
    revision = 0.3 * rng.standard_normal(MONTHS)
    index = pd.period_range("1950-01", periods=MONTHS, freq="M", name="period")
    columns, base = {}, 0.0
    for stop in range(MONTHS - VINTAGES + 1, MONTHS + 1):
        base += 30 * rng.standard_normal() if stop % 90 == 0 else 0.0
        known = logs[:stop] + base
        known[-4:] += revision[stop - 4 : stop] * REVISED
        columns[index[stop - 1] + 1] = pd.Series(np.round(30 * np.exp(known / 100), 2), index=index[:stop])
    table = pd.DataFrame(columns)
    table.columns = pd.PeriodIndex(table.columns, freq="M", name="vintage")
    return table, pd.Series(np.exp(logs / 100), index=index)


def main(seeds: tuple[int, ...] = (0, 1)) -> None:
    for seed in seeds:
        table, clean = simulated(seed)
        with measured() as seen:
            replayed = replay(table, jobs=JOBS)
        result = score(replayed, turning_points(clean))
        print(f"replay | {table.shape[1]} vintages of up to {table.shape[0]} months | {seen}, {JOBS} jobs")
        print(
            f"simulated recessions | troughs {len(result.troughs)}, missed {result.missed}, mean delay "
            f"{result.mean_delay:.2f} months, false calls {len(result.false_calls)} in {result.years:.0f} years, "
            f"Brier score {result.brier:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()

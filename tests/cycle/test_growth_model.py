"""Forecasts: as wide as the future turns out, also after a collapse."""

import numpy as np

from bn_analysis.cycle.paths.growth_model import fit_growth, simulate
from bn_analysis.robust import robust_scale

# Share of 12-month outcomes within the 80 % band over 60 simulated series: binomial standard error 0.05.
COVERAGE_ERROR = 0.15


def grown(rng: np.random.Generator, months: int) -> np.ndarray:
    growth = np.zeros(months)
    for month in range(2, months):
        growth[month] = 0.2 + 0.3 * growth[month - 1] + 0.2 * growth[month - 2] + 0.8 * rng.standard_t(6)
    return np.cumsum(growth)


def test_the_band_of_a_year_ahead_holds_as_many_outcomes_as_it_says() -> None:
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(60):
        logs = grown(rng, 192)
        known = logs[:180]
        ahead = simulate(fit_growth(known), np.repeat(known[None, :], 400, axis=0), 12, rng)[:, -1]
        low, high = np.quantile(ahead, [0.1, 0.9])
        inside.append(low <= logs[-1] <= high)
    assert abs(np.mean(inside) - 0.8) < COVERAGE_ERROR


def test_a_collapse_widens_the_future_without_freezing_it() -> None:
    rng = np.random.default_rng(1)
    calm = grown(rng, 180)
    struck = np.append(calm, [calm[-1] - 25, calm[-1] - 15])
    before, after = fit_growth(calm), fit_growth(struck)
    assert before.now < after.now < before.now + 1
    ahead = simulate(after, np.repeat(struck[None, :], 500, axis=0), 12, rng)
    assert np.isfinite(ahead).all()
    # An exploding forecast would leave the range of the series behind; a frozen one would not move at all.
    assert robust_scale(before.base + ahead[:, -1]) < 25


def test_one_path_continues_from_its_own_last_level() -> None:
    rng = np.random.default_rng(0)
    logs = grown(rng, 100)
    paths = np.stack([logs, logs + 50])
    ahead = simulate(fit_growth(logs), paths, 1, rng)
    assert np.abs(ahead[:, 0] - paths[:, -1]).max() < 15

"""How often Tết windows win, and still do when any one year is left out: with no Tết, one wild month, a true Tết.

`python -m bench.tet_of_one_year` prints one line for each length: shares of simulated airline series (known
coefficients) in which the best choice of the grid gains `MINIMUM_GAIN`, and in which it gains without any one year too;
and the gain that 98 % of series without Tết stay below.
"""

import numpy as np
import pandas as pd
from scipy.linalg import cholesky, solve_triangular, toeplitz
from statsmodels.tsa.arima_process import arma_acovf

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.seasonal.tet.likelihood import _aicc, _differenced
from bn_analysis.seasonal.tet.window_selection import MINIMUM_GAIN
from bn_analysis.seasonal.tet.windows import tet_regressors, window_grid

MA, SEASONAL_MA, SD = 0.5, 0.6, 0.015
STARTS, ROUNDS = ("2003-01", "2007-05", "2011-09"), 200
KINDS = {"no Tết": (0.0, 0.0), "one month −15 %": (-0.15, 0.0), "Tết −15 %": (0.0, -0.15), "Tết −5 %": (0.0, -0.05)}
"""Size, in logs, of an outlier in one January or February, and of Tết."""


def shares(n: int) -> tuple[dict[str, tuple[float, float]], float]:
    """By kind: share of series in which windows win, and still do without any one year; the 98 % gain without Tết."""
    rng, grid = np.random.default_rng(5), window_grid(n)
    windows = sorted({window for choice in grid for window in choice})
    polynomial = np.convolve([1, -MA], [1, *[0] * 11, -SEASONAL_MA])
    won: dict[str, list[tuple[bool, bool, float]]] = {kind: [] for kind in KINDS}
    for start in STARTS:
        months = pd.period_range(start, periods=n, freq="M")
        alone = np.flatnonzero(months.month <= 2)
        raw = [tet_regressors(windows, months), np.eye(n)[:, alone], tet_regressor(months, 0, 6).to_numpy()[:, None]]
        columns = _differenced(np.column_stack(raw), 1, 1)
        factor = cholesky(toeplitz(arma_acovf([1], polynomial, len(columns))), lower=True)
        white = solve_triangular(factor, columns, lower=True)
        years = {year: 1 + len(windows) + np.flatnonzero(months[alone].year == year) for year in set(months.year)}
        for _ in range(ROUNDS):
            for kind, (outlier, tet) in KINDS.items():
                series = SD * rng.standard_normal(len(white)) + tet * white[:, -1]
                series += outlier * white[:, len(windows) + rng.integers(len(alone))]
                won[kind].append(_wins(np.column_stack([series, white]), grid, windows, list(years.values())))
    chance = float(np.quantile([gain for *_, gain in won["no Tết"]], 0.98))
    return {kind: tuple(np.mean(each, axis=0)[:2]) for kind, each in won.items()}, chance


def _wins(white: np.ndarray, grid: tuple, windows: list, years: list[np.ndarray]) -> tuple[bool, bool, float]:
    products, n = white.T @ white, len(white)
    places = [[1 + windows.index(window) for window in choice] for choice in grid]
    scores = np.array([_aicc(products, each, n, len(each) + 3) for each in places])
    best = places[int(np.nanargmin(scores))]
    gain = float(scores[0] - np.nanmin(scores))
    if gain <= MINIMUM_GAIN:
        return False, False, gain
    for year in (list(each) for each in years if len(each)):
        left, more = (_aicc(products, each, n, len(each) + 3) for each in (year, [*best, *year]))
        if left <= more:
            return True, False, gain
    return True, True, gain


def main() -> None:
    """Print a line for each length."""
    for n in (36, 48, 60, 84, 120, 165, 240):
        found, chance = shares(n)
        text = "; ".join(f"{kind} {one:.3f} → {other:.3f}" for kind, (one, other) in found.items())
        print(f"tet of one year | {n} months | win → also without any one year: {text} | 98 % {chance:.1f}", flush=True)


if __name__ == "__main__":
    main()

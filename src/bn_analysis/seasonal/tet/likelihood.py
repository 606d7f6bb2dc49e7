"""A regARIMA model X-13 estimated and a grid of Tết windows → about the AICC of each choice, X-13 not asked again."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.linalg import cholesky, solve_triangular, toeplitz

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.seasonal.tet.windows import Windows, tet_regressors
from bn_analysis.seasonal.x13.arma import arma_acovf
from bn_analysis.seasonal.x13.output import read_arma, read_numbers
from bn_analysis.seasonal.x13.run import X13Result


def predicted_aicc(result: X13Result, grid: Sequence[Windows]) -> np.ndarray:
    """AICC of every choice of windows with the ARMA coefficients of one of them, up to a constant common to all.

    Exact Gaussian likelihood: the differenced series and every regressor are whitened by the Cholesky factor of the
    ARMA autocovariances, once for all choices; each choice is then least squares on a few columns of one cross product.
    X-13 would estimate the ARMA coefficients anew, which gains little between good choices: what this is used for is to
    find those worth a run.

    Parameters
    ----------
    result : X13Result
        A run with everything given and `Specification.linear`; its user regressors are the Tết windows, if any.
    grid : sequence of Windows

    Returns
    -------
    numpy.ndarray
        Shape (choices,); NaN where the windows cannot be told from other regressors.

    Raises
    ------
    numpy.linalg.LinAlgError
        The ARMA coefficients lie on the edge of stationarity.
    """
    windows = sorted({window for choice in grid for window in choice})
    products, n, given = _cross_products(result, tet_regressors(windows, result.months).to_numpy())
    first = len(given) + 1
    chosen = [[*given, *(first + windows.index(window) for window in choice)] for choice in grid]
    arma = _coefficients(result)
    return np.array([_aicc(products, places, n, len(places) + arma + 1) for places in chosen])


def least_gain_without_a_year(result: X13Result, windows: Windows) -> float:
    """The least by which AICC prefers windows to none when the Tết months of one year are left to themselves.

    A holiday shows every year; what one year alone makes is an outlier in January or February.

    Parameters
    ----------
    result : X13Result
        As of `predicted_aicc`.
    windows : sequence of Window
        The windows in question.

    Raises
    ------
    numpy.linalg.LinAlgError
        As of `predicted_aicc`.
    """
    regressors = tet_regressors(windows, result.months).to_numpy()
    days = (windows[0].first, windows[-1].last)
    touched = np.flatnonzero(tet_regressor(result.months, *days, centred=False).to_numpy() > 0)
    alone = np.eye(len(result.months))[:, touched]
    products, n, given = _cross_products(result, np.column_stack([regressors, alone]))
    first = len(given) + 1
    tet, arma = [first + i for i in range(len(windows))], _coefficients(result)
    gains = []
    years = (result.months[touched] + 6).year  # December before a Tết in January goes with it
    for year in sorted(set(years)):
        left: list[int] = [*given, *(first + len(windows) + int(place) for place in np.flatnonzero(years == year))]
        none, some = (_aicc(products, places, n, len(places) + arma + 1) for places in (left, [*left, *tet]))
        gains.append(none - some)
    return float(np.min(gains))


def _coefficients(result: X13Result) -> int:
    return sum(key.startswith(("AR$", "MA$")) for key in result.udg)


def _cross_products(result: X13Result, more: np.ndarray) -> tuple[np.ndarray, int, list[int]]:
    """Cross products of series, regressors that are no windows, and more columns, differenced and whitened.

    Beside them their number of months, and the places of the regressors that are no windows.
    """
    series, others = _linear_model(result)
    columns = np.column_stack([series, others, more])
    columns = _differenced(columns, int(result.number("nonseasonaldiff")), int(result.number("seasonaldiff")))
    covariance = toeplitz(arma_acovf(*read_arma(result.udg), len(columns)))
    white = solve_triangular(cholesky(covariance, lower=True), columns, lower=True)
    return white.T @ white, len(columns), list(range(1, 1 + others.shape[1]))


def _linear_model(result: X13Result) -> tuple[np.ndarray, np.ndarray]:
    """The transformed series, shape (T,), and the regressors that are not user regressors, shape (T, k)."""
    series = result.values("trn")
    if not result.has("rmx"):
        return series, np.empty((len(series), 0))
    names, _, values = read_numbers(result.files["rmx"])
    return series, values[: len(series), : len(names) - len(result.specification.usertypes)]


def _differenced(columns: np.ndarray, regular: int, seasonal: int) -> np.ndarray:
    for _ in range(seasonal):
        columns = columns[12:] - columns[:-12]
    return np.diff(columns, n=regular, axis=0)


def _aicc(products: np.ndarray, places: list[int], n: int, parameters: int) -> float:
    """AICC of least squares of column 0 on the columns at `places`, from the cross products of all."""
    inside, beside = products[np.ix_(places, places)], products[places, 0]
    try:
        explained = beside @ np.linalg.solve(inside, beside) if places else 0.0
    except np.linalg.LinAlgError:
        return float("nan")
    left = products[0, 0] - explained
    if left <= 0 or n - parameters - 1 <= 0:
        return float("nan")
    return float(n * np.log(left) + 2 * parameters * n / (n - parameters - 1))


def most_promising(result: X13Result, grid: Sequence[Windows], count: int) -> list[Windows]:
    """The `count` choices of the grid with the best predicted AICC, best first."""
    predicted = pd.Series(predicted_aicc(result, grid)).dropna().sort_values(kind="stable")
    return [grid[place] for place in predicted.index[:count]]

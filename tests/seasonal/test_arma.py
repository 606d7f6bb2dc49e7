"""Psi weights and autocovariances beside those of statsmodels."""

import numpy as np
import pytest
from statsmodels.tsa import arima_process

from bn_analysis.seasonal.x13.arma import arma2ma, arma_acovf

SEASON = np.eye(1, 13)[0], np.eye(1, 13, 12)[0]
ROUNDING = 1e-10
"""Of the largest: a root near the unit circle makes the system of equations ill-conditioned."""

MODELS = {
    "white noise": ([1.0], [1.0]),
    "airline": ([1.0], np.convolve([1.0, -0.4], SEASON[0] - 0.7 * SEASON[1])),
    "autoregressive": ([1.0, -0.5, 0.2], [1.0]),
    "seasonal": (np.convolve([1.0, 0.3, -0.4], SEASON[0] - 0.5 * SEASON[1]), [1.0, -0.6, 0.1]),
    "near the edge": ([1.0, -0.98], np.convolve([1.0, 0.9], SEASON[0] - 0.95 * SEASON[1])),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("n", [5, 30, 240])
def test_autocovariances_are_those_of_statsmodels(model: str, n: int) -> None:
    ar, ma = map(np.asarray, MODELS[model])
    expected = arima_process.arma_acovf(ar, ma, n)
    assert np.allclose(arma_acovf(ar, ma, n), expected, rtol=0, atol=ROUNDING * expected[0])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("n", [1, 12, 36])
def test_psi_weights_are_those_of_statsmodels_also_with_differences(model: str, n: int) -> None:
    ar, ma = map(np.asarray, MODELS[model])
    ar = np.convolve(np.convolve(ar, [1.0, -1.0]), SEASON[0] - SEASON[1])
    expected = arima_process.arma2ma(ar, ma, n)
    assert np.allclose(arma2ma(ar, ma, n), expected, rtol=0, atol=ROUNDING * np.abs(expected).max())


@pytest.mark.parametrize("ar", [[1.0, -1.0], [1.0, -1.2], [1.0, 0.0, 1.1]])
def test_a_model_that_is_not_stationary_has_no_autocovariances(ar: list[float]) -> None:
    with pytest.raises(np.linalg.LinAlgError, match="unit circle"):
        arma_acovf(np.array(ar), np.ones(1), 20)

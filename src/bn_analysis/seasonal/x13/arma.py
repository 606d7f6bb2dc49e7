"""Polynomials of an ARMA model → its psi weights and autocovariances, by linear algebra: statsmodels' functions of the
same name and result load scipy.signal and scipy.stats, as long as the program itself takes."""

import numpy as np
from scipy.linalg import hankel, solve_triangular, toeplitz


def arma2ma(ar: np.ndarray, ma: np.ndarray, lags: int) -> np.ndarray:
    """The first psi weights, shape (lags,); polynomials start with 1, `ar` may hold differences."""
    ar, ma = (np.append(polynomial, np.zeros(lags))[:lags] for polynomial in (ar, ma))
    return solve_triangular(toeplitz(ar, np.zeros(lags)), ma, lower=True)


def arma_acovf(ar: np.ndarray, ma: np.ndarray, nobs: int) -> np.ndarray:
    """The first autocovariances under innovations of variance 1, shape (nobs,) (Brockwell & Davis 1991, eq. 3.3.8).

    Raises
    ------
    numpy.linalg.LinAlgError
        The model is not stationary.
    """
    if (np.abs(np.roots(ar)) >= 1).any():
        raise np.linalg.LinAlgError("the autoregressive polynomial has a root on or inside the unit circle")
    size = max(nobs, len(ar), len(ma))
    ar, ma = (np.append(polynomial, np.zeros(size - len(polynomial))) for polynomial in (ar, ma))
    left = toeplitz(ar, np.zeros(size))
    left[:, 1:] += hankel(ar)[:, 1:]  # lags before 0 are those behind it
    return np.linalg.solve(left, hankel(ma) @ arma2ma(ar, ma, size))[:nobs]

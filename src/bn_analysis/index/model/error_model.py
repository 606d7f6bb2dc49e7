"""Squared errors of rows → how much each row is believed, and how likely the errors are.

Prior rows are Gaussian or Student-t; figures are Student-t or, now and then, misprints that may be anything, but
Gaussian where no other figure could contradict them. All are scale mixtures of Gaussians, so that a believed precision
per row is all that the linear algebra needs (Lange, Little & Taylor 1989).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln

from bn_analysis.index.model.precision.band_cholesky import Array, total
from bn_analysis.index.model.state_space import Model

DEGREES_OF_FREEDOM = 4.0
"""Tails of the errors of figures, as usual in robust t models (Lange, Little & Taylor 1989): fixed, because few
series have figures enough to learn it."""
MISPRINT_SHARE = 0.02
"""Part of printed figures taken to be misprints before seeing them."""
MISPRINT_SD = 0.3
"""How far a misprint lies from the truth, in logs."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What squared errors say of the rows.

    Attributes
    ----------
    weight : ndarray, shape (R,)
        Expected precision of each row times its variance: 1 for Gaussian rows, near 0 for what is not believed.
    misprint : ndarray, shape (R,)
        Probability that the row is a misprint, 0 for the prior.
    log_density : ndarray, shape (R,)
        Log density of each error.
    slope : ndarray, shape (scales,)
        Derivative of their sum with respect to the log scales.
    """

    weight: Array
    misprint: Array
    log_density: Array
    slope: Array

    @property
    def likelihood(self) -> float:
        """Log density of all errors."""
        return float(self.log_density.sum())


def row_error_variance(model: Model, log_scales: Array) -> Array:
    """Known part plus squared scale of each row, shape (R,)."""
    return model.fixed_variance + _own_variance(model, log_scales)


def judge(model: Model, log_scales: Array, square: Array) -> Belief:
    """Weights, misprint probabilities and log density given the expected squared error of each row, shape (R,)."""
    own = _own_variance(model, log_scales)
    variance = model.fixed_variance + own
    relative = square / variance
    weight, log_density = student(relative, variance)
    gaussian = ~model.tail
    weight[gaussian] = 1.0
    log_density[gaussian] = -0.5 * (np.log(2.0 * np.pi * variance[gaussian]) + relative[gaussian])
    slope = own / variance * (weight * relative - 1.0)
    misprint = np.zeros_like(weight)
    figures = slice(model.n_prior, None)
    wide = variance[figures] + MISPRINT_SD**2
    wide_weight, wide_density = student(square[figures] / wide, wide)
    odds = np.log(MISPRINT_SHARE / (1.0 - MISPRINT_SHARE)) + wide_density - log_density[figures]
    odds[gaussian[figures]] = -np.inf
    p = expit(odds)
    misprint[figures] = p
    log_density[figures] += np.log1p(-MISPRINT_SHARE) + np.logaddexp(0.0, odds)
    wide_slope = own[figures] / wide * (wide_weight * square[figures] / wide - 1.0)
    slope[figures] = (1.0 - p) * slope[figures] + p * wide_slope
    weight[figures] = (1.0 - p) * weight[figures] + p * wide_weight * variance[figures] / wide
    learnt = model.scale >= 0
    by_scale = total(model.scale[learnt], slope[learnt], len(log_scales))
    return Belief(weight, misprint, log_density, by_scale)


def scale_information(model: Model, log_scales: Array) -> Array:
    """Curvature of the log density in the log scales if all errors were known, shape (scales,)."""
    learnt = model.scale >= 0
    own = _own_variance(model, log_scales)
    return 2.0 * total(model.scale[learnt], (own / (model.fixed_variance + own))[learnt], len(log_scales))


def _own_variance(model: Model, log_scales: Array) -> Array:
    """Squared scale of each row, 0 where its variance is known."""
    return np.append(np.exp(2.0 * log_scales), 0.0)[model.scale]


def student(relative: Array, variance: Array) -> tuple[Array, Array]:
    """Weight and log density of Student-t errors of given relative square."""
    nu = DEGREES_OF_FREEDOM
    constant = gammaln((nu + 1.0) / 2.0) - gammaln(nu / 2.0) - 0.5 * np.log(nu * np.pi)
    log_density = constant - 0.5 * np.log(variance) - 0.5 * (nu + 1.0) * np.log1p(relative / nu)
    return (nu + 1.0) / (nu + relative), log_density

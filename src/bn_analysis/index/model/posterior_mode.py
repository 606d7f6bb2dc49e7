"""Rows of noisy statements and scales of their errors → posterior of the states and how far each row is believed.

The posterior is Gaussian around a mode found by reweighting (errors are scale mixtures) and Gauss–Newton (sums of
levels). Its marginal likelihood is the variational bound of the mixture, whose gradient is exact at the fixed point and
which equals the Laplace approximation where all weights are one.
"""

from dataclasses import dataclass, replace

import numpy as np

from bn_analysis.index.model.acceleration import Acceleration
from bn_analysis.index.model.error_model import DEGREES_OF_FREEDOM, Belief, judge, row_error_variance
from bn_analysis.index.model.measurement_equations import linearise
from bn_analysis.index.model.precision.band_cholesky import Array
from bn_analysis.index.model.precision.elimination import Factor, covariances, factorise, row_variances
from bn_analysis.index.model.precision.pattern import apply_rows, apply_transposed
from bn_analysis.index.model.state_space import Model


@dataclass(frozen=True, slots=True)
class Stop:
    """When a search for the mode stops.

    Attributes
    ----------
    level : float
        Largest change of a state in one step.
    weight : float
        Largest change of a weight when posterior variances are renewed.
    steps, rounds : int
        Upper bounds: steps between two renewals, and renewals.
    likelihood : float
        Change of the log density of all errors in one step below which it is the last before a renewal.
    accelerated : bool
        Whether each step goes on from what the steps before it tend to, if errors are likelier there. Reweighting
        alone converges slowly; a search that must not leave the mode it is about to find takes plain steps.
    """

    level: float
    weight: float
    steps: int
    rounds: int
    likelihood: float = 0.0
    accelerated: bool = False


# A level to 0.0001 %: below any printed digit.
FINE = Stop(level=1e-6, weight=1e-3, steps=50, rounds=20, accelerated=True)
COARSE = Stop(level=1e-4, weight=0.05, steps=10, rounds=2)  # enough to go on from
# Enough to tell which of two modes is likelier: to a fiftieth of the gain that counts (`mode_search`).
TRIAL = Stop(level=1e-4, weight=0.05, steps=10, rounds=2, likelihood=0.01)
ONE_STEP = Stop(level=np.inf, weight=np.inf, steps=1, rounds=1)  # while scales are still moving


@dataclass(frozen=True, slots=True, eq=False)  # one fit is not another, whatever its numbers
class Fit:
    """Posterior of the states for given scales.

    Attributes
    ----------
    x : ndarray, shape (T·stride + border,)
        Posterior mean (mode).
    factor : Factor
        Cholesky factor of the posterior precision.
    values, target : ndarray
        Linearised rows at the mode.
    variance : ndarray, shape (R,)
        Error variance of each row.
    belief : Belief
        Weights of the rows and log density of their errors.
    residual, spread : ndarray, shape (R,)
        Residual at the mode and posterior variance of each row's prediction.
    log_scales : ndarray, shape (scales,)
        Logarithms of the scales.
    """

    x: Array
    factor: Factor
    values: Array
    target: Array
    variance: Array
    belief: Belief
    residual: Array
    spread: Array
    log_scales: Array

    @property
    def weight(self) -> Array:
        """Expected precision of each row times its variance, shape (R,)."""
        return self.belief.weight


def fit_mode(
    model: Model, log_scales: Array, start: Fit | None = None, *, weight: Array | None = None, stop: Stop = FINE
) -> Fit:
    """Posterior for given scales.

    Parameters
    ----------
    model : Model
        The rows.
    log_scales : ndarray, shape (scales,)
        Logarithms of the scales.
    start : Fit, optional
        Where to begin.
    weight : ndarray, shape (R,), optional
        Weights to begin with, instead of weights and posterior variances of `start`.
    stop : Stop
        When to stop.

    Returns
    -------
    Fit
    """
    pattern = model.pattern
    variance = row_error_variance(model, log_scales)
    x = np.zeros(pattern.n + pattern.m) if start is None else start.x
    spread = np.zeros(pattern.n_rows) if start is None or weight is not None else start.spread
    if weight is None:
        weight = np.ones(pattern.n_rows) if start is None else start.weight
    value = np.inf
    for _ in range(stop.rounds):
        way = Acceleration()
        for _ in range(stop.steps):
            rows = values, target = linearise(model, x)
            factor = factorise(pattern, values, weight / variance)
            before, used, point = value, weight, x
            x = factor.solve(apply_transposed(pattern, values, target * weight / variance))
            residual, belief = _errors(model, log_scales, rows, x, spread)
            weight, value = belief.weight, belief.likelihood
            if float(np.abs(x - point).max()) < stop.level or abs(value - before) < stop.likelihood:
                break
            if stop.accelerated and (ahead := way.extrapolated(point, x)) is not x:
                there, believed = _errors(model, log_scales, rows, ahead, spread)
                if believed.likelihood > value:
                    x, residual, weight, value = ahead, there, believed.weight, believed.likelihood
                else:
                    way.forget()
        spread = row_variances(pattern, values, covariances(pattern, factor))
        belief = judge(model, log_scales, residual**2 + spread)
        weight = belief.weight
        if np.abs(weight - used).max() < stop.weight:
            break
    return Fit(x, factor, values, target, variance, belief, residual, spread, log_scales)


def _errors(
    model: Model, log_scales: Array, rows: tuple[Array, Array], x: Array, spread: Array
) -> tuple[Array, Belief]:
    """Residuals of linearised rows (coefficients, target) at some states, and what they say."""
    values, target = rows
    residual = target - apply_rows(model.pattern, values, x)
    return residual, judge(model, log_scales, residual**2 + spread)


def with_expected_information(model: Model, fit: Fit) -> Fit:
    """The same mode with the covariance that heavy tails leave: what bands and draws are made from.

    Weights find the mode, but taken as precisions they know too much: they forget that a different level would have
    weighted the figures differently. A Student-t row carries (ν + 1) / (ν + 3) of the information of a Gaussian one of
    its scale (Lange, Little & Taylor 1989, section 5).

    Parameters
    ----------
    model : Model
        The rows.
    fit : Fit
        A mode; its `spread` stays the one that belongs to its weights.

    Returns
    -------
    Fit
    """
    kept = np.where(model.tail, (DEGREES_OF_FREEDOM + 1.0) / (DEGREES_OF_FREEDOM + 3.0), 1.0)
    return replace(fit, factor=factorise(model.pattern, fit.values, kept * fit.weight / fit.variance))


def log_marginal(model: Model, fit: Fit) -> tuple[float, Array]:
    """Variational log marginal likelihood and its gradient with respect to the log scales."""
    unknowns = model.pattern.n + model.pattern.m
    entropy = 0.5 * unknowns * (1.0 + np.log(2.0 * np.pi)) - 0.5 * fit.factor.log_determinant
    return fit.belief.likelihood + entropy, fit.belief.slope

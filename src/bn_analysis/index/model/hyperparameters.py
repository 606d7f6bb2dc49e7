"""Rows of noisy statements → the scales of their errors, learnt by marginal likelihood, and the posterior under them.

Scales carry log-normal priors, so that a sparse series stays near the reference it borrows from.
"""

import numpy as np

from bn_analysis.index.model.acceleration import Acceleration
from bn_analysis.index.model.error_model import scale_information
from bn_analysis.index.model.mode_search import best_mode
from bn_analysis.index.model.posterior_mode import ONE_STEP, Fit, fit_mode, log_marginal, with_expected_information
from bn_analysis.index.model.precision.band_cholesky import Array
from bn_analysis.index.model.state_space import Model

DEFAULT_SCALES = {
    "level": 0.015, "slope": 0.0003, "seasonal": 0.002, "irregular": 0.005, "bias": 0.001, "revision": 0.015,
    "vintage": 0.0015, "mom": 0.01, "yoy": 0.005, "ytd": 0.001, "restated": 0.0075, "forecast": 0.02,
}  # fmt: skip
"""Centres of the log-normal priors of the scales, in logs of the level: round figures. What the national industries
learn by themselves lies between 0.3 and 2.3 times them (middle industry, `python -m bench.bench_constants`), within
1.3 standard deviations of the priors; series with figures enough leave them for what they learn."""
LOG_SD = 1.0
"""Width of those priors: a scale lies within a factor of about 7 of its centre with 95 %."""

_LOG_BOUNDS = (np.log(1e-5), np.log(0.5))  # from far below any printed digit to a factor of 1.6
_MAX_ROUNDS = 80  # a bound on time: the national industries need about 40 (docs/hot-paths.md)
_MAX_READINGS = 3  # a bound on time: each time the readings of doubtful figures change, scales are learnt anew
_FLAT = 0.7  # slope of the log posterior in a log scale; its optimum is then less than 0.25 higher


def learn(model: Model, centre: Array, log_sd: Array) -> Fit:
    """Posterior at the scales that maximise the marginal likelihood times their log-normal prior.

    Parameters
    ----------
    model : Model
        The rows.
    centre, log_sd : ndarray, shape (scales,)
        Mean and standard deviation of the log scales before any figure.

    Returns
    -------
    Fit
        The best mode met, found to full precision, with the covariance its heavy tails leave.
    """
    fit = _climb(model, centre, log_sd, centre, None)
    for _ in range(_MAX_READINGS):
        better = best_mode(model, fit)
        if better is fit:
            break
        fit = _climb(model, centre, log_sd, better.log_scales, better)  # learnt around a wrong reading of some figures
    return with_expected_information(model, fit_mode(model, fit.log_scales, fit))


def _climb(model: Model, centre: Array, log_sd: Array, log_scales: Array, fit: Fit | None) -> Fit:
    """Renew states, weights and scales together, one factorisation a round.

    Acceleration of the rounds replaces the slow tail of such alternating steps.
    """
    best, best_value, last_value = None, -np.inf, -np.inf
    way = Acceleration()
    for _ in range(_MAX_ROUNDS):
        fit = fit_mode(model, log_scales, fit, stop=ONE_STEP)
        value, gradient = log_marginal(model, fit)
        pull = (log_scales - centre) / log_sd
        value, gradient = value - 0.5 * float(pull @ pull), gradient - pull / log_sd
        if best is None or value > best_value:
            best, best_value = fit, value
        if np.abs(gradient).max() < _FLAT:
            break
        if value < last_value - 1.0:  # an extrapolation went wrong: forget the past
            way.forget()
        last_value = value
        information = scale_information(model, log_scales) + 1.0 / log_sd**2
        image = log_scales + np.clip(gradient / information, -1.0, 1.0)
        step = np.clip(way.extrapolated(log_scales, image, np.sqrt(information)) - log_scales, -1.0, 1.0)
        log_scales = np.clip(log_scales + step, *_LOG_BOUNDS)
    assert best is not None
    return best

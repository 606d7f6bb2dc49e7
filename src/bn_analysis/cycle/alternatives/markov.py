"""Turns an adjusted series into the probability of the faster of two growth regimes, as a second opinion."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.errors import EngineError, NotEnoughDataError
from bn_analysis.robust import robust_scale

if TYPE_CHECKING:
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

# Growth over three months, two means, one variance: of six variants the one closest to the dates on the fitting half
# of the European panel (a variance of its own for each regime finds calm and storm, not rise and fall).
MONTHS = 3
MIN_CHANGES = 60
# Growth beyond this many robust scales is cut: else one collapse becomes a regime of its own.
CLIP = 4.0


@dataclass(frozen=True, slots=True)
class MarkovFit:
    """Estimated two-regime model.

    Attributes
    ----------
    parameters : array (5,)
        Two transition probabilities, two means, one variance, in robust scales of growth.
    middle, scale : float
        Median and robust scale by which growth was standardised.
    """

    parameters: NDArray[np.float64]
    middle: float
    scale: float


def fit_markov(series: pd.Series) -> MarkovFit:
    """Fit the two-regime model by maximum likelihood (Hamilton 1989).

    Parameters
    ----------
    series : Series
        Adjusted levels, monthly PeriodIndex, positive.

    Raises
    ------
    NotEnoughDataError
        Fewer than MIN_CHANGES changes, or a series that does not move.
    EngineError
        The likelihood could not be maximised.
    """
    growth = _growth(series)
    if len(growth) < MIN_CHANGES:
        raise NotEnoughDataError(f"markov: {len(growth)} changes, at least {MIN_CHANGES} are needed")
    middle, scale = float(growth.median()), float(robust_scale(growth))
    if scale < 1e-9:
        raise NotEnoughDataError("markov: the series does not move, no regimes to tell apart")
    with warnings.catch_warnings():
        # A failed search is judged below by its result.
        warnings.simplefilter("ignore")
        try:
            result = _model(growth, middle, scale).fit(disp=False, maxiter=200)
        except (np.linalg.LinAlgError, ValueError) as error:
            raise EngineError(f"markov: the fit failed ({error})") from error
    if not result.mle_retvals.get("converged", False) or not np.isfinite(result.params).all():
        raise EngineError("markov: the likelihood could not be maximised in 200 steps")
    return MarkovFit(np.asarray(result.params), middle, scale)


def probabilities(series: pd.Series, fit: MarkovFit) -> pd.DataFrame:
    """Probability of the faster regime by month: `filtered` (known that month) and `smoothed` (known at the end)."""
    growth = _growth(series)
    model = _model(growth, fit.middle, fit.scale)
    result = model.smooth(fit.parameters)
    means = [fit.parameters[model.param_names.index(f"const[{regime}]")] for regime in (0, 1)]
    fast = int(np.argmax(means))
    columns = {
        "filtered": result.filtered_marginal_probabilities[:, fast],
        "smoothed": result.smoothed_marginal_probabilities[:, fast],
    }
    return pd.DataFrame(columns, index=growth.index)


def _growth(series: pd.Series) -> pd.Series:
    return (100 * np.log(series.astype(float))).diff(MONTHS).dropna()


def _model(growth: pd.Series, middle: float, scale: float) -> MarkovRegression:
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression  # takes a second to import

    return MarkovRegression(np.clip((growth.to_numpy() - middle) / scale, -CLIP, CLIP), k_regimes=2)

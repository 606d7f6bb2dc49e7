"""Turns a table of vintages into what a second opinion said at every vintage, in the columns of a replay."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from bn_analysis.cycle.alternatives.markov import MarkovFit, fit_markov, probabilities
from bn_analysis.cycle.alternatives.second_opinions import three_months
from bn_analysis.cycle.replay.replay import as_replay
from bn_analysis.cycle.replay.vintages import check_vintages, without_faults
from bn_analysis.errors import BnAnalysisError, InputError

Method = Literal["markov_filtered", "three_months", "yoy_sign"]
# The Markov model is estimated again after so many vintages, and filtered with the newest data at every one.
REFIT = 12


def second_replay(vintages: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Replay one second opinion, so that `score` can stand it beside the verdict.

    Parameters
    ----------
    vintages : DataFrame
        As for `replay`.
    method : {"markov_filtered", "three_months", "yoy_sign"}
        Opinion to replay.

    Returns
    -------
    DataFrame
        Columns of a replay; a rule that only says yes or no has probability 1 or 0; no trough is named.
    """
    if method not in get_args(Method):
        raise InputError(f"second_replay: method {method!r}, expected one of {', '.join(get_args(Method))}")
    check_vintages(vintages)
    vintages = without_faults(vintages)
    rows = []
    fit: MarkovFit | None = None
    for column, vintage in enumerate(vintages.columns):
        series = vintages.iloc[:, column].dropna()
        if method == "markov_filtered" and (fit is None or column % REFIT == 0):
            fit = _refitted(series, fit)
        probability = _says(series, method, fit)
        last = str(series.index[-1]) if len(series) else None
        known = not np.isnan(probability)
        phase = ("bottomed_out" if probability >= 0.5 else "contraction") if known else "not_enough_data"
        rows.append((str(vintage), last, probability if known else None, phase, None))
    return as_replay(rows)


def _refitted(series: pd.Series, former: MarkovFit | None) -> MarkovFit | None:
    """New estimate, or the former one where the series does not allow a better."""
    try:
        return fit_markov(series)
    except BnAnalysisError:
        return former


def _says(series: pd.Series, method: Method, fit: MarkovFit | None) -> float:
    if method == "markov_filtered":
        return float(probabilities(series, fit)["filtered"].iloc[-1]) if fit is not None else np.nan
    if method == "yoy_sign":
        return float(series.iloc[-1] > series.iloc[-13]) if len(series) > 12 else np.nan
    phase = three_months(series).iloc[-1] if len(series) else 0.0
    return (phase + 1) / 2 if phase else np.nan

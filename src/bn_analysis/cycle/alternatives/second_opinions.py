"""Turns an adjusted series into second opinions on its phase: shown beside the verdict, never mixed into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bn_analysis.cleaning.monthly_series import checked
from bn_analysis.cycle.alternatives.markov import fit_markov, probabilities
from bn_analysis.errors import BnAnalysisError

Saying = Literal["rising", "falling", "unknown"]
RUN = 3  # the rule of thumb of the press: three months in a row make a turn


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one other method says about the last month.

    Attributes
    ----------
    name : str
        markov_filtered | markov_smoothed | three_months | yoy_sign.
    says : Saying
    value : float or None
        Its figure: a probability of the faster regime, +1 or −1, a change in per cent, or a share of industries.
    since : Period or None
        First month of the present run of the same saying.
    failure : str or None
        Why it could not say anything.
    """

    name: str
    says: Saying
    value: float | None = None
    since: pd.Period | None = None
    failure: str | None = None


def opinions(series: pd.Series) -> tuple[Opinion, ...]:
    """Every second opinion on the last month of an adjusted series.

    Parameters
    ----------
    series : Series
        Adjusted levels, monthly PeriodIndex.

    Raises
    ------
    InputError
        Not a monthly series without holes. A method that fails is reported in its `failure`, not raised.
    """
    series = checked(series)
    return (
        *_markov(series),
        _from_sign("three_months", three_months(series)),
        _from_sign("yoy_sign", (100 * series.pct_change(12)).dropna()),
    )


def three_months(series: pd.Series) -> pd.Series:
    """+1 from the third rise in a row, −1 from the third fall in a row, until the other comes; 0 before either."""
    sign = np.sign(series.diff()).fillna(0.0)
    phase = pd.Series(np.nan, index=series.index)
    for direction in (1.0, -1.0):
        phase[(sign == direction).rolling(RUN).sum() == RUN] = direction
    return phase.ffill().fillna(0.0)


def _from_sign(name: str, values: pd.Series, offset: float = 0.0) -> Opinion:
    """Opinion from a series whose sign is the saying."""
    if values.empty:
        return Opinion(name, "unknown", failure="the series is too short")
    last = float(values.iloc[-1])
    if last == 0:
        return Opinion(name, "unknown", value=offset, failure="neither up nor down")
    against = np.flatnonzero(np.sign(values.to_numpy()) != np.sign(last))
    since = values.index[int(against[-1]) + 1 if against.size else 0]
    return Opinion(name, "rising" if last > 0 else "falling", last + offset, since)


def _markov(series: pd.Series) -> list[Opinion]:
    names = ("filtered", "smoothed")
    try:
        table = probabilities(series, fit_markov(series))
    except BnAnalysisError as error:
        return [Opinion(f"markov_{name}", "unknown", failure=str(error)) for name in names]
    return [_from_sign(f"markov_{name}", table[name] - 0.5, offset=0.5) for name in names]

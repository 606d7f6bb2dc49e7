"""Labour-use index of industrial enterprises by province → do jobs follow production, where does a province stand."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.rates import as_of, select
from bn_analysis.cycle import TurningPoints, turning_points
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import estimate
from bn_analysis.seasonal import SeasonalAdjustment, from_estimate
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import all_rates
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint
from bn_analysis.study.study import Study

LAGS = 6
"""Months by which labour may lead or lag production in the comparison."""
FEWEST_PAIRS = 24


@dataclass(frozen=True, slots=True)
class Labour:
    """Labour in industry as known on one day.

    Attributes
    ----------
    territory : str
        Code of the province it is about, or of the country.
    yoy : pandas.DataFrame
        Published change on a year earlier, months × territories, per cent; NaN where a month was not printed.
    adjustment : SeasonalAdjustment or None
        Of the province's own labour index; None where it cannot be estimated.
    turns : TurningPoints or None
        Of the adjusted labour index.
    """

    territory: str
    yoy: pd.DataFrame
    adjustment: SeasonalAdjustment | None
    turns: TurningPoints | None

    def ranks(self, month: pd.Period) -> pd.Series:
        """Provinces by their change on a year earlier, the fastest first; the country left out."""
        return self.yoy.loc[month].drop(COUNTRY, errors="ignore").dropna().sort_values(ascending=False)


def open_labour(study: Study, part: str = "") -> Labour | None:
    """Labour of a study's territory, or of one of its parts, with its knowledge; None without labour figures."""
    settings = study.settings
    code, day = part or study.parameters.territory, study.parameters.as_of
    key = fingerprint(settings, code, "labour", code, day)
    return stored(settings, f"labour-{key}", lambda: _compute(study, code, settings))


def _compute(study: Study, code: str, settings: Settings) -> Labour | None:
    rates = as_of(all_rates(settings), study.parameters.as_of or dt.date.max.isoformat())
    rows = rates[(rates["indicator"] == "labour") & (rates["measure"] == "yoy") & (rates["industry"] == "TOTAL")]
    if not (rows["territory"] == code).any():
        return None
    yoy = rows.sort_values("release_date").groupby(["period", "territory"])["value_pct"].last().unstack()
    yoy.index = pd.PeriodIndex(yoy.index, freq="M")
    yoy = yoy.reindex(pd.period_range(yoy.index[0], yoy.index[-1], freq="M"))
    try:
        adjustment = from_estimate(estimate(select(rates, code, indicator="labour")))
        return Labour(code, yoy, adjustment, turning_points(adjustment.seasonally_adjusted))
    except BnAnalysisError:
        return Labour(code, yoy, None, None)  # too few figures: the page shows what was published and says so


@dataclass(frozen=True, slots=True)
class Link:
    """How labour moves with production: the lag at which their changes on a year earlier go together best.

    Attributes
    ----------
    lag : int
        Months by which labour follows production; negative when it leads.
    correlation : float
    months : int
        Pairs behind the correlation.
    """

    lag: int
    correlation: float
    months: int


def link(labour: Labour, study: Study) -> Link | None:
    """Lead or lag of labour against production, from changes on a year earlier; None with too few months in common.

    Of a part of the study's territory nothing is said: the study holds no production of its own for it.
    """
    if labour.territory != study.parameters.territory:
        return None
    production = study.implied_yoy["value_pct"]
    own = labour.yoy[labour.territory]
    found = []
    for lag in range(-LAGS, LAGS + 1):
        pair = pd.concat([own, production.shift(lag, freq="M") if lag else production], axis=1).dropna()
        if len(pair) >= FEWEST_PAIRS:
            found.append((lag, float(np.corrcoef(pair.to_numpy().T)[0, 1]), len(pair)))
    if not found:
        return None
    lag, correlation, months = max(found, key=lambda item: item[1])
    return Link(lag, correlation, months)

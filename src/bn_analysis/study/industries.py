"""Published rates of the country's industries → indices, breadth and weights: what carries a turn of the total."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.rates import as_of
from bn_analysis.cycle import turning_points
from bn_analysis.errors import BnAnalysisError, NotEnoughDataError
from bn_analysis.index import IndexEstimate, contributions, diffusion, estimate, estimate_weights
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import all_rates, known_rates, rates_key
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint
from bn_analysis.study.study import Study, country

SECTIONS = ("B", "C", "D", "E")
"""Mining, manufacturing, electricity, water: the sections whose weighted sum is the total."""
ELECTRONICS = "26"
FEWEST_MONTHS = 36
"""Published y/y an industry needs for an index of its own."""
FULL_SHARE = 0.75
"""Share of the most divisions ever printed in a month from which a month's list counts as full: the office's workbooks
hold all that there were, the press 12 of 32 at most, and those because they rose or fell the most."""
WEIGHTS_SINCE = "2013-03"
"""First month of the present list of industries."""
WEIGHT_BASE = 2015


@dataclass(frozen=True, slots=True)
class Industries:
    """The country's industries as known on one day.

    Attributes
    ----------
    yoy : pandas.DataFrame
        Newest print of each change on a year earlier, months × codes, per cent; NaN where none was printed.
    index, adjusted : pandas.DataFrame
        Estimated levels and the same without season and Tết, months × codes.
    weights : pandas.DataFrame
        Weight of each section in the total with its 80 % band, estimated because none are published; may be empty.
    left_out : dict of str to str
        Code → why an industry with figures has no index.
    """

    yoy: pd.DataFrame
    index: pd.DataFrame
    adjusted: pd.DataFrame
    weights: pd.DataFrame
    left_out: dict[str, str]

    @property
    def divisions(self) -> list[str]:
        """Codes of the industries, sections left out."""
        return [code for code in self.index if code not in SECTIONS]

    @property
    def growth(self) -> pd.DataFrame:
        """Adjusted growth, mean of three months on the three before, per cent; divisions, while all are printed."""
        levels = self.adjusted[self.divisions].dropna(how="all").rolling(3).mean()
        return 100 * (levels / levels.shift(3) - 1)

    @property
    def breadth(self) -> pd.Series:
        """Share of divisions whose adjusted three-month growth is positive, 0 to 1, by month."""
        return diffusion(self.growth.dropna(how="all"))

    @property
    def contributions(self) -> pd.DataFrame:
        """Points by which each section moved the total's change on a year earlier; empty without weights.

        Up to the last month in which every section was printed.
        """
        if self.weights.empty:
            return pd.DataFrame()
        last = self.yoy[list(SECTIONS)].dropna().index[-1]
        return contributions(self.index.loc[:last, list(SECTIONS)], self.weights["weight"], WEIGHT_BASE)


def open_industries(study: Study, jobs: int = 2) -> Industries:
    """The country's industries with the knowledge of a study; computed once and stored.

    Parameters
    ----------
    study : Study
        Of the country or of a province: the day of knowledge is taken from it.
    jobs : int
        Industries at work at once.

    Raises
    ------
    NotEnoughDataError
        No industry had enough figures on that day.
    """
    settings = study.settings
    day = study.parameters.as_of
    key = fingerprint(settings, COUNTRY, "industries", day)
    return stored(settings, f"industries-{key}", lambda: _compute(study, jobs))


def _compute(study: Study, jobs: int) -> Industries:
    settings, total = study.settings, country(study).estimate
    yoy = _newest_yoy(study)
    codes = _codes(yoy)
    if not codes:
        raise NotEnoughDataError(f"no industry has {FEWEST_MONTHS} published changes on a year earlier")
    day = study.parameters.as_of
    tasks = (delayed(_one)(_used(study, code, yoy), code, total, day, settings) for code in codes)
    found = dict(zip(codes, Parallel(n_jobs=jobs)(tasks), strict=True))
    parts = {code: part for code, part in found.items() if not isinstance(part, str)}
    index = pd.DataFrame({code: part["index"] for code, part in parts.items()})
    adjusted = pd.DataFrame({code: part["seasonally_adjusted"] for code, part in parts.items()})
    left_out = {code: part for code, part in found.items() if isinstance(part, str)}
    return Industries(yoy, index, adjusted, _weights(total, index, study.seed), left_out)


def industry_codes(study: Study) -> list[str]:
    """Codes of the industries with figures enough for an index on the study's day of knowledge."""
    return _codes(_newest_yoy(study))


def open_industry(study: Study, code: str) -> pd.DataFrame | str:
    """Index and adjusted levels of one of `industry_codes`, or why it has none; computed once and stored."""
    rates = _used(study, code, _newest_yoy(study))
    return _one(rates, code, country(study).estimate, study.parameters.as_of, study.settings)


def _one(rates: pd.DataFrame, code: str, total: IndexEstimate, day: str, settings: Settings) -> pd.DataFrame | str:
    end = str(total.frame.index[-1]) if code in SECTIONS else rates["period"].max()
    key = fingerprint(settings, COUNTRY, "industry", code, day, end)
    return stored(settings, f"industry-{key}", lambda: _components(rates, total, end))


def _codes(yoy: pd.DataFrame) -> list[str]:
    if yoy.empty:
        return []
    last = _last_full(yoy)
    return [code for code in yoy if yoy[code].notna().sum() >= FEWEST_MONTHS and pd.notna(yoy.at[last, code])]


def _last_full(yoy: pd.DataFrame) -> pd.Period:
    """The newest month in which the office's list of divisions was printed, not only those that stood out."""
    printed = yoy[[code for code in yoy if code not in SECTIONS]].notna().sum(axis=1)
    return pd.PeriodIndex(printed.index[printed >= FULL_SHARE * printed.max()])[-1]


def _used(study: Study, code: str, yoy: pd.DataFrame) -> pd.DataFrame:
    """Figures of an industry; of a division those up to the last full list: the press prints later ones by choice."""
    rates = known_rates(study.settings, study.parameters.as_of, COUNTRY, code)
    return rates if code in SECTIONS else rates[rates["period"] <= str(_last_full(yoy))]


def _newest_yoy(study: Study) -> pd.DataFrame:
    """Divisions and sections × months: the last print of each change on a year earlier."""
    return _yoy(study.settings, rates_key(study.settings), study.parameters.as_of).copy(deep=False)


@lru_cache(maxsize=2)
def _yoy(settings: Settings, _key: str, day: str) -> pd.DataFrame:
    every = all_rates(settings)
    known = as_of(every, day) if day else every
    rates = known[(known["territory"] == COUNTRY) & (known["indicator"] == "iip")]
    rows = rates[(rates["measure"] == "yoy") & (rates["industry"].str.len() <= 2)].sort_values("release_date")
    table = rows.groupby(["period", "industry"])["value_pct"].last().unstack()
    table.index = pd.PeriodIndex(table.index, freq="M")
    return table


def _components(rates: pd.DataFrame, total: IndexEstimate, end: str) -> pd.DataFrame | str:
    try:
        return estimate(rates, prior_from=total, end=end).components()
    except BnAnalysisError as error:
        return str(error)


def _weights(total: IndexEstimate, index: pd.DataFrame, seed: int) -> pd.DataFrame:
    if not set(SECTIONS) <= set(index):
        return pd.DataFrame()
    parts = index.loc[WEIGHTS_SINCE:, list(SECTIONS)].dropna()
    try:
        return estimate_weights(total.frame["index"].reindex(parts.index), parts, WEIGHT_BASE, seed=seed)
    except BnAnalysisError:
        return pd.DataFrame()  # too short a history: contributions are then left out, and the page says so


SEARCH = 9
"""Months around a trough of the total in which the turn of breadth is looked for."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A trough of the total and how the breadth of industries turned around it.

    Attributes
    ----------
    trough : pandas.Period
        Of the adjusted total.
    low : pandas.Period or None
        Trough of the cumulated breadth: from then on most industries rose. None where the fall in breadth was too
        short to be dated.
    weakest : pandas.Period or None
        Month in which the fewest industries grew over three months; None before breadth is known.
    """

    trough: pd.Period
    low: pd.Period | None
    weakest: pd.Period | None

    @property
    def lead(self) -> int | None:
        """Months by which breadth turned before the total; negative when it came after."""
        return None if self.low is None else (self.trough - self.low).n


def turns(industries: Industries, adjusted_total: pd.Series, judged: pd.Period | None = None) -> list[Turn]:
    """Troughs of the total, each with the turn of breadth nearest to it.

    Breadth of monthly changes below one half means that more industries fall than rise: its running sum falls then and
    turns up when most rise again. Both are dated by the same Bry–Boschan rules.

    Parameters
    ----------
    industries : Industries
    adjusted_total : pandas.Series
        Seasonally adjusted total.
    judged : pandas.Period, optional
        Trough that the verdict on the total names: it stands in place of one near it, because a flat bottom may be no
        trough of the middle path, or another month of it, and yet that of most paths.
    """
    troughs = turning_points(adjusted_total).troughs
    if judged is not None:
        troughs = sorted([judged, *(trough for trough in troughs if abs((judged - trough).n) > SEARCH)])
    monthly = diffusion(np.log(industries.adjusted[industries.divisions]).diff().dropna(how="all"))
    lows = turning_points(np.exp((monthly - 0.5).cumsum() / 10)).troughs  # a positive level, as dating expects
    breadth = industries.breadth
    found = []
    for trough in troughs:
        near = [low for low in lows if abs((low - trough).n) <= SEARCH]
        around = breadth.loc[trough - SEARCH : trough + SEARCH]
        found.append(
            Turn(
                trough,
                min(near, key=lambda low: abs((low - trough).n)) if near else None,
                around.idxmin() if len(around) else None,
            )
        )
    return found


def published(study: Study, measure: str) -> pd.DataFrame:
    """Newest print of a measure for every division and section of the study's own territory, months × codes.

    Nothing is estimated: a province publishes its divisions too rarely for an index of their own.
    """
    settings = study.settings
    every = all_rates(settings)
    day = study.parameters.as_of or dt.date.max.isoformat()
    rows = every[
        (every["territory"] == study.parameters.territory)
        & (every["indicator"] == "iip")
        & (every["measure"] == measure)
        & (every["release_date"] <= day)
        & (every["release"] != "forecast")
    ].sort_values("release_date")
    table = rows.groupby(["period", "industry"])["value_pct"].last().unstack()
    table.index = pd.PeriodIndex(table.index, freq="M")
    return table

"""The printed figures of a study beside its index → where the two meet, where they part and by how much."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.study.knowledge import known_rates
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint
from bn_analysis.study.study import Study

SAME = 1.0
"""Points within which the index and what printed rates imply are called the same."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures on record of a territory and its parts.

    Attributes
    ----------
    printed : int
        All of them.
    cut : int
        From before a stretch too long to bridge.
    merged : int
        Coarser repeats of a finer print of the same cell.
    used : int
        The rest: what stands behind the index.
    """

    printed: int
    cut: int
    merged: int
    used: int


def counts(study: Study) -> Counts:
    """How many figures there are and how many stand behind the index."""
    printed, used = len(study.rates), study.estimate.n_figures
    cut = int((study.rates["period"] < study.estimate.cut_before).sum()) if study.estimate.cut_before else 0
    return Counts(printed, cut, printed - used - cut, used)


@dataclass(frozen=True, slots=True)
class FirstPrints:
    """How first prints of the change on a year earlier lie to the index and to what is printed again.

    Attributes
    ----------
    count, above : int
        First prints of the territory itself with the index beside them; those above it.
    mean : float
        By how much they lie above it on average, percentage points.
    pairs : pandas.DataFrame
        Cells of the territory itself printed both first and again: columns period, first, restated.
    country_pairs : int
        Such cells of the country.
    country_mean : float
        By how much the country's first prints exceeded its restated ones on average, percentage points.
    """

    count: int
    above: int
    mean: float
    pairs: pd.DataFrame
    country_pairs: int
    country_mean: float


def first_prints(study: Study) -> FirstPrints | None:
    """The correction of first prints in the open; None where no first print has the index beside it."""
    own = study.own[(study.own["measure"] == "yoy") & (study.own["release"] == "first")]
    implied = study.implied_yoy["value_pct"].reindex(pd.PeriodIndex(own["period"], freq="M")).to_numpy(dtype=float)
    excess = (own["value_pct"].to_numpy(dtype=float) - implied)[~np.isnan(implied)]
    if not excess.size:
        return None
    country = restated(known_rates(study.settings, study.parameters.as_of, COUNTRY))
    return FirstPrints(
        count=int(excess.size),
        above=int((excess > 0).sum()),
        mean=float(excess.mean()),
        pairs=restated(study.own),
        country_pairs=len(country),
        country_mean=float((country["first"] - country["restated"]).mean()),
    )


def restated(rates: pd.DataFrame, measure: str = "yoy") -> pd.DataFrame:
    """Months of which a rate was printed first and again: columns period, first, restated."""
    printed = rates[rates["measure"] == measure].sort_values("release_date")
    table = printed.pivot_table(index="period", columns="release", values="value_pct", aggfunc="last")
    return table.reindex(columns=["first", "restated"]).dropna().reset_index()


@dataclass(frozen=True, slots=True)
class Between:
    """What two year-to-date rates imply for the months between them, beside the index.

    Attributes
    ----------
    first, last : pandas.Period
        Those months.
    before, until : float
        The two printed rates, per cent: until the month before `first`, and until `last`.
    implied : float
        Change on a year earlier of those months that makes one out of the other, per cent.
    rounding : float
        How far the last digits of the two leave that open, percentage points either way.
    index, low, high : float
        The same change by the index with its 80 % band, per cent.
    """

    first: pd.Period
    last: pd.Period
    before: float
    until: float
    implied: float
    rounding: float
    index: float
    low: float
    high: float

    @property
    def apart(self) -> float:
        """By how much the index lies above what the rates imply, percentage points."""
        return self.index - self.implied

    @property
    def meet(self) -> bool:
        """Whether the index and the rates agree, as far as digits and `SAME` points can tell."""
        return abs(self.apart) <= max(SAME, self.rounding)


def between_year_to_dates(study: Study) -> list[Between]:
    """Every pair of neighbouring year-to-date rates of one year that the territory printed, newest first; stored."""
    settings, parameters = study.settings, study.parameters
    key = fingerprint(settings, parameters.territory, "between", replace(parameters, language="vi"))
    return stored(settings, f"between-{key}", lambda: _all_between(study))


def _all_between(study: Study) -> list[Between]:
    ytd = study.own[(study.own["measure"] == "ytd") & (study.own["period"] <= str(study.at))]
    ytd = ytd.sort_values("release_date").groupby("period").last()
    months = pd.PeriodIndex(ytd.index, freq="M")
    index = study.estimate.frame["index"]
    sums = study.estimate.draws(study.settings.draws, study.seed).cumsum()  # a span is the difference of two of them
    found = []
    for earlier, later in pairwise(months):
        if earlier.year != later.year or pd.Period(f"{later.year - 1}-01", freq="M") < index.index[0]:
            continue
        pair = _between(ytd, earlier, later, index, sums)
        if pair.first == pair.last:  # one month: the change and the band that every page gives
            row = study.implied_yoy.loc[later]
            pair = replace(pair, index=float(row["value_pct"]), low=float(row["low80"]), high=float(row["high80"]))
        found.append(pair)
    return found[::-1]


def _between(ytd: pd.DataFrame, earlier: pd.Period, later: pd.Period, index: pd.Series, sums: pd.DataFrame) -> Between:
    """What the rates until `earlier` and until `later` imply, the year before weighted as the index has it."""
    start = pd.Period(f"{later.year}-01", freq="M")
    known, until = (float(index[start - 12 : month - 12].sum()) for month in (earlier, later))
    rows = [ytd.loc[str(month)] for month in (earlier, later)]
    rates = [float(row["value_pct"]) for row in rows]
    halves = [0.5 * 10.0 ** -int(row["decimals"]) for row in rows]
    inside = until - known
    now, year_before = (sums.loc[later - lag] - sums.loc[earlier - lag] for lag in (0, 12))
    low, high = 100 * (np.quantile((now / year_before).to_numpy(), [0.1, 0.9]) - 1)
    return Between(
        first=earlier + 1,
        last=later,
        before=rates[0],
        until=rates[1],
        implied=(rates[1] * until - rates[0] * known) / inside,
        rounding=(halves[1] * until + halves[0] * known) / inside,
        index=float(100 * (index[earlier + 1 : later].sum() / index[earlier - 11 : later - 12].sum() - 1)),
        low=float(low),
        high=float(high),
    )

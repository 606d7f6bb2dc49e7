"""Published rates → index → adjusted index → verdict, step by step, each step as the reports take it."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY, PRESENT
from bn_analysis.cleaning.rates import as_of, select, vintage
from bn_analysis.cycle import Bottoming
from bn_analysis.cycle import bottoming as judge_draws
from bn_analysis.cycle.calibrated_probability import Source
from bn_analysis.cycle.phases import LOOK_BACK, Phase, standing_phase
from bn_analysis.index import IndexEstimate, estimate_territory
from bn_analysis.seasonal import Book, SeasonalAdjustment, from_estimate
from bn_analysis.seasonal import adjust as adjust_series
from bn_analysis.settings import DRAWS, SEED

Judge = Callable[[str, str], Bottoming]
"""The verdict on a month, YYYY-MM, with the knowledge of a day ("" for all of it), as if none had been given before."""


def estimate_index(
    rates: pd.DataFrame,
    territory: str = PRESENT,
    *,
    reference: IndexEstimate | None = None,
    end: str | pd.Period | None = None,
) -> IndexEstimate:
    """The index of a territory's whole industry.

    Parameters
    ----------
    rates : pandas.DataFrame
        Published rates of any number of territories, as `read_rates` or `as_of` give them.
    territory : str
    reference : IndexEstimate, optional
        The country's index, from which a sparse territory borrows; estimated from the same rates where not given.
    end : str or pandas.Period, optional
        Last month; the last one with a figure by default.

    Returns
    -------
    IndexEstimate
        It remembers the rates, so that `bottoming` can go back to what was known earlier.

    Raises
    ------
    InputError
        No figure of the territory, or as `bn_analysis.index.estimate`.
    """
    if territory != COUNTRY and reference is None:
        reference = index_of(rates, COUNTRY)
    return replace(index_of(rates, territory, reference, end), known=rates)


def index_of(
    rates: pd.DataFrame, territory: str, reference: IndexEstimate | None = None, end: str | pd.Period | None = None
) -> IndexEstimate:
    """The index of a territory, alone or with what it was made of; every report and every step goes through here."""
    return estimate_territory(rates, territory, prior_from=reference, end=end)


def adjust(index: IndexEstimate | pd.Series, book: Book | None = None) -> SeasonalAdjustment:
    """An index, or any monthly series of levels, without season and Tết.

    Parameters
    ----------
    index : IndexEstimate or pandas.Series
        A series has a monthly PeriodIndex; options are those of `bn_analysis.seasonal.adjust`.
    book : Book, optional
        Reviewed specifications, of which that of an index is used where X-13 serves it.
    """
    return from_estimate(index, book=book) if isinstance(index, IndexEstimate) else adjust_series(index)


def bottoming(
    adjusted: SeasonalAdjustment | pd.Series, at: str | pd.Period | None = None, book: Book | None = None
) -> Bottoming:
    """Whether the trough of the latest fall has passed, and how surely; for an estimated index the report's verdict.

    Parameters
    ----------
    adjusted : SeasonalAdjustment or pandas.Series
        From `adjust`; or a series adjusted elsewhere, of which draws are made.
    at : str or pandas.Period, optional
        Month judged, the last one by default.
    book : Book, optional
        As for `adjust`; months before are judged with it.
    """
    if isinstance(adjusted, pd.Series):
        return judge_draws(adjusted, at=at, seed=SEED)
    draws = adjusted.draws(DRAWS, SEED)
    month = pd.Period(at or draws.index[-1], freq="M")
    previous: Phase | None = None
    if adjusted.estimate is not None and adjusted.estimate.known is not None:
        own = select(adjusted.estimate.known, adjusted.estimate.territory)
        previous = announced(own, pd.Period(draws.index[0]), str(month), "", _judge(adjusted, draws, book))
    source: Source = "levels" if adjusted.estimate is None else "figures"
    return judge_draws(draws, at=month, seed=SEED, withheld=adjusted.withheld, previous=previous, source=source)


def announced(own: pd.DataFrame, first: pd.Period, month: str, day: str, judge: Judge) -> Phase:
    """The phase that stood a month before, as the reports of the months before would have announced it.

    Parameters
    ----------
    own : pandas.DataFrame
        Every published rate of the series, with release dates.
    first : pandas.Period
        First month that can be judged with the knowledge of the day.
    month, day : str
        The month judged, YYYY-MM, and the day of knowledge, YYYY-MM-DD or "".
    judge : callable
        The verdict on an earlier month; asked only until one decides by itself.
    """
    verdicts = (None if before is None else judge(*before) for before in _months_before(own, first, month, day))
    return standing_phase((None if one is None else one.probability for one in islice(verdicts, LOOK_BACK)), "figures")


def _months_before(own: pd.DataFrame, first: pd.Period, month: str, day: str) -> Iterator[tuple[str, str] | None]:
    """Earlier months with the day of knowledge of each, newest first; None where figures begin.

    Months are gone back one by one, each with what was known at its end or, for a month of the past, with the same
    knowledge.
    """
    hindsight = month < (as_of(own, day) if day else own)["period"].max()
    while True:
        if hindsight:
            month = str(pd.Period(month, freq="M") - 1)
            known = own.iloc[:0] if pd.Period(month, freq="M") < first else own
        else:
            newest = dt.date.fromisoformat(day or vintage(own))
            day = str(newest.replace(day=1) - dt.timedelta(days=1))
            known = as_of(own, day)
            month = month if known.empty else known["period"].max()
        if known.empty:
            yield None
            return
        yield month, day


def _judge(adjusted: SeasonalAdjustment, draws: pd.DataFrame, book: Book | None) -> Judge:
    """Judges months before by the same draws, or where only less was known, by an index estimated from that."""
    index = adjusted.estimate
    assert index is not None and index.known is not None
    known, territory = index.known, index.territory

    def judge(month: str, day: str) -> Bottoming:
        base, paths = adjusted, draws
        if day:
            base = adjust(estimate_index(as_of(known, day), territory, end=month), book)
            paths = base.draws(DRAWS, SEED)
        return judge_draws(paths, at=month, seed=SEED, withheld=base.withheld, previous="not_enough_data", flip=False)

    return judge

"""A study → what was known at the releases before: the study on the eve of the newest, the year's probabilities."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.study.knowledge import known, known_rates
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.study import Study, fresh_verdict, open_study

MONTHS = 12
"""Months before the newest release that are looked back upon."""


@dataclass(frozen=True, slots=True)
class Release:
    """What one release left known.

    Attributes
    ----------
    day : str
        When it was published, YYYY-MM-DD.
    at : pandas.Period
        Month judged: the last one with a figure.
    probability : float or None
        That the trough had passed, as known until the eve of the next release; None without a verdict.
    figures : int
        Figures of the territory itself in this release.
    """

    day: str
    at: pd.Period
    probability: float | None
    figures: int


def before(study: Study) -> Study | None:
    """The study as it stood before the newest release; None for a month of the past or where nothing was known."""
    if study.at < study.last_observed:
        return None
    try:
        return open_study(study.parameters.territory, "latest", _eve(study.vintage), settings=study.settings)
    except InputError:
        return None  # the newest release is the first one


def releases(study: Study) -> list[Release]:
    """The releases of the territory's own figures in the last twelve months, oldest first; of a past month none.

    Of several on one month the last. The last of all is the verdict of the study; the one before it is what the newest
    release changed.
    """
    if study.at < study.last_observed:
        return []
    code, settings = study.parameters.territory, study.settings
    counts = known_rates(settings, study.parameters.as_of, code)["release_date"].value_counts().sort_index()
    days = [day for day in counts.index if day > _year_earlier(study.vintage)]
    eves = {day: _eve(following) for day, following in pairwise(days)}
    months = {known(settings, code, eve).last_period: day for day, eve in eves.items()}
    found = []
    for month, day in months.items():
        if month < str(study.at):
            verdict = fresh_verdict(Parameters(code, month, eves[day]), settings)
            found.append(Release(day, verdict.at, verdict.probability, int(counts[day])))
    return [*found, Release(days[-1], study.at, study.verdict.probability, int(counts[days[-1]]))]


def _eve(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def _year_earlier(day: str) -> str:
    """The day twelve months earlier."""
    return (pd.Timestamp(day) - pd.DateOffset(months=MONTHS)).date().isoformat()

"""The figures on record of a territory → how old they are: up to which month, since when, until when they are new."""

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from bn_analysis.cleaning.calendars.releases import due, following
from bn_analysis.cleaning.language.classification import TERRITORIES, territory
from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import known_rates

LOOK_BACK = 24
"""Months before the last one in which a month without a figure of its own is named."""


@dataclass(frozen=True, slots=True)
class Age:
    """How old the figures of a territory are, by the calendar of releases and no clock.

    Attributes
    ----------
    territory : str
    last : str
        Last month with a figure of its own, YYYY-MM.
    released : str
        Day of the newest figure, YYYY-MM-DD.
    missing : tuple of str
        Months before it, within two years, without any figure of their own.
    awaited, due : str
        The next month and the day on which it is due, after which these figures are out of date; "" where the territory
        has ended.
    successor : str
        The territory that it became part of; "" where it still stands.
    """

    territory: str
    last: str
    released: str
    missing: tuple[str, ...]
    awaited: str
    due: str
    successor: str

    def to_dict(self) -> dict[str, Any]:
        """For the manifest of a report."""
        return {**asdict(self), "missing": list(self.missing)}


def age_of(settings: Settings, code: str, day: str = "") -> Age:
    """Age of the figures of a territory's total index known on a day ("" for every figure)."""
    rates = known_rates(settings, day, code)
    months = set(rates["period"])
    last = max(months)
    ended = territory(code).valid_to is not None
    awaited = "" if ended else following(last)
    return Age(
        territory=code,
        last=last,
        released=str(rates["release_date"].max()),
        missing=tuple(_missing(months, last)),
        awaited=awaited,
        due="" if ended else due(awaited).isoformat(),
        successor=next((other.code for other in TERRITORIES.values() if code in other.parts), ""),
    )


def _missing(months: set[str], last: str) -> list[str]:
    """Months between the first figure (or two years back) and the last one without a figure of their own."""
    start = max(min(months), str(pd.Period(last, freq="M") - LOOK_BACK))
    found, month = [], last
    while month > start:
        month = month_before(month)
        if month not in months:
            found.append(month)
    return found[::-1]

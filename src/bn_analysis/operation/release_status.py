"""Figures on record and a day → what is due next of each living territory and what is late: said, never filled in."""

import datetime as dt
from dataclasses import dataclass

from bn_analysis.cleaning.calendars.releases import due, following, late
from bn_analysis.cleaning.language.classification import territory
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import known
from bn_analysis.study.parameters import TERRITORIES


@dataclass(frozen=True, slots=True)
class Lateness:
    """The releases of one territory on one day.

    Attributes
    ----------
    territory, last : str
        Its code, and the last month on record (YYYY-MM).
    expected : str
        The first month not on record.
    due : datetime.date
        Day on which that month was or is due.
    late : tuple of str
        Months that were due before the day and are not on record.
    """

    territory: str
    last: str
    expected: str
    due: dt.date
    late: tuple[str, ...]

    def line(self) -> str:
        """The state in a few words, for `check`."""
        if not self.late:
            return f"{self.territory} next {self.expected}, due {self.due}"
        more = f" ({len(self.late)} months in all)" if len(self.late) > 1 else ""
        return f"{self.territory} {self.expected} late since {self.due}{more}"

    def sentence(self, language: Language) -> str:
        """What a reader is told."""
        facts = {"territory": self.territory, "last": self.last, "expected": self.expected}
        key = "month.late" if self.late else "month.awaited"
        return say(key, language, **facts, due=self.due.isoformat(), months=len(self.late))


def lateness(settings: Settings, today: dt.date) -> tuple[Lateness, ...]:
    """The releases of every territory that still exists.

    Parameters
    ----------
    settings : Settings
    today : datetime.date
    """
    states = []
    for code in TERRITORIES:
        if territory(code).valid_to is None:
            last = known(settings, code).last_period
            expected = following(last)
            states.append(Lateness(code, last, expected, due(expected), late(last, today)))
    return tuple(states)

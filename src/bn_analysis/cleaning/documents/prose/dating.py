"""The words of time of a figure, and what is known of its text → its month, its measure, the kind of its release."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bn_analysis.cleaning.documents.prose.periods import Base, Span
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.words import Place, Token
from bn_analysis.cleaning.language.classification import TERRITORIES
from bn_analysis.cleaning.workbook.release_day import EARLIEST_RELEASE_DAY, LATEST_RELEASE_DELAY

MERGER = "2025-07"
"""First month of the provinces as merged."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a text's page says of itself, and what the text as a whole names.

    Attributes
    ----------
    territory, period, released : str or None
        Code, month YYYY-MM and day YYYY-MM-DD, as told by whoever hands in the text.
    month : str or None
        The month reported: the one told, else the latest that the text dates.
    places : frozenset of Place
        Every place named in the text.
    """

    territory: str | None = None
    period: str | None = None
    released: str | None = None
    month: str | None = None
    places: frozenset[Place] = frozenset()

    def with_text(self, sentences: Iterable[list[Token]]) -> "Context":
        """The context with what the sentences of the text name: places, and the latest month where none was told."""
        places: set[Place] = set()
        months: list[str] = []
        for sentence in sentences:
            places |= {token.value for token in sentence if token.kind == "place" and not token.value.part}
            places |= {Place(("VN",)) for token in sentence if token.kind == "country"}
            if not any(token.kind in ("forecast", "plan", "will") for token in sentence):
                spans = [token.value for token in sentence if token.kind == "period" and token.value is not None]
                months += [f"{s.year}-{s.month:02d}" for s in spans if s.year and s.kind != "year"]
                months += [f"{s.year}-12" for s in spans if s.year and s.kind == "year" and len(spans) == 1]
        return replace(self, month=self.period or max(months, default=None), places=frozenset(places))

    def home(self) -> Place | None:
        """The place of the page, else the only one that the text names."""
        if self.territory is not None:
            return Place((self.territory,))
        return next(iter(self.places)) if len(self.places) == 1 else None

    def after_merger(self) -> bool:
        """Whether the text was written when the provinces had merged, so that an old name may mean new borders."""
        told = self.territory is not None and (TERRITORIES[self.territory].valid_from or "") >= MERGER
        return told or (self.month or "") >= MERGER or (self.released or "") >= MERGER


@dataclass(frozen=True, slots=True)
class Dated:
    """A figure in time: its last month, measure, kind of release, and a remark where a year was misprinted."""

    period: str
    measure: str
    release: str
    remark: str = ""


def dated(
    span: Span | None, base: Base | None, shifted: Base | None, release: str, monthly: bool, context: Context
) -> Dated:
    """Month, measure and release of a figure.

    Parameters
    ----------
    span : Span or None
        The period named in or before the clause.
    base : Base or None
        What it is compared with; None leaves the measure ``unknown``.
    shifted : Base or None
        Set where the figure is of an earlier period than the span: "cùng kỳ năm trước giảm 2 %".
    release : {"first", "estimate", "forecast"}
        How the sentence calls it.
    monthly : bool
        Whether the sentence compares a month with the one before, which tells what an unnamed period is.
    context : Context

    Raises
    ------
    Unread
        Period, year or base are not said, or contradict each other.
    """
    span = span or _month_of_page(base, monthly, context)
    year, remark = _year(span, release == "forecast", context)
    measure = _measure(span, year, base)
    month = span.month
    if shifted is not None:
        year, month = _moved(span, year, shifted, measure)
    period = f"{year}-{month:02d}"
    return Dated(period, measure, _release(period, release, shifted is not None, context), remark)


def _month_of_page(base: Base | None, monthly: bool, context: Context) -> Span:
    if context.period is None or base is None or not (monthly or base.kind == "span"):
        raise Unread("span")
    return Span("month", int(context.period[5:]), int(context.period[:4]))


def _year(span: Span, forecast: bool, context: Context) -> tuple[int, str]:
    """The year of a span, and a remark where it is not the one printed."""
    if span.year is not None:
        return span.year, ""
    reported = context.month
    if reported is None:
        return _year_by_release(span, context), ""
    year, month = int(reported[:4]), int(reported[5:])
    if span.printed in ("trước", "ngoái"):
        return year - 1, ""
    if span.printed:
        if context.period is None or span.month != month:
            raise Unread("year")
        return year, f"{span.printed} → {year}"
    if span.month <= month or span.kind == "year":
        return year, ""
    if forecast and span.month == month + 1:
        return year, ""
    if month == 1 and span.month == 12 and span.kind == "month":
        return year - 1, ""
    raise Unread("year")


def _year_by_release(span: Span, context: Context) -> int:
    """The year in which the figure of a month can first have been released on the day of the text."""
    if context.released is None or span.printed:
        raise Unread("year")
    day = date.fromisoformat(context.released)
    for year in (day.year, day.year - 1):
        begins = date(year, span.month, 1)
        if begins + timedelta(days=EARLIEST_RELEASE_DAY - 1) <= day <= begins + timedelta(days=LATEST_RELEASE_DELAY):
            return year
    raise Unread("year")


def _measure(span: Span, year: int, base: Base | None) -> str:
    if base is None:
        return "unknown"
    if base.kind == "other":
        raise Unread("base")
    if base.kind == "span":
        return _by_months(span, year, base.span)
    if base.kind == "previous":
        if span.kind != "month":
            raise Unread("base")
        return "mom"
    if base.year is not None and base.year != year - 1:
        raise Unread("base")
    return _of_year_before(span)


def _of_year_before(span: Span) -> str:
    """The first quarter and the whole year are the year so far."""
    if span.kind == "month":
        return "yoy"
    return "quarter_yoy" if span.kind == "quarter" and span.month != 3 else "ytd"


def _by_months(span: Span, year: int, against: Span | None) -> str:
    """The measure of a figure compared with a named period."""
    if against is None:
        raise Unread("base")
    year_before = against.year == year - 1 or against.printed in ("trước", "ngoái")
    alike = against.kind == span.kind or {against.kind, span.kind} == {"ytd", "year"}
    if alike and against.month == span.month and year_before:
        return _of_year_before(span)
    back = year - (span.month == 1)
    if span.kind == against.kind == "month" and against.month == (span.month - 2) % 12 + 1 and not against.printed:
        return _by_month_before(against.year, back)
    raise Unread("base")


def _by_month_before(year: int | None, expected: int) -> str:
    if year not in (None, expected):
        raise Unread("base")
    return "mom"


def _moved(span: Span, year: int, shifted: Base, measure: str) -> tuple[int, int]:
    """Year and month of the period that an aside speaks of."""
    if shifted.kind == "year_before" and measure in ("yoy", "ytd", "quarter_yoy") and shifted.year in (None, year - 1):
        return year - 1, span.month
    if shifted.kind == "previous" and span.kind == "month" and measure in ("mom", "yoy"):
        return (year - 1, 12) if span.month == 1 else (year, span.month - 1)
    raise Unread("base")


def _release(period: str, said: str, shifted: bool, context: Context) -> str:
    reported = context.month or period
    if shifted or (period < reported and said != "forecast"):
        return "restated"
    if said == "forecast":
        if period < reported:
            raise Unread("past", period)
        return "forecast"
    if period > reported:
        if said != "estimate":
            raise Unread("later", period)
        return "forecast"
    if context.released is not None and period > context.released[:7]:
        raise Unread("later", period)
    return "first"

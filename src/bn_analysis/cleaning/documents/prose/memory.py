"""Segments of a sentence, in order → what holds for the figure that follows: index, place, industry, period."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bn_analysis.cleaning.documents.prose.clauses import Segment
from bn_analysis.cleaning.documents.prose.dating import Context
from bn_analysis.cleaning.documents.prose.periods import Base, Span
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.words import Place, Token

INDICES = ("iip", "consumption", "inventory", "labour")
NAMES = ("industry", "place", "country", "province", "other", *INDICES)
"""Kinds of tokens that say whose figure it is."""
_COUNTRY = Place(("VN",))


@dataclass(slots=True)
class Memory:
    """What the clauses so far have said, for those that leave it unsaid.

    Attributes
    ----------
    index : str or None
        One of `INDICES`, ``other``, or None while none was named; ``index_word`` is how it was.
    place, industry, span
        The last ones named; ``place_named`` tells that this sentence did, ``places`` which places it named.
    unsure_place, unsure_span, unsure_subject : bool
        Words that are not understood may have changed them.
    bases, bases_span
        The bases of the last clause that had any, its period, and the index of the last clause (``bases_index``).
    month
        The last month of which a figure spoke.
    manner : {"first", "estimate", "forecast"}
        How this sentence calls its figures.
    blocked, part, part_before : Unread or None
        Why no figure is read until the sentence ends, and, after a sentence on a part of a province, until the next one
        names an index or a place.
    leans : bool
        Whether the sentence says that it goes on with the one before ("trong đó").
    """

    index: str | None = None
    index_word: str = ""
    place: Place | None = None
    place_named: bool = False
    places: frozenset[Place] = frozenset()
    industry: str | None = None
    span: Span | None = None
    unsure_place: bool = False
    unsure_span: bool = False
    unsure_subject: bool = False
    bases: list[Base] = field(default_factory=list)
    bases_span: Span | None = None
    bases_index: str | None = None
    month: Span | None = None
    manner: str = "first"
    cumulative: bool = False
    blocked: Unread | None = None
    part: Unread | None = None
    part_before: Unread | None = None
    leans: bool = False
    borders: str = ""
    direction: str = ""

    def next_sentence(self) -> "Memory":
        """What is left for the sentence that follows: several places leave none."""
        several = len(self.places) > 1
        return replace(
            self, place_named=False, places=frozenset(), unsure_place=self.unsure_place or several,
            part=None, part_before=self.part or self.part_before, leans=False, manner="first", cumulative=False,
            blocked=None, direction="", bases=list(self.bases),
        )  # fmt: skip

    def next_paragraph(self) -> "Memory":
        """What is left for the paragraph that follows: no base."""
        return replace(self, bases=[], bases_span=None, unsure_span=False)

    def copy(self) -> "Memory":
        """A copy that an aside in brackets may change."""
        return replace(self, bases=list(self.bases))


def places_of(segment: Segment) -> list[Place]:
    """The territories that a segment names, each once."""
    named = [token.value for token in segment.of("place") if not token.value.part]
    return list(dict.fromkeys([*named, *(_COUNTRY for _ in segment.of("country"))]))


def same(one: Place | None, other: Place | None) -> bool:
    """Whether two places have a code in common."""
    return one is not None and other is not None and bool(set(one.codes) & set(other.codes))


def hear(memory: Memory, segment: Segment, context: Context, word: Callable[[Token], str]) -> None:
    """Let a segment before a figure say what holds for it; raises `Unread` where it names two periods."""
    if segment.opened == "because":
        memory.unsure_subject = True  # what follows may speak of the cause
        return
    _hear_nature(memory, segment, word)
    if segment.aside or segment.of("comment"):
        return
    if segment.clean():
        take_over(memory, segment, context, word)
        return
    if others := segment.of("other"):
        memory.index, memory.index_word = "other", word(others[0])
    named = places_of(segment)
    if named and not all(same(place, memory.place) or same(place, context.home()) for place in named):
        memory.unsure_place = True
    memory.unsure_span |= any(token.value is not None for token in segment.of("period"))
    memory.unsure_span |= any(re.search(r"[/\s]\d{4}$", word(token)) for token in segment.of("count"))
    memory.unsure_subject |= segment.opened != "start" or bool(segment.of("industry", *INDICES))


def _hear_nature(memory: Memory, segment: Segment, word: Callable[[Token], str]) -> None:
    for kind in ("plan", "nature", "negation"):
        if (found := segment.of(kind)) and memory.blocked is None:
            memory.blocked = Unread(kind, word(found[0]))
    if found := parts_of(segment):
        memory.part = Unread("part", word(found[0]))
    hear_manner(memory, segment)


def parts_of(segment: Segment) -> list[Token]:
    """Words for a part of a province, or for more than one."""
    return [*segment.of("part"), *(token for token in segment.of("place") if token.value.part)]


def hear_manner(memory: Memory, segment: Segment) -> None:
    """Whether the sentence forecasts or estimates, and whether it adds months up."""
    if segment.of("forecast"):
        memory.manner = "forecast"
    elif segment.of("estimate") and memory.manner == "first":
        memory.manner = "estimate"
    memory.cumulative |= bool(segment.of("cumulative"))
    memory.leans |= bool(segment.of("among"))


def take_over(memory: Memory, segment: Segment, context: Context, word: Callable[[Token], str]) -> None:
    """Take over index, place, industry and period from words that are all understood."""
    _take_index(memory, segment, word)
    _take_place(memory, segment, context)
    codes = {token.value for token in segment.of("industry")}
    if len(codes) == 1:
        memory.industry, memory.unsure_subject = codes.pop(), False
    span = _span_of(segment, word)
    if span is not None:
        span = _with_year(span, memory.span, context)
        memory.span, memory.unsure_span = span, False


def _take_index(memory: Memory, segment: Segment, word: Callable[[Token], str]) -> None:
    found = segment.of("other") or segment.of(*INDICES)
    if found:
        memory.index, memory.index_word = found[0].kind, word(found[0])
        memory.industry, memory.unsure_subject = None, False
        if found[0].kind != "other":
            memory.part_before = None
    elif segment.of("weak") and memory.index in INDICES and not segment.of("industry"):
        memory.industry, memory.unsure_subject = None, False


def _take_place(memory: Memory, segment: Segment, context: Context) -> None:
    named = places_of(segment)
    memory.places |= frozenset(named)
    if len(named) == 1 and not parts_of(segment):
        _set_place(memory, named[0])
        memory.borders = ""
    elif len(named) > 1:
        memory.unsure_place = True
    elif segment.of("province") and not named:
        home = context.home()
        if home is not None and not same(home, _COUNTRY):
            _set_place(memory, home)
        elif memory.place in (None, _COUNTRY):
            memory.unsure_place = True
    if found := segment.of("new_borders", "old_borders"):
        memory.borders = found[-1].kind.removesuffix("_borders")


def _set_place(memory: Memory, place: Place) -> None:
    memory.place, memory.place_named, memory.unsure_place = place, True, False
    memory.part_before = None


def _span_of(segment: Segment, word: Callable[[Token], str]) -> Span | None:
    """The period that a segment names; a year standing apart goes with a month or a count of months."""
    found = [token.value for token in segment.of("period") if token.value is not None]
    years = {span for span in found if span.kind == "year"}
    spans = {span for span in found if span.kind != "year"}
    words = ", ".join(word(token) for token in segment.of("period"))
    if len(spans) > 1 or len(years) > 1:
        raise Unread("spans", words)
    year = next(iter(years), None)
    span = next(iter(spans), year)
    if span is None:
        return None
    if year is not None and span is not year:
        if span.year not in (None, year.year):
            raise Unread("spans", words)
        span = replace(span, year=year.year, printed=year.printed)
    return span


def _with_year(span: Span, before: Span | None, context: Context) -> Span:
    """A month without a year has that of the period before it, unless the month reported makes it another one."""
    if span.year is not None or span.printed or before is None or before.year is None:
        return span
    if before.kind == "year":
        return replace(span, year=before.year)
    if before.kind != "quarter" and span.month > before.month:
        return span
    reported = context.month or f"{before.year}-12"
    by_page = int(reported[:4]) if span.month <= int(reported[5:]) else before.year
    return replace(span, year=before.year) if by_page == before.year else replace(span, printed="?")

"""A clause and what was said before it → a frame: whose figure it is, of when, how large, with its bases."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bn_analysis.cleaning.documents.prose.clauses import COMPARING, DIRECTIONS, NOUNS, Clause, Segment
from bn_analysis.cleaning.documents.prose.dating import Context
from bn_analysis.cleaning.documents.prose.memory import (
    INDICES,
    NAMES,
    Memory,
    hear,
    hear_manner,
    parts_of,
    places_of,
    same,
    take_over,
)
from bn_analysis.cleaning.documents.prose.periods import Base, Span
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.values import directions_of, signed_change
from bn_analysis.cleaning.documents.prose.words import Place, Token

_WITHIN = ("trong", "vào", "của", "ở", "cho", "in", "for", "of", "during")
_OF = ("của", "of", "in")
Word = Callable[[Token], str]


@dataclass(slots=True)
class Frame:
    """One figure with what it says and what it was given.

    Attributes
    ----------
    clause : Clause
    index, place, industry, span, borders, manner
        As in `Memory`.
    own : list of Base
        Its bases: those that stand in it, later those given to it.
    subject : str
        By what it differs from the figure before: ``industry``, ``place``, ``index`` or nothing.
    new_span : bool
        Whether it names a period.
    value, decimals
        The signed change.
    shifted : Base or None
        Set where the figure is of the period that this base names ("cùng kỳ năm trước giảm 2 %").
    unread : Unread or None
        Why it is not read.
    """

    clause: Clause
    index: str | None
    index_word: str
    place: Place | None
    industry: str | None
    span: Span | None
    borders: str
    manner: str
    own: list[Base]
    subject: str
    new_span: bool
    value: float = 0.0
    decimals: int = 0
    shifted: Base | None = None
    unread: Unread | None = None


def frame_of(clause: Clause, memory: Memory, context: Context, word: Word, in_order: bool) -> Frame:
    """The frame of a clause; `memory` takes over what it says; ``in_order`` tells of figures listed "lần lượt"."""
    own: list[Base] = []
    unread: Unread | None = None
    before = memory.span
    shifted, bare = _bare_bases(clause, word)
    try:
        for segment, opens in zip(clause.lead, _breaks_after(clause), strict=True):
            hear(memory, segment, context, word)
            if segment.opened != "because" and not (_moves(segment, word) and opens not in ("(", ":")):
                own += [token.value for token in segment.of("base")]
        _hear_core(clause, memory, context, word)
        own += [*(token.value for token in (*clause.core.of("base"), *clause.tail.of("base"))), *bare]
        _check_against(clause, shifted, bare)
    except Unread as reason:
        unread = reason
        own += [token.value for token in (*clause.core.of("base"), *clause.tail.of("base"))]
    frame = Frame(
        clause, memory.index, memory.index_word, _place(memory, context), memory.industry, memory.span, memory.borders,
        memory.manner, own, _subject(clause), memory.span is not before, shifted=shifted, unread=unread,
    )  # fmt: skip
    _measure_up(frame, memory, word, memory.direction if in_order and _leans(clause) else "")
    return frame


def _breaks_after(clause: Clause) -> list[str]:
    """What opens the segment after each one of the lead."""
    return [segment.opened for segment in (*clause.lead, clause.core)][1:]


def _moves(segment: Segment, word: Word) -> bool:
    """Whether a segment says, without a figure, that something rose or fell; "mức tăng" is a noun."""
    return any(not word(token).startswith(NOUNS) for token in segment.of(*DIRECTIONS))


def _leans(clause: Clause) -> bool:
    """Whether nothing but a joint stands before a figure, as before the second of "lần lượt tăng 2,2 % và 3,1 %"."""
    return not clause.lead and clause.core.opened in ("and", ",") and not clause.core.of(*DIRECTIONS, *NAMES, "word")


def _measure_up(frame: Frame, memory: Memory, word: Word, inherited: str) -> None:
    """Give a frame its value; what keeps it from being read stays the first reason found."""
    try:
        words = [word(token) for token in directions_of(frame.clause)]
        frame.value, frame.decimals, memory.direction = signed_change(frame.clause, inherited, words)
    except Unread as reason:
        frame.unread = frame.unread or reason
    several = len(memory.places) > 1 and frame.subject == "industry" and not frame.clause.core.of("place", "country")
    if memory.unsure_place or (several and not memory.leans):
        frame.unread = frame.unread or Unread("places")
    if memory.unsure_span:
        frame.unread = frame.unread or Unread("span")
    if memory.unsure_subject:
        frame.unread = frame.unread or Unread("subject")
    if memory.cumulative and frame.span is not None and frame.span.kind == "month":
        frame.unread = frame.unread or Unread("cumulative")


def _place(memory: Memory, context: Context) -> Place | None:
    """The place of a figure: the one named, in a new sentence the only one that it can be."""
    home = context.home()
    if memory.place_named or memory.place is None:
        return memory.place or home
    among_others = home is None and len(context.places) > 1 and not memory.leans
    if among_others or (home is not None and not same(home, memory.place)):
        memory.unsure_place = True
    return memory.place


def _subject(clause: Clause) -> str:
    segments = [*clause.lead, clause.core, clause.tail]
    for name, kinds in (("industry", ("industry",)), ("place", ("place", "country")), ("index", (*INDICES, "other"))):
        if any(segment.of(*kinds) for segment in segments):
            return name
    return "index" if any(segment.of("weak") for segment in segments) else ""


def _hear_core(clause: Clause, memory: Memory, context: Context, word: Word) -> None:
    """Take over what the words around the figure say; raises `Unread` where they forbid it to be read."""
    core, tail = clause.core, clause.tail
    inside = Segment(core.opened, [*core.tokens, *tail.tokens])
    unknown = inside.of("word", "count")
    hear_manner(memory, inside)
    _check_time_behind(tail, word)
    take_over(memory, inside, context, word)
    memory.unsure_subject |= bool(core.of("word", "count"))
    memory.unsure_span |= any(token.value.kind == "other" for token in core.of("bare"))
    if found := parts_of(inside):
        memory.part = Unread("part", word(found[0]))
    if reason := memory.blocked or memory.part or memory.part_before:
        raise reason
    for kind in ("plan", "nature", "share", "negation", "range", "points"):
        if found := inside.of(kind):
            raise Unread(kind, word(found[0]))
    if core.opened == "because":
        raise Unread("because")
    if (found := inside.of("will")) and memory.manner != "forecast":
        raise Unread("will", word(found[0]))
    if unknown:
        raise Unread("word", word(unknown[0]))
    if inside.of("fold") and not core.of("times"):
        raise Unread("multiple")
    for token in (*core.of("about"), *(t for t in core.tokens[-1:] if t.kind == "beside"), *tail.of("about")):
        raise Unread("about", word(token))
    _check_one_subject(clause, inside)


def _check_time_behind(tail: Segment, word: Word) -> None:
    """A period behind the figure says when ("trong tháng 2"); after any other word it may be a broken comparison."""
    for before, token in zip([None, *tail.tokens], tail.tokens, strict=False):
        if token.kind != "period" or token.value is None or token.value.kind == "year":
            continue
        within = word(token).startswith("in ") or (before is not None and word(before) in _WITHIN)
        if not within:
            raise Unread("against")


def _check_one_subject(clause: Clause, inside: Segment) -> None:
    """One industry and one place a figure, unless it says of several that they rose together or in order."""
    industries = {token.value for token in inside.of("industry")}
    places = set(places_of(inside))
    if len(industries) > 1 or len(places) > 1:
        raise Unread("subjects")
    if clause.core.of("together", "respectively"):
        return
    for one in listed_subjects(clause):
        if (isinstance(one, str) and industries - {one}) or (isinstance(one, Place) and places - {one}):
            raise Unread("subjects")


def listed_subjects(clause: Clause) -> list[str | Place]:
    """Industries and places that a clause lists before its core: items that stand alone, and what "và" joins to it."""
    found: list[str | Place] = []
    joined = clause.core.opened == "and"
    for segment in reversed(clause.lead):
        alone = _lone_subjects(segment)
        if not alone and segment.tokens:
            return [*(_subjects(segment) if joined else []), *found]
        found = [*alone, *found]
    return found


def _subjects(segment: Segment) -> list[str | Place]:
    return [*(token.value for token in segment.of("industry")), *places_of(segment)]


def _lone_subjects(segment: Segment) -> list[str | Place]:
    """Industries and places of a segment that holds nothing else: an item of an enumeration."""
    light = ("industry", "place", "country", "filler", "among", "weak", "province", *INDICES)
    if any(token.kind not in light for token in segment.tokens):
        return []
    return _subjects(segment)


def _bare_bases(clause: Clause, word: Word) -> tuple[Base | None, list[Base]]:
    """A base named without "so với": (the period of the figure itself, []) or (None, [what it is compared with])."""
    compares = any(token.kind in ("ratio", "times") or word(token) in COMPARING for token in directions_of(clause))
    directed = False
    for token in clause.core.tokens:
        directed |= token.kind in DIRECTIONS
        if token.kind == "bare":
            return (None, [token.value] if compares else []) if directed else (token.value, [])
    for at, token in enumerate(clause.tail.tokens):
        if token.kind == "bare":
            if compares:
                return None, [token.value]
            possessive = at > 0 and word(clause.tail.tokens[at - 1]) in _OF
            return (token.value, []) if possessive else (None, [])
    return None, []


def _check_against(clause: Clause, shifted: Base | None, bare: list[Base]) -> None:
    """Words of comparison that lead to no base known are no figure without a base: they are not understood."""
    around = (clause.core, clause.tail)
    if clause.beside and shifted is None:
        raise Unread("beside")
    if shifted is None and any(segment.of("against") for segment in around):
        raise Unread("against")
    if shifted is None and not bare and any(segment.of("bare") for segment in around):
        raise Unread("against")
    if any(segment.of("against") for segment in clause.lead):
        raise Unread("against")


def look_ahead(memory: Memory, opening: Clause, following: list[Segment], context: Context, word: Word) -> None:
    """ "Sau khi giảm 5 %, chỉ số … tăng 6 %": an opening aside speaks of the subject that follows it."""
    segments = (*opening.lead, opening.core)
    if any(segment.of(*NAMES) for segment in segments) or not any(segment.of("opener") for segment in segments):
        return
    for segment in following:
        if segment.clean() and not parts_of(segment):
            names = [token for token in segment.tokens if token.kind in (*NAMES, "new_borders", "old_borders")]
            take_over(memory, Segment(segment.opened, names), context, word)


def of_subject(frame: Frame, subject: str | Place) -> Frame:
    """The same figure for another industry or place."""
    if isinstance(subject, Place):
        return replace(frame, place=subject, own=list(frame.own))
    return replace(frame, industry=subject, own=list(frame.own))

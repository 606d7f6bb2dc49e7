"""Paragraphs of a text → the rates it states: what a clause leaves unsaid is carried over by the rules below.

1. A clause is read only where every word of it is known (`prose_words.yml`); a plan, a part of a province, an
   adjusted or approximate figure, a contribution, a negation is passed over, with its reason.
2. Index, place, industry and period that a clause does not name are those of the clause before (`memory`). An index
   that is none of ours stays until another is named; a new sentence without a place takes the only one it can mean.
3. A base stands before its figure or behind it. Without one, a figure takes the base of the clause before where that
   fits its period; figures of one subject take bases in order; in a list the base may follow the last item (`bases`).
   Without any base the measure is ``unknown``. A figure after "và" with another base and no verb has the verb before.
4. Months, years and borders come from the words, else from the page (`dating`, `places`); contradictions are not read.
5. What one text states with two values is not read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bn_analysis.cleaning.documents.prose.bases import give_bases, share_subjects
from bn_analysis.cleaning.documents.prose.clauses import Clause, clauses
from bn_analysis.cleaning.documents.prose.dating import Context, dated
from bn_analysis.cleaning.documents.prose.frames import Frame, frame_of, look_ahead
from bn_analysis.cleaning.documents.prose.memory import NAMES, Memory, hear
from bn_analysis.cleaning.documents.prose.periods import Span
from bn_analysis.cleaning.documents.prose.places import code_of
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.words import Token, tokens

ITEM = re.compile(r"\s*(?:[-–+•*>]|\d{1,2}[.)]|[a-zđ][.)])\s")
"""How an item of a list begins."""
_END = re.compile(r"(?<=[.!?…])[\"”)]?\s+(?=[^\W\d_]|[-+•*“\"(]|\d)")
_ABBREVIATED = re.compile(r"\b(?:TP|Tp|tp|T|t|Q|P|ThS|TS|GS|PGS|Mr|Mrs|Dr|No|vs)\.$")
_LEAST, _MOST = -100.0, 2000.0
"""The range of a published change, as the table of rates has it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate as a text states it: fields of the table of rates, its clause, where the number stands."""

    indicator: str
    territory: str
    industry: str
    period: str
    measure: str
    value_pct: float
    decimals: int
    release: str
    evidence: str
    paragraph: int
    start: int
    end: int
    remark: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two statements speak of one figure."""
        return (self.indicator, self.territory, self.industry, self.period, self.measure)


@dataclass(frozen=True, slots=True)
class Passed:
    """A number that was not read as a rate: why (in two languages), its clause, where in its paragraph it stands."""

    printed: str
    why: str
    evidence: str
    paragraph: int
    start: int
    end: int


def read_paragraphs(paragraphs: Sequence[str], context: Context) -> tuple[list[Figure], list[Passed]]:
    """Every rate stated in the paragraphs of a text, and every other figure passed over, each in order."""
    lines = [[(offset, text, tokens(text)) for offset, text in _sentences(paragraph)] for paragraph in paragraphs]
    context = context.with_text(found for line in lines for _, _, found in line)
    figures: list[Figure] = []
    passed: list[Passed] = []
    memory, leading = Memory(), None
    for number, (paragraph, line) in enumerate(zip(paragraphs, lines, strict=True), start=1):
        if leading is not None and ITEM.match(f"{paragraph} "):
            memory = leading.copy()  # every item of a list goes on from the line that leads to it
        else:
            memory, leading = memory.next_paragraph(), None
        for offset, text, found in line:
            for one in _read_sentence(text, found, memory, context, number, offset):
                if isinstance(one, Figure):
                    figures.append(one)
                else:
                    passed.append(one)
            memory = memory.next_sentence()
        if paragraph.endswith(":"):
            leading = memory.copy()
    return _consistent(figures, passed)


def _sentences(paragraph: str) -> list[tuple[int, str]]:
    """The sentences of a paragraph with their offsets."""
    found: list[tuple[int, str]] = []
    start = 0
    for end in _END.finditer(paragraph):
        if not _ABBREVIATED.search(paragraph[start : end.start()]):
            found.append((start, paragraph[start : end.start()]))
            start = end.end()
    return [*found, (start, paragraph[start:])]


def _read_sentence(
    text: str, found: list[Token], memory: Memory, context: Context, paragraph: int, offset: int
) -> list[Figure | Passed]:
    def word(token: Token) -> str:
        return text[token.start : token.end].lower()

    stated, rest = clauses(found)
    if _supposes(found, len(stated), word):
        memory.blocked = Unread("perhaps", "nếu")
    frames: list[Frame] = []
    carried = memory.span
    listed, ends_in_order = False, any(word(token) == "respectively" for token in found)
    for number, clause in enumerate(stated):
        heard = memory.copy() if clause.bracket else memory
        if number == 0:
            following = [*stated[1].lead, stated[1].core] if len(stated) > 1 else rest
            look_ahead(heard, clause, following, context, word)
        before = stated[number - 1].core if number else clause.core
        listed = bool(number and (before.of("respectively") or ends_in_order or (listed and not before.of(*NAMES))))
        listed |= bool(frames) and _goes_on(clause, frames[-1])
        frames.append(frame_of(clause, heard, context, word, listed))
    frames = share_subjects(frames)
    give_bases(frames, memory)
    monthly = any(base.kind == "previous" for frame in frames for base in frame.own)
    if monthly:
        _by_the_month(frames, carried, memory.month)
    memory.month = next((frame.span for frame in reversed(frames) if _is_month(frame)), memory.month)
    result = [_concluded(frame, text, context, monthly, paragraph, offset) for frame in frames]
    for segment in rest:
        try:
            hear(memory, segment, context, word)
        except Unread:  # a heading of two periods: none is carried on
            memory.unsure_span = True
        if text.endswith(":") and segment.clean() and segment.of("base"):
            memory.bases = [token.value for token in segment.of("base")]
            memory.bases_span, memory.bases_index = memory.span, memory.index
    return result


def _goes_on(clause: Clause, before: Frame) -> bool:
    """ "tăng 2,2 % so với tháng trước và 3,1 % so với cùng kỳ": another base alone goes on with the verb before it."""
    bases = [token.value for token in clause.tail.of("base")]
    plain = before.unread is None and before.shifted is None and not (before.clause.bracket or clause.bracket)
    return clause.core.opened == "and" and plain and bool(bases and before.own) and bases[0] not in before.own


def _by_the_month(frames: list[Frame], carried: Span | None, month: Span | None) -> None:
    """A sentence that compares with the month before speaks of a month: no sum of months is carried into it."""
    for frame in frames:
        if carried is not None and carried.kind != "month" and frame.span is carried:
            frame.span = month


def _is_month(frame: Frame) -> bool:
    return (
        frame.span is not None and frame.span.kind == "month" and frame.shifted is None and frame.manner != "forecast"
    )


def _supposes(found: list[Token], figures: int, word: object) -> bool:
    """ "nếu … thì …" sets two facts side by side only where both have a figure; otherwise it supposes."""
    kinds = {token.kind for token in found}
    return "perhaps" in kinds and (figures < 2 or "will" in kinds)


def _concluded(
    frame: Frame, text: str, context: Context, monthly: bool, paragraph: int, offset: int
) -> Figure | Passed:
    start, end = frame.clause.span()
    evidence = text[start:end].strip()
    figure = frame.clause.figure
    at, until = offset + figure.start, offset + figure.end
    try:
        if frame.unread is not None:
            raise frame.unread
        return _figure(frame, evidence, context, monthly, paragraph, at, until)
    except Unread as reason:
        return Passed(text[figure.start : figure.end], str(reason), evidence, paragraph, at, until)


def _figure(
    frame: Frame, evidence: str, context: Context, monthly: bool, paragraph: int, start: int, end: int
) -> Figure:
    if frame.index == "other":
        raise Unread("other", frame.index_word)
    if frame.index is None and frame.industry is None:
        raise Unread("no_index")
    base = frame.own[0] if frame.own else None
    when = dated(frame.span, base, frame.shifted, frame.manner, monthly, context)
    if not _LEAST < frame.value < _MOST:
        raise Unread("extreme")
    return Figure(
        frame.index or "iip", code_of(frame.place, when.period, frame.borders, context), frame.industry or "TOTAL",
        when.period, when.measure, frame.value, frame.decimals, when.release, evidence, paragraph, start, end,
        when.remark,
    )  # fmt: skip


def _consistent(figures: list[Figure], passed: list[Passed]) -> tuple[list[Figure], list[Passed]]:
    """Each figure once, as printed with most digits; what is stated with two values is passed over."""
    kept: dict[tuple[str, ...], Figure] = {}
    contrary: set[tuple[str, ...]] = set()
    for figure in figures:
        first = kept.setdefault(figure.key, figure)
        coarse = min(first.decimals, figure.decimals)
        if abs(first.value_pct - figure.value_pct) > 0.5 * 10.0**-coarse + 1e-9:
            contrary.add(figure.key)
        elif figure.decimals > first.decimals:
            kept[figure.key] = figure
    why = str(Unread("contradiction"))
    twice = [
        Passed(f"{one.value_pct:+.{one.decimals}f}", why, one.evidence, one.paragraph, one.start, one.end)
        for one in figures
        if one.key in contrary
    ]
    return [one for one in kept.values() if one.key not in contrary], [*passed, *twice]

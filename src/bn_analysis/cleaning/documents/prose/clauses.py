"""Tokens of a sentence → its clauses: one a figure, with the words that lead to it and those behind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bn_analysis.cleaning.documents.prose.words import Number, Token

_BREAKS = frozenset(',;:()–-—"“”')
COMPARING = ("cao hơn", "thấp hơn", "kém", "higher", "lower")
NOUNS = ("mức", "tốc độ")
"""Beginnings of the words for a rise or fall as a thing: "mức tăng"."""
DIRECTIONS = ("up", "down", "flat", "level", "ratio", "times", "reached")
_BEGINS = ("among", "opener", "industry", "iip", "consumption", "inventory", "labour", "other")
"""What begins another clause even without a break before it."""
_AFTER = ("base", "bare", "mark", "and", "but", "among")
_WEIGHTLESS = ("filler", "about", "estimate")


@dataclass(slots=True)
class Segment:
    """Tokens between two breaks; ``opened`` is what stands before them (a mark, and, but, because).

    ``aside`` tells that they stand in brackets.
    """

    opened: str
    tokens: list[Token] = field(default_factory=list)
    aside: bool = False

    def of(self, *kinds: str) -> list[Token]:
        """The tokens of some kinds."""
        return [token for token in self.tokens if token.kind in kinds]

    def clean(self) -> bool:
        """Whether every word is known and no number is left over."""
        return not self.of("word", "count", "number") and all(t.value.kind != "other" for t in self.of("bare"))


@dataclass(slots=True)
class Clause:
    """One figure of a sentence.

    Attributes
    ----------
    lead : list of Segment
        What stands between the figure before and the segment of this one.
    core : Segment
        The words right before the figure.
    figure : Token
        The number, or the word for no change.
    tail : Segment
        The words that belong to it behind: its base, whose it is.
    bracket : bool
        Whether it is an aside to the figure before: in brackets, or the figure of another time or place that one is
        set beside (``beside``: "cao hơn mức tăng 4,8 % của cùng kỳ năm trước").
    """

    lead: list[Segment]
    core: Segment
    figure: Token
    tail: Segment
    bracket: bool
    beside: bool = False

    @property
    def number(self) -> Number | None:
        """The number of the figure, None for a word of no change."""
        return self.figure.value if isinstance(self.figure.value, Number) else None

    def span(self) -> tuple[int, int]:
        """Where the clause begins and ends in its line."""
        first = next((s.tokens[0] for s in (*self.lead, self.core) if s.tokens), self.figure)
        last = self.tail.tokens[-1] if self.tail.tokens else self.figure
        return first.start, max(last.end, self.figure.end)

    def all(self) -> Iterator[Segment]:
        """Every segment, in order."""
        yield from (*self.lead, self.core, self.tail)


def clauses(tokens: list[Token]) -> tuple[list[Clause], list[Segment]]:
    """The clauses of a sentence, and the segments after its last figure (or all, where it has none)."""
    stream = _figures(_without_idle_brackets(tokens))
    found: list[Clause] = []
    lead: list[Segment] = []
    segment = Segment("start")
    depth, at = 0, 0
    while at < len(stream):
        token = stream[at]
        if token.kind == "figure":
            tail, at = _tail(stream, at + 1, has_direction=bool(segment.of(*DIRECTIONS)))
            core, beside = _without_comparison(segment)
            found.append(Clause(lead, core, token, tail, depth > 0 or beside, beside))
            lead, segment = [], Segment("figure", aside=depth > 0)
            continue
        if _joins_bases(stream, at):
            segment.tokens.append(replace(stream[at + 1], kind="base"))
            at += 2
            continue
        if _breaks(token):
            depth = max(0, depth + {"(": 1, ")": -1}.get(str(token.value), 0))
            if segment.tokens:
                lead.append(segment)
            opened = str(token.value) if token.kind == "mark" else token.kind
            segment = Segment(opened, aside=depth > 0)
        else:
            segment.tokens.append(token)
        at += 1
    return found, [*lead, *([segment] if segment.tokens else [])]


def _without_comparison(core: Segment) -> tuple[Segment, bool]:
    """ "cao hơn mức tăng": the figure is what one is set beside; what is left of the words is its own direction."""
    for at, token in enumerate(core.tokens):
        later = core.tokens[at + 1 :]
        nouns = [t for t in later if t.kind == "forecast" or (t.kind in ("up", "down") and t.value.startswith(NOUNS))]
        if token.kind in ("up", "down") and token.value in COMPARING and nouns:
            return Segment(core.opened, core.tokens[:at] + core.tokens[at + 1 :], core.aside), True
    return core, False


def _joins_bases(stream: list[Token], at: int) -> bool:
    """Whether "và" stands between two bases: "so với tháng trước và cùng kỳ"."""
    around = stream[max(0, at - 1) : at + 2]
    return (
        len(around) == 3 and [around[0].kind, around[1].kind] == ["base", "and"] and around[2].kind in ("base", "bare")
    )


def _breaks(token: Token) -> bool:
    return token.kind in ("and", "but", "because") or (token.kind == "mark" and token.value in _BREAKS)


def _tail(stream: list[Token], at: int, has_direction: bool) -> tuple[Segment, int]:
    """Tokens behind a figure up to a break; "và" between two bases is none, a direction may follow ("6 % higher")."""
    tail = Segment("figure")
    while at < len(stream):
        token = stream[at]
        if _joins_bases(stream, at):
            tail.tokens.append(replace(stream[at + 1], kind="base"))
            at += 2
            continue
        if _breaks(token) or token.kind == "figure" or token.kind in _BEGINS:
            break
        if token.kind in DIRECTIONS:
            english = str(token.value).isascii()
            if has_direction or not english or tail.of("base", "bare", *DIRECTIONS):
                break
            has_direction = True
        tail.tokens.append(token)
        at += 1
    return tail, at


def _figures(tokens: list[Token]) -> list[Token]:
    """The tokens with each number told apart: ``figure`` (a rate) or ``count`` (any other number)."""
    found: list[Token] = []
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind == "number":
            found.append(replace(token, kind="figure" if _is_rate(token.value, found, following) else "count"))
        elif token.kind == "flat" and _has_base_next(tokens[at + 1 :]):
            found.append(replace(token, kind="figure"))
        else:
            found.append(token)
    return found


def _is_rate(number: Number, before: Iterable[Token], following: Token | None) -> bool:
    previous = next((token for token in reversed(list(before)) if token.kind not in _WEIGHTLESS), None)
    if number.percent:
        return True
    if previous is None:
        return False
    if previous.kind == "times":
        return True
    ended = following is None or following.kind in _AFTER
    return previous.kind in ("up", "down") and number.decimals > 0 and ended


def _has_base_next(following: list[Token]) -> bool:
    rest = [token for token in following if token.kind not in _WEIGHTLESS]
    if not rest or rest[0].kind != "base":
        return False
    later = [token for token in rest[1:] if not (token.kind == "mark" and token.value == "(")]
    return not (later and later[0].kind == "number")


def _without_idle_brackets(tokens: list[Token]) -> list[Token]:
    """Brackets around a mere number, name or base dropped: what they hold belongs to the words around."""
    dropped: set[int] = set()
    opened: int | None = None
    for at, token in enumerate(tokens):
        if token.kind == "mark" and token.value == "(":
            opened = at
        elif token.kind == "mark" and token.value == ")" and opened is not None:
            inside = tokens[opened + 1 : at]
            kinds = {one.kind for one in inside}
            if kinds == {"number"} or not kinds & {"number", "word", "count", *DIRECTIONS}:
                dropped |= {opened, at}
            opened = None
    return [token for at, token in enumerate(tokens) if at not in dropped]

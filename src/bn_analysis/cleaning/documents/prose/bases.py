"""The figures of a sentence → each with one base, or none: own, carried from before, in order, or from a list's end."""

from collections.abc import Iterator

from bn_analysis.cleaning.documents.prose.frames import Frame, listed_subjects, of_subject
from bn_analysis.cleaning.documents.prose.memory import Memory
from bn_analysis.cleaning.documents.prose.periods import Base, Span
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.words import Place


def share_subjects(frames: list[Frame]) -> list[Frame]:
    """ "A và B cùng tăng 1 %": one for both; "A và B lần lượt tăng 1 % và 2 %": subjects and figures in order."""
    shared: list[Frame] = []
    at = 0
    while at < len(frames):
        group = [frames[at], *_leaning(frames[at + 1 :])]
        shared += _shared(group)
        at += len(group)
    return shared


def _leaning(frames: list[Frame]) -> Iterator[Frame]:
    for frame in frames:
        if frame.subject or frame.new_span or frame.clause.bracket or frame.shifted:
            return
        yield frame


def _shared(group: list[Frame]) -> list[Frame]:
    first = group[0]
    core = first.clause.core
    if not core.of("together", "respectively"):
        return group
    subjects = listed_subjects(first.clause)
    subjects += [one for one in _in_core(first) if one not in subjects]
    if len(subjects) < 2:
        return group
    if core.of("together") and len({type(one) for one in subjects}) == 1 and len(group) == 1:
        return [of_subject(first, one) for one in subjects]
    if core.of("respectively") and len(group) == len(subjects):
        bases = [base for frame in group for base in frame.own]
        for frame in group:
            frame.own = list(bases) if len(bases) == 1 else frame.own
        return [of_subject(frame, one) for frame, one in zip(group, subjects, strict=True)]
    for frame in group:
        frame.unread = frame.unread or Unread("subjects")
    return group


def _in_core(frame: Frame) -> list[str | Place]:
    core = frame.clause.core
    places = [token.value for token in core.of("place")]
    return [*(token.value for token in core.of("industry")), *places]


def give_bases(frames: list[Frame], memory: Memory) -> None:
    """Leave every frame with at most one base; `memory` keeps those of the last clause for the next sentence."""
    waiting: list[list[Frame]] = []
    index, before = memory.bases_index, None
    for group in _groups(frames):
        own = [base for frame in group for base in frame.own]
        if group[0].index != index or (_is_broken(group) and not group[0].clause.bracket):
            memory.bases, memory.bases_span, waiting = [], None, []
        index = group[0].index
        if group[0].clause.bracket:
            if not own and before is not None and before.unread is None:
                _carry(group, before.own, before.span, aside=True)
            continue
        if own:
            _in_group(group, own)
            _backward(waiting, group)
            memory.bases, memory.bases_span, waiting = own, group[-1].span, []
        elif not _carry(group, memory.bases, memory.bases_span, aside=False):
            waiting.append(group)
        before = group[-1]
    memory.bases_index = index


def _is_broken(group: list[Frame]) -> bool:
    """Whether a comparison in the group was not understood: no earlier base may take its place."""
    return any(frame.unread is not None and frame.unread.key == "against" for frame in group)


def _groups(frames: list[Frame]) -> list[list[Frame]]:
    """Runs of figures that share subject and period."""
    groups: list[list[Frame]] = []
    for frame in frames:
        leans = not (frame.subject or frame.new_span or frame.clause.bracket or frame.shifted)
        if groups and leans and not groups[-1][0].clause.bracket:
            groups[-1].append(frame)
        else:
            groups.append([frame])
    return groups


def _in_group(group: list[Frame], own: list[Base]) -> None:
    """Bases that stand together before or behind all figures of a group go to them in order."""
    if any(len(frame.own) > 1 for frame in group):
        if len(own) != len(group):
            for frame in group:
                frame.unread = frame.unread or Unread("bases")
            return
        for frame, base in zip(group, own, strict=True):
            frame.own = [base]


def _backward(waiting: list[list[Frame]], group: list[Frame]) -> None:
    """The base behind the last item of a list of places, or of industries, holds for the items before it."""
    kind = group[0].subject
    named = not group[0].new_span and all(len(frame.own) == 1 for frame in group)
    for earlier in waiting:
        alike = earlier[0].subject == kind and kind in ("place", "industry") and len(earlier) == len(group)
        same_time = all(frame.span == group[0].span for frame in earlier)
        whole = kind == "industry" and "TOTAL" in (earlier[0].industry, group[0].industry)
        if named and alike and same_time and not whole:
            for frame, last in zip(earlier, group, strict=True):
                frame.own = list(last.own)


def _carry(group: list[Frame], bases: list[Base], span: Span | None, aside: bool) -> bool:
    """Give a group the bases of the clause before where they fit its period; False where there are none at all."""
    usable = [base for base in bases if _fits(base, group[0].span, span, aside)]
    if len(usable) == len(group):
        for frame, base in zip(group, usable, strict=True):
            frame.own = [base]
    return bool(bases)


def _fits(base: Base, span: Span | None, before: Span | None, aside: bool) -> bool:
    """Whether a base can be carried on to another period: to the year so far and quarters only the year before."""
    if span is None or before is None or span == before:
        return True
    if span.kind == "month":
        return aside or (before.kind == "month" and base.kind == "year_before")
    return base.kind == "year_before"

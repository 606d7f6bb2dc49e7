"""The number of a clause and the words of direction around it → a signed change in per cent with its digits."""

from collections.abc import Sequence

from bn_analysis.cleaning.documents.prose.clauses import DIRECTIONS, Clause
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.words import Token

_RATIOS = {"ratio": (20.0, 400.0), "reached": (50.0, 200.0), "flat": (90.0, 110.0), "level": (90.0, 110.0)}
"""Where a number after "bằng", "đạt" or "giữ nguyên" can only be a ratio (100 = no change)."""


def signed_change(clause: Clause, inherited: str, words: Sequence[str]) -> tuple[float, int, str]:
    """Signed change, digits, and the kind of direction.

    Parameters
    ----------
    clause : Clause
    inherited : str
        Direction of the figure before, where this one leans on it ("tăng 2,2 % và 3,1 %"), else empty.
    words : sequence of str
        The words of direction of the clause, for a message.

    Raises
    ------
    Unread
        No direction, two, or one that the sign contradicts; or a number that is no exact change.
    """
    number = clause.number
    if number is None:
        return 0.0, 0, "flat"
    kind = _kind(clause, words) or inherited
    size, decimals, sign = number.size, number.decimals, number.sign
    if (kind, sign) in (("up", "-"), ("down", "+")):
        raise Unread("contrary", " ".join(words))
    if kind in ("up", "down"):
        return (size if kind == "up" else -size) + 0.0, decimals, kind
    if kind in _RATIOS:
        return *_of_ratio(clause, kind), kind
    if kind == "times":
        # "gấp 1,374 lần" is the ratio 137,4 %; a multiple of one digit is too coarse.
        if decimals < 2 or number.percent:
            raise Unread("multiple")
        return round(100 * size - 100.0, decimals - 2) + 0.0, decimals - 2, kind
    if sign:
        return (size if sign == "+" else -size) + 0.0, decimals, "up" if sign == "+" else "down"
    raise Unread("direction")


def _kind(clause: Clause, words: Sequence[str]) -> str:
    named = {token.kind for token in directions_of(clause)}
    if named & {"up", "down"}:
        named -= {"reached"}  # "tăng trưởng đạt 7,34 %"
    if len(named) > 1:
        raise Unread("directions", ", ".join(words))
    return next(iter(named), "")


def directions_of(clause: Clause) -> list[Token]:
    """The words of direction of a clause."""
    return [*clause.core.of(*DIRECTIONS), *clause.tail.of(*DIRECTIONS)]


def _of_ratio(clause: Clause, kind: str) -> tuple[float, int]:
    number = clause.number
    low, high = _RATIOS[kind]
    is_compared = any(segment.of("base", "bare") for segment in (clause.core, clause.tail))
    if number is None or number.sign or not low <= number.size <= high or not (is_compared or kind == "ratio"):
        raise Unread("ratio")
    return round(number.size - 100.0, number.decimals) + 0.0, number.decimals

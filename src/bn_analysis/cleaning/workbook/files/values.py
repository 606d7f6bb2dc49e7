"""A cell of a table's body → the figure it prints, in whichever form: number, text, bracket, word, none."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from bn_analysis.cleaning.language.place_names import bare
from bn_analysis.cleaning.workbook.files.grid import Cell

Sign = Literal["none", "minus", "word"]

NO_FIGURE = frozenset(
    (
        *("-", "–", "—", "−", "…", "...", "..", ".", ". .", "x", ":", "na", "n/a", "#n/a", "kxd", "kcsl"),
        *("khong co", "khong co so lieu", "chua co", "chua co so lieu", "khong phat sinh", "khong xac dinh"),
    )
)
"""What statistical tables print where there is no figure."""
_WORDS = {"tang": 1, "giam": -1, "up": 1, "down": -1, "rose": 1, "fell": -1, "increased": 1, "decreased": -1}
_RATIO_WORDS = ("bang", "dat")
_NUMBER = r"(?P<sign>[-+−–]?)\s*(?P<digits>\d+(?:[.,]\d+)*)"


@dataclass(frozen=True, slots=True)
class Value:
    """A printed number: its size, its digits, and whether it says itself that it is a change.

    ``sign`` is "word" where a word of direction stands before it, "minus" where it has a sign or stands in brackets,
    "none" for a bare number, which is a ratio or a change as its column is.
    """

    number: float
    decimals: int
    sign: Sign


def is_no_figure(cell: Cell | None) -> bool:
    """Whether a cell says that there is no figure."""
    return cell is None or (isinstance(cell.value, str) and bare(" ".join(cell.value.casefold().split())) in NO_FIGURE)


def printed_value(text: str) -> Value | None:
    """The number that a text prints, in Vietnamese or English form; None where it prints none or two things at once.

    Examples
    --------
    ``107,34`` ``107.34 %`` ``1.107,3`` ``(8,70)`` ``-8,7%`` ``tăng 7,34`` ``giảm 8,7 %``. A single mark is the decimal
    mark, as no rate of change has four digits before it.
    """
    words = " ".join(bare(text.casefold().replace("\u00a0", " ")).split())
    factor: int | None = None
    for word, direction in _WORDS.items():
        if words.startswith(f"{word} "):
            words, factor = words.removeprefix(word).strip(), direction
            break
    ratio = next((word for word in _RATIO_WORDS if words.startswith(f"{word} ")), "")
    words = words.removeprefix(ratio).strip()
    bracket = re.fullmatch(r"\((.*)\)\s*%?|\((.*?)%?\s*\)", words)
    inner = (bracket[1] or bracket[2] or "").strip() if bracket else words
    found = re.fullmatch(rf"{_NUMBER}\s*%?", inner)
    if found is None or (bracket and found["sign"]) or (factor and (found["sign"] or bracket)):
        return None
    size = _decimal(found["digits"])
    if size is None or (ratio and found["sign"]):
        return None
    negative = bracket is not None or found["sign"] in ("-", "−", "–")
    number = float(-size if negative else size) * (factor or 1)
    sign: Sign = "word" if factor or found["sign"] == "+" else "minus" if negative else "none"
    return Value(number, max(0, -int(size.as_tuple().exponent)), sign)


def _decimal(digits: str) -> Decimal | None:
    """Digits with marks as a number: of two different marks the last is the decimal one, a repeated one is none."""
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return Decimal(digits)
    if len(marks) > 1:
        *thousands, last = marks
        groups = re.split(r"[.,]", digits)
        if last in thousands or len(set(thousands)) > 1 or any(len(group) != 3 for group in groups[1:-1]):
            return None
        digits = "".join(groups[:-1]) + "." + groups[-1]
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return None

"""Numbers and phrases as printed in Vietnamese or English ↔ signed percentage changes with their precision."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bn_analysis.cleaning.language.classification import Language
from bn_analysis.cleaning.language.legacy_fonts import to_unicode
from bn_analysis.errors import InputError

_MARKS: dict[Language, tuple[str, str]] = {"vi": (",", "."), "en": (".", ",")}  # decimal mark, thousands mark
_EXAMPLES: dict[Language, str] = {"vi": "7,34 or 1.234,5", "en": "7.34 or 1,234.5"}
_WORDS: dict[str, dict[Language, tuple[str, ...]]] = {
    "rise": {"vi": ("tăng",), "en": ("up", "rose", "rise", "increased", "increase", "grew")},
    "fall": {"vi": ("giảm",), "en": ("down", "fell", "fall", "decreased", "decrease", "declined")},
    "ratio": {"vi": ("bằng", "đạt"), "en": ("equal to", "equalled", "equals")},
    "none": {"vi": ("không đổi", "không thay đổi"), "en": ("unchanged", "no change")},
}
_NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Change:
    """A percentage change as printed: ``value_pct`` (−8.7 = a fall of 8.7 %) known to ``decimals`` digits."""

    value_pct: float
    decimals: int


def clean(text: str) -> str:
    """Printed text as one line of composed Unicode: legacy fonts decoded, runs of blanks and line ends one space."""
    return " ".join(to_unicode(text).replace(_NBSP, " ").split())


def parse_number(text: str, language: Language = "vi") -> Decimal:
    """A printed number, with as many digits as printed.

    Parameters
    ----------
    text : str
        ``7,34``, ``-8,7``, ``1.234,5`` in Vietnamese; ``7.34``, ``1,234.5`` in English. Thousands marks stand between
        groups of three digits or not at all; a minus may be ``-`` or ``−``.
    language : {"vi", "en"}
        Whose decimal and thousands marks are meant; nothing is guessed from the text.

    Raises
    ------
    InputError
        The text is not a number in that language.
    """
    decimal_mark, thousands = (re.escape(mark) for mark in _MARKS[language])
    pattern = rf"([-−+]?)\s*(\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)(?:{decimal_mark}(\d+))?"
    found = re.fullmatch(pattern, clean(text), re.ASCII)
    if found is None:
        raise InputError(f"found {text!r}, expected a number such as {_EXAMPLES[language]}")
    sign, whole, fraction = found.groups()
    digits = re.sub(r"\D", "", whole) + (f".{fraction}" if fraction else "")
    return Decimal(("-" if sign in ("-", "−") else "") + digits)


def format_number(value: float | Decimal, decimals: int, language: Language = "vi") -> str:
    """A number with a fixed number of digits after the mark, thousands grouped, minus as ``−``."""
    decimal_mark, thousands = _MARKS[language]
    text = f"{abs(Decimal(str(value))):,.{decimals}f}"
    text = text.translate({ord(","): thousands, ord("."): decimal_mark})
    negative = value < 0 and any(digit in "123456789" for digit in text)
    return ("−" if negative else "") + text


def format_percent(value: float, decimals: int, language: Language = "vi", *, signed: bool = False) -> str:
    """A percentage as an office writes it: ``7,34%``; `signed` puts a plus before a positive one."""
    text = format_number(value, decimals, language)
    return f"+{text}%" if signed and round(value, decimals) > 0 else f"{text}%"


def parse_change(text: str, language: Language = "vi") -> Change:
    """The change that a phrase states.

    Parameters
    ----------
    text : str
        ``tăng 7,34 %``, ``giảm 8,7%``, ``bằng 107,34%`` (a ratio), ``không đổi``, or a bare ``7,34%`` or ``-8,7``
        (a change); in English ``up 7.34%``, ``fell 8.7 %``, ``equal to 107.34%``, ``unchanged``.
    language : {"vi", "en"}
        Language of words and marks.

    Raises
    ------
    InputError
        The phrase is not understood, or says two things at once (``giảm -8,7%``).
    """
    phrase = clean(text).casefold()
    phrase, kind = _leading_word(phrase, language)
    phrase = phrase.strip("()").removesuffix("%").strip()
    if kind == "none" and not phrase:
        return Change(0.0, 0)
    number = parse_number(phrase, language)
    if kind and (number.is_signed() or phrase.startswith("+")):
        raise InputError(f"found {text!r}, expected a word or a sign for the direction, not both")
    if kind == "none" and number:
        raise InputError(f"found {text!r}, expected 0 after the word for no change")
    decimals = max(0, -int(number.as_tuple().exponent))
    signed = {"fall": -number, "ratio": number - 100}.get(kind, number)
    return Change(float(signed) + 0.0, decimals)  # + 0.0 turns a negative zero into zero


def format_change(change: Change, language: Language = "vi") -> str:
    """The phrase for a change: ``tăng 7,34%``, ``giảm 8,7%``, ``không đổi``; `parse_change` reads it back exactly."""
    size = format_number(abs(change.value_pct), change.decimals, language)
    if not any(digit in "123456789" for digit in size):
        word = _WORDS["none"][language][0]
        return word if change.decimals == 0 else f"{word} ({size}%)"
    word = _WORDS["rise" if change.value_pct > 0 else "fall"][language][0]
    return f"{word} {size}%"


def change_from_ratio(ratio: float, decimals: int) -> float:
    """The change in per cent behind a printed ratio (100 = no change), to the printed digits: 107.34 → 7.34."""
    return round(round(ratio, decimals) - 100.0, decimals) + 0.0


def _leading_word(phrase: str, language: Language) -> tuple[str, str]:
    """What follows the first word of direction, and its kind (empty without one)."""
    for kind, words in _WORDS.items():
        for word in sorted(words[language], key=len, reverse=True):
            if phrase == word or phrase.startswith(word + " "):
                return phrase[len(word) :].removeprefix(" by").strip(), kind
    return phrase, ""

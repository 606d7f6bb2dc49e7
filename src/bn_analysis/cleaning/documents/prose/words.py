"""A line of Vietnamese or English → its tokens: numbers, periods, bases, names and the words of a small vocabulary."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bn_analysis.cleaning.documents.prose.periods import base_at, day_at, period_at
from bn_analysis.cleaning.language.classification import TERRITORIES, known_industry_names, territory_spellings

_JOINTS = r"(?:\s*[,;()–-]\s*|\s+)(?:(?:và|các|and)\s+)?"
"""What may stand between two words of an industry's name: offices set commas and "và" as they like."""
_NUMBER = re.compile(r"([-−–+])?(\d+(?:[.,]\d+)*)")
_WORD = re.compile(r"[^\W\d_]+(?:['’]s)?")
_PERCENT = re.compile(r"\s*(?:%|phần trăm\b|per ?cent\b|pct\b)")
_SAME_TONE = str.maketrans({"’": "'", "‘": "'", "–": "–", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: its size, the digits after the mark, its sign, and whether it is said to be per cent."""

    size: float
    decimals: int
    sign: str
    percent: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A territory by name: the codes that the name has had, or a part of a province (``part``)."""

    codes: tuple[str, ...]
    part: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line: its kind, what it stands for, and where it is."""

    kind: str
    value: Any
    start: int
    end: int


def tokens(line: str) -> list[Token]:
    """The tokens of a line, in order; a word that no list knows has the kind ``word``."""
    text = folded(line)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token_at(text, at, found)
        found.append(token)
        at = token.end
    return found


def folded(line: str) -> str:
    """A line in lower case, letter for letter, the mark of hoà, hóa, thuỷ, thủy in its older place."""
    text = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in line).translate(_SAME_TONE)
    return re.sub(r"(?<!q)(o[áàảãạéèẻẽẹ]|u[ýỳỷỹỵ])(?!\w)", lambda pair: _older(pair[0]), text)


def _older(pair: str) -> str:
    decomposed = unicodedata.normalize("NFD", pair[1])
    base, mark = decomposed[0], decomposed[1]
    return unicodedata.normalize("NFC", pair[0] + mark) + base


def _token_at(text: str, at: int, before: list[Token]) -> Token:
    """The longest thing known that begins here; numbers, periods and bases go before words."""
    at_word = at == 0 or not text[at - 1].isalnum()
    known = list(_known_at(text, at)) if at_word else []
    if known:
        return max(known, key=lambda token: token.end)
    number = _NUMBER.match(text, at)
    if number and (number[1] is None or (at_word and not _is_range(before, text, at))):
        return _number(text, number)
    word = _WORD.match(text, at)
    if word:
        return Token("word", word[0], at, word.end())
    return Token("mark", text[at], at, at + 1)


def _known_at(text: str, at: int) -> Iterator[Token]:
    if base := base_at(text, at):
        yield Token(base[0], base[1], at, base[2])
    if end := day_at(text, at):
        yield Token("count", text[at:end], at, end)
    if period := period_at(text, at):
        yield Token("period", period[0], at, period[1])
    first = _first_word(text, at)
    for kind, value, pattern in _phrases().get(first, ()):
        if found := pattern.match(text, at):
            yield Token(kind, value, at, found.end())


def _is_range(before: list[Token], text: str, at: int) -> bool:
    """Whether a sign stands between two numbers, as in 5-6 %."""
    return bool(before) and before[-1].kind == "number" and before[-1].end >= at - 1


def _number(text: str, found: re.Match[str]) -> Token:
    sign = {"-": "-", "−": "-", "–": "-", "+": "+"}.get(found[1] or "", "")
    printed = found[2]
    marks = [letter for letter in printed if letter in ".,"]
    fraction = re.split(r"[.,]", printed)[-1] if marks else ""
    # One mark before one, two or four digits is a decimal mark in either language; three digits may be thousands.
    readable = not marks or (len(marks) == 1 and len(fraction) != 3)
    if marks and len(marks) == 1 and len(fraction) == 3 and printed.split(marks[0])[0] in ("0", "1"):
        readable = marks[0] == "," and not _PERCENT.match(text, found.end())  # gấp 1,374 lần
    percent = _PERCENT.match(text, found.end())
    end = percent.end() if percent else found.end()
    if not readable or re.match(r"[/\w]", text[end : end + 1]):
        end = found.end() if not readable else end + len(re.match(r"[/\w.]*", text[end:])[0])  # type: ignore[index]
        return Token("count", printed, found.start(), end)
    value = Number(float(printed.replace(",", ".")), len(fraction), sign, percent is not None)
    return Token("number", value, found.start(), end)


def _first_word(text: str, at: int) -> str:
    word = _WORD.match(text, at)
    return re.split(r"['’]", word[0])[0] if word else text[at]


@cache
def vocabulary() -> dict[str, Any]:
    """The lists of `prose_words.yml`: kind → phrases."""
    text = files("bn_analysis.cleaning").joinpath("data", "prose_words.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@cache
def _phrases() -> dict[str, list[tuple[str, Any, re.Pattern[str]]]]:
    """Every known phrase as (kind, value, pattern), by its first word."""
    found: dict[str, list[tuple[str, Any, re.Pattern[str]]]] = {}
    for kind, value, phrase, joints in _all_phrases():
        words = folded(phrase)
        pattern = (
            joints.join(re.escape(word) for word in re.findall(r"[^\W_]+", words) if word not in ("và", "các", "and"))
            if joints
            else r"\s*".join(re.escape(word) for word in words.split(" ")).replace(r"\s*", r"\s+")
        )
        key = re.findall(r"[^\W\d_]+|\S", words)[0]
        found.setdefault(key, []).append((kind, value, re.compile(rf"{pattern}(?![^\W\d_])")))
    return found


def _all_phrases() -> Iterator[tuple[str, Any, str, str]]:
    for kind, phrases in vocabulary().items():
        if kind == "industries":
            for code, names in phrases.items():
                yield from (("industry", code, name, _JOINTS) for name in names)
        else:
            yield from ((kind, phrase, phrase, "") for phrase in phrases)
    for name, code in known_industry_names():
        yield "industry", code, name, _JOINTS
    by_name: dict[str, list[str]] = {"Vietnam": ["VN"]}
    for spelling, code in territory_spellings():
        name = _PLACE_KIND.sub("", spelling)
        if name.casefold() not in vocabulary()["country"] and code not in by_name.setdefault(name, []):
            by_name[name].append(code)
    for name, codes in by_name.items():
        value = Place(tuple(codes))
        yield "place", value, name, ""
        yield "place", value, f"tỉnh {name}", ""
        yield "place", value, f"{name} province", ""
        city = value if _is_city(codes) else Place(tuple(codes), part=True)
        for phrase in (f"thành phố {name}", f"tp {name}", f"tp. {name}", f"tp.{name}", f"{name} city"):
            yield "place", city, phrase, ""


def _is_city(codes: list[str]) -> bool:
    return any(TERRITORIES[code].name_en in _CITIES for code in codes)


_PLACE_KIND = re.compile(r"^(?:tỉnh|thành phố|tp\.?)\s*", re.IGNORECASE)
_CITIES = ("Ha Noi", "Hai Phong", "Da Nang", "Ho Chi Minh City", "Can Tho", "Hue", "Thua Thien Hue", "Thua Thien - Hue")
"""Territories that are cities themselves: elsewhere the city is a part of its province."""

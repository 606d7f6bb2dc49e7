"""Words of a title or a cover → the country and provinces that they name, and how each is called there."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bn_analysis.cleaning.language.classification import TERRITORIES, territory_spellings
from bn_analysis.cleaning.language.legacy_fonts import to_unicode

CITIES = frozenset({"HN", "HP", "HPM", "DNA", "DNAM", "HCM", "HCMM", "CT", "CTM", "TTH"})
"""Territories that are called a city themselves: elsewhere, the city is a part of its province."""
_MOTTO = "cong hoa xa hoi chu nghia viet nam"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: its name, the codes it has had (``BN`` and ``BNM``), the tokens it takes up.

    ``part`` tells that the words speak of a city within the province: *thành phố Bắc Ninh*, *Bac Ninh City*.
    """

    name: str
    codes: tuple[str, ...]
    start: int
    end: int
    part: bool

    def code_in(self, period: str) -> str | None:
        """The code of the name in a month (YYYY-MM); None where no such territory existed."""
        return next((code for code in self.codes if TERRITORIES[code].covers(period)), None)


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in lower case, accents kept, legacy fonts decoded."""
    return re.findall(r"[^\W_]+", to_unicode(text).casefold())


def bare(token: str) -> str:
    """A word without its marks."""
    letters = unicodedata.normalize("NFD", token).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def mentions(words: Sequence[str]) -> list[Mention]:
    """Places named by a run of `tokens`, longest name first where two overlap.

    A word with accents names only what is written with the same accents; one typed without (``BAC NINH``) names all.
    """
    plain = [bare(word) for word in words]
    motto = _without_motto(plain)
    found: list[Mention] = []
    at = 0
    while at < len(words):
        match = (
            None
            if at in motto
            else next(
                (spelling for spelling in _spellings().get(plain[at], ()) if _stands(spelling[0], words, plain, at)),
                None,
            )
        )
        if match is None:
            at += 1
            continue
        spelling, codes = match
        end = at + len(spelling)
        found.append(Mention(" ".join(spelling), codes, at, end, _is_part(words, plain, at, end, codes)))
        at = end
    return found


def _without_motto(plain: list[str]) -> set[int]:
    """Positions of the state's own name, which heads every official paper and says nothing of its figures."""
    motto = _MOTTO.split()
    starts = [at for at in range(len(plain)) if plain[at : at + len(motto)] == motto]
    return {at + step for at in starts for step in range(len(motto))}


def _stands(spelling: tuple[str, ...], words: Sequence[str], plain: list[str], at: int) -> bool:
    there = words[at : at + len(spelling)]
    return len(there) == len(spelling) and all(
        _key(word) == _key(name) or (word == bare(word) and word == bare(name))
        for word, name in zip(there, spelling, strict=True)
    )


def _key(word: str) -> tuple[str, ...]:
    """Letters and marks apart, so that ``hoà`` and ``hóa`` place their mark as they like."""
    letters = unicodedata.normalize("NFD", word).replace("đ", "d\u0335")
    return (bare(word), *sorted(letter for letter in letters if unicodedata.combining(letter)))


def _is_part(words: Sequence[str], plain: list[str], start: int, end: int, codes: tuple[str, ...]) -> bool:
    if any(code in CITIES for code in codes):
        return False
    before = plain[max(0, start - 2) : start]
    vietnamese = before == ["thanh", "pho"] or before[-1:] in (["tp"], ["tx"]) or before == ["t", "p"]
    return vietnamese or plain[end : end + 1] == ["city"]


@cache
def _spellings() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Spellings as tokens with their codes, by the bare first token, the longest first."""
    codes: dict[tuple[str, ...], list[str]] = {}
    for spelling, code in territory_spellings():
        words = tuple(tokens(spelling))
        words = words[1:] if words[0] == "tỉnh" else words
        words = words[2:] if words[:2] == ("thành", "phố") else words
        words = words[1:] if words[0] == "tp" else words
        if code not in codes.setdefault(words, []):
            codes[words].append(code)
    grouped: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for words, found in sorted(codes.items(), key=lambda item: -len(item[0])):
        grouped.setdefault(bare(words[0]), []).append((words, tuple(found)))
    return grouped

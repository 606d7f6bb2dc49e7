"""Names as printed in official tables → codes of industries (VSIC) and of territories, each valid in its time."""

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

from bn_analysis.errors import InputError

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Measure = Literal["mom", "yoy", "ytd", "quarter_yoy"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
"""What a rate compares with: the month before, the same month, months so far, or quarter of the year before."""

TOTAL = "TOTAL"
"""Code of the whole industry."""
PRESENT = "BNM"
"""The province as it is now, which a report is about unless another is asked for."""
COUNTRY = "VN"
"""Code of the whole country."""

_ABBREVIATIONS = {"sx": "san xuat", "sp": "san pham", "hd": "hoat dong", "tp": "thanh pho"}
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Industry:
    """A line of VSIC 2007 (or a named sum of such lines, as ``D+36``) met in the tables."""

    code: str
    name_vi: str
    name_en: str
    level: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A name with its borders, in force from ``valid_from`` to ``valid_to`` (YYYY-MM, None = open).

    ``parts`` are the codes of the territories that it was made of; empty where its borders were never joined.
    """

    code: str
    name_vi: str
    name_en: str
    valid_from: str | None
    valid_to: str | None
    parts: tuple[str, ...] = ()

    def covers(self, period: str) -> bool:
        """Whether these borders were in force in a month (YYYY-MM)."""
        return (self.valid_from or "") <= period <= (self.valid_to or "9999-12")

    def name(self, language: Language = "vi") -> str:
        """The name as printed, in Vietnamese or English; several territories may share it."""
        return self.name_vi if language == "vi" else self.name_en

    def full_name(self, language: Language = "vi") -> str:
        """The name on pages: with its time where another territory has had the same, "Bắc Ninh (từ 7/2025)"."""
        shared = sum(name_key(other.name_vi) == name_key(self.name_vi) for other in TERRITORIES.values()) > 1
        if not shared or (self.valid_from or self.valid_to) is None:
            return self.name(language)
        words = {"vi": ("từ", "đến"), "en": ("since", "until")}[language]
        word, month = (words[0], self.valid_from) if self.valid_from else (words[1], self.valid_to)
        assert month is not None
        return f"{self.name(language)} ({word} {int(month[5:])}/{month[:4]})"


@dataclass(frozen=True, slots=True)
class _Alias:
    """One spelling of a name: the code it stands for between two months (empty = not bounded)."""

    code: str
    text: str
    first_seen: str
    last_seen: str

    def stands_in(self, period: str) -> bool:
        return self.first_seen <= period and (not self.last_seen or period <= self.last_seen)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The words of a printed name without marks, case, punctuation and abbreviation, and without "và" and "các".

    Two spellings of one name (``hoá``/``hóa``, ``bàn, ghế``/``bàn ghế``, upper case, broken lines) share a key;
    the tests prove over all known names that different names never do.
    """
    plain = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = (_ABBREVIATIONS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain))
    return " ".join(word for word in words if word not in ("va", "cac"))


def industry_code(name: str, period: str | None = None) -> str:
    """VSIC code of an industry as printed.

    Parameters
    ----------
    name : str
        Vietnamese or English name, in any case, spelling of tone marks or line breaking met since 2011.
    period : str, optional
        Month (YYYY-MM) of the table. A few words changed their meaning (``Sản xuất xe có động cơ``: class 2910 until
        2013-02, division 29 since); without a month the present meaning is taken.

    Returns
    -------
    str
        A section letter, a division (two digits), a class (four digits), a named sum (``D+36``) or ``TOTAL``.
        The name shared by section D and division 35 gives ``D``; `industry_codes` tells them apart within a table.

    Raises
    ------
    InputError
        The name is unknown; the nearest known names are suggested.
    """
    code = known_industry(name, period)
    if code is None:
        raise InputError(f"unknown industry {name!r}; nearest known names: {nearest_industries(name)}")
    return code


def nearest_industries(name: str) -> str:
    """The known names nearest to an unknown one, as a message quotes them."""
    return _nearest(name, _industry_aliases())


def known_industry(name: str, period: str | None = None) -> str | None:
    """Code of an industry as `industry_code` gives it, None where the name is unknown."""
    meanings = _industry_aliases().get(name_key(name), [])
    in_time = [alias for alias in meanings if period is None or alias.stands_in(period)]
    # One meaning holds beyond the months in which it was seen; several are told apart by the month.
    return (in_time or meanings)[-1].code if meanings else None


def industry_codes(names: Sequence[str], period: str | None = None) -> list[str]:
    """Codes of all lines of one table, in order: a second line of section D is its only division, 35.

    Raises
    ------
    InputError
        A name is unknown, or two lines have the same code.
    """
    codes: list[str] = []
    for name in names:
        code = industry_code(name, period)
        if code == "D" and "D" in codes:
            code = "35"
        if code in codes:
            raise InputError(f"industry {name!r} (code {code}) appears twice in one table, expected once")
        codes.append(code)
    return codes


def industry_name(code: str, language: Language = "vi") -> str:
    """Name of an industry code; raises InputError for an unknown code."""
    found = INDUSTRIES.get(code)
    if found is None:
        raise InputError(f"unknown industry code {code!r}; known: {', '.join(INDUSTRIES)}")
    return found.name_vi if language == "vi" else found.name_en


def territory_code(name: str, period: str | None = None) -> str:
    """Code of a territory as printed.

    Parameters
    ----------
    name : str
        Vietnamese or English name of the country or a province.
    period : str, optional
        Month (YYYY-MM) of the figure: from 2025-07 the names of merged provinces mean the new borders (``BNM``);
        without a month the borders until 2025-06 are meant (``BN``).

    Raises
    ------
    InputError
        The name is unknown, or did not exist in that month; the nearest known names are suggested.
    """
    code = known_territory(name, period)
    if code is not None:
        return code
    former = _territory_aliases().get(name_key(name))
    if former:
        raise InputError(f"territory {name!r} does not exist in {period}: its borders ended with {former[0].last_seen}")
    raise InputError(f"unknown territory {name!r}; nearest known names: {_nearest(name, _territory_aliases())}")


def known_territory(name: str, period: str | None = None) -> str | None:
    """Code of a territory as `territory_code` gives it, None where the name is unknown or not of that month."""
    meanings = _territory_aliases().get(name_key(name), [])
    return next((alias.code for alias in meanings if period is None or alias.stands_in(period)), None)


def territory(code: str) -> Territory:
    """The territory of a code; raises InputError listing the codes when it is unknown."""
    found = TERRITORIES.get(code)
    if found is None:
        raise InputError(f"unknown territory {code!r}; known: {', '.join(TERRITORIES)}")
    return found


def known_industry_names() -> Iterator[tuple[str, str]]:
    """Every known spelling of an industry with its code."""
    for row in _table("industry_aliases.csv"):
        yield row["alias"], row["code"]


def territory_spellings() -> Iterator[tuple[str, str]]:
    """Every known spelling of a territory with its code."""
    for group in _territory_aliases().values():
        yield from ((alias.text, alias.code) for alias in group)


@cache
def _industry_aliases() -> dict[str, list[_Alias]]:
    rows = _table("industry_aliases.csv")
    return _by_key(_Alias(row["code"], row["alias"], row["first_seen"], row["last_seen"]) for row in rows)


@cache
def _territory_aliases() -> dict[str, list[_Alias]]:
    found = []
    for row in _table("territories.csv"):
        for text in dict.fromkeys([row["name_vi"], row["name_en"], *filter(None, row["aliases"].split("|"))]):
            found.append(_Alias(row["code"], text, row["valid_from"], row["valid_to"]))
    return _by_key(found)


def _by_key(aliases: Iterable[_Alias]) -> dict[str, list[_Alias]]:
    grouped: dict[str, list[_Alias]] = {}
    for alias in aliases:
        grouped.setdefault(name_key(alias.text), []).append(alias)
    return {key: sorted(group, key=lambda alias: alias.first_seen) for key, group in grouped.items()}


def _nearest(name: str, aliases: dict[str, list[_Alias]]) -> str:
    keys = difflib.get_close_matches(name_key(name), aliases, n=_SUGGESTIONS, cutoff=0.0)
    return "; ".join(repr(aliases[key][0].text) for key in keys)


def _table(name: str) -> list[dict[str, str]]:
    text = files("bn_analysis.cleaning").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _read_territories() -> dict[str, Territory]:
    found = [
        Territory(
            row["code"], row["name_vi"], row["name_en"], row["valid_from"] or None, row["valid_to"] or None,
            tuple(filter(None, row["parts"].split("|"))),
        )
        for row in _table("territories.csv")
    ]  # fmt: skip
    return {territory.code: territory for territory in found}


INDUSTRIES = MappingProxyType({row["code"]: Industry(**row) for row in _table("industries.csv")})
"""All known industries by code, in the order of the classification."""

TERRITORIES = MappingProxyType(_read_territories())
"""All known territories by code: the country, 63 provinces until 2025-06, 23 merged ones since."""

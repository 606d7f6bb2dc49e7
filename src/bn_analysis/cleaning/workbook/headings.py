"""The words above a column → what its figures compare: which months, with which base, of which index."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from bn_analysis.cleaning.language.legacy_fonts import to_unicode

Span = Literal["month", "ytd", "quarter", "point"]
Base = Literal["previous", "year_before", "unused"]
Indicator = Literal["iip", "labour", "consumption", "inventory"]

_NUMBER_WORDS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_YEAR = r"(?:nam )*(?P<year>20\d\d)"
_WORDS = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,2}}|{_WORDS})"
# "tháng năm 2012" is a month without its number; "tháng Năm năm 2012" is May.
_MONTH = rf"thang (?P<count>\d{{1,2}}|nam(?= nam)|(?!nam\b)(?:{_WORDS}))\b"
_ENGLISH_MONTH = (
    r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b(?: (?P<year>20\d\d))?"
)

_COMPARED = re.compile(
    r"(?<!\bchi )\bso(?: voi)?\b|\b(?:as )?(?:compared?|comparison|comparing) (?:to|with)\b|\bversus\b|\bvs\b|\bover\b"
)
_BASES: tuple[tuple[str, str], ...] = (
    (r"(?:thang )?(?:binh quan )?(?:cua )?nam goc(?: \d{4})?|(?:the )?base (?:year|period)(?: \d{4})?", "unused"),
    (r"quy truoc|(?:the )?(?:previous|last) quarter", "unused"),
    (r"(?:cung )?(?:thoi diem )?(?:cua )?thang truoc|(?:the )?(?:previous|last|preceding) month", "previous"),
    (r"cung (?:ky|ki|thoi diem)(?: cua)?(?: nam truoc|(?: nam)* (?P<year>20\d\d))?|nam truoc", "year_before"),
    (
        r"(?:the )?(?:same|corresponding) (?:period|time|month)(?: of| in)?(?: the)?"
        r"(?: (?:last|previous) year|(?: year)? (?P<year>20\d\d))?|(?:the )?(?:last|previous) year",
        "year_before",
    ),
    (rf"(?:cung )?{_MONTH}[ /]?(?:{_YEAR})?", "month"),
    (_ENGLISH_MONTH, "month"),
    (_YEAR, "year"),
)
_SPANS: tuple[tuple[str, Span], ...] = (
    (r"\b\d{1,2}/(?P<month>\d{1,2})/(?P<year>20\d\d)", "point"),
    (rf"\b{_COUNT} thang(?: dau)?(?:[ /]{_YEAR})?", "ytd"),
    (rf"\b(?:first )?{_COUNT} months?(?: of| in)?(?: (?P<year>20\d\d))?", "ytd"),
    (rf"\b(?:quy|qui|quarter) (?P<quarter>iv|i{{1,3}}|[1-4])\b(?:[ /]{_YEAR})?", "quarter"),
    (rf"\b{_MONTH}[ /]?(?:{_YEAR})?", "month"),
    (rf"\b{_ENGLISH_MONTH}", "month"),
    (rf"\b{_YEAR}", "ytd"),
    (r"\b(?:cong don|luy ke|tu dau nam)\b", "ytd"),
    (r"\bthang (?:bao cao|nay)\b", "month"),
)
_UNNAMED = _SPANS[-2:]
"""Spans of provincial tables whose month stands in the title."""
_TITLE_SPANS = (_SPANS[1], _SPANS[4])
_INDICATORS: tuple[tuple[str, Indicator], ...] = (
    (r"tieu thu|consumption", "consumption"),
    (r"ton kho|inventor", "inventory"),
    (r"lao dong|labou?r", "labour"),
    (r"san xuat cong nghiep|industrial product", "iip"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column compares.

    Attributes
    ----------
    span : {"month", "ytd", "quarter", "point"}
        A month; the months of a year so far; a quarter; a day (of a stock or a number of workers).
    month : int or None
        The (last) month of the span; None where the heading says "of the report" and leaves it to the title.
    year : int or None
        Its year; None where the heading leaves it to the table.
    base : {"previous", "year_before", "unused"}
        The month before, the same span a year before, or a base that no measure of ours has (a base year).
    indicator : str or None
        The index, where the column itself says it.
    """

    span: Span
    month: int | None
    year: int | None
    base: Base
    indicator: Indicator | None


def plain(text: str) -> str:
    """Printed words in lower case without marks and punctuation, to be searched for what they say."""
    letters = unicodedata.normalize("NFD", to_unicode(text).casefold()).replace("đ", "d")
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9/]+", " ", letters).split())


def indicator_of(text: str) -> Indicator | None:
    """The index that a title or heading names, if any."""
    words = plain(text)
    return next((name for pattern, name in _INDICATORS if re.search(pattern, words)), None)


def read_heading(text: str) -> Heading | None:
    """What the words above a column say, or None where they are not understood.

    Parameters
    ----------
    text : str
        The heading from top to bottom in one line, Vietnamese or English, the unit possibly among it:
        ``Tháng 7 năm 2011 so với tháng 6 năm 2011``, ``9 tháng năm 2019 so với cùng kỳ năm trước``,
        ``Chỉ số tồn kho thời điểm 01/8/2015 so với cùng thời điểm tháng trước``.

    Returns
    -------
    Heading or None
        None as well where the two sides contradict each other (a base that is neither the month nor the year before).
    """
    words = plain(text)
    compared = _COMPARED.search(words)
    if compared is None:
        return None
    after = words[compared.end() :].strip()
    for pattern, kind in _BASES:
        found = re.match(rf"(?:{pattern})(?!\S)", after)
        if found:
            rest = f"{words[: compared.start()]} {after[found.end() :]}"
            return _joined(rest, kind, found.groupdict(), indicator_of(text))
    return None


def months_named(title: str) -> tuple[set[int], set[int]]:
    """Months and years that a Vietnamese title names: ``tháng Bảy và bảy tháng năm 2011`` → {7}, {2011}."""
    words = re.sub(r"\bgoc (?:nam )?20\d\d|\b20\d\d 100\b", "", plain(title))  # the year of an index base is no date
    found = [
        _month_of(span, match.groupdict()) for pattern, span in _TITLE_SPANS for match in re.finditer(pattern, words)
    ]
    return {month for month in found if month}, {int(year) for year in re.findall(r"\b20\d\d\b", words)}


def _joined(rest: str, kind: str, base: dict[str, str | None], indicator: Indicator | None) -> Heading | None:
    for pattern, span in _SPANS:
        found = re.search(pattern, rest)
        if not found:
            continue
        fields = found.groupdict()
        named = (pattern, span) not in _UNNAMED
        month, year = _month_of(span, fields) if named else None, int(fields.get("year") or 0) or None
        leftover = rest[: found.start()] + rest[found.end() :]
        if month == 0 or re.search(r"\d", leftover):
            return None  # a second number would mean something else again
        return _with_base(Heading(span, month, year, "unused", indicator), kind, base)
    return None


def _with_base(heading: Heading, kind: str, fields: dict[str, str | None]) -> Heading | None:
    """The heading with its base, if the base is the month before or the year before what it heads."""
    span, month, year = heading.span, heading.month, heading.year
    stated = int(fields.get("year") or 0) or None
    base: Base
    if kind == "unused":
        return heading
    if kind == "month":
        base_month = _month_of("month", fields)
        if span != "month" or month is None or base_month not in (month, (month - 2) % 12 + 1):
            return None
        base = "year_before" if base_month == month else "previous"
    elif kind == "year":
        if span != "ytd" or month != 12:
            return None
        base = "year_before"
    else:
        base = "previous" if kind == "previous" else "year_before"
    if base == "previous" and span in ("ytd", "quarter"):
        return None
    back = 1 if base == "year_before" or month == 1 else 0
    if stated is not None and year is None:
        year = stated + back
    if stated is not None and year is not None and stated != year - back:
        return None
    return Heading(span, month, year, base, heading.indicator)


def _month_of(span: str, fields: dict[str, str | None]) -> int:
    """The (last) month that the fields of a match name; 0 where it is no month."""
    if fields.get("month"):
        month = int(fields["month"] or 0)
    elif fields.get("quarter"):
        month = 3 * _ROMAN[fields["quarter"] or ""]
    elif fields.get("name"):
        month = _ENGLISH_MONTHS.index(fields["name"] or "") + 1
    elif fields.get("count"):
        count = fields["count"] or ""
        month = int(count) if count.isdigit() else _NUMBER_WORDS[count]
    else:
        month = 12 if span == "ytd" else 0
    return month if 1 <= month <= 12 else 0

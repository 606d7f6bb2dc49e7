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
    (r"(?:cung )?(?:thoi diem )?(?:cua )?thang (?:lien )?(?:truoc|ke)|(?:the )?(?:previous|last|preceding) month",
     "previous"),
    (r"(?:thang )?cung (?:ky|ki|thoi diem|thang)(?: cua)?(?: nam truoc|(?: nam)* (?P<year>20\d\d))?|nam truoc",
     "year_before"),
    (
        r"(?:the )?(?:same|corresponding) (?:period|time|month)(?: of| in)?(?: the)?"
        r"(?: (?:last|previous) year|(?: year)? (?P<year>20\d\d))?|(?:the )?(?:last|previous) year",
        "year_before",
    ),
    (rf"(?:cung )?{_MONTH}[ /]?(?:{_YEAR})?", "month"),
    (r"\d{1,2}/(?P<month>\d{1,2})/(?P<year>20\d\d)", "month"),
    (_ENGLISH_MONTH, "month"),
    (_YEAR, "year"),
)  # fmt: skip
_CUMULATIVE = re.compile(
    r"\b(?:luy (?:ke|tien)|lk|tich luy|cong don|(?:tu )?dau nam(?: den(?: het)?)?|tinh chung"
    r"|(?:den|toi)(?: het)?(?= thang )|het(?= thang )"
    r"|year to date|ytd|cumulative|accumulated)\b"
)
"""Words of a sum of months: they outrank the month that they end with, wherever they stand."""
_RANGE = r"\b(?:tu )?thang (?:1|mot|gieng)(?: nam 20\d\d|/20\d\d)? (?:den|toi) (?:het )?(?=thang )"
"""The beginning of the months of a year so far; the month they end with follows."""
_FROM_TO = rf"{_RANGE}{_MONTH}[ /]?(?:{_YEAR})?"
_COUNTED = rf"\b(?<!thang ){_COUNT} thang(?: dau)?(?:(?: |/)?{_YEAR})?"
_SPANS: tuple[tuple[str, Span], ...] = (
    (r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>20\d\d)", "point"),
    (_FROM_TO, "ytd"),
    (_COUNTED, "ytd"),
    (rf"\b(?:first )?{_COUNT} months?(?: of| in)?(?: (?P<year>20\d\d))?", "ytd"),
    (rf"\b(?:quy|qui|quarter) (?P<quarter>iv|i{{1,3}}|[1-4])\b(?:[ /]{_YEAR})?", "quarter"),
    (rf"\b{_MONTH}[ /]?(?:{_YEAR})?", "month"),
    (rf"\b{_ENGLISH_MONTH}", "month"),
)
_UNNAMED = r"\b(?:trong )?thang (?:bao cao|nay|hien tai)\b|\bthis month\b"
"""The month of the report, which stands in the title."""
_THE_MONTH_BEFORE = r"\bthang truoc\b"
_LAST_YEAR = r"\bnam (?:truoc|ngoai|qua)\b|\b(?:last|previous) year\b"
"""Left beside a comparison, these make it one of a year ago."""
_TWO_MONTHS = r"\bthang (\d{1,2}) (?:va |den |toi )?(\d{1,2})(?= nam 20|/20)"
_TITLE_SPANS = (_COUNTED, rf"\b{_MONTH}[ /]?(?:{_YEAR})?", rf"\b{_ENGLISH_MONTH}")
_GLUED = (
    (r"(?<=\d)s?o (?=voi\b)", " so "),
    (r"(?<=[a-z])so voi\b", " so voi"),
    (r"\bt ?0?(\d{1,2})(?=[/ ]|$)", r"thang \1"),
    (r"\b(\d{1,2})t(?=[/ ]|$)", r"\1 thang"),
    (r"(?<![/\d])(?<!thang )\b(0?[1-9]|1[0-2])/(?=20\d\d)", r"thang \1/"),
)
"""Abbreviations and lost blanks of headings: T3/2024, 3T/2024, 3/2024, 2024so với."""
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
    back : int
        1 where the span is "the month before" the one that the title names.
    """

    span: Span
    month: int | None
    year: int | None
    base: Base
    indicator: Indicator | None
    back: int = 0


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
        ``Tháng 7 năm 2011 so với tháng 6 năm 2011``, ``Lũy kế đến hết tháng 3/2024 so với cùng kỳ``,
        ``Chỉ số tồn kho thời điểm 01/8/2015 so với cùng thời điểm tháng trước``.

    Returns
    -------
    Heading or None
        None as well where the two sides contradict each other (a base that is neither the month nor the year before).
    """
    words = _spelt_out(plain(text))
    for compared in _COMPARED.finditer(words):
        after = words[compared.end() :].strip()
        for pattern, kind in _BASES:
            found = re.match(rf"(?:{pattern})(?!\S)", after)
            if found:
                rest = f"{words[: compared.start()]} {after[found.end() :]}"
                return _joined(rest, kind, found.groupdict(), indicator_of(text))
    if _CUMULATIVE.search(words) and not _COMPARED.search(words):  # a sum of months has one comparison only
        return _joined(words, "year_before", {}, indicator_of(text))
    return None


def _spelt_out(words: str) -> str:
    for pattern, replacement in _GLUED:
        words = re.sub(pattern, replacement, words)
    return words


def months_named(title: str) -> tuple[set[int], set[int]]:
    """Months and years that a title names: ``tháng Bảy và bảy tháng năm 2011`` → {7}, {2011}."""
    # the year of an index base is no date, nor is a day of a release
    # (and "Việt Nam tháng 3" is not "năm tháng")
    words = re.sub(
        r"\bgoc (?:nam )?20\d\d|\b20\d\d 100\b|\b\d{1,2}/\d{1,2}/20\d\d|\b(?:viet|ha|quang) nam\b", "", plain(title)
    )
    words = _spelt_out(words)
    years = {int(year) for year in re.findall(r"\b20\d\d\b", words)}
    ends = {_month_of("month", match.groupdict()) for match in re.finditer(_FROM_TO, words)}
    words = re.sub(_FROM_TO, " ", words)
    found = [match.groupdict() for pattern in _TITLE_SPANS for match in re.finditer(pattern, words)]
    listed = {int(number) for pair in re.findall(_TWO_MONTHS, words) for number in pair}
    return ({*ends, *listed, *(_month_of("month", fields) for fields in found)}) - {0}, years


def _joined(rest: str, kind: str, base: dict[str, str | None], indicator: Indicator | None) -> Heading | None:
    """The heading of what stands beside the comparison: one span, said once or twice in the same way."""
    cumulative = _CUMULATIVE.search(rest) is not None
    spans: list[Span] = []
    months: list[int] = []
    years: list[int] = []
    days: list[int] = []
    back = 0
    for pattern, span in _SPANS:
        for found in re.finditer(pattern, rest):
            fields = found.groupdict()
            spans.append(span)
            months.append(_month_of(span, fields))
            years += [int(fields["year"])] if fields.get("year") else []
            days += [int(fields["day"] or 0)] if fields.get("day") else []
        rest = re.sub(pattern, " ", rest)
    if re.search(r"\bca nam\b", rest):
        if spans:
            return None  # "the month and the whole year" is two things
        cumulative, months = True, [12]
    if re.search(_THE_MONTH_BEFORE, rest):
        spans, back, rest = [*spans, "month"], 1, re.sub(_THE_MONTH_BEFORE, " ", rest)
    if re.search(_UNNAMED, rest):
        spans, rest = [*spans, "month"], re.sub(_UNNAMED, " ", rest)
    for found in re.finditer(rf"\b{_YEAR}\b", rest):
        years.append(int(found["year"]))
        whole_year = not spans and not cumulative
        spans, months = ([*spans, "ytd"], [*months, 12]) if whole_year else (spans, months)
    rest = re.sub(rf"\b{_YEAR}\b", " ", _CUMULATIVE.sub(" ", rest))
    if cumulative:
        spans.append("ytd")
    elif not spans and kind == "previous":
        spans.append("month")  # only a month is compared with the month before
    leftover = re.search(rf"\d|\bthang\b|{_LAST_YEAR}", rest) or _other_base(rest, kind)
    if not spans or leftover or 0 in months or len(set(months)) > 1 or len(set(years)) > 1 or (back and months):
        return None
    span = "ytd" if "ytd" in spans else spans[0]
    if span != "ytd" and len(set(spans)) > 1:
        return None
    if span == "point" and days != [1] and indicator == "iip":
        return None
    twice = len(months) > 1
    heading = Heading(span, months[0] if months else None, years[0] if years else None, "unused", indicator, back)
    return _with_base(heading, "year_before" if kind == "year" and span == "month" and twice else kind, base)


def _other_base(rest: str, kind: str) -> bool:
    """Whether the words left over compare once more, with another base."""
    compared = _COMPARED.search(rest)
    again = rest[compared.end() :].strip() if compared else ""
    found = next((other for pattern, other in _BASES if again and re.match(rf"(?:{pattern})(?!\S)", again)), kind)
    return found != kind


def _with_base(heading: Heading, kind: str, fields: dict[str, str | None]) -> Heading | None:
    """The heading with its base, if the base is the month before or the year before what it heads."""
    span, month, year = heading.span, heading.month, heading.year
    stated = int(fields.get("year") or 0) or None
    base: Base
    if kind == "unused":
        return heading
    if kind == "month":
        base_month = _month_of("month", fields)
        if span not in ("month", "point") or month is None or base_month not in (month, (month - 2) % 12 + 1):
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
    return Heading(span, month, year, base, heading.indicator, heading.back)


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

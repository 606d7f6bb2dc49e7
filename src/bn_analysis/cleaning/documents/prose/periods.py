"""Words of time at a place in a text → the span they name, or the base that a figure is compared with."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["month", "ytd", "quarter", "year"]
BaseKind = Literal["previous", "year_before", "span", "other"]

_NUMBER_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
            "september|sept|sep", "october|oct", "november|nov", "december|dec",
        ),
        start=1,
    )
    for name in names.split("|")
}  # fmt: skip
_QUARTERS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "một": 1, "hai": 2, "ba": 3, "tư": 4,
    "đầu năm": 1, "đầu": 1, "first": 1, "second": 2, "third": 3, "fourth": 4, "q1": 1, "q2": 2, "q3": 3, "q4": 4,
}  # fmt: skip

_YEAR = r"(?P<year>\d{4,6}|nay|ngoái|trước)(?!\w)"
_OF_YEAR = rf"(?:\s?[/.\-]\s?(?P<slash>\d{{4,6}})(?!\w)|,?\s(?:của\s)?năm\s{_YEAR})"
_WORDS = "|".join(sorted((word for word in _NUMBER_WORDS), key=len, reverse=True))
# "tháng năm 2012" is a month without its number; "tháng Năm năm 2012" is May.
_MONTH_NUMBER = rf"(?:\d{{1,2}}(?!\d)|năm(?=\s?/|\snăm\s\d)|(?!năm\b)(?:{_WORDS})(?!\w))"
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_EN_YEAR = r"(?:,?\s(?:of\s)?(?P<year>\d{4,6}))(?!\w)"

_PERIODS: tuple[tuple[Kind | Literal["half", "lasting"], re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # type: ignore[misc]
    for kind, pattern in (
        ("month", rf"tháng\s(?P<month>{_MONTH_NUMBER}){_OF_YEAR}?"),
        ("month", r"t\.?(?P<month>\d{1,2})[/.](?P<slash>\d{4,6})(?!\w)"),
        ("ytd", rf"(?:lũy kế|cộng dồn|tính chung|tính)?\s?(?:từ\s)?(?:đầu\snăm\s)?(?:cho\s)?đến\s(?:hết|cuối)\s"
                rf"tháng\s(?P<month>{_MONTH_NUMBER}){_OF_YEAR}?"),
        ("ytd", rf"(?:lũy kế|cộng dồn|tính chung)\s(?:từ\sđầu\snăm\s)?đến\stháng\s"
                rf"(?P<month>{_MONTH_NUMBER}){_OF_YEAR}?"),
        ("ytd", rf"(?P<month>\d{{1,2}}|{_WORDS})\stháng(?:\sđầu)?(?:\s?[/.]\s?(?P<slash>\d{{4,6}})(?!\w)|"
                rf"\s(?:của\s)?năm\s{_YEAR}|\snăm(?!\w))?"),
        ("ytd", r"(?P<month>\d{1,2})t/(?P<slash>\d{4,6})(?!\w)"),
        ("half", rf"nửa\sđầu\snăm(?:\s{_YEAR})?"),
        ("quarter", rf"qu[ýí]\s(?P<quarter>iv|i{{1,3}}|[1-4]|một|hai|ba|tư|đầu)(?!\w)(?:{_OF_YEAR}|\snăm(?!\w))?"),
        ("year", rf"(?:cả|trọn|toàn)\snăm(?:\s{_YEAR})?"),
        ("year", r"năm\s(?P<year>\d{4,6})(?!\w)"),
        ("ytd", rf"(?:the\s)?first\s(?P<month>{_WORDS}|\d{{1,2}})[\s-]months?(?:\sof\s(?:the\syear|this\syear)|"
                r"\s(?:of|in)\s(?P<year>\d{4,6}))?"),
        ("ytd", rf"(?:the\s)?(?P<month>{_WORDS}|\d{{1,2}})[\s-]months?\s(?:of|in|to)\s(?P<year>\d{{4,6}})"),
        ("half", r"(?:the\s)?first\shalf(?:\sof\s(?:the\syear|this\syear)|\s(?:of|in)\s(?P<year>\d{4,6}))?"),
        ("half", r"h1(?:\s|/)(?P<year>\d{4})"),
        ("ytd", rf"(?:january|jan)\s?(?:[-–]|to)\s?(?P<month>{_MONTH_NAMES})(?!\w)(?:{_EN_YEAR})?"),
        ("quarter", r"(?:the\s)?(?P<quarter>first|second|third|fourth)\squarter"
                    r"(?:\s(?:of|in)\s(?P<year>\d{4}))?(?!\w)"),
        ("quarter", r"(?P<quarter>q[1-4])(?:(?:[\s/]|\sof\s)(?P<year>\d{4}))?(?!\w)"),
        ("year", r"(?:the\s)?(?:full|whole)(?:\s(?:year|of))?(?:\sin|\sof)?\s(?P<year>\d{4})(?!\w)"),
        ("year", r"(?:in|year)\s(?P<year>20\d\d)(?!\w)"),
        ("month", rf"(?:in\s)?(?P<month>{_MONTH_NAMES})(?!\w){_EN_YEAR}"),
        ("month", rf"(?:in\s)?(?!may)(?P<month>{_MONTH_NAMES})(?!\w)"),
        ("month", r"in\s(?P<month>may)(?!\w)"),  # "may" alone is another word
    )
)  # fmt: skip
_LASTING = re.compile(
    # what went before ("sau hai tháng liên tiếp giảm sâu đã tăng …") is no direction of the figure that follows
    rf"sau\s(?:\d{{1,2}}|{_WORDS})\stháng(?:\sliên\s(?:tiếp|tục)|\sliền)?\s(?:sụt\s)?(?:giảm|tăng)"
    r"(?:\s(?:khá\s)?(?:sâu|mạnh|nhẹ))?(?=\s(?:đã|thì)\s|\s?,)|"
    rf"(?:sau|trong|suốt|qua|liên tiếp|trong\svòng|kể\stừ)?\s?(?:\d{{1,2}}|{_WORDS})\s(?:tháng|quý|năm)\s"
    r"(?:liên\stiếp|liên\stục|liền|qua|gần\sđây|trở\slại\sđây)(?!\w)"
    rf"|(?:liên\stiếp|trong\svòng|suốt)\s(?:\d{{1,2}}|{_WORDS})\s(?:tháng|quý|năm)(?!\w)"
    rf"|(?:for|after)?\s?(?:{_WORDS}|\d{{1,2}})\s(?:consecutive|straight)\smonths"
)

_DAY = re.compile(
    r"(?:ngày\s)?\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}(?!\w)|ngày\s\d{1,2}\s?[/\-]\s?\d{1,2}(?![\w/])"
    rf"|(?:ngày\s)?\d{{1,2}}\stháng\s{_MONTH_NUMBER}(?:\s?/\s?|,?\snăm\s)\d{{4}}(?!\w)"
    rf"|ngày\s\d{{1,2}}\stháng\s{_MONTH_NUMBER}"
    rf"|(?:on\s)?\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTH_NAMES})\.?,?\s\d{{4}}(?!\w)"
    rf"|(?:on\s)?(?:{_MONTH_NAMES})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}(?!\w)"
    rf"|on\s(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:{_MONTH_NAMES})|(?:{_MONTH_NAMES})\.?\s\d{{1,2}}(?:st|nd|rd|th)?)(?![\w%.])"
)
"""A day: when a text was written or something happened, never the month of a figure."""

_VERSUS = re.compile(
    r"(?:nếu\s)?(?:so\ssánh\svới|so\svới|so|đặt\scạnh|đối\schiếu\svới)\s(?:mức\s(?:của\s)?|chỉ\ssố\s|của\s)?"
    r"|(?:as\s)?(?:compared|in\scomparison|comparing|relative)\s(?:to|with)\s(?:that\s(?:of|in)\s)?"
    r"|(?:from|against|versus|vs\.?|than|over|on)\s(?:that\s(?:of|in)\s|in\s)?"
)
_AGAINST_NOTHING = re.compile(r"so\svới(?!\w)|compared\s(?:to|with)(?!\w)")
_BASES: tuple[tuple[BaseKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # type: ignore[misc]
    for kind, pattern in (
        ("previous", r"(?:cùng\s(?:kỳ|kì|thời\sđiểm)\s)?(?:của\s)?tháng\s(?:liền\s)?trước(?:\sđó|\sliền\skề)?(?!\w)"),
        ("year_before", r"(?:cùng|tháng\scùng)\s(?:kỳ|kì|tháng|quý|thời\sđiểm|thời\sgian)(?!\stháng)(?:\scủa)?"
                        r"(?:\snăm\s(?P<year>\d{4}|trước|ngoái)|\s(?P<bare>\d{4})|/(?P<slash>\d{4}))?(?!\w)"),
        ("other", r"quý\s(?:liền\s)?trước(?:\sđó)?(?!\w)|(?:đầu|cuối)\snăm(?!\w)(?:\s(?:trước|ngoái|\d{4}))?"),
        ("year_before", r"(?:a|one)\syear\s(?:earlier|ago|before)(?!\w)|the\syear\sbefore(?!\w)"),
        ("year_before", r"(?:the\s|that\sof\sthe\s)?(?:same|corresponding)\s(?:period|month|quarter|time)"
                        r"(?:(?:\sof|\sin)?\s(?:the\s|a\s)?(?:last\syear|previous\syear|year\s(?:earlier|before|ago)|"
                        r"preceding\syear|(?P<year>\d{4})))?(?!\w)"),
        ("previous", r"(?:the\s)?(?:previous|last|preceding|prior)\smonth(?!\w)"
                     r"|(?:a|one)\smonth\s(?:earlier|ago|before)(?!\w)|the\smonth\sbefore(?!\w)"),
        ("other", r"(?:the\s)?(?:previous|last|preceding)\squarter(?!\w)|a\squarter\s(?:earlier|ago)(?!\w)"),
    )
)  # fmt: skip
_RATES: tuple[tuple[BaseKind, re.Pattern[str]], ...] = (
    ("year_before", re.compile(r"(?:year[\s-](?:on|over)[\s-]year|y/y|yoy|y-o-y|on-year|year-on-year)(?!\w)")),
    ("previous", re.compile(r"(?:month[\s-](?:on|over)[\s-]month|m/m|mom|m-o-m|on-month)(?!\w)")),
    ("other", re.compile(r"(?:quarter[\s-](?:on|over)[\s-]quarter|q/q|qoq|on-quarter)(?!\w)")),
)
_MAY = re.compile(r"may(?!\w|\s\d)")
_YEAR_BASE = re.compile(
    r"(?:năm\s)?(?P<year>\d{4}|(?<=năm\s)(?:trước|ngoái))(?!\w)|năm\s(?:trước|ngoái)(?!\w)|last\syear(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Months that a figure covers: one, those of the year so far, a quarter, a year.

    ``month`` is the last one; ``year`` None where the words leave it open; ``printed`` the year as it stands there when
    it can be none (20224).
    """

    kind: Kind
    month: int
    year: int | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What a figure is compared with: the month before, the year before, named months (``span``), or something else."""

    kind: BaseKind
    year: int | None = None
    span: Span | None = None


def period_at(text: str, at: int) -> tuple[Span | None, int] | None:
    """The span named at a place and where its words end; None for a mere duration ("hai tháng liên tiếp")."""
    lasting = _LASTING.match(text, at)
    if lasting:
        return None, lasting.end()
    best: tuple[Span, int] | None = None
    for kind, pattern in _PERIODS:
        found = pattern.match(text, at)
        if found and (best is None or found.end() > best[1]):
            span = _span(kind, found)
            if span is not None:
                best = span, found.end()
    return best


def day_at(text: str, at: int) -> int | None:
    """Where the words for a day that begin here end; None where they are none."""
    found = _DAY.match(text, at)
    return found.end() if found else None


def base_at(text: str, at: int) -> tuple[str, Base | None, int] | None:
    """The base named at a place: (``base``, what, end) after words of comparison, (``bare``, what, end) without them.

    (``against``, None, end): words of comparison with something that is no base known here.
    """
    for kind, pattern in _RATES:
        if found := pattern.match(text, at):
            return "base", Base(kind), found.end()
    versus = _VERSUS.match(text, at)
    if versus and (named := _base_named(text, versus.end(), bare=False)):
        return "base", named[0], named[1]
    nothing = _AGAINST_NOTHING.match(text, at)
    if nothing:
        return "against", None, nothing.end()
    if named := _base_named(text, at, bare=True):
        return "bare", named[0], named[1]
    return None


def _base_named(text: str, at: int, bare: bool) -> tuple[Base, int] | None:
    for kind, pattern in _BASES:
        if found := pattern.match(text, at):
            fields = found.groupdict()
            year = next((fields[name] for name in ("year", "bare", "slash") if fields.get(name)), None)
            return Base(kind, int(year) if year and year.isdigit() else None), found.end()
    if bare:
        return None
    if found := _MAY.match(text, at):  # after "from" or "against" it is the month, not the verb
        return Base("span", span=Span("month", 5)), found.end()
    if period := period_at(text, at):
        span, end = period
        if span is None:
            return None
        return Base("span", span=span), end
    if found := _YEAR_BASE.match(text, at):
        year = found["year"] if found.groupdict().get("year") else None
        number = int(year) if year and year.isdigit() else None
        return Base("span", span=Span("year", 12, number, "" if number else "trước")), found.end()
    return None


def _span(kind: str, found: re.Match[str]) -> Span | None:
    fields = found.groupdict()
    printed = fields.get("slash") or fields.get("year") or ""
    year = int(printed) if re.fullmatch(r"20\d\d|19\d\d", printed) else None
    odd = "" if year is not None or printed == "nay" else printed
    if kind == "half":
        return Span("ytd", 6, year, odd)
    if kind == "year":
        return Span("year", 12, year, odd)
    if kind == "quarter":
        return Span("quarter", 3 * _QUARTERS[fields["quarter"] or ""], year, odd)
    name = fields["month"] or ""
    month = int(name) if name.isdigit() else _MONTHS.get(name) or _NUMBER_WORDS.get(name, 0)
    if not 1 <= month <= 12 or found[0].startswith(("1 tháng", "một tháng")):
        return None
    return Span("ytd" if kind == "ytd" else "month", month, year, odd)

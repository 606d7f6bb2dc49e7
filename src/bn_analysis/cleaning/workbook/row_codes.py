"""Printed lines of a table, names broken over rows among them → territory and industry of each."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise

from bn_analysis.cleaning.language.classification import (
    INDUSTRIES,
    TERRITORIES,
    industry_code,
    known_industry,
    known_territory,
    name_key,
)
from bn_analysis.cleaning.workbook.headings import plain
from bn_analysis.cleaning.workbook.tables import Line, Table, Words
from bn_analysis.errors import InputError

_REGIONS = frozenset(
    name_key(name)
    for name in (
        "Đồng bằng sông Hồng",
        "Trung du và miền núi phía Bắc",
        "Bắc Trung Bộ và Duyên hải miền Trung",
        "Tây Nguyên",
        "Đông Nam Bộ",
        "Đồng bằng sông Cửu Long",
    )
)
"""Headings between the provinces, printed without figures."""


_NAMED = 3
"""Lines without figures that are named one by one."""


def coded_lines(table: Table, period: str) -> Iterator[tuple[Line, str, str]]:
    """Each line of a table with its territory and industry.

    Parameters
    ----------
    table : Table
        As printed.
    period : str
        Its month (YYYY-MM), which a few names and all borders depend on.

    Raises
    ------
    InputError
        A line is unknown or stands twice; names file, sheet, cell and the nearest known names.
    """
    by_territory = _is_by_territory(table, period)
    where = "" if by_territory else territory_of(table, period)
    coded: dict[str, Line] = {}
    for line, code in _codes(table, _names(by_territory, period)):
        if code == "D" and next(reversed(coded), "") == "D" and not by_territory:
            code = "35"  # section D and, right below, its only division share their name
        if code in coded:
            raise line.place.error(f"{line.name!r} ({code}) a second time", "each line once")
        coded[code] = line
    _check_order(coded, list(TERRITORIES) if by_territory else _order_of_industries(coded))
    for code, line in coded.items():
        yield (line, code, "TOTAL") if by_territory else (line, where, code)


def nearest_known_lines(codes: Iterable[str]) -> list[str]:
    """Of the six lists of industries printed since 2011, the one that shares most lines with a table."""
    text = files("bn_analysis.cleaning").joinpath("data", "iip_lines.csv").read_text(encoding="utf-8")
    lists = [row["lines"].split() for row in csv.DictReader(text.splitlines())]
    return min(lists, key=lambda lines: len(set(lines) ^ set(codes)))


def is_production_by_industry(table: Table, period: str) -> bool:
    """Whether a table holds the index of production of the industries of one territory."""
    return table.title.subject == "iip" and not _is_by_territory(table, period)


def territory_of(table: Table, period: str) -> str:
    """The province that a title names ("tỉnh Bắc Ninh"), else the country."""
    words = f"{plain(table.title.text)} "
    for code, known in TERRITORIES.items():
        if known.covers(period) and any(
            f"{kind} {plain(known.name_vi)} " in words for kind in ("tinh", "thanh pho", "tp")
        ):
            return code
    return "VN"


def _order_of_industries(coded: Iterable[str]) -> list[str]:
    """Divisions stand in the order of the classification; lists of classes in the order they were printed in."""
    if any(INDUSTRIES[code].level in ("class", "combined") for code in coded):
        return nearest_known_lines(coded)
    order = [code for code in INDUSTRIES if code != "35"]
    order.insert(order.index("D") + 1, "35")
    return order


def _check_order(coded: dict[str, Line], order: list[str]) -> None:
    """In every table since 2011 the lines keep their order; a line out of it has changed places or names."""
    ranked = [(order.index(code), line) for code, line in coded.items() if code in order]
    for (rank, line), (following, below) in pairwise(ranked):
        if following < rank:
            raise below.place.error(
                f"{below.name!r} below {line.name!r}", "the lines in the order of every table so far"
            )


def _names(by_territory: bool, period: str) -> Callable[[str], str | None]:
    """The code of a name in the given kind of table, None where it is unknown."""
    known = known_territory if by_territory else known_industry
    return lambda name: known(name, period)


def _is_by_territory(table: Table, period: str) -> bool:
    """Whether most lines are provinces: one name, "Toàn quốc", heads tables of either kind."""
    known = _names(True, period)
    return 2 * sum(known(line.name) is not None for line in table.lines) > len(table.lines)


def _codes(table: Table, known: Callable[[str], str | None]) -> Iterator[tuple[Line, str]]:
    """Codes of the lines; rows of words belong to the name below them, to the one above, or head a group."""
    above: Sequence[Words] = table.lines[0].above if table.lines else ()
    followers = [*(line.above for line in table.lines[1:]), table.below]
    empty: list[Words] = []
    for line, below in zip(table.lines, followers, strict=True):
        code, used = _line_code(line, above, below, known)
        for words in above[: len(above) - used[0]]:
            _check_group(words, known)
            empty += [words] if known(words[0]) else []
        above = below[used[1] :]
        yield line, code
    if empty := [*empty, *(words for words in above if known(words[0]))]:
        names = "; ".join(text for text, _ in empty[:_NAMED])
        more = f" and {len(empty) - _NAMED} more lines" if len(empty) > _NAMED else ""
        table.remarks.append(f"{empty[0][1]}: found no figures for {names}{more}")


def _line_code(
    line: Line, above: Sequence[Words], below: Sequence[Words], known: Callable[[str], str | None]
) -> tuple[str, tuple[int, int]]:
    """Code of a line, and how many rows of words above and below it belong to its name."""
    for start in range(len(above)):
        if code := known(_joined(above[start:], line.name)):
            return code, (len(above) - start, 0)
    own = known(line.name)
    for count in range(len(below), 0, -1):
        code = known(f"{line.name} {_joined(below[:count])}")
        if code and own in (None, code):
            return code, (0, count)
    if own:
        return own, (0, 0)
    if above and not _is_group(above[-1][0], known):
        text, place = above[-1]
        raise place.error(f"the line {text!r} without figures", "a known name, alone or with the line below")
    return _unknown(line), (0, 0)


def _unknown(line: Line) -> str:
    """Raises the error of an unknown industry, which knows the nearest names, with its place."""
    try:
        return industry_code(line.name)
    except InputError as error:
        raise InputError(f"{line.place}: {error}") from None


def _check_group(words: Words, known: Callable[[str], str | None]) -> None:
    """Words that belong to no line must be the name of a line without figures, or of a region."""
    text, place = words
    if not _is_group(text, known):
        raise place.error(f"the line {text!r} without figures", "the name of a line or of a region")


def _is_group(text: str, known: Callable[[str], str | None]) -> bool:
    return name_key(text) in _REGIONS or known(text) is not None


def _joined(words: Sequence[Words], last: str = "") -> str:
    return " ".join([*(text for text, _ in words), last]).strip()

"""Printed lines of a table, names broken over rows among them → territory and industry of each."""

import csv
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from bn_analysis.cleaning.language.classification import (
    INDUSTRIES,
    TERRITORIES,
    known_industry,
    known_industry_names,
    known_territory,
    name_key,
    nearest_industries,
)
from bn_analysis.cleaning.workbook.tables.table import Line, Table, Words
from bn_analysis.errors import InputError, bilingual

_NGANH = re.compile(r"^\s*(?:ngành\s+)?(?:công nghiệp\s+)?", re.IGNORECASE)
_GROUPS = frozenset(
    name_key(name)
    for name in (
        "Trong đó:", "Trong đó", "Chia theo ngành công nghiệp", "Phân theo ngành công nghiệp", "Phân theo ngành",
        "Chia ra", "Phân theo ngành kinh tế", "Phân theo ngành công nghiệp cấp II", "Of which", "By industry",
        "Ngành công nghiệp cấp 2",
    )
)  # fmt: skip
"""Headings between the lines that are no part of a name."""
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


def coded_lines(table: Table, period: str) -> list[tuple[Line, str, str]]:
    """Each line of a table with its territory (empty in a table of one territory) and industry.

    Parameters
    ----------
    table : Table
        As printed. Lines at fault (something that is no figure, an unknown name, a name twice, two lines that have
        changed places) are added to its ``set_aside`` by name and left out.
    period : str
        Its month (YYYY-MM), which a few names and all borders depend on.

    Raises
    ------
    InputError
        A fault touches a total or a section, or more lines than a slip would; names file, sheet, cell.
    """
    by_territory = is_by_territory(table, period)
    coded: dict[str, Line] = {}
    faults: list[_Fault] = []
    twice: set[str] = set()
    for line, code in _codes(table, _names(by_territory, period), faults):
        if code == "D" and next(reversed(coded), "") == "D" and not by_territory:
            code = "35"  # section D and, right below, its only division share their name
        if code in coded:
            twice.add(code)
            faults.append(_Fault(line, code, _twice(line, code)))
            continue
        coded[code] = line
    faults += [_Fault(coded[code], code, _twice(coded[code], code)) for code in sorted(twice)]
    faults += [_Fault(line, code, table.faults[line.row]) for code, line in coded.items() if line.row in table.faults]
    order = list(TERRITORIES) if by_territory else _order_of_industries(coded)
    faults += _out_of_order(coded, order)
    for fault in faults:
        if fault.code in _WHOLES or _is_whole(fault.code) or (not fault.code and _like_a_whole(fault.line.name)):
            raise fault.error
    left = {fault.code for fault in faults}
    table.set_aside += dict.fromkeys(
        f"{fault.error}; "
        + bilingual(f"dòng {fault.line.name!r} để riêng", f"the line {fault.line.name!r} was set aside")
        for fault in faults
    )
    kept = [(code, line) for code, line in coded.items() if code not in left]
    return [(line, code, "TOTAL") if by_territory else (line, "", code) for code, line in kept]


@dataclass(frozen=True, slots=True)
class _Fault:
    """A line that is set aside: its code, empty where its name is unknown, and why."""

    line: Line
    code: str
    error: InputError


_WHOLES = ("VN", "TOTAL")
_LIKE_A_WHOLE = 0.82
"""A name as similar as this to that of a total or section may be one mistyped; met in tests of single slips: 0.9."""
_SLIP_LINES = 3
"""Lines that one slip can bring out of order; more are another table."""


def _is_whole(code: str) -> bool:
    known = INDUSTRIES.get(code)
    return known is not None and (known.level in ("total", "section") or code == "D+36")


def _like_a_whole(name: str) -> bool:
    """Whether an unknown name is nearest to that of a total or section."""
    bare_name = name_key(without_number(name))
    wholes = [name_key(text) for text, code in known_industry_names() if _is_whole(code)]
    return bool(difflib.get_close_matches(bare_name, wholes, n=1, cutoff=_LIKE_A_WHOLE))


def _twice(line: Line, code: str) -> InputError:
    return line.place.error(
        vi=(f"{line.name!r} ({code}) lần thứ hai", "mỗi dòng một lần"),
        en=(f"{line.name!r} ({code}) a second time", "each line once"),
    )


def _out_of_order(coded: dict[str, Line], order: list[str]) -> list[_Fault]:
    """Lines that are not in the order of every table so far: names or figures of two of them have changed places."""
    ranked = [(order.index(code), code) for code in coded if code in order]
    moved = [
        code
        for at, (rank, code) in enumerate(ranked)
        if any(other > rank for other, _ in ranked[:at]) or any(other < rank for other, _ in ranked[at + 1 :])
    ]
    faults = []
    for code in moved:
        line = coded[code]
        error = line.place.error(
            vi=(f"{line.name!r} sai thứ tự", "các dòng theo thứ tự của mọi bảng từ trước"),
            en=(f"{line.name!r} out of its place", "the lines in the order of every table so far"),
        )
        if len(moved) > _SLIP_LINES:
            raise error
        faults.append(_Fault(line, code, error))
    return faults


def nearest_known_lines(codes: Iterable[str]) -> list[str]:
    """Of the six lists of industries printed since 2011, the one that shares most lines with a table."""
    text = files("bn_analysis.cleaning").joinpath("data", "iip_lines.csv").read_text(encoding="utf-8")
    lists = [row["lines"].split() for row in csv.DictReader(text.splitlines())]
    return min(lists, key=lambda lines: len(set(lines) ^ set(codes)))


def has_national_lines(table: Table, period: str) -> bool:
    """Whether a table has the lines of the national one: nearly all of a known list, coal and crude oil among them."""
    known = _names(False, period)
    found = {code for line in table.lines if (code := known(line.name))}
    expected = set(nearest_known_lines(found))
    return len(expected - found) <= _SLIP_LINES and bool(found & {"05", "0510"}) and bool(found & {"06", "0610"})


_NUMBER = re.compile(
    r"^\s*(?:[-+*•–]\s*)?(?:\(?(?:[IVXivx]{1,4}|[A-Ea-e]|\d{1,2}(?:\.\d{1,2})*)\s*[.)/:–-]+\s*/?\s*|\d{1,2}(?:\.\d+)*\s+|[-+*•–]\s*)"
)


def without_number(name: str) -> str:
    """The name of a line without what numbers or codes it: ``B. Khai khoáng``, ``1./ Dệt``, ``10 Sản xuất …``."""
    return _NUMBER.sub("", name, count=1)


def _order_of_industries(coded: Iterable[str]) -> list[str]:
    """Divisions stand in the order of the classification; lists of classes in the order they were printed in."""
    if any(INDUSTRIES[code].level in ("class", "combined") for code in coded):
        return nearest_known_lines(coded)
    order = [code for code in INDUSTRIES if code != "35"]
    order.insert(order.index("D") + 1, "35")
    return order


def _names(by_territory: bool, period: str) -> Callable[[str], str | None]:
    """The code of a name in the given kind of table, None where it is unknown."""
    known = known_territory if by_territory else known_industry

    def code(name: str) -> str | None:
        """The code of a name as it stands, or else without its number or "Ngành"."""
        bare_name = without_number(name)
        return known(name, period) or known(bare_name, period) or known(_NGANH.sub("", bare_name), period)

    return code


def is_by_territory(table: Table, period: str) -> bool:
    """Whether most lines are provinces: one name, "Toàn quốc", heads tables of either kind."""
    known = _names(True, period)
    return 2 * sum(known(line.name) is not None for line in table.lines) > len(table.lines)


def _codes(table: Table, known: Callable[[str], str | None], faults: list[_Fault]) -> Iterator[tuple[Line, str]]:
    """Codes of the lines; rows of words belong to the name below them, to the one above, or head a group."""
    above: Sequence[Words] = table.lines[0].above if table.lines else ()
    followers = [*(line.above for line in table.lines[1:]), table.below]
    empty: list[Words] = []
    for line, below in zip(table.lines, followers, strict=True):
        code, used = _line_code(line, above, below, known)
        for words in above[: len(above) - used[0]]:
            if code or _is_group(words[0], known):
                _check_group(words, known, table)
            empty += [words] if known(words[0]) else []
        above = below[used[1] :]
        if code:
            yield line, code
        else:
            faults.append(_Fault(line, "", _unknown(line)))
    if empty := [*empty, *(words for words in above if known(words[0]))]:
        names = "; ".join(text for text, _ in empty[:_NAMED])
        more = len(empty) - _NAMED
        vi, en = (f" và {more} dòng nữa", f" and {more} more lines") if more > 0 else ("", "")
        table.remarks.append(
            f"{empty[0][1]}: " + bilingual(f"không có số liệu cho {names}{vi}", f"found no figures for {names}{en}")
        )


def _line_code(
    line: Line, above: Sequence[Words], below: Sequence[Words], known: Callable[[str], str | None]
) -> tuple[str, tuple[int, int]]:
    """Code of a line (empty where unknown), and how many rows of words above and below it belong to its name."""
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
    if above and not _is_group(above[-1][0], known) and not _is_number_only(line.name):
        text, place = above[-1]
        raise place.error(
            vi=(f"dòng {text!r} không có số liệu", "một tên đã biết, riêng nó hoặc cùng dòng dưới"),
            en=(f"the line {text!r} without figures", "a known name, alone or with the line below"),
        )
    return "", (0, 0)


def _is_number_only(name: str) -> bool:
    return not any(letter.isalpha() for letter in name)


def _unknown(line: Line) -> InputError:
    """The error of an unknown industry, with the nearest names."""
    nearest = nearest_industries(without_number(line.name))
    return InputError(
        f"{line.place}: "
        + bilingual(
            f"không biết ngành {line.name!r}; tên gần nhất: {nearest}",
            f"unknown industry {line.name!r}; nearest known names: {nearest}",
        )
    )


def _check_group(words: Words, known: Callable[[str], str | None], table: Table) -> None:
    """Words between known lines that are the name of no line and no region are named: they have no figures."""
    text, place = words
    if not _is_group(text, known):
        table.set_aside.append(
            f"{place}: " + bilingual(f"dòng chữ {text!r} không có số liệu", f"found the line {text!r} without figures")
        )


def _is_group(text: str, known: Callable[[str], str | None]) -> bool:
    return name_key(text) in _REGIONS or name_key(text) in _GROUPS or known(text) is not None


def _joined(words: Sequence[Words], last: str = "") -> str:
    return " ".join([*(text for text, _ in words), last]).strip()

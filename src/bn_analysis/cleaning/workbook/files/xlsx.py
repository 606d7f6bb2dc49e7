"""An .xlsx file (Office Open XML) → its visible sheets, streamed so that a hostile file cannot fill the memory.

openpyxl reads either whole sheets into memory or streams them without merged cells and without telling a formula from
its result; a reader that must be bounded and needs all three keeps to the few elements of the format that it uses.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bn_analysis.cleaning.workbook.files.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    NO_RESULT,
    Cell,
    Sheet,
    column_number,
    day_text,
    format_digits,
    is_date_format,
    is_percent_format,
)
from bn_analysis.errors import InputError, bilingual

MAX_UNPACKED_BYTES = 400 * 2**20
"""All parts together; the monthly workbooks unpack to 1.6 to 4.7 MB."""

MAX_PART_BYTES = 96 * 2**20
"""One XML part; the largest met has 0.7 MB."""

MAX_TEXTS = 500_000
"""Shared texts of a workbook; the most met are 2,500."""

MAX_NESTED = 300_000
"""Elements within one cell, text or table of styles (Excel allows 65,490 styles of up to three elements)."""

_BUILTIN_FORMATS = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0"}
_BUILTIN_FORMATS |= {38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00"}
_BUILTIN_FORMATS |= {44: "#,##0.00", **dict.fromkeys((*range(14, 18), 22), "d/m/yyyy")}
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, IndexError, ValueError, OverflowError,
    NotImplementedError,
)  # fmt: skip
"""What a damaged or made-up file makes the unpacking, the parser and the conversions raise."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets share: texts and number formats by index, and the first day of serial dates."""

    texts: list[str]
    formats: list[str]
    day_zero: datetime


def xlsx_sheets(path: Path) -> Iterator[Sheet]:
    """Visible sheets of an .xlsx file; raises InputError as `visible_sheets` says."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path, archive)
            tabs, day_zero = _tabs(path, archive)
            book = _Book(_texts(path, archive), _formats(archive), day_zero)
            for name, part in tabs:
                with archive.open(part) as stream:
                    sheet = _grid(name, stream, book)
                yield sheet
    except DefusedXmlException:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "thấy thực thể XML, cần XML thường; tệp này không phải của Excel",
                "found XML entities, expected plain XML; this file is not from Excel",
            )
        ) from None
    except _DAMAGE as error:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                f"thấy tệp .xlsx hỏng ({error}), cần tệp nguyên vẹn; lấy lại tệp",
                f"found a damaged .xlsx file ({error}), expected a whole one; fetch it again",
            )
        ) from None
    except RuntimeError:  # zipfile's way to say that a member needs a password
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "thấy tệp có mật khẩu, cần tệp mở được; bỏ mật khẩu",
                "found a password-protected workbook, expected an open one; remove the password",
            )
        ) from None


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                f"thấy {unpacked / 2**20:.0f} MB khi giải nén, cần nhiều nhất {MAX_UNPACKED_BYTES // 2**20} MB",
                f"found {unpacked / 2**20:.0f} MB when unpacked, expected at most {MAX_UNPACKED_BYTES // 2**20} MB; "
                "this is no monthly workbook",
            )
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and part.file_size > MAX_PART_BYTES:
            raise InputError(
                f"{path.name}: "
                + bilingual(
                    f"thấy {part.file_size / 2**20:.0f} MB trong {part.filename}, cần nhiều nhất "
                    f"{MAX_PART_BYTES // 2**20} MB",
                    f"found {part.file_size / 2**20:.0f} MB in {part.filename}, expected at most "
                    f"{MAX_PART_BYTES // 2**20} MB; this is no monthly workbook",
                )
            )
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "thấy macro, cần bảng tính không macro; lưu lại thành .xlsx rồi gửi lại",
                "found macros, expected a workbook without; save it as .xlsx",
            )
        )


def _tabs(path: Path, archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], datetime]:
    """Names and parts of the visible worksheets in tab order, and day zero of the workbook's dates."""
    targets = {
        relation.attrib["Id"]: relation.attrib["Target"]
        for relation in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if relation.attrib["Type"].endswith("/worksheet")
    }
    tabs, day_zero = [], datetime(1899, 12, 30)
    for element in _elements(archive, "xl/workbook.xml", "sheet", "workbookPr"):
        if _tag(element) == "workbookPr":
            if element.attrib.get("date1904") in ("1", "true"):
                day_zero = datetime(1904, 1, 1)
            continue
        relation = next((text for key, text in element.attrib.items() if key.endswith("}id")), "")
        if relation in targets and element.attrib.get("state", "visible") == "visible":
            target = targets[relation]
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            tabs.append((element.attrib["name"], part))
    if not tabs:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "không có trang nào hiện, cần các bảng của tháng",
                "found no visible sheet, expected the tables of the month",
            )
        )
    return tabs, day_zero


def _texts(path: Path, archive: zipfile.ZipFile) -> list[str]:
    texts: list[str] = []
    for element in _elements(archive, "xl/sharedStrings.xml", "si"):
        texts.append(_plain_text(element))
        if len(texts) > MAX_TEXTS:
            raise InputError(
                f"{path.name}: "
                + bilingual(
                    f"thấy hơn {MAX_TEXTS} đoạn chữ; không phải bảng của tháng",
                    f"found more than {MAX_TEXTS} texts; this is no monthly workbook",
                )
            )
    return texts


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """Format code of every cell style."""
    codes = dict(_BUILTIN_FORMATS)
    styles: list[str] = []
    for element in _elements(archive, "xl/styles.xml", "numFmt", "cellXfs"):
        if _tag(element) == "numFmt":
            codes[int(element.attrib["numFmtId"])] = element.attrib.get("formatCode", "General")
        else:
            styles = [codes.get(int(style.attrib.get("numFmtId", 0)), "General") for style in element]
    return styles


def _grid(name: str, stream: IO[bytes], book: _Book) -> Sheet:
    sheet = Sheet(name)
    row, column = 0, 0
    hidden: set[int] = set()
    hidden_row = False
    for event, element in _events(stream, ("c", "col", "mergeCell"), opened="row"):
        if event == "start":
            row, column = int(element.attrib.get("r", row + 1)), 0
            hidden_row = _is_hidden(element)
        elif _tag(element) == "col":
            if _is_hidden(element):
                last = min(int(element.attrib["max"]), MAX_COLUMNS)
                hidden |= set(range(int(element.attrib["min"]), last + 1))
        elif _tag(element) == "mergeCell":
            sheet.merged.append(_area(element.attrib["ref"]))
        else:
            row, column = _position(element, row, column)
            if column > MAX_COLUMNS or column in hidden or hidden_row or (cell := _cell(element, book)) is None:
                continue
            if row > MAX_ROWS:
                sheet.longer = True
                break
            sheet.cells[row, column] = cell
    return sheet


def _is_hidden(element: Element) -> bool:
    """Whether a row or a range of columns is hidden: what nobody sees was not published."""
    return element.attrib.get("hidden") in ("1", "true")


def _cell(element: Element, book: _Book) -> Cell | None:
    formula = any(_tag(child) == "f" for child in element)
    stored = next((child.text for child in element if _tag(child) == "v" and child.text), None)
    kind = element.attrib.get("t", "n")
    if kind == "inlineStr":
        stored = _plain_text(element)
    elif kind == "s" and stored is not None:
        stored = book.texts[int(stored)]
    if stored is None:
        return Cell(NO_RESULT, formula=True) if formula else None
    if kind != "n":
        text = str(bool(int(stored))) if kind == "b" else stored
        return Cell(text, formula=formula) if text.strip() else None
    code = book.formats[int(element.attrib.get("s", 0))] if book.formats else "General"
    number = float(stored)
    if is_date_format(code):
        return Cell(day_text(book.day_zero + timedelta(days=number)), formula=formula)
    return Cell(number * 100 if is_percent_format(code) else number, format_digits(code), formula)


def _position(element: Element, row: int, column: int) -> tuple[int, int]:
    """Row and column of a cell; a cell without reference follows the one before."""
    found = _REFERENCE.fullmatch(element.attrib.get("r", ""))
    return (int(found[2]), column_number(found[1])) if found else (row, column + 1)


def _area(reference: str) -> tuple[int, int, int, int]:
    corners = [(int(found[2]), column_number(found[1])) for found in _REFERENCE.finditer(reference)]
    return (*corners[0], *corners[-1])


def _plain_text(element: Element) -> str:
    """The text of a plain or rich string."""
    return "".join(child.text for child in element.iter() if _tag(child) == "t" and child.text)


def _elements(archive: zipfile.ZipFile, part: str, *tags: str) -> Iterator[Element]:
    """Complete elements of the given tags of a part; none where the part is absent."""
    if part in archive.namelist():
        with archive.open(part) as stream:
            yield from (element for _, element in _events(stream, tags))


def _events(stream: IO[bytes], tags: tuple[str, ...], opened: str = "") -> Iterator[tuple[str, Element]]:
    """Complete elements with the given tags, and the openings of one more; all that is done with is dropped at once."""
    path: list[Element] = []
    depth = nested = 0
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        wanted = _tag(element) in tags
        if event == "start":
            path.append(element)
            depth += wanted
            nested = nested + 1 if depth else 0
            if nested > MAX_NESTED:
                raise ValueError(f"more than {MAX_NESTED} elements in one")
            if _tag(element) == opened:
                yield event, element
            continue
        path.pop()
        depth -= wanted
        if wanted:
            yield event, element
        if not depth and path:
            path[-1].remove(element)


def _tag(element: Any) -> str:
    """Local name of an element, whatever the namespace (transitional or strict)."""
    return str(element.tag).rpartition("}")[2]

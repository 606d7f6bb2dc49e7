"""An .xlsx file (Office Open XML) → its visible sheets, streamed so that a hostile file cannot fill the memory.

openpyxl reads either whole sheets into memory or streams them without merged cells and without telling a formula from
its result; a reader that must be bounded and needs all three keeps to the few elements of the format that it uses.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException

from bn_analysis.cleaning.workbook.files.budget import Budget
from bn_analysis.cleaning.workbook.files.budget import local_name as _tag
from bn_analysis.cleaning.workbook.files.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    NO_RESULT,
    Cell,
    Sheet,
    TooMuchError,
    check_format,
    column_number,
    day_text,
    format_digits,
    found_expected,
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

MAX_PARTS = 10_000
MAX_MERGED = 1_000
"""Merged areas of a sheet; the most met are 51."""

_BUILTIN_FORMATS = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0"}
_BUILTIN_FORMATS |= {38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00"}
_BUILTIN_FORMATS |= {44: "#,##0.00", **dict.fromkeys((*range(14, 18), 22), "d/m/yyyy")}
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, IndexError, ValueError, OverflowError,
    NotImplementedError, OSError, lzma.LZMAError,
)  # fmt: skip
"""What a damaged or made-up file makes the unpacking, the parser and the conversions raise."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a workbook, and what may still be read of them."""

    archive: zipfile.ZipFile
    budget: Budget

    def elements(self, part: str, *tags: str) -> Iterator[Element]:
        """Complete elements of the given tags of a part; none where the part is absent."""
        if part in self.archive.namelist():
            with self.archive.open(part) as stream:
                for event, element in self.budget.events(stream, tags):
                    if event == "end" and _tag(element) in tags:
                        yield element


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
            parts = _Parts(archive, Budget())
            tabs, day_zero = _tabs(path, parts)
            book = _Book(_texts(parts), _formats(parts), day_zero)
            for name, part in tabs:
                with archive.open(part) as stream:
                    sheet = _grid(name, stream, book, parts.budget)
                yield sheet
    except TooMuchError as error:
        raise InputError(f"{path.name}: {error}") from None
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
    if len(parts) > MAX_PARTS:
        raise _too_many(MAX_PARTS, "phần trong tệp", "parts")
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


def _too_many(most: int, vi: str, en: str) -> TooMuchError:
    wanted_en = f"at most {most}; this is no monthly workbook"
    return TooMuchError(
        found_expected((f"hơn {most} {vi}", f"nhiều nhất {most}"), (f"more than {most} {en}", wanted_en))
    )


def _tabs(path: Path, parts: _Parts) -> tuple[list[tuple[str, str]], datetime]:
    """Names and parts of the visible worksheets in tab order, and day zero of the workbook's dates."""
    targets = {
        relation.attrib["Id"]: relation.attrib["Target"]
        for relation in parts.elements("xl/_rels/workbook.xml.rels", "Relationship")
        if relation.attrib["Type"].endswith("/worksheet")
    }
    tabs, day_zero = [], datetime(1899, 12, 30)
    for element in parts.elements("xl/workbook.xml", "sheet", "workbookPr"):
        if _tag(element) == "workbookPr":
            if element.attrib.get("date1904") in ("1", "true"):
                day_zero = datetime(1904, 1, 1)
            continue
        relation = next((text for key, text in element.attrib.items() if key.endswith("}id")), "")
        if relation in targets and element.attrib.get("state", "visible") == "visible":
            target = targets[relation]
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            tabs.append((element.attrib["name"], part))
            if len(tabs) > MAX_SHEETS:
                raise _too_many(MAX_SHEETS, "trang", "sheets")
    if not tabs:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "không có trang nào hiện, cần các bảng của tháng",
                "found no visible sheet, expected the tables of the month",
            )
        )
    return tabs, day_zero


def _texts(parts: _Parts) -> list[str]:
    texts: list[str] = []
    for element in parts.elements("xl/sharedStrings.xml", "si"):
        texts.append(_plain_text(element))
        if len(texts) > MAX_TEXTS:
            raise _too_many(MAX_TEXTS, "đoạn chữ", "texts")
    return texts


def _formats(parts: _Parts) -> list[str]:
    """Format code of every cell style."""
    codes = dict(_BUILTIN_FORMATS)
    styles: list[str] = []
    for element in parts.elements("xl/styles.xml", "numFmt", "cellXfs"):
        if _tag(element) == "numFmt":
            codes[int(element.attrib["numFmtId"])] = check_format(element.attrib.get("formatCode", "General"))
        else:
            styles = [codes.get(int(style.attrib.get("numFmtId", 0)), "General") for style in element]
    return styles


def _grid(name: str, stream: IO[bytes], book: _Book, budget: Budget) -> Sheet:
    sheet = Sheet(name)
    row, column = 0, 0
    hidden: set[int] = set()
    hidden_row = False
    for event, element in budget.events(stream, ("c", "col", "mergeCell")):
        tag = _tag(element)
        if event == "start" and tag == "row":
            row, column = int(element.attrib.get("r", row + 1)), 0
            hidden_row = _is_hidden(element)
        elif event == "start":
            continue
        elif tag == "col":
            if _is_hidden(element):
                last = min(int(element.attrib["max"]), MAX_COLUMNS)
                hidden |= set(range(int(element.attrib["min"]), last + 1))
        elif tag == "mergeCell":
            sheet.merged.append(_area(element.attrib["ref"]))
            if len(sheet.merged) > MAX_MERGED:
                raise _too_many(MAX_MERGED, "ô gộp", "merged areas")
        elif tag == "c":
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

"""An .ods file (OpenDocument) → its visible sheets, streamed like an .xlsx; nothing in the file is run."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException

from bn_analysis.cleaning.workbook.files.budget import Budget
from bn_analysis.cleaning.workbook.files.budget import local_name as _tag
from bn_analysis.cleaning.workbook.files.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    NO_RESULT,
    Cell,
    Sheet,
    TooMuchError,
    day_text,
)
from bn_analysis.cleaning.workbook.files.values import printed_value
from bn_analysis.errors import InputError, bilingual

MAX_CONTENT_BYTES = 96 * 2**20
"""The table part; the form as .ods has 30 KB."""
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, ParseError, EOFError, KeyError, IndexError, ValueError,
    NotImplementedError, OSError,
)  # fmt: skip


def ods_sheets(path: Path) -> Iterator[Sheet]:
    """Visible sheets of an .ods file; raises InputError as `visible_sheets` says."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path, archive)
            with archive.open("content.xml") as stream:
                yield from _sheets(stream)
    except TooMuchError as error:
        raise InputError(f"{path.name}: {error}") from None
    except DefusedXmlException:
        raise InputError(
            f"{path.name}: " + bilingual("thấy thực thể XML, cần XML thường", "found XML entities, expected plain XML")
        ) from None
    except _DAMAGE as error:
        raise InputError(
            f"{path.name}: "
            + bilingual(f"thấy tệp .ods hỏng ({error}), cần tệp nguyên vẹn; lấy lại tệp",
                        f"found a damaged .ods file ({error}), expected a whole one; fetch it again")
        ) from None  # fmt: skip
    except RuntimeError:  # zipfile's way to say that a member needs a password
        raise _protected(path) from None


def _protected(path: Path) -> InputError:
    return InputError(
        f"{path.name}: "
        + bilingual("thấy tệp có mật khẩu, cần tệp mở được; bỏ mật khẩu",
                    "found a password-protected workbook, expected an open one; remove the password")
    )  # fmt: skip


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    if "META-INF/manifest.xml" in archive.namelist():
        with archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(MAX_CONTENT_BYTES):
                raise _protected(path)
    if archive.getinfo("content.xml").file_size > MAX_CONTENT_BYTES:
        raise InputError(
            f"{path.name}: "
            + bilingual(f"thấy nội dung quá lớn, cần nhiều nhất {MAX_CONTENT_BYTES // 2**20} MB",
                        f"found too large a content, expected at most {MAX_CONTENT_BYTES // 2**20} MB unpacked")
        )  # fmt: skip
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist()):
        raise InputError(
            f"{path.name}: "
            + bilingual("thấy macro, cần bảng tính không macro; lưu lại thành .xlsx",
                        "found macros, expected a workbook without; save it as .xlsx")
        )  # fmt: skip


def _sheets(stream: Any) -> Iterator[Sheet]:
    """Sheets one by one."""
    hidden_styles: set[str] = set()
    style = ""
    sheet: Sheet | None = None
    shown = True
    row = 0
    hidden_columns: set[int] = set()
    columns = 0
    for event, element in Budget().events(stream, ("table-row",)):
        tag = _tag(element)
        if event == "start":
            if tag == "style":
                style = _attribute(element, "name")
            elif tag == "table":
                sheet, row, columns, hidden_columns = Sheet(_attribute(element, "name")), 0, 0, set()
                shown = _attribute(element, "style-name") not in hidden_styles
            continue
        if tag == "table-properties" and _attribute(element, "display") == "false":
            hidden_styles.add(style)
        elif tag == "table-column" and sheet is not None:
            count = _count(element, "number-columns-repeated")
            if _attribute(element, "visibility") in ("collapse", "filter"):
                hidden_columns |= set(range(columns + 1, min(columns + count, MAX_COLUMNS) + 1))
            columns += count
        elif tag == "table-row" and sheet is not None:
            repeated = _count(element, "number-rows-repeated")
            if _attribute(element, "visibility") not in ("collapse", "filter"):
                _add_row(sheet, row + 1, element, hidden_columns)
            row += repeated
        elif tag == "table" and sheet is not None:
            if shown:
                yield sheet
            sheet = None


def _add_row(sheet: Sheet, row: int, element: Element, hidden_columns: set[int]) -> None:
    column = 0
    for child in element:
        if _tag(child) not in ("table-cell", "covered-table-cell"):
            continue
        repeated = _count(child, "number-columns-repeated")
        cell = _cell(child) if _tag(child) == "table-cell" else None
        for place in ((row, at) for at in range(column + 1, min(column + repeated, MAX_COLUMNS) + 1)):
            if cell is None or place[1] in hidden_columns:
                continue
            if row > MAX_ROWS:
                sheet.longer = True
                return
            sheet.cells[place] = cell
        down, across = _count(child, "number-rows-spanned"), _count(child, "number-columns-spanned")
        if down * across > 1:
            sheet.merged.append((row, column + 1, row + down - 1, column + across))
        column += repeated


def _cell(element: Element) -> Cell | None:
    kind, formula = _attribute(element, "value-type"), bool(_attribute(element, "formula"))
    paragraphs = [child for child in element if _tag(child) == "p"]
    text = " ".join("".join(paragraph.itertext()) for paragraph in paragraphs)
    if kind in ("float", "percentage", "currency"):
        value = printed_value(text)
        number = float(_attribute(element, "value"))
        return Cell(number * 100 if kind == "percentage" else number, value.decimals if value else None, formula)
    if kind == "date":
        return Cell(day_text(datetime.fromisoformat(_attribute(element, "date-value")[:10])), formula=formula)
    if not text.strip():
        return Cell(NO_RESULT, formula=True) if formula else None
    return Cell(text, formula=formula)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _count(element: Element, name: str) -> int:
    text = _attribute(element, name)
    return int(text) if text.isdigit() else 1

"""An .xls file (BIFF) → its visible sheets, loaded one by one through xlrd; nothing in the file is run."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT, error_text_from_code
from xlrd.compdoc import CompDoc, CompDocError

from bn_analysis.cleaning.workbook.files.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Sheet,
    TooMuchError,
    check_format,
    day_text,
    format_digits,
    is_percent_format,
)
from bn_analysis.errors import InputError, bilingual

_PROTECTED = (
    "thấy tệp có mật khẩu, cần tệp mở được; bỏ mật khẩu",
    "found a password-protected workbook, expected an open one; remove the password",
)
_SUPBOOK = 0x01AE
_OWN_SHEETS = (b"\x01\x04", b"\x01\x3a")
"""Marks of a record of sheets in the book itself, and of functions of add-ins."""


def xls_sheets(path: Path) -> Iterator[Sheet]:
    """Visible sheets of an .xls file; raises InputError as `visible_sheets` says."""
    _check_streams(path)
    with _open(path) as book:
        for index in range(book.nsheets):
            try:
                sheet = book.sheet_by_index(index)
                grid = _grid(book, sheet) if sheet.visibility == 0 else None
            except TooMuchError as error:
                raise InputError(f"{path.name}: {error}") from None
            except Exception as error:  # xlrd raises many kinds on a damaged sheet
                raise _damaged(path, error) from None
            book.unload_sheet(index)
            if grid is not None:
                yield grid


def _check_streams(path: Path) -> None:
    """An OLE file says by its streams whether it is encrypted or carries macros."""
    try:
        names = {entry.name for entry in CompDoc(path.read_bytes(), logfile=_Silent()).dirlist}
    except (CompDocError, IndexError, ValueError, AssertionError, RecursionError, struct.error) as error:
        raise _damaged(path, error) from None
    if "EncryptedPackage" in names:
        raise InputError(f"{path.name}: " + bilingual(*_PROTECTED))
    if names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros"}:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "thấy macro, cần bảng tính không macro; lưu lại thành .xlsx rồi gửi lại",
                "found macros, expected a workbook without; save it as .xlsx",
            )
        )


def _open(path: Path) -> Any:
    try:
        return xlrd.open_workbook(path, logfile=_Silent(), formatting_info=True, on_demand=True, ragged_rows=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise InputError(f"{path.name}: " + bilingual(*_PROTECTED)) from None
        raise _damaged(path, error) from None
    except Exception as error:  # a damaged file fails in struct, codecs, indexing…
        raise _damaged(path, error) from None


def _grid(book: Any, sheet: Any) -> Sheet:
    grid = Sheet(sheet.name)
    grid.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    hidden = {column for column, look in sheet.colinfo_map.items() if look.hidden}
    for row in range(sheet.nrows):
        if row in sheet.rowinfo_map and sheet.rowinfo_map[row].hidden:
            continue  # what nobody sees was not published
        for column in range(min(sheet.row_len(row), MAX_COLUMNS)):
            if column in hidden:
                continue
            cell = _cell(book, sheet, row, column)
            if cell is None:
                continue
            if row >= MAX_ROWS:
                grid.longer = True
                return grid
            grid.cells[row + 1, column + 1] = cell
    return grid


def _cell(book: Any, sheet: Any, row: int, column: int) -> Cell | None:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == XL_CELL_TEXT:
        return Cell(value) if value.strip() else None
    if kind == XL_CELL_NUMBER:
        code = check_format(book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str)
        return Cell(value * 100 if is_percent_format(code) else value, format_digits(code))
    if kind == XL_CELL_DATE:
        return Cell(day_text(xlrd.xldate_as_datetime(value, book.datemode)))
    if kind == XL_CELL_BOOLEAN:
        return Cell(str(bool(value)))
    return Cell(error_text_from_code.get(value, "an error")) if kind == XL_CELL_ERROR else None


def _damaged(path: Path, error: Exception) -> InputError:
    if _has_external_links(path):
        return InputError(
            f"{path.name}: "
            + bilingual(
                "thấy tệp .xls có liên kết sang tệp khác, cần bảng tính không liên kết;"
                " cắt liên kết, lưu lại thành .xlsx",
                "found an .xls file with links to other files, expected one without; break the links, save it as .xlsx",
            )
        )
    return InputError(
        f"{path.name}: "
        + bilingual(
            f"thấy tệp .xls hỏng ({error}), cần tệp nguyên vẹn; lấy lại tệp hoặc lưu lại thành .xlsx",
            f"found a damaged .xls file ({error}), expected a whole one; fetch it again",
        )
    )


def _has_external_links(path: Path) -> bool:
    """Whether the workbook's records name another file; xlrd breaks on some that LibreOffice writes."""
    try:
        book = CompDoc(path.read_bytes(), logfile=_Silent()).get_named_stream("Workbook") or b""
    except Exception:  # whatever else is broken, the first reason stands
        return False
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == _SUPBOOK and size > len(_OWN_SHEETS) and book[at + 6 : at + 8] not in _OWN_SHEETS:
            return True
        at += 4 + size
    return False


class _Silent:
    """Takes the place of xlrd's log, which would print to the user's terminal."""

    def write(self, text: str) -> int:
        return len(text)

"""An .xls file (BIFF) → its visible sheets, loaded one by one through xlrd; nothing in the file is run."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT, error_text_from_code
from xlrd.compdoc import CompDoc, CompDocError

from bn_analysis.cleaning.workbook.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Sheet,
    day_text,
    format_digits,
    is_percent_format,
)
from bn_analysis.errors import InputError


def xls_sheets(path: Path) -> Iterator[Sheet]:
    """Visible sheets of an .xls file; raises InputError as `visible_sheets` says."""
    _check_streams(path)
    with _open(path) as book:
        for index in range(book.nsheets):
            try:
                sheet = book.sheet_by_index(index)
                grid = _grid(book, sheet) if sheet.visibility == 0 else None
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
        raise InputError(f"{path.name}: found a password-protected workbook, expected an open one; remove the password")
    if names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros"}:
        raise InputError(f"{path.name}: found macros, expected a workbook without; save it as .xlsx")


def _open(path: Path) -> Any:
    try:
        return xlrd.open_workbook(path, logfile=_Silent(), formatting_info=True, on_demand=True, ragged_rows=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise InputError(
                f"{path.name}: found a password-protected workbook, expected an open one; remove the password"
            ) from None
        raise _damaged(path, error) from None
    except Exception as error:  # a damaged file fails in struct, codecs, indexing…
        raise _damaged(path, error) from None


def _grid(book: Any, sheet: Any) -> Sheet:
    grid = Sheet(sheet.name)
    grid.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    for row in range(sheet.nrows):
        for column in range(min(sheet.row_len(row), MAX_COLUMNS)):
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
        code = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
        return Cell(value * 100 if is_percent_format(code) else value, format_digits(code))
    if kind == XL_CELL_DATE:
        return Cell(day_text(xlrd.xldate_as_datetime(value, book.datemode)))
    if kind == XL_CELL_BOOLEAN:
        return Cell(str(bool(value)))
    return Cell(error_text_from_code.get(value, "an error")) if kind == XL_CELL_ERROR else None


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"{path.name}: found a damaged .xls file ({error}), expected a whole one; fetch it again")


class _Silent:
    """Takes the place of xlrd's log, which would print to the user's terminal."""

    def write(self, text: str) -> int:
        return len(text)

"""A workbook file → its visible sheets, whichever kind of workbook it is."""

from collections.abc import Iterator
from pathlib import Path

from bn_analysis.cleaning.workbook.grid import MAX_FILE_BYTES, Sheet
from bn_analysis.errors import InputError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


_ZIP = b"PK\x03\x04"


def visible_sheets(path: Path) -> Iterator[Sheet]:
    """The visible sheets of a workbook, in order.

    Parameters
    ----------
    path : pathlib.Path
        An ``.xls`` (BIFF) or ``.xlsx`` (Office Open XML) file; the content decides, not the name.

    Raises
    ------
    InputError
        No such file, too large, no workbook (an HTML page, for example), password-protected, with macros, damaged, or
        built to exhaust memory. Links to other files and XML entities are never followed.
    """
    from bn_analysis.cleaning.workbook.xls import xls_sheets
    from bn_analysis.cleaning.workbook.xlsx import xlsx_sheets

    start = _first_bytes(path)
    if start.startswith(_ZIP):
        return xlsx_sheets(path)
    if start.startswith(_OLE):
        return xls_sheets(path)
    raise InputError(f"{path.name}: found {_looks_like(start)}, expected an .xlsx or .xls workbook; save it as one")


def _first_bytes(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected an .xlsx or .xls workbook")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError(f"{path.name}: found {size / 2**20:.0f} MB, expected at most {MAX_FILE_BYTES // 2**20} MB")
    with path.open("rb") as stream:
        return stream.read(512)


def _looks_like(start: bytes) -> str:
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith((b"<!doctype", b"<html", b"<table", b"<meta")) or b"<html" in text:
        return "an HTML page"
    if not start:
        return "an empty file"
    return "an XML text" if text.startswith(b"<?xml") else "another kind of file"

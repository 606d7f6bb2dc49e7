"""A file of tables → its visible sheets, of whichever kind by its content; other kinds are named with a way out."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from bn_analysis.cleaning.confined import confined
from bn_analysis.cleaning.workbook.files.grid import MAX_FILE_BYTES, MAX_SHEETS, Sheet, found_expected
from bn_analysis.errors import InputError, bilingual

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_END, _LARGE_END = b"PK\x05\x06", b"PK\x06\x06"
_FIRST, _LAST = 4096, 70_000
ARCHIVE_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, ValueError, NotImplementedError, EOFError,
)  # fmt: skip
"""What a damaged archive makes zipfile raise; an offset before its start is an OSError."""
MOST_LISTED = 2**20
"""Bytes of an archive's list of its parts; a monthly workbook has up to 7,000."""
USUAL_BYTES = 6 * 2**20
"""Unpacked: the monthly workbooks have up to 5 MB; a larger file is read in a process of its own."""
_CONFINED = ("xls", "html")
"""Kinds whose readers cannot be bounded from outside."""
MAX_LETTERS = 1_000_000
"""Of a workbook; the most met are 34,000."""
_PROPERTIES = 65536
_SAVE_VI, _SAVE_EN = "mở tệp rồi lưu lại thành .xlsx và gửi lại", "open it, save it as .xlsx and hand it in again"
_DOCUMENT_VI = "bảng tính .xlsx; văn bản này chuyển cho bộ đọc văn bản (.docx, .pdf) hoặc chép bảng sang .xlsx"
_DOCUMENT_EN = "an .xlsx workbook; this goes to the reader of documents (.docx, .pdf), or copy its table into an .xlsx"
OTHER_KINDS: dict[str, tuple[str, str, str, str]] = {
    "docx": ("một văn bản Word (.docx)", _DOCUMENT_VI, "a Word document (.docx)", _DOCUMENT_EN),
    "doc": (
        "một văn bản Word cũ (.doc)", "bản .docx; mở bằng Word, lưu thành .docx",
        "an old Word document (.doc)", "a .docx; open it in Word and save it as .docx",
    ),
    "pdf": ("một tệp PDF", _DOCUMENT_VI, "a PDF", _DOCUMENT_EN),
    "rtf": (
        "một văn bản RTF", "bản .docx; mở bằng Word, lưu thành .docx",
        "an RTF text", "a .docx; save it so in Word",
    ),
    "odt": (
        "một văn bản OpenDocument (.odt)", "bản .docx; lưu thành .docx",
        "an OpenDocument text (.odt)", "a .docx; save it so",
    ),
    "xlsb": ("một bảng tính nhị phân (.xlsb)", _SAVE_VI, "a binary workbook (.xlsb)", _SAVE_EN),
    "xml": ("một bảng tính XML 2003", _SAVE_VI, "an XML spreadsheet of 2003", _SAVE_EN),
    "mht": ("một trang web lưu thành một tệp (.mht)", _SAVE_VI, "a web page in one file (.mht)", _SAVE_EN),
    "image": (
        "một ảnh chụp", "bảng tính có chữ và số; gõ lại vào biểu mẫu (ingest --template)",
        "a picture", "a workbook of text and numbers; type them into the form (ingest --template)",
    ),
    "pptx": ("một tệp trình chiếu", _SAVE_VI, "slides", _SAVE_EN),
    "zip": ("một tệp nén", "bảng tính; giải nén trước", "an archive", "a workbook; unpack it first"),
    "empty": ("một tệp rỗng", "bảng tính .xlsx, .xls, .ods hoặc .csv", "an empty file", "a workbook"),
    "unknown": ("một loại tệp lạ", f"bảng tính .xlsx, .xls, .ods hoặc .csv; {_SAVE_VI}", "another kind of file",
                f"an .xlsx, .xls, .ods or .csv workbook; {_SAVE_EN}"),
}  # fmt: skip
"""Kinds that are no table: found and expected, in Vietnamese and English."""


def visible_sheets(path: Path) -> Iterator[Sheet]:
    """The visible sheets of a workbook, in order.

    Parameters
    ----------
    path : pathlib.Path
        An ``.xlsx`` (Office Open XML), ``.xls`` (BIFF), ``.ods`` (OpenDocument) or ``.csv`` file, or a page of HTML
        tables under any of these names; the content decides, not the name.

    Raises
    ------
    InputError
        No such file, too large, of another kind (which is named, with the way out), password-protected, with macros,
        damaged, or built to exhaust memory. Links to other files and XML entities are never followed.
    """
    if why := no_table(path):
        raise InputError(f"{path.name}: {why}")
    kind = kind_of(path)
    if kind in _CONFINED or _unpacked(path) > USUAL_BYTES:
        yield from confined(sheets_here, path)
    else:
        yield from _sheets(path, kind)


def sheets_here(path: Path) -> list[Sheet]:
    """The visible sheets, without limits of memory and time: what an unusual file is given a process of its own for."""
    return list(_sheets(path, kind_of(path)))


def _sheets(path: Path, kind: str) -> Iterator[Sheet]:
    from bn_analysis.cleaning.workbook.files.ods import ods_sheets
    from bn_analysis.cleaning.workbook.files.plain_tables import csv_sheets, html_sheets
    from bn_analysis.cleaning.workbook.files.xls import xls_sheets
    from bn_analysis.cleaning.workbook.files.xlsx import xlsx_sheets

    readers = {"xlsx": xlsx_sheets, "xls": xls_sheets, "ods": ods_sheets, "html": html_sheets, "csv": csv_sheets}
    letters = 0
    for count, sheet in enumerate(readers[kind](path), start=1):
        letters += sum(len(cell.value) for cell in sheet.cells.values() if isinstance(cell.value, str))
        if count > MAX_SHEETS or letters > MAX_LETTERS:
            raise InputError(
                f"{path.name}: "
                + found_expected(
                    ("quá nhiều trang hoặc quá nhiều chữ", f"nhiều nhất {MAX_SHEETS} trang, {MAX_LETTERS} ký tự"),
                    ("too many sheets or letters", f"at most {MAX_SHEETS} sheets, {MAX_LETTERS} letters"),
                )
            )
        yield sheet


def _unpacked(path: Path) -> int:
    """Bytes of a file and, where it is an archive, of its XML parts as they say themselves."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            return size + sum(
                part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))
            )
    except ARCHIVE_DAMAGE:
        return size


def no_table(path: Path) -> str:
    """Why a file is of no kind that is read as tables, and the way out; empty where it is of one."""
    kind = kind_of(path)
    if kind not in OTHER_KINDS:
        return ""
    found_vi, wanted_vi, found_en, wanted_en = OTHER_KINDS[kind]
    return bilingual(f"thấy {found_vi}, cần {wanted_vi}", f"found {found_en}, expected {wanted_en}")


def kind_of(path: Path) -> str:
    """What a file is by its content: xlsx, xls, ods, html, csv, or one of the kinds that are no workbook.

    Raises
    ------
    InputError
        No such file, or too large.
    """
    start = _first_bytes(path)
    if start.startswith(_ZIP):
        _check_list(path)
        return _kind_of_zip(path)
    if start.startswith(_OLE):
        return _kind_of_ole(path)
    signatures = {b"%PDF": "pdf", b"{\\rtf": "rtf", b"\x89PNG": "image", b"\xff\xd8\xff": "image", b"GIF8": "image"}
    for signature, kind in signatures.items():
        if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(signature):
            return kind
    return _kind_of_text(start)


def properties(path: Path) -> str:
    """Title, subject and company that an Office file says of itself: a hint, never a proof."""
    parts = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
    try:
        with zipfile.ZipFile(path) as archive:
            found = [archive.open(part).read(_PROPERTIES) for part in parts if part in archive.namelist()]
    except ARCHIVE_DAMAGE:
        return ""
    return " ".join(re.sub(r"<[^>]*>", " ", text.decode("utf-8", errors="replace")) for text in found)


def _first_bytes(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"{path}: " + bilingual("không có tệp này", "no such file; expected a workbook"))
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                f"thấy {size / 2**20:.0f} MB, cần nhiều nhất {MAX_FILE_BYTES // 2**20} MB",
                f"found {size / 2**20:.0f} MB, expected at most {MAX_FILE_BYTES // 2**20} MB",
            )
        )
    with path.open("rb") as stream:
        return stream.read(_FIRST)


def _check_list(path: Path) -> None:
    """InputError where an archive lists more parts than any workbook or document has: each opening reads the list."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _LAST))
        last = stream.read()
    end = len(last) - 22 if last[-22:-18] == _END and last.endswith(b"\0\0") else last.rfind(_END)
    large = last[max(0, end - 76) : max(0, end - 20)]  # of archives with more parts than two bytes can count
    listed = large[40:48] if large.startswith(_LARGE_END) else last[end + 12 : end + 16]
    if end >= 0 and int.from_bytes(listed, "little") > MOST_LISTED:
        raise InputError(
            f"{path.name}: "
            + found_expected(
                ("quá nhiều phần trong tệp nén", f"danh mục nhiều nhất {MOST_LISTED // 2**20} MB"),
                ("too many parts in the archive", f"a list of at most {MOST_LISTED // 2**20} MB"),
            )
        )


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except ARCHIVE_DAMAGE:
        return "xlsx"  # its reader says what is damaged
    if mimetype:
        return "ods" if b"spreadsheet" in mimetype else "odt" if b"text" in mimetype else "unknown"
    parts = {"xl/workbook.bin": "xlsb", "word/document.xml": "docx", "ppt/presentation.xml": "pptx"}
    for part, kind in parts.items():
        if part in names:
            return kind
    return "xlsx" if any(name.startswith("xl/") for name in names) else "zip"


def _kind_of_ole(path: Path) -> str:
    """Streams of an OLE file are named in UTF-16 in its directory."""
    content = path.read_bytes()
    streams = {"WordDocument": "doc", "PowerPoint Document": "pptx"}
    return next((kind for name, kind in streams.items() if name.encode("utf-16-le") in content), "xls")


def _kind_of_text(start: bytes) -> str:
    if not start:
        return "empty"
    utf_16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = start.decode("utf-16" if utf_16 else "utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    low = text.lower()
    if low.startswith(("<!doctype html", "<html", "<table", "<meta")) or "<html" in low or "<table" in low:
        return "html"
    if low.startswith("<?xml"):
        return "xml" if "office:spreadsheet" in low else "unknown"
    if low.startswith("mime-version"):
        return "mht"
    lines = text.splitlines()[:-1] or text.splitlines()
    printable = all(letter.isprintable() or letter in "\r\n\t\ufffd" for letter in text) and "\x00" not in text
    return "csv" if printable and any(mark in line for line in lines for mark in ",;\t") else "unknown"

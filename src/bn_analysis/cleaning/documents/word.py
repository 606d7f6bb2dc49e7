"""A Word document (.docx) → its paragraphs and tables as they are seen: nothing deleted, struck out or hidden."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bn_analysis.cleaning.documents.content import Part, Passage, is_title, refused, under_title
from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.grid import MAX_COLUMNS, MAX_ROWS, Cell, Sheet
from bn_analysis.errors import bilingual

_MAX_UNPACKED = 60 * 2**20
"""Bytes of the parts that hold text; a report of sixty pages has 2 MB, pictures are not counted."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = (f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", _FALLBACK, f"{_W}txbxContent")
_HIDING = ("vanish", "strike", "dstrike")


def word_part(path: Path) -> Part:
    """The text and the tables of a .docx file.

    Raises
    ------
    InputError
        Damaged, with macros, with entities, or built to exhaust memory.
    """
    from docx import Document
    from lxml.etree import ErrorTypes

    _check(path)
    try:
        body = Document(str(path)).element.body
    except Exception as error:  # whatever a damaged or hostile file breaks in the reader
        if isinstance(error, MemoryError) or getattr(error, "code", None) == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None  # too large, not damaged: who gave the memory says so
        raise _damaged(path, error) from None
    part = Part()
    if any(True for _ in body.iter(f"{_W}ins", f"{_W}del")):
        part.doubts.append(
            f"{path.name}: "
            + bilingual("văn bản còn dấu sửa (Track Changes); đã đọc như đã chấp nhận mọi sửa đổi",
                        "the document has tracked changes; read as if all were accepted")
        )  # fmt: skip
    before: list[str] = []
    for block in _blocks(body):
        if block.tag == f"{_W}tbl":
            part.grids.append(under_title(_sheet(block, f"table {len(part.grids) + 1}"), before))
            before = []
        elif text := clean(_text(block)):
            part.passages.append(Passage(text, f"paragraph {len(part.passages) + 1}"))
            before.append(text)
            if not part.grids and is_title(text):
                part.titles.append(text)
    return part


def _check(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
                raise refused(
                    path,
                    "văn bản có macro; mở bằng Word, lưu thành .docx (không macro) rồi gửi lại",
                    "the document has macros; open it in Word and save it as .docx without them",
                )
            texts = [info for info in archive.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
            if sum(info.file_size for info in texts) > _MAX_UNPACKED or len(archive.infolist()) > 10_000:
                raise refused(
                    path,
                    f"văn bản giải nén ra hơn {_MAX_UNPACKED // 2**20} MB chữ; gửi riêng phần có số liệu",
                    f"unpacks to more than {_MAX_UNPACKED // 2**20} MB of text; hand in the part with the figures",
                )
            for info in texts:
                if b"<!DOCTYPE" in archive.read(info) or b"<!ENTITY" in archive.read(info):
                    raise refused(
                        path,
                        "văn bản có khai báo thực thể XML, Word không ghi như vậy; lưu lại bằng Word",
                        "has declared XML entities, which Word never writes; save it again in Word",
                    )
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError, KeyError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> Exception:
    what = type(error).__name__
    return refused(
        path, f"văn bản hỏng ({what}); mở bằng Word, lưu lại thành .docx", f"a damaged document ({what}); save it again"
    )


def _blocks(body: Any) -> Iterator[Any]:
    """Paragraphs and outermost tables in the order of the page."""
    for element in body:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag not in _GONE:
            yield from _blocks(element)


def _text(element: Any) -> str:
    """The words of a paragraph or cell that are seen."""
    words: list[str] = []
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}r" and _is_hidden(child):
            continue
        if child.tag == f"{_W}t":
            words.append(child.text or "")
        elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            words.append(" ")
        elif child.tag == f"{_W}noBreakHyphen":
            words.append("-")
        else:
            words.append(_text(child))
        if child.tag == f"{_W}p":
            words.append(" ")
    return "".join(words)


def _is_hidden(run: Any) -> bool:
    marks = run.find(f"{_W}rPr")
    if marks is None:
        return False
    found = [marks.find(f"{_W}{name}") for name in _HIDING]
    return any(mark is not None and mark.get(f"{_W}val") not in ("0", "false") for mark in found)


def _sheet(table: Any, name: str) -> Sheet:
    """A table as a grid; cells merged across or down hold their text once."""
    sheet = Sheet(name)
    tops: dict[int, tuple[int, int]] = {}
    rows = [row for row in table.iter(f"{_W}tr") if _own(row, table)]
    sheet.longer = len(rows) > MAX_ROWS
    for number, row in enumerate(rows[:MAX_ROWS], start=1):
        column = 1 + _number(row.find(f"{_W}trPr"), "gridBefore", 0)
        for cell in (cell for cell in row.iter(f"{_W}tc") if _own(cell, table)):
            marks = cell.find(f"{_W}tcPr")
            span = max(1, _number(marks, "gridSpan", 1))
            down = marks.find(f"{_W}vMerge") if marks is not None else None
            if down is not None and down.get(f"{_W}val") != "restart" and column in tops:
                top, last = tops[column]
                sheet.merged = [area for area in sheet.merged if area[:2] != (top, column)]
                sheet.merged.append((top, column, number, last))
            elif column <= MAX_COLUMNS:
                tops[column] = (number, column + span - 1)
                if text := clean(_text(cell)):
                    sheet.cells[number, column] = Cell(text)
                if span > 1:
                    sheet.merged.append((number, column, number, column + span - 1))
            column += span
    return sheet


def _own(element: Any, table: Any) -> bool:
    """Whether a row or cell is of this table, not of one inside a cell."""
    return next(above for above in element.iterancestors() if above.tag == f"{_W}tbl") is table


def _number(marks: Any, name: str, default: int) -> int:
    found = marks.find(f"{_W}{name}") if marks is not None else None
    text = found.get(f"{_W}val") if found is not None else None
    return min(int(text), MAX_COLUMNS) if text and text.isdigit() else default

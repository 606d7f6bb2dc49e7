"""A PDF with text → its paragraphs and tables; a table that goes over pages is one table."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bn_analysis.cleaning.documents.content import Part, Passage, is_title, refused, under_title
from bn_analysis.cleaning.documents.prose.text import goes_on
from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.grid import MAX_COLUMNS, MAX_ROWS, Cell, Sheet
from bn_analysis.errors import bilingual

MOST_PAGES = 200
_EDGE = 3.0
"""Points by which edges of one column may differ."""
_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*[-–]?\s*\d{1,4}\s*(?:[-–]|/\s*\d{1,4})?", re.IGNORECASE)
_RUNNING = 3
"""A first or last line of so many pages is a running head."""


@dataclass(slots=True)
class _Line:
    text: str
    left: float
    right: float
    top: float


@dataclass(slots=True)
class _Drawn:
    """A table as drawn: rows of cells (column, text, columns and rows covered), edges of columns, pages of rows."""

    rows: list[list[tuple[int, str, int, int]]]
    edges: list[float]
    top: float
    pages: list[int] = field(default_factory=list)


def pdf_part(path: Path) -> Part:
    """The text and the tables of a PDF.

    Raises
    ------
    InputError
        Encrypted, damaged, without text (a scan), or with too many pages.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    from bn_analysis.cleaning.documents.ink import seen

    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise refused(
                    path,
                    f"{len(pdf.pages)} trang, nhiều nhất {MOST_PAGES}; tách riêng các trang có số liệu",
                    f"{len(pdf.pages)} pages, at most {MOST_PAGES}; hand in the pages with the figures",
                )
            pages, hidden = [], {}
            for page in pdf.pages:
                shown, hidden[page.page_number] = seen(page)
                pages.append(_page(shown))
                page.close()
    except Exception as error:  # whatever a hostile PDF breaks in the reader
        if isinstance(error, type(refused(path, "", ""))):
            raise
        if (
            isinstance(error, PDFPasswordIncorrect)
            or isinstance(error.__cause__, PDFPasswordIncorrect)
            or (error.args and isinstance(error.args[0], PDFPasswordIncorrect))
        ):
            raise refused(
                path,
                "PDF có mật khẩu; mở bằng mật khẩu rồi in lại thành PDF, hoặc xin bản Word/Excel",
                "an encrypted PDF; print it to a PDF without password, or ask for the Word or Excel file",
            ) from None
        if isinstance(error, MemoryError):
            raise
        raise refused(
            path, f"PDF hỏng ({type(error).__name__}); xin bản Word hoặc Excel", "a damaged PDF; ask for another file"
        ) from None
    if not any(lines or tables for lines, tables in pages):
        raise refused(
            path,
            "bản quét (ảnh chụp), không có chữ để đọc; xin bản Word hoặc Excel, hoặc gõ số liệu vào biểu mẫu "
            "(ingest --template) hay lệnh bn-analysis add",
            "a scan: pictures without text; ask for the Word or Excel file, or type the figures into the form "
            "(ingest --template) or with bn-analysis add",
        )
    part = _part(path, pages)
    part.remarks += [
        f"{path.name}, trang {number}: "
        + bilingual(f"{count} chữ ẩn, không đọc", f"{count} letters that no reader sees, not read")
        for number, count in hidden.items()
        if count
    ]
    return part


def _page(page: Any) -> tuple[list[_Line], list[_Drawn]]:
    """Lines of text outside tables, and the tables."""
    found = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.rows[0].cells) > 1]
    tables = [_drawn(page, table) for table in found]
    boxes = [table.bbox for table in found]

    def outside(thing: dict[str, Any]) -> bool:
        if thing["object_type"] != "char":
            return True
        middle, height = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= middle <= x1 and top <= height <= bottom for x0, top, x1, bottom in boxes)

    lines = [
        _Line(text, line["x0"], line["x1"], line["top"])
        for line in page.filter(outside).extract_text_lines(return_chars=False)
        if (text := clean(line["text"])) and not _PAGE_NUMBER.fullmatch(text)
    ]
    return lines, tables


def _drawn(page: Any, table: Any) -> _Drawn:
    boxes = [cell for row in table.rows for cell in row.cells if cell]
    edges = _distinct([box[0] for box in boxes] + [max(box[2] for box in boxes)])
    tops = _distinct([box[1] for box in boxes] + [max(box[3] for box in boxes)])
    texts = table.extract()
    rows = []
    for row, words in zip(table.rows, texts, strict=True):
        cells = []
        for box, text in zip(row.cells, words, strict=True):
            if box:
                across = _index(edges, box[2]) - _index(edges, box[0])
                down = _index(tops, box[3]) - _index(tops, box[1])
                cells.append((_index(edges, box[0]) + 1, clean(text or ""), max(1, across), max(1, down)))
        rows.append(cells)
    return _Drawn(rows, edges, table.bbox[1], [page.page_number] * len(rows))


def _distinct(values: list[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _EDGE:
            kept.append(value)
    return kept


def _index(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - value))


def _part(path: Path, pages: list[tuple[list[_Line], list[_Drawn]]]) -> Part:
    often = Counter(text for lines, _ in pages for text in {line.text for line in (*lines[:1], *lines[-1:])})
    part, before, tables = Part(), list[str](), list[tuple[_Drawn, list[str]]]()
    open_table: _Drawn | None = None
    for number, (lines, drawn) in enumerate(pages, start=1):
        lines = [line for line in lines if not (line in (lines[0], lines[-1]) and often[line.text] >= _RUNNING)]
        if not lines and not drawn:
            part.remarks.append(
                f"{path.name}, trang {number}: "
                + bilingual("không có chữ (ảnh chụp?), không đọc", "no text (a picture?), not read")
            )
        right = max((line.right for line in lines), default=0.0)
        blocks: list[_Line | _Drawn] = sorted([*lines, *drawn], key=lambda block: block.top)
        last: _Line | None = None
        for block in blocks:
            if isinstance(block, _Drawn):
                if open_table is not None and _continues(open_table, block):
                    _append(open_table, block)
                else:
                    tables.append((block, before))
                    open_table, before = block, []
                last = None
                continue
            open_table = None
            if before and part.passages and (last is not None or number > 1) and _joins(last, block, before[-1], right):
                part.passages[-1] = Passage(f"{before[-1]} {block.text}", part.passages[-1].place)
                before[-1] = part.passages[-1].text
            else:
                before.append(block.text)
                count = sum(passage.place.startswith(f"page {number},") for passage in part.passages)
                part.passages.append(Passage(block.text, f"page {number}, paragraph {count + 1}"))
            last = block
    first = tables[0][1] if tables else [passage.text for passage in part.passages]
    part.titles = [text for text in first if is_title(text)]
    for number, (table, titles) in enumerate(tables, start=1):
        sheet = _sheet(table, f"table {number}")
        part.grids.append(under_title(sheet, titles, dict(enumerate(table.pages, start=1))))
    return part


def _joins(last: _Line | None, line: _Line, before: str, right: float) -> bool:
    """Whether a line goes on in the paragraph before: the last one was full, or its sentence is not at its end."""
    if goes_on(before, line.text):
        return True
    first = (line.right - line.left) * len(line.text.split(" ")[0]) / len(line.text)
    full = last is not None and last.right + first > right
    return full and not before.endswith((".", "!", "?", ":", ";")) and not is_numbered(line.text)


def is_numbered(text: str) -> bool:
    """Whether a line begins an item of a list, a section or an annex."""
    return re.match(r"(?:[-–+•*]|\d{1,2}[.)]|[a-zđ][.)]|[IVX]+\.|Biểu|Bảng|Phụ lục)(?:\s|$)", text) is not None


def _continues(table: _Drawn, more: _Drawn) -> bool:
    """Whether a table at the head of a page has the columns of the one at the foot of the page before."""
    return (
        more.pages[0] == table.pages[-1] + 1
        and len(table.edges) == len(more.edges)
        and all(abs(a - b) <= _EDGE for a, b in zip(table.edges, more.edges, strict=True))
    )


def _append(table: _Drawn, more: _Drawn) -> None:
    """Put the rows of the next page below: repeated headings left out, a row broken by the page joined again."""
    rows = list(zip(more.rows, more.pages, strict=True))
    same = 0
    while same < min(len(rows), len(table.rows)) and _texts(rows[same][0]) == _texts(table.rows[same]):
        same += 1
    rows = rows[same:]
    if rows and sum(bool(text) for text in _texts(rows[0][0])) == 1 and sum(map(bool, _texts(table.rows[-1]))) > 1:
        ((column, words),) = [(cell[0], cell[1]) for cell in rows[0][0] if cell[1]]
        above = table.rows[-1]
        for number, (at, text, across, down) in enumerate(above):
            if at == column and text and not text[-1].isdigit():
                above[number] = (at, f"{text} {words}", across, down)
                rows = rows[1:]
                break
    table.rows += [row for row, _ in rows]
    table.pages += [page for _, page in rows]


def _texts(row: list[tuple[int, str, int, int]]) -> list[str]:
    return [text for _, text, _, _ in row]


def _sheet(table: _Drawn, name: str) -> Sheet:
    sheet = Sheet(name, longer=len(table.rows) > MAX_ROWS)
    for number, row in enumerate(table.rows[:MAX_ROWS], start=1):
        for column, text, across, down in row:
            if column > MAX_COLUMNS:
                continue
            if text:
                sheet.cells[number, column] = Cell(text)
            if across > 1 or down > 1:
                sheet.merged.append((number, column, number + down - 1, column + across - 1))
    return sheet

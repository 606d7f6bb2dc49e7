"""A .csv text or a page of HTML tables → sheets of the words in its cells; figures stay text, as they were typed."""

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import islice, product
from pathlib import Path

from bn_analysis.cleaning.workbook.files.grid import MAX_COLUMNS, MAX_ROWS, Cell, Sheet
from bn_analysis.errors import InputError, bilingual

_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")
_MARKS = ";\t,"
_HIDDEN = frozenset({"script", "style", "comment", "template", "noscript"})


def csv_sheets(path: Path) -> Iterator[Sheet]:
    """The one table of a .csv file: semicolons, tabs or commas between the cells, whichever splits most."""
    text = _text(path)
    mark = max(_MARKS, key=lambda mark: sum(len(row) - 1 for row in _rows(path, text, mark)))
    rows = _rows(path, text, mark)
    sheet = Sheet("csv", longer=len(rows) > MAX_ROWS)
    for row, cells in enumerate(rows[:MAX_ROWS], start=1):
        for column, value in enumerate(cells[:MAX_COLUMNS], start=1):
            if value.strip():
                sheet.cells[row, column] = Cell(value.strip())
    yield sheet


def _rows(path: Path, text: str, mark: str) -> list[list[str]]:
    """The rows that are kept, and one more where there are more."""
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=mark), MAX_ROWS + 1))
    except csv.Error as error:
        raise InputError(
            f"{path.name}: " + bilingual(f"thấy tệp .csv hỏng ({error})", f"found a damaged .csv file ({error})")
        ) from None


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        f"{path.name}: "
        + bilingual("thấy bảng mã chữ lạ, cần UTF-8; lưu lại thành .xlsx", "found an unknown encoding, expected UTF-8")
    )


def html_sheets(path: Path) -> Iterator[Sheet]:
    """Each outermost table of a page; what is hidden or stands outside tables is not read."""
    sheets = tables_of(_text(path))
    if not sheets:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                "thấy một trang HTML không có bảng, cần bảng tính; mở rồi lưu lại thành .xlsx",
                "found an HTML page without tables, expected a workbook; open it and save it as .xlsx",
            )
        )
    yield from sheets


def tables_of(page: str) -> list[Sheet]:
    """The outermost tables of a text of HTML as grids."""
    parser = _Tables()
    parser.feed(page)
    parser.close()
    return parser.sheets


class _Tables(HTMLParser):
    """Fills a grid from the cells of outermost tables, spans included."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self.depth = self.row = self.column = self.hidden = 0
        self.taken: set[tuple[int, int]] = set()
        self.span = (1, 1)
        self.words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(Sheet(f"bảng {len(self.sheets) + 1}"))
                self.row, self.taken = 0, set()
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.row, self.column = self.row + 1, 0
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self.column += 1
            while (self.row, self.column) in self.taken:
                self.column += 1
            self.span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            hidden = "display:none" in (given.get("style") or "").replace(" ", "").lower()
            self.words = None if hidden else []
        elif tag in ("br", "p", "div") and self.words is not None:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "table":
            if self.depth == 1:
                self._end_cell()
            self.depth = max(0, self.depth - 1)
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.words is not None and not self.hidden:
            self.words.append(data)

    def _end_cell(self) -> None:
        if self.words is None:
            return
        text, (down, across) = " ".join("".join(self.words).split()), self.span
        self.words = None
        bottom, right = min(self.row + down - 1, MAX_ROWS), min(self.column + across - 1, MAX_COLUMNS)
        self.taken.update(product(range(self.row, bottom + 1), range(self.column, right + 1)))
        sheet = self.sheets[-1]
        if self.row > MAX_ROWS:
            sheet.longer = True
        elif text and self.column <= MAX_COLUMNS:
            sheet.cells[self.row, self.column] = Cell(text)
            if down * across > 1:
                sheet.merged.append((self.row, self.column, self.row + down - 1, self.column + across - 1))


def _span(text: str | None) -> int:
    return min(int(text), MAX_COLUMNS) if text and text.isdigit() and int(text) > 0 else 1

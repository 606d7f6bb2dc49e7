"""A sheet with a known title → what each of its rows and columns is: name, code, figure, heading, line, title again."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.grid import Cell, Place, Sheet
from bn_analysis.cleaning.workbook.tables.body import CODE_HEADINGS, is_code, is_number, name_column, with_numbers
from bn_analysis.cleaning.workbook.tables.headings import plain, read_heading
from bn_analysis.cleaning.workbook.tables.titles import Title, subject_of

_LEAST_FIGURES = 3
"""Fewer numbers below each other are no column of a table, unless the words above them are a heading of ours."""

_NUMBERED = 2
"""Columns that a row of column numbers (1, 2, 3 …) has at least."""

UNIT = ("don vi", "dvt", "unit")
"""How words begin that say the unit."""


class SheetRows:
    """The rows of one sheet below its title."""

    def __init__(self, file: str, sheet: Sheet, title: Title) -> None:
        self.file, self.title = file, title
        self.name_column = name_column(sheet, title)
        self.sheet = with_numbers(sheet, title, self.name_column)
        self.ignored = self._code_columns()
        self.value_columns = self._value_columns()

    def _code_columns(self) -> set[int]:
        """Columns of codes or of running numbers, by their heading or because nothing else stands in them."""
        below: dict[int, list[Cell]] = {}
        for (row, column), cell in sorted(self.sheet.cells.items()):
            if row > self.title.row and column != self.name_column:
                below.setdefault(column, []).append(cell)
        return {
            column
            for column, cells in below.items()
            if any(isinstance(cell.value, str) and plain(cell.value) in CODE_HEADINGS for cell in cells)
            or (
                len(cells) >= _LEAST_FIGURES
                and any(isinstance(cell.value, str) for cell in cells)
                and all(is_code(cell) or (column < self.name_column and is_number(cell)) for cell in cells)
            )
        }

    def _is_heading_row(self, row: int) -> bool:
        """Whether words stand over the columns in a row: over two or more, or such as only head a column."""
        cells = [self.sheet.cells.get((row, column)) or self._merged_cell(row, column) for column in self.value_columns]
        texts = [plain(cell.value) for cell in cells if cell is not None and isinstance(cell.value, str)]
        texts = [text for text in texts if text and not text.startswith(UNIT)]
        return (
            len(texts) > 1
            or any(read_heading(text) for text in texts)
            or any(re.search(r"\bthang\b|\bso voi\b|\bmonth\b", text) for text in texts)
        )

    def _value_columns(self) -> list[int]:
        counts: dict[int, int] = {}
        for (row, column), cell in self.sheet.cells.items():
            if row > self.title.row and column > self.name_column and column not in self.ignored and is_figure(cell):
                counts[column] = counts.get(column, 0) + 1
        return sorted(
            column
            for column, count in counts.items()
            if count >= _LEAST_FIGURES or read_heading(self._texts(column)) is not None
        )

    def _texts(self, column: int) -> str:
        """All words of a column below the title."""
        cells = ((row, self.sheet.cells.get((row, column))) for row in self.sheet.rows() if row > self.title.row)
        return " ".join(cell.value for _, cell in cells if cell is not None and isinstance(cell.value, str))

    def _blocks(self) -> Iterator[tuple[int, int, int]]:
        """Rows (title, first line, end) of the table and of its continuations on further printed pages."""
        again = (row for row in self.sheet.rows() if row > self.title.row + 1 and self._is_title(row))
        starts = [self.title.row, *again]
        ends = [*starts[1:], max(self.sheet.rows()) + 1]
        for start, end in zip(starts, ends, strict=True):
            body = next((row for row in range(start + 1, end) if self._is_line(row)), None)
            if body is None:
                raise self._place(start, self.name_column).error(
                    vi=("tiêu đề mà bên dưới không có dòng nào", "một bảng"),
                    en=("a title without lines below", "a table"),
                )
            yield start, body, end

    def _is_title(self, row: int) -> bool:
        return not self._is_line(row) and subject_of(self._name(row)) == self.title.subject

    def _is_line(self, row: int) -> bool:
        named = bool(self._name(row)) and any(self._is_number(row, column) for column in self.value_columns)
        return named and not self._is_numbering(row)

    def _is_numbering(self, row: int) -> bool:
        """A row that numbers the columns: A, 1, 2, 3."""
        cells = [self.sheet.cells.get((row, column)) for column in self.value_columns]
        numbers = [abs(cell.value) for cell in cells if cell is not None and not isinstance(cell.value, str)]
        steps = {after - before for before, after in pairwise(numbers)}
        return (
            len(numbers) >= _NUMBERED and numbers[0] in (1, 2, 3) and steps == {1} and len(self._name(row)) <= _NUMBERED
        )

    def _is_number(self, row: int, column: int) -> bool:
        cell = self.sheet.cells.get((row, column))
        return cell is not None and is_figure(cell)

    def _name(self, row: int) -> str:
        """The words left of the figures."""
        left = (column for column in range(1, self.value_columns[0]) if column not in self.ignored)
        texts = (self.sheet.cells.get((row, column)) for column in left)
        return clean(" ".join(cell.value for cell in texts if cell is not None and isinstance(cell.value, str)))

    def _place(self, row: int, column: int) -> Place:
        return Place(self.file, self.sheet.name, row, column)

    def _merged_cell(self, row: int, column: int) -> Cell | None:
        for top, left, _, right in self.sheet.merged:
            if top == row and self.name_column < left < column <= right:
                return self.sheet.cells.get((top, left))
        return None


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a figure: a number, unless it is the year of a heading broken over rows."""
    return not isinstance(cell.value, str) and not (cell.value.is_integer() and 2000 <= cell.value <= 2100)

"""A sheet with a known title → its table: columns with their headings, lines with their names, the figures between."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.grid import NO_RESULT, Cell, Place, Sheet
from bn_analysis.cleaning.workbook.headings import Heading, months_named, plain, read_heading
from bn_analysis.cleaning.workbook.titles import Title, subject_of

_LEAST_FIGURES = 3
"""Fewer numbers below each other are no column of a table, unless the words above them are a heading of ours."""

_NO_FIGURE = frozenset({"-", "–", "—", "…", "...", "..", ". .", "x"})
"""Signs that statistical tables print where there is no figure."""

Words = tuple[str, Place]
"""Words in a row without figures, and where they stand."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: its number in the sheet, what its heading says and where that stands."""

    number: int
    heading: Heading
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Line:
    """A line with figures: its name, the row, and the rows of words between the line above and this one."""

    name: str
    row: int
    place: Place
    above: tuple[Words, ...]


@dataclass(slots=True)
class Table:
    """One table as printed; ``figures`` holds the number in each (row, column), ``remarks`` what was odd on the way.

    ``below`` are the words under the last line: the rest of its name, or notes.
    """

    title: Title
    place: Place
    columns: list[Column]
    lines: list[Line]
    below: tuple[Words, ...]
    figures: dict[tuple[int, int], Cell]
    remarks: list[str]

    def place_of(self, row: int, column: int) -> Place:
        """Where the figure of a row and column stands."""
        return Place(self.place.file, self.place.sheet, row, column)


def read_table(file: str, sheet: Sheet, title: Title) -> Table:
    """The table under a title.

    Parameters
    ----------
    file : str
        Name of the workbook, for messages.
    sheet : Sheet
        The sheet.
    title : Title
        Its title.

    Raises
    ------
    InputError
        The table is not understood; names file, sheet, cell, found, expected.
    """
    return _Reader(file, sheet, title).table()


class _Reader:
    """Reads one sheet whose title is known, top to bottom."""

    def __init__(self, file: str, sheet: Sheet, title: Title) -> None:
        self.file, self.sheet, self.title = file, sheet, title
        self.name_column = self._name_column()
        self.value_columns = self._value_columns()
        self.remarks: list[str] = []

    def table(self) -> Table:
        place = self._place(self.title.row, self.title.column)
        if self.sheet.longer:
            raise place.error("a table that goes on beyond the rows that are read", "at most 90 lines")
        if not self.value_columns:
            raise place.error("a title without figures below", "a table of figures in per cent")
        blocks = list(self._blocks())
        columns = self._columns(*blocks[0][:2])
        self.value_columns = [column.number for column in columns]
        for start, body, _ in blocks[1:]:
            self._check_repeated(columns, self._columns(start, body))
        lines: list[Line] = []
        pending: list[Words] = []
        for _, body, end in blocks:
            for item in self._items(body, end):
                if isinstance(item, Line):
                    lines.append(Line(item.name, item.row, item.place, tuple(pending)))
                    pending = []
                else:
                    pending.append(item)
        figures = dict(self._figures(lines))
        return Table(self.title, place, columns, lines, tuple(pending), figures, self.remarks)

    def _name_column(self) -> int:
        """The column with the most words: names stand there, below and mostly under the title."""
        counts: dict[int, int] = {}
        for (row, column), cell in self.sheet.cells.items():
            if row > self.title.row and isinstance(cell.value, str):
                counts[column] = counts.get(column, 0) + 1
        return max(counts, key=lambda column: (counts[column], -column), default=self.title.column)

    def _value_columns(self) -> list[int]:
        counts: dict[int, int] = {}
        for (row, column), cell in self.sheet.cells.items():
            if row > self.title.row and column > self.name_column and _is_figure(cell):
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
                raise self._place(start, self.name_column).error("a title without lines below", "a table")
            yield start, body, end

    def _is_title(self, row: int) -> bool:
        return not self._is_line(row) and subject_of(self._name(row)) == self.title.subject

    def _is_line(self, row: int) -> bool:
        return bool(self._name(row)) and any(self._is_number(row, column) for column in self.value_columns)

    def _is_number(self, row: int, column: int) -> bool:
        cell = self.sheet.cells.get((row, column))
        return cell is not None and _is_figure(cell)

    def _name(self, row: int) -> str:
        """The words left of the figures."""
        texts = (self.sheet.cells.get((row, column)) for column in range(1, self.value_columns[0]))
        return clean(" ".join(cell.value for cell in texts if cell is not None and isinstance(cell.value, str)))

    def _place(self, row: int, column: int) -> Place:
        return Place(self.file, self.sheet.name, row, column)

    def _columns(self, start: int, body: int) -> list[Column]:
        """What each column of figures says between the title and the first line."""
        self._check_headings_have_figures(start, body)
        headings = {number: list(self._pieces(number, start, body)) for number in self.value_columns}
        last_headed = max((number for number, pieces in headings.items() if pieces), default=0)
        columns: list[Column] = []
        for number, pieces in headings.items():
            text = clean(" ".join(text for _, text in pieces))
            place = self._place(pieces[-1][0] if pieces else body, number)
            if number > last_headed and columns and self._is_full(number, body):
                self.remarks.append(f"{place}: found figures right of the table without a heading; they were not read")
                continue
            heading = read_heading(text)
            if heading is None:
                found = f"the heading {text!r}" if text else "figures without a heading"
                raise place.error(found, "a month or span compared with the month or year before")
            columns.append(Column(number, self._with_month(heading, text, place), text, place))
        return columns

    def _with_month(self, heading: Heading, text: str, place: Place) -> Heading:
        """A heading "of the month of the report" with the month that the title names."""
        if heading.month is not None:
            return heading
        months, years = months_named(self.title.text)
        if len(months) != 1 or len(years) != 1:
            raise self._place(self.title.row, self.title.column).error(
                f"the title {self.title.text!r}",
                f"one month and year for {text!r} ({place.cell}), as 'tháng 3 năm 2025'",
            )
        return replace(heading, month=months.pop(), year=years.pop())

    def _check_headings_have_figures(self, start: int, body: int) -> None:
        """A column with a heading of its own and hardly a figure has lost them, perhaps to its neighbour."""
        for number in range(self.name_column + 1, self.value_columns[-1] + 2):
            text = clean(" ".join(text for _, text in self._pieces(number, start, body, merged=False)))
            heading = None if number in self.value_columns else read_heading(text)
            if heading is not None and heading.month is not None:  # a template may leave a column empty
                raise self._place(body, number).error(f"no figures under {text!r}", "a figure on each line")

    def _is_full(self, column: int, body: int) -> bool:
        rows = [row for row in self.sheet.rows() if row >= body and self._is_line(row)]
        return 2 * sum(self._is_number(row, column) for row in rows) > len(rows)

    def _pieces(self, column: int, start: int, body: int, merged: bool = True) -> Iterator[tuple[int, str]]:
        """Heading texts over a column from top to bottom, those of merged areas that reach over it included."""
        for row in range(start + 1, body):
            cell = self.sheet.cells.get((row, column)) or (self._merged_cell(row, column) if merged else None)
            if cell is None:
                continue
            text = cell.value if isinstance(cell.value, str) else f"{cell.value:.15g}"
            words = plain(text)
            if words.startswith(("don vi", "unit")) and "%" not in text:
                raise self._place(row, column).error(f"the unit {clean(text)!r}", "per cent")
            if words in ("", "don vi tinh", "don vi", "unit"):
                continue
            yield row, text

    def _merged_cell(self, row: int, column: int) -> Cell | None:
        for top, left, _, right in self.sheet.merged:
            if top == row and self.name_column < left < column <= right:
                return self.sheet.cells.get((top, left))
        return None

    def _check_repeated(self, columns: list[Column], again: list[Column]) -> None:
        """A continuation has the columns of the first page; a month left over from an older table is remarked."""
        for column, repeated in zip(columns, again, strict=True):
            first, second = column.heading, repeated.heading
            if (first.span, first.base, first.indicator) != (second.span, second.base, second.indicator):
                raise repeated.place.error(f"the heading {repeated.text!r}", f"{column.text!r} as above")
            if (first.month, first.year) != (second.month, second.year):
                self.remarks.append(
                    f"{repeated.place}: found the heading {repeated.text!r} on a continued table, "
                    f"read as {column.text!r} like its first page"
                )

    def _items(self, body: int, end: int) -> Iterator[Line | Words]:
        """Lines with figures and rows of words, in order."""
        last = max((row for row in range(body, end) if self._is_line(row)), default=body)
        for row in range(body, end):
            name, place = self._name(row), self._place(row, self.name_column)
            if self._is_line(row):
                self._check_width(row)
                yield Line(name, row, place, ())
                continue
            self._check_no_stray(row, last, bool(name))
            if name:
                yield name, place

    def _check_no_stray(self, row: int, last: int, named: bool) -> None:
        """A figure without a name, or words where a figure should stand, is not passed over."""
        for column in self.value_columns:
            cell = self.sheet.cells.get((row, column))
            if cell is None or (row > last and isinstance(cell.value, str)):
                continue
            if isinstance(cell.value, str) and (named and cell.value.strip() in _NO_FIGURE):
                continue
            found = f"the text {cell.value!r}" if isinstance(cell.value, str) else f"the number {cell.value:.15g}"
            expected = "a number" if named else "a name at the left of the line"
            raise self._place(row, column).error(found, expected)

    def _check_width(self, row: int) -> None:
        """A number between the columns of the table, or right of a gap in them, has been shifted."""
        gap = any((row, column) not in self.sheet.cells for column in self.value_columns)
        for column in range(self.value_columns[0], self.value_columns[-1] + 1 + gap):
            if column not in self.value_columns and self._is_number(row, column):
                cell = self.sheet.cells[row, column]
                raise self._place(row, column).error(f"the number {cell.value:.15g}", "no figure outside the columns")

    def _figures(self, lines: list[Line]) -> Iterator[tuple[tuple[int, int], Cell]]:
        for line in lines:
            for column in self.value_columns:
                cell = self._figure(line, column)
                if cell is not None:
                    yield (line.row, column), cell

    def _figure(self, line: Line, column: int) -> Cell | None:
        cell, place = self.sheet.cells.get((line.row, column)), self._place(line.row, column)
        if cell is None or (isinstance(cell.value, str) and cell.value.strip() in _NO_FIGURE):
            found = "an empty cell" if cell is None else repr(cell.value)
            self.remarks.append(f"{place}: found {found} for {line.name!r}, expected a number; no figure was read")
            return None
        if isinstance(cell.value, str):
            raise place.error(NO_RESULT if cell.value == NO_RESULT else f"the text {cell.value!r}", "a number")
        if cell.formula:
            self.remarks.append(f"{place}: found a formula; its last result {cell.value:.15g} was read")
        return cell


def _is_figure(cell: Cell) -> bool:
    """Whether a cell holds a figure: a number, unless it is the year of a heading broken over rows."""
    return not isinstance(cell.value, str) and not (cell.value.is_integer() and 2000 <= cell.value <= 2100)

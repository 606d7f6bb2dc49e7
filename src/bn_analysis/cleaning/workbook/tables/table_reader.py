"""A sheet with a known title → its table: columns with their headings, lines with their names, the figures between."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.grid import NO_RESULT, Cell, Place, Sheet
from bn_analysis.cleaning.workbook.files.values import is_no_figure
from bn_analysis.cleaning.workbook.tables.headings import Heading, months_named, plain, read_heading
from bn_analysis.cleaning.workbook.tables.identity import foreign_heading, narrower_heading
from bn_analysis.cleaning.workbook.tables.sheet_rows import UNIT, SheetRows
from bn_analysis.cleaning.workbook.tables.table import Column, Line, Table, Words
from bn_analysis.cleaning.workbook.tables.titles import Title
from bn_analysis.errors import InputError, bilingual


def read_table(file: str, sheet: Sheet, title: Title, month: str | None = None) -> Table:
    """The table under a title.

    Parameters
    ----------
    file : str
        Name of the workbook, for messages.
    sheet : Sheet
        The sheet.
    title : Title
        Its title.
    month : str, optional
        The month (YYYY-MM) that a cover names, for headings and a title that name none.

    Raises
    ------
    InputError
        The table is not understood; names file, sheet, cell, found, expected.
    """
    return _Reader(file, sheet, title, month).table()


class _Reader(SheetRows):
    """Reads one sheet whose title is known, top to bottom."""

    def __init__(self, file: str, sheet: Sheet, title: Title, month: str | None) -> None:
        super().__init__(file, sheet, title)
        self.month = month
        self.remarks: list[str] = []
        self.set_aside: list[str] = []
        self.faults: dict[int, InputError] = {}

    def table(self) -> Table:
        place = self._place(self.title.row, self.title.column)
        if self.sheet.longer:
            raise place.error(
                vi=("bảng dài hơn số hàng đọc được", "nhiều nhất 90 dòng"),
                en=("a table that goes on beyond the rows that are read", "at most 90 lines"),
            )
        if not self.value_columns:
            raise place.error(
                vi=("tiêu đề mà bên dưới không có số liệu", "một bảng số liệu phần trăm"),
                en=("a title without figures below", "a table of figures in per cent"),
            )
        blocks = list(self._blocks())
        caption, beside, unit = self._around(*blocks[0][:2])
        columns = self._columns(*blocks[0][:2], caption)
        self.value_columns = [column.number for column in columns]
        for start, body, _ in blocks[1:]:
            self._check_repeated(columns, self._columns(start, body, caption))
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
        return Table(
            self.title, place, caption, beside, unit, columns, lines, tuple(pending), figures, self.faults,
            self.remarks, self.set_aside,
        )  # fmt: skip

    def _around(self, start: int, body: int) -> tuple[str, tuple[str, ...], str]:
        """The lines of the title down to the headings, those above the title, and what is said of the unit."""
        headed = next((row for row in range(start + 1, body) if self._is_heading_row(row)), body)
        caption: list[str] = []
        beside: list[str] = []
        unit: list[str] = []
        for (row, column), cell in sorted(self.sheet.cells.items()):
            if not isinstance(cell.value, str) or row >= headed:
                continue
            text = clean(cell.value)
            if plain(text).startswith(UNIT) or plain(text) in ("", "phan tram") or "%" in text:
                unit.append(text)
            elif column <= self.value_columns[-1]:
                (beside if row < start else caption).append(text)
        return " ".join(caption), tuple(beside), " ".join(unit)

    def _columns(self, start: int, body: int, caption: str) -> list[Column]:
        """What each column of figures says between the title and the first line."""
        self._check_headings_have_figures(start, body)
        headings = {number: list(self._pieces(number, start, body)) for number in self.value_columns}
        last_headed = max((number for number, pieces in headings.items() if pieces), default=0)
        columns: list[Column] = []
        for number, pieces in headings.items():
            text = clean(" ".join(text for _, text in pieces))
            place = self._place(pieces[-1][0] if pieces else body, number)
            if number > last_headed and columns and self._is_full(number, body):
                self.remarks.append(
                    f"{place}: " + bilingual("số liệu bên phải bảng không có tiêu đề; không đọc",
                    "found figures right of the table without a heading; they were not read")
                )  # fmt: skip
                continue
            if word := foreign_heading(text):
                self._leave_column(number, place, text, word)
                continue
            if self.title.subject == "iip" and (part := narrower_heading(text, f"{self.title.text} {caption}")):
                self._leave_column(number, place, text, part)
                continue
            heading = read_heading(text)
            if heading is None:
                raise place.error(
                    vi=(f"tiêu đề cột {text!r}" if text else "số liệu không có tiêu đề cột",
                        "tháng hoặc cộng dồn, so với tháng trước hoặc cùng kỳ năm trước"),
                    en=(f"the heading {text!r}" if text else "figures without a heading",
                        "a month or span compared with the month or year before"),
                )  # fmt: skip
            columns.append(Column(number, self._with_month(heading, text, place, caption), text, place))
        if not columns:
            raise self._place(body, self.name_column).error(
                vi=("không cột nào là tỷ lệ thay đổi", "cột so với tháng trước hoặc cùng kỳ năm trước"),
                en=("no column of rates of change", "a month or span compared with the month or year before"),
            )
        return columns

    def _leave_column(self, number: int, place: Place, text: str, word: str) -> None:
        self.ignored.add(number)
        line = f"{place}: " + bilingual(f"cột {text!r} ({word}) không phải tỷ lệ thay đổi của nơi nêu ở tiêu đề;"
                                        " không đọc",
                                        f"the column {text!r} is not of what the title names; not read")  # fmt: skip
        if line not in self.set_aside:
            self.set_aside.append(line)

    def _with_month(self, heading: Heading, text: str, place: Place, caption: str) -> Heading:
        """A heading that leaves month or year to the title (or the cover) with those that it names."""
        if heading.span == "point" and self.title.subject == "iip":  # a date cell shown as a month
            if not re.search(r"\b0?1/\d{1,2}/20\d\d", plain(text)):
                raise place.error(vi=(f"tiêu đề cột {text!r}", "một tháng"), en=(f"the heading {text!r}", "a month"))
            heading = replace(heading, span="month")
        if heading.month is not None and heading.year is not None:
            return heading
        months, years = months_named(caption)
        if self.month and not months and not years:
            months, years = {int(self.month[5:])}, {int(self.month[:4])}
        if heading.month is not None:  # the year of the other columns, or else of the title
            if len(years) == 1 and len(months) == 1:
                year = years.pop() - (heading.month > months.pop())
                return replace(heading, year=year)
            return heading
        if len(months) != 1 or len(years) != 1 or heading.year not in (None, *years):
            raise self._place(self.title.row, self.title.column).error(
                vi=(
                    f"tiêu đề {caption!r}",
                    f"đúng một tháng và năm cho cột {text!r} ({place.cell}), như 'tháng 3 năm 2025'",
                ),
                en=(f"the title {caption!r}", f"one month and year for {text!r} ({place.cell})"),
            )
        month, year = months.pop(), years.pop()
        if heading.back:
            month, year = (12, year - 1) if month == 1 else (month - 1, year)
        return replace(heading, month=month, year=year)

    def _check_headings_have_figures(self, start: int, body: int) -> None:
        """A column with a heading of its own and hardly a figure is named: it may have lost them to a neighbour."""
        for number in range(self.name_column + 1, self.value_columns[-1] + 2):
            if number in self.value_columns or number in self.ignored:
                continue
            pieces = list(self._pieces(number, start, body, merged=False))
            text = clean(" ".join(text for _, text in pieces))
            heading = read_heading(text)
            if heading is None or (heading.month is None and not heading.back):  # a form may leave a column empty
                continue
            unheaded = [other for other in self.value_columns if not list(self._pieces(other, start, body))]
            if unheaded:
                raise self._place(body, number).error(
                    vi=(f"không có số liệu dưới {text!r}", "số liệu ở mỗi dòng"),
                    en=(f"no figures under {text!r}", "a figure on each line"),
                )
            self.set_aside.append(
                f"{self._place(body, number)}: "
                + bilingual(f"không có số liệu dưới {text!r}", f"found no figures under {text!r}")
            )

    def _is_full(self, column: int, body: int) -> bool:
        rows = [row for row in self.sheet.rows() if row >= body and self._is_line(row)]
        return 2 * sum(self._is_number(row, column) for row in rows) > len(rows)

    def _pieces(self, column: int, start: int, body: int, merged: bool = True) -> Iterator[tuple[int, str]]:
        """Heading texts over a column from top to bottom, those of merged areas that reach over it included."""
        for row in range(start + 1, body):
            if self._is_numbering(row):
                continue
            cell = self.sheet.cells.get((row, column)) or (self._merged_cell(row, column) if merged else None)
            if cell is None:
                continue
            text = cell.value if isinstance(cell.value, str) else f"{cell.value:.15g}"
            words = plain(text)
            if words.startswith(("don vi", "unit")) and "%" not in text and "phan tram" not in words:
                raise self._place(row, column).error(
                    vi=(f"đơn vị {clean(text)!r}", "phần trăm"), en=(f"the unit {clean(text)!r}", "per cent")
                )
            if words in ("", "don vi tinh", "don vi", "unit"):
                continue
            yield row, text

    def _check_repeated(self, columns: list[Column], again: list[Column]) -> None:
        """A continuation has the columns of the first page; a month left over from an older table is remarked."""
        for column, repeated in zip(columns, again, strict=True):
            first, second = column.heading, repeated.heading
            if (first.span, first.base, first.indicator) != (second.span, second.base, second.indicator):
                raise repeated.place.error(
                    vi=(f"tiêu đề {repeated.text!r}", f"{column.text!r} như ở trên"),
                    en=(f"the heading {repeated.text!r}", f"{column.text!r} as above"),
                )
            if (first.month, first.year) != (second.month, second.year):
                self.remarks.append(
                    f"{repeated.place}: found the heading {repeated.text!r} on a continued table, "
                    f"read as {column.text!r} like its first page"
                )

    def _items(self, body: int, end: int) -> Iterator[Line | Words]:
        """Lines with figures and rows of words, in order."""
        rows = [row for row in range(body, end) if self._is_line(row)]
        last = max(rows, default=body)
        for row in range(body, end):
            name, place = self._name(row), self._place(row, self.name_column)
            if self._is_numbering(row):
                continue
            if self._is_line(row):
                self._note_width(row)
                yield Line(name, row, place, ())
            elif self._has_odd_text(row, last, bool(name)):
                yield Line(name, row, place, ())
            else:
                self._check_no_stray(row, rows, bool(name))
                if name:
                    yield name, place

    def _has_odd_text(self, row: int, last: int, named: bool) -> bool:
        """Whether words stand where a figure of a named line should; the line is set aside by them."""
        for column in self.value_columns:
            cell = self.sheet.cells.get((row, column))
            if cell is None or not isinstance(cell.value, str) or row > last or (named and is_no_figure(cell)):
                continue
            error = self._place(row, column).error(
                vi=(f"chữ {cell.value!r}", "một con số" if named else "tên ở đầu dòng"),
                en=(f"the text {cell.value!r}", "a number" if named else "a name at the left of the line"),
            )
            if not named:
                raise error
            self.faults.setdefault(row, error)
            return True
        return False

    def _check_no_stray(self, row: int, rows: list[int], named: bool) -> None:
        """Figures without a name have lost it, or slipped down; one alone beside a full column is left out by name."""
        found = [column for column in self.value_columns if self._is_number(row, column)]
        for column in found:
            cell = self.sheet.cells[row, column]
            error = self._place(row, column).error(
                vi=(f"số {cell.value:.15g}", "tên ở đầu dòng"),
                en=(f"the number {cell.value:.15g}", "a name at the left of the line"),
            )
            slipped = any(not self._is_number(line, column) for line in rows)
            if len(found) > 1 or len(self.value_columns) == 1 or slipped or named:
                raise error
            self.set_aside.append(str(error))

    def _note_width(self, row: int) -> None:
        """A number between the columns, or right of a gap in them, has been shifted: its line is at fault."""
        gap = any((row, column) not in self.sheet.cells for column in self.value_columns)
        for column in range(self.value_columns[0], self.value_columns[-1] + 1 + gap):
            if column not in self.value_columns and column not in self.ignored and self._is_number(row, column):
                number = self.sheet.cells[row, column].value
                self.faults.setdefault(
                    row,
                    self._place(row, column).error(
                        vi=(f"số {number:.15g}", "không có số ngoài các cột của bảng"),
                        en=(f"the number {number:.15g}", "no figure outside the columns"),
                    ),
                )

    def _figures(self, lines: list[Line]) -> Iterator[tuple[tuple[int, int], Cell]]:
        for line in lines:
            for column in self.value_columns:
                cell = self._figure(line, column)
                if cell is not None:
                    yield (line.row, column), cell

    def _figure(self, line: Line, column: int) -> Cell | None:
        cell, place = self.sheet.cells.get((line.row, column)), self._place(line.row, column)
        if cell is None or is_no_figure(cell):
            found = ("ô trống", "an empty cell") if cell is None else (repr(cell.value), repr(cell.value))
            self.remarks.append(
                f"{place}: "
                + bilingual(
                    f"{found[0]} ở {line.name!r}; không có số", f"found {found[1]} for {line.name!r}, no figure"
                )
            )
            return None
        if isinstance(cell.value, str):
            vi = "công thức chưa có kết quả" if cell.value == NO_RESULT else f"chữ {cell.value!r}"
            en = NO_RESULT if cell.value == NO_RESULT else f"the text {cell.value!r}"
            self.faults.setdefault(line.row, place.error(vi=(vi, "một con số"), en=(en, "a number")))
            return None
        if cell.formula:
            self.remarks.append(
                f"{place}: "
                + bilingual(f"công thức; đọc kết quả {cell.value:.15g}",
                            f"found a formula; its last result {cell.value:.15g} was read")
            )  # fmt: skip
        return cell

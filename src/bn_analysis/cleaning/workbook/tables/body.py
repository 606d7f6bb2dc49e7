"""A sheet as typed → the same sheet with names told from codes, and figures typed as text made numbers."""

import re

from bn_analysis.cleaning.workbook.files.grid import Cell, Sheet
from bn_analysis.cleaning.workbook.files.values import printed_value
from bn_analysis.cleaning.workbook.tables.headings import plain
from bn_analysis.cleaning.workbook.tables.titles import Title

CODE_HEADINGS = frozenset(
    [
        "ma so",
        "ma nganh",
        "ma",
        "ma vsic",
        "ma so nganh",
        "ma nganh vsic",
        "code",
        "vsic",
        "vsic code",
        "stt",
        "so tt",
        "tt",
        "so thu tu",
        "no",
    ]
)
"""Headings of columns that number or code the lines."""
_LEAST_NAME = 4
"""Letters of a name; shorter texts are codes and numbers of lines."""


def name_column(sheet: Sheet, title: Title) -> int:
    """The column with the most words: names stand there, below and mostly under the title."""
    counts: dict[int, int] = {}
    for (row, column), cell in sheet.cells.items():
        if row > title.row and isinstance(cell.value, str) and _is_name(cell.value):
            counts[column] = counts.get(column, 0) + 1
    return max(counts, key=lambda column: (counts[column], -column), default=title.column)


def _is_name(text: str) -> bool:
    return len(re.sub(r"[^a-z]", "", plain(text))) >= _LEAST_NAME and printed_value(text) is None


def is_code(cell: Cell) -> bool:
    """Whether a text is a VSIC code or the number of a line: A, 10, 1.1, IV."""
    return (
        isinstance(cell.value, str)
        and re.fullmatch(r"[A-Ea-e]|\d{1,4}(\.\d{1,2})*|[ivxIVX]+", cell.value.strip()) is not None
    )


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number."""
    return not isinstance(cell.value, str)


def with_numbers(sheet: Sheet, title: Title, names: int) -> Sheet:
    """The sheet with texts that print a figure, right of the names, as numbers that remember how they were typed.

    A whole number as text (``10``) may be a code; it becomes a figure only beside others with a decimal mark.
    """
    typed = {
        place: value
        for place, cell in sheet.cells.items()
        if place[0] > title.row and place[1] > names and isinstance(cell.value, str)
        if (value := printed_value(cell.value)) is not None
    }
    figures = {column for (_, column), value in typed.items() if value.decimals or value.sign == "word"}
    figures |= {
        column
        for (row, column), cell in sheet.cells.items()
        if row > title.row and column > names and not isinstance(cell.value, str) and not cell.value.is_integer()
    }
    cells = dict(sheet.cells)
    for place, value in typed.items():
        if place[1] in figures:
            cells[place] = Cell(value.number, value.decimals, cells[place].formula, value.sign)
    return Sheet(sheet.name, cells, sheet.merged, sheet.longer)

"""What a printed table is: columns with their headings, lines with their names, the figures between, what was odd."""

from dataclasses import dataclass

from bn_analysis.cleaning.workbook.files.grid import Cell, Place
from bn_analysis.cleaning.workbook.tables.headings import Heading
from bn_analysis.cleaning.workbook.tables.titles import Title
from bn_analysis.errors import InputError

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
    """One table as printed.

    Attributes
    ----------
    title, place : Title, Place
        Its title and where that stands.
    caption, beside : str, tuple of str
        All lines of the title down to the headings; the lines of text above it.
    unit : str
        What is said of the unit between title and headings.
    columns, lines : list
        What was understood of them.
    below : tuple of Words
        The words under the last line: the rest of its name, or notes.
    figures : dict of (row, column) to Cell
        The numbers.
    faults : dict of row to InputError
        Lines with something that is no figure: set aside by name, unless a total or section is touched.
    remarks, set_aside : list of str
        What was odd and read all the same; what was named and not read.
    """

    title: Title
    place: Place
    caption: str
    beside: tuple[str, ...]
    unit: str
    columns: list[Column]
    lines: list[Line]
    below: tuple[Words, ...]
    figures: dict[tuple[int, int], Cell]
    faults: dict[int, InputError]
    remarks: list[str]
    set_aside: list[str]

    def place_of(self, row: int, column: int) -> Place:
        """Where the figure of a row and column stands."""
        return Place(self.place.file, self.place.sheet, row, column)

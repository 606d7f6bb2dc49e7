"""What a document holds, whatever its format: passages of text and grids of cells, each with the place it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.grid import Cell, Sheet
from bn_analysis.cleaning.workbook.tables.headings import plain
from bn_analysis.cleaning.workbook.tables.titles import subject_of
from bn_analysis.errors import InputError, bilingual

_TITLE_LINES = 3
_LONGEST_TITLE = 250
_NUMBERED = ("bieu", "bang", "phu luc", "table", "annex")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as printed, and where it stands: ``paragraph 3``, ``page 2, paragraph 1``."""

    text: str
    place: str


@dataclass(slots=True)
class Grid:
    """A table: its cells below the lines that name it.

    Attributes
    ----------
    sheet : Sheet
        The title lines, one a row in column 1, and below them the cells.
    lines : int or None
        How many title lines were put above; None for a sheet of a workbook, whose cells are named as Excel does.
    pages : dict of int to int
        Page of each row of the table, where it has pages.
    """

    sheet: Sheet
    lines: int | None = None
    pages: dict[int, int] = field(default_factory=dict)

    def place(self, row: int, column: int) -> str:
        """Where a cell of the sheet stands in the document."""
        if self.lines is None:
            return ""
        row -= self.lines
        page = f"page {self.pages[row]}, " if row in self.pages else ""
        return f"{page}{self.sheet.name}, row {row}, column {column}"


@dataclass(slots=True)
class Part:
    """A document, or the body or one attachment of a letter."""

    name: str = ""
    passages: list[Passage] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def under_title(sheet: Sheet, before: Sequence[str], pages: dict[int, int] | None = None) -> Grid:
    """A table below the lines that name it: from the nearest that names an index or is numbered, down to the table."""
    lines: list[str] = []
    for text in reversed([clean(text) for text in before[-_TITLE_LINES:]]):
        if is_title(text):
            lines.insert(0, text)
            if subject_of(text) or plain(text).startswith(_NUMBERED):
                break
    else:
        lines = []
    below = len(lines)
    cells = {(row, 1): Cell(text) for row, text in enumerate(lines, start=1)}
    cells |= {(row + below, column): cell for (row, column), cell in sheet.cells.items()}
    merged = [(top + below, left, bottom + below, right) for top, left, bottom, right in sheet.merged]
    return Grid(Sheet(sheet.name, cells, merged, sheet.longer), below, pages or {})


def is_title(text: str) -> bool:
    """Whether a line is short and no sentence."""
    return 0 < len(text) <= _LONGEST_TITLE and not text.endswith((".", ";", "!", ","))


def refused(path: Path, vi: str, en: str) -> InputError:
    """Why a document is not read, with the way out, in both languages."""
    return InputError(f"{path.name}: {bilingual(vi, en)}")

"""A workbook file of unknown honesty → its visible sheets as sparse grids of values, one sheet in memory at a time."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from bn_analysis.errors import InputError, bilingual

MAX_FILE_BYTES = 20 * 2**20
"""Largest file that is opened; the monthly workbooks have 0.15 to 0.7 MB."""

MAX_SHEETS = 200
"""Visible ones of a workbook; the most met are 49."""
MAX_ROWS, MAX_COLUMNS = 400, 60
"""What is kept of a sheet: the tables have at most 90 rows and 12 columns, empty formatted columns reach 127."""

LONGEST_FORMAT = 255
"""Letters of a number format: what Excel allows."""

NO_RESULT = "a formula without a value"
"""What a formula that was never calculated holds."""


class TooMuchError(ValueError):
    """A file holds more than any workbook does; its text says what was found and expected, without the file's name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as stored: text or number, the digits its format shows after the point, and whether a formula made it.

    ``sign`` tells of a number typed as text whether it names its direction itself (`values.Value`).
    """

    value: str | float
    shown: int | None = None
    formula: bool = False
    sign: str = "none"


@dataclass(slots=True)
class Sheet:
    """A sheet as a sparse grid; rows and columns count from 1.

    Attributes
    ----------
    name : str
        As on the tab.
    cells : dict of (row, column) to Cell
        Only cells that hold something.
    merged : list of (first row, first column, last row, last column)
        Areas drawn as one cell; their value lies in the first.
    longer : bool
        Whether the sheet goes on below `MAX_ROWS`.
    """

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    longer: bool = False

    def rows(self) -> list[int]:
        """Numbers of the rows that hold something, in order."""
        return sorted({row for row, _ in self.cells})

    def row(self, row: int) -> dict[int, Cell]:
        """The cells of one row by column, from left to right."""
        return {column: cell for (_, column), cell in sorted(self._of_row(row).items())}

    def _of_row(self, row: int) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): self.cells[row, column]
            for column in range(1, MAX_COLUMNS + 1)
            if (row, column) in self.cells
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, sheet, cell; its text is the ``source`` of a rate and opens every complaint."""

    file: str
    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}, sheet {self.sheet!r}, cell {self.cell}"

    @property
    def cell(self) -> str:
        """The cell as Excel names it."""
        return f"{column_letter(self.column)}{self.row}"

    def error(self, *, vi: tuple[str, str], en: tuple[str, str]) -> InputError:
        """An InputError for this cell: what was found and what was expected, in Vietnamese and in English."""
        return InputError(f"{self}: {found_expected(vi, en)}")


def found_expected(vi: tuple[str, str], en: tuple[str, str]) -> str:
    """What was found and what was expected, first in Vietnamese, then in English."""
    return bilingual(f"thấy {vi[0]}, cần {vi[1]}", f"found {en[0]}, expected {en[1]}")


def check_format(code: str) -> str:
    """A number format as it is; TooMuchError where it is longer than any of Excel."""
    if len(code) > LONGEST_FORMAT:
        raise TooMuchError(
            found_expected(
                (f"định dạng số dài {len(code)} ký tự", f"nhiều nhất {LONGEST_FORMAT}; tệp này không phải của Excel"),
                (f"a number format of {len(code)} letters", f"at most {LONGEST_FORMAT}; this is not from Excel"),
            )
        )
    return code


def column_letter(column: int) -> str:
    """Letters of a column number: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Number of a column's letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def format_digits(code: str) -> int | None:
    """Digits that a number format shows after the point; None for General and the like."""
    section = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code.split(";")[0])
    found = re.search(r"[0#?](?:\.([0#?]*))?(?![0#?.,])", section)
    return None if found is None else len(found[1] or "")


def is_percent_format(code: str) -> bool:
    """Whether a number format multiplies by 100 for show."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day."""
    return re.search(r"[dy]", re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.lower())) is not None


def day_text(day: datetime) -> str:
    """A date cell as the office types dates: day/month/year."""
    return f"{day.day}/{day.month}/{day.year}"

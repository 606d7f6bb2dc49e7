"""The first words on a sheet → which of our indices its table holds, if any."""

import re
from dataclasses import dataclass
from typing import Literal

from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.grid import Sheet
from bn_analysis.cleaning.workbook.tables.headings import plain

Subject = Literal["iip", "labour", "stocks"]

_TITLES: tuple[tuple[str, Subject], ...] = (
    (
        r"chi so (phat trien )?(san xuat (cua )?(toan )?(nganh )?cong nghiep|sxcn|sx (nganh )?(cong nghiep|cn))"
        r"|ind(ex|ices)(es)? of (the )?industrial product|industrial production ind|\biip\b",
        "iip",
    ),
    (r"chi so (su dung )?lao dong|labou?r.{0,40} ind(ex|ices)|ind(ex|ices) .{0,40}labou?r", "labour"),
    (
        r"chi so (tieu thu|ton kho)|(consumption|inventory) ind(ex|ices)|ind(ex|ices) of (consumption|inventory)",
        "stocks",
    ),
)
_TITLE_ROWS = 12
"""A title stands among the first lines of text of its sheet, above its first figures."""

_FIGURES = 2
"""Numbers in a row from which it is a line of a table."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a table: which index it names, where it stands, and its words."""

    subject: Subject
    row: int
    column: int
    text: str

    @property
    def leading(self) -> bool:
        """Whether a workbook is read for this table: production by month, or labour by province."""
        words = plain(self.text)
        if self.subject == "labour":
            return "dia phuong" in words
        return self.subject == "iip" and ("thang" in words or not re.search(r"\bqu[yi]\b|quarter", words))


def find_title(sheet: Sheet) -> Title | None:
    """The title on a sheet, or None where the first lines of text name none of our indices."""
    for row in sheet.rows()[:_TITLE_ROWS]:
        cells = sheet.row(row)
        if sum(not isinstance(cell.value, str) for cell in cells.values()) >= _FIGURES:
            return None
        for column, cell in cells.items():
            if isinstance(cell.value, str):
                below = sheet.cells.get((row + 1, column))
                words = [cell.value, below.value if below and isinstance(below.value, str) else ""]
                text = clean(" ".join(words))
                own = subject_of(cell.value)
                broken = None if own or not below or subject_of(str(below.value)) else subject_of(text)
                if subject := own or broken:
                    return Title(subject, row, column, text)
    return None


def subject_of(text: str) -> Subject | None:
    """The index that a title names."""
    words = plain(text)
    if "chi so gia" in words or "price" in words:
        return None
    return next((subject for pattern, subject in _TITLES if re.search(pattern, words)), None)

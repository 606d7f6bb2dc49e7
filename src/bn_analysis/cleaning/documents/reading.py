"""The parts of a document → one table of the rates stated in its sentences and tables, each with its evidence."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from bn_analysis.cleaning.confined import confined
from bn_analysis.cleaning.documents.content import Grid, Part
from bn_analysis.cleaning.documents.opening import open_parts, refuse_other_kinds
from bn_analysis.cleaning.documents.plain_text import part_of
from bn_analysis.cleaning.documents.prose.grammar import Figure, Passed, read_paragraphs
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.text import EVIDENCE_COLUMNS, DocumentWarning, context_of
from bn_analysis.cleaning.workbook.files.grid import Cell, Sheet
from bn_analysis.cleaning.workbook.reading import Reading, read_sheets
from bn_analysis.cleaning.workbook.release_day import day_of_name
from bn_analysis.errors import InputError, bilingual

LONGEST_PROSE = 400_000
"""Letters of prose that are read of a document; a report of sixty pages has about 200,000."""
_COVER = "văn bản"
_TITLES = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A rate that a document states: fields of the table of rates, its place in the document, and its evidence."""

    figure: Figure
    place: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph as it was read: where it stands, its text, and the numbers read and passed over in it."""

    place: str
    text: str
    numbers: tuple[Figure | Passed, ...]


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a document states.

    Attributes
    ----------
    file : str
    statements : tuple of Statement
        The figures, those of tables first; ``measure`` is ``unknown`` where no base is named.
    passed : tuple of str
        Numbers of its sentences that were not read, with place and reason.
    remarks, set_aside, doubts : tuple of str
        As of `bn_analysis.cleaning.workbook.reading.Reading`.
    period : str or None
        The month reported: that of the tables, else the latest of the figures that are no forecasts.
    release_date : str or None
        The day that opens the file's name.
    paragraphs : tuple of Marked
        The text as it was read.
    """

    file: str
    statements: tuple[Statement, ...]
    passed: tuple[str, ...]
    remarks: tuple[str, ...]
    set_aside: tuple[str, ...]
    doubts: tuple[str, ...]
    period: str | None
    release_date: str | None
    paragraphs: tuple[Marked, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """The statements as a table of `EVIDENCE_COLUMNS`."""
        rows = [
            (
                one.figure.indicator, one.figure.territory, one.figure.industry, one.figure.period, one.figure.measure,
                one.figure.value_pct, one.figure.decimals, one.figure.release, self.release_date,
                one.place, one.figure.evidence,
            )
            for one in self.statements
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))


def read_document(path: str | Path) -> pd.DataFrame:
    """Read the rates that a document states, in its sentences and in its tables.

    Parameters
    ----------
    path : str or pathlib.Path
        A .docx, a .pdf with text, an .html page, a .txt, a letter (.eml) with its attachments, an .ods, .csv or .xlsx.

    Returns
    -------
    pandas.DataFrame
        Columns `bn_analysis.cleaning.rates.COLUMNS` and ``evidence``, the clause or the cell; one row a figure.
        ``measure`` is ``unknown`` where a sentence names no base. ``source`` is file and page, paragraph or cell.

    Warns
    -----
    DocumentWarning
        For what was odd and read all the same, and for what contradicts itself and was not read.

    Raises
    ------
    InputError
        The file is of a kind that is not read (the way out is said), encrypted, a scan, damaged, or too large; or its
        tables are all it has and are not understood.
    """
    reading = read_parts(Path(path))
    for line in (*reading.remarks, *reading.set_aside, *reading.doubts):
        warnings.warn(line, DocumentWarning, stacklevel=2)
    return reading.to_frame()


def read_parts(path: Path, territory: str | None = None, period: str | None = None) -> DocumentReading:
    """Read a document as `read_document` does, with what was passed over and what is to be asked.

    Parameters
    ----------
    path : pathlib.Path
    territory, period : str, optional
        A person's answer to what the document leaves unsaid.
    """
    context_of(territory, period, None)
    refuse_other_kinds(path)
    reading: DocumentReading = confined(read_here, path, territory, period)
    return reading


def read_here(path: Path, territory: str | None, period: str | None) -> DocumentReading:
    """Read a document, without limits: what `read_parts` runs in a process with little memory and little time."""
    parts = open_parts(path)
    if sum(len(passage.text) for part in parts for passage in part.passages) > LONGEST_PROSE:
        raise InputError(
            f"{path.name}: "
            + bilingual(f"hơn {LONGEST_PROSE:,} ký tự; gửi riêng phần có số liệu",
                        f"more than {LONGEST_PROSE:,} letters; hand in the part with the figures")
        )  # fmt: skip
    gathered = _Gathered(path.name)
    for part in parts:
        gathered.add(part, territory, period)
    return gathered.reading(path)


def read_pasted(text: str, territory: str | None = None, period: str | None = None) -> DocumentReading:
    """Read a text that was pasted, as `read_parts` reads a text file."""
    context_of(territory, period, None)
    gathered = _Gathered("text")
    gathered.add(part_of(text[:LONGEST_PROSE]), territory, period)
    return gathered.reading(Path("text"))


class _Gathered:
    """What the parts of a document state, put together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Statement] = []
        self.passed: list[str] = []
        self.remarks: list[str] = []
        self.set_aside: list[str] = []
        self.doubts: list[str] = []
        self.refusal: InputError | None = None
        self.period: str | None = None
        self.paragraphs: list[Marked] = []

    def add(self, part: Part, territory: str | None, period: str | None) -> None:
        """Read the tables of a part, then its sentences in the light of the month and the place of the tables."""
        where = ", ".join(name for name in (self.file, part.name) if name)
        self.remarks += part.remarks
        self.doubts += part.doubts
        tables = self._tables(part, where, territory) if part.grids else None
        if tables is not None:
            self.period = max(self.period or "", tables.period)
            period = period or tables.period
            owners = {rate.territory for rate in tables.rates}
            territory = territory or (owners.pop() if len(owners) == 1 else None)
        self._sentences(part, where, territory, period)

    def _tables(self, part: Part, where: str, territory: str | None) -> Reading | None:
        cover = Sheet(_COVER, {(row, 1): Cell(text) for row, text in enumerate(part.titles[:_TITLES], start=1)})
        try:
            reading = read_sheets(where, [cover, *(grid.sheet for grid in part.grids)], territory)
        except InputError as error:
            self.refusal = self.refusal or error
            self.set_aside.append(str(error))
            return None
        self.remarks += [line for line in reading.remarks if f"sheet {_COVER!r}" not in line]
        self.set_aside += reading.set_aside
        self.doubts += reading.doubts
        grids = {grid.sheet.name: grid for grid in part.grids}
        for rate in reading.rates:
            grid = grids[rate.place.sheet]
            place = grid.place(rate.place.row, rate.place.column)
            evidence = _cell_words(grid, rate.place.row, rate.place.column)
            figure = Figure(
                rate.indicator, rate.territory, rate.industry, rate.period, rate.measure, rate.value_pct,
                rate.decimals, rate.release, evidence, 0, 0, 0,
            )  # fmt: skip
            self.found.append(Statement(figure, f"{where}, {place}" if place else str(rate.place)))
        return reading

    def _sentences(self, part: Part, where: str, territory: str | None, period: str | None) -> None:
        passages = part.passages
        context = context_of(territory, period, None)
        figures, passed = read_paragraphs([passage.text for passage in passages], context)

        def place(one: Figure | Passed) -> str:
            return f"{where}, {passages[one.paragraph - 1].place}, letters {one.start + 1}-{one.end}"

        both: list[Figure | Passed] = [*figures, *passed]
        for number, passage in enumerate(passages, start=1):
            numbers = tuple(one for one in both if one.paragraph == number)
            self.paragraphs.append(Marked(passage.place, passage.text, numbers))
        self.found += [Statement(figure, place(figure)) for figure in figures]
        self.remarks += [
            f"{place(figure)}: {figure.evidence!r}: {figure.remark}" for figure in figures if figure.remark
        ]
        self.passed += [f"{place(one)}: {one.printed}: {one.why}: {one.evidence!r}" for one in passed]

    def reading(self, path: Path) -> DocumentReading:
        statements = self._once()
        if not statements and self.refusal is not None:
            raise self.refusal
        months = [one.figure.period for one in statements if one.figure.release != "forecast"]
        period = self.period or max(months, default=None)
        return DocumentReading(
            self.file, tuple(statements), tuple(self.passed), tuple(self.remarks), tuple(self.set_aside),
            tuple(self.doubts), period, day_of_name(path, period) if period else None, tuple(self.paragraphs),
        )  # fmt: skip

    def _once(self) -> list[Statement]:
        """Each figure once, with all its places; one stated with two values is not read."""
        groups: dict[tuple[str, ...], list[Statement]] = {}
        for one in self.found:
            groups.setdefault(one.figure.key, []).append(one)
        kept = []
        for group in groups.values():
            best = max(group, key=lambda one: one.figure.decimals)
            if all(_agree(best.figure, one.figure) for one in group):
                also = [one.place.removeprefix(f"{self.file}, ") for one in group if one is not best]
                kept.append(replace(best, place="; also ".join([best.place, *also])))
            else:
                said = "; ".join(
                    f"{one.place}: {one.figure.value_pct:+.10g} % ({one.figure.evidence})" for one in group
                )
                self.set_aside.append(f"{said}: {Unread('contradiction')}")
        return kept


def _agree(one: Figure, other: Figure) -> bool:
    coarse = min(one.decimals, other.decimals)
    return abs(one.value_pct - other.value_pct) <= 0.5 * 10.0**-coarse + 1e-9


def _cell_words(grid: Grid, row: int, column: int) -> str:
    """The line's name and the cell as printed: what a person looks for on the page."""
    cells = grid.sheet.row(row)
    printed = cells[column].value if column in cells else ""
    names: Iterable[str] = (cell.value for at, cell in cells.items() if at < column and isinstance(cell.value, str))
    name = max(names, key=lambda text: sum(letter.isalpha() for letter in text), default="")
    return f"{name}: {printed:.10g}" if isinstance(printed, float) else f"{name}: {printed}"

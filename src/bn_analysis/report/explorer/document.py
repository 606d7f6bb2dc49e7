"""A text or a document → its readings marked in the text itself, to be corrected and booked in JupyterLab."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.documents.prose.grammar import Figure
from bn_analysis.cleaning.documents.reading import DocumentReading, Marked, read_parts, read_pasted
from bn_analysis.cleaning.ingestion.booking import book
from bn_analysis.cleaning.ingestion.document_arrival import corrected_arrival
from bn_analysis.cleaning.ingestion.outcome import Ingested
from bn_analysis.cleaning.language.numbers import format_percent
from bn_analysis.report.elements.part import Part
from bn_analysis.settings import Settings


@dataclass(frozen=True, slots=True)
class MarkedText:
    """What was read of a text: shows itself with the figures marked, those passed over struck through, with why."""

    reading: DocumentReading

    def to_frame(self) -> pd.DataFrame:
        """The readings, one row a figure: change or drop rows, then `book_readings`."""
        return self.reading.to_frame()

    def _repr_html_(self) -> str:
        return marked(self.reading)._repr_html_()


def read(text: str = "", file: str = "", territory: str = "", period: str = "") -> MarkedText:
    """Read a pasted text, or a file where one is named.

    Parameters
    ----------
    text, file : str
        The text itself, or the path of a document.
    territory, period : str
        What the text leaves unsaid: code, and month YYYY-MM.
    """
    told = territory or None, period or None
    return MarkedText(read_parts(Path(file), *told) if file else read_pasted(text, *told))


def marked(reading: DocumentReading) -> Part:
    """The text with its readings marked; only text from outside, escaped."""
    body = Markup("").join(_paragraph(one) for one in reading.paragraphs)
    notes = Markup("").join(Markup("<li>{}</li>").format(line) for line in (*reading.doubts, *reading.set_aside))
    return Part(str(body + (Markup("<ul>{}</ul>").format(notes) if notes else Markup(""))), reading.to_frame())


def _paragraph(one: Marked) -> Markup:
    pieces, at = [Markup("")], 0
    for number in sorted(one.numbers, key=lambda number: number.start):
        if number.start < at:  # what the text states with two values is both a figure and passed over
            continue
        pieces.append(Markup("{}").format(one.text[at : number.start]))
        printed = one.text[number.start : number.end]
        if isinstance(number, Figure):
            change = format_percent(number.value_pct, number.decimals, signed=True)
            label = f"{number.territory} {number.period} {number.industry} {number.measure} {change}"
            pieces.append(Markup("<mark>{}</mark> <small>[{}]</small>").format(printed, label))
        else:
            pieces.append(Markup("<s>{}</s> <small>[{}]</small>").format(printed, number.why))
        at = number.end
    pieces.append(Markup("{}").format(one.text[at:]))
    return Markup("<p>{}</p>").format(Markup("").join(pieces))


def book_readings(readings: pd.DataFrame, *, source: str, released: str, yes: bool = False) -> tuple[Ingested, ...]:
    """Show what would be booked and, with ``yes``, book it into ``data/raw``.

    Parameters
    ----------
    readings : pandas.DataFrame
        As `MarkedText.to_frame` gives them, put right.
    source : str
        Where the text was printed: an address or a document's name.
    released : str
        Day of release, YYYY-MM-DD.
    yes : bool
        A person's word that the rows are right.
    """
    arrival = corrected_arrival(readings, source)
    return book([arrival], Settings().raw, released, confirmed=yes, preview=not yes)

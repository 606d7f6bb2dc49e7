"""What a file of figures was read as, before anything is compared with the record or booked."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bn_analysis.cleaning.workbook.reading import read_tables


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A figure whose base is not said: territory, month, value, and where it stands with its clause."""

    territory: str
    period: str
    value_pct: float
    decimals: int
    source: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Figures as they arrived, whatever brought them: a workbook, a document, a person at the keyboard.

    Attributes
    ----------
    file : str
        Name of what brought them, for people.
    sha256 : str
        Of its bytes: names the file of figures in ``data/raw/releases``.
    period : str
        Month (YYYY-MM) of the release.
    rates : pandas.DataFrame
        Columns `bn_analysis.cleaning.rates.COLUMNS`; ``release_date`` may be None in all rows.
    release_date : str or None
        The day of release, where what arrived states it.
    remarks : tuple of str
        What was odd and was read all the same.
    set_aside : tuple of str
        Lines and tables that were named and not read.
    doubts : tuple of str
        Reasons inside the file itself to ask before anything is booked.
    publisher : tuple of (str, str) or None
        Who published it, in Vietnamese and English; None for the statistics office of the territory.
    origin : str
        What it was read from, for the sidecar; empty for a workbook.
    listed : bool
        Whether a person is shown every figure, not the headline alone.
    unnamed : tuple of Unnamed
        Figures that name no base of comparison: shown, never booked.
    """

    file: str
    sha256: str
    period: str
    rates: pd.DataFrame
    release_date: str | None = None
    remarks: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    publisher: tuple[str, str] | None = None
    origin: str = ""
    listed: bool = False
    unnamed: tuple[Unnamed, ...] = ()


def arrival_of(path: Path, territory: str | None = None) -> Arrival:
    """Read a workbook; raises InputError as `bn_analysis.cleaning.workbook.reading.read_tables` does."""
    reading = read_tables(path, territory)
    return Arrival(
        path.name,
        hashlib.sha256(path.read_bytes()).hexdigest(),
        reading.period,
        reading.to_frame(),
        reading.release_date,
        reading.remarks,
        reading.set_aside,
        reading.doubts,
        reading.publisher,
    )

"""Reviewed specifications of series ↔ a file that people read and keep under version control.

Every review of a series stays in the book with the day from which it serves, so that the past is adjusted again as it
was then.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from bn_analysis.cleaning.raw.sidecars import read_yaml
from bn_analysis.errors import InputError
from bn_analysis.seasonal.tet.window_selection import add_windows, add_working_days
from bn_analysis.seasonal.tet.windows import Window, Windows
from bn_analysis.seasonal.x13.specification import Specification
from bn_analysis.whole_file import whole_file

FORMAT = 1
"""Version of the file format."""

OUTLIERS = ("ao", "ls")
"""Outlier types searched for, R seasonal's and X-13's default."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a review settled for one series.

    Attributes
    ----------
    name
        Series.
    reviewed
        Last month the review saw, YYYY-MM.
    transform, arima, variables
        As in `Specification`; `variables` holds calendar effects and the outliers up to the review.
    windows
        Tết windows.
    critical
        |t| from which a new month is an outlier: that of the review, because X-13 would lower it for a short span.
    working_days
        Whether working days of Viet Nam are a regressor.
    method
        ``x11`` or ``seats``.
    known
        Day of the newest figure the review saw, YYYY-MM-DD: it serves what was known from that day on.
    first
        First month the review saw, YYYY-MM; a series that begins elsewhere is another one. Empty: not asked.
    scores
        Choices of Tết windows that the review tried, with their AICC.
    """

    name: str
    reviewed: str
    transform: str
    arima: str
    variables: tuple[str, ...]
    windows: Windows
    critical: float
    working_days: bool = False
    method: str = "x11"
    known: str = ""
    first: str = ""
    scores: tuple[tuple[Windows, float], ...] = ()

    def specification(self, months: pd.PeriodIndex) -> Specification:
        """Specification for a series over `months`, the months since the review searched for outliers."""
        new = pd.Period(self.reviewed, freq="M") + 1
        spec = Specification(
            transform=self.transform,  # type: ignore[arg-type]  # checked by Specification itself
            variables=self.variables,
            aictest=(),
            arima=self.arima,
            outliers=OUTLIERS if months[-1] >= new else (),
            critical=self.critical,
            outlier_span=(new, None) if months[-1] >= new else None,
            method=self.method,  # type: ignore[arg-type]
        )
        spec = add_working_days(spec, months) if self.working_days else spec
        return add_windows(spec, self.windows, months)


@dataclass(frozen=True, slots=True)
class Book:
    """Reviewed specifications by series.

    Attributes
    ----------
    entries : mapping of str to tuple of Entry
        Series → its reviews, the oldest first.
    fault : str
        Why the file could not be read, where it could not; there are no entries then.
    """

    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    fault: str = ""

    def entry(self, name: str, day: str = "") -> Entry | None:
        """The review of a series in force on a day, the last of all by default; None where there is none."""
        served = [entry for entry in self.entries.get(name, ()) if not day or entry.known <= day]
        return served[-1] if served else None

    def with_entry(self, entry: Entry) -> "Book":
        """Copy with a review added, or put in the place of that of the same day."""
        others = [other for other in self.entries.get(entry.name, ()) if other.known != entry.known]
        reviews = tuple(sorted([*others, entry], key=lambda one: one.known))
        return Book(dict(self.entries) | {entry.name: reviews})

    def write(self, path: Path) -> None:
        """Write as YAML, series in alphabetical order, whole or not at all."""
        rows = {name: [_plain(entry) for entry in self.entries[name]] for name in sorted(self.entries)}
        text = yaml.safe_dump(
            {"format": FORMAT, "series": rows}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110
        )
        with whole_file(path) as staged:
            staged.write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Book":
        """Read a book.

        Raises
        ------
        InputError
            No such file, not this format, or an entry that says something impossible; names file and series.
        """
        content = read_yaml(path)
        series = content.get("series") if isinstance(content, dict) and content.get("format") == FORMAT else None
        if not isinstance(series, dict) or not all(isinstance(rows, list) for rows in series.values()):
            raise InputError(f"{path.name}: expected a specification book with format: {FORMAT} and series: lists")
        book = cls()
        for name, rows in series.items():
            for row in rows:
                book = book.with_entry(_entry(path, str(name), row))
        return book


def _plain(entry: Entry) -> dict[str, object]:
    row = asdict(entry) | {
        "variables": list(entry.variables),
        "windows": _pairs(entry.windows),
        "scores": [[_pairs(choice), round(aicc, 4)] for choice, aicc in entry.scores],
    }
    del row["name"]
    return row


def _pairs(windows: Windows) -> list[list[int]]:
    return [[window.first, window.last] for window in windows]


def _windows(pairs: Iterable[Iterable[int]]) -> Windows:
    return tuple(Window(int(first), int(last)) for first, last in pairs)


def _day(text: str) -> str:
    if text and str(dt.date.fromisoformat(text)) != text:  # Python also reads weeks, 2024-W13-7
        raise ValueError(f"{text!r} is no day written YYYY-MM-DD")
    return text


def _entry(path: Path, name: str, row: object) -> Entry:
    try:
        if not isinstance(row, dict):
            raise TypeError("an entry is a mapping")
        entry = Entry(
            name=name,
            reviewed=str(pd.Period(row["reviewed"], freq="M")),
            transform=row["transform"],
            arima=row["arima"],
            variables=tuple(row["variables"]),
            windows=_windows(row["windows"]),
            critical=float(row["critical"]),
            working_days=bool(row["working_days"]),
            method=row["method"],
            known=_day(str(row["known"] or "")),
            first=str(pd.Period(row["first"], freq="M")) if row["first"] else "",
            scores=tuple((_windows(pairs), float(aicc)) for pairs, aicc in row["scores"]),
        )
        entry.specification(pd.period_range(entry.reviewed, periods=1, freq="M"))
    except (KeyError, TypeError, ValueError, InputError) as error:
        raise InputError(f"{path.name}: series {name}: {type(error).__name__} {error}; repeat its review") from error
    return entry

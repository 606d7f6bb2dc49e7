"""The annual review of a series → an entry of the specification book, and an entry plus new months → an adjustment.

Partial concurrent adjustment (ESS Guidelines on Seasonal Adjustment 2024, section on revisions): transform, ARIMA
model, calendar, Tết windows and past outliers are identified once a year; in between, coefficients are estimated anew
each month and only the newest months are searched for outliers.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd
import yaml

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.seasonal.adjust import AskedMethod, WorkingDays, adjust
from bn_analysis.seasonal.checks import monthly, obstacle
from bn_analysis.seasonal.methods.x13 import from_run
from bn_analysis.seasonal.result import Reason, SeasonalAdjustment
from bn_analysis.seasonal.tet.effect import NO_TET
from bn_analysis.seasonal.tet.window_selection import add_windows, add_working_days
from bn_analysis.seasonal.tet.windows import Window, Windows
from bn_analysis.seasonal.x13.binary import TIME_LIMIT
from bn_analysis.seasonal.x13.run import X13Result, run
from bn_analysis.seasonal.x13.specification import Specification, months_of
from bn_analysis.whole_file import whole_file

_OUTLIER = re.compile(r"(ao|ls|tc|so)\d{4}\.", flags=re.IGNORECASE)

FORMAT = 1
"""Version of the file format."""

AUTOCORRELATED = 0.01
"""Ljung–Box probability (24 lags) below which the stored model no longer describes the series."""

NEW_OUTLIERS = 2
"""More outliers than this since the review ask for a new one."""

OUTLIERS = ("ao", "ls")
"""Outlier types searched for, R seasonal's and X-13's default."""

INSIGNIFICANT = 1.0
"""|t| below which the Tết windows together no longer earn their place (largest of the windows)."""


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
    """Reviewed specifications by series."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def with_entry(self, entry: Entry) -> "Book":
        """Copy with an entry added or replaced."""
        return Book(dict(self.entries) | {entry.name: entry})

    def write(self, path: Path) -> None:
        """Write as YAML, one entry a series in alphabetical order, whole or not at all."""
        rows = {name: _plain(self.entries[name]) for name in sorted(self.entries)}
        text = yaml.safe_dump({"format": FORMAT, "series": rows}, allow_unicode=True, sort_keys=False, width=110)
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
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise InputError(
                f"{path.name}: cannot be read as a specification book: {' '.join(str(error).split())}"
            ) from error
        if (
            not isinstance(content, dict)
            or content.get("format") != FORMAT
            or not isinstance(content.get("series"), dict)
        ):
            raise InputError(f"{path.name}: expected a specification book with format: {FORMAT} and series:")
        return cls({str(name): _entry(path, str(name), row) for name, row in content["series"].items()})


def review(adjustment: SeasonalAdjustment) -> Entry:
    """The specification an automatic X-13 adjustment settled on, as an entry of the book.

    Raises
    ------
    InputError
        The adjustment was not made by X-13, or with outliers given.
    """
    spec = adjustment.specification
    if spec is None or spec.arima is None:
        raise InputError(f"{adjustment.name}: adjusted by {adjustment.method}; only X-13 adjustments enter the book")
    critical = adjustment.diagnostics.get("outlier_critical")
    if critical is None:
        raise InputError(f"{adjustment.name}: its outliers were given, not searched; use renew with its entry")
    return Entry(
        name=adjustment.name,
        reviewed=str(adjustment.table.index[-1]),
        transform=spec.transform,
        arima=spec.arima,
        variables=spec.variables,
        windows=adjustment.tet.windows,
        critical=critical,
        working_days="td" in spec.usertypes,
        method=spec.method,
    )


def renew(entry: Entry, series: pd.Series) -> Entry:
    """The annual review of a series already in the book: keep what still fits, identify anew what does not.

    While the stored model leaves no autocorrelation and the Tết windows still show, model, calendar and windows stay
    and only the outliers are searched again over the whole series; a review that changes its mind every year revises
    the past for nothing. Otherwise everything is identified anew, as for a series that enters the book.

    Parameters
    ----------
    entry : Entry
    series : pandas.Series
        Monthly, at least up to the last review.

    Raises
    ------
    NotEnoughDataError
        The series is too short for X-13, has gaps, or ends before the last review.
    X13Error
        X-13 is missing, ran too long or refused.
    """
    values = _checked(entry, series)
    calendar = tuple(word for word in entry.variables if not _OUTLIER.match(word))
    spec = entry.specification(months_of(values))
    result = run(spec.with_(variables=calendar, outliers=OUTLIERS, critical=None, outlier_span=None), values)
    if set(signs_of_age(entry, result)) - {"new_outliers"}:
        days: WorkingDays = "vietnam" if entry.working_days else "x13"
        method: AskedMethod = "seats" if entry.method == "seats" else "x13"
        return review(adjust(values.rename(entry.name), method, "tet" if entry.windows else "none", working_days=days))
    critical = result.number("aocrit")
    return replace(entry, reviewed=str(values.index[-1]), variables=result.variables, critical=critical)


def adjust_with(entry: Entry, series: pd.Series, *, time_limit: float = TIME_LIMIT) -> SeasonalAdjustment:
    """Adjust a series with its entry of the book.

    Parameters
    ----------
    entry : Entry
    series : pandas.Series
        Monthly, at least up to the review.

    Returns
    -------
    SeasonalAdjustment
        ``reason.code`` is ``book``, or ``book_outdated`` with the signs that ask for a review.

    Raises
    ------
    NotEnoughDataError
        The series is too short for X-13, has gaps, or ends before the review.
    X13Error
        X-13 is missing, ran too long or refused.
    """
    values = _checked(entry, series)
    result = run(entry.specification(months_of(values)), values, time_limit=time_limit)
    signs = signs_of_age(entry, result)
    facts: dict[str, object] = {"reviewed": entry.reviewed}
    reason = Reason("book_outdated", facts | {"signs": ", ".join(signs)}) if signs else Reason("book", facts)
    return from_run(values, result, entry.windows, NO_TET.scores, reason)


def _checked(entry: Entry, series: pd.Series) -> pd.Series:
    """The series as X-13 takes it, if it reaches the last review."""
    values, name = monthly(series), f"series {entry.name:.40}"
    hindrance = obstacle(values)
    if hindrance is not None:
        raise NotEnoughDataError(f"{name}: X-13 cannot serve it ({hindrance}); use adjust with method auto")
    if values.index[-1] < pd.Period(entry.reviewed, freq="M"):
        raise NotEnoughDataError(f"{name}: ends in {values.index[-1]}, before its review of {entry.reviewed}")
    return values


def signs_of_age(entry: Entry, result: X13Result) -> tuple[str, ...]:
    """Signs that the stored model no longer fits: ``autocorrelation``, ``new_outliers``, ``tet``; empty if it does."""
    signs = []
    # X-13 lists a lag only where it fails at 5 %.
    if result.number("lbq$24", 2) < AUTOCORRELATED:
        signs.append("autocorrelation")
    if result.number("autoout") > NEW_OUTLIERS:
        signs.append("new_outliers")
    terms = {term.name: term.t_value for term in result.regression}
    t_values = [abs(terms[f"user{i + 1}"]) for i in range(len(entry.windows))]
    if t_values and max(t_values) < INSIGNIFICANT:
        signs.append("tet")
    return tuple(signs)


def _plain(entry: Entry) -> dict[str, object]:
    row = asdict(entry) | {
        "variables": list(entry.variables),
        "windows": [[window.first, window.last] for window in entry.windows],
    }
    del row["name"]
    return row


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
            windows=tuple(Window(int(first), int(last)) for first, last in row["windows"]),
            critical=float(row["critical"]),
            working_days=bool(row["working_days"]),
            method=row["method"],
        )
        entry.specification(pd.period_range(entry.reviewed, periods=1, freq="M"))
    except (KeyError, TypeError, ValueError, InputError) as error:
        raise InputError(f"{path.name}: series {name}: {type(error).__name__} {error}; repeat its review") from error
    return entry

"""What was asked for on the command line → checked parameters of one report, before anything heavy is imported."""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bn_analysis.errors import InputError

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

SOURCES = {
    "BN": "bac_ninh_published_rates.csv",
    "BNM": "bac_ninh_published_rates.csv",
    "BG": "bac_ninh_published_rates.csv",
    "VN": "vietnam_iip_releases.csv",
}
"""Territories whose index of industrial production can be reported on, and the raw file that holds their figures."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """One report: a territory, the month it judges, the day of knowledge, and the language.

    Attributes
    ----------
    territory : str
        A key of `SOURCES`.
    period : str
        YYYY-MM, the month that is judged.
    as_of : str
        YYYY-MM-DD, only figures released on that day or before are used; "" means every figure in the raw files.
    language : {"vi", "en"}
    """

    territory: str
    period: str
    as_of: str = ""
    language: Language = "vi"


@dataclass(frozen=True, slots=True)
class Known:
    """What the raw files hold on a territory: first release, first and last month of the total, all as text."""

    first_release: str
    first_period: str
    last_period: str


def known(raw_dir: Path, territory: str, as_of: str = "") -> Known:
    """First release and span of months of a territory's total index, from the figures released until `as_of`.

    Parameters
    ----------
    raw_dir : pathlib.Path
        Folder of the raw files.
    territory : str
        A key of `SOURCES`; anything else raises InputError.
    as_of : str
        YYYY-MM-DD, or "" for everything.
    """
    if territory not in SOURCES:
        raise InputError(f"territory {territory!r}: unknown; expected one of {', '.join(SOURCES)}")
    rows = list(_totals(raw_dir, territory))
    first_release = min(release for release, _ in rows)
    periods = [period for release, period in rows if not as_of or release <= as_of]
    if not periods:
        raise InputError(f"as-of {as_of}: before the first release for {territory}; expected {first_release} or later")
    return Known(first_release, min(periods), max(periods))


def months_with_figures(raw_dir: Path, territory: str) -> frozenset[str]:
    """Months (YYYY-MM) of which at least one figure of a territory's total index was published."""
    return frozenset(period for _, period in _totals(raw_dir, territory))


def ingested_territories(raw_dir: Path) -> list[str]:
    """Territories whose total index came in by ingested workbooks, in the order of `SOURCES`."""
    return [code for code in SOURCES if any(_rows_of(path, code) for path in _ingested(raw_dir))]


def check_clock(raw_dir: Path, today: dt.date) -> str:
    """Day of the newest release in the raw files (YYYY-MM-DD, "" where there is none).

    Raises
    ------
    InputError
        That day lies after `today`: with a wrong clock, "late" and "known until now" would be wrong too.
    """
    newest = max(_release_dates(raw_dir), default="")
    if newest > today.isoformat():
        raise InputError(
            f"clock: this computer says {today}, before the newest release {newest} in the raw data; set its date right"
        )
    return newest


def _release_dates(raw_dir: Path) -> Iterator[str]:
    for path in sorted(raw_dir.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row.get("release_date") or "" for row in csv.DictReader(file))


def _totals(raw_dir: Path, territory: str) -> Iterator[tuple[str, str]]:
    """Release date and month of every figure of a territory's total index, those of ingested workbooks included."""
    for path in (raw_dir / SOURCES[territory], *_ingested(raw_dir)):
        yield from _rows_of(path, territory)


def _ingested(raw_dir: Path) -> list[Path]:
    return sorted((raw_dir / "releases").glob("*.csv"))


def _rows_of(path: Path, territory: str) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if _is_total(row, territory)]
    return [(row["release_date"], row["period"]) for row in rows]


def _is_total(row: dict[str, str], territory: str) -> bool:
    if "indicator" in row:  # an ingested workbook
        return (row["territory"], row["industry"], row["indicator"]) == (territory, "TOTAL", "iip")
    if "sector" in row:
        iip = not row["measure"].startswith(("labour_", "consumption_"))
        return row["territory"] == territory and row["sector"] == "TOTAL" and iip
    return True


def check(raw_dir: Path, territory: str, period: str, as_of: str, today: dt.date) -> Parameters:
    """Checked parameters (language "vi"); raises InputError naming the value and the valid range.

    Parameters
    ----------
    raw_dir : pathlib.Path
        Folder of the raw files.
    territory, period, as_of : str
        As typed; `period` may be "latest", `as_of` may be "".
    today : datetime.date
        Nothing can be known after it.
    """
    if as_of:
        _check_day(as_of, today)
    span = known(raw_dir, territory, as_of)
    if period == "latest":
        period = span.last_period
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", period):
        raise InputError(f"period {period!r}: expected latest or YYYY-MM, {span.first_period} to {span.last_period}")
    last = max(span.last_period, as_of[:7])
    if not span.first_period <= period <= last:
        raise InputError(f"period {period}: no figures of {territory}; expected {span.first_period} to {last}")
    return Parameters(territory, period, as_of)


def _check_day(as_of: str, today: dt.date) -> None:
    try:
        day = dt.date.fromisoformat(as_of)
    except ValueError:
        raise InputError(f"as-of {as_of!r}: expected a day written YYYY-MM-DD, up to {today}") from None
    if day > today or len(as_of) != 10:
        raise InputError(f"as-of {as_of}: expected a day written YYYY-MM-DD, up to {today}")


def months(first: str, last: str) -> list[str]:
    """The months from `first` to `last` (YYYY-MM, both included); InputError when they are in the wrong order."""
    if first > last:
        raise InputError(f"from {first} to {last}: the first month lies after the last")
    found, (year, month) = [], (int(first[:4]), int(first[5:]))
    while (text := f"{year}-{month:02d}") <= last:
        found.append(text)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found

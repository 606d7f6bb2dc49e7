"""Raw files beside the rates (claims, GRDP, events) → tidy tables, and what is wrong in them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw

CLAIMS, GRDP, EVENTS = "claims.csv", "grdp.csv", "events.csv"
SUBJECTS = ("iip", "cycle", "promotion", "policy")
BASES = ("unstated", "mom", "yoy", "ytd", "sign", "verdict", "plan", "actual", "target")

_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_TERRITORIES = {
    "Bac Ninh (old)": "BN",
    "Bac Giang (old)": "BG",
    "Bac Ninh (new, incl. Bac Giang)": "BNM",
    "Viet Nam": "VN",
}
_CLAIM_COLUMNS = ("id", "territory", "period", "subject", "statement_vi", "statement_en", "value", "unit", "basis")
_CLAIM_MORE = ("months", "source", "note")
_GRDP_COLUMNS = ("territory", "period", "metric", "value", "unit", "status")
PUBLISHED = ("source_url", "source_date", "note")
_EVENT_COLUMNS = ("first", "last", "territory", "label_vi", "label_en")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used as it stands, or rows that contradict each other; nothing is chosen silently.

    Attributes
    ----------
    place : str
        File and line.
    code : str
        no_period, unknown_subject, unknown_basis, no_year, two_values or above_plan.
    facts : dict
        What a sentence about it names.
    """

    place: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def read_claims(raw_dir: Path) -> pd.DataFrame:
    """Public statements that can be checked, one a row, in the order of the file.

    Parameters
    ----------
    raw_dir : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        Columns id, territory, period (YYYY-MM or YYYY, "" where none), subject, statement_vi, statement_en,
        value_text (as printed: one number, a range, or ""), unit, basis, months (how many months up to the period the
        statement covers), source, place (file and line).
    """
    rows = read_raw(raw_dir / CLAIMS, [*_CLAIM_COLUMNS, *_CLAIM_MORE])
    table = pd.DataFrame([row.fields | {"place": place_of(row)} for row in rows])
    table["months"] = [int(row.number("months") or 1) for row in rows]
    return table.rename(columns={"value": "value_text"}).drop(columns="note")


def claim_problems(claims: pd.DataFrame) -> list[Problem]:
    """Claims that nobody can check as they stand: no period, an unknown subject or an unknown basis."""
    found = []
    for row in claims.to_dict("records"):
        if not _PERIOD.fullmatch(row["period"]):
            found.append(Problem(row["place"], "no_period", {"id": row["id"], "printed": row["period"]}))
        if row["subject"] not in SUBJECTS:
            found.append(Problem(row["place"], "unknown_subject", {"id": row["id"], "printed": row["subject"]}))
        elif row["basis"] not in BASES:
            found.append(Problem(row["place"], "unknown_basis", {"id": row["id"], "printed": row["basis"]}))
    return found


def read_grdp(raw_dir: Path) -> pd.DataFrame:
    """Gross regional product and its parts by year, half-year and quarter, every printed version.

    Returns
    -------
    pandas.DataFrame
        Columns territory (code), period (YYYY, YYYY-H1, YYYY-Q1 …), metric, value, unit, status, source, source_date,
        place.
    """
    rows = read_raw(raw_dir / GRDP, [*_GRDP_COLUMNS, *PUBLISHED])
    return pd.DataFrame(
        [
            {
                "territory": territory_of(row),
                **{key: row.fields[key] for key in ("period", "metric", "unit", "status", "source_date")},
                "value": value_of(row),
                "source": row.fields["source_url"],
                "place": place_of(row),
            }
            for row in rows
        ]
    )


EVERYWHERE = "all"
"""In the column `territory` of the events: one that happened to the country and to every province."""


def read_events(raw_dir: Path) -> pd.DataFrame:
    """Dated events with their sources.

    Returns
    -------
    pandas.DataFrame
        Columns first, last (monthly periods), territory (codes of those it happened to, or `EVERYWHERE`), label_vi,
        label_en, source, source_date.
    """
    rows = read_raw(raw_dir / EVENTS, [*_EVENT_COLUMNS, *PUBLISHED])
    return pd.DataFrame(
        [
            {
                "first": _month(row, "first"),
                "last": _month(row, "last"),
                **{key: row.fields[key] for key in ("territory", "label_vi", "label_en", "source_date")},
                "source": row.fields["source_url"],
            }
            for row in rows
        ]
    )


def place_of(row: RawRow) -> str:
    """File and line."""
    return f"{row.file}:{row.line}"


def territory_of(row: RawRow) -> str:
    """Code of the territory as these files name it."""
    expect(row, "territory", tuple(_TERRITORIES))
    return _TERRITORIES[row.fields["territory"]]


def expect(row: RawRow, column: str, known: tuple[str, ...]) -> None:
    """Refuse a cell that holds none of the known texts."""
    if row.fields[column] not in known:
        raise row.error(column, f"one of {', '.join(known)}")


def value_of(row: RawRow) -> float:
    """The figure of a row."""
    value = row.number("value")
    if value is None:
        raise row.error("value", "a number")
    return value


def _month(row: RawRow, column: str) -> pd.Period:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", row.fields[column]):
        raise row.error(column, "YYYY-MM")
    return pd.Period(row.fields[column], freq="M")

"""Raw files beside the rates (claims, promotion programme, GRDP, events) → tidy tables, and what is wrong in them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bn_analysis.cleaning.raw import RawRow, read_raw

CLAIMS, PROMOTION, GRDP, EVENTS = "claims.csv", "promotion.csv", "grdp.csv", "events.csv"
SUBJECTS = ("iip", "cycle", "promotion", "policy")
BASES = ("unstated", "mom", "yoy", "ytd", "sign", "verdict", "plan", "actual", "target")
STATUSES = ("plan", "actual", "unknown")
FUNDS = ("national", "local", "total", "unknown")
TEN_TIMES = 10
"""An actual beyond its plan by this factor is a slip of the pen until somebody has looked."""

_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_YEARS = re.compile(r"\d{4}(-\d{4})?|unknown")
_TERRITORIES = {
    "Bac Ninh (old)": "BN",
    "Bac Giang (old)": "BG",
    "Bac Ninh (new, incl. Bac Giang)": "BNM",
    "Viet Nam": "VN",
}
_CLAIM_COLUMNS = ("id", "territory", "period", "subject", "statement_vi", "statement_en", "value", "unit", "basis")
_CLAIM_MORE = ("months", "source", "note")
_PROMOTION_COLUMNS = ("territory", "year", "fund", "metric", "value", "unit", "beneficiary_or_project", "status")
_GRDP_COLUMNS = ("territory", "period", "metric", "value", "unit", "status")
_PUBLISHED = ("source_url", "source_date", "note")
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
    table = pd.DataFrame([row.fields | {"place": _place(row)} for row in rows])
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


def read_promotion(raw_dir: Path) -> pd.DataFrame:
    """Figures of the industrial promotion programme (khuyến công), one a row.

    Parameters
    ----------
    raw_dir : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        Columns territory (code), year (YYYY, YYYY-YYYY or unknown), fund, metric, value, unit, what, status, source,
        source_date, note, place.

    Raises
    ------
    InputError
        A territory, fund, status or year that is none, or a value that is no number; names file, line and column.
    """
    rows = read_raw(raw_dir / PROMOTION, [*_PROMOTION_COLUMNS, *_PUBLISHED])
    return pd.DataFrame([_promotion_row(row) for row in rows])


def _promotion_row(row: RawRow) -> dict[str, Any]:
    fields = row.fields
    _among(row, "fund", FUNDS)
    _among(row, "status", STATUSES)
    if not _YEARS.fullmatch(fields["year"]):
        raise row.error("year", "YYYY, YYYY-YYYY or unknown")
    return {
        "territory": _territory(row),
        **{key: fields[key] for key in ("year", "fund", "metric")},
        "value": _value(row),
        "unit": fields["unit"],
        "what": fields["beneficiary_or_project"],
        "status": fields["status"],
        "source": fields["source_url"],
        "source_date": fields["source_date"],
        "note": fields["note"],
        "place": _place(row),
    }


def promotion_problems(promotion: pd.DataFrame) -> list[Problem]:
    """Rows without a year, two figures for one thing, and an actual ten times above its plan."""
    found = [
        Problem(row["place"], "no_year", {"metric": row["metric"], "value": row["value"], "unit": row["unit"]})
        for row in promotion[promotion["year"] == "unknown"].to_dict("records")
    ]
    dated = promotion[promotion["year"] != "unknown"]
    for _, rows in dated.groupby(["territory", "year", "fund", "metric", "what", "status"], sort=False):
        if rows["value"].nunique() > 1:
            found.append(_pair("two_values", rows.iloc[0], rows.iloc[-1]))
    for _, rows in dated.groupby(["territory", "year", "fund", "metric"], sort=False):
        plans, actuals = (rows[rows["status"] == status] for status in ("plan", "actual"))
        for _, actual in actuals.iterrows():
            above = plans[actual["value"] > TEN_TIMES * plans["value"]]
            found.extend(_pair("above_plan", plan, actual) for _, plan in above.iterrows())
    return found


def _pair(code: str, first: "pd.Series[Any]", second: "pd.Series[Any]") -> Problem:
    facts = {key: first[key] for key in ("year", "fund", "metric", "unit")}
    return Problem(second["place"], code, facts | {"first": first["value"], "second": second["value"]})


def read_grdp(raw_dir: Path) -> pd.DataFrame:
    """Gross regional product and its parts by year, half-year and quarter, every printed version.

    Returns
    -------
    pandas.DataFrame
        Columns territory (code), period (YYYY, YYYY-H1, YYYY-Q1 …), metric, value, unit, status, source, source_date,
        place.
    """
    rows = read_raw(raw_dir / GRDP, [*_GRDP_COLUMNS, *_PUBLISHED])
    return pd.DataFrame(
        [
            {
                "territory": _territory(row),
                **{key: row.fields[key] for key in ("period", "metric", "unit", "status", "source_date")},
                "value": _value(row),
                "source": row.fields["source_url"],
                "place": _place(row),
            }
            for row in rows
        ]
    )


def read_events(raw_dir: Path) -> pd.DataFrame:
    """Dated events with their sources.

    Returns
    -------
    pandas.DataFrame
        Columns first, last (monthly periods), territory (code), label_vi, label_en, source, source_date.
    """
    rows = read_raw(raw_dir / EVENTS, [*_EVENT_COLUMNS, *_PUBLISHED])
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


def _place(row: RawRow) -> str:
    return f"{row.file}:{row.line}"


def _territory(row: RawRow) -> str:
    _among(row, "territory", tuple(_TERRITORIES))
    return _TERRITORIES[row.fields["territory"]]


def _among(row: RawRow, column: str, known: tuple[str, ...]) -> None:
    if row.fields[column] not in known:
        raise row.error(column, f"one of {', '.join(known)}")


def _value(row: RawRow) -> float:
    value = row.number("value")
    if value is None:
        raise row.error("value", "a number")
    return value


def _month(row: RawRow, column: str) -> pd.Period:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", row.fields[column]):
        raise row.error(column, "YYYY-MM")
    return pd.Period(row.fields[column], freq="M")

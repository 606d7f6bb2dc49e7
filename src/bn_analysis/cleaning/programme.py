"""The promotion programme (khuyến công) → a tidy table and what is wrong in it; files of new years → ``data/raw``."""

import csv
import hashlib
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from bn_analysis import __version__
from bn_analysis.cleaning.context import PUBLISHED, Problem, expect, place_of, territory_of, value_of
from bn_analysis.cleaning.raw import RawRow, read_raw, write_sidecar
from bn_analysis.cleaning.releases import adding, write_release
from bn_analysis.errors import InputError

PROMOTION = "promotion.csv"
FOLDER = "promotion"
"""Folder of the ingested files, beside the file that was gathered."""
COLUMNS = ("territory", "year", "fund", "metric", "value", "unit", "beneficiary_or_project", "status", *PUBLISHED)
STATUSES = ("plan", "actual", "unknown")
FUNDS = ("national", "local", "total", "unknown")
TEN_TIMES = 10
"""An actual beyond its plan by this factor is a slip of the pen until somebody has looked."""
LARGEST_FILE = 1_000_000

_YEARS = re.compile(r"\d{4}(-\d{4})?|unknown")


def read_promotion(raw_dir: Path) -> pd.DataFrame:
    """Figures of the industrial promotion programme (khuyến công), one a row, those of ingested files included.

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
    paths = [raw_dir / PROMOTION, *sorted((raw_dir / FOLDER).glob("*.csv"))]
    return pd.DataFrame([_promotion_row(row) for path in paths for row in read_raw(path, COLUMNS)])


def _promotion_row(row: RawRow) -> dict[str, Any]:
    fields = row.fields
    expect(row, "fund", FUNDS)
    expect(row, "status", STATUSES)
    if not _YEARS.fullmatch(fields["year"]):
        raise row.error("year", "YYYY, YYYY-YYYY or unknown")
    return {
        "territory": territory_of(row),
        **{key: fields[key] for key in ("year", "fund", "metric")},
        "value": value_of(row),
        "unit": fields["unit"],
        "what": fields["beneficiary_or_project"],
        "status": fields["status"],
        "source": fields["source_url"],
        "source_date": fields["source_date"],
        "note": fields["note"],
        "place": place_of(row),
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


def ingest_promotion(path: Path, raw_dir: Path) -> list[str]:
    """Add the rows of a CSV file with the heading of ``promotion.csv``; all of them or, on an error, none.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8.
    raw_dir : pathlib.Path
        ``data/raw``.

    Returns
    -------
    list of str
        What was read, for people: how many rows are new, and every problem they bring. Ingesting again adds nothing.

    Raises
    ------
    InputError
        The heading, a territory, fund, status, year or value is not acceptable, or a row names no source; names file,
        line and column.
    """
    rows = _rows_of(path)
    for row in rows:
        _promotion_row(row)
        if not row.fields["source_url"]:
            raise row.error("source_url", "where the figure was published")
    with adding(raw_dir):
        before = promotion_problems(record := read_promotion(raw_dir))
        known = {tuple(row) for row in record[list(_IDENTITY)].itertuples(index=False)}
        fresh = [row for row in rows if tuple(_promotion_row(row)[key] for key in _IDENTITY) not in known]
        if fresh:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            fields = [[row.fields[column] for column in COLUMNS] for row in fresh]
            write_release(raw_dir, f"promotion-{digest[:8]}", COLUMNS, fields, _provenance(path.name), FOLDER)
        after = promotion_problems(read_promotion(raw_dir))
    lines = [f"{path.name}: {len(rows)} rows read, {len(fresh)} new, {len(rows) - len(fresh)} on record already"]
    return lines + [f"  look at {p.place}: {p.code} {p.facts}" for p in after if p not in before]


_IDENTITY = ("territory", "year", "fund", "metric", "value", "unit", "what", "status", "source")


def _rows_of(path: Path) -> list[RawRow]:
    """Rows of a file from outside, read like a raw file: through a copy with a sidecar of its own."""
    if not path.is_file() or path.stat().st_size > LARGEST_FILE:
        raise InputError(f"{path.name}: expected a CSV file of at most {LARGEST_FILE} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: byte {error.start} is not UTF-8; save the file as CSV UTF-8") from None
    heading = next(csv.reader(io.StringIO(text)), [])
    if tuple(heading) != COLUMNS:
        raise InputError(f"{path.name}, line 1: found {','.join(heading)[:120]!r}, expected {','.join(COLUMNS)}")
    with tempfile.TemporaryDirectory(prefix="bn-analysis-ingest-") as folder:
        copy = Path(folder, path.name)
        copy.write_text(text, encoding="utf-8")
        write_sidecar(copy, **_provenance(path.name))
        return read_raw(copy, COLUMNS)


def _provenance(name: str) -> dict[str, str]:
    return {
        "publisher_vi": "Nơi công bố ghi ở cột source_url của từng dòng",
        "publisher_en": "Publishers as named in column source_url of each row",
        "gathered": f"read by bn-analysis {__version__} from {name}",
        "licence": "published statistical facts; cite the publisher",
        "date": "see column source_date",
    }

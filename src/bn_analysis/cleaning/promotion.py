"""The promotion programme (khuyến công) → a tidy table and what is wrong in it; files of new years → ``data/raw``."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from bn_analysis.cleaning.context import PUBLISHED, Problem, expect, place_of, territory_of, value_of
from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw

PROMOTION = "promotion.csv"
FOLDER = "promotion"
"""Folder of the ingested files, beside the file that was gathered."""
COLUMNS = ("territory", "year", "fund", "metric", "value", "unit", "beneficiary_or_project", "status", *PUBLISHED)
STATUSES = ("plan", "actual", "unknown")
FUNDS = ("national", "local", "total", "unknown")
METRICS = (
    "average_income", "average_income_high", "average_income_low", "beneficiary_establishments", "budget",
    "budget_consulting", "budget_machinery_and_models", "budget_machinery_support", "budget_typical_products",
    "budget_with_central_centre", "capacity", "completion_rate_target", "counterpart_capital",
    "counterpart_leverage", "design_capacity", "establishments_surveyed", "expected_revenue", "jobs_created",
    "jobs_expected", "project_support", "projects_approved", "projects_assigned", "projects_implemented",
    "projects_proposed", "training_classes", "training_completion_certified_rate",
    "workers_recruited_after_training", "workers_trained",
)  # fmt: skip
"""What figures of the programme measure; pages have words for each of them."""
UNITS = (
    "%", "VND per VND of support", "classes", "doses/year", "establishments", "m2/year", "m3/year", "million VND",
    "million VND/person/month", "million VND/year", "projects", "tonnes/year", "workers",
)  # fmt: skip
"""Their units, likewise."""
TEN_TIMES = 10
"""An actual beyond its plan by this factor is a slip of the pen until somebody has looked."""

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
    expect(row, "metric", METRICS)
    expect(row, "unit", UNITS)
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

"""The office's own workbooks and releases: every figure recovered, and no rule that refuses breaks on one of them."""

import csv
import warnings
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.language.classification import industry_codes, territory_code
from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.cleaning.workbook.edit_rules import check_production
from bn_analysis.cleaning.workbook.extraction import Rate
from bn_analysis.cleaning.workbook.files.grid import Place
from bn_analysis.cleaning.workbook.reading import WorkbookWarning, read_workbook

SHARED = Path(__file__).resolve().parents[3] / "shared"
WORKBOOKS = sorted((SHARED / "workbooks").glob("*.xls*"))
needs_workbooks = pytest.mark.skipif(not WORKBOOKS, reason="the third-party folder ../shared/workbooks is absent")
needs_data = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="the third-party folder ../shared/data is absent"
)

ROUNDED = 5.1e-5
"""The data files round the stored ratios to four decimals."""

COLUMNS = {
    "mom": ("mom", "first"),
    "yoy": ("yoy", "first"),
    "ytd": ("ytd", "first"),
    "prev_month_yoy": ("yoy", "restated"),
}


@cache
def rates_of(path: Path) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WorkbookWarning)
        return read_workbook(path)


def rows(name: str) -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    with (SHARED / "data" / name).open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found[row["release_date"]].append(row)
    return found


def expected_production(release: list[dict[str, str]]) -> dict[tuple[str, ...], float]:
    period = release[0]["period"]
    figures = {}
    for row, code in zip(release, industry_codes([row["industry_vi"] for row in release], period), strict=True):
        for column, (measure, kind) in COLUMNS.items():
            if row[column]:
                month = period if kind == "first" else month_before(period)
                figures["iip", "VN", code, month, measure, kind] = float(row[column]) - 100
    return figures


def found_in(path: Path) -> dict[tuple[str, ...], float]:
    key = ["indicator", "territory", "industry", "period", "measure", "release"]
    return rates_of(path).set_index(key)["value_pct"].to_dict()


@needs_workbooks
@needs_data
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name[:7])
def test_every_national_figure_is_recovered(path: Path) -> None:
    expected = expected_production(rows("vietnam_iip_releases.csv")[path.name[:10]])
    found = found_in(path)
    assert len(expected) >= 74
    assert {key: found.get(key) for key in expected} == pytest.approx(expected, abs=ROUNDED)


@needs_workbooks
@needs_data
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name[:7])
def test_every_provincial_labour_figure_is_recovered(path: Path) -> None:
    expected = {
        ("labour", territory_code(row["territory_vi"], row["period"]), "TOTAL", row["period"], measure, "first"):
            float(row[measure]) - 100
        for row in rows("labour_by_province_releases.csv").get(path.name[:10], [])
        for measure in ("mom", "yoy")
    }  # fmt: skip
    found = found_in(path)
    assert {key: found.get(key) for key in expected} == pytest.approx(expected, abs=ROUNDED)
    assert bool(expected) == (path.name[:7] >= "2019-08")


@needs_workbooks
def test_months_and_dates_come_out_of_the_workbooks() -> None:
    for path in WORKBOOKS:
        rates = rates_of(path)
        assert set(rates["release_date"]) == {path.name[:10]}
        newest = rates[(rates["indicator"] == "iip") & (rates["release"] == "first")]
        assert set(newest["period"]) == {path.name[:7]}


@needs_data
def test_no_release_since_2011_breaks_a_rule_that_refuses() -> None:
    order = ["prev_month_yoy", "mom", "yoy", "ytd"]
    remarked = []
    for date, release in rows("vietnam_iip_releases.csv").items():
        period = release[0]["period"]
        rates = []
        codes = industry_codes([row["industry_vi"] for row in release], period)
        for line, (row, code) in enumerate(zip(release, codes, strict=True), start=9):
            for column, (measure, kind) in COLUMNS.items():
                if row[column]:
                    month = period if kind == "first" else month_before(period)
                    place = Place(date, "IIP", line, 2 + order.index(column))
                    change = round(float(row[column]) - 100, 4)
                    rates.append(Rate("iip", "VN", code, month, measure, change, 4, kind, place))  # type: ignore[arg-type]
        checked = check_production(rates, period)
        assert checked.rates == rates and not checked.set_aside
        remarked += checked.remarks
    # Two totals are printed more than half a point from what their sections imply: these are the office's slips.
    slips = [line for line in remarked if "its sections imply" in line]
    assert [line[:7] for line in slips] == ["2017-11", "2024-05"]

"""Figures that do not go with earlier releases are named; real releases hardly ever are."""

from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.rates import read_rates
from bn_analysis.cleaning.workbook_history import unlikely

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
MOST_NAMED = 0.05
"""Share of a real release that may be named: small industries are revised without notice."""


@pytest.fixture(scope="module")
def national() -> pd.DataFrame:
    rates = read_rates(RAW)
    return rates[(rates["territory"] == "VN") & (rates["indicator"] == "iip")].reset_index(drop=True)


def split(rates: pd.DataFrame, day: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rates of one release, and all released before."""
    return rates[rates["release_date"] == day].copy(), rates[rates["release_date"] < day]


@pytest.mark.parametrize("day", ["2016-10-28", "2022-08-29", "2024-12-29"])
def test_real_releases_go_with_those_before(national: pd.DataFrame, day: str) -> None:
    new, before = split(national, day)
    assert len(unlikely(new, before)) < MOST_NAMED * len(new)


@pytest.mark.parametrize(("one", "other"), [("yoy", "ytd"), ("mom", "yoy"), ("mom", "ytd")])
def test_columns_of_figures_that_changed_places_are_named(national: pd.DataFrame, one: str, other: str) -> None:
    new, before = split(national, "2024-05-29")
    first = new["release"] == "first"
    swapped = new.assign(measure=new["measure"].where(~first, new["measure"].replace({one: other, other: one})))
    assert len(unlikely(swapped, before)) > len(unlikely(new, before)) + 3


def test_a_first_print_far_from_its_repetition_is_named_with_its_place_and_range(national: pd.DataFrame) -> None:
    new, before = split(national, "2024-05-29")
    total = (new["industry"] == "TOTAL") & (new["release"] == "restated")
    new.loc[total, "value_pct"] = 27.11
    (line,) = (line for line in unlikely(new, before) if line.startswith(new.loc[total, "source"].item()))
    assert "found 27.11 % (yoy, TOTAL, 2024-04, restated), past releases imply" in line


def test_without_a_past_nothing_is_unlikely(national: pd.DataFrame) -> None:
    new, before = split(national, "2011-06-29")
    assert before.empty
    assert unlikely(new, before) == []

"""Figures that do not go with earlier releases are named; real releases hardly ever are."""

from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.ingestion.plausibility import review
from bn_analysis.cleaning.rates import read_rates

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


@pytest.mark.parametrize("day", ["2016-10-28", "2022-08-29", "2025-01-06"])
def test_real_releases_go_with_those_before(national: pd.DataFrame, day: str) -> None:
    new, before = split(national, day)
    assert len(review(new, before).findings) < MOST_NAMED * len(new)


@pytest.mark.parametrize(("one", "other"), [("yoy", "ytd"), ("mom", "yoy"), ("mom", "ytd")])
def test_columns_of_figures_that_changed_places_are_named(national: pd.DataFrame, one: str, other: str) -> None:
    new, before = split(national, "2024-05-29")
    first = new["release"] == "first"
    swapped = new.assign(measure=new["measure"].where(~first, new["measure"].replace({one: other, other: one})))
    assert len(review(swapped, before).findings) > len(review(new, before).findings) + 3


def test_a_first_print_far_from_its_repetition_is_named_with_its_place_and_range(national: pd.DataFrame) -> None:
    new, before = split(national, "2024-05-29")
    total = (new["industry"] == "TOTAL") & (new["release"] == "restated")
    new.loc[total, "value_pct"] = 27.11
    (line,) = (line for line in review(new, before).findings if line.startswith(new.loc[total, "source"].item()))
    assert "found 27.11% (yoy, TOTAL, 2024-04, restated), past releases imply" in line
    assert "thấy 27,11% (yoy, TOTAL, 2024-04, restated), các kỳ trước cho thấy" in line


def test_without_a_past_nothing_is_unlikely(national: pd.DataFrame) -> None:
    new, before = split(national, "2011-06-29")
    assert before.empty
    found = review(new, before)
    assert found.findings == () and found.checked == 0
    assert str(found).endswith(f" / 0 of {len(new)} figures could be set beside earlier releases")


def test_a_review_says_how_small_a_slip_it_would_see(national: pd.DataFrame) -> None:
    new, before = split(national, "2024-05-29")
    found = review(new, before)
    assert 0.7 * len(new) < found.checked <= found.figures == len(new)
    assert 1.5 <= found.reach_pct < 25.0
    slip = new["measure"].eq("yoy") & new["release"].eq("restated") & new["industry"].eq("TOTAL")
    new.loc[slip, "value_pct"] += 3 * found.reach_pct
    assert len(review(new, before).findings) > len(found.findings)

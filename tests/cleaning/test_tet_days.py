"""Tết falls where the Vietnamese calendar puts it, and its regressors carry no seasonal pattern."""

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cleaning.calendars.tet import tet_day, tet_regressor

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"


def test_tet_days_equal_the_gathered_dates():
    with (RAW / "tet.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 36
    assert [(int(r["year"]), r["tet_day1"]) for r in rows] == [
        (int(r["year"]), tet_day(int(r["year"])).isoformat()) for r in rows
    ]


@pytest.mark.parametrize(
    ("year", "vietnam", "china"),
    [(1985, "1985-01-21", "1985-02-20"), (2007, "2007-02-17", "2007-02-18"), (2030, "2030-02-02", "2030-02-03")],
)
def test_years_in_which_the_chinese_date_would_be_wrong(year, vietnam, china):
    assert tet_day(year) == dt.date.fromisoformat(vietnam) != dt.date.fromisoformat(china)


def test_window_shares_of_a_year_sum_to_one():
    months = pd.period_range("2011-01", "2030-12", freq="M")
    raw = tet_regressor(months, -10, 5, centred=False)
    assert np.allclose(raw.groupby(months.year).sum(), 1.0)
    assert raw["2022-01"] == pytest.approx(10 / 16)  # Tết on 1 February 2022: the window is 22 January to 6 February
    assert raw["2022-02"] == pytest.approx(6 / 16)


def test_a_centred_regressor_has_no_seasonal_pattern_over_the_centring_span():
    months = pd.period_range("1971-01", "2060-12", freq="M")
    centred = tet_regressor(months, -6, 12)
    assert np.abs(centred.groupby(months.month).mean()).max() < 1e-12


def test_a_window_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before the first"):
        tet_regressor(pd.period_range("2020-01", periods=3, freq="M"), 2, 1)

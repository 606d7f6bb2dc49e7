"""What a table of rates must be before any algebra, and what counts as one figure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_analysis.errors import InputError
from bn_analysis.index import estimate
from bn_analysis.index.model.observations import read_figures

ROW = {
    "indicator": "iip", "territory": "XX", "industry": "TOTAL", "period": "2020-01", "measure": "yoy", "value_pct": 5.0,
    "decimals": 1, "release": "first", "release_date": "2020-01-29", "source": "a",
}  # fmt: skip


def table(*changes: dict[str, object]) -> pd.DataFrame:
    """One row a change to `ROW`."""
    return pd.DataFrame([ROW | {"source": str(i)} | change for i, change in enumerate(changes)])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -100.0, -250.0])
def test_impossible_rates_are_refused_with_their_cell(value: float) -> None:
    with pytest.raises(InputError, match="XX TOTAL 2020-02 yoy: rate"):
        estimate(table({}, {"period": "2020-02", "value_pct": value}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measure": "index"}, "measure 'index', expected one of mom, yoy"),
        ({"release": "final"}, "release 'final', expected one of forecast"),
        ({"period": "2020-13"}, "period '2020-13', expected YYYY-MM"),
        ({"decimals": -1}, "decimals -1"),
        ({"territory": "YY"}, "found 2 values of territory"),
        ({"industry": "C"}, "found 2 values of industry"),
        ({"indicator": "labour"}, "found 2 values of indicator"),
        ({"source": "0"}, "found the same figure twice"),
    ],
)
def test_bad_rows_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        estimate(table({}, change))


def test_no_rows_and_missing_columns_are_refused() -> None:
    with pytest.raises(InputError, match="found no figure"):
        estimate(table({}).iloc[:0])
    with pytest.raises(InputError, match="column decimals is missing"):
        estimate(table({}).drop(columns="decimals"))


def test_a_stretch_of_more_than_36_months_without_a_figure_is_refused_and_named() -> None:
    with pytest.raises(InputError, match=r"no figure from 2020-02 to 2023-02 \(37 months\)"):
        read_figures(table({}, {"period": "2023-03"}))
    assert len(read_figures(table({}, {"period": "2023-02"})).table) == 2


def test_a_year_to_date_rate_covers_the_months_since_january() -> None:
    assert len(read_figures(table({}, {"period": "2023-03", "measure": "ytd"})).table) == 2


def test_the_same_print_in_fewer_digits_is_no_new_figure() -> None:
    figures = read_figures(table({"value_pct": 23.84, "decimals": 2}, {"value_pct": 23.8}, {"value_pct": 24.1}))
    assert list(figures.table["value_pct"]) == [24.1, 23.84]


def test_the_same_print_found_in_two_places_is_one_figure() -> None:
    assert len(read_figures(table({"source": "page"}, {"source": "workbook"})).table) == 1


def test_first_quarter_and_march_year_to_date_are_one_figure() -> None:
    march = {"period": "2020-03", "value_pct": -18.67, "decimals": 2}
    figures = read_figures(table(march | {"measure": "ytd"}, march | {"measure": "quarter_yoy"}, {}))
    assert len(figures.table) == 2


def test_a_restated_figure_is_kept_beside_the_first() -> None:
    restated = {"release": "restated", "release_date": "2020-02-29"}
    assert len(read_figures(table({}, restated | {"value_pct": 2.0})).table) == 2


@given(st.floats(-99.0, 500.0), st.integers(0, 4))
@settings(max_examples=50, deadline=None)
def test_rounding_error_is_half_the_last_digit_whatever_the_value(value: float, decimals: int) -> None:
    figures = read_figures(table({"value_pct": value, "decimals": decimals}))
    half = 0.5 * 10.0**-decimals
    width = np.log1p((value + half) / 100.0) - np.log1p((value - half) / 100.0) if value - half > -100 else None
    if width is not None and half < 0.05:
        assert figures.rounding_sd[0] == pytest.approx(width / np.sqrt(12.0), rel=0.01)

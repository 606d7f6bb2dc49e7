"""Dating: the dates of the reference, the rules they obey, and what may not be dated."""

from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_analysis.cycle import turning_points
from bn_analysis.cycle.bry_boschan import MONTHLY, PEAK, QUARTERLY, TROUGH, Rules, date_paths
from bn_analysis.errors import InputError, NotEnoughDataError

from .plain_dating import date_one
from .simulated import path

OWN = Path(__file__).resolve().parents[1] / "reference"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "validation"
FOLDER = SHARED if SHARED.is_dir() else OWN
CASES = [
    "de_ipi_x11_auto:seasadj",
    "de_ipi_x11_auto:trend",
    "fr_ipi_x11_auto:seasadj",
    "fr_ipi_x11_auto:trend",
    "imp_cny_prepost_x11:seasadj",
    "imp_cny_prepost_x11:trend",
    "vn_iip_ls_tet_x11:seasadj",
    "vn_iip_ls_tet_x11:trend",
    "iran_nonoil_gdp_cycle",
]
# 2,000 paths of 180 months take about 0.05 s alone on one core; the bound leaves room for a busy machine.
SECONDS_FOR_MANY_PATHS = 1.0


def walks(seed: int, n_paths: int, n_periods: int, digits: int | None) -> np.ndarray:
    """Random walks with noise; rounding makes ties."""
    rng = np.random.default_rng(seed)
    steps = rng.standard_t(4, (n_paths, n_periods)) * rng.choice([0.3, 1, 3])
    levels = np.cumsum(steps, axis=1) + rng.choice([0, 2]) * rng.standard_normal((n_paths, n_periods))
    return levels if digits is None else np.round(levels, digits)


@pytest.mark.parametrize("case", CASES)
def test_dates_equal_those_of_bcdating(case: str) -> None:
    dates = pd.read_csv(FOLDER / "bcdating_reference_dates.csv")
    if case not in set(dates["case"]):
        pytest.skip("this reference lies in shared/validation, which is not here")
    expected = dates[(dates["case"] == case) & dates["algorithm"].str.startswith("BCDating")]
    if case.startswith("iran"):
        table = pd.read_csv(FOLDER / "bcdating_iran_nonoil_gdp_cycle.csv")
        # The years are those of the Iranian calendar, before the first quarter pandas can hold dates for.
        values = table["cycle"].to_numpy()
        marks = date_paths(values[None, :], QUARTERLY)[0]
        found = [(row + 1, "peak" if marks[row] == PEAK else "trough") for row in np.flatnonzero(marks)]
    else:
        name, column = case.split(":")
        table = pd.read_csv(FOLDER / "x13_reference_components.csv")
        table = table[table["case"] == name]
        series = pd.Series(table[column].to_numpy(), index=pd.PeriodIndex(table["month"], freq="M"))
        found = [((point.period - series.index[0]).n + 1, point.type) for point in turning_points(series)]
    assert found == list(zip(expected["obs"], expected["type"], strict=True))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n_periods=st.integers(1, 240),
    digits=st.sampled_from([None, 0]),
    rules=st.sampled_from([MONTHLY, QUARTERLY, Rules(window=3, phase=4, cycle=9, end=0)]),
)
def test_many_paths_at_once_are_dated_as_one_by_one(
    seed: int, n_periods: int, digits: int | None, rules: Rules
) -> None:
    paths = walks(seed, 12, n_periods, digits)
    marks = date_paths(paths, rules)
    for values, row in zip(paths, marks, strict=True):
        assert [(int(at), int(row[at])) for at in np.flatnonzero(row)] == date_one(list(values), rules)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), digits=st.sampled_from([None, 1]))
def test_turns_alternate_and_keep_the_shortest_phase_and_cycle(seed: int, digits: int | None) -> None:
    marks = date_paths(walks(seed, 20, 240, digits))
    for row in marks:
        at = np.flatnonzero(row)
        assert (row[at][1:] == -row[at][:-1]).all()
        assert (np.diff(at) >= MONTHLY.phase).all()
        assert ((at >= MONTHLY.end) & (at < 240 - MONTHLY.end)).all()
        for kind in (PEAK, TROUGH):
            # The newest turn of a kind is exempt: its cycle is still open.
            assert (np.diff(np.flatnonzero(row == kind)[:-1]) >= MONTHLY.cycle).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.floats(0.01, 1000), months=st.integers(-600, 600))
def test_dates_know_neither_unit_nor_calendar(seed: int, factor: float, months: int) -> None:
    values = 100 * np.exp(walks(seed, 1, 200, None)[0] / 100)
    series = pd.Series(values, index=pd.period_range("1990-01", periods=200, freq="M"))
    dates = turning_points(series)
    assert turning_points(series * factor).points == dates.points
    assert turning_points(np.log(series)).points == dates.points
    moved = turning_points(series.set_axis(series.index + months))
    assert [(point.period - months, point.type) for point in moved] == [tuple(point) for point in dates]


def test_a_series_turned_upside_down_swaps_peaks_and_troughs_where_nothing_ties() -> None:
    # Not so for every path: rule 3 knows no counterpart for peaks. One clean cycle has one.
    series = path([(40, 0.6), (20, -0.8), (40, 0.6), (20, -0.8), (40, 0.6)], noise=0)
    upright, upturned = turning_points(series), turning_points(-series)
    assert upright.peaks == upturned.troughs
    assert upright.troughs == upturned.peaks


def test_a_plain_fall_has_its_peak_and_its_trough() -> None:
    series = path([(48, 0.5), (12, -1.0), (36, 0.5)], noise=0)
    frame = turning_points(series).to_frame()
    assert frame.to_dict("list") == {"period": ["2008-12", "2009-12"], "type": ["peak", "trough"]}


def test_a_constant_series_has_no_turning_point() -> None:
    series = pd.Series(100.0, index=pd.period_range("2010-01", periods=120, freq="M"))
    assert len(turning_points(series)) == 0


def test_quarterly_series_take_the_quarterly_rules() -> None:
    monthly = path([(60, 0.5), (17, -1.0), (60, 0.5)], noise=0)
    quarterly = monthly.groupby(monthly.index.asfreq("Q")).mean()
    dates = turning_points(quarterly)
    assert dates.rules == QUARTERLY
    assert dates.to_frame()["period"].tolist() == ["2009Q4", "2011Q2"]


def test_missing_values_at_the_ends_are_no_holes() -> None:
    series = path([(48, 0.5), (12, -1.0), (36, 0.5)])
    padded = series.reindex(pd.period_range("2004-01", "2014-12", freq="M"))
    assert turning_points(padded).points == turning_points(series).points


def test_thousands_of_draws_are_dated_in_well_under_a_second() -> None:
    paths = walks(1, 2000, 180, None)
    start = perf_counter()
    date_paths(paths)
    assert perf_counter() - start < SECONDS_FOR_MANY_PATHS


def spoiled(series: pd.Series, how: str) -> pd.Series:
    if how == "hole":
        return series.mask(series.index == series.index[50])
    if how == "text":
        return series.astype(object).where(series.index != series.index[7], "n/a")
    if how == "infinite":
        return series.where(series.index != series.index[7], np.inf)
    if how == "repeated month":
        return pd.concat([series, series.iloc[-1:]])
    if how == "out of order":
        return series.iloc[::-1]
    if how == "yearly":
        return series.set_axis(pd.period_range("1900", periods=len(series), freq="Y"))
    if how == "no index":
        return series.reset_index(drop=True)
    return series.iloc[:0]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("hole", "no value for 2009-03"),
        ("text", "2005-08 holds 'n/a'"),
        ("infinite", "2005-08 holds 'inf'"),
        ("repeated month", "follows"),
        ("out of order", "follows"),
        ("yearly", "expected a monthly or quarterly PeriodIndex"),
        ("no index", "expected a monthly or quarterly PeriodIndex"),
        ("empty", "it is empty"),
    ],
)
def test_what_is_no_series_is_named_in_one_line(how: str, says: str) -> None:
    series = path([(48, 0.5), (12, -1.0), (36, 0.5)])
    with pytest.raises(InputError) as caught:
        turning_points(spoiled(series, how))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_series_too_short_for_one_turn_is_refused() -> None:
    with pytest.raises(NotEnoughDataError, match="12 observations"):
        turning_points(path([(12, 0.5)]))


@pytest.mark.parametrize("rule", [{"window": 0}, {"phase": -1}, {"cycle": 2.5}, {"end": True}])
def test_rules_are_whole_numbers(rule: dict[str, int]) -> None:
    with pytest.raises(InputError, match=next(iter(rule))):
        turning_points(path([(60, 0.5)]), **rule)

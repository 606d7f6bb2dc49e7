"""Tết moves between January and February: its regressors say how much lies where, and nothing about the season."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS, GRID_MONTHS, Window, label, tet_regressors, window_grid
from bn_analysis.seasonal.tet.working_days import working_days

MONTHS = pd.period_range("2011-01", "2025-12", freq="M")


def test_the_grid_begins_with_no_window_and_repeats_none() -> None:
    grid = window_grid(GRID_MONTHS)
    assert grid[0] == ()
    assert len(set(grid)) == len(grid)
    assert DEFAULT_WINDOWS in grid


def test_windows_of_one_choice_never_overlap() -> None:
    for windows in window_grid(GRID_MONTHS):
        days = [day for w in windows for day in range(w.first, w.last + 1)]
        assert len(days) == len(set(days))


def test_few_years_of_data_get_few_choices() -> None:
    assert len(window_grid(GRID_MONTHS - 1)) == 3


def test_windows_are_printed_as_days() -> None:
    assert label((Window(-6, -1), Window(0, 6))) == "−6…−1 + 0…6"
    assert label(()) == "none"


def test_a_regressor_differs_between_an_early_and_a_late_tet() -> None:
    since = tet_regressors((Window(0, 6),), MONTHS)["0…6"]
    # Tết fell on 22 January 2023 and on 10 February 2024.
    assert since["2023-01"] > 0 > since["2023-02"]
    assert since["2024-01"] < 0 < since["2024-02"]
    assert since["2023-01"] + since["2023-02"] == pytest.approx(0)


def test_regressors_carry_no_season() -> None:
    long = pd.period_range("1971-01", "2060-12", freq="M")
    values = tet_regressors(DEFAULT_WINDOWS, long)
    assert np.abs(values.groupby(long.month).mean().to_numpy()).max() < 1e-12


def test_months_left_out_do_not_shift_the_others() -> None:
    whole = tet_regressors(DEFAULT_WINDOWS, MONTHS)
    some = MONTHS[[0, 1, 5, 13, 14, 40]]
    assert tet_regressors(DEFAULT_WINDOWS, some).equals(whole.loc[some])


def test_no_window_is_an_empty_table() -> None:
    assert tet_regressors((), MONTHS).shape == (len(MONTHS), 0)


def test_working_days_know_vietnamese_holidays_and_exchanged_days() -> None:
    days = working_days(MONTHS)
    # September 2024 had 21 weekdays and two days off (2 and 3 September); 2023 as many weekdays and also two (1 and 4).
    assert days["2024-09"] == pytest.approx(days["2023-09"])
    # In May 2024, 23 weekdays, the first off, and Saturday the 4th worked in exchange for 29 April.
    assert days["2024-05"] - days["2023-05"] == pytest.approx(23 - 20)


def test_days_off_at_tet_are_left_to_the_tet_windows() -> None:
    days = working_days(MONTHS)
    # Tết of 2023 lay in January, that of 2024 in February; weekdays: 22 and 23, 20 and 21; new year's day took one each
    # (in 2023 the Sunday was made up for on the Monday).
    assert days["2024-01"] - days["2023-01"] == pytest.approx(23 - 22)
    assert days["2024-02"] - days["2023-02"] == pytest.approx(21 - 20)


def test_working_days_carry_no_season() -> None:
    years = pd.period_range("2007-01", "2034-12", freq="M")
    assert np.abs(working_days(years).groupby(years.month).mean().to_numpy()).max() < 1e-12

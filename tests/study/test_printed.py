"""Arithmetic that a reader can check: what printed figures imply beside the index, and how many there are."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.report.elements.table import table
from bn_analysis.report.pages.evidence.index_estimate import _in_points, between_sentences, index_table
from bn_analysis.report.pages.leadership.composition import _adding_up
from bn_analysis.study.facts import known_how
from bn_analysis.study.printed import between_year_to_dates, counts, first_prints
from bn_analysis.study.study import Study, open_study


@pytest.fixture(scope="module")
def june() -> Study:
    return open_study("BN", "2025-06", alone=True)


def test_two_year_to_date_rates_imply_the_month_between_them(june: Study) -> None:
    newest = between_year_to_dates(june)[0]
    assert (newest.before, newest.until, str(newest.last)) == (9.33, 9.74, "2025-06")
    assert 11 < newest.implied < 12 and newest.rounding < 0.1  # by hand, on even weights: 6 x 9.74 - 5 x 9.33 = 11.8
    index = june.estimate.frame["index"]
    year = index["2024-01":"2024-06"].to_numpy()
    assert newest.implied == pytest.approx((9.74 * year.sum() - 9.33 * year[:5].sum()) / year[5])
    assert newest.index == pytest.approx(june.implied_yoy.at[june.at, "value_pct"], abs=1e-6)


def test_where_the_index_leaves_what_is_printed_the_page_says_so_and_why(june: Study) -> None:
    assert not between_year_to_dates(june)[0].meet
    said = " ".join(between_sentences(june, "vi"))
    assert "suy ra riêng tháng 6/2025 +11," in said and "thấp hơn" in said and "Chênh lệch này" in said


def test_figures_are_counted_once_and_what_is_left_out_is_said(june: Study) -> None:
    found = counts(june)
    assert found.printed == found.used + found.merged + found.cut == len(june.rates)
    assert found.used == len(june.estimate.figures.table) == june.estimate.n_figures
    assert found.merged > 0


def test_the_correction_of_first_prints_is_in_the_open(june: Study) -> None:
    found = first_prints(june)
    assert found.count >= 15 and found.above <= found.count and found.country_pairs > 50
    assert found.pairs.values.tolist() == [["2024-05", 27.11, 2.23]]
    page = index_table(june, "vi").html
    assert "27,11 (công bố lần đầu); 2,23 (công bố lại)" in page


def test_a_month_with_a_figure_is_not_between_figures_and_the_last_one_neither(june: Study) -> None:
    how = pd.Series(known_how(june), index=june.estimate.frame.index)
    printed = pd.PeriodIndex(sorted(set(june.rates["period"])), freq="M")
    assert set(how[printed]) <= {"observed", "vague"}
    assert how.iloc[-1] != "bracketed"
    later = open_study("BN", "2024-03", "2024-03-31", alone=True)
    assert known_how(later)[-1] == "after"


def test_parts_of_a_change_are_percentage_points_and_add_up() -> None:
    logs = pd.DataFrame(
        {"yoy_pct": [30.0, 5.0], "momentum": [10.0, 0.0], "base_effect": [8.0, 0.0], "calendar": [-3.0, 0.0]}
    )
    logs["change"] = logs[["momentum", "base_effect", "calendar"]].sum(axis=1)
    points = _in_points(logs)
    before = 130 * np.exp(-0.15) - 100
    assert points["change"].iloc[0] == pytest.approx(30 - before)
    assert points[["momentum", "base_effect", "calendar"]].sum(axis=1).tolist() == pytest.approx(
        points["change"].tolist()
    )


def test_contributions_add_up_to_the_change_that_every_page_gives() -> None:
    months = pd.period_range("2026-01", periods=2, freq="M")
    columns = pd.MultiIndex.from_product([["BN", "BG", "total"], ["points", "low80", "high80"]])
    table_ = pd.DataFrame([[8.0, 7.0, 9.0, 6.0, 5.0, 7.0, 14.4, 13.0, 16.0]] * 2, months, columns)
    implied = pd.DataFrame({"value_pct": 14.2, "low80": 13.1, "high80": 15.9}, index=months)
    summed = _adding_up(table_, implied)
    assert summed["total", "points"].tolist() == [14.2, 14.2]
    assert (summed["BN", "points"] + summed["BG", "points"]).tolist() == pytest.approx([14.2, 14.2])


def test_a_named_column_names_each_cell_by_its_row() -> None:
    frame = pd.DataFrame({"Chỉ số": [101.25]}, index=pd.PeriodIndex(["2026-08"], freq="M"))
    html = table(frame, "vi", caption="x", names={"Chỉ số": "index BNM"})
    assert '<td class="number" data-heading="Chỉ số"><data value="index BNM 2026-08">101,2</data></td>' in html

"""What the published figures of Viet Nam and Bắc Ninh imply."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cleaning.rates import as_of, select
from bn_analysis.errors import InputError
from bn_analysis.index import IndexEstimate, estimate

ANNUAL_GAP = 0.5  # points between the growth of a calendar year and the rate last published for it
REVISED_GAP = 1.2  # points, root mean square, between implied and revised y/y
DECEMBER = 8.84  # first print of y/y in 2024-12; first prints have been revised by 1.8 points (one sd)


def test_chained_mom_is_never_used_as_a_level(rates: pd.DataFrame, national: IndexEstimate) -> None:
    mom = select(rates, "VN").query("measure == 'mom'")["value_pct"]
    chained = 100 * (1 + mom.iloc[1:] / 100).prod()
    level = national.to_frame()["index"]
    assert chained > 1500
    assert 190 < 100 * level["2025-02"] / level["2011-06"] < 230


def test_every_national_month_is_observed(national: IndexEstimate) -> None:
    frame = national.to_frame()
    assert list(frame.columns[:4]) == ["index", "low80", "high80", "status"]
    assert len(frame) == 182 and (frame["status"] == "observed").all()
    assert frame.loc["2015", "index"].mean() == pytest.approx(100.0)
    assert national.base == "2015" and national.enough_data and national.borrowed_from is None


def test_december_2024_lies_near_its_first_print(national: IndexEstimate) -> None:
    implied = national.implied("yoy").loc["2024-12"]
    assert implied["low80"] - 0.5 < DECEMBER < implied["high80"] + 0.5


def test_calendar_years_grow_as_published(rates: pd.DataFrame, national: IndexEstimate) -> None:
    frame = national.to_frame()["index"]
    yearly = frame.loc["2012":"2024"].groupby(pd.PeriodIndex(frame.loc["2012":"2024"].index).year).mean()
    growth = 100 * yearly.pct_change().dropna()
    december = select(rates, "VN").query("measure == 'ytd' and release == 'first' and period.str.endswith('-12')")
    printed = december.set_index("period")["value_pct"]
    gaps = [growth[year] - printed[f"{year}-12"] for year in growth.index]
    assert np.abs(gaps).max() < ANNUAL_GAP


def test_implied_yoy_stays_near_the_revised_ones(rates: pd.DataFrame, national: IndexEstimate) -> None:
    revised = (
        select(rates, "VN").query("release == 'restated' and measure == 'yoy'").groupby("period")["value_pct"].last()
    )
    implied = national.implied("yoy")["value_pct"]
    gaps = [implied[month] - value for month, value in revised.items()]
    assert np.sqrt(np.mean(np.square(gaps))) < REVISED_GAP


def test_first_releases_of_mom_are_too_high(national: IndexEstimate) -> None:
    assert 0.5 < national.bias.mean() < 2.0


def test_the_tet_effect_is_a_fall_in_the_week_of_the_holiday(national: IndexEstimate) -> None:
    tet = national.components()["tet"]
    assert tet["2023-01"] < 0.97  # Tết on 22 January
    assert tet["2024-01"] > 1.0 > tet["2024-02"]  # Tết on 10 February


def test_of_the_two_prints_of_may_2024_the_first_is_believed(provincial: IndexEstimate) -> None:
    suspects = provincial.suspects.query("period == '2024-05' and measure == 'yoy'")
    assert list(suspects["value_pct"]) == [2.23]
    assert abs(suspects["implied_pct"].iloc[0] - 27.11) < 3.0


def test_the_claim_of_march_2024_is_a_yoy(provincial: IndexEstimate) -> None:
    odds = provincial.which_base(7.34, "2024-03")
    assert odds["yoy"] > 0.9
    assert set(odds.index) == {"mom", "yoy", "ytd"} and odds.sum() == pytest.approx(1.0)


def test_what_was_known_at_the_time_already_says_so(rates: pd.DataFrame, national: IndexEstimate) -> None:
    known = as_of(select(rates, "BN"), "2024-03-31")
    then = estimate(known, prior_from=national, end="2024-03")
    assert then.vintage <= "2024-03-31"
    assert then.to_frame().loc["2024-03", "extrapolated"]
    assert 0.6 < then.which_base(7.34, "2024-03")["yoy"] < 0.99


def test_bac_ninh_borrows_from_the_country_and_is_based_on_2023(provincial: IndexEstimate) -> None:
    assert provincial.borrowed_from == "VN TOTAL"
    assert provincial.base == "2023" and provincial.enough_data
    columns = ["territory", "industry", "period", "measure", "value_pct", "implied_pct", "weight"]
    assert list(provincial.suspects.columns[:7]) == columns


def test_the_merged_province_has_not_enough_data(rates: pd.DataFrame, national: IndexEstimate) -> None:
    merged = estimate(select(rates, "BNM"), prior_from=national)
    assert not merged.enough_data and "BNM TOTAL" in merged.reason


def test_a_gap_in_bac_giang_is_named(rates: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"BG TOTAL: no figure from 2018-01 to 2021-12 \(48 months\)"):
        estimate(select(rates, "BG"))

"""Parts and the whole: rebasing, weights, contributions, breadth, and why a y/y moved."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.index import (
    IndexEstimate,
    contributions,
    decompose_yoy,
    diffusion,
    estimate_weights,
    rebase,
)

EXACT = 1e-9  # identities hold to rounding


def laspeyres(levels: pd.DataFrame, weights: pd.Series, base: int) -> pd.Series:
    """The whole with fixed weights of the base period (UN recommendations 2010, ch. VI), written out plainly."""
    return sum(weights[name] / weights.sum() * 100 * levels[name] / levels[name][str(base)].mean() for name in levels)


def parts(seed: int, months: int = 72, count: int = 3) -> pd.DataFrame:
    """Random index levels of some parts."""
    rng = np.random.default_rng(seed)
    span = pd.period_range("2015-01", periods=months, freq="M")
    return pd.DataFrame(
        100 * np.exp(np.cumsum(0.02 * rng.standard_normal((months, count)), axis=0)), span, list("BCD"[:count])
    )


WEIGHTS = pd.Series({"B": 0.2, "C": 0.7, "D": 0.1})


def test_rebasing_sets_the_mean_of_the_base_to_100_and_keeps_changes() -> None:
    levels = parts(0)
    based = rebase(levels, 2016)
    assert based.loc["2016"].mean().to_list() == pytest.approx([100.0] * 3)
    pd.testing.assert_frame_equal(based.pct_change(), levels.pct_change())
    assert rebase(levels["B"], "2017-03")["2017-03"] == pytest.approx(100.0)
    with pytest.raises(InputError, match="base: found '2021'"):
        rebase(levels, 2021)


@given(st.integers(0, 10_000), st.sampled_from([1, 12]))
@settings(max_examples=30, deadline=None)
def test_contributions_sum_to_the_change_of_the_whole(seed: int, lag: int) -> None:
    levels = parts(seed)
    whole = laspeyres(levels, WEIGHTS, 2015)
    shares = contributions(levels, WEIGHTS, 2015, lag)
    np.testing.assert_allclose(shares["total"][lag:], 100 * whole.pct_change(lag)[lag:], atol=EXACT)
    np.testing.assert_allclose(shares.drop(columns="total").sum(axis=1)[lag:], shares["total"][lag:], atol=EXACT)


def test_the_whole_is_100_in_the_base_and_lies_between_its_parts() -> None:
    levels = rebase(parts(1), 2015)
    whole = laspeyres(levels, WEIGHTS, 2015)
    assert whole["2015"].mean() == pytest.approx(100.0)
    assert ((whole >= levels.min(axis=1) - EXACT) & (whole <= levels.max(axis=1) + EXACT)).all()


def test_weights_are_found_again_from_how_the_parts_combine() -> None:
    levels = parts(4, months=120)
    whole = laspeyres(levels, WEIGHTS, 2015)
    found = estimate_weights(whole, levels, 2015)
    assert found["weight"].to_list() == pytest.approx(WEIGHTS.to_list(), abs=1e-6)
    noisy = whole * np.exp(0.002 * np.random.default_rng(0).standard_normal(len(whole)))
    found = estimate_weights(noisy, levels, 2015)
    assert found["weight"].sum() == pytest.approx(1.0)
    assert (found["low80"] < found["high80"]).all()
    assert np.abs(found["weight"] - WEIGHTS).max() < 0.05
    with pytest.raises(NotEnoughDataError, match="over three years"):
        estimate_weights(whole[:30], levels[:30], 2015)


def test_an_unchanged_part_counts_one_half() -> None:
    span = pd.period_range("2020-01", periods=4, freq="M")
    changes = pd.DataFrame({"a": [1.0, -1.0, 0.0, np.nan], "b": [2.0, -0.1, 3.0, np.nan]}, index=span)
    assert diffusion(changes)[:3].to_list() == [1.0, 0.0, 0.75]
    assert np.isnan(diffusion(changes).iloc[3])
    assert diffusion(changes, unchanged=0.5).iloc[1] == 0.25


def test_base_effect_momentum_and_calendar_add_up_to_the_move_of_yoy() -> None:
    rng = np.random.default_rng(5)
    span = pd.period_range("2018-01", periods=48, freq="M")
    adjusted = pd.Series(100 * np.exp(np.cumsum(0.02 * rng.standard_normal(48))), span)
    index = adjusted * np.exp(0.1 * rng.standard_normal(48))
    table = decompose_yoy(index, adjusted).dropna()
    np.testing.assert_allclose(table[["momentum", "base_effect", "calendar"]].sum(axis=1), table["change"], atol=EXACT)
    moved = 100 * np.log1p(table["yoy_pct"] / 100).diff().dropna()
    np.testing.assert_allclose(moved, table["change"].iloc[1:], atol=EXACT)


def test_a_low_base_shows_as_base_effect_not_as_momentum() -> None:
    span = pd.period_range("2022-01", periods=36, freq="M")
    level = pd.Series(100.0, span)
    level["2023-03"] = 70.0
    march = decompose_yoy(level, level).loc["2024-03"]
    assert march["base_effect"] == pytest.approx(-100 * np.log(0.7))
    assert march["momentum"] == pytest.approx(0.0)
    assert march["base_yoy_pct"] == pytest.approx(-30.0)


def test_march_2024_in_bac_ninh_was_mostly_base_and_calendar(provincial: IndexEstimate) -> None:
    components = provincial.components()
    table = decompose_yoy(components["index"], components["seasonally_adjusted"])
    march = table.loc["2024-03"]
    assert march["base_yoy_pct"] < -25
    assert march["base_effect"] + march["calendar"] > march["momentum"]


def test_bad_weights_and_gaps_are_refused() -> None:
    levels = parts(6)
    with pytest.raises(InputError, match="none for D"):
        contributions(levels, WEIGHTS.drop("D"), 2015)
    with pytest.raises(InputError, match="at least 0"):
        contributions(levels, -WEIGHTS, 2015)
    with pytest.raises(InputError, match="every month from the first to the last"):
        rebase(levels.drop(index=levels.index[5]), 2015)

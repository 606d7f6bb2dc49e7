"""Estimates of simulated histories whose levels are known."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.errors import InputError
from bn_analysis.index import IndexEstimate, estimate

from .simulated import Truth, simulate

SEEDS = range(5)
COVERAGE_80 = (0.70, 0.93)  # of 5 runs: wide, because the months of a run go together; the 100 runs are in bench/
MISPRINTS_NAMED = 0.6  # the rest are too close to the truth to see
SOUND_ACCUSED = 0.02
MISPRINT_MOVES = 0.01  # one misprint among hundreds of figures moves no log level by more
BETTER_THAN_CHAINING = 5.0


@pytest.fixture(scope="module")
def histories() -> list[tuple[Truth, IndexEstimate]]:
    return [(truth, estimate(truth.rates, base=2012)) for truth in map(simulate, SEEDS)]


def error(truth: Truth, levels: pd.Series) -> float:
    """Root mean square of the log error."""
    return float(np.sqrt((np.log(levels / truth.index) ** 2).mean()))


def test_the_80_per_cent_band_holds_the_truth_about_80_per_cent_of_the_time(
    histories: list[tuple[Truth, IndexEstimate]],
) -> None:
    inside = []
    for truth, found in histories:
        frame = found.to_frame().reindex(truth.index.index).dropna(subset=["index"])
        true = truth.index.reindex(frame.index)
        inside.append((frame["low80"] <= true) & (true <= frame["high80"]))
    assert COVERAGE_80[0] < pd.concat(inside).mean() < COVERAGE_80[1]


def test_misprints_are_named_and_sound_figures_are_not_accused(histories: list[tuple[Truth, IndexEstimate]]) -> None:
    named = accused = wrong = sound = 0
    for truth, found in histories:
        bad = set(truth.rates["source"][truth.misprint])
        suspects = set(found.suspects["source"])
        named, wrong = named + len(bad & suspects), wrong + len(bad)
        accused, sound = accused + len(suspects - bad), sound + len(truth.rates) - len(bad)
    assert named / wrong > MISPRINTS_NAMED
    assert accused / sound < SOUND_ACCUSED


def test_beats_chaining_by_far() -> None:
    truth = simulate(1, missing=0.0, misprints=0.0)
    mom = truth.rates[truth.rates["measure"] == "mom"].set_index("period")["value_pct"]
    chained = (1 + mom / 100).cumprod()
    chained.index = pd.PeriodIndex(chained.index, freq="M")
    chained *= 100 / chained.iloc[:12].mean()
    found = estimate(truth.rates, base=2012).to_frame()["index"]
    assert error(truth, chained) > BETTER_THAN_CHAINING * error(truth, found)


def test_the_order_of_the_rows_does_not_matter() -> None:
    rates = simulate(2, months=60).rates
    found = estimate(rates).to_frame()
    shuffled = estimate(rates.sample(frac=1.0, random_state=1)).to_frame()
    pd.testing.assert_frame_equal(found, shuffled)


def test_the_base_only_rescales() -> None:
    rates = simulate(3, months=60).rates
    one, other = estimate(rates, base=2013), estimate(rates, base="2015-06")
    ratio = one.to_frame()["index"] / other.to_frame()["index"]
    assert ratio.max() == pytest.approx(ratio.min(), rel=1e-9)
    assert one.to_frame().loc["2013", "index"].mean() == pytest.approx(100.0)
    assert other.to_frame().loc["2015-06", ["index", "low80", "high80"]].to_list() == pytest.approx([100.0] * 3)


def test_draws_are_reproducible_and_spread_like_the_band() -> None:
    found = estimate(simulate(4, months=60).rates)
    draws = found.draws(1500, seed=1)
    pd.testing.assert_frame_equal(draws, found.draws(1500, seed=1))
    assert not draws.equals(found.draws(1500, seed=2))
    frame = found.to_frame()
    inside = draws.gt(frame["low80"], axis=0) & draws.lt(frame["high80"], axis=0)
    assert 0.77 < inside.to_numpy().mean() < 0.83


def test_components_multiply_to_the_index_and_adjusted_draws_lack_season_and_tet() -> None:
    found = estimate(simulate(5, months=72).rates)
    parts = found.components()
    product = parts["trend"] * parts["seasonal"] * parts["tet"] * parts["irregular"]
    np.testing.assert_allclose(product, parts["index"], rtol=1e-10)
    np.testing.assert_allclose(parts["index"], found.to_frame()["index"], rtol=1e-10)
    season = (found.draws(300, 0) / found.adjusted_draws(300, 0)).median(axis=1)
    assert np.corrcoef(season, parts["seasonal"] * parts["tet"])[0, 1] > 0.99


def test_one_far_misprint_moves_the_level_little_and_is_named() -> None:
    truth = simulate(6, months=84, misprints=0.0, missing=0.2)
    sound = estimate(truth.rates, base=2012)
    row = truth.rates[(truth.rates["measure"] == "yoy") & (truth.rates["release"] == "restated")].index[30]
    rates = truth.rates.copy()
    rates.loc[row, "value_pct"] += 40.0
    found = estimate(rates, base=2012)
    assert np.abs(np.log(found.to_frame()["index"] / sound.to_frame()["index"])).max() < MISPRINT_MOVES
    named = found.suspects.set_index("source").loc[rates.loc[row, "source"]]
    assert named["implied_low80"] < truth.rates.loc[row, "value_pct"] + 2.0 < named["implied_high80"] + 4.0
    assert named["weight"] < 0.05


def test_a_lost_sign_is_explained() -> None:
    truth = simulate(7, months=84, misprints=0.0, missing=0.2)
    mom = truth.rates[truth.rates["measure"] == "mom"]
    row = mom["value_pct"].abs().idxmax()
    rates = truth.rates.copy()
    rates.loc[row, "value_pct"] *= -1
    suspects = estimate(rates).suspects.set_index("source")
    assert suspects.loc[rates.loc[row, "source"], "explanation"] == "sign"


def test_a_figure_of_unstated_base_is_recognised() -> None:
    truth = simulate(8, months=84, misprints=0.0, missing=0.0)
    hidden = truth.rates[(truth.rates["period"] == "2016-08") & (truth.rates["release"] == "first")]
    found = estimate(truth.rates.drop(hidden.index))
    for _, row in hidden.iterrows():
        odds = found.which_base(row["value_pct"], "2016-08")
        assert odds.sum() == pytest.approx(1.0)
        assert odds.idxmax() == row["measure"]


def test_months_after_the_last_figure_are_extrapolated_and_labelled() -> None:
    rates = simulate(9, months=60).rates
    frame = estimate(rates, end="2017-06").to_frame()
    ahead = frame.loc["2017-01":]
    assert str(frame.index[-1]) == "2017-06"
    assert ahead["extrapolated"].all() and (ahead["status"] == "interpolated").all()
    width = np.log(ahead["high80"] / ahead["low80"])
    assert width.is_monotonic_increasing
    for end, message in (("2016-06", "or later"), ("2021-01", "at most 36"), ("June", "written YYYY-MM")):
        with pytest.raises(InputError, match=message):
            estimate(rates, end=end)


def test_months_are_labelled_by_what_their_figures_add() -> None:
    rates = simulate(10, months=72, missing=0.0, misprints=0.0).rates
    blind = rates["period"].between("2014-03", "2014-05")
    only_sum = (rates["period"] == "2014-06") & (rates["measure"] != "ytd")
    frame = estimate(rates[~blind & ~only_sum]).to_frame()
    assert (frame.loc["2013", "status"] == "observed").all()
    assert (frame.loc["2014-03":"2014-05", "status"] == "bracketed").all()
    lonely = rates[(rates["period"] < "2014-01") | (rates["period"] >= "2016-01")]
    lonely = lonely[(lonely["period"] < "2014-01") | (lonely["measure"] == "mom")]
    assert (estimate(lonely).to_frame().loc["2014-06":"2015-06", "status"] == "interpolated").all()


def test_fewer_than_twelve_observed_months_are_not_enough() -> None:
    rates = simulate(11, months=60, missing=0.0).rates
    few = estimate(rates[rates["period"] <= "2012-08"])
    assert not few.enough_data
    assert "at least 12 needed" in few.reason
    assert estimate(rates).enough_data and estimate(rates).reason == ""


def test_a_sparse_series_borrows_and_says_so_and_a_dense_one_does_not() -> None:
    reference = estimate(simulate(12, months=96).rates)
    sparse = simulate(13, months=60, missing=0.8).rates
    assert estimate(sparse, prior_from=reference).borrowed_from == "XX TOTAL"
    assert estimate(sparse).borrowed_from is None
    assert estimate(simulate(14, months=96).rates, prior_from=reference).borrowed_from is None


def test_a_base_outside_the_index_is_refused() -> None:
    rates = simulate(15, months=36).rates
    for base in (1999, "2012-13", "abc"):
        with pytest.raises(InputError, match="base: found"):
            estimate(rates, base=base)


def test_shows_itself() -> None:
    found = estimate(simulate(16, months=36).rates)
    page = found._repr_html_()
    assert "XX TOTAL" in page and "observed" in page
    assert found.plot().get_ylabel().endswith("= 100")

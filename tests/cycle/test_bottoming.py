"""The verdict: sure where the case is plain, unsure where it is open, silent where it could not know."""

import json

import numpy as np
import pandas as pd
import pytest

from bench.chain_scores import impossible
from bn_analysis.cycle import bottoming
from bn_analysis.cycle.calibrated_probability import Evidence, calibrated
from bn_analysis.cycle.phases import DOUBT, RISING, thresholds
from bn_analysis.errors import InputError

from .simulated import path

N_PATHS = 400
FALLEN = [(72, 0.4), (12, -1.2)]
# Both verdicts rest on 400 simulated paths: three standard errors of a share.
SHARE_ERROR = 0.075

CALL = thresholds("levels").call


def judged(series: pd.Series | pd.DataFrame, **options: object):
    return bottoming(series, **({"n_paths": N_PATHS, "flip": False} | options))


def test_a_fall_long_over_is_bottomed_out_and_its_trough_is_dated() -> None:
    verdict = judged(path([*FALLEN, (9, 0.9)]))
    assert verdict.phase == "bottomed_out"
    assert verdict.probability > 0.9
    assert abs((verdict.trough - pd.Period("2011-12", "M")).n) <= 1
    assert verdict.trough_low <= verdict.trough <= verdict.trough_high
    assert abs((verdict.peak - pd.Period("2010-12", "M")).n) <= 1
    assert -15 < verdict.depth_pct < -11
    assert verdict.months_since_trough == (verdict.at - verdict.trough).n


def test_a_fall_under_way_is_a_contraction_without_a_trough() -> None:
    verdict = judged(path(FALLEN))
    assert verdict.phase == "contraction"
    assert verdict.probability < 0.2
    assert verdict.trough is None
    assert verdict.duration in (11, 12, 13)


def test_a_recovered_peak_is_an_expansion() -> None:
    verdict = judged(path([*FALLEN, (24, 0.9)]))
    assert verdict.phase == "expansion"
    assert verdict.regained > 0.9
    assert verdict.regains_peak > 0.9
    assert verdict.recovered_pct == 100


def test_steady_growth_has_no_fall_under_way() -> None:
    verdict = judged(path([(120, 0.5)]))
    assert verdict.phase == "expansion"
    assert verdict.probability > 0.95
    assert verdict.peak is None or verdict.regained > 0.9


def test_the_first_good_month_is_less_sure_than_the_fourth() -> None:
    first, fourth = (judged(path([*FALLEN, (months, 0.8)])) for months in (1, 4))
    assert first.probability < fourth.probability


def test_one_good_month_of_a_noisy_series_is_not_called() -> None:
    verdict = judged(path([*FALLEN, (1, 0.5)], noise=2.0, seed=4))
    assert verdict.phase in ("contraction", "possible_trough")


def test_later_months_are_hindsight() -> None:
    series = path([*FALLEN, (24, 0.9)])
    month = pd.Period("2012-02", "M")
    then, now = judged(series.loc[:month]), judged(series, at=month)
    assert now.at == then.at == month
    assert now.probability > 0.95 >= then.probability - 0.05
    assert judged(series, at="2011-08").phase == "contraction"


def test_months_after_the_last_real_figure_are_set_aside() -> None:
    series = path([*FALLEN, (6, 0.9)])
    stretched = pd.concat([series, path([(6, 5.0)], start="2012-07") * 2])
    assert judged(stretched, observed_until="2012-06", at="2012-06") == judged(series)


def test_the_unit_of_the_index_does_not_matter() -> None:
    series = path([*FALLEN, (3, 0.6)])
    one, other = judged(series), judged(series * 7.3)
    assert one.probability == pytest.approx(other.probability, abs=SHARE_ERROR)
    assert (one.phase, one.trough, one.peak) == (other.phase, other.trough, other.peak)


def test_the_same_seed_gives_the_same_verdict() -> None:
    series = path([*FALLEN, (3, 0.6)])
    assert judged(series, seed=3) == judged(series, seed=3)


def test_draws_that_disagree_make_the_date_and_the_verdict_less_sure() -> None:
    series = path([*FALLEN, (4, 0.8)], noise=0.1)
    rng = np.random.default_rng(0)
    months = len(series)
    sharp = pd.DataFrame({n: series * np.exp(0.001 * rng.standard_normal(months)) for n in range(100)})
    vague = pd.DataFrame({n: series * np.exp(0.02 * rng.standard_normal(months)) for n in range(100)})
    sure, unsure = judged(sharp), judged(vague)
    assert unsure.probability < sure.probability
    assert (unsure.trough_high - unsure.trough_low).n > (sure.trough_high - sure.trough_low).n


def test_distribution_of_the_trough_adds_up_to_the_paths_that_have_passed_it() -> None:
    verdict = judged(path([*FALLEN, (4, 0.8)]))
    assert sum(verdict.trough_months.values()) == pytest.approx(verdict.share)
    assert list(verdict.trough_months) == sorted(verdict.trough_months)


def test_risks_and_chances_are_probabilities() -> None:
    verdict = judged(path([*FALLEN, (4, 0.8)]))
    for value in (verdict.probability, verdict.relapse, verdict.regained, verdict.regains_peak):
        assert 0 <= value <= 1


def test_the_flip_is_where_the_verdict_turns() -> None:
    series = path([*FALLEN, (2, 0.5)], noise=0.8, seed=2)
    verdict = judged(series, flip=True, previous="contraction")
    assert verdict.phase not in RISING
    assert verdict.flip_change is not None

    def next_month(change: float) -> float:
        month = series.index[-1] + 1
        longer = pd.concat([series, pd.Series([series.iloc[-1] * (1 + change / 100)], index=[month])])
        return judged(longer, previous="contraction", n_paths=N_PATHS // 2 + 50).probability

    assert next_month(verdict.flip_change - 1.5) < CALL <= next_month(verdict.flip_change + 1.5)


def test_an_announced_call_is_kept_where_a_fresh_one_would_wait() -> None:
    series = path([*FALLEN, (1, 0.3)], noise=1.0, seed=1)
    fresh = judged(series, previous="contraction")
    assert 0.15 < fresh.probability < CALL
    assert judged(series, previous="bottomed_out").phase == "bottomed_out"
    assert fresh.phase in ("contraction", "possible_trough")


def unusable(how: str) -> pd.Series:
    series = path([*FALLEN, (6, 0.9)])
    if how == "too_short":
        return series.iloc[:35]
    if how == "no_variation":
        return series * 0 + 100
    if how == "implausible_jump":
        return series.where(series.index != series.index[-1], series * 10)
    if how == "missing_months":
        return series.mask(series.index == series.index[60])
    return series.where(series.index != series.index[40], -5.0)


@pytest.mark.parametrize("how", ["too_short", "no_variation", "implausible_jump", "missing_months", "not_positive"])
def test_what_cannot_be_known_is_not_enough_data_with_its_reason(how: str) -> None:
    verdict = judged(unusable(how))
    assert verdict.phase == "not_enough_data"
    assert verdict.reasons == (how,)
    assert verdict.probability is verdict.trough is verdict.flip_change is None


def test_a_level_known_too_vaguely_is_not_enough_data() -> None:
    series = path([*FALLEN, (6, 0.9)])
    rng = np.random.default_rng(0)
    draws = pd.DataFrame({n: series * np.exp(0.4 * rng.standard_normal()) for n in range(50)})
    draws.iloc[:-1] = np.repeat(series.to_numpy()[:-1, None], 50, axis=1)
    verdict = judged(draws)
    assert verdict.phase == "not_enough_data"
    assert "level_unknown" in verdict.reasons


def test_an_earlier_step_may_say_that_the_figures_are_too_few() -> None:
    assert judged(path([*FALLEN]), withheld="few_figures").reasons == ("few_figures",)


@pytest.mark.parametrize(
    ("draws", "options", "says"),
    [
        ([1.0, 2.0], {}, "expected a Series"),
        (pd.DataFrame(index=pd.period_range("2020-01", periods=40, freq="M")), {}, "expected a Series"),
        (path(FALLEN).reset_index(drop=True), {}, "expected a monthly PeriodIndex"),
        (path(FALLEN), {"at": "2031-01"}, "at=2031-01, expected a month from 2005-01 to 2011-12"),
        (path(FALLEN), {"at": "next month"}, "expected a month such as"),
        (path(FALLEN).astype(object).where(lambda s: s.index != s.index[3], "-"), {}, "2005-04 holds a value"),
        (path(FALLEN) * np.nan, {}, "no month holds a value"),
    ],
)
def test_bad_input_is_named_in_one_line(draws: object, options: dict[str, object], says: str) -> None:
    with pytest.raises(InputError) as caught:
        judged(draws, **options)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_verdict_is_plain_json_and_shows_itself() -> None:
    verdict = judged(path([*FALLEN, (4, 0.8)]))
    plain = json.loads(json.dumps(verdict.to_dict()))
    assert plain["phase"] == verdict.phase
    assert plain["trough"] == str(verdict.trough)
    assert "<script" not in verdict._repr_html_()
    assert str(verdict.trough) in verdict._repr_html_()


def twice_fallen(sees_both: int, sees_one: int) -> pd.DataFrame:
    """Draws of which some saw a second fall and the others did not."""
    twice = path([(48, 0.4), (10, -1.5), (36, 0.6), (10, -1.2), (10, 0.9)])
    once = path([(48, 0.4), (10, -1.5), (56, 0.6)])
    draws = pd.concat([twice] * sees_both + [once] * sees_one, axis=1)
    return draws.set_axis(range(draws.shape[1]), axis=1)


def test_two_falls_are_both_named_with_their_shares_and_the_interval_holds_both() -> None:
    verdict = judged(twice_fallen(3, 2))
    second, first = verdict.falls
    assert (second.share, first.share) == (pytest.approx(0.6, abs=SHARE_ERROR), pytest.approx(0.4, abs=SHARE_ERROR))
    assert abs((second.trough - pd.Period("2013-08", "M")).n) <= 1
    assert abs((first.trough - pd.Period("2009-10", "M")).n) <= 1
    assert (verdict.trough, verdict.peak) == (second.trough, second.peak)
    assert verdict.trough_low <= first.trough and verdict.trough_high >= second.trough


def test_of_two_equal_falls_the_later_is_spoken_of() -> None:
    verdict = judged(twice_fallen(1, 1))
    assert [fall.share for fall in verdict.falls] == [0.5, 0.5]
    assert verdict.trough.year == 2013


def test_draws_without_any_fall_name_none() -> None:
    verdict = judged(path([(120, 0.5)]).rename("one").to_frame())
    assert verdict.falls == () and verdict.trough is verdict.peak is verdict.depth is verdict.trough_low is None
    assert verdict.regained == 1.0 and "no_fall_on_record" in verdict.reasons


def test_peak_low_and_loss_of_a_fall_under_way_are_of_the_paths_that_fall() -> None:
    verdict = judged(path([(48, 0.4), (10, -1.5), (36, 0.6), (8, -1.5)]), previous="contraction")
    assert verdict.phase == "contraction" and verdict.trough is verdict.rise is None
    assert verdict.fall.peak == verdict.peak and abs((verdict.peak - pd.Period("2012-10", "M")).n) <= 1
    assert -13 < verdict.depth.middle < -8  # so far: nothing of it lies ahead
    assert verdict.of_peak.middle == pytest.approx(100 + verdict.depth.middle, abs=2)


def test_loss_and_recovery_are_measured_on_three_months() -> None:
    """One month of 20 % less at the trough is neither the loss nor the base of the recovery."""
    series = path([*FALLEN, (9, 0.9)])
    spiked = series.where(series.index != pd.Period("2011-12", "M"), series * 0.8)
    smooth, rough = judged(series), judged(spiked)
    assert rough.trough == pd.Period("2011-12", "M")
    assert rough.depth.middle == pytest.approx(smooth.depth.middle - 20 / 3, abs=2)
    assert rough.rise.middle < smooth.rise.middle + 20 / 3 + 2
    assert rough.depth.low <= rough.depth.middle <= rough.depth.high < 0


@pytest.mark.parametrize("seed", range(40))
def test_no_draws_tell_an_impossible_story(seed: int) -> None:
    """Random falls and recoveries, random noise, few or many draws, any month judged, whatever stood before."""
    rng = np.random.default_rng(seed)
    lengths, slopes = rng.integers(3, 30, 8), rng.normal(0.1, 1.0, 8)
    series = path(
        [(40, 0.3), *zip(lengths.tolist(), slopes.tolist(), strict=True)], noise=float(rng.uniform(0, 3)), seed=seed
    )
    spread = rng.uniform(0, 0.05)
    draws = pd.DataFrame(
        {n: series * np.exp(spread * rng.standard_normal(len(series))) for n in range(rng.integers(1, 60))}
    )
    at = series.index[-1 - int(rng.integers(0, 2)) * int(rng.integers(0, 20))]
    for previous in ("contraction", "bottomed_out"):
        assert impossible(judged(draws, at=at, previous=previous, n_paths=300)) == []


def test_a_standing_call_in_doubt_says_so() -> None:
    falling_again = judged(path([*FALLEN, (8, 0.9), (3, -0.9)]), previous="bottomed_out")
    assert falling_again.phase == "bottomed_out" and falling_again.probability < DOUBT
    assert falling_again.doubtful and "new_fall_possible" in falling_again.reasons
    rising_on = judged(path([*FALLEN, (8, 0.9), (3, 0.9)]), previous="bottomed_out")
    assert rising_on.probability > DOUBT
    assert not rising_on.doubtful and "new_fall_possible" not in rising_on.reasons


def test_a_month_that_others_follow_is_known_as_complete_levels_are() -> None:
    """With what came after it on record, a turn is not held to be as unsure as the newest month of sparse figures."""
    series = path([*FALLEN, (14, 0.9)], noise=0.5, seed=3)
    rng = np.random.default_rng(3)
    draws = pd.DataFrame({n: series * np.exp(0.01 * rng.standard_normal(len(series))) for n in range(50)})
    newest, earlier = (judged(draws, at=series.index[at], previous="contraction") for at in (-1, -8))
    for verdict, source in ((newest, "figures"), (earlier, "levels")):
        shares = Evidence(verdict.share, verdict.half_year, verdict.quarter)
        assert verdict.probability == calibrated(shares, source)

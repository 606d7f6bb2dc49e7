"""The whole chain on provinces of known history: printed figures in, a probability out, never surer than they allow."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from bench.bench_chain import FEW, filled
from bench.chain import RAW, run_chain
from bench.chain_scores import announced, coverage, delays, judged, logistic, skill
from bench.printed_provinces import country, generator, moved, printed, read_half
from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.cycle import Bottoming
from bn_analysis.cycle.calibrated_probability import meant, proof, table
from bn_analysis.cycle.phases import Thresholds
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import estimate
from bn_analysis.study import steps

YEAR, DAY = 2012, "2025-06-30"
SURE = 0.9
"""No verdict on figures as poor as these may be surer, either way."""

Thinned = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def ground():
    half = read_half(False, 2)
    rates = read_rates(RAW)
    scale = estimate(select(rates, "VN")).hyperparameters
    around = as_of(country(half, YEAR, rates, scale, 0), DAY)
    return half, rates, scale, around, steps.index_of(around, "VN")


def judged_province(
    ground, thin: Thinned, level: Callable[[pd.Series], pd.Series] = lambda level: level
) -> list[Bottoming]:
    """What the chain says of two countries printed as Bắc Ninh is, after some figures were taken away."""
    half, rates, scale, around, reference = ground
    said = []
    for name in half.raw.columns:
        cells = thin(select(rates, "BN"))
        table = as_of(printed(generator(name, "bad"), level(moved(half.raw[name], YEAR)), cells, scale), DAY)
        try:
            index = steps.index_of(pd.concat([table, around]), "BN", reference)
            said.append(steps.bottoming(steps.adjust(index)))
        except BnAnalysisError as error:
            assert "\n" not in str(error)
    return said


def without_yoy(cells: pd.DataFrame) -> pd.DataFrame:
    return cells[cells["measure"] != "yoy"]


def forecasts_only(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.assign(release="forecast")


def one_a_year(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.groupby(cells["period"].str[:4]).head(1)


def restated_twice(cells: pd.DataFrame) -> pd.DataFrame:
    """Every y/y of the last year restated two times, days apart."""
    newest = cells[(cells["measure"] == "yoy") & (cells["period"] >= "2024-06")]
    return pd.concat(
        [cells, newest.assign(release="restated"), newest.assign(release="restated", release_date="2025-06-29")]
    )


@pytest.mark.parametrize("thin", [forecasts_only, one_a_year])
def test_what_observes_too_little_is_not_enough_data(ground, thin: Thinned) -> None:
    found = judged_province(ground, thin)
    assert found
    assert {verdict.reasons for verdict in found} == {("few_figures",)}


@pytest.mark.parametrize("thin", [without_yoy])
def test_on_poor_figures_the_chain_is_not_sure(ground, thin: Thinned) -> None:
    for verdict in judged_province(ground, thin):
        chance = verdict.probability
        assert chance is None or 1 - SURE <= chance <= SURE, verdict


def test_restatements_that_contradict_each_other_are_taken_as_they_are(ground) -> None:
    for verdict in judged_province(ground, restated_twice):
        assert verdict.probability is None or 0 < verdict.probability < 1


def test_a_season_opposite_to_the_country_s_is_borrowed_with_doubt(ground) -> None:
    """The season turned round: what is borrowed is wrong, and the chain may not be surer for it."""

    def turned(level: pd.Series) -> pd.Series:
        season = level.diff().groupby(level.index.month).transform("mean").fillna(0.0).cumsum()
        return level - 2 * (season - season.rolling(12, center=True, min_periods=1).mean())

    for verdict in judged_province(ground, lambda cells: cells, turned):
        assert verdict.probability is None or 1 - SURE <= verdict.probability <= SURE + 0.05, verdict


def test_a_small_run_of_the_proof_is_the_same_each_time() -> None:
    small = {"every": {"BN": 4}, "years": (2012,), "countries": 2}
    first, again = (run_chain(False, 3, jobs=jobs, **small) for jobs in (1, 2))
    pd.testing.assert_frame_equal(first, again)
    said = judged(first)
    assert len(said) >= 4
    assert said["probability"].between(0.02, 0.98).all()
    assert set(said["rising"]) <= {0.0, 1.0}


def test_scores_are_what_they_are_called() -> None:
    rng = np.random.default_rng(0)
    chance = rng.uniform(size=4000)
    rising = (rng.uniform(size=4000) < chance).astype(float)
    said = pd.DataFrame({"probability": chance, "rising": rising, "country": np.arange(4000) % 20})
    gain, low, high = skill(said, "probability", 0.5)
    assert low < gain < high
    assert gain == pytest.approx(1 / 3, abs=0.05)  # 1 − (1/6)/(1/4)
    odds = np.log(chance / (1 - chance))
    assert logistic(odds[:, None], rising, np.ones(4000)) == pytest.approx((0.0, 1.0), abs=0.15)
    up = announced(pd.DataFrame({"probability": [0.5, 0.8, 0.55, 0.4]}), Thresholds(0.7, 0.5))
    assert list(up) == [False, True, True, False]


def test_coverage_and_delay_by_hand() -> None:
    months = pd.period_range("2020-01", periods=6, freq="M")
    said = pd.DataFrame(
        {
            "pattern": "BN", "name": "X", "year": 2020, "day": [str(month.end_time.date()) for month in months],
            "rising": [0.0, 0.0, 1.0, 1.0, 1.0, 1.0], "trough": [np.nan, np.nan, *[months[1].ordinal] * 4],
            "low": months[1].ordinal, "high": [months[1].ordinal] * 3 + [months[0].ordinal] * 3,
            "probability": [0.2, 0.2, 0.4, 0.6, 0.8, 0.9],
        }
    )  # fmt: skip
    assert coverage(said)[:2] == (0.25, 4)
    found = delays(said, Thresholds(0.7, 0.5))
    assert (found["troughs"], found["missed"], found["delay"]) == (1, 0, 3.0)


def test_steps_of_few_cases_join_their_neighbours() -> None:
    steps = pd.DataFrame(
        {"low": [0.0, 0.1, 0.2, 0.3], "high": [0.1, 0.2, 0.3, 0.4], "cases": [10, 60, 70, 5],
         "probability": [0.05, 0.15, 0.25, 0.35], "share": [0.0, 0.2, 0.3, 1.0]}
    )  # fmt: skip
    joined = filled(steps)
    assert joined[["low", "high", "cases"]].to_numpy().tolist() == [[0.0, 0.2, 70.0], [0.2, 0.4, 75.0]]
    assert joined["share"].tolist() == pytest.approx([12 / 70, 26 / 75])


def test_the_proof_on_pages_is_the_one_of_the_half_that_nothing_was_fitted_on() -> None:
    found = proof()
    assert found["command"] == "python -m bench.bench_chain --write"
    assert table("figures")["command"] == "python -m bench.fit_chain"
    assert {"BN", "BNM", "holes", "complete"} == set(found["patterns"])
    for step in found["reliability"]:
        assert step["low"] <= step["probability"] <= step["high"]
        assert meant(step["probability"]) == step
        assert step["cases"] >= FEW
    assert sum(step["cases"] for step in found["reliability"]) == found["cases"]

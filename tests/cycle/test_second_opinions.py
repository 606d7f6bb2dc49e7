"""Second opinions: what each says, since when, and that a failure is reported instead of hidden."""

import pandas as pd
import pytest

from bn_analysis.cycle.alternatives.second_opinions import opinions, three_months
from bn_analysis.cycle.calibration.benchmark_methods import second_replay
from bn_analysis.errors import InputError

from .simulated import path, vintages


def by_name(series: pd.Series) -> dict:
    return {opinion.name: opinion for opinion in opinions(series)}


def test_three_rises_in_a_row_and_three_falls_in_a_row_turn_the_rule() -> None:
    series = pd.Series([5, 4, 5, 6, 7, 6, 7, 6, 5, 4.0], index=pd.period_range("2020-01", periods=10, freq="M"))
    assert three_months(series).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1, -1]


def test_the_newspapers_sign_lags_behind_the_turn() -> None:
    said = by_name(path([(80, 0.5), (12, -1.0), (4, 0.8)], noise=0))
    assert said["yoy_sign"].says == "falling"
    assert said["three_months"].says == "rising"
    assert str(said["three_months"].since) == "2012-11"


def test_regimes_of_growth_are_found() -> None:
    said = by_name(path([(60, 0.6), (14, -1.5), (60, 0.6), (14, -1.5)], noise=0.2))
    assert said["markov_filtered"].says == "falling"
    assert said["markov_filtered"].value < 0.1
    assert abs((said["markov_smoothed"].since - pd.Period("2016-03", "M")).n) <= 3


@pytest.mark.parametrize(
    ("series", "says"),
    [(path([(40, 0.5)]), "at least 60"), (path([(100, 0.0)], noise=0), "does not move")],
)
def test_a_model_that_cannot_be_fitted_says_so(series: pd.Series, says: str) -> None:
    opinion = by_name(series)["markov_filtered"]
    assert opinion.says == "unknown"
    assert says in opinion.failure


def test_opinions_are_replayed_in_the_columns_of_a_replay() -> None:
    table = vintages(path([(72, 0.4), (12, -1.2), (8, 0.9)]), 80)
    rows = second_replay(table, "three_months")
    assert rows["phase"].iloc[0] == "contraction"
    assert rows["phase"].iloc[-1] == "bottomed_out"
    assert second_replay(table.iloc[:, :3], "markov_filtered")["probability"].between(0, 1).all()
    with pytest.raises(InputError, match="expected one of"):
        second_replay(table, "gut_feeling")

"""Sensitivity: what the verdict hangs on, and the last surprise taken three ways."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cleaning.rates import read_rates, select
from bn_analysis.cycle.alternatives.sensitivity import COLUMNS, Subject, sensitivity
from bn_analysis.cycle.paths.ensemble import read
from bn_analysis.cycle.paths.shock_scenarios import SHOCKS, build_with_shock
from bn_analysis.errors import EngineError
from bn_analysis.index import estimate
from bn_analysis.seasonal import from_estimate

from .simulated import path

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
NO_REFERENCE = "XX"


@pytest.fixture(scope="module")
def rates() -> pd.DataFrame:
    return read_rates(RAW)


@pytest.fixture(scope="module")
def bac_ninh(rates: pd.DataFrame) -> Subject:
    own = select(rates, "BN")
    index = estimate(own)
    return Subject(own, index, from_estimate(index), pd.Period("2024-11", "M"))


def rising_share(series: pd.Series, shock: str) -> float:
    logs = 100 * np.log(series.to_numpy())[None, :]
    ensemble = build_with_shock(logs, 500, shock, np.random.default_rng(0))
    return read(ensemble, ensemble.observed - 1).rising.mean()


def test_a_slump_that_stays_weighs_more_than_one_that_fades_or_is_gone() -> None:
    series = path([(90, 0.4), (1, -16.0)], noise=0.2)
    gone, fading, staying = (rising_share(series, shock) for shock in SHOCKS)
    assert gone >= fading > 0.9 > 0.2 > staying


def test_without_a_surprise_the_three_ways_agree() -> None:
    series = path([(90, 0.4), (1, 0.4)], noise=0.05)
    shares = [rising_share(series, shock) for shock in SHOCKS]
    assert max(shares) - min(shares) < 0.05


def test_each_recent_suspect_and_the_other_method_get_their_row(bac_ninh: Subject) -> None:
    table = sensitivity(bac_ninh)
    assert list(table.columns) == COLUMNS
    assert table["kind"].iloc[0] == "base"
    assert {"method", "without_figure"} <= set(table["kind"])
    # The figure of 2.23 for May 2024 contradicts 27.11, printed for the same month.
    assert "2024-05 yoy 2.23" in set(table["variant"])
    assert table["failure"].isna().all()
    assert table["probability"].between(0, 1).all()


def test_other_windows_of_tet_and_the_last_shock_are_tried_where_x13_adjusted(rates: pd.DataFrame) -> None:
    own = select(rates, "VN")
    own = own[own["period"] >= "2017"]
    index = estimate(own)
    table = sensitivity(Subject(own, index, from_estimate(index), index.frame.index[-1]))
    assert set(table.loc[table["kind"] == "last_shock", "variant"]) == set(SHOCKS)
    assert (table["kind"] == "tet_windows").sum() >= 3
    assert table["failure"].isna().all()


def test_a_choice_that_fails_is_reported_in_its_row(bac_ninh: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise EngineError("X-13 refused the series")

    monkeypatch.setattr(
        "bn_analysis.cycle.alternatives.sensitivity._choices", lambda *_: iter([("method", "x13", refuse)])
    )
    row = sensitivity(bac_ninh).iloc[0]
    assert row["failure"] == "X-13 refused the series"
    assert row["phase"] == "not_enough_data"

"""Any monthly series: no crash, no invented months, nothing bent by one wild month, Tết kept."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.cleaning.series_csv import read_series
from bn_analysis.errors import BnAnalysisError, EngineError, InputError, NotEnoughDataError
from bn_analysis.seasonal import adjust
from bn_analysis.seasonal.x13 import run as running
from bn_analysis.seasonal.x13.binary import X13RefusedError, X13TimeError, complaint
from bn_analysis.seasonal.x13.run import X13Error, run
from bn_analysis.seasonal.x13.specification import Specification

from .simulated import production

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "series"


def months(n: int, first: str = "2015-01") -> pd.PeriodIndex:
    return pd.period_range(first, periods=n, freq="M")


def kinds(kind: str, n: int, seed: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    level = np.full(n, 100.0)
    if kind == "step":
        level[int(rng.integers(1, n)) :] = 140.0
    elif kind == "spike":
        level[int(rng.integers(n))] *= rng.choice([0.4, 3.0])
    elif kind == "stairs":
        level += 5.0 * (np.arange(n) // 6)
    elif kind == "noise":
        level *= np.exp(0.03 * rng.standard_normal(n))
    elif kind == "negative":
        level = rng.standard_normal(n)
    return pd.Series(level, months(n), name=kind)


@given(st.sampled_from(["step", "spike", "stairs", "noise", "negative"]), st.integers(24, 96), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_no_series_of_these_kinds_brings_down_the_simpler_methods(kind: str, n: int, seed: int) -> None:
    series = kinds(kind, n, seed)
    for method in ("stl", "structural"):
        result = adjust(series, method)
        assert np.isfinite(result.table.to_numpy()).all()


@pytest.mark.parametrize("kind", ["step", "spike", "stairs", "negative"])
def test_auto_answers_where_x13_does_not(kind: str) -> None:
    result = adjust(kinds(kind, 72, 3))
    parts = result.table["seasonally_adjusted"], result.table["seasonal"], result.table["calendar"]
    whole = parts[0] * parts[1] * parts[2] if result.multiplicative else sum(parts)
    np.testing.assert_allclose(whole, result.table["value"], rtol=1e-9)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ((3, 6, 9, 12), "only months 3, 6, 9, 12 have values: quarterly data"),
        ((1, 2, 3, 4, 5, 6), "only months 1, 2, 3, 4, 5, 6 have values"),
        ((1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12), "only months 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12 have values"),
    ],
)
def test_months_never_observed_are_not_invented(seen: tuple[int, ...], said: str) -> None:
    series = production(120)
    with pytest.raises(InputError, match=said):
        adjust(series.where(series.index.month.isin(seen)))


def test_a_calendar_month_seen_once_has_no_season() -> None:
    series = production(60)
    august = series.index[series.index.month == 8]
    series[august[1:]] = np.nan
    with pytest.raises(NotEnoughDataError, match="month 8 has a value in one year only"):
        adjust(series)


def test_an_isolated_gap_changes_neither_the_method_nor_the_rest() -> None:
    series = production(96, tet=False)
    holed = series.copy()
    holed.iloc[40] = np.nan
    whole, found = adjust(series, holiday="none"), adjust(holed, holiday="none")
    assert (found.method, found.multiplicative) == (whole.method, whole.multiplicative)
    gap = (found.seasonally_adjusted / whole.seasonally_adjusted - 1).abs()
    assert gap.drop(gap.index[40]).max() < 0.02 and gap.iloc[40] < 0.1
    assert np.isnan(found.table["value"].iloc[40])


def test_one_wild_month_bends_no_other_where_figures_are_gappy() -> None:
    series = production(60, tet=False)
    wild = series.copy()
    wild.iloc[30] *= 0.65
    calm, found = (adjust(one, "structural", "none").seasonally_adjusted for one in (series, wild))
    gap = (found / calm - 1).abs()
    assert gap.drop(gap.index[30]).max() < 0.02
    assert found.iloc[30] < 0.75 * calm.iloc[30]  # and it stays what it was


@pytest.mark.parametrize("n", [36, 37, 38, 39, 48])
def test_tet_stays_found_when_a_month_is_added(n: int) -> None:
    found = []
    for seed in (1, 2):
        series = production(60, tet=False, seed=seed)
        series *= np.exp(-0.15 * tet_regressor(pd.PeriodIndex(series.index), 0, 6, centred=False))
        found.append(bool(adjust(series.iloc[:n]).tet.windows))
    assert all(found)


def test_an_engine_that_breaks_is_not_a_series_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "run_program", lambda inputs, limit: {"printed": "", "out": ""})
    with pytest.raises(X13Error, match="without a word") as caught:
        run(Specification(), production(60))
    assert not isinstance(caught.value, X13RefusedError)
    with pytest.raises(EngineError):
        adjust(production(60))


def test_a_series_given_up_without_a_reason_is_refused_all_the_same() -> None:
    assert complaint({"printed": "\n  Program error(s) halt execution for run.spc\n", "err": ""}).startswith(
        "Program error"
    )


def test_a_series_that_takes_too_long_gets_a_fixed_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from bn_analysis.seasonal.methods import x13 as method

    def slow(spec: Specification, series: pd.Series, **more: object) -> object:
        if spec.arima is None:
            raise X13TimeError("X-13 ran longer than 1 s")
        return run(spec, series, **more)

    monkeypatch.setattr(method, "run", slow)
    assert adjust(production(60), time_limit=1.0).reason.code == "x13_slow"
    with pytest.raises(X13TimeError):
        adjust(production(60), "x13", time_limit=1.0)


@pytest.mark.skipif(not CASES.is_dir(), reason="the folder shared/cases is not here")
@pytest.mark.parametrize("file", sorted(path.name for path in CASES.glob("*.csv") if "replay" not in path.name))
def test_series_as_people_have_them(file: str) -> None:
    refused = {"missing_as_-99999.csv", "quarterly_as_months.csv", "year_0000.csv"}
    try:
        result = adjust(read_series(CASES / file))
    except BnAnalysisError as error:
        assert file in refused and error.exit_code == 2
        return
    assert file not in refused
    if file.startswith("tet_"):
        assert result.tet.windows
    if file == "nearly_constant_with_collapse.csv":
        assert result.seasonally_adjusted["2005-07"] < 400

"""A specification says to X-13 exactly what was meant, and refuses what X-13 could misread."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.seasonal.x13.run import run
from bn_analysis.seasonal.x13.specification import ADJUSTED_TABLE, LONGEST_LINE, Specification

from .simulated import production

PLAIN = Specification(transform="log", aictest=(), outliers=(), arima="(0 1 1)(0 1 1)")


def data_of(text: str) -> list[float]:
    return [float(line.split()[2]) for line in text.splitlines()]


def test_defaults_are_those_of_r_seasonal() -> None:
    text = Specification().files(production())["run.spc"]
    for words in ("function=auto", "aictest=( td easter )", "types=( ao ls )", "automdl{", "x11{", "maxlead=12"):
        assert words in text


@given(st.text(max_size=4200))
def test_any_name_becomes_a_short_ascii_title(name: str) -> None:
    text = PLAIN.files(production(48).rename(name))["run.spc"]
    title = next(line for line in text.splitlines() if "title=" in line).strip()
    assert title.isascii()
    assert title.startswith('title="') and title.endswith('"') and title.count('"') == 2
    assert not set("{}#") & set(title)
    assert all(len(line) <= LONGEST_LINE for line in text.splitlines())


def test_a_vietnamese_name_stays_readable() -> None:
    text = PLAIN.files(production().rename("Chỉ số sản xuất — Đồ uống"))["run.spc"]
    assert 'title="Chi so san xuat Do uong"' in text


def test_a_label_of_four_thousand_characters_runs() -> None:
    assert np.isfinite(run(PLAIN, production().rename("ẩ" * 4000)).table("d11")).all()


@given(st.lists(st.floats(min_value=1e-8, max_value=1e12), min_size=36, max_size=60))
def test_every_digit_of_the_data_is_handed_over(values: list[float]) -> None:
    series = pd.Series(values, index=pd.period_range("2010-01", periods=len(values), freq="M"))
    assert data_of(PLAIN.files(series)["series.dat"]) == values


def test_data_are_never_written_into_the_specification_file() -> None:
    # X-13 reads numbers inside a .spc with seven digits only; found by comparing with R.
    assert "data=" not in PLAIN.files(production())["run.spc"]


def test_many_outliers_are_folded_into_short_lines() -> None:
    names = tuple(f"ao{year}.{month}" for year in range(2012, 2024) for month in ("Jan", "Feb", "Mar"))
    text = PLAIN.with_(variables=names).files(production())["run.spc"]
    assert all(len(line) <= LONGEST_LINE for line in text.splitlines())
    assert all(name in text for name in names)


@pytest.mark.parametrize(
    "changes",
    [
        {"variables": ("td} history{",)},
        {"variables": ("ao2020.Jan ) file=(x",)},
        {"arima": "(0 1 1)} x11{"},
        {"arima": "automatic"},
        {"aictest": ("td\n",)},
        {"transform": "sqrt"},
        {"method": "stl"},
        {"outliers": ("ao", "everything")},
        {"forecasts": 121},
        {"usertypes": ("holiday",)},
    ],
)
def test_words_that_are_not_x13_grammar_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        PLAIN.with_(**changes)


@pytest.mark.parametrize(
    "word", ["td", "td1coef", "easter[8]", "ao2020.Apr", "ls2008.Nov", "rp2019.Jan-2020.Jun", "so2015.Feb", "const"]
)
def test_words_of_x13_grammar_pass(word: str) -> None:
    assert word in PLAIN.with_(variables=(word,)).variables


def test_regressors_must_cover_the_forecasts() -> None:
    series = production()
    short = pd.DataFrame({"x": 1.0}, index=series.index)
    with pytest.raises(InputError, match=r"user regressors: no value in 2024-01"):
        PLAIN.with_(regressors=short, usertypes=("holiday",)).files(series)


def test_too_many_regressors_are_refused() -> None:
    months = production().index
    with pytest.raises(InputError, match="at most 52"):
        PLAIN.with_(regressors=pd.DataFrame(0.0, index=months, columns=range(53)), usertypes=("user",) * 53)


@pytest.mark.parametrize(("months", "error"), [(35, NotEnoughDataError), (781, InputError)])
def test_lengths_x13_cannot_take_are_refused(months: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"{months} months"):
        PLAIN.files(production(months, tet=False, start="1930-01"))


@pytest.mark.parametrize("months", [36, 780])
def test_the_shortest_and_longest_series_run(months: int) -> None:
    series = production(months, tet=False, start="1950-01")
    assert len(run(PLAIN, series).table("d11")) == months


@pytest.mark.parametrize("method", ["x11", "seats"])
def test_the_adjusted_series_alone_is_that_of_a_full_run(method: str) -> None:
    series = production()
    whole = PLAIN.with_(method=method)
    table = ADJUSTED_TABLE[method]
    alone = run(whole.with_(adjusted_only=True), series)
    assert not alone.has("d12") and not alone.has("s12")
    np.testing.assert_array_equal(alone.values(table), run(whole, series).values(table))

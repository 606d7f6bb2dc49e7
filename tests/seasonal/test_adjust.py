"""An adjusted series has no season and no Tết left in it, and says how it was made."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.seasonal import Window, adjust, adjust_draws, from_estimate, with_windows
from bn_analysis.seasonal.result import COLUMNS, SeasonalAdjustment
from bn_analysis.seasonal.tet.regression import window_effects
from bn_analysis.seasonal.tet.window_selection import choose
from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS, tet_regressors
from bn_analysis.seasonal.tet.working_days import working_days
from bn_analysis.seasonal.x13.binary import X13Error
from bn_analysis.seasonal.x13.run import run
from bn_analysis.seasonal.x13.specification import Specification

from .reference import european, original
from .simulated import TET_BEFORE, TET_SINCE, change_sd, production

IDENTITY = 1e-9
"""Relative error allowed in value = adjusted × seasonal × calendar; saved tables have 15 digits."""

EFFECT_ERRORS = 4.0
"""Standard errors within which a known Tết effect must be found."""


def assert_identities(result: SeasonalAdjustment) -> None:
    table = result.to_frame().dropna()
    if result.multiplicative:
        whole = table["seasonally_adjusted"] * table["seasonal"] * table["calendar"]
        split = table["trend"] * table["irregular"]
    else:
        whole = table["seasonally_adjusted"] + table["seasonal"] + table["calendar"]
        split = table["trend"] + table["irregular"]
    scale = table["value"].abs().mean()
    assert ((whole - table["value"]).abs() / scale).max() < IDENTITY
    assert ((split - table["seasonally_adjusted"]).abs() / scale).max() < IDENTITY


@pytest.fixture(scope="module")
def adjusted() -> SeasonalAdjustment:
    return adjust(production())


@pytest.mark.parametrize("method", ["x13", "seats", "stl", "structural"])
def test_components_make_up_the_series(method: str) -> None:
    result = adjust(production(), method=method)  # type: ignore[arg-type]
    assert result.method == method
    assert tuple(result.to_frame().columns[:5]) == COLUMNS
    assert_identities(result)


def test_additive_components_make_up_a_series_below_zero() -> None:
    result = adjust(production(tet=False) - 100, holiday="none")
    assert not result.multiplicative
    assert_identities(result)


def test_tet_leaves_the_adjusted_series(adjusted: SeasonalAdjustment) -> None:
    plain = Specification(transform="log", aictest=(), outliers=(), arima="(0 1 1)(0 1 1)")
    left_in, never_there = (run(plain, production(tet=tet)).table("d11") for tet in (True, False))
    assert change_sd(adjusted.seasonally_adjusted) < 0.5 * change_sd(left_in)
    assert change_sd(adjusted.seasonally_adjusted) < 1.25 * change_sd(never_there)


def test_a_known_tet_effect_is_found(adjusted: SeasonalAdjustment) -> None:
    assert any(window.first == 0 for window in adjusted.tet.windows)
    truth = {"−6…−1": TET_BEFORE, "0…6": TET_SINCE}
    rows = adjusted.tet.effects[adjusted.tet.effects["window"].isin(truth)]
    assert len(rows) > 0
    for row in rows.to_dict("records"):
        assert abs(row["estimate"] - truth[row["window"]]) < EFFECT_ERRORS * row["standard_error"]


def test_the_table_of_scores_is_kept_best_first(adjusted: SeasonalAdjustment) -> None:
    scores = adjusted.tet.scores
    assert scores["aicc"].is_monotonic_increasing
    assert choose(scores) == adjusted.tet.windows
    assert scores.loc[scores["windows"] == "none", "gain"].item() == 0


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ({"none": 0.0, "usual": -3.0, "other": 6.9}, ()),
        ({"none": 0.0, "usual": 20.0, "other": 26.9}, DEFAULT_WINDOWS),
        ({"none": 0.0, "usual": 20.0, "other": 27.1}, (Window(0, 3),)),
        ({"none": 0.0, "usual": 6.9, "other": 7.1}, (Window(0, 3),)),
        ({"none": 0.0, "other": 30.0}, (Window(0, 3),)),
    ],
)
def test_windows_must_lead_clearly(gains: dict[str, float], expected: tuple[Window, ...]) -> None:
    names = {"none": (), "usual": DEFAULT_WINDOWS, "other": (Window(0, 3),)}
    ranked = sorted(gains, key=lambda name: -gains[name])
    scores = pd.DataFrame({"choice": [names[name] for name in ranked], "gain": [gains[name] for name in ranked]})
    assert choose(scores) == expected


@pytest.mark.parametrize("method", ["stl", "structural"])
def test_other_methods_take_tet_out_too(method: str) -> None:
    result = adjust(production(), method=method)  # type: ignore[arg-type]
    left_in = adjust(production(), method=method, holiday="none")  # type: ignore[arg-type]
    assert result.tet.windows
    assert change_sd(result.seasonally_adjusted) < 0.6 * change_sd(left_in.seasonally_adjusted)


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_a_series_without_tet_is_adjusted_as_if_nobody_had_asked(seed: int) -> None:
    series = production(96, tet=False, seed=seed)
    result = adjust(series)
    assert result.tet.windows == ()
    pd.testing.assert_frame_equal(result.to_frame(), adjust(series, holiday="none").to_frame())


def test_german_industry_has_no_tet() -> None:
    assert adjust(european("DE").loc["2005":]).tet.windows == ()


def test_vietnamese_industry_stands_still_for_a_week_at_tet() -> None:
    result = adjust(original("vn_iip_ls_notet_x11"))
    effects = result.tet.effects.set_index("window")["estimate"]
    assert Window(0, 6) in result.tet.windows
    assert -0.15 < effects["0…6"] < -0.05
    assert result.diagnostics["qs_adjusted_p"] > 0.05


def test_working_days_of_viet_nam_are_kept_only_where_they_matter() -> None:
    series = production(96)
    felt = (series * np.exp(0.02 * working_days(series.index))).rename("felt")
    assert adjust(felt, working_days="vietnam").specification.usertypes[-1] == "td"  # type: ignore[union-attr]
    assert "td" not in adjust(series, working_days="vietnam").specification.usertypes  # type: ignore[union-attr]


def test_the_method_says_why_it_was_chosen(adjusted: SeasonalAdjustment) -> None:
    assert (adjusted.method, adjusted.reason.code) == ("x13", "x13_serves")


@pytest.mark.parametrize(
    ("series", "code"),
    [
        (production(30), "short"),
        (production().mask(production().index.year == 2015), "gaps"),
        (production().drop(production().index[30:34]), "gaps"),
    ],
)
def test_what_x13_cannot_serve_goes_to_the_structural_model(series: pd.Series, code: str) -> None:
    result = adjust(series)
    assert (result.method, result.reason.code) == ("structural", code)
    assert result.to_frame()["seasonally_adjusted"].notna().all()
    assert_identities(result)


@pytest.mark.parametrize("months", [40, 47])
def test_three_years_that_cannot_tell_two_windows_apart_get_one(months: int) -> None:
    result = adjust(production(months, start="2014-08"), method="x13")
    assert result.tet.windows == (Window(0, 6),)


def test_every_other_month_is_no_monthly_series() -> None:
    with pytest.raises(InputError, match="only months 1, 3, 5, 7, 9, 11 have values"):
        adjust(production(120).iloc[::2])


@pytest.mark.parametrize("start", ["1890-01", "2095-01"])
def test_years_whose_tet_nobody_knows_are_adjusted_without_it(start: str) -> None:
    assert adjust(production(60, tet=False, start=start)).tet.windows == ()


@pytest.mark.parametrize("scale", [1e-8, 1e12])
def test_units_do_not_matter(scale: float) -> None:
    plain = Specification(transform="log", aictest=(), outliers=(), arima="(0 1 1)(0 1 1)")
    found, expected = (run(plain, production() * unit).table("d11") for unit in (scale, 1.0))
    assert np.abs(found / scale / expected - 1).max() < IDENTITY


def test_months_not_known_at_the_ends_are_left_out() -> None:
    series = production(60, tet=False)
    padded = series.reindex(pd.period_range("2011-01", "2017-06", freq="M"))
    found, expected = (adjust(s, holiday="none").to_frame() for s in (padded, series))
    pd.testing.assert_frame_equal(found, expected, check_names=False)


@pytest.mark.parametrize("method", ["x13", "seats"])
def test_x13_asked_for_is_used_or_refused(method: str) -> None:
    for series in (production(30), production().drop(production().index[30:34])):
        with pytest.raises(NotEnoughDataError, match="method auto"):
            adjust(series, method=method)  # type: ignore[arg-type]


def test_stl_needs_every_month() -> None:
    with pytest.raises(NotEnoughDataError, match="STL needs every month"):
        adjust(production().drop(pd.Period("2015-03", freq="M")), method="stl")


@pytest.mark.parametrize("method", ["auto", "x13", "stl", "structural"])
@pytest.mark.parametrize(
    ("series", "error", "words"),
    [
        (production(23), NotEnoughDataError, "23 months"),
        (production() * 0 + 7, InputError, "constant"),
        (production().iloc[::-1], InputError, "later month"),
        (pd.concat([production(), production().iloc[-1:]]), InputError, "later month"),
        (production().replace(production().iloc[5], np.inf), InputError, "2012-06"),
        (production().set_axis(range(144)), InputError, "PeriodIndex"),
        (production().to_timestamp(), InputError, "PeriodIndex"),
        (production().astype(str).where(production().index != "2013-01", "abc"), InputError, "2013-01"),
        (pd.Series(dtype=float, index=pd.PeriodIndex([], freq="M")), NotEnoughDataError, "0 months"),
        ([1.0, 2.0], InputError, "list"),
    ],
)
def test_bad_series_are_refused_in_one_line(method: str, series: pd.Series, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        adjust(series, method=method)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("options", [{"method": "x12"}, {"holiday": "easter"}, {"working_days": "china"}])
def test_unknown_options_are_refused_with_the_choices(options: dict[str, str]) -> None:
    with pytest.raises(InputError, match="expected one of"):
        adjust(production(), **options)  # type: ignore[arg-type]


def test_a_missing_program_is_an_error_not_another_method(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X13PATH", "/nowhere/x13as")
    with pytest.raises(X13Error, match="X13PATH"):
        adjust(production())


@pytest.mark.parametrize("method", ["x13", "structural", "stl"])
def test_draws_are_adjusted_levels_and_repeat_with_their_seed(method: str) -> None:
    result = adjust(production(96), method=method, holiday="none")  # type: ignore[arg-type]
    draws = result.draws(25, seed=7)
    assert draws.shape == (96, 25)
    assert draws.index.equals(result.to_frame().index)
    pd.testing.assert_frame_equal(draws, result.draws(25, seed=7))
    assert np.abs(np.log(draws.mean(axis=1) / result.seasonally_adjusted)).max() < 0.02


def test_the_last_months_are_the_least_certain(adjusted: SeasonalAdjustment) -> None:
    spread = np.log(adjusted.draws(200, seed=1)).std(axis=1)
    assert spread.iloc[-6:].mean() > 2 * spread.iloc[24:60].mean()


def test_draws_of_an_index_are_adjusted_like_the_index(adjusted: SeasonalAdjustment) -> None:
    series = production()
    draws = pd.DataFrame({0: series, 1: series * 2})
    result = adjust_draws(draws, adjusted)
    assert np.abs(result[0] / adjusted.seasonally_adjusted - 1).max() < 1e-4
    assert np.abs(result[1] / result[0] - 2).max() < 1e-4


def test_draws_cannot_be_adjusted_with_another_method() -> None:
    result = adjust(production(), method="stl")
    with pytest.raises(InputError, match="not made by X-13"):
        adjust_draws(pd.DataFrame({0: production()}), result)


class Estimate:
    """An estimated index with 1 % of uncertainty."""

    name = "BN TOTAL"

    def __init__(self, months: int, status: str = "observed") -> None:
        self.series = production(months)
        self.status = status

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame({"index": self.series, "status": self.status})

    def components(self) -> pd.DataFrame:
        parts = {"index": self.series, "seasonally_adjusted": self.series / 0.98, "trend": self.series / 0.98}
        return pd.DataFrame(parts | {"seasonal": 1.0, "tet": 0.98, "irregular": 1.0})

    def tet_effects(self) -> pd.DataFrame:
        effects = {"estimate": [-0.02, 0.0], "standard_error": 0.01, "t_value": [-2.0, 0.0]}
        return pd.DataFrame(effects, index=pd.MultiIndex.from_tuples([(-7, -1), (0, 6)], names=["first", "last"]))

    def draws(self, n: int, seed: int) -> pd.DataFrame:
        noise = np.random.default_rng(seed).standard_normal((len(self.series), n))
        return pd.DataFrame(self.series.to_numpy()[:, None] * np.exp(0.01 * noise), index=self.series.index)

    def adjusted_draws(self, n: int, seed: int) -> pd.DataFrame:
        return self.draws(n, seed) / 0.98


def test_a_well_observed_index_goes_to_x13_and_keeps_its_uncertainty() -> None:
    result = from_estimate(Estimate(72))
    assert (result.method, result.reason.code) == ("x13", "well_observed")
    plain = adjust(production(72)).draws(40, seed=3)
    middle = slice("2014-01", "2015-12")
    spread = np.log(result.draws(40, seed=3)).std(axis=1)[middle].mean()
    assert spread > np.log(plain).std(axis=1)[middle].mean()
    assert 0.005 < spread < 0.02


@pytest.mark.parametrize(("months", "status", "code"), [(48, "observed", "short"), (96, "bracketed", "sparse")])
def test_a_thin_index_keeps_its_own_adjustment(months: int, status: str, code: str) -> None:
    estimate = Estimate(months, status)
    result = from_estimate(estimate)
    assert (result.method, result.reason.code) == ("structural", code)
    assert_identities(result)
    pd.testing.assert_frame_equal(result.draws(5, seed=1), estimate.adjusted_draws(5, seed=1))


def test_without_holiday_the_tet_of_an_estimate_stays_in() -> None:
    estimate = Estimate(48)
    result = from_estimate(estimate, holiday="none")
    assert np.allclose(result.seasonally_adjusted, production(48))
    assert_identities(result)
    assert np.allclose(result.draws(5, seed=1), estimate.draws(5, seed=1))


def test_windows_of_ones_own_replace_those_that_were_searched_for() -> None:
    estimate, own = Estimate(72), (Window(-15, -1),)
    found = from_estimate(estimate)
    result = with_windows(estimate, found, own)
    assert result.tet.windows == own != found.tet.windows
    assert result.specification is not None and found.specification is not None
    assert result.specification.arima == found.specification.arima
    assert np.log(result.draws(20, seed=1)).std(axis=1).iloc[30] > 0.005
    assert_identities(result)
    assert with_windows(estimate, found, ()).tet.windows == ()


def test_windows_are_free_only_where_x13_adjusts() -> None:
    estimate = Estimate(48)
    with pytest.raises(InputError, match=r"BN TOTAL: adjusted by structural.*choose method x13"):
        with_windows(estimate, from_estimate(estimate), DEFAULT_WINDOWS)


def test_tet_effects_are_found_where_a_calendar_month_has_no_change_of_its_own() -> None:
    series = np.log(production(60)).mask(lambda values: values.index.month == 7)
    effects = window_effects(series, DEFAULT_WINDOWS)
    assert (effects["standard_error"] > 0).all()
    assert abs(effects["t_value"]).min() > 2


def test_a_name_is_never_markup(adjusted: SeasonalAdjustment) -> None:
    evil = adjust(production(48).rename("<script>alert(1)</script>"), method="stl")
    assert "<script>" not in evil._repr_html_()


@pytest.mark.parametrize("method", ["x13", "structural"])
def test_factors_explain_the_level_whether_components_multiply_or_add(method):
    months = pd.period_range("2012-01", "2024-12", freq="M")
    season = 8 * np.sin(2 * np.pi * np.arange(len(months)) / 12)
    noise = np.random.default_rng(3).standard_normal(len(months))
    shifted = pd.Series(100 + season + noise - 20 * tet_regressors((Window(0, 6),), months).to_numpy()[:, 0], months)
    found = adjust(shifted, method)
    factors = found.factors()
    rebuilt = found.seasonally_adjusted * factors["seasonal"] * factors["calendar"]
    np.testing.assert_allclose(rebuilt, shifted, rtol=1e-6)
    assert found.tet_effects()["effect_pct"].between(-40, 10).all()  # 20 points of a level of 100, in per cent
    assert factors["tet"].between(0.7, 1.2).all()


def test_effects_of_an_additive_adjustment_are_per_cent_of_the_level():
    months = pd.period_range("2012-01", "2024-12", freq="M")
    season = 500 * np.sin(2 * np.pi * np.arange(len(months)) / 12)
    trend = np.linspace(1000, 9000, len(months))  # a season that does not grow with the level adds
    noise = 30 * np.random.default_rng(5).standard_normal(len(months))
    dip = 900 * tet_regressors((Window(0, 6),), months).to_numpy()[:, 0]
    found = adjust(pd.Series(trend + season + noise - dip, months), "x13")
    assert not found.multiplicative
    assert found.tet_effects()["effect_pct"].min() == pytest.approx(-100 * 900 / 8200, abs=3)

"""A territory made of others: its past, its weight and what is refused."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cleaning.language.classification import TERRITORIES, territory
from bn_analysis.errors import InputError
from bn_analysis.index import IndexEstimate, combine, estimate, estimate_territory
from bn_analysis.index.territory import merger_weights

from .simulated_merger import PARTS, PRIOR_SD, WHOLE, Merger, published_cells, simulate_merger

SEEDS = range(6)
COVERAGE_80 = (0.65, 0.95)  # of 6 mergers: wide, because the months of one go together; the 100 are in bench/
EVIDENCE = {"BN": 0.6, "BG": 0.4}


@pytest.fixture(scope="module")
def mergers(rates: pd.DataFrame, national: IndexEstimate) -> list[tuple[Merger, IndexEstimate]]:
    cells = published_cells(rates)
    truths = [simulate_merger(seed, cells, national) for seed in SEEDS]
    return [(truth, combine(truth.rates, PARTS, WHOLE, truth.prior, prior_from=national)) for truth in truths]


@pytest.fixture(scope="module")
def merged(rates: pd.DataFrame, national: IndexEstimate) -> IndexEstimate:
    return estimate_territory(rates, WHOLE, prior_from=national)


@pytest.fixture
def small(rates: pd.DataFrame) -> pd.DataFrame:
    return published_cells(rates)


@pytest.mark.parametrize("after", [False, True])
def test_the_band_holds_the_truth_before_and_after_the_merger(
    mergers: list[tuple[Merger, IndexEstimate]], after: bool
) -> None:
    inside = []
    for truth, found in mergers:
        frame = found.to_frame()
        frame = frame[(frame.index >= pd.Period("2025-07", freq="M")) == after]
        true = 100 * truth.level / truth.level[truth.level.index.year == 2024].mean()
        inside.append(true.reindex(frame.index).between(frame["low80"], frame["high80"]))
    assert COVERAGE_80[0] < pd.concat(inside).mean() < COVERAGE_80[1]


def test_the_weight_lies_nearer_the_truth_than_what_output_says(mergers: list[tuple[Merger, IndexEstimate]]) -> None:
    ours = [found.made_of.weights.loc["BN", "weight"] - truth.weight for truth, found in mergers]
    prior = [truth.prior["BN"] - truth.weight for truth, _ in mergers]
    assert np.square(ours).mean() < np.square(prior).mean()


def test_the_wholes_own_rates_are_evidence_on_the_weight(rates: pd.DataFrame, national: IndexEstimate) -> None:
    unknown = combine(rates, PARTS, WHOLE, prior_from=national).made_of.weights.loc["BN"]
    without = combine(rates[rates["territory"] != WHOLE], PARTS, WHOLE, prior_from=national).made_of.weights.loc["BN"]
    assert 0.45 < unknown["weight"] < 0.75  # eight months of 2025 between the halves' half-years alone give 0.62
    assert unknown["high80"] - unknown["low80"] < 0.5 * (without["high80"] - without["low80"])
    assert np.isnan(unknown["prior"])


def test_the_merged_province_has_a_past_before_it_was_ever_printed(merged: IndexEstimate) -> None:
    frame = merged.to_frame()
    assert (str(frame.index[0]), str(frame.index[-1])) == ("2022-01", "2026-08")
    assert merged.enough_data and merged.borrowed_from == "VN TOTAL"
    assert merged.cut_before == "2022-01"  # Bắc Giang was not printed from 2018 to 2021
    weights = merged.made_of.weights
    assert weights["weight"].sum() == pytest.approx(1.0, abs=0.01)
    assert ((weights["low80"] < weights["weight"]) & (weights["weight"] < weights["high80"])).all()


def test_a_printed_rate_of_the_whole_comes_back_from_its_levels(merged: IndexEstimate) -> None:
    implied = merged.implied("ytd").loc["2026-08"]
    assert implied["low80"] < 20.2 < implied["high80"]


def test_index_and_draws_of_the_whole_agree(merged: IndexEstimate) -> None:
    frame, draws = merged.to_frame(), merged.draws(2000, 1)
    assert np.allclose(draws.median(axis=1), frame["index"], rtol=0.01)
    assert np.allclose(draws.quantile(0.9, axis=1), frame["high80"], rtol=0.02)
    parts = merged.components()
    whole = parts["trend"] * parts["seasonal"] * parts["tet"] * parts["irregular"]
    assert np.allclose(whole, frame["index"])
    adjusted = merged.adjusted_draws(2000, 1).median(axis=1)
    assert np.allclose(adjusted, parts["seasonally_adjusted"], rtol=0.01)


def test_contributions_add_up_and_name_the_part(merged: IndexEstimate) -> None:
    table = merged.made_of.contributions()
    month = table.loc["2025-05"].xs("points", level=1)
    assert month["BN"] + month["BG"] == pytest.approx(month["total"], abs=0.3)  # medians of draws
    shares = merged.made_of.shares().xs("share", axis=1, level=1)
    assert shares.sum(axis=1).between(0.98, 1.02).all()
    assert merged.made_of.part("BG")["index"].loc["2024"].mean() == pytest.approx(100, abs=1)
    with pytest.raises(InputError, match="part: found 'HN'"):
        merged.made_of.part("HN")


def test_after_the_merger_the_split_is_known_less_and_less(merged: IndexEstimate) -> None:
    share = merged.made_of.shares()["BN"]
    width = share["high80"] - share["low80"]
    assert width["2026-08"] > 1.2 * width["2025-06"]


def test_any_merger_is_data() -> None:
    assert territory("BNM").parts == ("BN", "BG")
    for place in TERRITORIES.values():
        for part in place.parts:
            assert territory(part).valid_to < place.valid_from
    assert territory("BNM").full_name() == "Bắc Ninh (từ 7/2025)"
    assert territory("BN").full_name() == "Bắc Ninh (đến 6/2025)"
    assert territory("BN").full_name("en") == "Bac Ninh (until 6/2025)"
    assert territory("BG").full_name() == "Bắc Giang" and territory("VN").full_name() == "Việt Nam"


def test_the_weight_of_output_is_what_was_known_on_the_day() -> None:
    assert merger_weights("BNM", "2024-12-31") is None
    assert merger_weights("BNM", "2025-08-01")["BN"] == pytest.approx(164.6 / (164.6 + 126.1))
    assert merger_weights("BNM", "2026-12-31")["BN"] == pytest.approx(0.617, abs=0.001)
    assert merger_weights("HPM", "2026-12-31") is None


@pytest.mark.parametrize("value", [-0.1, 0.0, 1.0, 1.2, float("nan")])
def test_a_weight_outside_0_to_1_is_refused(small: pd.DataFrame, value: float) -> None:
    with pytest.raises(InputError, match="nằm giữa 0 và 1"):
        combine(small, PARTS, WHOLE, {"BN": value, "BG": 1 - value})


@pytest.mark.parametrize(
    ("weights", "words"), [({"BN": 0.6, "BG": 0.6}, "sum of 1.2"), ({"BN": 0.6}, "one of each of BN, BG")]
)
def test_weights_that_are_not_those_of_the_parts_are_refused(
    small: pd.DataFrame, weights: dict[str, float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        combine(small, PARTS, WHOLE, weights)


def test_parts_that_do_not_cover_the_past_of_the_whole_are_named(small: pd.DataFrame) -> None:
    late = small[(small["territory"] != "BG") | ((small["period"] >= "2025-03") & (small["measure"] != "ytd"))]
    with pytest.raises(InputError, match="BG: quá khứ chỉ có từ 2024-03"):
        combine(late, PARTS, WHOLE, EVIDENCE)


def test_a_whole_printed_before_its_parts_end_is_named(small: pd.DataFrame) -> None:
    early = small.copy()
    early.loc[early["territory"] == WHOLE, "period"] = "2025-05"
    with pytest.raises(InputError, match="BNM: số liệu 2025-05 trước khi sáp nhập"):
        combine(early, PARTS, WHOLE, EVIDENCE)


def test_a_part_printed_after_its_borders_ended_is_named(small: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"BN: số liệu 2025-0\d sau khi địa giới kết thúc 2025-04"):
        combine(small, {"BN": "2025-04", "BG": "2025-06"}, WHOLE, EVIDENCE)


def test_a_part_missing_for_two_years_before_the_merger_is_named(small: pd.DataFrame) -> None:
    silent = small[(small["territory"] != "BG") | (small["period"] <= "2023-05")]
    with pytest.raises(InputError, match="BG: không có số liệu từ 2023-06 đến 2025-06"):
        combine(silent, PARTS, WHOLE, EVIDENCE)


def test_a_part_without_any_figure_is_named(small: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="không có số liệu nào của BG"):
        combine(small[small["territory"] != "BG"], PARTS, WHOLE, EVIDENCE)


def test_a_territory_of_one_part_is_none(small: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="expected two or more other territories"):
        combine(small, {"BN": "2025-06"}, WHOLE)


def test_bac_giang_starts_after_its_long_gap_and_says_so(rates: pd.DataFrame, national: IndexEstimate) -> None:
    found = estimate_territory(rates, "BG", prior_from=national)
    assert found.cut_before == "2022-01" == str(found.to_frame().index[0])
    assert found.borrowed_from == "VN TOTAL"


def test_the_country_and_a_province_are_estimated_as_ever(rates: pd.DataFrame, national: IndexEstimate) -> None:
    own = estimate(rates[(rates["territory"] == "BN") & (rates["industry"] == "TOTAL") & (rates["indicator"] == "iip")],
                   prior_from=national)  # fmt: skip
    pd.testing.assert_frame_equal(estimate_territory(rates, "BN", prior_from=national).to_frame(), own.to_frame())
    assert own.made_of is None and PRIOR_SD > 0

"""Where one comparison alone is printed no figure is contradicted: it is believed, and bands say what is unknown."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.index import estimate

from .simulated import simulate

BREAK = 50


def printed(kind: str, size: float, measure: str) -> tuple[pd.Series, pd.DataFrame]:
    """A level with a calendar pattern that falls in one month, for good or for that month, and one comparison of it."""
    months = pd.period_range("2012-01", periods=84, freq="M")
    rng = np.random.default_rng(1)
    log = 0.004 * np.arange(84) + np.tile(0.05 * rng.standard_normal(12), 7) + 0.006 * rng.standard_normal(84)
    log[BREAK : None if kind == "step" else BREAK + 1] += size
    back = {"mom": 1, "yoy": 12}[measure]
    change = (100 * np.expm1(log[back:] - log[:-back])).round(2)
    rates = pd.DataFrame({"period": [str(month) for month in months[back:]], "value_pct": change})
    rates = rates.assign(
        indicator="iip", territory="XX", industry="TOTAL", measure=measure, decimals=2, release="first",
        release_date=rates["period"] + "-28", source=[f"printed {i}" for i in range(len(rates))],
    )  # fmt: skip
    return pd.Series(np.exp(log), index=months), rates


@pytest.mark.parametrize("measure", ["mom", "yoy"])
@pytest.mark.parametrize("kind", ["step", "spike"])
@pytest.mark.parametrize("size", [-0.2, -0.6])
def test_a_fall_that_nothing_contradicts_is_no_misprint(measure: str, kind: str, size: float) -> None:
    level, rates = printed(kind, size, measure)
    found = estimate(rates)
    assert found.suspects.empty
    frame = found.to_frame()
    drift = np.log(frame["index"] / level.reindex(frame.index))
    assert np.ptp(drift) < 0.15  # the first prints' own error adds up; a fall of 0.2 or 0.6 left out would show
    assert set(frame["status"]) == {"observed"}


def test_a_misprint_is_named_where_another_comparison_contradicts_it() -> None:
    _, mom = printed("step", -0.2, "mom")
    rates = pd.concat([mom, printed("step", -0.2, "yoy")[1]], ignore_index=True)
    rates["source"] = [f"printed {i}" for i in range(len(rates))]
    wrong = rates.index[(rates["period"] == "2017-05") & (rates["measure"] == "mom")][0]
    rates.loc[wrong, "value_pct"] -= 30.0
    assert list(estimate(rates).suspects["source"]) == [f"printed {wrong}"]


@pytest.mark.parametrize("measure", ["mom", "yoy", "ytd"])
def test_bands_of_one_measure_hold(measure: str) -> None:
    held = []
    for seed in range(4):
        truth = simulate(seed, missing=0.0, misprints=0.0, months=96)
        own = truth.rates[(truth.rates["measure"] == measure) & (truth.rates["release"] == "first")]
        frame = estimate(own.reset_index(drop=True)).to_frame()
        true = truth.index.reindex(frame.index)
        true = 100 * true / true[:12].mean()
        held.append(float(true.between(frame["low80"], frame["high80"]).mean()))
    assert np.mean(held) > 0.65, held  # 0.8 over many runs: python -m bench.bench_index


def test_an_estimate_from_one_measure_says_so() -> None:
    _, mom = printed("step", -0.2, "mom")
    alone = estimate(mom)
    assert alone.only_measure == "mom" and "(only mom)" in alone._repr_html_()
    yoy = printed("step", -0.2, "yoy")[1]
    yoy["source"] = [f"other {i}" for i in range(len(yoy))]
    assert estimate(pd.concat([mom, yoy], ignore_index=True)).only_measure is None

"""A territory made of two: bands and weight over simulated mergers, and every published figure predicted by the others.

`python -m bench.bench_combine` prints every table; `make bench` calls `main`.
"""

from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

from bn_analysis.cleaning.rates import read_rates, select
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import IndexEstimate, combine, estimate, estimate_territory
from bn_analysis.index.model.error_model import row_error_variance
from bn_analysis.index.model.observations import months_back
from bn_analysis.index.model.posterior import predict
from tests.index.simulated_merger import PARTS, WHOLE, Merger, published_cells, simulate_merger

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
RUNS = 100
WORKERS = 2
MERGED = "2025-07"
BANDS = (50, 80, 95)


def run(seed: int, cells: pd.DataFrame, reference: IndexEstimate) -> dict[str, float]:
    """One simulated merger: is the truth inside the bands, how far off are index and weight."""
    truth = simulate_merger(seed, cells, reference)
    found = combine(truth.rates, PARTS, WHOLE, truth.prior, prior_from=reference)
    assert found.made_of is not None
    frame = found.to_frame()
    true = truth.level.reindex(frame.index)
    true = 100.0 * true / truth.level[truth.level.index.year == 2024].mean()
    after = frame.index >= pd.Period(MERGED, freq="M")
    weight = found.made_of.weights.loc["BN"]
    row = {
        f"{where}: band {band} %": 100 * float(true.between(frame[f"low{band}"], frame[f"high{band}"])[rows].mean())
        for where, rows in (("before", ~after), ("after", after))
        for band in BANDS
    }
    row |= {
        "before: rms error (%)": _error(frame["index"][~after], true[~after]),
        "after: rms error (%)": _error(frame["index"][after], true[after]),
        "after, from the whole's own rates alone: rms error (%)": _alone(truth, reference, true[after]),
        "after, joint, same months up to their mean: rms error (%)": _shape_error(frame["index"], true[after]),
        "weight: inside its 80 % band": 100 * float(weight["low80"] <= truth.weight <= weight["high80"]),
        "weight: squared error": (weight["weight"] - truth.weight) ** 2,
        "weight, prior alone: squared error": (truth.prior["BN"] - truth.weight) ** 2,
        "weight: width of its 80 % band": weight["high80"] - weight["low80"],
    }
    return row


def simulations(runs: int = RUNS) -> pd.Series:
    """Means over simulated mergers; squared errors as their root."""
    rates = read_rates(RAW)
    job = partial(run, cells=published_cells(rates), reference=estimate(select(rates, "VN")))
    with Pool(WORKERS) as pool:
        table = pd.DataFrame(pool.map(job, range(runs)))
    mean = table.mean()
    for name in [name for name in mean.index if "squared" in name]:
        mean[name.replace("squared", "root mean squared")] = np.sqrt(mean.pop(name))
    return mean


def left_out() -> pd.DataFrame:
    """Every published figure of the parts and the whole, predicted from all others by a fit without it."""
    rates = read_rates(RAW)
    reference = estimate(select(rates, "VN"))
    full = estimate_territory(rates, WHOLE, prior_from=reference)
    own = row_error_variance(full.model, full.fit.log_scales)[full.model.n_prior :]
    job = partial(_leave_out, rates=rates, reference=reference)
    with Pool(WORKERS) as pool:
        found = pool.starmap(job, zip(full.figures.table["source"], own, strict=True))
    return pd.DataFrame([row for row in found if row])


def _leave_out(source: str, own: float, rates: pd.DataFrame, reference: IndexEstimate) -> dict[str, object]:
    """One figure beside what the others say; `own` is the variance of its own error. Empty where they say nothing."""
    cell = rates[rates["source"] == source].iloc[0]
    try:
        last = rates.loc[rates["territory"] == WHOLE, "period"].max()
        found = estimate_territory(rates[rates["source"] != source], WHOLE, prior_from=reference, end=last)
    except BnAnalysisError:
        return {}
    month, series = pd.Period(cell["period"], freq="M").ordinal, [*PARTS, WHOLE].index(cell["territory"])
    if month - months_back(np.array([month]), [cell["measure"]])[0] < found.model.first_month:
        return {}
    middle, sd = predict(found.model, found.fit, np.array([month]), [cell["measure"]], cell["release"], series)
    error = float(np.log1p(cell["value_pct"] / 100.0) - middle[0])
    return {
        **{key: cell[key] for key in ("territory", "period", "measure", "value_pct", "release")},
        "predicted_pct": 100.0 * float(np.expm1(middle[0])),
        "standardised": error / float(np.sqrt(sd[0] ** 2 + own)),
    }


def _alone(truth: Merger, reference: IndexEstimate, true: pd.Series) -> float:
    """Error of the index from the whole's own rates, up to its mean: it knows no year before the merger."""
    own = estimate(truth.rates[truth.rates["territory"] == WHOLE], prior_from=reference)
    return _shape_error(own.to_frame()["index"], true)


def _shape_error(index: pd.Series, true: pd.Series) -> float:
    months = true.index.intersection(index.index)
    gap = np.log(index[months] / true[months])
    return 100 * float(np.sqrt(((gap - gap.mean()) ** 2).mean()))


def _error(index: pd.Series, true: pd.Series) -> float:
    return 100 * float(np.sqrt((np.log(index / true) ** 2).mean()))


def main() -> None:
    """Print every table."""
    print(f"{RUNS} simulated mergers\n{simulations().round(3).to_string()}\n")
    table = left_out()
    print("Each published figure predicted from the others, standardised errors")
    for code, rows in table.groupby("territory"):
        errors = rows["standardised"]
        inside = (errors.abs() < 1.2816).mean()
        print(
            f"{code}: {len(rows)} figures, mean {errors.mean():.2f}, sd {errors.std():.2f}, median absolute "
            f"{errors.abs().median():.2f}, within ±1.28 {100 * inside:.0f} %"
        )
    print(table[table["territory"] != "BN"].round(2).to_string(index=False))


if __name__ == "__main__":
    main()

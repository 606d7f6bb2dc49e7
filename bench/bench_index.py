"""Index: accuracy on simulated and real histories, and time beside scipy's and statsmodels' general tools.

`python -m bench.bench_index` prints every table; `make bench` calls `main`.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.sparse import csr_array
from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

from bn_analysis.cleaning.rates import read_rates, select
from bn_analysis.index import estimate
from bn_analysis.index.model.error_model import judge, row_error_variance
from bn_analysis.index.model.hyperparameters import DEFAULT_SCALES
from bn_analysis.index.model.layout import LEVEL, SCALES
from bn_analysis.index.model.measurement_equations import linearise
from bn_analysis.index.model.observations import read_figures
from bn_analysis.index.model.posterior_mode import Fit, Stop, fit_mode
from bn_analysis.index.model.precision.pattern import apply_rows
from bn_analysis.index.model.state_space import WEAK, Model, build_model
from tests.index.simulated import Truth, simulate

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
PROVINCES = RAW.parents[2] / "shared" / "validation" / "vn_province_gto_index_releases_2006_2010.csv"
MONTHS = (165, 330, 660, 1320)
RUNS = 100
HIDDEN = 0.6
COMPLETE = 150
"""Rates of a province whose 53 releases are all there, but for a month."""
LOG_SCALES = np.log([DEFAULT_SCALES[name] for name in SCALES])
MODE = Stop(level=1e-7, weight=np.inf, steps=500, rounds=1)
"""Student-t weights from residuals alone: the mode that a general least-squares solver looks for."""

Result = TypeVar("Result")


def accuracy(runs: int = RUNS) -> pd.Series:
    """Coverage, error and misprints over simulated histories (40 % of cells missing, 3 % misprinted)."""
    rows = []
    for seed in range(runs):
        truth = simulate(seed)
        found = estimate(truth.rates, base=2013)
        frame = found.to_frame().reindex(truth.index.index).dropna(subset=["index"])
        true = truth.index.reindex(frame.index)
        true = 100 * true / true["2013"].mean()
        bad = set(truth.rates["source"][truth.misprint])
        suspects = set(found.suspects["source"])
        rows.append(
            {
                f"band {band} %": 100 * float(true.between(frame[f"low{band}"], frame[f"high{band}"]).mean())
                for band in (50, 80, 95)
            }
            | {
                "rms error, estimate (%)": _error(frame["index"], true),
                "rms error, plain least squares (%)": _error(plain_least_squares(truth).reindex(frame.index), true),
                "rms error, chained m/m (%)": _error(chained(truth).reindex(frame.index), true),
                "misprints": len(bad),
                "misprints named": len(bad & suspects),
                "sound figures": len(truth.rates) - len(bad),
                "sound figures accused": len(suspects - bad),
            }
        )
    table = pd.DataFrame(rows)
    counts = table[["misprints", "misprints named", "sound figures", "sound figures accused"]].sum()
    return pd.concat([table.drop(columns=counts.index).mean(), counts])


def one_measure(runs: int = 40) -> pd.DataFrame:
    """Coverage and accusations where one comparison alone is printed (nothing missing, 3 % misprinted)."""
    rows = {}
    for measure in ("mom", "yoy", "ytd"):
        found = []
        for seed in range(runs):
            truth = simulate(seed, missing=0.0)
            own = ((truth.rates["measure"] == measure) & (truth.rates["release"] == "first")).to_numpy()
            result = estimate(truth.rates[own].reset_index(drop=True))
            frame = result.to_frame()
            true = truth.index.reindex(frame.index)
            true = 100 * true / true[:12].mean()
            bad = set(truth.rates["source"][own & truth.misprint])
            found.append(
                {
                    f"band {band} %": 100 * float(true.between(frame[f"low{band}"], frame[f"high{band}"]).mean())
                    for band in (50, 80, 95)
                }
                | {"figures": int(own.sum()), "misprints": len(bad), "accused": len(result.suspects)}
                | {"wrongly accused": len(set(result.suspects["source"]) - bad)}
                | {"width of band 80, logs": float(np.log(frame["high80"] / frame["low80"]).mean())}
            )
        rows[measure] = pd.DataFrame(found).mean()
    return pd.DataFrame(rows)


def plain_least_squares(truth: Truth) -> pd.Series:
    """Levels that fit every printed rate equally well: no prior but the smallest step over a gap, no robustness."""
    figures = read_figures(truth.rates)
    model = build_model(figures, WEAK)
    rows, target = _dense_rows(model, np.zeros(model.pattern.n + model.pattern.m))
    levels = model.layout.levels(model.months)[:, 0]
    design, wanted = rows[model.n_prior :, levels], target[model.n_prior :]
    ridge = 1e-4 * np.diff(np.eye(model.months), axis=0)
    design, wanted = np.vstack([design, ridge, np.ones(model.months)]), np.append(wanted, np.zeros(model.months))
    solution = np.linalg.lstsq(design, wanted, rcond=None)[0]
    months = pd.period_range(pd.Period(ordinal=model.first_month, freq="M"), periods=model.months, freq="M")
    return pd.Series(np.exp(solution), months)


def chained(truth: Truth) -> pd.Series:
    """Product of the printed m/m, a missing one taken as no change."""
    mom = truth.rates[truth.rates["measure"] == "mom"].set_index("period")["value_pct"]
    mom.index = pd.PeriodIndex(mom.index, freq="M")
    return (1 + mom.reindex(truth.index.index).fillna(0) / 100).cumprod()


def provinces(hidden: float = HIDDEN, seed: int = 0) -> pd.DataFrame:
    """Per province: the estimate from a random part of the published cells beside the one from all."""
    table = pd.read_csv(PROVINCES).query("ownership == 'total'")
    rows = {}
    for area, releases in table.groupby("area"):
        rates = _province_rates(str(area), releases)
        if len(rates) < COMPLETE:
            continue
        full = estimate(rates)
        kept = np.random.default_rng(seed).random(len(rates)) >= hidden
        part = estimate(rates[kept])
        months = full.frame.index.intersection(part.frame.index)
        one, other = (
            100 * f.loc[months] / f.loc[months, "index"].mean() for f in (full.frame[["index"]], part.frame[["index"]])
        )
        scale = part.frame.loc[months, "index"].mean()
        inside = one["index"].between(
            100 * part.frame.loc[months, "low80"] / scale, 100 * part.frame.loc[months, "high80"] / scale
        )
        steps = [100 * np.log(f["index"]).diff().dropna() for f in (one, other)]
        rows[area] = {
            "figures": len(rates), "kept": int(kept.sum()), "rms of level (%)": _error(other["index"], one["index"]),
            "rms of m/m (points)": float(np.sqrt(((steps[0] - steps[1]) ** 2).mean())),
            "sd of m/m": float(steps[0].std()),
            "inside 80 % band (%)": 100 * float(inside.mean()),
        }  # fmt: skip
    return pd.DataFrame(rows).T


def speed() -> pd.DataFrame:
    """Seconds for one solve at fixed scales, and for a whole estimate, by number of months; scipy on the first two."""
    rows = []
    for months in MONTHS:
        rates = simulate(0, start="1965-01", months=months, missing=0.1).rates
        model = build_model(read_figures(rates), WEAK)
        mode, ours = _timed(lambda model=model: fit_mode(model, LOG_SCALES, stop=MODE), 3)
        row = {
            "months": months,
            "figures": len(rates),
            "solve": ours,
            "estimate": _timed(lambda r=rates: estimate(r), 2)[1],
        }
        if months == MONTHS[0]:
            for solver in ("exact", "lsmr"):
                (found, cost), seconds = _timed(lambda model=model, s=solver: by_scipy(model, s), 1)
                row |= {f"scipy {solver}": seconds, f"{solver}: times slower": seconds / ours}
                row |= {f"{solver}: excess cost": cost - objective(model, mode.x)}
                row |= {f"{solver}: largest gap (%)": 100 * _gap(model, mode, found)}
            row["statsmodels smoother (linear rows)"] = _timed(lambda r=rates: by_statsmodels(r), 3)[1]
        rows.append(row)
    return pd.DataFrame(rows).set_index("months")


def panel(limit: int = 37) -> pd.Series:
    """Seconds for the estimates of the national industries."""
    rates = read_rates(RAW).query("territory == 'VN' and indicator == 'iip'")
    counts = rates.groupby("industry").size().sort_values(ascending=False)
    _, seconds = _timed(lambda: [estimate(select(rates, "VN", code)) for code in counts.index[:limit]], 1)
    return pd.Series({"industries": min(limit, len(counts)), "seconds": seconds, "seconds each": seconds / limit})


def objective(model: Model, x: np.ndarray) -> float:
    """Minus the log posterior of states at the default scales, up to a constant: what `by_scipy` minimises."""
    return 0.5 * float((_residuals(model, x) ** 2).sum())


def by_scipy(model: Model, solver: str) -> tuple[np.ndarray, float]:
    """The same mode by `scipy.optimize.least_squares` with the exact Jacobian."""

    def jacobian(x: np.ndarray) -> np.ndarray | csr_array:
        values, target = linearise(model, x)
        raw = target - apply_rows(model.pattern, values, x)
        slope = -_slope(model, raw)[model.pattern.row] * values
        matrix = csr_array((slope, (model.pattern.row, model.pattern.col)), shape=(len(raw), len(x)))
        return matrix.toarray() if solver == "exact" else matrix

    start = np.zeros(model.pattern.n + model.pattern.m)
    found = least_squares(
        lambda x: _residuals(model, x), start, jac=jacobian, tr_solver=solver, x_scale="jac", xtol=1e-8
    )
    return found.x, float(found.cost)


def by_statsmodels(rates: pd.DataFrame) -> np.ndarray:
    """Smoothed states of the linear part (m/m, y/y, revised y/y; Gaussian) by a general Kalman smoother."""
    scale = dict(zip(SCALES, np.exp(LOG_SCALES), strict=True))
    wide = rates[rates["measure"] != "ytd"].assign(kind=rates["measure"] + rates["release"])
    months = pd.period_range(wide["period"].min(), wide["period"].max(), freq="M").astype(str)
    seen = np.log1p(wide.pivot_table(index="period", columns="kind", values="value_pct").reindex(months) / 100)
    seen = seen[["momfirst", "yoyfirst", "yoyrestated"]].to_numpy()
    size = 2 + 11 + 2 + 13  # trend and slope, season, bias and first-release error, level and twelve lags
    lag, error, season = 15, 13, 2
    smoother = KalmanSmoother(k_endog=3, k_states=size, k_posdef=6)
    transition = np.zeros((size, size))
    transition[0, :2] = transition[1, 1] = 1.0
    transition[season, season : season + 11] = -1.0
    transition[season + 1 : season + 11, season : season + 10] = np.eye(10)
    transition[error, error] = 1.0
    transition[lag, :2], transition[lag, season : season + 11] = 1.0, -1.0
    transition[lag + 1 :, lag:-1] = np.eye(12)
    selection = np.zeros((size, 6))
    for column, row in enumerate((0, 1, season, error, error + 1, lag)):
        selection[row, column] = 1.0
    selection[lag, [0, 2]] = 1.0
    design = np.zeros((3, size))
    design[:, lag] = 1.0
    design[0, lag + 1] = design[1, lag + 12] = design[2, lag + 12] = -1.0
    design[:2, error : error + 2] = 1.0
    names = ("level", "slope", "seasonal", "bias", "revision", "irregular")
    smoother["design"], smoother["transition"], smoother["selection"] = design, transition, selection
    smoother["state_cov"] = np.diag([scale[name] ** 2 for name in names])
    smoother["obs_cov"] = np.diag([scale[name] ** 2 for name in ("mom", "yoy", "restated")])
    smoother.initialize_approximate_diffuse(1.0)
    smoother.bind(np.ascontiguousarray(seen))
    return smoother.smooth().smoothed_state


def _residuals(model: Model, x: np.ndarray) -> np.ndarray:
    """Residuals whose halved squares are minus the log density of each row, up to a constant."""
    values, target = linearise(model, x)
    return _bent(model, target - apply_rows(model.pattern, values, x))


def _bent(model: Model, raw: np.ndarray) -> np.ndarray:
    depth = judge(model, LOG_SCALES, np.zeros_like(raw)).log_density - judge(model, LOG_SCALES, raw**2).log_density
    return np.sign(raw) * np.sqrt(2.0 * np.maximum(depth, 0.0))


def _slope(model: Model, raw: np.ndarray) -> np.ndarray:
    """Derivative of `_bent`: for a scale mixture the log density falls by weight · residual / variance."""
    weight, variance = judge(model, LOG_SCALES, raw**2).weight, row_error_variance(model, LOG_SCALES)
    bent = np.abs(_bent(model, raw))
    small = bent < 1e-4
    ratio = weight * np.abs(raw) / variance / np.where(small, 1.0, bent)
    return np.where(small, np.sqrt(weight / variance), ratio)


def _dense_rows(model: Model, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, target = linearise(model, x)
    dense = np.zeros((model.pattern.n_rows, len(x)))
    dense[model.pattern.row, model.pattern.col] = values
    return dense, target


def _province_rates(area: str, releases: pd.DataFrame) -> pd.DataFrame:
    """Releases of one province as a table of rates; the printed ratios carry many digits."""
    long = releases.rename(columns={"mom_idx": "mom", "yoy_idx": "yoy", "ytd_yoy_idx": "ytd"}).melt(
        id_vars="release", value_vars=["mom", "yoy", "ytd"], var_name="measure"
    )
    long = long.dropna(subset=["value"]).query("not (measure == 'ytd' and release.str.endswith('-01'))")
    return pd.DataFrame(
        {
            "indicator": "iip", "territory": area[:2].upper(), "industry": "TOTAL", "period": long["release"],
            "measure": long["measure"], "value_pct": long["value"] - 100, "decimals": 4, "release": "first",
            "release_date": long["release"] + "-28", "source": [f"{area} {i}" for i in range(len(long))],
        }
    ).reset_index(drop=True)  # fmt: skip


def _error(levels: pd.Series, true: pd.Series) -> float:
    """Root mean square log difference of two indices after removing their mean difference, per cent."""
    gap = np.log(levels / true)
    return 100 * float(np.sqrt(((gap - gap.mean()) ** 2).mean()))


def _gap(model: Model, mode: Fit, x: np.ndarray) -> float:
    """Largest difference of the log changes of the levels of two solutions."""
    levels = [model.layout.states(state, LEVEL)[:, 0] for state in (mode.x, x)]
    return float(np.abs(np.diff(levels[0] - levels[1])).max())


def _timed(work: Callable[[], Result], repeats: int) -> tuple[Result, float]:
    """Result and the shortest wall time of some repeats, in seconds."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begin)
    return result, min(times)


def main() -> None:
    """Print every table."""
    for title, table in (
        ("Speed, seconds", speed()),
        ("Panel of national industries", panel()),
        (f"{RUNS} simulated histories", accuracy()),
        ("One comparison alone, mean of 40 simulated histories", one_measure()),
        ("Provinces 2006–2010, 60 % of cells hidden", provinces()),
    ):
        print(f"\n{title}\n{table.round(3).to_string()}")


if __name__ == "__main__":
    main()

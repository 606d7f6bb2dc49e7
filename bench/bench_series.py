"""Any monthly series: crashes, invented months, Tết kept or lost, on simulated series of the kinds that people bring.

python -m bench.bench_series [SERIES]      # how many of each, 200 by default
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.errors import BnAnalysisError
from bn_analysis.seasonal import adjust

TET = -0.15
KINDS = ("step", "spike", "stairs", "noise", "negative", "quarterly", "no August", "gap")


def of_a_kind(number: int) -> str:
    """Outcome of one random series: ok, refused, INVENTED or the name of an exception nobody foresaw."""
    rng = np.random.default_rng(number)
    kind, n = KINDS[number % len(KINDS)], int(rng.integers(24, 140))
    months = pd.period_range("2010-01", periods=n, freq="M")
    level = 100 * np.exp(0.004 * np.arange(n) + 0.06 * np.sin(2 * np.pi * np.arange(n) / 12))
    if kind == "step":
        level = np.where(np.arange(n) < rng.integers(1, n), 100.0, 130.0)
    elif kind == "spike":
        level = np.full(n, 100.0)
        level[rng.integers(n)] = rng.choice([30.0, 300.0])
    elif kind == "stairs":
        level = 100.0 + 5 * (np.arange(n) // 6)
    elif kind == "negative":
        level = rng.standard_normal(n)
    else:
        level = level * np.exp(0.02 * rng.standard_normal(n))
    series = pd.Series(level, months)
    if kind == "quarterly":
        series = series.where(months.month % 3 == 0)
    elif kind == "no August":
        series = series.where(months.month != 8)
    elif kind == "gap":
        series.iloc[rng.integers(1, n - 1)] = np.nan
    try:
        adjust(series, jobs=1)
    except BnAnalysisError:
        return f"{kind}: refused"
    except Exception as error:
        return f"{kind}: {type(error).__name__}"
    return f"{kind}: INVENTED" if kind in ("quarterly", "no August") else f"{kind}: ok"


def tet_kept(number: int) -> tuple[bool, bool, float]:
    """Whether Tết is found in a short series and with a month more; largest error of the adjusted series."""
    rng = np.random.default_rng(1000 + number)
    n = int(rng.integers(24, 61))
    months = pd.period_range(pd.Period("2008-01", "M") + int(rng.integers(0, 120)), periods=n + 1, freq="M")
    steps = np.cumsum(0.005 + 0.006 * rng.standard_normal(n + 1))
    season = 0.06 * np.sin(2 * np.pi * np.arange(n + 1) / 12)
    clean = pd.Series(100 * np.exp(steps + 0.01 * rng.standard_normal(n + 1)), months)
    tet = np.exp(TET * tet_regressor(months, 0, 6).to_numpy())
    series = clean * np.exp(season) * tet
    first, longer = adjust(series.iloc[:n], jobs=1), adjust(series, jobs=1)
    ratio = np.log(first.seasonally_adjusted / clean.iloc[:n])
    return bool(first.tet.windows), bool(longer.tet.windows), float((ratio - ratio.median()).abs().max())


def main() -> None:
    """Print both tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with ProcessPoolExecutor(2) as pool:
        print(pd.Series(list(pool.map(of_a_kind, range(count)))).value_counts().sort_index().to_string(), flush=True)
        rows = pd.DataFrame(list(pool.map(tet_kept, range(count))), columns=["found", "found_longer", "error"])
    print(f"Tết found {rows['found'].mean():.1%}, with a month more {rows['found_longer'].mean():.1%}")
    print(f"comes or goes with a month {(rows['found'] != rows['found_longer']).sum()} of {count}")
    print("largest error of a month, per cent:", (100 * rows["error"]).quantile([0.5, 0.9, 1]).round(1).to_dict())


if __name__ == "__main__":
    main()

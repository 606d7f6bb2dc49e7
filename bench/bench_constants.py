"""What the constants of the index and of the verdict rest on, computed from the figures on record.

python -m bench.bench_constants [shared/validation/eu_ipi_c_nsa.csv]
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from bn_analysis.cleaning.rates import read_rates, select
from bn_analysis.cycle.calibration.pseudo_vintages import read_panel
from bn_analysis.cycle.data_sufficiency import JUMP, WIDEST_BAND
from bn_analysis.errors import InputError
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.index.model.hyperparameters import DEFAULT_SCALES
from bn_analysis.index.model.posterior import BRACKETED_SHARE, OBSERVED_SHARE, information
from bn_analysis.seasonal import adjust

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"


def industries(rates: pd.DataFrame) -> dict[str, IndexEstimate]:
    """Every national industry with ten years of figures, estimated by itself."""
    national = rates[(rates["territory"] == "VN") & (rates["indicator"] == "iip")]
    months = national.groupby("industry")["period"].nunique()
    found = {}
    for code in months[months >= 120].index:
        try:
            found[code] = estimate(select(rates, "VN", code))
        except InputError as error:
            print(f"{code}: {error}", file=sys.stderr)
    return found


def prior_centres(found: dict[str, IndexEstimate]) -> pd.DataFrame:
    """Learnt scales of the industries beside the centres of their priors: quartiles, in logs of the level."""
    learnt = pd.DataFrame({code: one.hyperparameters for code, one in found.items()}).T
    table = learnt.quantile([0.25, 0.5, 0.75]).T.set_axis(["low", "middle", "high"], axis=1)
    table["centre"] = pd.Series(DEFAULT_SCALES)
    table["factor"] = table["middle"] / table["centre"]
    return table


def information_by_figures(index: IndexEstimate) -> pd.DataFrame:
    """Share of the prior variance that the figures take away, by what a month has of its own."""
    own = index.figures.table
    months = {
        "m/m or y/y of its own": set(own.loc[own["measure"].isin(["mom", "yoy"]), "period"].astype(str)),
        "only in a sum": set(own.loc[~own["measure"].isin(["mom", "yoy"]), "period"].astype(str)),
    }
    shares = pd.Series(
        information(index.model, index.figures, index.fit)[index.span.rows], index.frame.index.astype(str)
    )
    kind = shares.index.map(lambda month: next((name for name, have in months.items() if month in have), "none"))
    return shares.groupby(kind).quantile([0.05, 0.5, 0.95]).unstack()


def loadings(rates: pd.DataFrame) -> pd.Series:
    """Slope of the y/y of each national industry on that of the total, means of three months, as logs."""
    first = rates[(rates["territory"] == "VN") & (rates["indicator"] == "iip") & (rates["measure"] == "yoy")]
    first = first[first["release"] == "first"]
    changes = np.log1p(first.pivot_table(index="period", columns="industry", values="value_pct") / 100)
    means = changes.rolling(3).mean()
    full = [code for code in means if code != "TOTAL" and means[code].count() > 100]
    total = means["TOTAL"]
    return pd.Series({code: means[code].cov(total) / total[means[code].notna()].var() for code in full})


def season_off(panel: pd.DataFrame) -> pd.Series:
    """How far each country's seasonal pattern is from the mean pattern, as a share of that pattern's size."""
    logs = np.log(panel.loc["2005":"2019"])
    around = logs - logs.rolling(13, center=True).mean()
    pattern = around.groupby(around.index.month).mean()
    pattern = pattern - pattern.mean()
    mean = pattern.mean(axis=1)
    return pattern.sub(mean, axis=0).std() / mean.std()


def largest_changes(path: Path) -> pd.Series:
    """Largest rise or fall in one month of each adjusted European series, as a factor."""
    panel = read_panel(path)
    factors = {}
    for country in panel:
        adjusted = adjust(panel[country].dropna(), holiday="none").seasonally_adjusted
        factors[country] = float(np.exp(np.abs(np.log(adjusted).diff()).max()))
    return pd.Series(factors).sort_values(ascending=False)


def main() -> None:
    """Print every table."""
    rates = read_rates(RAW)
    print("prior centres of the scales\n", prior_centres(industries(rates)).to_string(float_format="{:.4f}".format))
    total = estimate(select(rates, "VN"))
    for code in ("VN", "BN"):
        index = estimate(select(rates, code), prior_from=None if code == "VN" else total)
        print(f"\ninformation, {code}; observed from {OBSERVED_SHARE}, bracketed from {BRACKETED_SHARE}")
        print(information_by_figures(index).to_string(float_format="{:.3f}".format))
    found = loadings(rates)
    print(f"\nloading of {len(found)} industries on the total: mean {found.mean():.2f}, deviation {found.std():.2f}")
    if len(sys.argv) > 1:
        off = season_off(read_panel(Path(sys.argv[1])))
        size = float((off**2).mean() ** 0.5)
        print(
            f"\nseason of {len(off)} countries off their mean: middle {off.median():.2f}, root mean square {size:.2f}"
        )
        print(f"\nlargest change in a month; no verdict beyond a factor of {JUMP}, a band of {WIDEST_BAND:.0%}")
        print(largest_changes(Path(sys.argv[1])).head(8).to_string(float_format="{:.2f}".format))


if __name__ == "__main__":
    main()

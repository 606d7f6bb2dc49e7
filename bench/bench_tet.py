"""Tết: what taking it out does to the country's total and industries, and to how much the first look is revised.

`python -m bench.bench_tet` prints all tables; `make bench` calls `main`; `python -m bench.bench_tet european` only the
last: how many series of countries that know no Tết are found to have it, whole and in stretches. The first takes every
industry with at least ten years of published changes: chosen windows, the clearest effect with its t value, the spread
of the adjusted monthly change without Tết, with one window and with the chosen ones, and whether any season is left
(QS). The second adjusts every vintage of the national total as it was known, and compares each month's first adjusted
change with the one a year later.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.seasonal import SeasonalAdjustment, adjust, adjust_many
from bn_analysis.seasonal.methods.x13 import adjust_by_x13
from bn_analysis.seasonal.result import Reason
from bn_analysis.seasonal.tet.window_selection import add_windows
from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS
from bn_analysis.seasonal.x13.specification import Specification
from bn_analysis.settings import Settings

EUROPE = Path(__file__).resolve().parents[2] / "shared" / "validation" / "eu_ipi_c_nsa.csv"
JOBS = 2
LONG = 120
QS = "qs_adjusted_p"
LATER = 12
FIRST_VINTAGE = "2017-01"


def spread(adjustment: SeasonalAdjustment) -> float:
    """Standard deviation of the adjusted monthly change, per cent."""
    return float(100 * np.log(adjustment.seasonally_adjusted).diff().std())


def industry(rates: pd.DataFrame, total: IndexEstimate | None, end: str) -> dict[str, object]:
    """One row of the first table."""
    index = estimate(rates, prior_from=total, end=end)
    series = index.to_frame()["index"]
    plain, chosen = (adjust(series, "x13", holiday, jobs=1) for holiday in ("none", "tet"))
    months = pd.PeriodIndex(series.index)
    single = add_windows(Specification(), DEFAULT_WINDOWS[1:], months)
    one = adjust_by_x13(series, single, Reason("asked"), tet=False, jobs=1)
    effects = chosen.tet_effects()
    first = effects.iloc[effects["t_value"].abs().argmax()] if len(effects) else None
    grades = chosen.grade_table().set_index("code")["value"]
    return {
        "industry": index.industry,
        "windows": " ".join(effects["window"]) if len(effects) else "none",
        "effect %": first["effect_pct"] if first is not None else np.nan,
        "t": first["t_value"] if first is not None else np.nan,
        "sd none": spread(plain),
        "sd one": spread(one),
        "sd chosen": spread(chosen),
        "QS p": grades.get(QS, np.nan),
    }


def industries() -> pd.DataFrame:
    """The first table: the total and every industry with long series."""
    rates = read_rates(Settings().raw)
    rates = rates[(rates["territory"] == "VN") & (rates["indicator"] == "iip")]
    counts = rates[rates["measure"] == "yoy"].groupby("industry")["period"].agg(["nunique", "max"])
    last = counts["max"].max()
    codes = [code for code, row in counts.iterrows() if row["nunique"] >= LONG and row["max"] == last]
    total = estimate(select(rates, "VN"))
    tasks = (delayed(industry)(select(rates, "VN", code), None if code == "TOTAL" else total, last) for code in codes)
    return pd.DataFrame(Parallel(n_jobs=JOBS)(tasks)).set_index("industry")


def first_look(rates: pd.DataFrame, day: str) -> dict[str, pd.Series]:
    """Adjusted monthly changes as known on a day, without and with Tết."""
    series = estimate(select(as_of(rates, day), "VN")).to_frame()["index"]
    return {
        holiday: 100 * np.log(adjust(series, "x13", holiday, jobs=1).seasonally_adjusted).diff()
        for holiday in ("none", "tet")
    }


def revisions() -> pd.DataFrame:
    """Mean absolute revision of the newest month's adjusted change after a year, by treatment of Tết."""
    rates = read_rates(Settings().raw)
    total = rates[(rates["territory"] == "VN") & (rates["industry"] == "TOTAL") & (rates["indicator"] == "iip")]
    days = sorted(day for day in total["release_date"].unique() if day[:7] >= FIRST_VINTAGE)
    looks = Parallel(n_jobs=JOBS)(delayed(first_look)(rates, day) for day in days)
    rows = []
    for now, later in zip(looks, looks[LATER:], strict=False):
        month = now["tet"].index[-1]
        rows.append({holiday: later[holiday][month] - now[holiday][month] for holiday in now} | {"month": month})
    return pd.DataFrame(rows).set_index("month")


def european(years: int | None = None) -> pd.DataFrame:
    """Series of 34 European countries, whole or in stretches of so many years: method, and windows of Tết found."""
    frame = pd.read_csv(EUROPE, index_col=0)
    frame.index = pd.PeriodIndex(frame.index, freq="M")
    if years is not None:
        frame = stretches(frame, 12 * years)
    found = adjust_many(frame, "auto", "tet", jobs=JOBS).adjustments
    rows = {name: {"method": one.method, "tet": len(one.tet.windows)} for name, one in found.items()}
    return pd.DataFrame(rows).T


def stretches(frame: pd.DataFrame, months: int) -> pd.DataFrame:
    """Each series cut into pieces of so many months that do not overlap: more trials than there are countries."""
    pieces = {}
    for name, series in frame.items():
        series = series.loc[series.first_valid_index() : series.last_valid_index()]
        for end in range(len(series), months - 1, -months):
            piece = series.iloc[end - months : end]
            if piece.notna().all():
                pieces[f"{name} {piece.index[0].year}"] = piece
    return pd.DataFrame(pieces)


def show_european() -> None:
    """How many series of countries that know no Tết are found to have it."""
    if not EUROPE.is_file():
        return
    for years, what in ((None, "whole series"), (10, "stretches of ten years"), (5, "stretches of five years")):
        table = european(years)
        wrong = table.index[table["tet"] > 0]
        print(f"tet | European {what}: {len(wrong)} of {len(table)} have Tết: {', '.join(wrong)}", flush=True)


def main() -> None:
    """Print all tables."""
    if sys.argv[1:] == ["european"]:
        show_european()
        return
    table = industries()
    print(table.round(2).to_string())
    clean = (table["QS p"] > 0.05).mean()
    means = {name: table[f"sd {name}"].mean() for name in ("none", "one", "chosen")}
    print(
        f"tet | {len(table)} series | sd without Tết {means['none']:.2f}, one window {means['one']:.2f}, chosen "
        f"{means['chosen']:.2f} | no season left (QS p > 0.05): {100 * clean:.0f} %",
        flush=True,
    )
    revised = revisions()
    early = pd.PeriodIndex(revised.index).month <= 3
    print(
        f"tet | {len(revised)} vintages of the total | mean absolute revision after {LATER} months: without Tết "
        f"{revised['none'].abs().mean():.2f}, with {revised['tet'].abs().mean():.2f}; January to March "
        f"{revised[early]['none'].abs().mean():.2f} and {revised[early]['tet'].abs().mean():.2f}",
        flush=True,
    )
    show_european()


if __name__ == "__main__":
    main()

"""An adjustment → a quick chart and a short HTML summary for whoever works in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from bn_analysis.seasonal.specification import months_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bn_analysis.seasonal.result import SeasonalAdjustment

PROVISIONAL_MONTHS = 6
"""Months at the end drawn dotted: their trend will still move."""

GRADES = ("bad", "uncertain", "good")
"""Order of the grades in the summary: what needs a look stands first."""

BAND_DRAWS = 200
BAND_SEED = 20240331


def overview(adjustment: SeasonalAdjustment) -> Figure:
    """Original, adjusted and trend; the last months of the trend dotted, the adjusted series with its 80 % band."""
    table = adjustment.table
    months = months_of(table).to_timestamp()
    figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
    draws = adjustment.draws(BAND_DRAWS, BAND_SEED)
    axes.fill_between(
        months,
        draws.quantile(0.1, axis=1),
        draws.quantile(0.9, axis=1),
        alpha=0.25,
        color="C0",
        linewidth=0,
        label="80 %",
    )
    axes.plot(months, table["value"], color="0.6", linewidth=0.9, label="original")
    axes.plot(months, table["seasonally_adjusted"], color="C0", linewidth=1.2, label="adjusted")
    axes.plot(months[:-PROVISIONAL_MONTHS], table["trend"].iloc[:-PROVISIONAL_MONTHS], color="C3", label="trend")
    axes.plot(
        months[-PROVISIONAL_MONTHS - 1 :], table["trend"].iloc[-PROVISIONAL_MONTHS - 1 :], color="C3", linestyle=":"
    )
    axes.set_title(f"{adjustment.name} — {adjustment.method}, Tết {adjustment.tet}", parse_math=False)
    axes.legend(frameon=False, ncols=4)
    plt.close(figure)  # the notebook shows the returned figure once, not twice
    return figure


def summary_html(adjustment: SeasonalAdjustment) -> str:
    """Method, reason, Tết windows and grades as a small table named as the attributes are; all text is escaped."""
    outliers = adjustment.outliers
    grades = {kind: [grade.code for grade in adjustment.grades if grade.grade == kind] for kind in GRADES}
    rows = {
        "method": adjustment.method,
        "reason": str(adjustment.reason),
        "multiplicative": str(adjustment.multiplicative),
        "table": f"{adjustment.table.index[0]} … {adjustment.table.index[-1]}",
        "tet": str(adjustment.tet),
        "outliers": ", ".join(outliers["type"].str.upper() + " " + outliers["period"].astype(str)) or "–",
        "grades": "; ".join(f"{kind}: {', '.join(codes)}" for kind, codes in grades.items() if codes) or "–",
    }
    body = "".join(
        f"<tr><th scope='row'>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in rows.items()
    )
    return f"<table><caption>{escape(adjustment.name)}</caption>{body}</table>"

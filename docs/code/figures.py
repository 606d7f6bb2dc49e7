"""Figures on record → the pictures of the method; `python -m docs.code.figures FOLDER` writes them all."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.cycle.calibrated_probability import clipped_logit
from bn_analysis.cycle.calibration.pseudo_vintages import SPECIFICATION, read_panel
from bn_analysis.cycle.turning_points import turning_points
from bn_analysis.seasonal.x13.run import run
from docs.code import facts

INK, SECOND, THIRD, FAINT = "#1f3b73", "#b3541e", "#4b7f52", "#9aa3b2"
STYLE = {
    "svg.hashsalt": "bn-analysis", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.color": "#e3e6ec", "figure.figsize": (8, 3.4), "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans", "svg.fonttype": "path",
}  # fmt: skip


def chained() -> Figure:
    """Viet Nam: the index with its band, and what chaining the printed m/m would give."""
    figure, axes = plt.subplots()
    index, chain = facts.country().frame, facts.chained()
    start = index["index"].iloc[index.index.get_loc(chain.index[0])]
    time = index.index.to_timestamp()
    axes.fill_between(time, index["low80"], index["high80"], color=INK, alpha=0.2, linewidth=0)
    axes.plot(time, index["index"], color=INK, linewidth=1.2)
    axes.plot(chain.index.to_timestamp(), chain / chain.iloc[0] * start, color=SECOND, linewidth=1.2)
    axes.set_yscale("log")
    axes.set_ylabel("2015 = 100, log scale")
    _name(axes, index.index[-1], index["index"].iloc[-1], "index, 80 % band", INK, -14)
    _name(axes, chain.index[-1], chain.iloc[-1] / chain.iloc[0] * start, "printed m/m, chained", SECOND, 4)
    return figure


def merged() -> Figure:
    """Bắc Ninh as it is now: the joint estimate of what it was made of and its own figures."""
    figure, axes = plt.subplots()
    index = facts.province().frame
    time = index.index.to_timestamp()
    axes.fill_between(time, index["low80"], index["high80"], color=INK, alpha=0.2, linewidth=0)
    axes.plot(time, index["index"], color=INK, linewidth=1.2)
    axes.axvline(pd.Timestamp("2025-07-01"), color=FAINT, linestyle=":")
    axes.annotate(
        "merged, 1 July 2025", (pd.Timestamp("2025-07-01"), axes.get_ylim()[1]), ha="right", va="top", fontsize=8
    )
    axes.set_ylabel(f"{facts.province().base} = 100")
    return figure


def tet() -> Figure:
    """The two default windows as regressors: share of their days in a month, less its mean over the calendar month."""
    figure, axes = plt.subplots()
    months = pd.period_range("2018-01", "2027-12", freq="M")
    for (first, last), colour, shift in (((-6, -1), INK, -5), ((0, 6), SECOND, 5)):
        values = tet_regressor(months, first, last)
        axes.bar(
            months.to_timestamp() + pd.Timedelta(days=shift),
            values,
            width=12,
            color=colour,
            label=f"days {first}…{last}",
        )
    axes.axhline(0, color="0.4", linewidth=0.8)
    axes.legend(frameon=False, loc="lower left", ncols=2)
    axes.set_ylabel("regressor")
    return figure


def adjusted() -> Figure:
    """Viet Nam with and without season and Tết, the trend-cycle through it."""
    figure, axes = plt.subplots()
    table = facts.adjusted_country().table.loc["2017-01":]
    time = table.index.to_timestamp()
    axes.plot(time, table["value"], color=FAINT, linewidth=1, label="index")
    axes.plot(time, table["seasonally_adjusted"], color=INK, linewidth=1.3, label="without season and Tết")
    axes.plot(time, table["trend"], color=SECOND, linewidth=1, linestyle="--", label="trend-cycle")
    axes.legend(frameon=False, loc="upper left")
    axes.set_ylabel("2015 = 100")
    return figure


def dated() -> Figure:
    """Germany's manufacturing, adjusted by X-13, with its Bry–Boschan peaks and troughs."""
    series = run(SPECIFICATION, read_panel(facts.PANEL)["DE"].dropna()).table("d11")
    figure, axes = plt.subplots()
    turning_points(series).plot(series, axes)
    axes.set_ylabel("index")
    return figure


def calibration() -> Figure:
    """Share of rising paths → probability, by the table for complete levels."""
    table = facts.calibration()
    share = np.linspace(0, 1, 201)
    said = 1 / (1 + np.exp(-(table["intercept"] + table["slope"] * clipped_logit(share))))
    figure, axes = plt.subplots(figsize=(4.6, 3.6))
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=0.8)
    axes.plot(share, said, color=INK)
    axes.set_xlabel("share of paths that rise")
    axes.set_ylabel("probability")
    return figure


def reliability() -> Figure:
    """What probabilities of the whole chain have meant on provinces of known history: said against truly risen."""
    figure, axes = plt.subplots(figsize=(4.6, 3.6))
    steps = pd.DataFrame(facts.calibration("figures").get("proof", {}).get("reliability", []))
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=0.8)
    if len(steps):
        axes.scatter(
            steps["probability"], steps["share"], s=12 + 300 * steps["cases"] / steps["cases"].sum(), color=INK
        )
    axes.set_xlabel("probability said (area: cases)")
    axes.set_ylabel("share truly risen")
    return figure


FIGURES: tuple[Callable[[], Figure], ...] = (chained, merged, tet, adjusted, dated, calibration, reliability)


def all_figures() -> dict[str, str]:
    """Every picture as SVG by its name; the same figures give the same text."""
    made = {}
    with plt.rc_context(STYLE):
        for draw in FIGURES:
            buffer = io.StringIO()
            figure = draw()
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Title": draw.__doc__})
            plt.close(figure)
            made[draw.__name__] = buffer.getvalue()
    return made


def _name(axes: plt.Axes, month: pd.Period, value: float, text: str, colour: str, up: int) -> None:
    axes.annotate(text, (month.to_timestamp(), value), (-4, up), textcoords="offset points", ha="right", color=colour)


if __name__ == "__main__":
    for name, svg in all_figures().items():
        (Path(sys.argv[1]) / f"{name}.svg").write_text(svg, encoding="utf-8")

"""A study → the charts of its pages, each titled with what it shows."""

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from bn_analysis.cleaning.calendars.tet import tet_day
from bn_analysis.cleaning.language.classification import MEASURES
from bn_analysis.cycle import TurningPoints
from bn_analysis.report.elements.chart import (
    BAND,
    GRID,
    INK,
    MUTED,
    PALE,
    PAPER,
    SECOND,
    SHADES,
    STRONG,
    TINT,
    Chart,
    Width,
    chart,
    month_axis,
    number_axis,
)  # fmt: skip
from bn_analysis.report.language.formats import Language, short_month
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_key
from bn_analysis.report.pages.leadership.context import events
from bn_analysis.report.pages.months_ahead import ahead_text, fan_of, open_fan, widening, with_ahead
from bn_analysis.seasonal import SeasonalAdjustment
from bn_analysis.study.facts import known_how, month_on_month_sd
from bn_analysis.study.study import Study

CLOSED = 6
"""Months before the first shown one that a chart leaves out when nothing but interpolation stands there."""
UNSETTLED = 3
"""Last months of a trend, drawn dotted: each new month still moves them visibly."""


def verdict_chart(study: Study, language: Language, *, title: str = "", adjusted_label: str = "") -> Chart:
    """Index as it is, adjusted with its band, and trend; trough and judged month marked, Tết months tinted.

    Title and name of the adjusted line are the report's own where none are given.
    """
    adjusted, band = _adjusted(study), _band(study.draws)
    shown = _shown(study)
    data = pd.DataFrame(
        {
            say("chart.index", language): study.estimate.to_frame()["index"],
            adjusted_label or say("chart.adjusted", language): adjusted["seasonally_adjusted"],
            say("chart.low80", language): band["low"],
            say("chart.high80", language): band["high"],
            say("chart.trend", language): adjusted["trend"],
        }
    ).loc[shown]
    fan = fan_of(study)
    every = shown.append(pd.PeriodIndex([*study.ahead.index, *fan.index], freq="M"))
    trough = study.verdict.trough
    marked = events(study, shown[0], shown[-1])

    def draw(axes: Axes, width: Width) -> None:
        index, line, low, high, trend = (data.iloc[:, i] for i in range(5))
        _tint_tet(axes, shown)
        axes.fill_between(shown.asi8, low, high, color=BAND, linewidth=0, zorder=1)
        axes.plot(shown.asi8, index, color=PALE, linewidth=0.9, zorder=2)
        axes.plot(shown.asi8, line, color=STRONG, linewidth=1.2, zorder=3)
        _trend(axes, trend)
        widening(axes, study.ahead, "adjusted")
        open_fan(axes, fan, table.loc[fan.index[:1] - 1].iloc[:, 1:4])
        if trough is not None and trough in shown:
            _mark(axes, trough, f"{say('chart.trough', language)} {short_month(trough, language)}", SECOND)
        if study.at != shown[-1]:
            _mark(axes, study.at, say("chart.judged", language), MUTED)
        for number_, first in enumerate(marked["first"], 1):
            _flag(axes, max(first, shown[0]), number_)
        _label_lines(axes, width, {data.columns[4]: INK, data.columns[1]: STRONG, data.columns[0]: PALE})
        axes.set_title(say("chart.axis", language, base=study.estimate.base), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, every, language, width)
        number_axis(axes, language)

    description = say(
        "chart.verdict_description", language, trough=trough, last=shown[-1],
        level=float(adjusted["seasonally_adjusted"].iloc[-1]), base=study.estimate.base,
    )  # fmt: skip
    further = [*ahead_text(study, language), *([] if fan.empty else [say("chart.fan", language, months=len(fan))])]
    note = " ".join([say("chart.tet_tint", language), *further, *_event_texts(marked, language)])
    table = with_ahead(data, study.ahead, (None, "adjusted", "adjusted_low80", "adjusted_high80", None), language)
    table = with_ahead(table, fan, (None, "middle", "low", "high", None), language, "status.fan")
    return chart(
        draw, title or verdict_title(study, language), description, table, language, note, _names(study, data.columns)
    )


def _names(study: Study, columns: pd.Index) -> dict[str, str]:
    """Names of the levels that stand in the data of several charts: index, adjusted, its band, trend, in this order."""
    code = study.parameters.territory
    kinds = ("index", "adjusted", "adjusted low", "adjusted high", "trend")
    return {str(column): f"{kind} {code}" for column, kind in zip(columns, kinds, strict=False)}


def _event_texts(marked: pd.DataFrame, language: Language) -> list[str]:
    rows = marked.itertuples()
    return [
        say("chart.event", language, number=i, month=row.first, label=getattr(row, f"label_{language}")) + "."
        for i, row in enumerate(rows, 1)
    ]


def _flag(axes: Axes, month: pd.Period, number_: int) -> None:
    """A numbered mark of an event at the head of the drawing; the note below names it."""
    axes.annotate(
        f"({number_})", (month.ordinal, 1), xycoords=("data", "axes fraction"), xytext=(0, -9),
        textcoords="offset points", ha="center", fontsize=7.5, color=MUTED,
    )  # fmt: skip


def verdict_title(study: Study, language: Language) -> str:
    """The finding that the verdict chart shows, in one sentence."""
    verdict = study.verdict
    key = phase_key(verdict.phase, verdict.probability)
    if verdict.phase == "expansion" and verdict.trough is None:
        key = "no_fall"
    if verdict.phase == "contraction" and verdict.peak is None:
        key = "not_enough_data"
    facts = {
        "territory": study.parameters.territory, "at": study.at, "trough": verdict.trough, "peak": verdict.peak,
        "rise": verdict.rise and verdict.rise.middle, "of_peak": verdict.of_peak and verdict.of_peak.middle,
    }  # fmt: skip
    return say(f"chart.verdict_title.{key}", language, **facts)


def index_chart(study: Study, language: Language, *, title: str = "") -> Chart:
    """The index with its 80 % band over its whole span; months without any figure of their own are drawn hollow.

    The title is the report's own where none is given.
    """
    frame = study.estimate.to_frame()
    status = [say(f"status.{code}", language) for code in known_how(study)]
    data = pd.DataFrame(
        {
            say("chart.index", language): frame["index"],
            say("chart.low80", language): frame["low80"],
            say("chart.high80", language): frame["high80"],
            say("chart.status", language): status,
        }
    )
    months = pd.PeriodIndex(frame.index)

    def draw(axes: Axes, width: Width) -> None:
        axes.fill_between(months.asi8, frame["low80"], frame["high80"], color=BAND, linewidth=0)
        axes.plot(months.asi8, frame["index"], color=STRONG, linewidth=1)
        for code, colour in (("observed", STRONG), ("bracketed", PAPER), ("interpolated", PAPER)):
            rows = frame[frame["status"] == code]
            axes.plot(
                rows.index.asi8, rows["index"], "o", color=colour, markeredgecolor=STRONG, markersize=2.6,
                markeredgewidth=0.6,
            )  # fmt: skip
        widening(axes, study.ahead, "index")
        axes.set_title(say("chart.axis", language, base=study.estimate.base), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months.append(pd.PeriodIndex(study.ahead.index)), language, width)
        number_axis(axes, language)

    facts = {"territory": study.parameters.territory, "figures": study.estimate.n_figures}
    title = title or say("chart.index_title", language, **facts)
    description = say("chart.index_description", language, last=months[-1], level=float(frame["index"].iloc[-1]))
    table = with_ahead(data, study.ahead, ("index", "low80", "high80"), language)
    note = " ".join(ahead_text(study, language))
    return chart(draw, title, description, table, language, note, _names(study, data.columns[:1]))


def coverage_chart(study: Study, language: Language) -> Chart:
    """How many figures each month has: a heat map of years and months, the data by measure below."""
    counts = study.rates.groupby(["period", "measure"]).size().unstack(fill_value=0)
    counts.index = pd.PeriodIndex(counts.index, freq="M")
    months = pd.period_range(counts.index.min(), counts.index.max(), freq="M")
    counts = counts.reindex(months, fill_value=0)
    data = counts[[measure for measure in MEASURES if measure in counts]]
    data = data.rename(columns=lambda measure: say(f"measure.{measure}", language))
    data.index.name = say("chart.month", language)
    by_year = pd.DataFrame({"year": months.year, "month": months.month, "figures": counts.sum(axis=1).to_numpy()})
    grid = by_year.pivot(index="year", columns="month", values="figures").reindex(columns=range(1, 13))

    def draw(axes: Axes, width: Width) -> None:
        import seaborn as sns  # half a second, for one chart of one page

        steps = BoundaryNorm([0, 1, 2, 4, max(5, grid.max().max() + 1)], 4)
        sns.heatmap(
            grid, ax=axes, cmap=ListedColormap([PAPER, *SHADES]), norm=steps, cbar=False, annot=True, fmt=".0f",
            linewidths=0.4, linecolor=GRID, annot_kws={"fontsize": 7, "color": INK},
        )  # fmt: skip
        axes.grid(visible=False)
        axes.set(xlabel="", ylabel="")
        axes.set_title(say("chart.coverage_axis", language), loc="left", fontsize=8, color=MUTED)
        axes.tick_params(rotation=0)
        for count in axes.texts:  # inside their cells: the layout need not measure 200 of them
            count.set_in_layout(False)

    observed = int((counts.sum(axis=1) > 0).sum())
    title = say("chart.coverage_title", language, observed=observed, months=len(months))
    return chart(draw, title, say("chart.coverage_description", language), data, language)


def adjusted_chart(study: Study, language: Language) -> Chart:
    """Original, adjusted and trend over the whole span: what the adjustment took out."""
    frame = study.adjustment.to_frame()
    sd = {"before": month_on_month_sd(frame["value"]), "after": month_on_month_sd(frame["seasonally_adjusted"])}
    drawn = adjustment_chart(
        study.adjustment, study.draws, language, title=say("chart.adjusted_title", language, **sd),
        axis=say("chart.axis", language, base=study.estimate.base),
    )  # fmt: skip
    return replace(drawn, names=_names(study, drawn.data.columns))


def adjustment_chart(
    adjustment: SeasonalAdjustment,
    draws: pd.DataFrame,
    language: Language,
    *,
    title: str,
    axis: str,
    turns: TurningPoints | None = None,
) -> Chart:
    """The lines of any adjustment with the band of its draws; peaks and troughs are marked where they are given."""
    frame, band = adjustment.to_frame(), _band(draws)
    months = pd.PeriodIndex(frame.index)
    data = pd.DataFrame(
        {
            say("chart.index", language): frame["value"],
            say("chart.adjusted", language): frame["seasonally_adjusted"],
            say("chart.low80", language): band["low"],
            say("chart.high80", language): band["high"],
            say("chart.trend", language): frame["trend"],
        }
    )
    data.index.name = say("chart.month", language)

    def draw(axes: Axes, width: Width) -> None:
        axes.fill_between(months.asi8, band["low"], band["high"], color=BAND, linewidth=0)
        axes.plot(months.asi8, frame["value"], color=PALE, linewidth=0.8)
        axes.plot(months.asi8, frame["seasonally_adjusted"], color=STRONG, linewidth=1.2)
        _trend(axes, frame["trend"])
        for turn in turns or ():
            mark, level = "v" if turn.type == "peak" else "^", frame.loc[turn.period, "seasonally_adjusted"]
            axes.plot(turn.period.ordinal, level, mark, color=SECOND, markersize=7, zorder=5)
        _label_lines(axes, width, {data.columns[4]: INK, data.columns[1]: STRONG, data.columns[0]: PALE})
        axes.set_title(axis, loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        number_axis(axes, language)

    note = say("chart.turns", language) if turns else ""
    return chart(draw, title, say("chart.adjusted_description", language), data, language, note)


def _adjusted(study: Study) -> pd.DataFrame:
    return study.adjustment.to_frame()


def _band(draws: pd.DataFrame) -> pd.DataFrame:
    """80 % band of each month from its draws."""
    low, high = np.quantile(draws.to_numpy(), [0.1, 0.9], axis=1)
    return pd.DataFrame({"low": low, "high": high}, index=draws.index)


def _shown(study: Study) -> pd.PeriodIndex:
    """Months of the verdict chart: from shortly before the fall, four years at least, to the last month."""
    months = pd.PeriodIndex(study.draws.index)
    start = study.at - 48
    if study.verdict.peak is not None:
        start = min(start, study.verdict.peak - CLOSED)
    return months[months >= max(start, months[0])]


def _trend(axes: Axes, trend: pd.Series) -> None:
    months = pd.PeriodIndex(trend.index).asi8
    axes.plot(months[:-UNSETTLED], trend.iloc[:-UNSETTLED], color=INK, linewidth=2, zorder=4)
    axes.plot(months[-UNSETTLED - 1 :], trend.iloc[-UNSETTLED - 1 :], ":", color=INK, linewidth=2, zorder=4)


def _tint_tet(axes: Axes, months: pd.PeriodIndex) -> None:
    for year in sorted(set(months.year)):
        month = pd.Period(tet_day(year), freq="M")
        if month in months:
            axes.axvspan(month.ordinal - 0.5, month.ordinal + 0.5, color=TINT, linewidth=0, zorder=0)


def _mark(axes: Axes, month: pd.Period, label: str, colour: str) -> None:
    axes.axvline(month.ordinal, color=colour, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate(
        label, (month.ordinal, 0.0), xycoords=("data", "axes fraction"), xytext=(3, 4), textcoords="offset points",
        color=colour, fontsize=8,
    )  # fmt: skip


def _label_lines(axes: Axes, width: Width, colours: dict[str, str]) -> None:
    """Names of the lines in their colours above the drawing, in place of a legend box."""
    step = 0.0
    for text, colour in colours.items():
        axes.annotate(
            "— " + text, (1.0, 1.0), xycoords="axes fraction", xytext=(0, 4 + step), textcoords="offset points",
            ha="right", va="bottom", color=colour, fontsize=8 if width == "wide" else 7.5, fontweight="bold",
        )  # fmt: skip
        step += 10

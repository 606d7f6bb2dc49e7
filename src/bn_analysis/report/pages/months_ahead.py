"""Months not yet printed, and simulated ones → bands, words and rows behind those of a chart."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from bn_analysis.cleaning.language.classification import territory
from bn_analysis.report.elements.chart import BAND, PALE, STRONG
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.study.study import Study


def widening(axes: Axes, ahead: pd.DataFrame, name: str) -> None:
    """Months not yet printed: a hatched band that widens around a dotted line, like nothing that was observed."""
    if ahead.empty:
        return
    months = pd.PeriodIndex(ahead.index).asi8
    low, high = ("low80", "high80") if name == "index" else (f"{name}_low80", f"{name}_high80")
    axes.fill_between(months, ahead[low], ahead[high], facecolor="none", edgecolor=PALE, hatch="////", linewidth=0.6)
    axes.plot(months, ahead[name], ":", color=STRONG, linewidth=1.1)


def fan_of(study: Study) -> pd.DataFrame:
    """Simulated months after those that are known in part: columns middle, low, high; none for one that ended."""
    months = study.verdict.fan if territory(study.parameters.territory).valid_to is None else {}
    rows = [(level.middle, level.low, level.high) for level in months.values()]
    frame = pd.DataFrame(rows, pd.PeriodIndex(list(months), freq="M"), ["middle", "low", "high"], dtype=float)
    return frame.loc[study.ahead.index[-1] + 1 :] if len(study.ahead) else frame


def open_fan(axes: Axes, fan: pd.DataFrame, month_before: pd.DataFrame) -> None:
    """The simulated months as an area that opens from the month before them (middle, low, high)."""
    if fan.empty:
        return
    opened = pd.concat([month_before.set_axis(fan.columns, axis=1), fan])
    months = pd.PeriodIndex(opened.index).asi8
    axes.fill_between(months, opened["low"], opened["high"], color=BAND, alpha=0.5, linewidth=0)
    axes.plot(months, opened["middle"], ":", color=STRONG, linewidth=1.1)


def ahead_text(study: Study, language: Language) -> list[str]:
    """That the hatched months are not printed and count for nothing; none where there are none."""
    if study.ahead.empty:
        return []
    return [say("chart.ahead", language, first=study.ahead.index[0], last=study.ahead.index[-1], at=study.at)]


def with_ahead(
    data: pd.DataFrame,
    ahead: pd.DataFrame,
    columns: tuple[str | None, ...],
    language: Language,
    marked: str = "status.ahead",
) -> pd.DataFrame:
    """The table behind a chart with months ahead below, marked in a column of their own."""
    if not ahead.empty:
        rows = pd.DataFrame(
            {
                name: np.nan if column is None else ahead[column]
                for name, column in zip(data.columns, columns, strict=False)
            },
            index=ahead.index,
        )
        status = say("chart.status", language)
        rows[status] = say(marked, language)
        data = pd.concat([data if status in data else data.assign(**{status: ""}), rows])
    data.index.name = say("chart.month", language)
    return data

"""The office's own level index → where it parts from its printed rates, as a finding on the page of the figures."""

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from bn_analysis.cleaning.language.classification import COUNTRY, TOTAL
from bn_analysis.cleaning.official_tables import read_levels
from bn_analysis.report.elements.chart import (
    LINE_HEIGHT,
    MUTED,
    PALE,
    SECOND,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    number_axis,
)
from bn_analysis.report.elements.part import Part, paragraph
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.study.study import Study

SETTLED = "2024-01"
"""First month from which levels and rates lie near each other again."""


def comparison(study: Study) -> tuple[str, pd.DataFrame]:
    """Vintage of the newest levels known, and the change on a year earlier by them, by our index and as printed.

    Returns
    -------
    vintage : str
        "" where no levels were known on the study's day, or the study is not of the country.
    pandas.DataFrame
        Columns theirs, ours, printed, in per cent, by month.
    """
    levels = read_levels(study.settings.raw)
    levels = levels[levels["industry"] == TOTAL]
    if study.parameters.as_of:
        levels = levels[levels["vintage"] <= study.parameters.as_of]
    if study.parameters.territory != COUNTRY or levels.empty:
        return "", pd.DataFrame()
    vintage = str(levels["vintage"].max())
    newest = levels[levels["vintage"] == vintage].set_index("period")["level"]
    newest.index = pd.PeriodIndex(newest.index, freq="M")
    yoy = study.own[study.own["measure"] == "yoy"].sort_values("release_date").groupby("period")["value_pct"].last()
    yoy.index = pd.PeriodIndex(yoy.index, freq="M")
    frame = pd.DataFrame(
        {
            "theirs": 100 * newest.sort_index().pct_change(12),
            "ours": study.estimate.implied("yoy")["value_pct"],
            "printed": yoy,
        }
    )
    return vintage, frame.dropna(subset=["theirs", "ours"])


def beside_ours(study: Study, language: Language) -> Part:
    """The finding in words with a chart of both; nothing for a province."""
    vintage, frame = comparison(study)
    if frame.empty:
        return Part("")
    gap = frame["theirs"] - frame["ours"]
    yearly = (frame["theirs"] - frame["printed"]).groupby(pd.PeriodIndex(frame.index).year).mean()
    worst = gap.abs().idxmax()
    late = gap.loc[SETTLED:]
    facts = {
        "vintage": vintage, "worst": worst, "theirs": float(frame.at[worst, "theirs"]),
        "ours": float(frame.at[worst, "ours"]), "low_year": int(yearly.idxmin()), "low": float(yearly.min()),
        "high_year": int(yearly.idxmax()), "high": float(yearly.max()), "since": SETTLED,
        "late": float(late.abs().max()) if len(late) else 0.0,
    }  # fmt: skip
    title = Part(str(Markup("<h3>{}</h3>").format(say("levels.title", language))))
    drawn = _chart(frame, language)
    return title + paragraph([say("levels.finding", language, **facts)]) + Part(drawn.html, drawn.data)


def _chart(frame: pd.DataFrame, language: Language) -> Chart:
    months = pd.PeriodIndex(frame.index)
    data = frame.rename(columns={name: say(f"levels.{name}", language) for name in frame})
    data.index.name = say("chart.month", language)

    def draw(axes: Axes, width: Width) -> None:
        axes.axhline(0, color=MUTED, linewidth=0.8)
        for step, (name, colour) in enumerate((("ours", STRONG), ("theirs", SECOND), ("printed", PALE))):
            axes.plot(months.asi8, frame[name], color=colour, linewidth=1.3)
            axes.annotate(
                "— " + say(f"levels.{name}", language), (1.0, 1.0), (0, 4 + LINE_HEIGHT * step),
                xycoords="axes fraction", textcoords="offset points", ha="right", va="bottom", color=colour, fontsize=8,
            )  # fmt: skip
        axes.set_title(say("levels.axis", language), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        number_axis(axes, language)

    return chart(
        draw, say("levels.chart", language), say("levels.description", language, last=months[-1]), data, language
    )

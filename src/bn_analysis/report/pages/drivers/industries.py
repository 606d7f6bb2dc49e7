"""Industries → the pieces of page 05: how many rise, which carry the total, how early breadth turned."""

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from bn_analysis.cleaning.language.classification import PRESENT, industry_name
from bn_analysis.report.elements.chart import (
    MUTED,
    SECOND,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    name_lines,
    number_axis,
)
from bn_analysis.report.elements.heatmap import heat_map
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, short_month
from bn_analysis.report.language.sentences import say
from bn_analysis.study.industries import ELECTRONICS, SECTIONS, Industries, published, turns
from bn_analysis.study.study import Study, country

HEAT_MONTHS = 13
FRONT_MONTHS = 6
SHOWN_YEARS = 6
LEADERS = 5
BAC_NINH = ("BN", PRESENT)
"""The territories whose pages call electronics the industry that decides."""


def country_heading(study: Study, industries: Industries, language: Language) -> Part:
    """On a province's page the heading of what is the country's, with its own month; on the country's page nothing."""
    if study.beside is None:
        return Part("")
    title = say("industries.country", language, month=industries.growth.index[-1])
    return Part(str(Markup("<h3>{}</h3>").format(title)))


def summary(study: Study, industries: Industries, language: Language) -> Part:
    """How many industries of the country grow, and how the electronics industry does beside them."""
    growth, month = industries.growth.iloc[-1].dropna(), industries.growth.index[-1]
    facts = {
        "up": int((growth > 0).sum()),
        "all": len(growth),
        "month": month,
        "share": 100 * float(industries.breadth.iloc[-1]),
        "before": 100 * float(industries.breadth.iloc[-13]),
    }
    sentences = [say("industries.summary", language, **facts)]
    if month < industries.yoy.index[-1]:
        sentences.append(say("industries.full_until", language, month=month, last=industries.yoy.index[-1]))
    if ELECTRONICS in growth:
        change, median = float(growth[ELECTRONICS]), float(growth.median())
        decides = study.parameters.territory in BAC_NINH
        sentences.append(say("industries.electronics", language, change=change, median=median, decides=decides))
    return paragraph(sentences)


def breadth_chart(study: Study, industries: Industries, language: Language) -> Chart:
    """Share of the country's industries whose adjusted production grew over three months."""
    breadth = (100 * industries.breadth).iloc[-12 * SHOWN_YEARS :]
    data = breadth.rename(say("industries.share", language)).to_frame()
    data.index.name = say("chart.month", language)
    months = pd.PeriodIndex(breadth.index)
    last, low = breadth.index[-1], breadth.idxmin()

    def draw(axes: Axes, width: Width) -> None:
        axes.axhline(50, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.fill_between(
            months.asi8, 50, breadth, where=breadth >= 50, interpolate=True, color=STRONG, alpha=0.25, linewidth=0
        )
        axes.fill_between(
            months.asi8, 50, breadth, where=breadth < 50, interpolate=True, color=SECOND, alpha=0.25, linewidth=0
        )
        axes.plot(months.asi8, breadth, color=STRONG, linewidth=1.3)
        axes.set_ylim(0, 100)
        axes.set_title(say("industries.share_axis", language), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        number_axis(axes, language)

    facts = {"last": last, "share": float(breadth.iloc[-1]), "low": low, "lowest": float(breadth.min())}
    title = say("industries.breadth_title", language, **facts)
    return chart(draw, title, say("industries.breadth_description", language, **facts), data, language)


def heat_yoy(study: Study, industries: Industries, language: Language) -> Part:
    """Published changes on a year earlier, industry by industry."""
    frame = industries.yoy[[code for code in industries.index]].iloc[-HEAT_MONTHS:]
    return _heat(frame, language, "industries.heat_yoy")


def heat_growth(study: Study, industries: Industries, language: Language) -> Part:
    """Adjusted three-month growth, industry by industry."""
    return _heat(industries.growth.iloc[-HEAT_MONTHS:], language, "industries.heat_growth")


def _heat(frame: pd.DataFrame, language: Language, caption: str) -> Part:
    names = {code: _name(code, language) for code in frame}
    heading = say("industries.industry", language)
    return Part(heat_map(frame, names, language, caption=say(caption, language), heading=heading), frame)


def leaders(study: Study, industries: Industries, language: Language) -> Part:
    """The industries that grow most and least over three months, with their change on a year earlier."""
    month = industries.growth.index[-1]
    growth = industries.growth.loc[month].dropna().sort_values(ascending=False)
    codes = [*growth.index[:LEADERS], *growth.index[-LEADERS:]] if len(growth) > 2 * LEADERS else list(growth.index)
    frame = pd.DataFrame(
        {
            say("industries.industry", language): [_name(code, language) for code in codes],
            say("industries.growth", language): [float(growth[code]) for code in codes],
            say("industries.yoy", language): [float(industries.yoy.at[month, code]) for code in codes],
        }
    )
    return tabled(frame, language, caption=say("industries.leaders", language), index=False)


def contributions(study: Study, industries: Industries, language: Language) -> Part:
    """Weight of each section and what it added to the total's change on a year earlier."""
    parts = industries.contributions
    if parts.empty:
        return paragraph([say("industries.no_weights", language)])
    last = parts.iloc[-1]
    frame = pd.DataFrame(
        {
            say("industries.section", language): [industry_name(code, language) for code in SECTIONS],
            say("industries.weight", language): [100 * industries.weights.at[code, "weight"] for code in SECTIONS],
            say("industries.weight_low", language): [100 * industries.weights.at[code, "low80"] for code in SECTIONS],
            say("industries.weight_high", language): [100 * industries.weights.at[code, "high80"] for code in SECTIONS],
            say("industries.points", language): [float(last[code]) for code in SECTIONS],
        }
    )
    month = parts.index[-1]
    caption = say("industries.contributions", language, month=month, total=float(last["total"]))
    return tabled(frame, language, caption=caption, index=False)


def on_front(study: Study, industries: Industries, language: Language) -> Part:
    """What the leadership page shows of the industries: a province's own as printed, for the country the extremes."""
    if study.beside is None:
        return leaders(study, industries, language)
    return _printed(study, "ytd", FRONT_MONTHS, language) or paragraph([say("industries.published_none", language)])


def turns_table(study: Study, industries: Industries, language: Language) -> Part:
    """For each trough of the country's total, when breadth turned."""
    total = country(study)
    found = turns(industries, total.adjustment.seasonally_adjusted, total.verdict.trough)
    frame = pd.DataFrame(
        {
            say("industries.total_trough", language): [short_month(turn.trough, language) for turn in found],
            say("industries.breadth_turn", language): [turn.low and short_month(turn.low, language) for turn in found],
            say("industries.lead", language): [turn.lead for turn in found],
            say("industries.weakest", language): [
                turn.weakest and short_month(turn.weakest, language) for turn in found
            ],
        },
        dtype=object,
    )
    return tabled(frame, language, caption=say("industries.turns", language), index=False)


def electronics_chart(study: Study, industries: Industries, language: Language) -> Chart | Part:
    """Adjusted electronics production beside manufacturing as a whole."""
    if not {ELECTRONICS, "C"} <= set(industries.adjusted):
        return Part("")
    pair = industries.adjusted[[ELECTRONICS, "C"]].dropna().iloc[-12 * SHOWN_YEARS :]
    pair = 100 * pair / pair.iloc[:12].mean()
    names = [industry_name(code, language) for code in pair]
    data = pair.set_axis(names, axis=1)
    data.index.name = say("chart.month", language)
    months = pd.PeriodIndex(pair.index)

    def draw(axes: Axes, width: Width) -> None:
        ends = []
        for code, colour in ((ELECTRONICS, SECOND), ("C", STRONG)):
            axes.plot(months.asi8, pair[code], color=colour, linewidth=1.3)
            label = say(f"industries.line.{code}", language)
            ends.append((label, months[-1].ordinal, float(pair[code].iloc[-1]), colour))
        name_lines(axes, ends, width)
        axes.set_title(say("industries.line_axis", language, first=months[0]), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        axes.set_xlim(right=months[-1].ordinal + len(months) * (0.16 if width == "wide" else 0.34))
        number_axis(axes, language)

    change = {code: float(pair[code].iloc[-1] / pair[code].iloc[-13] * 100 - 100) for code in pair}
    facts = {"electronics": change[ELECTRONICS], "manufacturing": change["C"], "last": months[-1]}
    title = say("industries.electronics_title", language, **facts)
    return chart(draw, title, say("industries.electronics_description", language, **facts), data, language)


def published_heat(study: Study, industries: Industries, language: Language) -> Part:
    """The territory's own industries as printed: all of the country's, a province's only where it printed any."""
    if study.beside is None:
        return heat_yoy(study, industries, language)
    parts = [part for measure in ("ytd", "yoy") if (part := _printed(study, measure, HEAT_MONTHS, language))]
    return sum(parts[1:], parts[0]) if parts else paragraph([say("industries.published_none", language)])


def _printed(study: Study, measure: str, months: int, language: Language) -> Part | None:
    """The newest months in which any division was printed."""
    frame = published(study, measure).loc[: study.at]
    parts = [code for code in frame if code != "TOTAL"]
    frame = frame.loc[frame[parts].notna().any(axis=1)].iloc[-months:].dropna(axis=1, how="all")
    if frame.empty:
        return None
    order = [code for code in ("TOTAL", *parts) if code in frame]
    names = {code: industry_name(code, language) if code == "TOTAL" else _name(code, language) for code in order}
    caption, heading = say(f"industries.published_{measure}", language), say("industries.industry", language)
    html = heat_map(frame[order], names, language, caption=caption, heading=heading)
    return Part(html, frame[order])


def _name(code: str, language: Language) -> str:
    return f"{code} {industry_name(code, language)}"

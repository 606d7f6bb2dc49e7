"""Labour → the pieces about jobs on page 05: beside the country, among all provinces, before or after production."""

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.report.elements.chart import (
    MUTED,
    PALE,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    name_lines,
    number_axis,
)
from bn_analysis.report.elements.heatmap import sparkline
from bn_analysis.report.elements.part import Part, paragraph
from bn_analysis.report.language.formats import Language, percent, short_month
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.study.labour import Labour, link, open_labour
from bn_analysis.study.study import Study

SPARK_MONTHS = 36
SPARK_SCALE = (-25.0, 25.0)
"""Ends of the common scale of the small multiples, per cent; what lies beyond is cut off there."""


def labour_summary(study: Study, labour: Labour | None, language: Language) -> Part:
    """The last labour figure beside the country's, its rank, and what the comparison with production says."""
    if labour is None:
        return paragraph([say("labour.none", language, territory=study.parameters.territory)])
    code = labour.territory
    own = labour.yoy[code].dropna()
    month = pd.PeriodIndex(own.index)[-1]
    sentences = [
        say(
            "labour.last", language, territory=code, month=month, own=float(own.iloc[-1]),
            country=float(labour.yoy.at[month, COUNTRY]),
        )
    ]  # fmt: skip
    if code != COUNTRY:
        sentences.append(say("labour.rank", language, **_rank(labour, month)))
    found = link(labour, study)
    if found is not None:
        key = "follows" if found.lag > 0 else "leads" if found.lag < 0 else "together"
        facts = {"lag": abs(found.lag), "correlation": found.correlation, "months": found.months}
        sentences.append(say(f"labour.{key}", language, **facts))
    if labour.turns is not None and labour.turns.points:
        last = labour.turns.points[-1]
        sentences.append(say(f"labour.turn_{last.type}", language, month=last.period))
    return paragraph(sentences)


def labour_chart(study: Study, labour: Labour | None, language: Language) -> Chart | Part:
    """Published change of labour on a year earlier, the territory beside the country."""
    if labour is None:
        return Part("")
    code = labour.territory
    codes = [code] if code == COUNTRY else [code, COUNTRY]
    data = labour.yoy[codes].rename(columns=lambda each: territory_name(each, language))
    data.index.name = say("chart.month", language)
    months = pd.PeriodIndex(data.index)

    def draw(axes: Axes, width: Width) -> None:
        axes.axhline(0, color=MUTED, linewidth=0.8)
        ends = []
        for each, colour in zip(codes, (STRONG, PALE), strict=False):
            line = labour.yoy[each]
            axes.plot(months.asi8, line, color=colour, linewidth=1.4 if each == code else 1.1)
            alone = line.notna() & line.shift().isna() & line.shift(-1).isna()  # a line needs two months
            axes.plot(months.asi8[alone], line[alone], "o", color=colour, markersize=2.5)
            last = line.dropna()
            end = pd.PeriodIndex(last.index)[-1].ordinal
            ends.append((territory_name(each, language), end, float(last.iloc[-1]), colour))
        axes.set_title(say("labour.axis", language), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        axes.set_xlim(right=months[-1].ordinal + len(months) * (0.12 if width == "wide" else 0.26))
        number_axis(axes, language)
        name_lines(axes, ends, width)

    own = labour.yoy[code].dropna()
    last = pd.PeriodIndex(own.index)[-1]
    facts = {"territory": code, "since": _since(own), "last": last, "now": float(own.iloc[-1]), **_rank(labour, last)}
    title = say("labour.title", language, **facts)
    return chart(draw, title, say("labour.description", language, **facts), data, language)


def _since(own: pd.Series) -> pd.Period:
    """First of the last months on record that all moved the same way."""
    other = own[(own < 0) != (own.iloc[-1] < 0)]
    return pd.PeriodIndex(own.loc[own.index > other.index[-1]].index if len(other) else own.index)[0]


def _rank(labour: Labour, month: pd.Period) -> dict[str, int]:
    """Place among all provinces with a figure, the fastest first, and how many these are; zeros for the country."""
    if labour.territory == COUNTRY:
        return {"place": 0, "all": 0}
    ranks = labour.ranks(month)
    return {"place": int(pd.Index(ranks.index).get_loc(labour.territory)) + 1, "all": len(ranks)}


def provinces(study: Study, labour: Labour | None, language: Language) -> Part:
    """Every province as a small line on one scale, the territory itself first and framed, then the fastest first."""
    if labour is None:
        return Part("")
    printed = labour.yoy.drop(columns=COUNTRY).dropna(how="all")  # the press prints the country alone
    month = pd.PeriodIndex(printed.index)[-1]
    marked = {labour.territory, *study.parts}
    shown = labour.yoy.loc[: str(month)].iloc[-SPARK_MONTHS:]
    ranks = labour.ranks(month)
    own_first = sorted(ranks.index, key=lambda code: code not in marked)  # the rest keep their order
    cells = Markup("").join(_small(shown[code], code, ranks[code], code in marked, language) for code in own_first)
    intro = say(
        "labour.provinces", language, month=month, first=shown.index[0], low=SPARK_SCALE[0], high=SPARK_SCALE[1]
    )
    return paragraph([intro]) + Part(str(Markup('<ol class="multiples">{}</ol>').format(cells)), shown)


def _small(values: pd.Series, code: str, change: float, own: bool, language: Language) -> Markup:
    name = territory_name(code, language)
    label = say("labour.spark", language, name=name, change=change)
    return Markup('<li{}><span class="name">{}</span> <span>{}</span>{}</li>').format(
        Markup(' class="own"') if own else "",
        name,
        percent(change, language, signed=True),
        sparkline(values, label, low=SPARK_SCALE[0], high=SPARK_SCALE[1]),
    )


def labour_turns(study: Study, labour: Labour | None, language: Language) -> Part:
    """Turning points of labour beside those of production."""
    if labour is None or labour.turns is None:
        return Part("")
    items = [
        say(f"labour.point_{point.type}", language, month=short_month(point.period, language))
        for point in labour.turns.points
    ]
    if not items:
        return paragraph([say("labour.no_turns", language)])
    return paragraph([say("labour.turns", language, turns="; ".join(items))])


def parts_summary(study: Study, language: Language) -> Part:
    """The sentences of `labour_summary` for each territory that this one was made of."""
    found = [open_labour(study, code) for code in study.parts]
    said = [labour_summary(study, labour, language) for labour in found if labour is not None]
    return sum(said, Part(""))


def of_parts(study: Study, language: Language) -> Part:
    """Labour of each territory that this one was made of, under its own name; nothing for other territories."""
    found = [labour for labour in (open_labour(study, code) for code in study.parts) if labour is not None]
    shown = Part("")
    for labour in found:
        title = Part(str(Markup("<h3>{}</h3>").format(territory_name(labour.territory, language))))
        drawn = labour_chart(study, labour, language)
        chart_ = drawn if isinstance(drawn, Part) else Part(drawn.html, drawn.data)
        shown = shown + title + labour_summary(study, labour, language) + chart_ + labour_turns(study, labour, language)
    return shown + provinces(study, found[0], language) if found else shown

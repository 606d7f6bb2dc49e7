"""A study of a territory made of others → what it is made of, how large each part is and which part moved it."""

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from bn_analysis.index import Composition
from bn_analysis.report.elements.chart import (
    BAND,
    MUTED,
    PALE,
    SECOND,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    name_lines,
    number_axis,
)
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, number
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.study.study import Study

SHOWN_MONTHS = 24


def summary(study: Study, language: Language) -> Part:
    """What is known from the parts and what from the whole, and what would settle it; nothing for other territories."""
    made_of = study.estimate.made_of
    if made_of is None:
        return Part("")
    frame, first = study.estimate.to_frame(), study.own["period"].min()
    observed = frame.index[frame["status"] == "observed"]
    part = next(iter(made_of.parts))
    row = 100 * made_of.weights.loc[part]
    sentences = [
        say("composition.summary", language, territory=study.parameters.territory, first=first, parts=[*made_of.parts]),
        say(
            "composition.weight", language, part=part, year=made_of.weight_period, weight=row["weight"],
            low=row["low80"], high=row["high80"], prior=None if pd.isna(row["prior"]) else row["prior"],
        ),
        say(
            "composition.halves", language, observed=len(observed), first=first,
            before=int((observed < pd.Period(first, freq="M")).sum()),
        ),
        say("composition.settle", language),
    ]  # fmt: skip
    title = Part(str(Markup("<h3>{}</h3>").format(say("composition.title", language))))
    return title + paragraph(sentences)


def weights(study: Study, language: Language) -> Part:
    """Weight of each part with its band beside what output and value added say."""
    made_of = study.estimate.made_of
    if made_of is None:
        return Part("")
    table = 100 * made_of.weights
    frame = pd.DataFrame(
        {
            say("composition.part", language): [territory_name(code, language) for code in table.index],
            say("composition.share", language): table["weight"].to_numpy(),
            say("table.low", language): table["low80"].to_numpy(),
            say("table.high", language): table["high80"].to_numpy(),
            say("composition.prior", language): table["prior"].to_numpy(),
        }
    )
    caption = say("composition.weights", language, year=made_of.weight_period)
    return tabled(frame, language, caption=caption, decimals=0, index=False)


def contributions(study: Study, language: Language) -> Part:
    """Points by which each part moved the change on a year earlier, with bands, newest first."""
    made_of = study.estimate.made_of
    if made_of is None:
        return Part("")
    table = _adding_up(made_of.contributions(), study.implied_yoy).loc[: study.at].dropna().iloc[-SHOWN_MONTHS:][::-1]
    frame = pd.DataFrame(index=table.index)
    frame.index.name = say("table.period", language)
    for code in (*made_of.parts, "total"):
        name = say("composition.total", language) if code == "total" else territory_name(code, language)
        frame[say("composition.points", language, name=name)] = table[code, "points"]
        frame[say("composition.range", language, name=name)] = _range(table[code], language)
    names = {frame.columns[-2]: f"yoy {study.parameters.territory}"}
    caption = say("composition.contributions", language)
    return paragraph([say("composition.after", language)]) + tabled(frame, language, caption=caption, names=names)


def _adding_up(contributions: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    """Contributions whose total is the change that the index implies, and whose parts add up to it.

    Medians of parts do not add up to the median of their sum; what is missing is shared out evenly.
    """
    table = contributions.copy()
    parts = [code for code in table.columns.levels[0] if code != "total"]
    implied = total.reindex(table.index)
    missing = implied["value_pct"] - sum(table[code, "points"] for code in parts)
    for code in parts:
        for column in ("points", "low80", "high80"):
            table[code, column] += missing / len(parts)
    for column, name in (("points", "value_pct"), ("low80", "low80"), ("high80", "high80")):
        table["total", column] = implied[name]
    return table


def _range(columns: pd.DataFrame, language: Language) -> list[str]:
    ends = zip(columns["low80"], columns["high80"], strict=True)
    return [f"{number(low, language, signed=True)} … {number(high, language, signed=True)}" for low, high in ends]


def parts_chart(study: Study, language: Language) -> Chart | Part:
    """The whole and each part as indices on one base; the parts hollow once they have no figures of their own."""
    made_of = study.estimate.made_of
    if made_of is None:
        return Part("")
    lines = _lines(study, made_of)
    months = pd.PeriodIndex(study.estimate.to_frame().index)
    data = pd.DataFrame({territory_name(code, language): line["index"] for code, line in lines.items()})
    data.index.name = say("chart.month", language)

    def draw(axes: Axes, width: Width) -> None:
        ends = []
        for (code, line), colour in zip(lines.items(), (STRONG, SECOND, PALE), strict=False):
            last = made_of.parts.get(code)
            axes.fill_between(months.asi8, line["low80"], line["high80"], color=BAND, alpha=0.45, linewidth=0)
            own = line["index"] if last is None else line["index"].loc[:last]
            axes.plot(pd.PeriodIndex(own.index).asi8, own, color=colour, linewidth=1.5)
            if last is not None:
                guessed = line["index"].loc[last:]
                axes.plot(pd.PeriodIndex(guessed.index).asi8, guessed, ":", color=colour, linewidth=1.1)
            ends.append((territory_name(code, language), months[-1].ordinal, float(line["index"].iloc[-1]), colour))
        name_lines(axes, ends, width)
        axes.set_title(say("chart.axis", language, base=made_of.weight_period), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        axes.set_xlim(right=months[-1].ordinal + len(months) * (0.2 if width == "wide" else 0.45))
        number_axis(axes, language)

    title = say("composition.chart", language, territory=study.parameters.territory, base=made_of.weight_period)
    return chart(draw, title, say("composition.chart_description", language, last=months[-1]), data, language)


def _lines(study: Study, made_of: Composition) -> dict[str, pd.DataFrame]:
    """Index and band of the whole and of each part, their mean over the weights' year = 100."""
    whole = study.estimate.to_frame()[["index", "low80", "high80"]]
    whole = 100 * whole / whole.loc[made_of.weight_period, "index"].mean()
    return {study.parameters.territory: whole, **{code: made_of.part(code) for code in made_of.parts}}

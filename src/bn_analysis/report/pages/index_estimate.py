"""A study → what its index is made of and how sure it is."""

import pandas as pd

from bn_analysis.index import decompose_yoy
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.report.pages.data_review import SHOWN_MONTHS
from bn_analysis.study.facts import chained_mom, year_on_year
from bn_analysis.study.study import Study

SHORTEST_CHAIN = 24
"""Months of unbroken month-on-month figures from which chaining them is worth a warning."""


BASE_MONTHS = 6


def base_effects(study: Study, language: Language) -> Part:
    """Why the change on a year earlier moved in the last months: what happened now, a year ago, and the calendar."""
    frame = decompose_yoy(study.adjustment.table["value"], study.adjustment.seasonally_adjusted)
    frame = frame.loc[: study.at].dropna().iloc[-BASE_MONTHS:][::-1]
    if frame.empty:
        return Part("")
    frame.columns = [say(f"base.{name}", language) for name in frame.columns]
    frame.index.name = say("table.period", language)
    last = frame.index[0]
    return tabled(frame, language, caption=say("base.caption", language, month=last))


def index_summary(study: Study, language: Language) -> Part:
    """What the index rests on, and how far it is from the last published change on a year earlier."""
    index = study.estimate
    sentences = [
        say(
            "index.summary",
            language,
            figures=index.n_figures,
            base=index.base,
            borrowed=index.borrowed_from and index.borrowed_from.split()[0],
            first=index.figures.table["period"].min(),
            last=index.figures.table["period"].max(),
            cut=index.cut_before,
        )
    ]
    printed = study.own[study.own["measure"] == "yoy"].sort_values(["period", "release_date"])
    if len(printed):
        row = printed.iloc[-1]
        implied = year_on_year(study, pd.Period(row["period"], freq="M"))
        if implied is not None:
            facts = {"period": row["period"], "published": row["value_pct"], "implied": implied.middle}
            sentences.append(say("index.yoy_check", language, **facts))
    return paragraph(sentences)


def chaining(study: Study, language: Language) -> Part:
    """What chaining the printed month-on-month changes would have given, beside the estimate."""
    chained = chained_mom(study.own)
    if len(chained) < SHORTEST_CHAIN:
        return Part("")
    index = study.estimate.to_frame()["index"]
    first, last = chained.index[0], chained.index[-1]
    level = float(100 * index[last] / index[first])
    facts = {"chained": float(chained.iloc[-1]), "level": level, "first": first, "last": last}
    return paragraph([say("index.chaining", language, **facts)])


def index_table(study: Study, language: Language) -> Part:
    """The change on a year earlier, printed and implied, month by month, newest first."""
    implied = study.implied_yoy.dropna()
    printed = study.own[study.own["measure"] == "yoy"].sort_values("release_date").groupby("period")["value_pct"].last()
    frame = pd.DataFrame(
        {
            say("table.published", language): [printed.get(str(month)) for month in implied.index],
            say("table.estimated", language): implied["value_pct"],
            say("table.low", language): implied["low80"],
            say("table.high", language): implied["high80"],
        },
        index=implied.index,
    ).iloc[::-1]
    frame.index.name = say("table.period", language)
    frame = frame.astype(float)
    return tabled(frame.head(SHOWN_MONTHS), language, caption=say("table.yoy", language), decimals=2)

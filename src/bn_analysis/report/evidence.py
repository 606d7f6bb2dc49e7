"""A study → the evidence behind its verdict: figures, conflicts, index, adjustment and sources as accessible tables."""

from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup, escape

from bn_analysis.index import decompose_yoy
from bn_analysis.report.facts import chained_mom, year_on_year
from bn_analysis.report.narrative import say
from bn_analysis.report.numbers import Language, day, number
from bn_analysis.report.parts import Part, paragraph
from bn_analysis.report.study import Study
from bn_analysis.report.tables import table
from bn_analysis.settings import versions

SHORTEST_CHAIN = 24
"""Months of unbroken month-on-month figures from which chaining them is worth a warning."""
SHOWN_MONTHS = 36
BASE_MONTHS = 6


def recent_figures(study: Study, language: Language) -> Part:
    """The published figures of the judged month and the two before it, with what all other figures imply."""
    months = [str(study.at - lag) for lag in range(3)]
    rows = study.rates[study.rates["period"].isin(months)].sort_values(["period", "measure", "release_date"])
    if rows.empty:
        return paragraph([say("table.figures_none", language)])
    caption = say("table.figures", language, period=study.at)
    return Part(table(_figure_rows(rows, language), language, caption=caption, decimals=2, index=False))


def all_figures(study: Study, language: Language) -> Part:
    """Every figure behind the report, folded."""
    rows = study.rates.sort_values(["period", "measure", "release_date"], ascending=[False, True, True])
    caption = say("table.all", language)
    body = table(_figure_rows(rows, language), language, caption=caption, decimals=2, index=False)
    return Part(str(Markup("<details><summary>{}</summary>{}</details>").format(caption, Markup(body))))


def _figure_rows(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say("table.period", language): [pd.Period(period, freq="M") for period in rows["period"]],
            say("table.measure", language): [say(f"measure.{code}", language) for code in rows["measure"]],
            say("table.value", language): rows["value_pct"].to_numpy(),
            say("table.release", language): [say(f"release.{code}", language) for code in rows["release"]],
            say("table.release_date", language): [day(text, language) for text in rows["release_date"]],
            say("table.source", language): [_source(text, language) for text in rows["source"]],
        }
    )


def _source(source: str, language: Language) -> Markup:
    """Line of the raw file and the page it was read from: a link where that is a web page, text for other schemes."""
    cell, _, address = source.partition(" ")
    line = say("table.line", language, line=int(cell.split(":")[1]))
    if not address.startswith(("https://", "http://")):
        return escape(f"{line} {address}".strip())
    host = urlsplit(address).hostname or address
    return Markup('{} · <a href="{}" rel="noreferrer">{}</a>').format(line, address, host.removeprefix("www."))


def counts(study: Study, language: Language) -> Part:
    """How many figures of each measure and release class stand behind the report."""
    frame = study.rates.groupby(["measure", "release"]).size().unstack(fill_value=0)
    frame.index = pd.Index(
        [say(f"measure.{code}", language) for code in frame.index], name=say("table.measure", language)
    )
    frame.columns = [say(f"release.{code}", language) for code in frame.columns]
    return Part(table(frame, language, caption=say("table.counts", language)))


def base_effects(study: Study, language: Language) -> Part:
    """Why the change on a year earlier moved in the last months: what happened now, a year ago, and the calendar."""
    frame = decompose_yoy(study.adjustment.table["value"], study.adjustment.seasonally_adjusted)
    frame = frame.loc[: study.at].dropna().iloc[-BASE_MONTHS:][::-1]
    if frame.empty:
        return Part("")
    frame.columns = [say(f"base.{name}", language) for name in frame.columns]
    frame.index.name = say("table.period", language)
    last = frame.index[0]
    return Part(table(frame, language, caption=say("base.caption", language, month=last)))


def conflicts(study: Study, language: Language) -> Part:
    """Cells printed with several figures that differ by more than their rounding."""
    found = []
    for (period, measure), rows in study.rates.groupby(["period", "measure"]):
        rounding = 0.5 * 10.0 ** -rows["decimals"].min()
        spread = rows["value_pct"].max() - rows["value_pct"].min()
        if spread > 2 * rounding:
            printed = "; ".join(_printed(row, language) for row in rows.itertuples())
            found.append((pd.Period(period, freq="M"), say(f"measure.{measure}", language), printed, spread))
    if not found:
        return paragraph([say("table.conflicts_none", language)])
    columns = [say(f"table.{key}", language) for key in ("period", "measure", "printed", "spread")]
    frame = pd.DataFrame(found, columns=columns)
    return Part(table(frame, language, caption=say("table.conflicts", language), decimals=2, index=False))


def _printed(row: Any, language: Language) -> str:
    """A figure with its own number of digits and its release date."""
    return f"{number(row.value_pct, language, row.decimals)} ({day(row.release_date, language)})"


def suspects(study: Study, language: Language) -> Part:
    """Figures that the others contradict, with what the others imply."""
    rows = study.estimate.suspects
    if rows.empty:
        return paragraph([say("table.suspects_none", language)])
    frame = pd.DataFrame(
        {
            say("table.period", language): [pd.Period(period, freq="M") for period in rows["period"]],
            say("table.measure", language): [say(f"measure.{code}", language) for code in rows["measure"]],
            say("table.value", language): rows["value_pct"].to_numpy(),
            say("table.implied", language): rows["implied_pct"].to_numpy(),
            say("table.weight", language): rows["weight"].to_numpy(),
        }
    )
    return Part(table(frame, language, caption=say("table.suspects", language), decimals=2, index=False))


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
            first=study.rates["period"].min(),
            last=study.rates["period"].max(),
        )
    ]
    printed = study.rates[study.rates["measure"] == "yoy"].sort_values(["period", "release_date"])
    if len(printed):
        row = printed.iloc[-1]
        implied = year_on_year(study, pd.Period(row["period"], freq="M"))
        if implied is not None:
            facts = {"period": row["period"], "published": row["value_pct"], "implied": implied.middle}
            sentences.append(say("index.yoy_check", language, **facts))
    return paragraph(sentences)


def chaining(study: Study, language: Language) -> Part:
    """What chaining the printed month-on-month changes would have given, beside the estimate."""
    chained = chained_mom(study.rates)
    if len(chained) < SHORTEST_CHAIN:
        return Part("")
    index = study.estimate.to_frame()["index"]
    first, last = chained.index[0], chained.index[-1]
    level = float(100 * index[last] / index[first])
    facts = {"chained": float(chained.iloc[-1]), "level": level, "first": first, "last": last}
    return paragraph([say("index.chaining", language, **facts)])


def index_table(study: Study, language: Language) -> Part:
    """The change on a year earlier, printed and implied, month by month, newest first."""
    implied = study.estimate.implied("yoy").dropna()
    printed = (
        study.rates[study.rates["measure"] == "yoy"].sort_values("release_date").groupby("period")["value_pct"].last()
    )
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
    return Part(table(frame.head(SHOWN_MONTHS), language, caption=say("table.yoy", language), decimals=2))


def adjustment_summary(study: Study, language: Language) -> Part:
    """Which method took out season and Tết, and why that one."""
    adjustment = study.adjustment
    method = say(f"seasonal.method.{adjustment.method}", language)
    return paragraph(
        [
            say("seasonal.summary", language, method=method),
            say(f"seasonal.reason.{adjustment.reason.code}", language, **adjustment.reason.facts),
        ]
    )


def tet_windows(study: Study, language: Language) -> Part:
    """Effect of Tết by window; empty where the method has no windows of its own."""
    effects = study.adjustment.tet_effects()
    if effects.empty:
        return paragraph([say("seasonal.no_windows", language)])
    frame = pd.DataFrame(
        {
            say("table.window", language): effects["window"].to_numpy(),
            say("table.effect", language): effects["effect_pct"].to_numpy(),
            say("table.standard_error", language): effects["standard_error_pct"].to_numpy(),
            "t": effects["t_value"].to_numpy(),
        }
    )
    return Part(table(frame, language, caption=say("table.windows", language), index=False))


def diagnostics(study: Study, language: Language) -> Part:
    """Each diagnostic with its grade and what the grade means."""
    grades = study.adjustment.grade_table()
    if grades.empty:
        return paragraph([say("seasonal.no_diagnostics", language)])
    frame = pd.DataFrame(
        {
            say("table.statistic", language): [say(f"statistic.{code}", language) for code in grades["code"]],
            say("table.result", language): grades["value"].to_numpy(),
            say("table.grade", language): [say(f"grade.{grade}", language) for grade in grades["grade"]],
            say("table.meaning", language): grades[f"meaning_{language}"].to_numpy(),
        }
    )
    return Part(table(frame, language, caption=say("table.diagnostics", language), decimals=2, index=False))


def sources(study: Study, language: Language) -> Part:
    """Publishers, files with their hashes, versions and seed: what it takes to get the same page again."""
    frame = pd.DataFrame(
        {
            say("sources.file", language): [file.name for file in study.files],
            say("sources.publisher", language): [file.publisher[language] for file in study.files],
            say("sources.rows", language): [file.rows for file in study.files],
            say("sources.hash", language): [file.sha256[:12] for file in study.files],
        }
    )
    lines = [
        say("sources.versions", language, versions=versions()),
        say("sources.seed", language, paths=study.draws.shape[1], seed=study.seed),
        say(f"territory_note.{study.parameters.territory}", language),
    ]
    body = table(frame, language, caption=say("sources.files", language), index=False)
    return Part(body + paragraph(lines).html)

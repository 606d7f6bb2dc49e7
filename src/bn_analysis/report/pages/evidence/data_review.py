"""A study → the evidence behind its verdict: figures, conflicts, index, adjustment and sources as accessible tables."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup, escape

from bn_analysis.cleaning.language.classification import COUNTRY, industry_name
from bn_analysis.cleaning.press import CONTRADICTIONS_FILE, read_contradictions
from bn_analysis.cleaning.rates import EVIDENCE
from bn_analysis.report.elements.part import Part, folded, paragraph, tabled
from bn_analysis.report.language.formats import Language, day, number
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.study.study import Study

SHOWN_MONTHS = 36


def recent_figures(study: Study, language: Language) -> Part:
    """The published figures of the judged month and the two before it, with what all other figures imply."""
    months = [str(study.at - lag) for lag in range(3)]
    rows = study.rates[study.rates["period"].isin(months)].sort_values(["period", "measure", "release_date"])
    if rows.empty:
        return paragraph([say("table.figures_none", language)])
    caption = say("table.figures", language, period=study.at)
    return tabled(_figure_rows(rows, language), language, caption=caption, decimals=2, index=False)


def all_figures(study: Study, language: Language) -> Part:
    """Every figure behind the report, folded."""
    rows = study.rates.sort_values(["period", "measure", "release_date"], ascending=[False, True, True])
    caption = say("table.all", language)
    return folded(caption, tabled(_figure_rows(rows, language), language, caption=caption, decimals=2, index=False))


def _figure_rows(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    return pd.DataFrame(
        _named(rows["territory"], rows["territory"].nunique() > 1, language)
        | {
            say("table.period", language): [pd.Period(period, freq="M") for period in rows["period"]],
            say("table.measure", language): [say(f"measure.{code}", language) for code in rows["measure"]],
            say("table.value", language): rows["value_pct"].to_numpy(),
            say("table.release", language): [say(f"release.{code}", language) for code in rows["release"]],
            say("table.release_date", language): [day(text, language) for text in rows["release_date"]],
            say("table.source", language): [_source(row, language) for row in rows.itertuples()],
        }
    )


def _named(codes: Iterable[str], several: bool, language: Language) -> dict[str, list[str]]:
    """A column with the territory's name where figures of several stand side by side."""
    return {say("table.territory", language): [territory_name(code, language) for code in codes]} if several else {}


def _source(row: Any, language: Language) -> Markup:
    """Line of the raw file and the page it was read from (a link where that is a web page); the clause on demand."""
    source, quoted, clause = row.url.partition(EVIDENCE)
    line = say("table.line", language, line=int(row.place.split(":")[0]))
    said = escape(f"{line} {source}".strip())
    if source.startswith(("https://", "http://")):
        address = source.split(" ")[0]
        host = urlsplit(address).hostname or address
        link = Markup('{} · <a href="{}" rel="noreferrer">{}</a>')
        said = link.format(line, address, host.removeprefix("www."))
    if not quoted:
        return said
    return Markup("<details><summary>{}</summary>“{}</details>").format(said, clause)


def counts(study: Study, language: Language) -> Part:
    """How many figures of each measure and release class stand behind the report."""
    used = study.estimate.figures.table
    frame = used.groupby(["measure", "release"]).size().unstack(fill_value=0)
    frame.index = pd.Index(
        [say(f"measure.{code}", language) for code in frame.index], name=say("table.measure", language)
    )
    frame.columns = [say(f"release.{code}", language) for code in frame.columns]
    return tabled(frame, language, caption=say("table.counts", language, figures=len(used)))


def conflicts(study: Study, language: Language) -> Part:
    """Cells printed with several figures that differ by more than their rounding."""
    found = []
    for (code, period, measure), rows in study.rates.groupby(["territory", "period", "measure"]):
        rounding = 0.5 * 10.0 ** -rows["decimals"].min()
        spread = rows["value_pct"].max() - rows["value_pct"].min()
        if spread > 2 * rounding:
            printed = "; ".join(_printed(row, language) for row in rows.itertuples())
            what = say(f"measure.{measure}", language)
            found.append((code, pd.Period(period, freq="M"), what, printed, spread))
    if not found:
        return paragraph([say("table.conflicts_none", language)])
    codes, *columns = zip(*found, strict=True)
    names = [say(f"table.{key}", language) for key in ("period", "measure", "printed", "spread")]
    frame = pd.DataFrame(_named(codes, bool(study.parts), language) | dict(zip(names, columns, strict=True)))
    return tabled(frame, language, caption=say("table.conflicts", language), decimals=2, index=False)


def _printed(row: Any, language: Language) -> str:
    """A figure with its own number of digits and its release date."""
    return f"{number(row.value_pct, language, row.decimals)} ({day(row.release_date, language)})"


def suspects(study: Study, language: Language) -> Part:
    """Figures that the others contradict, with what the others imply."""
    rows = study.estimate.suspects
    if rows.empty:
        return paragraph([say("table.suspects_none", language)])
    frame = pd.DataFrame(
        _named(rows["territory"], bool(study.parts), language)
        | {
            say("table.period", language): [pd.Period(period, freq="M") for period in rows["period"]],
            say("table.measure", language): [say(f"measure.{code}", language) for code in rows["measure"]],
            say("table.value", language): rows["value_pct"].to_numpy(),
            say("table.implied", language): rows["implied_pct"].to_numpy(),
            say("table.weight", language): rows["weight"].to_numpy(),
        }
    )
    return tabled(frame, language, caption=say("table.suspects", language), decimals=2, index=False)


def contradictions(study: Study, language: Language) -> Part:
    """National figures of the press that contradict each other: declared, shown, in no estimate."""
    rows = read_contradictions(study.settings.raw)
    if study.parameters.as_of:
        rows = rows[rows["release_date"] <= study.parameters.as_of]
    if study.parameters.territory != COUNTRY or rows.empty:
        return Part("")
    frame = pd.DataFrame(
        {
            say("table.period", language): [pd.Period(period, freq="M") for period in rows["period"]],
            say("table.industry", language): [industry_name(code, language) for code in rows["industry"]],
            say("table.measure", language): [say(f"measure.{code}", language) for code in rows["measure"]],
            say("table.value", language): [
                number(value, language, digits, signed=True)
                for value, digits in zip(rows["value_pct"], rows["decimals"], strict=True)
            ],
            say("table.used", language): [_used(used, language) for used in rows["used"]],
            say("table.source", language): [urlsplit(address).hostname or address for address in rows["source"]],
        }
    )
    intro = paragraph([say("table.contradictions_intro", language, count=len(rows), file=CONTRADICTIONS_FILE)])
    return intro + tabled(frame, language, caption=say("table.contradictions", language), index=False)


def _used(prints: str, language: Language) -> str:
    """What the estimates use in place of a contradicted print, as readers write numbers."""
    if not prints:
        return say("table.unused", language)
    values = prints.split("; ")
    return "; ".join(number(float(each), language, len(each.partition(".")[2]), signed=True) for each in values)

"""A study → what its index is made of and how sure it is."""

import numpy as np
import pandas as pd

from bn_analysis.index import decompose_yoy
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import MISSING, Language, number, span
from bn_analysis.report.language.named import Said
from bn_analysis.report.language.sentences import say
from bn_analysis.report.pages.evidence.data_review import SHOWN_MONTHS
from bn_analysis.study.facts import chained_mom, year_on_year
from bn_analysis.study.printed import between_year_to_dates, counts, first_prints
from bn_analysis.study.study import Study

SHOWN_PAIRS = 12
SHORTEST_CHAIN = 24
"""Months of unbroken month-on-month figures from which chaining them is worth a warning."""


BASE_MONTHS = 6


def base_effects(study: Study, language: Language) -> Part:
    """Why the change on a year earlier moved in the last months: what happened now, a year ago, and the calendar."""
    frame = decompose_yoy(study.adjustment.table["value"], study.adjustment.seasonally_adjusted)
    frame = _in_points(frame).loc[: study.at].dropna().iloc[-BASE_MONTHS:][::-1]
    if frame.empty:
        return Part("")
    frame.columns = [say(f"base.{name}", language) for name in frame.columns]
    names = {frame.columns[0]: f"yoy {study.parameters.territory}"}
    frame.index.name = say("table.period", language)
    last = frame.index[0]
    return tabled(frame, language, caption=say("base.caption", language, month=last), names=names)


def _in_points(frame: pd.DataFrame) -> pd.DataFrame:
    """The parts of a change in logs as percentage points that still add up to it, by its logarithmic mean.

    Ang (2004), Energy Policy 32, 1131-1139: additive decomposition without a residual.
    """
    parts = ["change", "momentum", "base_effect", "calendar"]
    ratio = 1 + frame["yoy_pct"] / 100
    before = ratio * np.exp(-frame["change"] / 100)
    mean = ((ratio - before) / (np.log(ratio) - np.log(before))).where(frame["change"].abs() > 1e-9, ratio)
    return frame.assign(**{part: frame[part] * mean for part in parts})


def index_summary(study: Study, language: Language) -> Part:
    """What the index rests on, and how far it is from the last published change on a year earlier."""
    index, counted = study.estimate, counts(study)
    sentences = [
        say(
            "index.summary", language, territory=study.parameters.territory, base=index.base, printed=counted.printed,
            used=counted.used, merged=counted.merged, cut=counted.cut, cut_before=index.cut_before,
            borrowed=index.borrowed_from and index.borrowed_from.split()[0],
            first=index.figures.table["period"].min(), last=index.figures.table["period"].max(),
        )
    ]  # fmt: skip
    if index.only_measure is not None:
        frame = index.to_frame()
        width = float(100 * (frame["high80"] / frame["low80"] - 1).median())
        sentences.append(say("index.one_measure", language, measure=index.only_measure, width=width))
    if (shared := index.loading()) is not None:
        facts = {"territory": study.parameters.territory, "share": shared[0], "error": shared[1]}
        sentences.append(say("index.shared", language, **facts))
    printed = study.own[study.own["measure"] == "yoy"].sort_values(["period", "release_date"])
    if len(printed):
        row = printed.iloc[-1]
        implied = year_on_year(study, pd.Period(row["period"], freq="M"))
        if implied is not None:
            facts = {"period": row["period"], "published": row["value_pct"], "implied": implied.middle}
            sentences.append(say("index.yoy_check", language, territory=study.parameters.territory, **facts))
    return paragraph([*sentences, *_first_prints(study, language)])


def _first_prints(study: Study, language: Language) -> list[Said]:
    """By how much first prints lie above the index, and what restated figures say of it."""
    found = first_prints(study)
    if found is None:
        return []
    key = "index.first_prints" if found.mean > 0 else "index.first_prints_below"
    said = [say(key, language, count=found.count, above=found.above, mean=abs(found.mean))]
    if found.country_pairs:
        said.append(
            say("index.first_prints_country", language, pairs=found.country_pairs, country_mean=found.country_mean)
        )
    if study.estimate.borrowed_from is not None:
        own = [say("index.pair", language, **row) for row in found.pairs.to_dict("records")]
        said.append(say("index.first_prints_own", language, territory=study.parameters.territory, own=own))
    return said


def between_sentences(study: Study, language: Language) -> list[Said]:
    """What the newest two year-to-date rates imply beside the index; where it leaves them, why."""
    pairs = between_year_to_dates(study)
    if not pairs:
        return []
    newest = pairs[0]
    said = say(
        "index.between", language, territory=study.parameters.territory, month_before=newest.first - 1,
        **{name: getattr(newest, name) for name in
           ("first", "last", "before", "until", "implied", "index", "low", "high", "apart", "meet")},
    )  # fmt: skip
    if newest.meet:
        return [said]
    found = first_prints(study)
    lowered = newest.apart < 0 and found is not None and found.mean > 0
    inside = newest.low <= newest.implied <= newest.high
    return [said, say("index.between_why", language, lowered=lowered, inside=inside)]


def between(study: Study, language: Language) -> Part:
    """Year-to-date rates taken apart into single months, beside the index, newest first."""
    pairs = between_year_to_dates(study)[:SHOWN_PAIRS]
    if not pairs:
        return Part("")
    frame = pd.DataFrame(
        {
            say("index.months", language): [span(pair.first, pair.last, language) for pair in pairs],
            say("index.from_ytd", language): [pair.implied for pair in pairs],
            say("index.by_index", language): [pair.index for pair in pairs],
            say("table.low", language): [pair.low for pair in pairs],
            say("table.high", language): [pair.high for pair in pairs],
            say("index.difference", language): [pair.apart for pair in pairs],
        }
    )
    caption = say("index.between_caption", language)
    return paragraph(between_sentences(study, language)) + tabled(frame, language, caption=caption, index=False)


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
    published, estimated = say("table.published", language), say("table.estimated", language)
    frame = pd.DataFrame(
        {
            published: _prints(study, implied.index, language),
            estimated: implied["value_pct"].astype(float),
            say("table.low", language): implied["low80"],
            say("table.high", language): implied["high80"],
        },
        index=implied.index,
    ).iloc[::-1]
    frame.index.name = say("table.period", language)
    names = {estimated: f"yoy {study.parameters.territory}"}
    return tabled(frame.head(SHOWN_MONTHS), language, caption=say("table.yoy", language), decimals=2, names=names)


def _prints(study: Study, months: pd.Index, language: Language) -> list[str]:
    """Every print of each month's change on a year earlier, the first one first; of several each with its release."""
    rows = study.own[study.own["measure"] == "yoy"].sort_values("release_date")
    printed: dict[str, dict[str, str]] = {}
    for row in rows.itertuples():
        text = number(row.value_pct, language, row.decimals)
        printed.setdefault(row.period, {}).setdefault(text, say(f"release.{row.release}", language))
    return [_several(printed.get(str(month), {}), language) for month in months]


def _several(prints: dict[str, str], language: Language) -> str:
    if len(prints) <= 1:
        return next(iter(prints), MISSING[language])
    return "; ".join(f"{text} ({release})" for text, release in prints.items())

"""A study → what its verdict hangs on: the same month under other defensible choices, and what other methods say."""

from typing import Any

import pandas as pd

from bn_analysis.cycle.alternatives.second_opinions import opinions
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, number, probability, short_month
from bn_analysis.report.language.named import named
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_words
from bn_analysis.study.study import Study, alternatives


def other_choices(study: Study, language: Language) -> Part:
    """The verdict under other Tết windows or method, three readings of the last surprise, without each suspect."""
    if study.verdict.phase == "not_enough_data":
        return paragraph([say("robust.none", language)])
    found = alternatives(study)
    rows = found[found["failure"].isna()]
    frame = pd.DataFrame(
        {
            say("robust.choice", language): [_choice(row.kind, row.variant, language) for row in rows.itertuples()],
            say("card.probability", language): [_probability(row, study, language) for row in rows.itertuples()],
            say("archive.verdict", language): [
                phase_words(row.phase, row.probability, language) for row in rows.itertuples()
            ],
            say("table.trough", language): [
                short_month(pd.Period(text, freq="M"), language) if isinstance(text, str) else None
                for text in rows["trough"]
            ],
        }
    )
    low, high = rows["probability"].min(), rows["probability"].max()
    same = int((rows["phase"] == study.verdict.phase).sum())
    sentence = say("robust.summary", language, low=low, high=high, same=same, choices=len(rows))
    body = tabled(frame, language, caption=say("robust.caption", language), index=False)
    return paragraph([sentence]) + body


def _probability(row: Any, study: Study, language: Language) -> str:
    """Of the first row, which is the verdict itself, by its name."""
    text = probability(row.probability, language)
    return named(text, "probability", study.parameters.territory, study.at) if row.kind == "base" else text


def _choice(kind: str, variant: str, language: Language) -> str:
    if kind == "without_figure":
        period, measure, value = variant.split(" ")
        facts = {
            "period": pd.Period(period, freq="M"),
            "measure": say(f"measure.{measure}", language).lower(),
            "value": number(float(value), language, 2),
        }
        return say("robust.without_figure", language, **facts)
    if kind == "tet_windows":
        return say("robust.tet_windows_none" if variant == "none" else "robust.tet_windows", language, windows=variant)
    return say(f"robust.{kind}.{variant}", language)


def second_opinions(study: Study, language: Language) -> Part:
    """What other methods say of the last month: shown beside the verdict, never mixed into it."""
    if study.verdict.phase == "not_enough_data":
        return Part("")
    adjusted = study.adjustment.seasonally_adjusted.loc[: study.last_observed]
    found = opinions(adjusted)
    frame = pd.DataFrame(
        {
            say("robust.method_name", language): [say(f"opinion.{each.name}", language) for each in found],
            say("robust.says", language): [say(f"opinion.says.{each.says}", language) for each in found],
            say("robust.since", language): [
                short_month(each.since, language) if each.since is not None else "–" for each in found
            ],
        }
    )
    return tabled(frame, language, caption=say("robust.opinions", language), index=False)

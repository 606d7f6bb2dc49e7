"""A study → how far its verdict can be trusted: how settled it is, what it stands on, what such a number has meant."""

import pandas as pd
from markupsafe import Markup

from bn_analysis.cycle.bry_boschan import MONTHLY
from bn_analysis.cycle.calibrated_probability import meant, proof
from bn_analysis.cycle.phases import thresholds
from bn_analysis.report.elements.part import Part, folded, paragraph, tabled
from bn_analysis.report.elements.small_line import small_line
from bn_analysis.report.language.formats import Language, number, percent, probability, short_month
from bn_analysis.report.language.named import joined, named
from bn_analysis.report.language.sentences import say
from bn_analysis.study.facts import YEAR, information
from bn_analysis.study.releases import MONTHS, releases
from bn_analysis.study.study import Study

SETTLED = 0.2
"""Distance between the lowest and the highest probability of a year from which a verdict is called unsettled."""
FEWEST_RELEASES = 3
"""Times a verdict was given from which on it can be called settled."""


def settled(study: Study, language: Language) -> Part:
    """How settled the verdict is: its probability after each release of the last year, as a small line and in words."""
    found = [release for release in releases(study) if release.probability is not None]
    if len(found) < 2 or study.verdict.probability is None:
        return Part("")
    values = pd.Series([release.probability for release in found], index=[release.at for release in found])
    said = [probability(value, language) for value in values[:-1]]
    said.append(
        named(probability(study.verdict.probability, language), "probability", study.parameters.territory, study.at)
    )
    step = round(100 * values.iloc[-1]) - round(100 * values.iloc[-2])  # as a reader would subtract them
    call = thresholds("figures").call
    swings = bool((values < call).any() and (values >= call).any()) or values.max() - values.min() >= SETTLED
    sentence = say(
        "settled.text", language, chances=joined(said, ", "), count=len(found), months=MONTHS, call=call, step=step,
        figures=found[-1].figures, day=found[-1].day, swings=swings, few=len(found) < FEWEST_RELEASES,
    )  # fmt: skip
    label = say("settled.label", language, chances=", ".join(said))
    dots = {
        f"{short_month(at, language)}: {probability(value, language)}": float(value) for at, value in values.items()
    }
    line = small_line(dots, label, call)
    html = Markup('<div class="settled">{}<p>{}</p></div>').format(line, sentence)
    frame = values.rename("probability").rename_axis("period").reset_index()
    return Part(str(html), frame)


def stands_on(study: Study, language: Language) -> Part:
    """On how much information the verdict stands, and what such a probability has meant on known history."""
    chance = study.verdict.probability
    if chance is None:
        return Part("")
    known, proven, step = information(study), proof(), meant(chance)
    facts = {"months": known.months, "year": YEAR, "figures": known.figures, "borrowed": known.borrowed}
    history = {"countries": proven["countries"], "low": step["low"], "high": step["high"], "share": step["share"]}
    text = [say("stands_on.text", language, **facts)]
    if study.at <= study.last_observed - MONTHLY.end:  # what followed has decided; the proof is of newest months
        return paragraph(text)
    text.append(say("stands_on.meant", language, **history, cases=step["cases"]))
    return paragraph([joined(text)]) + _proof(language)


def _proof(language: Language) -> Part:
    """The whole table of what probabilities have meant, folded."""
    steps = pd.DataFrame(proof()["reliability"])
    said = [
        f"{number(100 * low, language, 0)}–{percent(100 * high, language, 0)}"
        for low, high in zip(steps["low"], steps["high"], strict=True)
    ]
    shown = pd.DataFrame(
        {
            say("stands_on.cases", language): steps["cases"].astype(int).to_numpy(),
            say("stands_on.share", language): [probability(share, language) for share in steps["share"]],
        },
        index=pd.Index(said, name=say("stands_on.said", language)),
    )
    inside = tabled(shown, language, caption=say("stands_on.caption", language))
    return folded(say("stands_on.fold", language), inside)

"""A study → the pieces of the leadership page: verdict card and sentences, as HTML that notebooks display."""

import pandas as pd
from markupsafe import Markup

from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, probability, short_month
from bn_analysis.report.language.sentences import answer_key, say
from bn_analysis.study.facts import adjusted_year_on_year, calendar_part, momentum, since, year_on_year
from bn_analysis.study.study import Study

MOVED_TET = 2.0
"""Points of a change on a year earlier from which the calendar's share is said in words."""
LEAST_CHANCE = 0.01
"""Months less likely than this to be the trough are not listed."""
LOW_BASE = -5.0
HIGH_BASE = 5.0
"""A change a year earlier beyond these, per cent, is called a low or a high base in words."""


def verdict_card(study: Study, language: Language, *, sentence: str = "") -> Part:
    """The verdict in one sentence, its probability, the trough's month with its interval, the risk of a relapse.

    The sentence is `answer` where none is given.
    """
    verdict = study.verdict
    rows = []
    if verdict.phase != "not_enough_data":
        rows = [
            ("card.probability", probability(verdict.probability, language)),
            ("card.trough", _interval(study, language)),
            _peak_row(study, language),
        ]
        if verdict.trough is not None:  # a new fall can only follow a trough
            rows.insert(2, ("card.relapse", probability(verdict.relapse, language)))
    said = [(say(key, language), value) for key, value in rows]
    items = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*item) for item in said)
    html = Markup('<section class="verdict {}"><p class="answer">{}</p><dl>{}</dl></section>').format(
        verdict.phase, sentence or answer(study, language), items
    )
    return Part(str(html), pd.DataFrame(said, columns=["figure", "value"]))


def _peak_row(study: Study, language: Language) -> tuple[str, str]:
    """Whether the peak has been regained where that is the verdict, else whether it will be."""
    if study.verdict.phase == "expansion" and study.verdict.trough is not None:
        return "card.regained", probability(study.verdict.regained, language)
    return "card.regains", probability(study.verdict.regains_peak, language)


def answer(study: Study, language: Language) -> str:
    """The verdict as one sentence; a call that stands only because it was made says so."""
    verdict = study.verdict
    key = answer_key(str(verdict.phase), verdict.reasons)
    return say(key, language, territory=study.parameters.territory, at=study.at)


def _interval(study: Study, language: Language) -> str:
    verdict = study.verdict
    if verdict.trough is None:
        return say("card.unknown", language)
    return say("card.interval", language, trough=verdict.trough, low=verdict.trough_low, high=verdict.trough_high)


def why(study: Study, language: Language) -> Part:
    """At most three sentences: where the trough lies, what the year-on-year change means, how the last months went."""
    return paragraph(why_sentences(study, language))


def why_sentences(study: Study, language: Language) -> list[str]:
    """The sentences of `why` as plain text."""
    if study.verdict.phase == "not_enough_data":
        return [_not_enough(study, language), say("why.not_enough_next", language)]
    sentences = [_trough_sentence(study, language), _base_sentence(study, language)]
    if study.at > study.last_observed:
        sentences.append(say("why.extrapolated", language, at=study.at, last=study.last_observed))
    elif (recent := momentum(study)) is not None:
        sentences.append(
            say(
                "why.momentum",
                language,
                momentum=recent.middle,
                momentum_low=recent.low,
                momentum_high=recent.high,
            )
        )
    return [sentence for sentence in sentences if sentence]


def _not_enough(study: Study, language: Language) -> str:
    observed = int((study.estimate.to_frame()["status"] == "observed").sum())
    facts = {"observed": observed, "months": len(study.draws)}
    reasons = [say(f"reason.{code}", language, **facts) for code in study.verdict.reasons]
    return say("why.not_enough", language, reason="; ".join(reasons))


def _trough_sentence(study: Study, language: Language) -> str:
    verdict = study.verdict
    if verdict.trough is None:
        if verdict.peak is None:
            return say("why.no_fall", language)
        return say("why.falling", language, peak=verdict.peak, depth=verdict.depth_pct)
    rise = since(study, verdict.trough) if verdict.trough < study.at else None
    return say(
        "why.trough", language, trough=verdict.trough, peak=verdict.peak, depth=verdict.depth_pct, at=study.at,
        rise=rise and rise.middle, rise_low=rise and rise.low, rise_high=rise and rise.high,
    )  # fmt: skip


def _base_sentence(study: Study, language: Language) -> str:
    change, base = year_on_year(study, study.at), year_on_year(study, study.at - 12)
    if change is None or base is None:
        return ""
    # A base is low or high only if it is so with and without Tết: a holiday that moved is no base.
    own, calendar = adjusted_year_on_year(study, study.at - 12), calendar_part(study, study.at)
    bases = (base.middle, base.middle if own is None else own)
    return say(
        "why.base", language, yoy=change.middle, yoy_low=change.low, yoy_high=change.high, base=base.middle,
        low_base=max(bases) < LOW_BASE and change.middle > 0, high_base=min(bases) > HIGH_BASE,
        calendar=calendar if calendar is not None and abs(calendar) >= MOVED_TET else None,
    )  # fmt: skip


def flip(study: Study, language: Language) -> Part:
    """What would change the verdict next month."""
    change = study.verdict.flip_change
    if study.verdict.phase == "not_enough_data":
        return paragraph([say("why.not_enough_next", language)])
    if study.at < pd.PeriodIndex(study.draws.index)[-1]:
        return paragraph([say("flip.hindsight", language)])
    if change is None:
        return paragraph([say("flip.nothing", language)])
    direction = "down" if study.verdict.phase in ("bottomed_out", "expansion") else "up"
    return paragraph([say(f"flip.{direction}", language, change=change)])


def beside(study: Study, language: Language) -> Part:
    """The same question for the country, in one line; empty for the country itself."""
    if study.beside is None:
        return Part("")
    other = study.beside
    text = say(
        "beside.text" if other.verdict.probability is not None else "beside.text_none", language,
        answer=answer(other, language), probability=other.verdict.probability,
    )  # fmt: skip
    sentences = [text]
    if other.at != study.at:
        sentences.append(
            say("beside.other_month", language, other=other.parameters.territory, other_at=other.at,
                territory=study.parameters.territory, at=study.at)
        )  # fmt: skip
    text = " ".join(sentences)
    title = say("beside.title", language, territory=other.parameters.territory, at=other.at)
    html = Markup('<section class="beside"><h2>{}</h2><p>{}</p></section>').format(title, text)
    return Part(str(html), paragraph([text]).data)


def trough_months(study: Study, language: Language) -> Part:
    """Chance of each month to be the trough, the likeliest first."""
    chances = sorted(study.verdict.trough_months.items(), key=lambda item: -item[1])[:8]
    chances = [item for item in chances if item[1] >= LEAST_CHANCE]
    if not chances:
        return Part("")
    frame = pd.DataFrame(
        {
            say("table.period", language): [short_month(month, language) for month, _ in chances],
            say("card.chance", language): [probability(chance, language) for _, chance in chances],
        }
    )
    return tabled(frame, language, caption=say("chart.probability_title", language), index=False)

"""A study → the pieces of the leadership page: verdict card and sentences, as HTML that notebooks display."""

import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.language.classification import territory
from bn_analysis.cycle.bottoming import N_PATHS
from bn_analysis.cycle.falls import LEAST_CHANCE, Fall
from bn_analysis.cycle.phases import RISING
from bn_analysis.report.elements.part import Part, bullets, paragraph, tabled
from bn_analysis.report.language import verdict_words
from bn_analysis.report.language.formats import Language, probability, short_month, span
from bn_analysis.report.language.named import Said, joined, named
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_key
from bn_analysis.report.pages.evidence.index_estimate import between_sentences
from bn_analysis.study.facts import adjusted_year_on_year, calendar_part, momentum, year_on_year
from bn_analysis.study.printed import between_year_to_dates
from bn_analysis.study.study import Study

MOVED_TET = 2.0
"""Points of a change on a year earlier from which the calendar's share is said in words."""
NAMED_SHARE = 0.1
"""Share of the paths from which the card names another fall than the likeliest."""
LOW_BASE = -5.0
HIGH_BASE = 5.0
"""A change a year earlier beyond these, per cent, is called a low or a high base in words."""


def verdict_card(study: Study, language: Language, *, sentence: str = "") -> Part:
    """The verdict in one sentence, its probability, the trough's month with its interval, the risk of a relapse.

    The sentence is `answer` where none is given.
    """
    verdict = study.verdict
    said = [(say(key, language), text, more) for key, text, more in _rows(study, language)]
    items = Markup("").join(_item(*row) for row in said)
    html = Markup('<section class="verdict {}"><p class="answer">{}</p><dl>{}</dl></section>').format(
        phase_key(verdict.phase, verdict.probability), sentence or answer(study, language), items
    )
    return Part(str(html), pd.DataFrame(said, columns=["figure", "value", "besides"]))


def _item(label: str, text: str, more: str) -> Markup:
    below = Markup("<small>{}</small>").format(more) if more else ""
    return Markup("<div><dt>{}</dt><dd>{}{}</dd></div>").format(label, text, below)


def _rows(study: Study, language: Language) -> list[tuple[str, Said, str]]:
    """The figures of the card, each with what stands small below it: four, three without a trough, else none."""
    verdict = study.verdict
    if verdict.phase == "not_enough_data":
        return []
    rows = [
        ("card.probability", _chance(study, "probability", verdict.probability, language), ""),
        ("card.trough", *_trough(study, language)),
    ]
    if verdict.trough is None:  # a new fall, and a peak regained, can only follow a trough
        return [*rows, ("card.regains", _chance(study, "regains", verdict.regains_peak, language), "")]
    return [
        *rows,
        ("card.relapse", _chance(study, "relapse", verdict.relapse, language), ""),
        ("card.regained", _chance(study, "regained", verdict.regained, language), ""),
    ]


def _chance(study: Study, name: str, value: float | None, language: Language) -> Said:
    return named(probability(value, language), name, study.parameters.territory, study.at)


def answer(study: Study, language: Language) -> Said:
    """The verdict as one sentence; a call that stands only because it was made says so."""
    verdict = study.verdict
    return verdict_words.answer(
        study.parameters.territory, study.at, verdict.phase, verdict.probability, verdict.regained, language
    )


def _trough(study: Study, language: Language) -> tuple[Said, str]:
    """The likeliest month, and below it its interval or, where paths speak of several falls, their shares."""
    verdict, fall = study.verdict, study.verdict.fall
    if verdict.trough is None or fall is None:
        return say("card.unknown", language), ""
    month = say("card.month", language, trough=verdict.trough)
    others = [other for other in verdict.falls if other.passed and other is not fall and other.share >= NAMED_SHARE]
    low, high = verdict.trough_low, verdict.trough_high
    if not others and low is not None and high is not None and low < high < study.at:
        return month, say("card.interval", language, span=span(low, high, language))
    said = [
        say("card.fall", language, span=span(other.first, other.last, language), share=other.share) for other in others
    ]
    wide = span(fall.first, fall.last, language) if fall.first < fall.last else ""
    return month, say("card.falls", language, share=fall.share, span=wide, others=said)


def why(study: Study, language: Language) -> Part:
    """A few sentences: where the trough lies, what the year-on-year change means, how the last months went."""
    return bullets(why_sentences(study, language))


def why_sentences(study: Study, language: Language) -> list[str]:
    """The sentences of `why` as plain text."""
    if study.verdict.phase == "not_enough_data":
        return [_not_enough(study, language)]
    sentences = [
        _trough_sentence(study, language), falls_sentence(study, language), _base_sentence(study, language),
        _apart_sentence(study, language),
    ]  # fmt: skip
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
    facts = {
        "territory": study.parameters.territory, "at": study.at, "peak": verdict.peak, "depth": verdict.depth,
        "of_peak": verdict.of_peak,
    }  # fmt: skip
    if verdict.trough is not None:
        return say("why.trough", language, **facts, trough=verdict.trough, rise=verdict.rise, open=not verdict.sure)
    if verdict.depth is not None:
        return say("why.falling", language, **facts)
    return say("why.no_fall" if verdict.phase in RISING else "why.falling_unseen", language)


def falls_sentence(study: Study, language: Language) -> str:
    """Every fall that paths speak of with its share; "" where they agree."""
    falls = study.verdict.falls
    if len(falls) < 2:
        return Said("")
    said = [
        say("why.fall_passed" if fall.passed else "why.fall_under_way", language, share=fall.share,
            span=span(fall.first, fall.last, language))
        for fall in falls
    ]  # fmt: skip
    return say("why.falls", language, falls=said, rest=1 - sum(fall.share for fall in falls))


def _base_sentence(study: Study, language: Language) -> str:
    change, base = year_on_year(study, study.at), year_on_year(study, study.at - 12)
    if change is None or base is None:
        return ""
    # A base is low or high only if it is so with and without Tết: a holiday that moved is no base.
    own, calendar = adjusted_year_on_year(study, study.at - 12), calendar_part(study, study.at)
    bases = (base.middle, base.middle if own is None else own)
    printed = (study.own["period"] == str(study.at)) & (study.own["measure"] == "yoy")
    return say(
        "why.base", language, territory=study.parameters.territory, at=study.at, year_before=study.at - 12,
        yoy=change.middle, yoy_low=change.low, yoy_high=change.high, base=base.middle,
        low_base=max(bases) < LOW_BASE and change.middle > 0, high_base=min(bases) > HIGH_BASE,
        calendar=calendar if calendar is not None and abs(calendar) >= MOVED_TET else None, unprinted=not printed.any(),
    )  # fmt: skip


def _apart_sentence(study: Study, language: Language) -> str:
    """What year-to-date rates imply until the judged month, and why the index differs; "" where one month meets."""
    pairs = between_year_to_dates(study)
    if not pairs or pairs[0].last != study.at or (pairs[0].meet and pairs[0].first == pairs[0].last):
        return Said("")
    return joined(between_sentences(study, language))


def flip(study: Study, language: Language) -> Part:
    """What would change the verdict next month."""
    change = study.verdict.flip_change
    if study.verdict.phase == "not_enough_data":
        code = study.parameters.territory
        ended = str(study.at) == territory(code).valid_to
        return paragraph([say("flip.ended" if ended else "flip.more_figures", language, territory=code, at=study.at)])
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
        territory=other.parameters.territory, at=other.at,
    )  # fmt: skip
    sentences = [text]
    if other.at != study.at:
        sentences.append(
            say("beside.other_month", language, other=other.parameters.territory, other_at=other.at,
                territory=study.parameters.territory, at=study.at)
        )  # fmt: skip
    text = joined(sentences)
    title = say("beside.title", language, territory=other.parameters.territory, at=other.at)
    html = Markup('<section class="beside"><h2>{}</h2><p>{}</p></section>').format(title, text)
    return Part(str(html), paragraph([text]).data)


def trough_months(study: Study, language: Language) -> Part:
    """The falls that paths speak of, and the chance of each month to be the trough, the likeliest first."""
    verdict = study.verdict
    chances = sorted(verdict.trough_months.items(), key=lambda item: -item[1])[:8]
    chances = [item for item in chances if item[1] >= LEAST_CHANCE]
    if not chances:
        return Part("")
    frame = pd.DataFrame(
        {
            say("table.period", language): [short_month(month, language) for month, _ in chances],
            say("card.chance", language): [probability(chance, language) for _, chance in chances],
        }
    )
    table = tabled(frame, language, caption=say("chart.probability_title", language), index=False)
    return _falls_table(study, language) + table


def _falls_table(study: Study, language: Language) -> Part:
    """Each fall with its share of all paths, its peak and its trough; before it the interval that holds 80 % of all."""
    verdict = study.verdict
    frame = pd.DataFrame(
        {
            say("falls.share", language): [probability(fall.share, language) for fall in verdict.falls],
            say("falls.peak", language): [_turn(fall, fall.peak, not fall.passed, language) for fall in verdict.falls],
            say("falls.trough", language): [_turn(fall, fall.trough, fall.passed, language) for fall in verdict.falls],
        }
    )
    facts = {"paths": N_PATHS, "at": study.at, "low": verdict.trough_low, "high": verdict.trough_high}
    sentence = say("falls.interval", language, **facts) if verdict.trough is not None else Said("")
    return paragraph([sentence]) + tabled(frame, language, caption=say("falls.caption", language), index=False)


def _turn(fall: Fall, month: pd.Period | None, spread: bool, language: Language) -> str:
    """The likeliest month of a turn; with the months over which paths spread where it is what parts the falls."""
    if month is None:
        return say("falls.ahead" if fall.passed is False and not spread else "falls.unseen", language)
    if spread and fall.first < fall.last:
        return say("falls.spread", language, month=month, span=span(fall.first, fall.last, language))
    return short_month(month, language)

"""The ledger of public statements → tables and sentences for the leadership page and for a page of its own."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.context import Problem, claim_problems, read_claims
from bn_analysis.cleaning.promotion import promotion_problems, read_promotion
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.named import Said, joined
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.report.language.verdict_words import phase_words
from bn_analysis.study.claims import Answer, Entry
from bn_analysis.study.study import Study

SHORT = ("iip", "cycle")
"""Subjects that the leadership page shows; the others stand on the page of claims."""


def short_ledger(entries: list[Entry], language: Language) -> Part:
    """The statements on production with both rulings, one line each."""
    shown = [entry for entry in entries if entry.claim["subject"] in SHORT]
    if not shown:
        return paragraph([say("claims.none", language)])
    return tabled(_rulings(shown, language), language, caption=say("claims.caption", language), index=False)


def full_ledger(entries: list[Entry], language: Language) -> Part:
    """Every statement with its day, both rulings and the reasons."""
    if not entries:
        return paragraph([say("claims.none", language)])
    counts = pd.Series([entry.now.ruling for entry in entries]).value_counts()
    facts = {
        ruling: int(counts.get(ruling, 0)) for ruling in ("confirmed", "contradicted", "cannot_tell", "not_checkable")
    }
    intro = paragraph([say("claims.summary", language, all=len(entries), **facts)])
    items = Markup("").join(_item(entry, language) for entry in entries)
    rulings = tabled(_rulings(entries, language), language, caption=say("claims.caption", language), index=False)
    return intro + rulings + Part(str(Markup('<dl class="claims">{}</dl>').format(items)))


def _rulings(entries: list[Entry], language: Language) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say("table.territory", language): [territory_name(entry.claim["territory"], language) for entry in entries],
            say("claims.statement", language): [entry.claim[f"statement_{language}"] for entry in entries],
            say("claims.then", language): [say(f"ruling.{entry.then.ruling}", language) for entry in entries],
            say("claims.now", language): [say(f"ruling.{entry.now.ruling}", language) for entry in entries],
        }
    )


def _item(entry: Entry, language: Language) -> Markup:
    lines = [(say("claims.then_day", language, day=entry.day), entry.then), (say("claims.now", language), entry.now)]
    if entry.then == entry.now:
        lines = lines[1:]
    answers = Markup("").join(
        Markup('<dd><strong class="{}">{}: {}.</strong> {}</dd>').format(
            answer.ruling,
            when,
            say(f"ruling.{answer.ruling}", language),
            reason(answer, language, earlier=answer is not entry.now),
        )
        for when, answer in lines
    )
    return Markup("<dt>{}</dt>{}").format(entry.claim[f"statement_{language}"], answers)


def reason(answer: Answer, language: Language, *, earlier: bool = False) -> Said:
    """Why an answer is what it is, in one or two sentences; what was known earlier names no number of the page."""
    facts: dict[str, Any] = answer.facts | ({"territory": None} if earlier else {})
    sentences = []
    if "odds" in facts:
        odds = "; ".join(
            say("claims.odd", language, measure=say(f"measure.{code}", language).lower(), odds=chance)
            for code, chance in facts["odds"].items()
        )
        sentences.append(say("claims.odds", language, odds=odds))
    if "measure" in facts:
        facts["measure"] = say(f"measure.{facts['measure']}", language).lower()
    if "months" in facts:
        facts["months"] = "; ".join(_month(item, language) for item in facts["months"])
    if "phase" in facts:
        facts["phase"] = phase_words(facts["phase"], facts["probability"], language)
    sentences.append(say(f"claims.reason.{answer.reason}", language, **facts))
    return joined(sentences)


def _month(item: dict[str, Any], language: Language) -> str:
    return say("claims.month", language, **item)


def problems(study: Study, language: Language) -> Part:
    """Rows of claims and of the promotion programme that cannot be used as they stand."""
    raw = study.settings.raw
    found = [*claim_problems(read_claims(raw)), *promotion_problems(read_promotion(raw))]
    if not found:
        return paragraph([say("problem.none", language)])
    frame = pd.DataFrame(
        {
            say("problem.place", language): [problem.place for problem in found],
            say("problem.what", language): [_problem(problem, language) for problem in found],
        }
    )
    return tabled(frame, language, caption=say("problem.caption", language), index=False)


def _problem(problem: Problem, language: Language) -> str:
    facts = dict(problem.facts)
    if "metric" in facts:
        facts["metric"] = say(f"promotion.metric.{facts['metric']}", language)
        facts["unit"] = say(f"unit.{facts['unit']}", language)
    return say(f"problem.{problem.code}", language, **facts)

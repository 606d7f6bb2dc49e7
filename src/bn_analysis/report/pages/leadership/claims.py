"""The ledger of public statements → tables and sentences for the leadership page and for a page of its own."""

from collections import Counter
from typing import Any, get_args

import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.context import Problem, claim_problems, read_claims
from bn_analysis.cleaning.promotion import promotion_problems, read_promotion
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.named import Said, joined
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.report.language.verdict_words import phase_words
from bn_analysis.study.claims import Answer, Entry, Ruling
from bn_analysis.study.study import Study

SHORT = ("iip", "cycle")
"""Subjects that the leadership page shows; the others stand on the page of claims."""


def short_ledger(entries: list[Entry], language: Language) -> Part:
    """The statements on production with both rulings, one line each."""
    shown = [entry for entry in entries if entry.claim["subject"] in SHORT]
    if not shown:
        return paragraph([say("claims.none", language)])
    return _rulings(shown, language)


def full_ledger(entries: list[Entry], language: Language) -> Part:
    """Every statement with its day, both rulings and the reasons."""
    if not entries:
        return paragraph([say("claims.none", language)])
    counts = Counter(entry.now.ruling for entry in entries)
    told = ", ".join(
        say("claims.count", language, count=counts[ruling], ruling=say(f"ruling.{ruling}", language))
        for ruling in get_args(Ruling)
        if counts[ruling]
    )
    intro = paragraph([say("claims.summary", language, all=len(entries), told=told)])
    items = Markup("").join(_item(entry, language) for entry in entries)
    return intro + _rulings(entries, language) + Part(str(Markup('<dl class="claims">{}</dl>').format(items)))


def _rulings(entries: list[Entry], language: Language) -> Part:
    """Statements with both rulings; whom they are about stands in the caption, or where that differs in a column."""
    codes = [entry.claim["territory"] for entry in entries]
    named = {say("table.territory", language): [territory_name(code, language) for code in codes]}
    frame = pd.DataFrame(
        (named if len(set(codes)) > 1 else {})
        | {
            say("claims.statement", language): [entry.claim[f"statement_{language}"] for entry in entries],
            say("claims.then", language): [ruling_words(entry.then, language) for entry in entries],
            say("claims.now", language): [ruling_words(entry.now, language) for entry in entries],
        }
    )
    about = codes[0] if len(set(codes)) == 1 else None
    return tabled(frame, language, caption=say("claims.caption", language, about=about), index=False)


def ruling_words(answer: Answer, language: Language) -> Said:
    """A ruling, and the comparison that it speaks of: "right" alone would not say on what."""
    ruling, facts = say(f"ruling.{answer.ruling}", language), answer.facts
    if answer.reason == "first_print":
        return say("ruling_on.first_print", language, ruling=ruling, later=facts["later"])
    if answer.reason in ("inside", "edge", "outside"):
        measure = say(f"measure.{facts['measure']}", language)
        return say("ruling_on.measure", language, ruling=ruling, measure=measure[:1].lower() + measure[1:])
    if answer.reason != "sign" or answer.ruling == "cannot_tell":
        return ruling
    if answer.ruling == "right_on_year":
        return say("ruling_on.year", language, ruling=ruling, other=say(f"sure.{facts['by_month']}", language))
    if answer.ruling == "right_on_month":
        return say("ruling_on.month", language, ruling=ruling, other=say(f"sure.{facts['by_year']}", language))
    return say("ruling_on.both", language, ruling=ruling)


def _item(entry: Entry, language: Language) -> Markup:
    lines = [(say("claims.then_day", language, day=entry.day), entry.then), (say("claims.now", language), entry.now)]
    if entry.then == entry.now:
        lines = lines[1:]
    answers = Markup("").join(
        Markup('<dd><strong class="{}">{}: {}.</strong> {}</dd>').format(
            answer.ruling,
            when,
            ruling_words(answer, language),
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
    if "by_month" in facts:
        facts |= {key: say(f"sure.{facts[key]}", language) for key in ("by_year", "by_month")}
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

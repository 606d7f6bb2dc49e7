"""Public statements → what the figures say of each, as known when it was made and as known now."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from bn_analysis.cleaning.context import claim_problems, read_claims
from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.language.classification import territory as place
from bn_analysis.cleaning.promotion import read_promotion
from bn_analysis.errors import InputError
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import known_rates
from bn_analysis.study.printed import restated
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint
from bn_analysis.study.study import Study, open_study

Ruling = Literal[
    "confirmed", "as_first_printed", "right_on_year", "right_on_month", "contradicted", "cannot_tell", "not_checkable"
]
"""`as_first_printed`: right when said, restated since; `right_on_year`, `right_on_month`: by one comparison only."""
FEWEST_PAIRS = 10
"""Months printed first and again from which the usual distance between the two is known."""
Sure = Literal["yes", "no", "open"]
AGREED: dict[Sure, Ruling] = {"yes": "confirmed", "no": "contradicted", "open": "cannot_tell"}
SURE = 0.9
"""Probability from which a reading or a sign counts as settled."""
Z80, Z95 = ndtri(0.9), ndtri(0.975)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the figures known on one day say of a statement.

    Attributes
    ----------
    ruling : Ruling
    reason : str
        Key of the sentence that says why.
    facts : dict
        What that sentence names.
    """

    ruling: Ruling
    reason: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement with its two answers; `claim` is its row in the claims file, `day` when it was made."""

    claim: dict[str, Any]
    day: str
    then: Answer
    now: Answer


def ledger(study: Study) -> list[Entry]:
    """Every statement on the study's territory, or on one that it was made of, in the order of the file; stored.

    Those made after its day of knowledge are left out.

    The day of a statement is the end of the last month that its source speaks of: sources without a date of their own
    cannot have been written earlier.

    Parameters
    ----------
    study : Study
        Its day of knowledge is "now".

    Returns
    -------
    list of Entry
        Statements that cannot be used as they stand are left out: the data review lists them.
    """
    settings = study.settings
    territory, day = study.parameters.territory, study.parameters.as_of
    key = fingerprint(settings, territory, "ledger", territory, day)
    return stored(settings, f"ledger-{key}", lambda: _compute(territory, day, settings))


def _compute(territory: str, as_of: str, settings: Settings) -> list[Entry]:
    claims = read_claims(settings.raw)
    unusable = {problem.place for problem in claim_problems(claims)}
    about = (territory, *place(territory).parts)
    claims = claims[claims["territory"].isin(about) & ~claims["place"].isin(unusable)]
    days = claims.groupby("source")["period"].agg(_day_of)
    found = []
    for claim in claims.to_dict("records"):
        day = str(days[claim["source"]])
        if as_of and day > as_of:
            continue
        then = _answer(claim, day, settings)
        now = _answer(claim, as_of, settings)
        found.append(Entry(claim, day, then, now))
    return found


def _day_of(periods: pd.Series) -> str:
    """Last day of the last month that a source names; of its last year where it names no month."""
    months = [period for period in periods if "-" in period]
    last = pd.Period(max(months), freq="M") if months else pd.Period(f"{max(periods)}-12", freq="M")
    return last.end_time.date().isoformat()


def _answer(claim: dict[str, Any], as_of: str, settings: Settings) -> Answer:
    if claim["subject"] == "policy":
        return Answer("not_checkable", "policy", {})
    if claim["subject"] == "promotion":
        return _promotion(claim, as_of, settings)
    try:
        study = open_study(claim["territory"], claim["period"], as_of, settings=settings)
    except InputError:
        return Answer("cannot_tell", "unknown_month", {"period": claim["period"]})
    rules: dict[str, Callable[[dict[str, Any], Study], Answer]] = {
        "unstated": _unstated, "sign": _sign, "verdict": _verdict,
    }  # fmt: skip
    return rules.get(claim["basis"], _rate)(claim, study)


def _rate(claim: dict[str, Any], study: Study) -> Answer:
    """A printed change against what all other figures imply for the same comparison."""
    return _against(float(claim["value_text"]), claim["basis"], study, {})


def _unstated(claim: dict[str, Any], study: Study) -> Answer:
    """A change without its base: first which base it has, then whether the figures imply it."""
    value = float(claim["value_text"])
    odds = study.estimate.which_base(value, claim["period"])
    facts = {"odds": {measure: float(odds[measure]) for measure in odds.index}}
    if odds.max() < SURE:
        return Answer("cannot_tell", "base_open", facts)
    return _against(value, str(odds.idxmax()), study, facts)


def _against(value: float, measure: str, study: Study, facts: dict[str, Any]) -> Answer:
    row = study.estimate.implied(measure).loc[study.at]
    band = _band(row)
    facts = facts | {"value": value, "measure": measure, "same_sign": value * band["implied"] > 0} | band
    if study.estimate.to_frame().at[study.at, "status"] != "observed":
        return Answer("cannot_tell", "month_unobserved", facts)
    if facts["low"] <= value <= facts["high"]:
        return Answer("confirmed", "inside", facts)
    if (later := _printed_again(value, measure, study, band["implied"])) is not None:
        return Answer("as_first_printed", "first_print", facts | later)
    half = (np.log1p(facts["high"] / 100) - np.log1p(facts["low"] / 100)) / 2 * Z95 / Z80
    distance = abs(np.log1p(value / 100) - np.log1p(facts["implied"] / 100))
    return Answer("contradicted" if distance > half else "cannot_tell", "outside" if distance > half else "edge", facts)


def _printed_again(value: float, measure: str, study: Study, implied: float) -> dict[str, Any] | None:
    """What a first print became, where it lies no further from that than first prints usually do; None elsewhere.

    What it became is what the office printed again, or else what all other figures imply. How far first prints usually
    lie from what is printed again is known from the country.
    """
    pairs = restated(known_rates(study.settings, study.parameters.as_of, COUNTRY), measure)
    if len(pairs) < FEWEST_PAIRS:
        return None
    usual = float((pairs["first"] - pairs["restated"]).abs().quantile(SURE))
    own = study.own[(study.own["measure"] == measure) & (study.own["period"] == str(study.at))]
    again = own[own["release"] == "restated"].sort_values("release_date")["value_pct"]
    later = float(again.iloc[-1]) if len(again) else implied
    if abs(value - later) > usual:
        return None
    return {"later": later, "again": bool(len(again)), "usual": usual, "apart": abs(value - later)}


def _band(row: "pd.Series[float]") -> dict[str, float]:
    return {"implied": float(row["value_pct"]), "low": float(row["low80"]), "high": float(row["high80"])}


def _sign(claim: dict[str, Any], study: Study) -> Answer:
    """Falls in each of the months covered: on a year earlier, and on the month before without season and Tết."""
    months = pd.period_range(study.at - claim["months"] + 1, study.at, freq="M")
    draws = np.log(study.draws)
    yoy = study.implied_yoy.loc[months]
    change = 100 * (draws.loc[months[0] - 1 : study.at].diff().dropna())
    share = (change < 0).mean(axis=1)
    facts: dict[str, Any] = {
        "months": [
            {
                "month": month,
                **_band(yoy.loc[month]),
                "adjusted": float(np.expm1(change.loc[month].median() / 100) * 100),
                "fell_yoy": _chance_of_fall(yoy.loc[month]),
                "fell": float(share[month]),
            }
            for month in months
        ]
    }
    observed = study.estimate.to_frame().loc[months, "status"] == "observed"
    if not observed.all():
        return Answer("cannot_tell", "month_unobserved_sign", facts)
    by_year = _sure(item["fell_yoy"] for item in facts["months"])
    by_month = _sure(item["fell"] for item in facts["months"])
    facts |= {"by_year": by_year, "by_month": by_month}
    if by_year == by_month:
        return Answer(AGREED[by_year], "sign", facts)
    if "yes" in (by_year, by_month):
        return Answer("right_on_year" if by_year == "yes" else "right_on_month", "sign", facts)
    return Answer("cannot_tell", "sign", facts)


def _sure(chances: Iterable[float]) -> Sure:
    """Whether every one of several things surely holds, one of them surely does not, or neither is sure."""
    lowest = min(chances)
    if lowest >= SURE:
        return "yes"
    return "no" if lowest <= 1 - SURE else "open"


def _chance_of_fall(row: "pd.Series[float]") -> float:
    """Probability that a rate was below zero, from its 80 % band taken as normal in logs."""

    low, high = np.log1p(row[["low80", "high80"]].to_numpy(dtype=float) / 100)
    return float(ndtr(-np.log1p(row["value_pct"] / 100) / max((high - low) / 2 / Z80, 1e-9)))


def _verdict(claim: dict[str, Any], study: Study) -> Answer:
    """The claim that the bottom has been left, against the verdict."""
    verdict = study.verdict
    facts = {
        "territory": study.parameters.territory, "at": study.at, "phase": verdict.phase,
        "probability": verdict.probability, "trough": verdict.trough,
    }  # fmt: skip
    if verdict.sure:
        return Answer("confirmed", "phase", facts)
    return Answer("contradicted" if verdict.phase == "contraction" else "cannot_tell", "phase", facts)


def _promotion(claim: dict[str, Any], as_of: str, settings: Settings) -> Answer:
    """A figure of the promotion programme: is there an outcome from another source than the statement itself?"""
    rows = read_promotion(settings.raw)
    rows = rows[(rows["territory"] == claim["territory"]) & (rows["year"] == claim["period"])]
    number = re.fullmatch(r"-?\d+(\.\d+)?", claim["value_text"])
    own = rows[(rows["source"] == claim["source"]) & (rows["unit"] == claim["unit"])]
    own = own[own["value"] == float(number[0])] if number else own.iloc[:0]
    if own.empty:
        return Answer("not_checkable", "no_statistics", {})
    row = own.iloc[0]
    others = rows[
        (rows["source"] != claim["source"])
        & (rows["metric"] == row["metric"])
        & (rows["fund"] == row["fund"])
        & (rows["status"] == "actual")
        & (rows["source_date"] <= (as_of or dt.date.max.isoformat()))
    ]
    if others.empty:
        return Answer("cannot_tell", "no_outcome", {})
    outcome = float(others.iloc[-1]["value"])
    facts = {"outcome": outcome, "unit": row["unit"]}
    return Answer("confirmed" if outcome >= row["value"] else "contradicted", "outcome", facts)

"""Days of knowledge that were visited → how the probability moved from one to the next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from bn_analysis.cycle.phases import RISING, Phase, thresholds
from bn_analysis.report.elements.chart import (
    MUTED,
    PALE,
    PAPER,
    SECOND,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    number_axis,
)
from bn_analysis.report.explorer.view import View
from bn_analysis.report.language.formats import Language, day
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_words

MARGIN = 3
"""Months shown around the days visited, so that a single day has an axis."""
FILLED: tuple[Phase, ...] = ("contraction", "expansion")
"""Phases drawn as solid dots: the sure ends of the way from falling to recovered."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one day of knowledge said: the day, the month judged, probability (None without a verdict) and phase."""

    day: str
    at: pd.Period
    probability: float | None
    phase: Phase


def visit(view: View) -> Visit | None:
    """The verdict of a view as it stands in the trail; None where nothing could be computed."""
    if view.study is None:
        return None
    verdict = view.study.verdict
    return Visit(view.choice.as_of or view.study.vintage, view.study.at, verdict.probability, verdict.phase)


def trail_chart(visits: Iterable[Visit], language: Language) -> Chart:
    """The probability by day of knowledge, over at least one visited day; each phase has its colour and fill.

    Parameters
    ----------
    visits : iterable of Visit
        In any order.
    language : {"vi", "en"}
    """
    walked = sorted(set(visits), key=lambda each: each.day)
    known = [(each, each.probability) for each in walked if each.probability is not None]
    unknown = [each for each in walked if each.probability is None]
    months = pd.period_range(_month(walked[0]) - MARGIN, _month(walked[-1]) + MARGIN, freq="M")

    def draw(axes: Axes, width: Width) -> None:
        call = 100 * thresholds("figures").call
        axes.axhline(call, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        label = say("explore.trail.call", language)
        axes.annotate(label, (months[0].ordinal, call), (2, 3), textcoords="offset points", color=MUTED)
        axes.plot([_place(each) for each, _ in known], [100 * p for _, p in known], color=PALE, linewidth=1.1, zorder=2)
        for each, probability in known:
            colour = STRONG if each.phase in RISING else SECOND
            face = colour if each.phase in FILLED else PAPER
            axes.plot(_place(each), 100 * probability, "o", color=face, markeredgecolor=colour, zorder=3)
        axes.plot([_place(each) for each in unknown], [0] * len(unknown), "|", color=MUTED, markersize=8)
        axes.set_ylim(-4, 104)
        axes.set_title(say("explore.trail.axis", language), loc="left", fontsize=8, color=MUTED)
        month_axis(axes, months, language, width)
        number_axis(axes, language)

    data = pd.DataFrame(
        {
            say("explore.trail.day", language): [day(each.day, language) for each in walked],
            say("explore.trail.month", language): [each.at for each in walked],
            say("explore.trail.probability", language): [
                None if each.probability is None else 100 * each.probability for each in walked
            ],
            say("explore.trail.phase", language): [
                phase_words(each.phase, each.probability, language) for each in walked
            ],
        }
    )
    return chart(draw, _title(known, language), say("explore.trail.description", language), data, language)


def _title(known: list[tuple[Visit, float]], language: Language) -> str:
    if not known:
        return say("explore.trail.none", language)
    if len(known) == 1:
        return say("explore.trail.one", language, day=known[0][0].day, probability=known[0][1])
    found = [probability for _, probability in known]
    return say("explore.trail.title", language, low=min(found), high=max(found), days=len(known))


def _month(each: Visit) -> pd.Period:
    return pd.Period(each.day[:7], freq="M")


def _place(each: Visit) -> float:
    """Place of a day on an axis of months."""
    month = _month(each)
    return float(month.ordinal + (dt.date.fromisoformat(each.day).day - 1) / month.days_in_month - 0.5)

"""Two days of knowledge of one series → both verdicts side by side, what changed between them, a chart of both."""

from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from bn_analysis.report.elements.chart import (
    PALE,
    SECOND,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    name_lines,
    number_axis,
)
from bn_analysis.report.elements.part import Part, in_house_style, paragraph
from bn_analysis.report.explorer.view import Choice, View, explore
from bn_analysis.report.language.formats import Language, day
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_words
from bn_analysis.report.pages.leadership.release_changes import largest_revision, levels
from bn_analysis.settings import Settings
from bn_analysis.study.study import Study

SHOWN_MONTHS = 48
"""Months drawn before the last one of the earlier day."""


@dataclass(frozen=True, slots=True)
class TwoDays:
    """One series as known on two days, the earlier first; shows itself."""

    earlier: View
    later: View

    @property
    def language(self) -> Language:
        """Of the words."""
        return self.later.choice.language

    def pieces(self) -> list[Part | Chart]:
        """Both cards side by side, then, where both days have an index, what changed and the lines of both."""
        cards = Markup("").join(self._side(view) for view in (self.earlier, self.later))
        side_by_side = Part(str(Markup('<div class="side-by-side">{}</div>').format(cards)))
        if self.earlier.study is None or self.later.study is None:
            return [side_by_side]
        earlier, later = self.earlier.study, self.later.study
        if earlier.vintage == later.vintage:
            return [side_by_side, paragraph([say("explore.two.nothing", self.language)])]
        return [side_by_side, self.changed(earlier, later), self.chart(earlier, later)]

    def changed(self, earlier: Study, later: Study) -> Part:
        """What the figures between the two days did to verdict, probability and past."""
        language, then, now = self.language, earlier.verdict, later.verdict
        same = (then.phase, then.doubtful) == (now.phase, now.doubtful)
        sentence = say(
            "explore.two.same" if same else "explore.two.changed",
            language,
            first=earlier.vintage,
            second=later.vintage,
            figures=len(later.rates) - len(earlier.rates),
            phase_then=phase_words(then.phase, then.probability, language),
            phase_now=phase_words(now.phase, now.probability, language),
            then=then.probability,
            now=now.probability,
            at_then=earlier.at,
            at_now=later.at,
        )
        return paragraph([sentence, largest_revision(earlier, later, language)])

    def chart(self, earlier: Study, later: Study) -> Chart:
        """Index (thin) and adjusted index as known on each day, on one base."""
        language = self.language
        then, now = levels(earlier, later)
        known = {study.vintage: frame for study, frame in ((earlier, then), (later, now))}
        data = pd.concat(
            {
                say(f"explore.two.{name}", language, day=vintage): frame[column]
                for column, name in (("value", "index"), ("seasonally_adjusted", "adjusted"))
                for vintage, frame in known.items()
            },
            axis=1,
        ).loc[earlier.at - SHOWN_MONTHS :]
        data.index.name = say("chart.month", language)
        months = pd.PeriodIndex(data.index)

        def draw(axes: Axes, width: Width) -> None:
            ends = []
            for column, (vintage, colour) in enumerate(zip(known, (SECOND, STRONG), strict=True)):
                axes.plot(months.asi8, data.iloc[:, column], color=PALE if column else colour, linewidth=0.6, alpha=0.7)
                line = data.iloc[:, 2 + column]
                axes.plot(months.asi8, line, color=colour, linewidth=1.6, zorder=3 + column)
                last = line.last_valid_index()
                ends.append((day(vintage, language), last.ordinal, float(line[last]), colour))
            axes.set_title(say("explore.two.axis", language), loc="left", fontsize=8)
            room = pd.period_range(months[0], months[-1] + len(months) // 6, freq="M")  # for the names of the lines
            month_axis(axes, room, language, width)
            number_axis(axes, language)
            name_lines(axes, ends, width)

        title = say("explore.two.title", language, first=earlier.vintage, second=later.vintage)
        return chart(draw, title, say("explore.two.description", language), data, language)

    def _side(self, view: View) -> Markup:
        known = view.choice.as_of or (view.study.vintage if view.study is not None else "")
        heading = say("explore.two.known", self.language, day=known)
        card = view.card(view.study) if view.study is not None else paragraph([view.message])
        return Markup("<div><h4>{}</h4>{}</div>").format(heading, Markup(card.html))

    def _repr_html_(self) -> str:
        return in_house_style("".join(piece.html for piece in self.pieces()))


def two_days(choice: Choice, other: str, settings: Settings | None = None) -> TwoDays:
    """A choice as known on its own day and on another.

    Parameters
    ----------
    choice : Choice
    other : str
        The other day, YYYY-MM-DD; "" for every figure.
    settings : Settings, optional

    Returns
    -------
    TwoDays
        As of `explore`, a day that cannot be computed holds a message.
    """
    first, second = sorted((choice.as_of, other), key=lambda known: known or "9999")
    return TwoDays(explore(replace(choice, as_of=first), settings), explore(replace(choice, as_of=second), settings))

"""Widgets → choices: binds drop-down lists and the time machine's slider to `explore`, and computes nothing itself."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.report.explorer.catalogue import industry_label, open_catalogue, territory_label
from bn_analysis.report.explorer.trail import Visit, trail_chart, visit
from bn_analysis.report.explorer.view import AUTO, METHODS, NONE, WINDOWS, Choice, View, explore
from bn_analysis.report.language.formats import Language, day
from bn_analysis.report.language.sentences import say
from bn_analysis.settings import Settings

# The pages' style sheet belongs to a whole page; here the same pieces stand inside somebody else's.
STYLE = """<style>.bn-explore{max-width:54rem;line-height:1.45}.bn-explore figure{margin:1rem 0}
.bn-explore .answer{font-size:1.25em;font-weight:600}.bn-explore figcaption{font-weight:600}
.bn-explore dl{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:.5rem 0}
.bn-explore dl dt,.bn-explore dl dd{display:block;float:none;width:auto;margin:0;padding:0}
.bn-explore dl dt{color:#5b6876;font-weight:400}.bn-explore dl dd{font-weight:600}
.bn-explore .table{max-height:20rem;overflow:auto}.bn-explore .trail{max-width:24rem}
.bn-explore .trail .wide{display:none}.bn-explore .trail .narrow{display:block!important}</style>"""
WIDTH, LABEL_WIDTH = "23rem", "7.5rem"
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


class Explorer(widgets.VBox):
    """Everything to choose above what it shows; the last day of the slider stands for every figure.

    Parameters
    ----------
    choice : Choice, optional
        Where to begin.
    settings : Settings, optional

    Attributes
    ----------
    territory, indicator, industry, method, tet, language : ipywidgets.Dropdown
    day : ipywidgets.SelectionSlider
        Days on which the series was published.
    supposed : ipywidgets.Text
        Figures to suppose: what would they change?
    shown : ipywidgets.HTML
        Verdict, charts and the days visited.
    view : View
        What is shown, to look into from the next cell.
    """

    view: View

    def __init__(self, choice: Choice | None = None, settings: Settings | None = None) -> None:
        choice = choice or Choice()
        self._settings = settings or Settings()
        self._catalogue = open_catalogue(self._settings)
        self._visits: dict[Choice, dict[str, Visit]] = {}
        self._filling = False
        self._lists = {name: widgets.Dropdown() for name in ("territory", "indicator", "industry", "method", "tet")}
        self.territory, self.indicator, self.industry, self.method, self.tet = self._lists.values()
        self.language = widgets.Dropdown(options=[(LANGUAGE_NAMES[each], each) for each in LANGUAGES])
        self.day = widgets.SelectionSlider(options=[""], continuous_update=False)
        self.supposed = widgets.Text(placeholder="2026-09 yoy 7,3", continuous_update=False)
        self.status, self.shown = widgets.HTML(), widgets.HTML()
        rows = [(self.territory, self.indicator), (self.industry, self.method), (self.tet, self.language)]
        for each in (*self._lists.values(), self.language, self.day, self.supposed):
            each.layout.width = WIDTH if each not in (self.day, self.supposed) else f"calc(2 * {WIDTH})"
            each.style.description_width = LABEL_WIDTH
        super().__init__([*map(widgets.HBox, rows), self.day, self.supposed, self.status, self.shown])
        self.language.value = choice.language
        self._fill(choice)
        for each in (*self._lists.values(), self.day, self.language, self.supposed):
            each.observe(self._changed, names="value")
        self._show()

    @property
    def choice(self) -> Choice:
        """What the widgets say now."""
        return Choice(
            self.territory.value, self.indicator.value, self.industry.value, self.day.value, self.method.value,
            self.tet.value, self.language.value, self.supposed.value.strip(),
        )  # fmt: skip

    def _changed(self, _: Any) -> None:
        if not self._filling:
            self._fill(self.choice)
            self._show()

    def _fill(self, choice: Choice) -> None:
        """Offer what exists for the choice so far; what it cannot keep falls back to the first of its list."""
        language: Language = choice.language
        self._filling = True
        try:
            codes = self._catalogue.territories()
            code = _offer(self.territory, [(territory_label(each, language), each) for each in codes], choice.territory)
            known = self._catalogue.indicators(code)
            names = [(say(f"explore.name.{each}", language), each) for each in known]
            indicator = _offer(self.indicator, names, choice.indicator)
            industries = self._catalogue.industries(code, indicator)
            named = [(industry_label(each, language), each) for each in industries]
            industry = _offer(self.industry, named, choice.industry)
            days = self._catalogue.days(code, indicator, industry)
            labels = [(day(each, language), each) for each in days[:-1]]
            labels.append((say("explore.latest", language, day=days[-1]), ""))
            _offer(self.day, labels, _newest_until(days, choice.as_of))
            _offer(self.method, [(say(f"explore.method.{each}", language), each) for each in METHODS], choice.method)
            own = [(say(f"explore.windows_name.{each}", language), each) for each in (AUTO, NONE)]
            _offer(self.tet, [*own, *((each, each) for each in WINDOWS)], choice.tet)
            self._label(language)
        finally:
            self._filling = False

    def _label(self, language: Language) -> None:
        for name in ("territory", "indicator", "industry", "tet", "language", "day", "supposed"):
            getattr(self, name).description = say(f"explore.{name}", language)
        self.method.description = say("explore.method_label", language)

    def _show(self) -> None:
        choice = self.choice
        self.status.value = escape(say("explore.working", choice.language))
        self.view = explore(choice, self._settings)
        visits = self._visits.setdefault(replace(choice, as_of="", language="vi"), {})
        seen = visit(self.view)
        if seen is not None:
            visits[seen.day] = seen
        trail = trail_chart(visits.values(), choice.language)._repr_html_() if visits else ""
        card, *rest = [piece._repr_html_() for piece in self.view.pieces()]
        body = "".join([card, f'<div class="trail">{trail}</div>', *rest])
        self.shown.value = f'{STYLE}<div class="bn-explore" lang="{choice.language}">{body}</div>'
        self.status.value = ""


def _offer(widget: Any, options: Sequence[tuple[str, str]], wanted: str) -> Any:
    """Put options into a widget and give back its value: the wanted one where that is still there, else the first."""
    if tuple(widget.options) != tuple(options):
        widget.options = options
    values = [value for _, value in options]
    widget.value = wanted if wanted in values else values[0]
    return widget.value


def _newest_until(days: tuple[str, ...], as_of: str) -> str:
    """The slider's value for a day of knowledge: whoever looks at another series stays in the same past."""
    if not as_of or as_of >= days[-1]:
        return ""
    return max((each for each in days if each <= as_of), default=days[0])

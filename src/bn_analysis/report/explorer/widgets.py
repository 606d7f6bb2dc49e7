"""Widgets → choices: binds lists, the time machine's slider and a file to the views, and computes nothing itself."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.report.elements.chart import Chart
from bn_analysis.report.elements.part import Part, in_house_style
from bn_analysis.report.explorer.beforehand import Beforehand
from bn_analysis.report.explorer.catalogue import industry_label, open_catalogue
from bn_analysis.report.explorer.own_series import OwnSeries, uploaded_series
from bn_analysis.report.explorer.take_away import take_away
from bn_analysis.report.explorer.trail import Visit, trail_chart, visit
from bn_analysis.report.explorer.two_days import two_days
from bn_analysis.report.explorer.view import AUTO, METHODS, NONE, WINDOWS, Choice, View, explore
from bn_analysis.report.language.formats import Language, day
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.settings import Settings

# What the house style has no need of on a page: places beside each other, inside JupyterLab's own.
STYLE = """<style>.bn-explore{line-height:1.45;font-size:14px}
.bn-explore .table{max-height:20rem;overflow:auto}.bn-explore .bn .trail .wide{display:none}
.bn-explore .bn .trail .narrow{display:block!important}
.bn-controls .widget-readout{flex:0 0 auto;max-width:none;text-align:right}</style>"""
CONTROLS, RESULTS, LABEL_WIDTH = "21rem", "24rem", "7rem"
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


class Explorer(widgets.HBox):
    """Everything to choose beside what it shows; the last day of the slider stands for every figure.

    While it is on screen, the other days of the series are computed beforehand.

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
    against : ipywidgets.Dropdown
        Another day of knowledge to stand beside it.
    supposed : ipywidgets.Text
        Figures to suppose: what would they change?
    beforehand : ipywidgets.Checkbox
        Whether the other days are computed beforehand, with how many are in `progress`.
    shown, taken, walked : ipywidgets.HTML
        Verdict and charts; links that save them; the days visited.
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
        self.against = widgets.Dropdown()
        self.supposed = widgets.Text(placeholder="2026-09 yoy 7,3", continuous_update=False)
        self.beforehand = widgets.Checkbox(value=True, indent=False)
        self.progress = widgets.IntProgress()
        self.status, self.walked, self.taken = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.shown = widgets.HTML(layout=widgets.Layout(flex=f"1 1 {RESULTS}", min_width="0"))
        chosen = (*self._lists.values(), self.day, self.against, self.supposed, self.language)
        for each in (*chosen, self.progress):
            each.layout.width = "auto"
            each.style.description_width = LABEL_WIDTH
        beside = widgets.Layout(width=CONTROLS, flex=f"0 1 {CONTROLS}")
        controls = widgets.VBox(
            [*chosen, self.beforehand, self.progress, self.status, self.taken, self.walked], layout=beside
        )
        controls.add_class("bn-controls")
        super().__init__([controls, self.shown], layout=widgets.Layout(flex_flow="row wrap", grid_gap="1rem"))
        self.language.value = choice.language
        self._at_work: Beforehand | None = None
        self._worked_on: Choice | None = None
        self._displayed = False
        self._fill(choice)
        for each in chosen:
            each.observe(self._changed, names="value")
        self.beforehand.observe(self._changed, names="value")
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
            code = _offer(self.territory, [(territory_name(each, language), each) for each in codes], choice.territory)
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
            alone = (say("explore.alone", language), NONE)
            _offer(self.against, [alone, *reversed(labels)], self.against.value)
            _offer(self.method, [(say(f"explore.method.{each}", language), each) for each in METHODS], choice.method)
            own = [(say(f"explore.windows_name.{each}", language), each) for each in (AUTO, NONE)]
            _offer(self.tet, [*own, *((each, each) for each in WINDOWS)], choice.tet)
            self._label(language)
        finally:
            self._filling = False

    def _label(self, language: Language) -> None:
        for name in (
            "territory",
            "indicator",
            "industry",
            "tet",
            "language",
            "day",
            "against",
            "supposed",
            "beforehand",
        ):
            getattr(self, name).description = say(f"explore.{name}", language)
        self.method.description = say("explore.method_label", language)

    def _show(self) -> None:
        choice = self.choice
        self.status.value = escape(say("explore.working", choice.language))
        self.view = explore(choice, self._settings)
        if self.against.value == NONE:
            pieces = self.view.pieces()
        else:
            pieces = two_days(choice, self.against.value, self._settings).pieces()
        # What was asked for first: the trail and the pictures take as long again, and nobody waits for them.
        self.shown.value = _in_style("".join(piece.html for piece in pieces), choice.language)
        self.status.value = ""
        self.walked.value = _in_style(self._trail(choice), choice.language)
        self.taken.value = _in_style(_pictures(pieces), choice.language)
        self._work_ahead(replace(choice, as_of="", language="vi", supposed=""))

    def _trail(self, choice: Choice) -> str:
        visits = self._visits.setdefault(replace(choice, as_of="", language="vi"), {})
        seen = visit(self.view)
        if seen is not None:
            visits[seen.day] = seen
        return f'<div class="trail">{trail_chart(visits.values(), choice.language).html}</div>' if visits else ""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Where it is put on a screen its other days begin to be computed."""
        self._displayed = True
        self._work_ahead(replace(self.choice, as_of="", language="vi", supposed=""))
        return super()._repr_mimebundle_(**kwargs)

    def _work_ahead(self, series: Choice) -> None:
        """Compute the days of a series, the newest first, unless that is being done or not wanted."""
        wanted = series if self._displayed and self.beforehand.value else None
        if wanted == self._worked_on:
            return
        if self._at_work is not None:
            self._at_work.stop()
        self._at_work, self._worked_on = None, wanted
        self.progress.layout.set_trait("display", "none" if wanted is None else "")
        if wanted is not None:
            days = ["", *(value for _, value in reversed(self.day.options[:-1]))]
            self.progress.max = len(days)
            self._tell(0, True)
            choices = [replace(wanted, as_of=each) for each in days]
            self._at_work = Beforehand(choices, self._settings, self._tell)

    def _tell(self, done: int, going: bool) -> None:
        days, key = self.progress.max, "computed" if going or done == self.progress.max else "stopped"
        self.progress.value = done
        self.progress.description = say(f"explore.{key}", self.language.value, done=done, days=days)


class OwnFile(widgets.VBox):
    """A button for a CSV file of one's own above what is found in it.

    Parameters
    ----------
    language : {"vi", "en"}

    Attributes
    ----------
    upload : ipywidgets.FileUpload
    shown : ipywidgets.HTML
    series : OwnSeries
        What was found, to look into from the next cell.
    """

    series: OwnSeries

    def __init__(self, language: Language = "vi") -> None:
        self._language: Language = language
        self.upload = widgets.FileUpload(accept=".csv", description=say("explore.own.choose", language))
        self.upload.layout.width = CONTROLS
        self.shown = widgets.HTML(escape(say("explore.own.hint", language)))
        super().__init__([self.upload, self.shown])
        self.upload.observe(self._changed, names="value")

    def _changed(self, _: Any) -> None:
        for file in self.upload.value:
            self.shown.value = escape(say("explore.working", self._language))
            self.series = uploaded_series(file["name"], bytes(file["content"]), self._language)
            pieces = self.series.pieces()
            self.shown.value = _in_style("".join(piece.html for piece in pieces) + _pictures(pieces), self._language)


def _pictures(pieces: Sequence[Part | Chart]) -> str:
    """Links that save the first chart."""
    return "".join(take_away(piece).html for piece in [each for each in pieces if isinstance(each, Chart)][:1])


def _in_style(html: str, language: Language) -> str:
    return f'{STYLE}<div class="bn-explore" lang="{language}">{in_house_style(html)}</div>'


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

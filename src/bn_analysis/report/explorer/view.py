"""A choice of series, day of knowledge and method → the same verdict, charts and words that the reports show."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import get_args

import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY, LANGUAGES, PRESENT, TOTAL
from bn_analysis.cleaning.rates import vintage
from bn_analysis.cycle import Bottoming, bottoming
from bn_analysis.errors import BnAnalysisError, InputError, NotEnoughDataError, bilingual
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.report.elements.chart import Chart
from bn_analysis.report.elements.part import Part, in_house_style, paragraph
from bn_analysis.report.explorer.catalogue import Indicator, open_catalogue, subject
from bn_analysis.report.explorer.supposed import supposed_rates
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import answer_key
from bn_analysis.report.pages.leadership.verdict import verdict_card
from bn_analysis.report.pages.study_charts import index_chart, verdict_chart
from bn_analysis.seasonal import SeasonalAdjustment, from_estimate, with_windows
from bn_analysis.seasonal.adjust import AskedMethod
from bn_analysis.seasonal.tet.windows import GRID_MONTHS, Windows, label, window_grid
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import known_rates, rates_behind
from bn_analysis.study.parameters import TERRITORIES, Parameters
from bn_analysis.study.steps import index_of
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint
from bn_analysis.study.study import NOTHING_AHEAD, Study, open_study, reference_estimate

METHODS: tuple[AskedMethod, ...] = ("auto", "x13", "structural", "stl")
AUTO, NONE = "auto", "none"
WINDOWS: dict[str, Windows] = {label(windows): windows for windows in window_grid(GRID_MONTHS) if windows}
"""Tết windows of one's own choice by name: the grid among which X-13 searches."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to look at, with whose eyes, and how.

    Attributes
    ----------
    territory : str
        BN, VN, BNM, BG or any province with labour figures.
    indicator : {"iip", "labour"}
        Production, or labour in industry.
    industry : str
        TOTAL or the code of an industry with enough figures.
    as_of : str
        YYYY-MM-DD, the day of knowledge; "" for every figure.
    method : {"auto", "x13", "structural", "stl"}
        Of seasonal adjustment.
    tet : str
        "auto" (windows searched for), "none" (Tết stays in), or a key of `WINDOWS`, such as "−6…−1 + 0…6" (X-13 only).
    language : {"vi", "en"}
    supposed : str
        Figures to suppose, as `bn_analysis.report.explorer.supposed.supposed_rates` reads them; "" for none.
    """

    territory: str = PRESENT
    indicator: Indicator = "iip"
    industry: str = TOTAL
    as_of: str = ""
    method: AskedMethod = "auto"
    tet: str = AUTO
    language: Language = "vi"
    supposed: str = ""

    @property
    def reported(self) -> bool:
        """Whether a report makes the same choices: then the numbers are those of the report."""
        series = (self.indicator, self.industry) == ("iip", TOTAL) and self.territory in TERRITORIES
        return series and (self.method, self.tet, self.supposed) == (AUTO, AUTO, "")


@dataclass(frozen=True, slots=True)
class View:
    """What a choice shows.

    Attributes
    ----------
    choice : Choice
    study : Study or None
        Index, adjustment, draws and verdict, to look into; None where the choice cannot be computed.
    message : str
        Why not, one line in the language of the choice; else empty.
    """

    choice: Choice
    study: Study | None
    message: str = ""

    @property
    def subject(self) -> str:
        """What the series measures, in words."""
        return subject(self.choice.territory, self.choice.indicator, self.choice.industry, self.choice.language)

    def pieces(self) -> list[Part | Chart]:
        """Verdict card, how it was found, adjusted index with trend, index with its band; or the message."""
        if self.study is None:
            return [paragraph([self.message])]
        return [self.card(self.study), self.how(self.study), self.chart(self.study), self.index(self.study)]

    def card(self, study: Study) -> Part:
        """The verdict card of the reports, about this series."""
        sentence = answer(study.verdict, self.subject, study.at, self.choice.language)
        return verdict_card(study, self.choice.language, sentence=sentence)

    def how(self, study: Study) -> Part:
        """Figures, days and methods behind it, and reasons where there is no verdict."""
        language, frame = self.choice.language, study.estimate.frame
        facts = {"observed": int((frame["status"] == "observed").sum()), "months": len(frame)}
        codes = study.verdict.reasons if study.verdict.phase == "not_enough_data" else ()
        reasons = "; ".join(say(f"reason.{code}", language, **facts) for code in codes)
        method = say(f"explore.method.{study.adjustment.method}", language)
        sentences = [
            say(
                "explore.how", language, figures=study.estimate.n_figures, vintage=study.vintage,
                first=frame.index[0], last=frame.index[-1], method=method,
            ),
            say("explore.why_not", language, reasons=reasons) if reasons else "",
            say("explore.tet_stays", language) if self.choice.tet == NONE else _windows(study, language),
            say("explore.supposed_in", language, figures=self.choice.supposed) if self.choice.supposed else "",
            say("explore.no_band", language) if study.adjustment.method == "stl" else "",
        ]  # fmt: skip
        return paragraph(sentences)

    def chart(self, study: Study) -> Chart:
        """Index, adjusted with its band, and trend, as on the page for leadership."""
        language = self.choice.language
        kept = say("explore.adjusted_with_tet", language) if self.choice.tet == NONE else ""
        return verdict_chart(
            study, language, title=finding(study.verdict, self.subject, study.at, language), adjusted_label=kept
        )

    def index(self, study: Study) -> Chart:
        """The index with its own band, before any adjustment."""
        facts = {"subject": self.subject, "figures": study.estimate.n_figures}
        return index_chart(study, self.choice.language, title=say("explore.index_title", self.choice.language, **facts))

    def _repr_html_(self) -> str:
        return in_house_style("".join(piece.html for piece in self.pieces()))


def answer(verdict: Bottoming, subject: str, at: pd.Period, language: Language) -> str:
    """The verdict on any series as one sentence."""
    key = answer_key(verdict.phase, verdict.probability, verdict.regained)
    return say(f"explore.answer.{key}", language, subject=subject, at=at)


def finding(verdict: Bottoming, subject: str, at: pd.Period, language: Language) -> str:
    """What the chart of any series shows, in one sentence: how far it is from its turn."""
    facts: dict[str, object] = {"subject": subject, "at": at}
    if verdict.phase == "not_enough_data":
        key = "not_enough_data"
    elif verdict.trough is not None:
        key = "possible" if verdict.phase == "possible_trough" else "trough"
        facts |= {"trough": verdict.trough, "rise": verdict.rise and verdict.rise.middle}
    elif verdict.peak is not None and verdict.depth_pct is not None:
        key = "peak"
        facts |= {"peak": verdict.peak, "depth": verdict.depth_pct}
    else:
        key = "no_fall"
    return say(f"explore.finding.{key}", language, **facts)


def explore(choice: Choice, settings: Settings | None = None) -> View:
    """Look at one choice; computed once and stored.

    Parameters
    ----------
    choice : Choice
    settings : Settings, optional

    Returns
    -------
    View
        A choice that cannot be computed (a series too short, an unknown code) gives a message, never an exception.
    """
    settings = settings or Settings()
    language: Language = choice.language if choice.language in LANGUAGES else "vi"
    try:
        before = _before_first_release(choice, settings)
        return View(choice, None, before) if before else View(choice, _study(choice, settings))
    except NotEnoughDataError as error:
        return View(choice, None, say("explore.too_short", language, error=error))
    except BnAnalysisError as error:
        return View(choice, None, say("explore.cannot", language, error=error))


def _before_first_release(choice: Choice, settings: Settings) -> str:
    """The message where nothing was published yet; raises InputError where the choice itself is wrong."""
    for name, given, allowed in (
        ("method", choice.method, METHODS),
        ("tet", choice.tet, (AUTO, NONE, *WINDOWS)),
        ("language", choice.language, get_args(Language)),
    ):
        if given not in allowed:
            some = ", ".join(allowed)
            raise InputError(
                bilingual(
                    f"{name} {given!r:.40}: cần một trong {some}", f"{name} {given!r:.40}: expected one of {some}"
                )
            )
    first = open_catalogue(settings).days(choice.territory, choice.indicator, choice.industry)[0]
    if choice.as_of and _day(choice.as_of) < first:
        named = subject(choice.territory, choice.indicator, choice.industry, choice.language)
        return say("explore.none_yet", choice.language, subject=named, day=choice.as_of, first=first)
    return ""


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(
            bilingual(
                f"as_of {text!r:.40}: cần một ngày viết NĂM-THÁNG-NGÀY",
                f"as_of {text!r:.40}: expected a day written YYYY-MM-DD",
            )
        ) from None


def _study(choice: Choice, settings: Settings) -> Study:
    if choice.reported:
        return open_study(choice.territory, "latest", choice.as_of, settings=settings, alone=True)
    key = fingerprint(settings, choice.territory, "explore", replace(choice, language="vi"))
    return replace(stored(settings, f"explore-{key}", lambda: _compute(choice, settings)), settings=settings)


def _compute(choice: Choice, settings: Settings) -> Study:
    if (choice.indicator, choice.industry) == ("iip", TOTAL):
        rates = rates_behind(settings, choice.as_of, choice.territory)
        rates = supposed_rates(choice.supposed, rates, choice.territory)
        index = index_of(rates, choice.territory, _reference(choice, settings))
    else:
        rates = known_rates(settings, choice.as_of, choice.territory, choice.industry, choice.indicator)
        rates = supposed_rates(choice.supposed, rates, choice.territory)
        index = estimate(rates, prior_from=_reference(choice, settings))
    adjustment = _adjusted(index, choice)
    draws = adjustment.draws(settings.draws, settings.seed)
    # STL repeats itself in every draw: from the bare series the verdict at least spreads its newest months.
    judged = adjustment.seasonally_adjusted if adjustment.method == "stl" else draws
    last = pd.Period(index.frame.index[-1])
    return Study(
        parameters=Parameters(choice.territory, str(last), choice.as_of),
        vintage=vintage(rates),
        rates=rates,
        estimate=index,
        adjustment=adjustment,
        draws=draws,
        implied_yoy=index.implied("yoy"),
        verdict=bottoming(judged, seed=settings.seed, withheld=adjustment.withheld),
        previous=None,
        last_observed=last,
        ahead=NOTHING_AHEAD,
        files=(),
        beside=None,
        settings=settings,
    )


def _reference(choice: Choice, settings: Settings) -> IndexEstimate | None:
    """The country's production, from which production of a province or an industry borrows; labour borrows nothing."""
    if choice.indicator != "iip" or (choice.territory, choice.industry) == (COUNTRY, TOTAL):
        return None
    return reference_estimate(choice.as_of, settings)


def _adjusted(index: IndexEstimate, choice: Choice) -> SeasonalAdjustment:
    found = from_estimate(index, choice.method, "none" if choice.tet == NONE else "tet")
    return found if choice.tet in (AUTO, NONE) else with_windows(index, found, WINDOWS[choice.tet])


def _windows(study: Study, language: Language) -> str:
    windows = study.adjustment.tet.windows
    if not windows:
        return say("explore.no_tet_seen", language)
    return say("explore.windows", language, windows=label(windows))

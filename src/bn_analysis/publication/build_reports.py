"""A request from the command line → the reports of one or several months, built in staging and published."""

import datetime as dt
import json
import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bn_analysis.cleaning.language.classification import COUNTRY, LANGUAGES, PRESENT, Language
from bn_analysis.errors import BnAnalysisError, BuildError, bilingual, os_words
from bn_analysis.publication.publish import (
    folder_of,
    index_is_current,
    is_current,
    output_folder,
    publish,
    refuse_links,
    refuse_unwritable,
)
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import Parameters, check_typed, months

DEFAULT_TERRITORIES = (PRESENT, COUNTRY)
"""The province as it is now, and beside it the country."""
LEADERSHIP = "04_bottoming_out"
"""The page that can also be printed."""
_TRIES = 3
"""Builds of a report that figures may arrive in: more is no coincidence."""

if TYPE_CHECKING:
    from bn_analysis.publication.kernels import KernelPool

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed: empty texts where nothing was.

    Attributes
    ----------
    territory, period, first, last, as_of : str
    language : str
        vi, en or both.
    prints : tuple of {"pdf", "png"}
        Also print the leadership page, or take a picture of its first screen, with a browser of this machine.
    """

    territory: str
    period: str
    first: str
    last: str
    as_of: str
    language: str
    prints: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages to build, Vietnamese first."""
        return tuple(language for language in LANGUAGES if self.language in (language, "both"))


@dataclass(frozen=True, slots=True)
class Plan:
    """Checked reports to build, in order."""

    reports: tuple[Parameters, ...]
    languages: tuple[Language, ...]
    prints: tuple[str, ...] = ()

    @property
    def printed(self) -> tuple[str, ...]:
        """Names of the PDF and PNG files that belong to every report."""
        return tuple(f"{LEADERSHIP}.{language}.{kind}" for language in self.languages for kind in self.prints)


def plan(request: Request) -> Plan:
    """Check a request against the raw files and list its reports; no kernel is started.

    An ingestion that was stopped midway is first brought to its end; nothing else is written.

    Raises
    ------
    InputError
        A value is not acceptable; names it and the valid range. Or the computer's date lies before the newest release.
    """
    settings, today = Settings(), dt.date.today()
    territories = (request.territory,) if request.territory else DEFAULT_TERRITORIES
    for territory in territories:
        check_typed(territory, request.as_of, today)
    # Here, not above: what is wrong by itself is refused before a table is loaded.
    from bn_analysis.cleaning.raw.release_files import finish_stopped
    from bn_analysis.study.knowledge import check, check_clock

    finish_stopped(settings.raw)
    check_clock(settings, today)
    reports = []
    for territory in territories:
        for period in _periods(request, settings, territory, beside=territory != territories[0]):
            reports.append(check(settings, territory, period, request.as_of, today))
    return Plan(tuple(reports), request.languages, request.prints)


def _periods(request: Request, settings: Settings, territory: str, *, beside: bool) -> list[str]:
    """The months asked for; the country beside a province stops at its own last month."""
    from bn_analysis.study.knowledge import known

    if not (request.first or request.last):
        if not beside or request.period == "latest":
            return [request.period]
        return [min(request.period, known(settings, territory, request.as_of).last_period)]
    span = known(settings, territory, request.as_of)
    return months(request.first or span.first_period, request.last or span.last_period)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: folders published, reports that stood as they were, and what failed and why."""

    published: tuple[Path, ...]
    unchanged: int
    failed: tuple[str, ...]
    index: Path


def run(plan: Plan, *, out: Path | None, jobs: int, say: Say, force: bool = False, dask: str | None = None) -> Outcome:
    """Build and publish every report of a plan that does not stand already, then the list of all reports.

    Parameters
    ----------
    plan : Plan
    out : pathlib.Path or None
        Folder of the reports; the project's ``reports/`` by default.
    jobs : int
        Notebooks, or studies, at work at once.
    say : callable
        Told in one line what was done.
    force : bool
        Build even what stands.
    dask : str, optional
        Address of a dask scheduler that computes the studies; its workers see this project's folder.

    Returns
    -------
    Outcome
        A report that fails does not stop the others; its last good pages stay.

    Raises
    ------
    BuildError
        A folder cannot be written, another run is writing there, a report's place is a link, or the scheduler does not
        answer; or the only report of the plan cannot be built.
    """
    from bn_analysis.study.store.cache import prune
    from bn_analysis.study.store.fingerprint import page_key

    settings = Settings()
    reports = out or settings.reports
    refuse_unwritable(reports, "--out")
    keys = {report: page_key(settings, report.territory, report) for report in plan.reports}
    with output_folder(reports) as staging:
        wanted = [
            report
            for report, key in keys.items()
            if force or not is_current(reports, report, key, plan.languages, plan.printed)
        ]
        if wanted:
            refuse_unwritable(settings.processed, "BN_ANALYSIS_CACHE")
        for report in wanted:  # said before minutes are spent on building
            refuse_links(reports / folder_of(report), reports)
        published: list[Path] = []
        failed: list[str] = []
        if wanted:
            published, failed = Run(plan, keys, settings, reports, staging, jobs, say).build(wanted, dask)
        index = reports / "index.html"
        if not index_is_current(reports):  # after this run's reports, or those of a run that was killed before its list
            from bn_analysis.publication.archive import write_index

            write_index(reports, staging)
    prune(settings)
    return Outcome(tuple(published), len(plan.reports) - len(wanted), tuple(failed), index)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what all its reports share."""

    plan: Plan
    keys: dict[Parameters, str]
    settings: Settings
    reports: Path
    staging: Path
    jobs: int
    say: Say

    def build(self, wanted: list[Parameters], dask: str | None) -> tuple[list[Path], list[str]]:
        """Build and publish reports; folders published, and what failed and why."""
        from bn_analysis.publication.kernels import KernelPool
        from bn_analysis.publication.precompute import prepare

        published, failed = [], []
        scratch = self.staging / "scratch"
        scratch.mkdir()
        with KernelPool(self.jobs, self.settings.root, scratch) as kernels:
            kernels.begin()  # the first results keep one processor busy
            lost = prepare(wanted, self.settings, self.jobs, dask, self.say)
            for number, report in enumerate(wanted, 1):
                name = f"{report.territory} {report.period}"
                count = len(wanted)
                self.say(f"{name}: {bilingual(f'báo cáo {number}/{count}', f'report {number} of {count}')}")
                try:
                    if report in lost:
                        raise BuildError(lost[report])
                    published.append(self._from_one_state(report, kernels))
                except Exception as error:  # whatever is wrong with one report, the others are still built
                    if len(wanted) == 1:
                        raise
                    failed.append(f"{name}: {_words(error)}")
                    said = bilingual("không dựng được, giữ các trang cũ", "failed, its last good pages stay")
                    self.say(f"{name}: {said}: {_words(error)}")
        return published, failed

    def _from_one_state(self, report: Parameters, kernels: "KernelPool") -> Path:
        """Build one report from one state of figures and notebooks, and put it in its place.

        Every notebook reads the figures for itself: those that arrive while pages are made would be on some of them.
        """
        from bn_analysis.study.store.fingerprint import page_key

        name, key = f"{report.territory} {report.period}", self.keys[report]
        for _ in range(_TRIES):
            folder, facts = self._build(report, key, kernels)
            now = page_key(self.settings, report.territory, report)
            if now == key:
                target = publish(folder, self.reports, report, facts)
                self.say(f"{name}: {bilingual('đã công bố', 'published in')} {target}")
                return target
            said = bilingual(
                "số liệu đổi khi đang dựng, dựng lại", "figures changed while pages were made, built again"
            )
            self.say(f"{name}: {said}")
            shutil.rmtree(folder)
            key = now
        raise BuildError(
            f"{name}: "
            + bilingual(
                f"số liệu thay đổi trong cả {_TRIES} lần dựng; chạy lại sau",
                f"figures changed during each of {_TRIES} builds; run again later",
            )
        )

    def _build(self, parameters: Parameters, key: str, kernels: "KernelPool") -> tuple[Path, dict[str, Any]]:
        """Build one report in staging; its folder, and what the list of reports says of it."""
        from bn_analysis.publication.agreement import check_agreement
        from bn_analysis.publication.browser import print_page
        from bn_analysis.publication.execute import build_pages
        from bn_analysis.report.pages import downloads
        from bn_analysis.study.age import age_of
        from bn_analysis.study.study import open_study

        study = open_study(parameters.territory, parameters.period, parameters.as_of, settings=self.settings)
        folder = self.staging / folder_of(parameters)
        folder.mkdir(parents=True)
        build_pages(study, self.plan.languages, folder, kernels, progress=self.say)
        for name in self.plan.printed:
            print_page((folder / name).with_suffix(".html"), folder / name)
        downloads.index_table(study).to_csv(folder / "index.csv", index=False, lineterminator="\n", encoding="utf-8")
        downloads.write_workbook(study, folder / downloads.WORKBOOK)
        facts = {
            "territory": parameters.territory,
            "period": parameters.period,
            "as_of": parameters.as_of,
            "languages": list(self.plan.languages),
            "vintage": study.vintage,
            "age": age_of(self.settings, parameters.territory, parameters.as_of).to_dict(),
            "phase": study.verdict.phase,
            "probability": study.verdict.probability,
            "verdict": json.loads(json.dumps(study.verdict.to_dict())),
            "inputs": {file.name: file.sha256 for file in study.files},
            "key": key,
        }
        check_agreement(folder, facts, self.plan.languages)
        return folder, facts


def _words(error: Exception) -> str:
    """What an error says; of one that nobody foresaw also its kind, and where in the program to look."""
    if isinstance(error, BnAnalysisError):
        return str(error)
    if isinstance(error, OSError):
        return os_words(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"

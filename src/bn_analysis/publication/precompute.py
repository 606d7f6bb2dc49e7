"""Reports to build → everything they stand on, computed beforehand by several workers into the store of results."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bn_analysis.errors import BnAnalysisError, bilingual
from bn_analysis.publication.workers import Say, Task, Workers
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what a report stands on: its name for people, what computes it, and what that needs besides."""

    report: Parameters
    title: str
    work: Callable[..., None]
    more: tuple[str, ...] = ()


def prepare(
    reports: list[Parameters], settings: Settings, jobs: int, dask: str | None, say: Say
) -> dict[Parameters, str]:
    """Fill the store of results; what raises is left for the run itself, which meets it again and names it.

    Parameters
    ----------
    reports : list of Parameters
    settings : Settings
    jobs : int
        Processes at work at once on this machine.
    dask : str or None
        Address of a scheduler whose workers see this project's folder.
    say : callable

    Returns
    -------
    dict of Parameters to str
        Reports at which a worker died twice, with the reason: computing them here would end this process too.

    Raises
    ------
    BuildError
        No scheduler answers at the address.
    """
    # Reports of one day of knowledge share nearly everything: the newest is computed first, alone of its day.
    days: dict[str, list[Parameters]] = {}
    for report in reports:
        days.setdefault(report.as_of, []).append(report)
    newest = [max(group, key=lambda report: report.period) for group in days.values()]
    by_month = sorted(reports, key=lambda report: report.period)
    of_territory = list({(report.territory, report.as_of): report for report in by_month}.values())  # its newest too

    lost: dict[Parameters, str] = {}

    def at_work(parts: list[Part]) -> None:
        parts = [part for part in parts if part.report not in lost]
        tasks = [
            Task(f"{_name(part.report)}: {part.title}", part.work, (part.report, settings, *part.more))
            for part in parts
        ]
        for number, reason in workers.carry_out(tasks).items():
            lost[parts[number].report] = f"{parts[number].title}: {reason}"

    with Workers(jobs, dask, say) as workers:
        say(_computing(len(reports), "chỉ số, điều chỉnh mùa vụ, kết luận", "index, adjustment, verdict"))
        at_work([Part(report, "index, adjustment, verdict", _study) for report in newest])
        more = "industries, claims, labour, other choices"
        say(_computing(len(reports), "ngành, phát biểu, lao động, các lựa chọn khác", more))
        at_work(
            [Part(report, "earlier releases", _releases) for report in of_territory]
            + [Part(report, "claims", _claims) for report in of_territory]
            + [part for report in newest if report not in lost for part in _industries(report, settings)]
            + [Part(report, "labour", _labour) for report in of_territory]
            + [Part(report, "verdict, other choices", _choices) for report in reports]
        )
        at_work([Part(report, "breadth", _breadth) for report in newest])
    return lost


def _computing(count: int, vi: str, en: str) -> str:
    return bilingual(f"đang tính {count} báo cáo: {vi}", f"computing {count} reports: {en}")


def _name(report: Parameters) -> str:
    return f"{report.territory} {report.period}" + (f" as of {report.as_of}" if report.as_of else "")


def _study(report: Parameters, settings: Settings) -> None:
    from bn_analysis.study.study import open_study

    with suppress(BnAnalysisError):  # the run meets it again, and names it; so below
        open_study(report.territory, report.period, report.as_of, settings=settings)


def _industries(report: Parameters, settings: Settings) -> list[Part]:
    """Every industry with figures enough on the report's day, one by one."""
    from bn_analysis.study.industries import industry_codes
    from bn_analysis.study.study import open_study

    with suppress(Exception):  # of any kind, because no worker stands between it and the run
        study = open_study(report.territory, report.period, report.as_of, settings=settings)
        return [Part(report, f"industry {code}", _industry, (code,)) for code in industry_codes(study)]
    return []


def _industry(report: Parameters, settings: Settings, code: str) -> None:
    from bn_analysis.study.industries import open_industry
    from bn_analysis.study.study import open_study

    with suppress(BnAnalysisError):
        study = open_study(report.territory, report.period, report.as_of, settings=settings)
        open_industry(study, code)


def _breadth(report: Parameters, settings: Settings) -> None:
    """What the industries make together."""
    from bn_analysis.study.industries import open_industries
    from bn_analysis.study.study import open_study

    with suppress(BnAnalysisError):
        study = open_study(report.territory, report.period, report.as_of, settings=settings)
        open_industries(study, jobs=1)


def _claims(report: Parameters, settings: Settings) -> None:
    from bn_analysis.study.claims import ledger
    from bn_analysis.study.study import open_study

    with suppress(BnAnalysisError):
        ledger(open_study(report.territory, report.period, report.as_of, settings=settings))


def _labour(report: Parameters, settings: Settings) -> None:
    from bn_analysis.study.labour import open_labour
    from bn_analysis.study.study import open_study

    with suppress(BnAnalysisError):
        open_labour(open_study(report.territory, report.period, report.as_of, settings=settings))


def _choices(report: Parameters, settings: Settings) -> None:
    """The report's own verdict, the one before the newest release, and those that other choices would have given."""
    from bn_analysis.study.releases import before
    from bn_analysis.study.study import alternatives, open_study

    with suppress(BnAnalysisError):
        study = open_study(report.territory, report.period, report.as_of, settings=settings)
        before(study)
        if study.verdict.phase != "not_enough_data":
            alternatives(study)


def _releases(report: Parameters, settings: Settings) -> None:
    """The verdicts after the releases of the last twelve months."""
    from bn_analysis.study.releases import releases
    from bn_analysis.study.study import open_study

    with suppress(BnAnalysisError):
        releases(open_study(report.territory, report.period, report.as_of, settings=settings))

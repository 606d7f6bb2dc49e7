"""Reports to build → their studies computed beforehand by several workers: processes here, or a dask cluster."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from bn_analysis.errors import BnAnalysisError, BuildError
from bn_analysis.report.parameters import Parameters
from bn_analysis.settings import Settings

CONNECT_SECONDS = 10
PARTS = ("ledger", "alternatives", "labour")
"""What stands around a study, each on its own: the longest first, so that no worker is left waiting at the end."""


def prepare(
    reports: list[Parameters], settings: Settings, jobs: int, dask: str | None, say: Callable[[str], None]
) -> None:
    """Fill the store of results; one that fails, or a worker that dies, is left for the run itself to try again.

    Parameters
    ----------
    reports : list of Parameters
    settings : Settings
    jobs : int
        Processes at work at once on this machine.
    dask : str or None
        Address of a scheduler whose workers see this project's folder.
    say : callable

    Raises
    ------
    BuildError
        No scheduler answers at the address.
    """
    # Reports of one day of knowledge share nearly everything, so that one worker takes their studies.
    days: dict[str, list[Parameters]] = {}
    for report in reports:
        days.setdefault(report.as_of, []).append(report)
    say(f"computing {len(reports)} reports: index, adjustment, verdict")
    _at_work([delayed(_studies)(group, settings) for group in days.values()], jobs, dask, say)
    say(f"computing {len(reports)} reports: industries, labour, other choices, claims")
    tasks = [delayed(_industries)(group[0], settings) for group in days.values()]
    tasks += [delayed(_around)(report, part, settings) for report in reports for part in PARTS]
    _at_work(tasks, jobs, dask, say)
    if dask is None:
        get_reusable_executor().shutdown(wait=True)  # the memory of idle workers is the kernels' to use


def _at_work(tasks: list[Any], jobs: int, dask: str | None, say: Callable[[str], None]) -> None:
    try:
        if dask is None:
            Parallel(n_jobs=min(jobs, len(tasks)))(tasks)
        else:
            with _client(dask), parallel_config("dask"):
                Parallel()(tasks)
    except BuildError:
        raise
    except Exception as error:  # whatever a lost worker or scheduler raises: the run computes the rest itself
        say(f"the workers failed ({type(error).__name__}: {error}); going on without them")


def _client(address: str) -> Any:
    from dask.distributed import Client

    try:
        return Client(address, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise BuildError(f"--dask {address}: no scheduler answers ({error})") from None


def _studies(reports: list[Parameters], settings: Settings) -> None:
    from bn_analysis.report.study import open_study

    for report in reports:
        with suppress(BnAnalysisError):  # the run meets it again, and names it
            open_study(report.territory, report.period, report.as_of, settings=settings)


def _industries(report: Parameters, settings: Settings) -> None:
    from bn_analysis.report.industries import open_industries
    from bn_analysis.report.study import open_study

    with suppress(BnAnalysisError):  # the run meets it again, and names it
        study = open_study(report.territory, report.period, report.as_of, settings=settings)
        open_industries(study, settings, jobs=1)


def _around(report: Parameters, part: str, settings: Settings) -> None:
    """One of `PARTS` of a report."""
    from bn_analysis.report.changes import before
    from bn_analysis.report.labour import open_labour
    from bn_analysis.report.ledger import ledger
    from bn_analysis.report.study import alternatives, open_study

    with suppress(BnAnalysisError):
        study = open_study(report.territory, report.period, report.as_of, settings=settings)
        if part == "alternatives":
            if study.verdict.phase != "not_enough_data":
                alternatives(study, settings)
        elif part == "ledger":
            ledger(study, settings)
        else:
            open_labour(study, settings)
            before(study, settings)

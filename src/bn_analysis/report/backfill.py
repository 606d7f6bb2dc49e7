"""Reports to build → their studies computed beforehand by several workers: processes here, or a dask cluster."""

from collections.abc import Callable
from typing import Any

from joblib import Parallel, delayed, parallel_config

from bn_analysis.errors import BnAnalysisError, BuildError
from bn_analysis.report.parameters import Parameters
from bn_analysis.settings import Settings

CONNECT_SECONDS = 10


def prepare(
    reports: list[Parameters], settings: Settings, jobs: int, dask: str | None, say: Callable[[str], None]
) -> None:
    """Fill the store of studies; a study that fails, or a worker that dies, is left for the run itself to try again.

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
    # Reports of one day of knowledge share nearly everything, so that one worker takes them all.
    days: dict[str, list[Parameters]] = {}
    for report in reports:
        days.setdefault(report.as_of, []).append(report)
    if dask is None and (len(days) < 2 or jobs == 1):
        return
    say(f"computing the studies of {len(reports)} reports")
    tasks = [delayed(_studies)(group, settings) for group in days.values()]
    try:
        if dask is None:
            Parallel(n_jobs=jobs)(tasks)
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
        try:
            open_study(report.territory, report.period, report.as_of, settings=settings)
        except BnAnalysisError:
            continue  # the run meets it again, and names it

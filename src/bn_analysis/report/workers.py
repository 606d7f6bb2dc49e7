"""Named tasks → done by several workers, processes here or a dask cluster; what fails is tried once more and named."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from bn_analysis.errors import BuildError

CONNECT_SECONDS = 10
DIED = "its worker died twice; is there enough memory?"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """Work that leaves its result in a file; `work` is a function of a module, so that any worker finds it.

    Attributes
    ----------
    name : str
        For messages.
    work : callable
    arguments : tuple
    """

    name: str
    work: Callable[..., None]
    arguments: tuple[Any, ...]


def carry_out(tasks: Sequence[Task], jobs: int, dask: str | None, say: Say) -> dict[int, str]:
    """Do all tasks; one that raises, or at which a worker died, is tried once more in a process of its own.

    Parameters
    ----------
    tasks : sequence of Task
        The longest first, so that no worker is left waiting at the end.
    jobs : int
        Processes at work at once on this machine; with 1 everything is done in this process.
    dask : str or None
        Address of a scheduler that hands the tasks out instead. If it goes away, processes here do the rest.
    say : callable
        Told what failed and what is done about it.

    Returns
    -------
    dict of int to str
        Numbers of the tasks whose worker died twice, with the reason: this process should keep its hands off them. A
        task that raised twice is only told of: whoever needs its result meets the error again.

    Raises
    ------
    BuildError
        No scheduler answers at the address.
    """
    waiting, died = dict(enumerate(tasks)), {}
    while waiting:
        raised, lost = _together(waiting, jobs, dask)
        again = raised
        if lost and dask is not None:
            say(f"--dask {dask}: lost ({lost}); going on with processes here")
            dask = None
        elif lost:
            # Tasks are started in their order: whatever killed the worker is among the first that are left.
            again = raised | dict.fromkeys(list(waiting)[:jobs], f"a worker died ({lost})")
        for number, reason in again.items():
            say(f"{tasks[number].name}: {reason}; once more")
            waiting.pop(number, None)
            second = _alone(tasks[number])
            if second:
                say(f"{tasks[number].name}: {second}")
            if second == DIED:
                died[number] = second
    return died


def rest() -> None:
    """End the processes that wait for more work here: their memory is others' to use."""
    get_reusable_executor().shutdown(wait=True)


def _together(waiting: dict[int, Task], jobs: int, dask: str | None) -> tuple[dict[int, str], str]:
    """Take every finished task out of `waiting`; those that raised, and why not all were finished."""
    raised = {}
    try:
        with _workers(dask):
            at_work = Parallel(n_jobs=jobs if dask is None else -1, batch_size=1, return_as="generator_unordered")
            for number, reason in at_work([delayed(_attempt)(*item) for item in waiting.items()]):
                del waiting[number]
                if reason:
                    raised[number] = reason
    except BuildError:
        raise
    except Exception as error:  # whatever a worker or a scheduler raises when it is lost
        return raised, type(error).__name__
    return raised, ""


def _attempt(number: int, task: Task) -> tuple[int, str]:
    """Do a task; its number, and why it failed."""
    try:
        task.work(*task.arguments)
    except Exception as error:  # told to whoever asked for the task, so that it does not stop the others
        return number, f"{type(error).__name__}: {error}"
    return number, ""


def _alone(task: Task) -> str:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        try:
            return process.submit(_attempt, 0, task).result()[1]
        except BrokenProcessPool:
            return DIED


@contextmanager
def _workers(dask: str | None) -> Iterator[None]:
    if dask is None:
        yield
        return
    from dask.distributed import Client

    try:
        client = Client(dask, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise BuildError(f"--dask {dask}: no scheduler answers ({error})") from None
    with client, parallel_config("dask"):
        yield

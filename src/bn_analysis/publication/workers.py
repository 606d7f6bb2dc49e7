"""Named tasks → done by several workers, processes here or a dask cluster; what fails is tried once more and named."""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import count
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from joblib.externals.loky import ProcessPoolExecutor

from bn_analysis.errors import BuildError, InputError, bilingual

CONNECT_SECONDS = 10
LOOK_SECONDS = 5
"""How often a task on a cluster is looked after: whether any worker is left that could do it."""
PARENT_SECONDS = 1
"""How often a process here looks whether its run is still there."""
DIED = bilingual("tiến trình tính bị dừng; máy có đủ bộ nhớ không?", "its worker died; is there enough memory?")
ENDED = bilingual("tiến trình tính tự kết thúc", "its worker ended by itself")
MANY = 20
"""Tasks from which on it is said, at each tenth, how many are done."""
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Workers share the processors: threads of their linear algebra would only wait for each other."""

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


Waiting = SimpleQueue[tuple[int, Task]]
Done = Callable[[], None]
"""Told of each task that is done."""
Hand = Callable[[Task], str]
"""Gives a task to a worker and waits: why it failed, empty where it did not."""


class Workers:
    """Processes here, or a dask cluster for as long as it is there: met once, and once lost not asked again.

    Parameters
    ----------
    jobs : int
        Processes at work at once on this machine. Each has one task at a time, so that a dead one names its task.
    dask : str or None
        Address of a scheduler that hands the tasks out instead. If it goes away, processes here do the rest.
    say : callable
        Told what failed and what is done about it.

    Raises
    ------
    BuildError
        No scheduler answers at the address, or it has no workers.
    """

    def __init__(self, jobs: int, dask: str | None, say: Say) -> None:
        self.dask, self.say = dask, say
        self._client = _meet(dask) if dask is not None else None
        self._processes = [_Process() for _ in range(jobs)]

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        for process in self._processes:
            process.end()

    def _leave(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def carry_out(self, tasks: Sequence[Task]) -> dict[int, str]:
        """Do all tasks; one that raises, or whose worker dies, is tried once more, here.

        Parameters
        ----------
        tasks : sequence of Task
            The longest first, so that no worker is left waiting at the end.

        Returns
        -------
        dict of int to str
            Numbers of the tasks whose worker died both times, with the reason: this process should keep its hands off
            them. A task that raised twice is only told of: whoever needs its result meets the error again.
        """
        waiting, failed, told = _queue(enumerate(tasks)), {}, self._counting(len(tasks))
        if self._client is not None:
            failed = _by_cluster(waiting, self._client, told)
            if not waiting.empty():
                said = bilingual("mất kết nối; tính tiếp trên máy này", "lost; going on with processes here")
                self.say(f"--dask {self.dask}: {said}")
                self._leave()
        failed |= self._here(waiting, told)
        for number, reason in sorted(failed.items()):
            self.say(f"{tasks[number].name}: {reason}; {bilingual('làm lại', 'once more')}")
        twice = self._here(_queue((number, tasks[number]) for number in sorted(failed)), lambda: None)
        for number, reason in sorted(twice.items()):
            self.say(f"{tasks[number].name}: {bilingual('hỏng hai lần', 'failed twice')}: {reason}")
        return {number: reason for number, reason in twice.items() if reason.startswith((DIED, ENDED))}

    def _here(self, waiting: Waiting, done: Done) -> dict[int, str]:
        """Do every waiting task in processes of this machine; numbers of those that failed, and why."""
        return _side_by_side(waiting, [process.hand for process in self._processes[: waiting.qsize()]], done)

    def _counting(self, total: int) -> Done:
        """What is told of each task done: at each tenth of many, how many there are."""
        numbers = count(1)

        def done() -> None:
            number = next(numbers)
            if total >= MANY and 10 * number // total > 10 * (number - 1) // total:
                self.say(bilingual(f"đã tính {number}/{total} phần", f"{number} of {total} parts computed"))

        return done


def _queue(tasks: Iterator[tuple[int, Task]]) -> Waiting:
    waiting: Waiting = SimpleQueue()
    for item in tasks:
        waiting.put(item)
    return waiting


def _take(waiting: Waiting) -> Iterator[tuple[int, Task]]:
    """Tasks as long as any is waiting; several threads may take from one queue."""
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return


def _attempt(task: Task) -> str:
    """Do a task; why it failed, empty where it did not."""
    try:
        task.work(*task.arguments)
    except Exception as error:  # told to whoever asked for the task, so that it does not stop the others
        return f"{type(error).__name__}: {error}"
    return ""


class _Process:
    """A process, started with its first task, that does one after another, and is replaced when it dies."""

    def __init__(self) -> None:
        self._executor: Any = None

    def hand(self, task: Task) -> str:
        try:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(1, env=ONE_THREAD, initializer=_end_with, initargs=(os.getpid(),))
            return str(self._executor.submit(_attempt, task).result())
        except BrokenProcessPool as error:
            self.end()
            return _how_it_broke(error)
        except Exception as error:  # what could not be handed over, a task or its answer
            return f"{type(error).__name__}: {error}"

    def end(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(kill_workers=True)
            self._executor = None


def _end_with(parent: int) -> None:
    """Let this process end soon after the run that started it: one that was killed ends nothing itself."""

    def watch() -> None:
        while os.getppid() == parent:  # Windows names the same one for ever
            time.sleep(PARENT_SECONDS)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _how_it_broke(error: BrokenProcessPool) -> str:
    """Why a process gave no answer: it was killed, ended by itself, or could not read the task."""
    if error.__cause__ is not None:  # the end of the other side's traceback: a module that is not there, perhaps
        return " ".join(str(error.__cause__).strip(' \n"').splitlines()[-1:])
    codes = re.search(r"exit codes of the workers are \{(.*?)\}", str(error))
    if codes is None or "SIGKILL" in codes[1]:
        return DIED
    return f"{ENDED} ({codes[1]})"


class LostError(Exception):
    """A scheduler, or the last of its workers, went away before a task was done."""


def check_address(address: str) -> None:
    """InputError where a text is no address of a scheduler; whether one answers there is seen when it is needed."""
    if not _ADDRESS.fullmatch(address):
        raise InputError(
            f"--dask {address!r}: "
            + bilingual("cần địa chỉ như tcp://MÁY:8786", "expected one such as tcp://HOST:8786")
        )


def _meet(address: str) -> Any:
    """A client of the scheduler at an address; certificates are those of dask's own settings (SECURITY.md)."""
    from dask.distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise BuildError(
            bilingual(
                f"--dask {address}: không có scheduler nào trả lời ({error}); khởi động nó trước, hoặc bỏ --dask",
                f"--dask {address}: no scheduler answers ({error})",
            )
        ) from None
    except TypeError:  # what distributed raises where it has no certificate to show
        raise BuildError(
            f"--dask {address}: "
            + bilingual(
                "thiếu chứng chỉ TLS; đặt các biến DASK_DISTRIBUTED__COMM__TLS__… như trong SECURITY.md",
                "no TLS certificate; set the variables DASK_DISTRIBUTED__COMM__TLS__… as SECURITY.md says",
            )
        ) from None
    if not _slots(client):
        client.close()
        said = bilingual("scheduler không có worker nào; khởi động worker trước", "the scheduler has no workers")
        raise BuildError(f"--dask {address}: {said}")
    return client


def _by_cluster(waiting: Waiting, client: Any, done: Done) -> dict[int, str]:
    """Do the waiting tasks on a dask cluster; what a lost scheduler leaves undone stays in the queue."""
    from dask.distributed import KilledWorker

    def hand(task: Task) -> str:
        future = client.submit(_attempt, task, pure=False)
        while True:
            try:
                return str(future.result(timeout=LOOK_SECONDS))
            except KilledWorker:
                return DIED
            except (OSError, CancelledError) as error:  # a TimeoutError is an OSError
                if not (isinstance(error, TimeoutError) and _slots(client)):
                    raise LostError(type(error).__name__) from None
            except Exception as error:  # what could not be handed over: a worker without the project, perhaps
                return f"{type(error).__name__}: {error}"

    return _side_by_side(waiting, [hand] * _slots(client), done)


def _slots(client: Any) -> int:
    """Tasks that a cluster can do at once; 0 where it has no workers or does not answer."""
    try:
        return sum(client.nthreads().values())
    except (OSError, TimeoutError, CancelledError):
        return 0


def _side_by_side(waiting: Waiting, hands: list[Hand], done: Done) -> dict[int, str]:
    """Let every hand take one task after another; one that is lost puts its task back and takes no more."""
    failed: dict[int, str] = {}

    def serve(hand: Hand) -> None:
        for number, task in _take(waiting):
            try:
                reason = hand(task)
            except LostError:
                waiting.put((number, task))
                return
            if reason:
                failed[number] = reason
            done()

    threads = ThreadPoolExecutor(max(len(hands), 1))
    try:
        for future in [threads.submit(serve, hand) for hand in hands]:
            future.result()
    except BaseException:
        list(_take(waiting))  # an interrupted run begins nothing more
        raise
    finally:
        threads.shutdown(wait=False)
    return failed

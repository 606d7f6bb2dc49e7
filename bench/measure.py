"""Wall time and peak memory of something, with every process it starts."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

SAMPLES_A_SECOND = 5


@dataclass
class Measured:
    """Wall time, and the largest sum over processes of what each holds for itself (proportional set size)."""

    seconds: float = 0.0
    megabytes: float = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.megabytes:.0f} MB"


@contextmanager
def measured(*, own: bool = True) -> Iterator[Measured]:
    """Measure what is done inside; complete when it is left.

    Parameters
    ----------
    own : bool
        Count the memory of this process too, and not only that of those it starts.
    """
    seen, done = Measured(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(seen, done, own))
    watcher.start()
    start = time.perf_counter()
    try:
        yield seen
    finally:
        seen.seconds = time.perf_counter() - start
        done.set()
        watcher.join()


def _watch(seen: Measured, done: threading.Event, own: bool) -> None:
    me = psutil.Process()
    while True:
        last = done.wait(1 / SAMPLES_A_SECOND)
        total = 0
        for process in [*([me] if own else []), *me.children(recursive=True)]:
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue  # it has ended since it was listed
        seen.megabytes = max(seen.megabytes, total / 1e6)
        if last:
            return

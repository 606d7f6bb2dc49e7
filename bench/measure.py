"""Wall time, processor time and peak memory of something, with every process it starts."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

SAMPLES_A_SECOND = 5


@dataclass
class Measured:
    """Wall time, processor time, and the largest sum over processes of what each holds for itself (proportional)."""

    seconds: float = 0.0
    megabytes: float = 0.0
    processor: float = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, processor {self.processor:.1f} s, {self.megabytes:.0f} MB"


@contextmanager
def measured(*, own: bool = True) -> Iterator[Measured]:
    """Measure what is done inside; complete when it is left.

    Processor time is that of Linux: a process that has ended counts with the one that started and awaited it.

    Parameters
    ----------
    own : bool
        Count this process too, and not only those it starts.
    """
    seen, done = Measured(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(seen, done, own, _sample(own)[1]))
    watcher.start()
    start = time.perf_counter()
    try:
        yield seen
    finally:
        seen.seconds = time.perf_counter() - start
        done.set()
        watcher.join()


def _watch(seen: Measured, done: threading.Event, own: bool, before: float) -> None:
    last = False
    while not last:
        last = done.wait(1 / SAMPLES_A_SECOND)
        megabytes, processor = _sample(own)
        seen.megabytes = max(seen.megabytes, megabytes)
        # One that ends while it is looked at may be missed once; time already seen is not lost.
        seen.processor = max(seen.processor, processor - before)


def _sample(own: bool) -> tuple[float, float]:
    """Megabytes held now, and processor seconds so far."""
    me = psutil.Process()
    spent = me.cpu_times()
    megabytes = me.memory_full_info().pss / 1e6 if own else 0.0
    processor = spent.children_user + spent.children_system + (spent.user + spent.system) * own
    for process in me.children(recursive=True):
        try:
            times = process.cpu_times()
            processor += times.user + times.system + times.children_user + times.children_system
            megabytes += process.memory_full_info().pss / 1e6
        except psutil.Error:
            continue  # it has ended since it was listed
    return megabytes, processor

"""Choices that somebody may look at next → computed by a process of their own into the store of results."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from threading import Thread

from bn_analysis.report.explorer.view import Choice, explore
from bn_analysis.settings import Settings

Told = Callable[[int, bool], None]
"""Hears how many choices are computed, and whether the work goes on."""


class Beforehand:
    """A process that computes choices one after the other while the reader looks at another.

    Parameters
    ----------
    choices : sequence of Choice
        The likeliest to be looked at first.
    settings : Settings
    told : callable
        Called from a thread, with the count and False when the work has ended, early or not.
    """

    def __init__(self, choices: Sequence[Choice], settings: Settings, told: Told) -> None:
        # Not forked: the kernel has threads, and a fork would copy their locks.
        context = multiprocessing.get_context("spawn")
        self._heard, counts = context.Pipe(duplex=False)
        self._process = context.Process(target=_compute, args=(list(choices), settings, counts), daemon=True)
        self._process.start()
        counts.close()  # the process holds the other end: when it ends, reading ends
        self._told = told
        self._wanted = True
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process; what it has computed is kept, and nobody is told anything more."""
        self._wanted = False
        self._process.terminate()

    def wait(self) -> None:
        """Until everything is computed."""
        self._thread.join()

    def _listen(self) -> None:
        done, going = 0, True
        while going:
            try:
                done = self._heard.recv()
            except EOFError:
                going = False
            if self._wanted:
                self._told(done, going)


def _compute(choices: list[Choice], settings: Settings, counts: Connection) -> None:
    if hasattr(os, "nice"):
        os.nice(10)  # what the reader asks for comes first
    parent = multiprocessing.parent_process()
    for done, choice in enumerate(choices, 1):
        if parent is not None and not parent.is_alive():
            return
        explore(choice, settings)
        counts.send(done)

"""Notebooks and parameters → executed notebooks, in kernels started once that serve one notebook after another."""

import logging
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any

import nbformat
import papermill
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from bn_analysis.errors import BuildError, bilingual

CELL_SECONDS = 600
"""Time limit of one cell: ten times what the slowest takes."""
KERNEL_SECONDS = 120
SECRETS = "BN_ANALYSIS_SMTP"
"""Environment variables that begin so are kept from kernels: nothing a notebook shows can hold a password."""
ANSWER_SECONDS = 0.2
"""Time after which a question is asked again that a client may not yet have been listening to."""
WARM_UP = """import gc
import bn_analysis.study.study
from bn_analysis.report.pages import study_charts
from bn_analysis.report.pages.drivers import industries
from bn_analysis.report.pages.evidence import data_review
gc.freeze()  # what is imported stays: looking through it for garbage after every notebook took a tenth of a second
"""
# What it warns of, parameters it does not find, has been checked before and not by guessing at comments.
logging.getLogger("papermill").setLevel(logging.ERROR)
FORGET = "get_ipython().reset(new_session=True)"


class KernelPool:
    """Kernels that run notebooks, each started when first needed, warmed up, and cleaned between two notebooks.

    Parameters
    ----------
    jobs : int
        Kernels at work at once.
    root : pathlib.Path
        Folder in which notebooks run.
    scratch : pathlib.Path
        Folder of temporary files of the kernels and of what they start; removed by whoever made it.
    """

    def __init__(self, jobs: int, root: Path, scratch: Path) -> None:
        self.jobs, self.root, self.scratch = jobs, root, scratch
        self._idle: SimpleQueue[Kernel] = SimpleQueue()
        self._all: list[Kernel] = []
        self._closed = False
        self._beginning = Thread(target=self._begin)
        # Socket paths have a length limit that a deep reports folder would break.
        self._channels = tempfile.TemporaryDirectory(prefix="bn-", ignore_cleanup_errors=True)

    def __enter__(self) -> "KernelPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if self._beginning.ident is not None:
            self._beginning.join()
        self._channels.cleanup()

    def begin(self) -> None:
        """Start the kernels beside other work; one that cannot start is met again where it is needed, and named."""
        self._beginning.start()

    def _begin(self) -> None:
        for _ in range(self.jobs):
            with suppress(RuntimeError, TimeoutError, BuildError):
                if not self._closed:
                    self._idle.put(self._start())

    def map(self, work: Callable[[Any], None], tasks: list[Any]) -> None:
        """Do all tasks, `jobs` at a time; the first failure stops the rest and is raised, the kernels serve on."""
        threads = ThreadPoolExecutor(max_workers=self.jobs)
        try:
            for future in [threads.submit(work, task) for task in tasks]:
                future.result()
        except (KeyboardInterrupt, SystemExit):
            # Kernels first: a thread that waits for one would keep an interrupted run alive for minutes.
            self._close()
            raise
        finally:
            threads.shutdown(wait=True, cancel_futures=True)

    def execute(self, path: Path, parameters: dict[str, Any], name: str) -> nbformat.NotebookNode:
        """Run one notebook; a kernel that dies is replaced once.

        Parameters
        ----------
        path : pathlib.Path
            The notebook.
        parameters : dict
            Of its parameters cell.
        name : str
            For messages.

        Returns
        -------
        nbformat.NotebookNode
            Executed.

        Raises
        ------
        BuildError
            A cell failed or took too long, or the kernel died twice.
        """
        for last in (False, True):
            kernel: Kernel | None = None
            try:
                kernel = self._take()
                # Without a file to write: papermill would save the whole notebook twice for every cell.
                notebook = papermill.execute_notebook(
                    str(path), None, parameters=parameters, kernel_name="python3", language="python", km=kernel,
                    cwd=str(self.root), progress_bar=False, execution_timeout=CELL_SECONDS,
                    start_timeout=KERNEL_SECONDS,
                )  # fmt: skip
            except PapermillExecutionError as error:
                assert kernel is not None  # it ran the cell
                self._idle.put(kernel)
                raise BuildError(f"{name}, cell {error.exec_count}: {error.ename}: {error.evalue}") from None
            except CellTimeoutError:
                assert kernel is not None
                self._drop(kernel)
                said = bilingual(
                    f"một ô chạy quá {CELL_SECONDS} giây và bị dừng; chạy lại khi máy rảnh",
                    f"a cell ran longer than {CELL_SECONDS} s and was stopped",
                )
                raise BuildError(f"{name}: {said}") from None
            except (DeadKernelError, RuntimeError, TimeoutError) as error:
                why = f"{error}{_end_of(kernel)}" if kernel is not None else str(error)
                if kernel is not None:
                    self._drop(kernel)
                if last or self._closed:
                    raise BuildError(f"{name}: the kernel died twice ({why})") from None
            else:
                self._idle.put(kernel)
                return notebook
            finally:
                if kernel is not None:
                    kernel.hang_up()
        raise AssertionError("a notebook either ran or raised")

    def _close(self) -> None:
        self._closed = True
        for kernel in list(self._all):
            _stop(kernel)

    def _take(self) -> "Kernel":
        """A kernel with nothing in it: a used one made to forget, or a new one."""
        if self._closed:
            raise RuntimeError("the run was stopped")
        try:
            kernel = self._idle.get_nowait()
        except Empty:
            return self._start()
        try:
            _tell(kernel, FORGET)
        except (RuntimeError, TimeoutError, BuildError):
            self._drop(kernel)
            return self._start()
        return kernel

    def _start(self) -> "Kernel":
        kernel = Kernel(kernel_name="python3", config=self._config(), client_factory=PromptClient)
        self._all.append(kernel)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(SECRETS)}
        kernel.start_kernel(
            cwd=str(self.root),
            env=environment | {"TMPDIR": str(self.scratch)},
            extra_arguments=["--HistoryManager.enabled=False"],  # pages are no part of anybody's history of commands
        )
        if self._closed:  # in the meantime, by whoever did not see this one yet
            _stop(kernel)
            raise RuntimeError("the run was stopped")
        _tell(kernel, WARM_UP)
        return kernel

    def _config(self) -> Config:
        """Kernels are spoken to through files of this user alone, not through open ports (which Windows needs)."""
        if os.name == "nt":
            return Config()
        return Config(
            {"KernelManager": {"transport": "ipc", "ip": str(Path(self._channels.name, f"k{len(self._all)}"))}}
        )

    def _drop(self, kernel: "Kernel") -> None:
        _stop(kernel)
        if kernel in self._all:
            self._all.remove(kernel)


class Kernel(KernelManager):
    """A kernel that knows who talks to it: papermill leaves its clients open, each with a thread and 17 files."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._clients: list[Any] = []

    def client(self, **options: Any) -> Any:
        """A new client, closed by `hang_up`."""
        self._clients.append(super().client(**options))
        return self._clients[-1]

    def hang_up(self) -> None:
        """Close every client; the kernel itself goes on."""
        while self._clients:
            self._clients.pop().stop_channels()


class PromptClient(AsyncKernelClient):
    """A client that is ready once an answer came over both channels; the usual one then waits 0.2 s for silence.

    It is of the asynchronous kind: papermill waits for answers in an event loop, and a client that blocks it would
    never notice that a kernel died.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until what the kernel says can be heard; RuntimeError if it dies or stays silent."""
        end = time.monotonic() + (KERNEL_SECONDS if timeout is None else timeout)
        while time.monotonic() < end:
            if await self._hears(self.kernel_info()):
                return
            if not await self.is_alive():
                raise RuntimeError("it died before it answered")
        raise RuntimeError("it gave no answer in time")

    async def _hears(self, question: str) -> bool:
        """Whether the kernel was heard to finish with a question."""
        try:
            while True:
                message = await self.get_iopub_msg(timeout=ANSWER_SECONDS)
                idle = message["content"].get("execution_state") == "idle"
                if idle and message["parent_header"].get("msg_id") == question:
                    return True
        except Empty:
            return False


def _tell(kernel: KernelManager, code: str) -> None:
    """Run code that belongs to no notebook.

    Raises
    ------
    RuntimeError, TimeoutError
        The kernel does not answer.
    BuildError
        The code failed: a package is missing, most likely.
    """
    client = kernel.blocking_client()
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    try:
        reply = _reply(kernel, client, client.execute(code, silent=True, store_history=False))
    finally:
        client.stop_channels()
    if reply["content"]["status"] != "ok":
        why = f"{reply['content'].get('ename')}: {reply['content'].get('evalue')}"
        raise BuildError(
            bilingual(
                f"kernel không khởi động được: {why}; chạy lại make setup",
                f"a kernel cannot begin: {why}; run make setup again",
            )
        )


def _reply(kernel: KernelManager, client: Any, question: str) -> dict[str, Any]:
    """The kernel's answer; a client left to itself would wait for a dead kernel until the time is up."""
    end = time.monotonic() + KERNEL_SECONDS
    while time.monotonic() < end:
        try:
            reply: dict[str, Any] = client.get_shell_msg(timeout=1)
        except Empty:
            if not kernel.is_alive():
                raise RuntimeError(f"it died before it answered{_end_of(kernel)}") from None
            continue
        if reply["parent_header"].get("msg_id") == question:
            return reply
    raise TimeoutError(f"it gave no answer in {KERNEL_SECONDS} s")


def _end_of(kernel: KernelManager) -> str:
    """How the process of a kernel ended, in words; empty where nobody knows."""
    process = getattr(kernel.provisioner, "process", None)
    code = None if process is None else process.poll()
    if code is None:
        return ""
    if code == -9:  # by the system, where memory ran out
        return ", killed: is there enough memory?"
    return f", signal {-code}" if code < 0 else f", exit code {code}"


def _stop(kernel: KernelManager) -> None:
    if kernel.has_kernel:
        kernel.shutdown_kernel(now=True)

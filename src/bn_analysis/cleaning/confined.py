"""A file of unknown honesty → what a reader of ours makes of it, in a process with little memory and little time."""

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bn_analysis.errors import InputError, bilingual

MOST_MEMORY = 500 * 2**20
MOST_SECONDS = 50
MOST_WORK = 40
"""Seconds of the processor: what takes longer does so on any machine; `MOST_SECONDS` is by the clock."""
LARGEST_ANSWER = 32 * 2**20
"""Bytes of what a reader may hand back; the largest monthly workbook has 4 MB of text and numbers."""
_SOURCES = Path(__file__).resolve().parents[2]
_CHILD = "import sys; sys.path.insert(0, {root!r}); from bn_analysis.cleaning.confined import child; child()"


def confined(reader: Callable[..., Any], path: Path, *told: str | None) -> Any:
    """What a reader returns for a file, read in a process that may use `MOST_MEMORY`, `MOST_WORK` and `MOST_SECONDS`.

    Parameters
    ----------
    reader : callable
        A function of a module of this package; it takes the path and what is told, and returns what can be pickled.
    path : pathlib.Path
    *told : str or None
        What else the reader takes.

    Raises
    ------
    InputError
        What the reader raised, or the file needs more than it may have.
    """
    name = f"{reader.__module__}:{reader.__name__}"
    command = [sys.executable, "-I", "-c", _CHILD.format(root=str(_SOURCES)), name, str(path.resolve())]
    command.append(json.dumps(told))
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False, env=environment)
    except subprocess.TimeoutExpired:
        raise _too_long(path) from None
    if hasattr(signal, "SIGXCPU") and done.returncode == -signal.SIGXCPU:
        raise _too_long(path)
    if done.returncode or not done.stdout:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                f"cần hơn {MOST_MEMORY // 2**20} MB bộ nhớ, hoặc tệp làm hỏng chương trình đọc; "
                "gửi riêng phần có số liệu",
                f"needs more than {MOST_MEMORY // 2**20} MB or breaks the reader; hand in the part with the figures",
            )
        )
    answer, why = pickle.loads(done.stdout)
    if why:
        raise InputError(why)
    return answer


def _too_long(path: Path) -> InputError:
    return InputError(
        f"{path.name}: "
        + bilingual(
            f"đọc quá {MOST_WORK} giây; gửi riêng phần có số liệu",
            f"took longer than {MOST_WORK} s; hand in the part with the figures",
        )
    )


def child() -> None:
    """Read the file named on the command line and write the answer, or why there is none, to the standard output."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_WORK, MOST_WORK + 1))
    except ImportError:  # Windows has no such limits: the time limit of the parent holds
        pass
    module, function = sys.argv[1].split(":")
    path, told = Path(sys.argv[2]), json.loads(sys.argv[3])
    try:
        answer: tuple[Any, str] = (getattr(import_module(module), function)(path, *told), "")
    except InputError as error:
        answer = (None, str(error))
    written = pickle.dumps(answer)
    if len(written) > LARGEST_ANSWER:
        said = bilingual("quá nhiều chữ và số; gửi riêng phần có số liệu", "too much in it; hand in the figures alone")
        written = pickle.dumps((None, f"{path.name}: {said}"))
    sys.stdout.buffer.write(written)

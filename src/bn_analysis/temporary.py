"""The temporary files of a run → a folder of its own, removed at its end or, where it was killed, by the next start."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX, LOCK = "bn-run-", ".lock"
VARIABLE = "TEMP" if os.name == "nt" else "TMPDIR"


@contextmanager
def run_folder() -> Iterator[Path]:
    """A folder that this process, and what it starts, put their temporary files into.

    Where the home folder cannot be written (a service without one), matplotlib and IPython keep their files here too:
    each of their processes would warn of it, and leave a folder of its own.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            _sweep(left)
    before, folder = dict(os.environ), Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / LOCK)
    lock.acquire()
    os.environ[VARIABLE], tempfile.tempdir = str(folder), None
    if not _has_home():
        for name in ("MPLCONFIGDIR", "IPYTHONDIR"):
            os.environ.setdefault(name, str(folder / name.lower()))
    try:
        yield folder
    finally:
        for name in (VARIABLE, "MPLCONFIGDIR", "IPYTHONDIR"):
            os.environ.pop(name, None)
            os.environ.update({name: before[name]} if name in before else {})
        tempfile.tempdir = None
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove the folder of a run that has ended: its lock is there, and nobody holds it any more."""
    if folder.is_symlink() or not (folder / LOCK).is_file():  # without one it is not ours, or was made this moment
        return
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        return
    lock = FileLock(folder / LOCK, timeout=0)
    with suppress(Timeout):
        lock.acquire()
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _has_home() -> bool:
    try:
        return os.access(Path.home(), os.W_OK)
    except RuntimeError:  # a user of whom the system knows no home
        return False

"""A finished folder and a place → the folder in that place, in one step where the system can exchange two folders."""

import ctypes
import errno
import os
import sys
import tempfile
from pathlib import Path

_HERE = -100  # AT_FDCWD: paths are as given
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def put_in_place(new: Path, target: Path, aside: Path) -> Path | None:
    """Give a folder the place of another of the same file system; where the former one lies then, if there was one.

    Whoever reads `target` meets the former folder or the new one. Only where the system cannot exchange two folders it
    is missing for the time between two renames.

    Parameters
    ----------
    new, target : pathlib.Path
        The folder, and its place.
    aside : pathlib.Path
        Where the former folder goes where nothing can be exchanged.
    """
    if not target.exists():
        new.replace(target)
        return None
    if _in_one_step(new, target):
        return new
    target.replace(aside)
    new.replace(target)
    return aside


def can_exchange() -> bool:
    """Whether this system exchanges two folders in one step, asked with two names that do not exist."""
    nowhere = Path(tempfile.gettempdir()) / "no-such-folder"
    _in_one_step(nowhere / "one", nowhere / "other")
    return ctypes.get_errno() == errno.ENOENT


def _in_one_step(one: Path, other: Path) -> bool:
    ctypes.set_errno(errno.ENOSYS)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            return bool(libc.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(os.fsencode(one), os.fsencode(other), _EXCHANGE) == 0)
    except (OSError, AttributeError, TypeError):  # a system or C library without it
        return False
    return False

"""A path that others may have put something at → its bytes, where it is a plain file of no more than a given size."""

import errno
import os
import stat
from pathlib import Path


def plain_bytes(path: Path, most: int) -> bytes:
    """The content of a plain file; nothing is waited for, followed or read without end.

    Parameters
    ----------
    path : pathlib.Path
    most : int
        Bytes that it may have.

    Raises
    ------
    OSError
        It cannot be read, is larger, or is a link, a folder, a pipe or a device.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "no plain file", str(path))
        if found.st_size > most:
            raise OSError(errno.EFBIG, f"larger than {most} bytes", str(path))
        return file.read(most)

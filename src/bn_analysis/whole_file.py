"""A file that is being written → the whole of it in its place in one step, or the former one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write a file that takes its place at the end; of the mode that the user's umask gives any new file.

    Parameters
    ----------
    path : pathlib.Path
        Its place; what stands there is replaced.
    """
    staged = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        yield staged
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)

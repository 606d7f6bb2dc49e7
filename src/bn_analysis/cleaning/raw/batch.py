"""Files of one ingestion, staged beside ``data/raw`` → all of them in it, or none, wherever the program is stopped."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bn_analysis.cleaning.raw.sidecars import SIDECAR_SUFFIX
from bn_analysis.errors import BuildError, bilingual


@contextmanager
def batch(raw_dir: Path) -> Iterator[Path]:
    """A folder that mirrors ``data/raw``: what is written there gets its place at the end, together.

    Renaming the folder is the step that counts: before it nothing has happened, after it `finish` brings the rest.
    """
    staged, ready = _folders(raw_dir)
    staged.mkdir()
    try:
        yield staged
        staged.replace(ready)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    finish(raw_dir)


def finish(raw_dir: Path) -> None:
    """Bring a complete batch of a stopped program to its place, and remove an incomplete one."""
    _, ready = _folders(raw_dir)
    for folder in _unfinished(raw_dir):
        shutil.rmtree(folder)
    if not ready.is_dir():
        return
    try:
        for path in sorted((path for path in ready.rglob("*") if path.is_file()), key=_order):
            target = raw_dir / path.relative_to(ready)
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
        shutil.rmtree(ready)
    except PermissionError:
        raise BuildError(
            f"{ready}: "
            + bilingual(
                "lần ghi của người dùng khác bị dừng giữa chừng; người đó chạy lại bất kỳ lệnh ingest nào",
                "another user's ingestion was stopped; let that user run any ingestion, which brings it to its end",
            )
        ) from None


def is_left(raw_dir: Path) -> bool:
    """Whether a batch, complete or not, lies beside ``data/raw``: a program is at work on it, or was stopped."""
    return bool(_unfinished(raw_dir)) or _folders(raw_dir)[1].is_dir()


def _unfinished(raw_dir: Path) -> list[Path]:
    """Folders of batches that never became complete; those inside ``data/raw`` are of versions until November 2026."""
    return [folder for folder in (_folders(raw_dir)[0], *raw_dir.glob("*/.part-*")) if folder.is_dir()]


def _folders(raw_dir: Path) -> tuple[Path, Path]:
    """Where a batch is written, and where it lies once it is complete: on the file system of ``data/raw``."""
    place = raw_dir.resolve()
    user = os.getuid() if hasattr(os, "getuid") else 0  # what another user's stopped run left is not in the way
    return place.with_name(f".{place.name}.staged-{user}"), place.with_name(f".{place.name}.ready")


def _order(path: Path) -> tuple[bool, bool, str]:
    """Corrections, then sidecars, then the files they speak of: each step leaves a record that can be read."""
    return path.suffix == ".csv", path.name.endswith(SIDECAR_SUFFIX), path.as_posix()

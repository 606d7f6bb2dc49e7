"""Rates ingested from workbooks ↔ ``data/raw/releases/``: one CSV file with its sidecar a release and workbook."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bn_analysis.cleaning.raw.batch import finish, is_left
from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw, write_sidecar
from bn_analysis.errors import BuildError, InputError

RELEASES_DIR = "releases"
LOCK_SECONDS = 300.0
"""How long one ingestion waits for another: a person's and the monthly run's must not add the same figures twice."""


@contextmanager
def adding(raw_dir: Path) -> Iterator[None]:
    """The right to add to ``data/raw``, one program at a time; BuildError where another does not come to an end."""
    if not raw_dir.is_dir():
        raise InputError(f"{raw_dir}: no such folder; restore data/raw")
    lock = _lock(raw_dir)
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        raise BuildError(f"{raw_dir}: another program has been adding figures for {LOCK_SECONDS:g} s") from None
    try:
        finish(raw_dir)
        yield
    finally:
        lock.release()


def finish_stopped(raw_dir: Path) -> None:
    """Bring an ingestion that was stopped to its end before figures are read; one that is at work is left to itself."""
    if not is_left(raw_dir):
        return
    try:
        with _lock(raw_dir).acquire(timeout=0):
            finish(raw_dir)
    except Timeout:
        return


def _lock(raw_dir: Path) -> FileLock:
    return FileLock(raw_dir.with_name(f".{raw_dir.name}.lock"), mode=0o666)


def ingested_rates(raw_dir: Path, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """All ingested rates, in order of release date and file name.

    Parameters
    ----------
    raw_dir : pathlib.Path
        ``data/raw``.
    columns : sequence of str
        The columns of the table of rates, which are those of the files.

    Returns
    -------
    list of tuple
        Fields in the order of the columns, in place of ``source`` the file, the line and the source as ingested.

    Raises
    ------
    InputError
        A file or its sidecar is missing, or its content is not what was ingested.
    """
    folder = raw_dir / RELEASES_DIR
    return [_rate(row, columns) for path in sorted(folder.glob("*.csv")) for row in read_raw(path, columns)]


def _rate(row: RawRow, columns: Sequence[str]) -> tuple[Any, ...]:
    typed = {
        **row.fields,
        "value_pct": row.number("value_pct"),
        "decimals": int(row.number("decimals") or 0),
    }
    return (*(typed[column] for column in columns if column != "source"), row.file, str(row.line), typed["source"])


def write_release(
    raw_dir: Path,
    staged: Path,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    provenance: dict[str, str],
    below: str = RELEASES_DIR,
) -> Path:
    """Write one release with its sidecar into a batch; returns where the file will lie.

    Parameters
    ----------
    raw_dir : pathlib.Path
        ``data/raw``.
    staged : pathlib.Path
        The folder of `bn_analysis.cleaning.raw.batch.batch`.
    name : str
        File name without suffix.
    columns : sequence of str
        Heading.
    rows : iterable of sequences
        Fields in the order of the heading; None is written as an empty field.
    provenance : dict of str
        Publisher, how gathered, licence and date for the sidecar.
    below : str
        Folder of ``data/raw`` that the file goes into.
    """
    (staged / below).mkdir(exist_ok=True)
    file = _free_name((raw_dir / below, staged / below), name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if field is None else field for field in row] for row in rows)
    (staged / below / file).write_text(text.getvalue(), encoding="utf-8", newline="")
    write_sidecar(staged / below / file, **provenance)
    return raw_dir / below / file


def _free_name(folders: Sequence[Path], name: str) -> str:
    """A name not taken: a workbook read again by a reader that has learned more adds a second file."""
    names = (f"{name}{suffix}.csv" for suffix in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(candidate for candidate in names if not any((folder / candidate).exists() for folder in folders))

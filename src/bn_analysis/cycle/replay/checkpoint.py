"""Turns the judgements of a running replay into a file, and that file back, so that a killed replay can go on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from bn_analysis import __version__
from bn_analysis.cycle.calibrated_probability import table
from bn_analysis.errors import InputError, bilingual


class Judged(NamedTuple):
    """Judgement of one vintage before hysteresis; figures are None where there was not enough data."""

    vintage: str
    last_period: str | None
    share: float | None = None
    probability: float | None = None
    regained: float | None = None
    trough: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Judgements already made of one table.

    Attributes
    ----------
    path : Path
        First line: fingerprint of table, seed and versions; then one JSON line a vintage.
    rows : tuple of Judged
        What the file held when it was opened.
    """

    path: Path
    rows: tuple[Judged, ...]

    @classmethod
    def open(cls, path: Path, vintages: pd.DataFrame, seed: int) -> Checkpoint:
        """Open for going on; a file of another table, seed or version starts anew.

        Raises
        ------
        InputError
            The file cannot be written, or is none of a replay: it is left as it is.
        """
        mark = fingerprint(vintages, seed)
        if not _is_ours(path):
            raise InputError(
                f"{path}: "
                + bilingual(
                    "đã có và không phải tệp dở dang của replay; chuyển nó đi hoặc chọn --out khác",
                    "exists and was not left by a replay; move it away or choose another --out",
                )
            )
        try:
            rows = _whole_rows(path, mark)
            lines = [mark, *(json.dumps(row) for row in rows)]
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as error:
            raise InputError(f"checkpoint {path}: cannot be written ({error.strerror}); name another file") from error
        return cls(path, tuple(rows))

    def add(self, row: Judged) -> None:
        """Append one judgement."""
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(row) + "\n")


def fingerprint(vintages: pd.DataFrame, seed: int) -> str:
    """Short text that changes with the table, the seed, the calibration or the version of the program."""
    digest = sha256(vintages.to_numpy(dtype=float).tobytes())
    heading = [str(vintages.index[0]), str(list(vintages.columns)), seed, table()["version"], __version__]
    digest.update(json.dumps(heading).encode())
    return digest.hexdigest()


def _is_ours(path: Path) -> bool:
    """Whether a file may be written over: there is none, or one that begins as this module begins it."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return False
    if not path.exists():
        return True
    with path.open("rb") as file:
        return re.fullmatch(rb"([0-9a-f]{64}\n)?", file.read(65)) is not None


def _whole_rows(path: Path, mark: str) -> list[Judged]:
    """Rows of an earlier run of the same work; a line cut off by a kill, and all after it, are done again."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    rows: list[Judged] = []
    # Without its line break the last line may be cut off.
    for line in lines[1:-1] if lines[0] == mark else []:
        try:
            rows.append(Judged(*json.loads(line)))
        except (json.JSONDecodeError, TypeError):
            break
    return rows

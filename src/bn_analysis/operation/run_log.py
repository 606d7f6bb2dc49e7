"""What a monthly run did → one line of ``reports/run-log.jsonl``, added and never rewritten."""

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bn_analysis import __version__
from bn_analysis.errors import BuildError, bilingual

LOG = "run-log.jsonl"
PUBLISHED, FAILED, BAD_INPUT, NOTHING_NEW = 0, 1, 2, 3


def now() -> str:
    """This second, with its zone, so that a log copied elsewhere keeps its meaning."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(slots=True)
class Entry:
    """One run; the fields stand in the log in this order.

    Attributes
    ----------
    start, end : str
        Moments with their zone.
    version : str
        Of the program.
    ingested : list of dict
        Workbooks read: file, period, released, new, known, suspicious.
    refused, skipped : list of dict
        Files of the inbox that were not read: file, why.
    published : list of str
        Reports built, as folders below ``reports/``.
    unchanged : int
        Reports that stood as their inputs would make them.
    failed : list of str
        What went wrong, one line each.
    late : list of dict
        Releases that were due and are not here: territory, expected, due, months.
    mailed : str
        Report and recipients of the e-mail that was sent (a digest of the addresses, which are nobody else's business).
    exit_code : int
    """

    start: str = field(default_factory=now)
    end: str = ""
    version: str = __version__
    ingested: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    unchanged: int = 0
    failed: list[str] = field(default_factory=list)
    late: list[dict[str, Any]] = field(default_factory=list)
    mailed: str = ""
    exit_code: int = NOTHING_NEW

    def fail(self, said: str, exit_code: int = FAILED) -> None:
        """Note what went wrong; a failure of the run weighs more than bad input."""
        before = self.exit_code if self.failed else exit_code
        self.failed.append(" ".join(said.split()))
        self.exit_code = min(before, exit_code)

    def settle(self) -> None:
        """Set the exit code of a run that came to its end, and the moment."""
        self.end = now()
        if not self.failed:
            self.exit_code = BAD_INPUT if self.refused else PUBLISHED if self.published else NOTHING_NEW


def append(reports: Path, entry: Entry) -> None:
    """Add a run to the log in one write that is on the disk when this returns.

    Raises
    ------
    BuildError
        The log is a link.
    OSError
        The folder cannot be written.
    """
    reports.mkdir(parents=True, exist_ok=True)
    path = reports / LOG
    if path.is_symlink():
        said = bilingual(
            "là một liên kết; nhật ký chỉ ghi vào tệp thật, hãy bỏ liên kết",
            "is a link; the log is written into a real file only, remove it",
        )
        raise BuildError(f"{path}: {said}")
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    with path.open("ab+") as file:
        # A run that was killed while it wrote may have left a line without an end.
        broken = file.tell() > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
        file.write((b"\n" if broken else b"") + line.encode(errors="backslashreplace"))  # of a name that is no UTF-8
        file.flush()
        os.fsync(file.fileno())


def entries(reports: Path) -> list[dict[str, Any]]:
    """Every whole line of the log, oldest first; half a line of a killed run says nothing and is left out."""
    path = reports / LOG
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):  # a name may hold U+2028
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found

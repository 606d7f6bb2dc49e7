"""What nobody means, for every option of every command: command lines to try, and what the program makes of one."""

import io
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import typer

from bn_analysis import cli
from bn_analysis.cleaning.rates import read_rates

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
MONTHS = ["2024-13", "2024-00", "2024-1", "24-01", "2024", "2024-W13", "2024-03-01", "２０２４-03", "2024-03\n"]
DAYS = ["2024-W13-7", "2024-W13", "20240331", "2024-03-32", "2024-02-30", "31/03/2024", "2024-03-31T00", "now"]
WORDS = ["", " ", "\u2028", "\udc80", "../..", "a" * 5000, "--", "{}", "Bắc Ninh", "bn", "http://[bad", "a\nb", "💣"]
NUMBERS = ["nan", "inf", "-inf", "1e999", "1_000", "７", "--5", "5 6", "-200", "0", "-1", "65", "1.5", "9" * 400]
PLACES = ["", "no/such/folder/x.csv", "a" * 5000, "in.csv/x.csv", "folder", "data/raw/x.csv", "\udcff", "in.csv"]
EVERY = [*MONTHS, *DAYS, *WORDS, *NUMBERS, *PLACES]
RIGHT: dict[str, list[str]] = {
    "report": [],
    "run-month": [],
    "ingest": ["book.xlsx"],
    "add": ["--territory", "BN", "--period", "2025-06", "--source", "a", "--released", "2025-07-05", "--yoy", "1,2"],
    "fetch": [],
    "check": [],
    "adjust": ["in.csv", "--out", "out.csv"],
    "review": [],
    "date": ["in.csv", "--out", "out.csv"],
    "replay": ["in.csv", "--out", "out.csv"],
}
"""What each command takes as it is; one value of it is then another."""


def options() -> list[tuple[str, str]]:
    """Every option that takes a value, and "" for what a command takes without a name."""
    commands: Any = typer.main.get_command(cli.app)
    found = []
    for name, command in commands.commands.items():
        for one in command.params:
            flag = getattr(one, "is_flag", False)
            if not flag and one.name != "help":
                found.append((name, "" if one.param_type_name == "argument" else one.opts[-1]))
    return found


def line(command: str, option: str, value: str) -> list[str]:
    """A command line that is right but for one value."""
    words = list(RIGHT[command])
    if not option:
        return [command, value, *words[1:]]
    if option in words:
        words[words.index(option) + 1] = value
        return [command, *words]
    return [command, *words, option, value]


def attempts(count: int, seed: int) -> Iterator[list[str]]:
    """So many command lines: first each odd value for each option, then texts put together at random."""
    places, chance = options(), random.Random(seed)
    every = [line(*place, value) for place in places for value in EVERY]
    chance.shuffle(every)
    yield from every[:count]
    letters = "0123456789-+,.%eE:/\\ \t\n\"'<>&;=@#~*?[]{}ăêôđ\u0301\u200b\u2028\udcff💣"
    for _ in range(count - len(every)):
        yield line(*chance.choice(places), "".join(chance.choices(letters, k=chance.randint(0, 12))))


class Accepted(Exception):  # noqa: N818 - no error: the command would have begun
    """The command took its values and would begin."""


def accept(*_: object, **__: object) -> None:
    """Stands in the place of what a command does once its values are taken."""
    raise Accepted


BEGINNINGS = [
    "bn_analysis.publication.build_reports.run",
    "bn_analysis.operation.monthly_run.finish_stopped",
    "bn_analysis.operation.fetch._asking",
    "bn_analysis.operation.checks.health",
    "bn_analysis.cleaning.ingestion.booking.write_release",
    "bn_analysis.cleaning.workbook.template.Workbook",
    "bn_analysis.seasonal.adjust_many.adjust_many",
    "bn_analysis.operation.annual_review._index",
    "bn_analysis.cycle.turning_points",
    "bn_analysis.cycle.replay",
]


def outcome(words: list[str], patch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What `bn-analysis` makes of a command line: its exit code, or None where it would begin, and its error lines."""
    said = io.StringIO()
    with patch.context() as changed:
        for name in BEGINNINGS:
            module, _, attribute = name.rpartition(".")
            changed.setattr(import_module(module), attribute, accept)
        changed.setattr("bn_analysis.cleaning.ingestion.booking.read_rates", lambda _: rates())
        changed.setattr(signal, "signal", lambda *_: None)
        changed.setattr(cli, "run_folder", nullcontext)
        changed.setattr(sys, "argv", ["bn-analysis", *words])
        changed.setattr(sys, "stderr", said)
        changed.setattr(sys, "stdout", io.StringIO())
        changed.setattr(sys, "stdin", io.StringIO())
        changed.setattr(cli, "unforeseen", _raised)
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        except Accepted:
            code = None
    lines = [text for text in said.getvalue().splitlines() if text.startswith("bn-analysis:")]
    return SimpleNamespace(code=code, lines=lines, all=said.getvalue())


@cache
def rates() -> pd.DataFrame:
    """The published rates, read once: every `add` would read them again."""
    return read_rates(RAW)


def _raised(error: Exception, _: str) -> str:
    raise error


def project(root: Path) -> Path:
    """A small project to type commands in: the figures and notebooks of this one, and two files."""
    (root / "data").mkdir(parents=True)
    (root / "data" / "raw").symlink_to(RAW)
    (root / "notebooks").symlink_to(RAW.parents[1] / "notebooks")
    (root / "folder").mkdir()
    (root / "in.csv").write_text("period,value\n2024-01,1\n", encoding="utf-8")
    (root / "book.xlsx").write_bytes(b"PK\x03\x04")
    return root


def faults(count: int, seed: int, root: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Odd command lines that end in anything but a beginning, or one line, exit 2 and nothing changed."""
    patch.chdir(root)
    patch.setenv("BN_ANALYSIS_ROOT", str(root))
    found, before = [], _content(root)
    for words in attempts(count, seed):
        said = " ".join(word[:40] for word in words)
        try:
            seen = outcome(words, patch)
        except Exception as error:  # whatever it is, it would have been a traceback
            found.append(f"{said}: {type(error).__name__}: {error}")
            continue
        after = _content(root)
        if seen.code is not None and (seen.code != 2 or len(seen.lines) != 1 or after != before):
            found.append(f"{said}: exit {seen.code}, {len(seen.lines)} lines, {sorted(set(after) ^ set(before))}")
        before = after
    return found


def _content(root: Path) -> dict[str, float]:
    """Files and folders with the time of their last change, without locks, the log of runs and stored results."""
    own = (".raw.lock", "reports", "run-log.jsonl", "data", "processed")
    return {
        str(path): path.lstat().st_mtime
        for path in root.rglob("*")
        if path.name not in own and "processed" not in path.parts
    }

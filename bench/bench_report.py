"""Report: one month and a backfill beside a shell loop of papermill and nbconvert, a run with nothing new, the start.

`python -m bench.bench_report` prints every table; `make bench` calls `main`. Each contestant works in a folder of
its own with an empty store, so that nobody profits from what another computed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import Measured, measured
from bn_analysis.seasonal.x13.binary import find_program
from bn_analysis.seasonal.x13.specification import months_of
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import reviewed
from bn_analysis.study.store.notebooks import notebooks_of
from bn_analysis.study.study import reference_estimate

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LANGUAGES = ("vi", "en")
REPORTS = (("BNM", "latest"), ("VN", "latest"))
"""What `bn-analysis report` builds when nothing is named."""
BACKFILL_LAST = (2025, 6)
SPANS = (6, 12, 24, 48)
BARE_ROUNDS = 20
LOOP_MONTHS = 2
"""Months the loop is timed on; it starts everything anew for every page, so that its cost is the same in each."""


def project() -> Path:
    """A copy of the project's data and notebooks with an empty store."""
    root = Path(tempfile.mkdtemp(prefix="bn-bench-"))
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    (root / "data" / "processed").mkdir()
    (root / "reports").mkdir()
    return root


def counted(root: Path) -> Path:
    """The X-13 program behind a script that notes each start in a file beside it, which `starts` counts."""
    script = root / "x13as"
    script.write_text(f'#!/bin/sh\necho >> "{root}/starts"\nexec "{find_program()}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return script


def starts(root: Path) -> int:
    """How often the X-13 program was started for a project so far."""
    noted = root / "starts"
    return noted.stat().st_size if noted.is_file() else 0


def run(commands: list[list[str]], root: Path, codes: tuple[int, ...] = (0,)) -> Measured:
    """Time commands one after another, with the memory of everything they start."""
    environment = {**os.environ, "BN_ANALYSIS_ROOT": str(root), "OPENBLAS_NUM_THREADS": "1"}
    if root != ROOT:
        environment["X13PATH"] = str(counted(root))
    with measured(own=False) as seen:
        for command in commands:
            finished = subprocess.run(command, env=environment, cwd=root, capture_output=True, check=False)
            if finished.returncode not in codes:
                raise SystemExit(f"{' '.join(command)}: {finished.stderr.decode()[-2000:]}")
    return seen


def ours(root: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> Measured:
    """The project's own command."""
    return run([[str(BIN / "bn-analysis"), "report", *arguments]], root, codes)


def loop(root: Path, reports: tuple[tuple[str, str], ...]) -> Measured:
    """papermill and nbconvert on every notebook and language of the same reports."""
    commands = []
    for territory, period in reports:
        for name in notebooks_of(territory):
            for language in LANGUAGES:
                executed = root / "reports" / f"{territory}-{period}-{name}.{language}.ipynb"
                values = {"territory": territory, "period": period, "as_of": "", "language": language}
                pairs = [part for key, value in values.items() for part in ("-r", key, value)]
                source = str(root / "notebooks" / f"{name}.ipynb")
                commands.append([str(BIN / "papermill"), source, str(executed), *pairs])
                commands.append([str(BIN / "jupyter"), "nbconvert", "--to", "html", str(executed)])
    return run(commands, root)


def backfilled(count: int) -> list[str]:
    """The last `count` months of the backfill, oldest first, YYYY-MM."""
    year, month = BACKFILL_LAST
    numbers = range(12 * year + month - count, 12 * year + month)
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]


def one_month() -> None:
    """BNM and VN, both languages, all notebooks; then the same again with nothing new."""
    mine, theirs = project(), project()
    built, looped = ours(mine), loop(theirs, REPORTS)
    again = ours(mine, codes=(3,))
    say("one month, BNM and VN, both languages, all pages", built, looped)
    print(
        f"report | X-13 started | ours {starts(mine)} times; papermill + nbconvert {starts(theirs)} times", flush=True
    )
    bare()
    print(f"report | nothing new | {again.seconds:.2f} s, {again.megabytes:.0f} MB", flush=True)
    for folder in (mine, theirs):
        shutil.rmtree(folder)


def pages_alone() -> None:
    """The same pages with every result in the store: what the month would cost if computing took nothing."""
    both = project()
    ours(both)
    seen = []
    for contestant in (lambda: ours(both), lambda: loop(both, REPORTS)):
        shutil.rmtree(both / "reports")
        (both / "reports").mkdir()
        seen.append(contestant())
    say("the same, pages alone", *seen)
    shutil.rmtree(both)


def bare() -> None:
    """The X-13 program alone on the country's index with the reviewed specification: what adjusting itself costs."""
    settings = Settings()
    series = reference_estimate("", settings).to_frame()["index"].rename("VN")
    entry = reviewed(settings).entry("VN TOTAL")
    with tempfile.TemporaryDirectory(prefix="bn-bench-") as folder:
        for name, text in entry.specification(months_of(series)).files(series).items():
            Path(folder, name).write_text(text, encoding="utf-8")
        alone = run([[str(find_program()), "run", "-n", "-s"]] * BARE_ROUNDS, Path(folder))
        if not Path(folder, "run.d11").is_file():  # the program ends well whatever went wrong
            raise SystemExit("X-13 alone adjusted nothing")
    each = 1000 * alone.seconds / BARE_ROUNDS
    print(f"report | X-13 alone on the country's index, reviewed specification | {each:.0f} ms a run", flush=True)


def backfill() -> None:
    """The last months of Bắc Ninh with all figures known, beside the loop."""
    theirs = project()
    months = tuple(("BN", period) for period in backfilled(LOOP_MONTHS))
    looped = loop(theirs, months)
    shutil.rmtree(theirs)
    for count in SPANS:
        mine, span = project(), backfilled(count)
        built = ours(mine, "--territory", "BN", "--from", span[0], "--to", span[-1])
        shutil.rmtree(mine)
        share = count / LOOP_MONTHS
        scaled = Measured(looped.seconds * share, looped.megabytes, looped.processor * share)
        say(f"backfill of {count} months, BN ({built.seconds / count:.1f} s a month)", built, scaled)


def say(title: str, mine: Measured, theirs: Measured) -> None:
    print(
        f"report | {title} | ours {mine}; papermill + nbconvert {theirs}; "
        f"ratio {mine.seconds / theirs.seconds:.2f}, processor {mine.processor / theirs.processor:.2f}",
        flush=True,
    )


def start(rounds: int = 7) -> None:
    """How soon the command answers: help, and a parameter that is not acceptable."""
    program = str(BIN / "bn-analysis")
    for title, arguments, codes in (
        ("--help", ["--help"], (0,)),
        ("bad parameter", ["report", "--territory", "XX"], (2,)),
    ):
        times = sorted(run([[program, *arguments]], ROOT, codes).seconds for _ in range(rounds))
        print(f"start | {title} | median {times[rounds // 2]:.2f} s", flush=True)


def main() -> None:
    """Print every table."""
    start()
    one_month()
    pages_alone()
    backfill()


if __name__ == "__main__":
    main()

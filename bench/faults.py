"""Break a monthly run in every way at hand → a table of what readers saw and what the next run did.

Run it with ``python -m bench.faults [--kills 50] [--seed 1]``: a quarter of an hour; mounting needs root. It works in a
temporary copy of the project with thinned notebooks, and ends with an error where a file was lost or half-published.
``--only aimed fuzz bombs`` tries what needs no whole run: kills at every write, a reader that polls, damaged input,
files built to exhaust the machine.
"""

import argparse
import json
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from bench import fuzz
from bench.aimed_kills import aimed
from bench.fault_project import WORKBOOK, Project, View, mount, small_disk

COMPLETE_EVERY = 5
"""After so many kills a run is left alone; in between, the next killed run is the one that has to put things right."""


@dataclass
class Row:
    """One line of the table."""

    fault: str
    times: int = 1
    exits: Counter[str] = field(default_factory=Counter)
    whole: int = 0
    mixed: int = 0
    half: int = 0
    lost: int = 0
    after: Counter[str] = field(default_factory=Counter)

    def saw(self, view: View) -> None:
        self.whole, self.mixed = self.whole + view.whole, self.mixed + view.mixed
        self.half, self.lost = self.half + len(view.half), self.lost + len(view.lost)
        for name in (*view.half, *view.lost):
            print(f"    {self.fault}: half or lost: {name}", flush=True)

    def cells(self) -> list[str]:
        def counted(counter: Counter[str]) -> str:
            return ", ".join(f"{what} ×{count}" if count > 1 else what for what, count in counter.items())

        seen = f"{self.whole} whole" + (f", {self.mixed} between two versions" if self.mixed else "")
        return [
            self.fault,
            str(self.times),
            counted(self.exits),
            seen,
            str(self.half),
            str(self.lost),
            counted(self.after),
        ]


def finished(project: Project, row: Row, **more: str) -> None:
    """Let the next run go to its end and say what it did."""
    code, said = project.run(**more)
    view, left = project.view(), project.left_over()
    row.saw(view)
    good = code in (0, 3) and not view.mixed and not left and project.quiet()
    row.after["published" if good and code == 0 else "nothing to do" if good else f"exit {code}: {said} {left}"] += 1


def kills(project: Project, count: int, seed: int) -> Row:
    """kill −9 of the run alone, its kernels left behind, at random moments between its start and its end."""
    row, moments = Row("kill −9 at a random moment", count), random.Random(seed)
    project.change()
    project.drop_workbook()
    began = time.monotonic()
    project.run()
    length = time.monotonic() - began
    number = 0
    while number < count:
        project.change()
        if not (project.inbox / WORKBOOK).exists():
            project.drop_workbook()
        run, began = project.start(), time.monotonic()
        try:
            run.wait(moments.uniform(0, length))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
        _forget(run)
        if run.returncode >= 0:  # a computer with less to do than at first: it was through before the moment came
            length = time.monotonic() - began
            continue
        number += 1
        row.exits["killed"] += 1
        row.saw(project.view())
        if not (project.inbox / WORKBOOK).exists() and not list(project.inbox.glob(f"done/*/{WORKBOOK}")):
            row.lost += 1
        if not project.quiet():
            row.after["left programs running"] += 1
        if number % COMPLETE_EVERY == 0 or number == count:
            finished(project, row)
        print(f"  kill {number} of {count}: {row.cells()[3:]}", flush=True)
    _log_is_whole(project, row)
    return row


def _forget(run: subprocess.Popen[str]) -> None:
    """Wait for a run alone: programs that it left behind would hold its output open."""
    run.wait()
    if run.stdout:
        run.stdout.close()


def _log_is_whole(project: Project, row: Row) -> None:
    lines = (project.reports / "run-log.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        try:
            json.loads(line)
        except ValueError:
            row.after["half a line in the log, left out by its reader"] += 1


def one(project: Project, fault: str, *, cure: bool = True, **more: str) -> Row:
    """One run with a fault in its surroundings, then one without."""
    row = Row(fault)
    code, said = project.run(**more)
    row.exits[f"exit {code}"] += 1
    print(f"  {fault}: exit {code}: {said}", flush=True)
    row.saw(project.view())
    if cure:
        finished(project, row)
    return row


def full_disk(project: Project, name: str, spare: int) -> Row:
    """A run whose folder has room for `spare` kilobytes more than it holds."""
    folder = project.root / name
    project.change()
    if name == "data/processed":
        for path in folder.iterdir():
            path.unlink()
    used = 4 * sum(-(-path.stat().st_size // 4096) for path in folder.rglob("*") if path.is_file())
    with small_disk(folder, used + spare):
        row = one(project, f"disk full: {name}, {spare} kB left", cure=False)
        mount("-o", "remount,size=100m", str(folder))
        finished(project, row)
    return row


def read_only(project: Project) -> Row:
    project.change()
    mount("--bind", str(project.reports), str(project.reports))
    try:
        mount("-o", "remount,bind,ro", str(project.reports))
        row = one(project, "reports folder read-only", cure=False)
    finally:
        subprocess.run(["umount", str(project.reports)], check=True)
    finished(project, row)
    return row


def dead_kernels(project: Project, limit: int) -> Row:
    """Kill kernels as soon as they are at work: so many, or every one."""
    row = Row("one kernel dies" if limit == 1 else "every kernel dies")
    project.change()
    run, dead = project.start("run-month", "--jobs", "1"), set[int]()
    while run.poll() is None:
        for child in psutil.Process(run.pid).children() if run.poll() is None else []:
            try:
                kernel = "ipykernel_launcher" in child.cmdline() and time.time() - child.create_time() > 3
            except psutil.Error:
                continue
            if kernel and child.pid not in dead and len(dead) < limit:
                dead.add(child.pid)
                child.kill()
        run_output_waits(run)
    run.communicate()
    row.exits[f"exit {run.returncode}"] += 1
    if run.returncode == 0:
        project.remember()
    row.saw(project.view())
    finished(project, row)
    return row


def run_output_waits(run: subprocess.Popen[str]) -> None:
    try:
        run.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def two_at_once(project: Project) -> Row:
    row = Row("two runs at once")
    project.change()
    first = project.start()
    while first.poll() is None and not list(project.reports.glob(".staging-*")):
        time.sleep(0.05)
    code, said = project.run()
    first.communicate()
    row.exits[f"first exit {first.returncode}"] += 1
    row.exits[f"second exit {code}"] += 1
    print(f"  {row.fault}: {said}", flush=True)
    project.remember()
    row.saw(project.view())
    finished(project, row)
    return row


def bad_workbook(project: Project) -> Row:
    project.change()
    (project.inbox / "2026-04-06 hong.xlsx").write_bytes(b"PK\x03\x04 half a workbook")
    row = one(project, "damaged workbook in the inbox", cure=False)
    project.remember()
    finished(project, row)
    return row


def link_in_the_way(project: Project) -> Row:
    project.change()
    elsewhere = project.root / "elsewhere"
    elsewhere.mkdir()
    place = min(project.reports.glob("20*"))
    place.rename(project.root / "held")
    place.symlink_to(elsewhere, target_is_directory=True)
    stood, project.stood = project.stood, {name for name in project.stood if not name.startswith(place.name)}
    row = one(project, "link in the reports folder", cure=False)
    row.half += len(list(elsewhere.iterdir()))
    place.unlink()
    (project.root / "held").rename(place)
    project.stood = stood
    finished(project, row)
    return row


def without_engine(project: Project) -> Row:
    project.change()
    return one(project, "X-13 missing", X13PATH="/nowhere/x13as")


def dead_mail_server(project: Project) -> Row:
    project.change()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    mail = {"HOST": "127.0.0.1", "PORT": port, "FROM": "a@b.vn", "TO": "c@d.vn", "TLS": "none"}
    return one(project, "mail server dead", **{f"BN_ANALYSIS_SMTP_{name}": value for name, value in mail.items()})


SCENARIOS: dict[str, list[Callable[[Project], Row]]] = {
    "surroundings": [without_engine, dead_mail_server, two_at_once, bad_workbook, link_in_the_way],
    "kernels": [partial(dead_kernels, limit=1), partial(dead_kernels, limit=sys.maxsize)],
    "disk": [
        read_only,
        *(partial(full_disk, name="reports", spare=spare) for spare in (8, 60, 120, 180, 240)),
        partial(full_disk, name="data/processed", spare=100),
    ],
    "kills": [kills],
}


HEADING: tuple[str, object, str] = ("class", "tries", "failures")
WITHOUT_A_RUN = ("aimed", "fuzz", "bombs")
INPUTS = {"options": 4_000, "raw": 200, "workbooks": 400, "documents": 200}
AIMED_KILLS, POLLS = 200, 10_000


def without_a_run(names: list[str]) -> bool:
    """Print class, tries and failures of what needs no whole run; whether all was well."""
    rows: list[tuple[str, object, str]] = []
    with tempfile.TemporaryDirectory(prefix="bn-faults-", ignore_cleanup_errors=True) as folder:
        if "aimed" in names:
            rows += [(one.name, one.tries, one.failures) for one in aimed(AIMED_KILLS, POLLS, Path(folder))]
    rows += fuzz.fuzz(INPUTS) if "fuzz" in names else ()
    rows += fuzz.bombs() if "bombs" in names else ()
    if rows:
        print("\n".join(f"| {what} | {tries} | {failures} |" for what, tries, failures in (HEADING, *rows)), flush=True)
    return not any(re.search(r"(lost|mixed|half|stuck|tracebacks) [1-9]|OVER", row[2]) for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=(*SCENARIOS, *WITHOUT_A_RUN), nargs="*", default=list(SCENARIOS))
    options, rows = parser.parse_args(), []
    well = without_a_run(options.only)
    wanted = [name for name in options.only if name in SCENARIOS]
    if not wanted:
        sys.exit(0 if well else 1)
    print("| fault | times | run | readers saw (reports) | half-published | lost | next run |", flush=True)
    with tempfile.TemporaryDirectory(prefix="bn-faults-", ignore_cleanup_errors=True) as folder:
        project = Project(Path(folder) / "project")
        project.make_workbook()
        project.drop_workbook()
        print(f"first run: {project.run()}", flush=True)
        for scenario in [scenario for name in wanted for scenario in SCENARIOS[name]]:
            kill = {"count": options.kills, "seed": options.seed} if scenario is kills else {}
            try:
                rows.append(scenario(project, **kill))
                print(f"| {' | '.join(rows[-1].cells())} |", flush=True)
            except RuntimeError as error:
                print(f"  not tried: {error}", flush=True)
    sys.exit(1 if not well or any(row.half or row.lost for row in rows) else 0)


if __name__ == "__main__":
    main()

"""kill −9 just before a chosen write → what a reader finds then and what the next run makes of it; a reader that polls.

A child process counts its own writes by the audit events of Python (PEP 578) and kills itself before the n-th one, so
that every step between two writes is tried and not only those that a clock meets.
"""

import hashlib
import itertools
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from bn_analysis.cleaning.ingestion import booking
from bn_analysis.cleaning.ingestion.document_arrival import typed_arrival
from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.rates import read_rates
from bn_analysis.cleaning.raw.release_files import finish_stopped
from bn_analysis.cleaning.workbook.template import write_template
from bn_analysis.publication.archive import write_index
from bn_analysis.publication.publish import MANIFEST, digest, index_is_current, output_folder, publish
from bn_analysis.study.parameters import Parameters

ROOT = Path(__file__).resolve().parents[1]
WRITES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "ctypes.dlsym")
"""The last one is asked for when two folders are about to change places."""
PAGES, SIZE = 6, 200_000
Work = Callable[[], object]
Tree = dict[str, str]


@dataclass
class Tried:
    """One line of the table: a class of attacks, how many were tried, and the failures of each kind."""

    name: str
    tries: int = 0
    lost: int = 0
    mixed: int = 0
    half: int = 0
    stuck: int = 0

    @property
    def failures(self) -> str:
        return f"lost {self.lost}, mixed {self.mixed}, half {self.half}, stuck {self.stuck}"


def killed_at(number: int, work: Work) -> bool:
    """Do something in a child that kills itself before its n-th write; whether it came to that."""
    child = os.fork()
    if child == 0:
        writes = itertools.count(1)

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if (opened or event in WRITES) and next(writes) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        _leave(work)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def goes_well(work: Work) -> bool:
    """Whether something comes to its end in a process of its own."""
    child = os.fork()
    if child == 0:
        _leave(work)
    return os.waitpid(child, 0)[1] == 0


def _leave(work: Work) -> None:
    try:
        work()
    except BaseException as error:
        os.write(2, f"    {type(error).__name__}: {error}\n"[:300].encode())
        os._exit(1)
    os._exit(0)


def tree(folder: Path) -> Tree:
    """Hash of every file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ingest_kills(count: int, folder: Path) -> Tried:
    """Ingestions stopped at every write in turn: two workbooks, a correction, figures typed by hand."""
    tried, raw = Tried("kill at a write, ingest"), folder / "data" / "raw"
    booking.read_rates = _read_once  # reading is no write: the same record is read once
    for name, before, work in itertools.cycle(_ingestions(folder, raw)):
        shutil.rmtree(raw.parent, ignore_errors=True)
        shutil.copytree(before, raw)
        if not goes_well(work):
            raise RuntimeError(f"{name}: fails without any kill")
        old, new = tree(before), tree(raw)
        for number in itertools.count(1):
            shutil.rmtree(raw.parent)
            shutil.copytree(before, raw)
            if not killed_at(number, work):
                break
            tried.tries += 1
            _look_at_record(tried, raw, old, new, work)
            if tried.tries == count:
                return tried
    raise AssertionError("cycles without end")


def _look_at_record(tried: Tried, raw: Path, old: Tree, new: Tree, work: Work) -> None:
    now = tree(raw)
    tried.lost += bool(set(old) - set(now))
    tried.half += any(sha not in (old.get(name), new.get(name)) for name, sha in now.items())
    goes_well(lambda: finish_stopped(raw))
    tried.mixed += tree(raw) not in (old, new)
    left = (
        [path.name for path in raw.parent.iterdir() if path.name not in ("raw", ".raw.lock")] if goes_well(work) else 1
    )
    tried.stuck += bool(left) or tree(raw) != new


_KNOWN: dict[tuple[tuple[str, int, int], ...], Any] = {}


def _read_once(raw: Path) -> Any:
    files = sorted(path for path in raw.rglob("*") if path.is_file())
    key = tuple((path.name, path.stat().st_size, hash(path.read_bytes())) for path in files)
    if key not in _KNOWN:
        _KNOWN[key] = read_rates(raw)
    return _KNOWN[key].copy()


def _ingestions(folder: Path, raw: Path) -> list[tuple[str, Path, Work]]:
    """Name, record before, and the call."""
    plain, one, corrected = folder / "plain", _form(folder, 3, 101.5), _form(folder / "again", 3, 101.9)
    two = _form(folder, 4, 102.5)
    shutil.copytree(ROOT / "data" / "raw", plain)
    booked = folder / "booked"
    shutil.copytree(plain, booked)
    ingest([one], booked, confirmed=True)
    booked.with_name(".booked.lock").unlink(missing_ok=True)
    typed = typed_arrival("BN", "2025-06", {"yoy": "9,9"}, "a page", industry="TOTAL", release="first")
    for record in (plain, booked):
        _read_once(record)
    return [
        ("two workbooks", plain, lambda: ingest([one, two], raw, confirmed=True)),
        ("a correction", booked, lambda: ingest([corrected], raw, supersede=True, confirmed=True)),
        ("typed figures", plain, lambda: booking.book([typed], raw, "2025-07-05", confirmed=True)),
    ]


def _form(folder: Path, month: int, ratio: float) -> Path:
    """A filled-in form for a month of 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"2026-{month + 1:02d}-06 thang {month}.2026.xlsx"
    write_template(path, "BNM")
    book = openpyxl.load_workbook(path)
    sheet = book["IIP"]
    sheet["A1"] = sheet["A1"].value.replace("…", str(month), 1).replace("…", "2026", 1)
    row = next(cell.row for cell in sheet["A"] if cell.value == "Toàn ngành công nghiệp")
    for column, value in enumerate((ratio, 104.2, 103.1), start=2):
        sheet.cell(row=row, column=column, value=value)
    book.save(path)
    return path


def _publish(reports: Path, version: int, parameters: Parameters) -> None:
    """Make the pages of a version and publish them as a run does, with the list of all reports."""
    with output_folder(reports) as staging:
        folder = staging / "pages"
        folder.mkdir()
        for number in range(PAGES):
            text = f"<!--v{version}--><!--months--><!--/months-->{'x' * SIZE}</html>"
            (folder / f"0{number}.vi.html").write_text(text, encoding="utf-8")
        facts = {
            "territory": parameters.territory, "period": parameters.period, "as_of": parameters.as_of,
            "languages": ["vi"], "key": str(version), "version": version, "phase": "bottomed_out", "probability": 0.9,
            "vintage": "2026-09-06", "verdict": {"reasons": []},
        }  # fmt: skip
        publish(folder, reports, parameters, facts)
        write_index(reports, staging)


def _next_run(reports: Path) -> None:
    """What any run does first and last, with nothing to build."""
    with output_folder(reports) as staging:
        if not index_is_current(reports):
            write_index(reports, staging)


def publishing_kills(count: int, folder: Path) -> Tried:
    """Publications stopped at every write in turn: the first, over a former version, and beside one of a day."""
    tried, reports = Tried("kill at a write, publishing"), folder / "reports"
    plain, of_a_day = Parameters("BNM", "2026-08"), Parameters("BNM", "2026-08", "2026-09-30")
    version = 0
    for first, former in itertools.cycle([([], False), ([plain], True), ([plain, of_a_day], True)]):
        for number in itertools.count(1):
            shutil.rmtree(reports, ignore_errors=True)
            for parameters in first:
                _publish(reports, version, parameters)
            version += 1
            if not killed_at(number, lambda: _publish(reports, version, plain)):  # noqa: B023 - called at once
                break
            tried.tries += 1
            _look_at_reports(tried, reports, former)
            if tried.tries == count:
                return tried
    raise AssertionError("cycles without end")


def _look_at_reports(tried: Tried, reports: Path, former: bool) -> None:
    _count_view(tried, reports / "2026-08" / "BNM", former)
    well = goes_well(lambda: _next_run(reports))
    left = [path.name for path in reports.iterdir() if path.name.startswith((".staging", ".publishing"))]
    tried.stuck += not well or bool(left) or not index_is_current(reports)
    _count_view(tried, reports / "2026-08" / "BNM", former)


def _count_view(tried: Tried, report: Path, stands: bool) -> None:
    if not (report / MANIFEST).is_file():
        tried.lost += stands
        tried.half += report.is_dir() and any(report.glob("*.html"))
        return
    record = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    found = {path.name: digest(path) for path in report.iterdir() if path.suffix == ".html"}
    tried.mixed += found != record["outputs"]
    tried.half += not all(path.read_text(encoding="utf-8").endswith("</html>") for path in report.glob("*.html"))


def reader(polls: int, folder: Path) -> Tried:
    """A reader that looks at a report without a pause while it is published again and again, and kills nothing."""
    reports, parameters = folder / "reports", Parameters("BNM", "2026-08")
    shutil.rmtree(reports, ignore_errors=True)
    _publish(reports, 0, parameters)
    child = os.fork()
    if child == 0:
        for version in itertools.count(1):
            _publish(reports, version, parameters)
            time.sleep(0.05)
    report, tried = reports / "2026-08" / "BNM", Tried("a reader that polls")
    try:
        while tried.tries < polls:
            seen = _versions(report)
            tried.tries += 1
            tried.lost += seen is None
            tried.mixed += seen is not None and len(seen) > 1
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    last = json.loads((report / MANIFEST).read_text(encoding="utf-8"))["version"]
    tried.name += f" ({last} publications meanwhile)"
    return tried


def _versions(report: Path) -> set[str] | None:
    """Versions of the pages of one look, which began and ended at one manifest; None where a file was missing."""
    while True:
        try:
            before = (report / MANIFEST).read_bytes()
            found = {_mark(report / f"0{number}.vi.html") for number in range(PAGES)}
            if (report / MANIFEST).read_bytes() == before:
                return found | {f"v{json.loads(before)['version']}"}
        except FileNotFoundError:
            return None


def _mark(page: Path) -> str:
    with page.open(encoding="utf-8") as stream:
        return stream.read(20).split("-->")[0].removeprefix("<!--")


def aimed(kills: int, polls: int, folder: Path) -> Iterator[Tried]:
    """All of it, in order."""
    yield ingest_kills(kills, folder / "ingest")
    yield publishing_kills(kills, folder / "publishing")
    yield reader(polls, folder / "reader")

"""A copy of the project to break things in: runs of the monthly command, and what a reader of its reports sees."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import openpyxl
import psutil

from bn_analysis.publication.publish import digest

ROOT = Path(__file__).resolve().parents[1]
WORKBOOK = "2026-10-06 thang 9.2026.xlsx"
"""Of the month after the last on record: an older one would wait for a person's word."""
KEPT = ("sources.sources", "verdict.verdict_card", "study_charts.verdict_chart")
"""Beginnings of the cells that stay: a table of sources, and what the leadership page must have."""
RATIOS = (101.5, 120.2, 120.2)
"""Of its month, to the one before, to a year before, and of the year to date."""
COMMAND = [sys.executable, "-c", "from bn_analysis.cli import main; main()"]


@dataclass(frozen=True)
class View:
    """What a reader of the reports folder finds.

    Attributes
    ----------
    whole : int
        Reports of which every file is the one its manifest records.
    mixed : int
        Reports whose files are each whole, some of them of a newer or older version than the manifest.
    half : list of str
        Files that are of no version ever finished: half-written.
    lost : list of str
        Files or reports that stood before and do not now.
    """

    whole: int
    mixed: int
    half: list[str]
    lost: list[str]


class Project:
    """A folder with the project's figures and notebooks, its own reports, and everything it ever published."""

    def __init__(self, root: Path) -> None:
        self.root, self.reports, self.inbox = root, root / "reports", root / "data" / "inbox"
        self.version, self.good, self.stood = 0, set[str](), set[str]()
        for name in ("data/raw", "notebooks"):
            shutil.copytree(ROOT / name, root / name)
        for folder in (self.reports, self.inbox, root / "data" / "processed"):
            folder.mkdir(parents=True)
        self.thin_out()
        # Every process of a run is found by this mark, and its temporary files lie in a folder of its own.
        self.temporary = root / "tmp"
        self.temporary.mkdir()

    def environment(self, **more: str) -> dict[str, str]:
        base = {key: value for key, value in os.environ.items() if not key.startswith("BN_ANALYSIS_SMTP")}
        fixed = {"BN_ANALYSIS_ROOT": str(self.root), "TMPDIR": str(self.temporary), "OPENBLAS_NUM_THREADS": "1"}
        return {**base, **fixed, **more}

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *(arguments or ("run-month",))], cwd=self.root, env=self.environment(**more),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, *arguments: str, **more: str) -> tuple[int, str]:
        """Exit code and last line of a run that is left alone; what it published is remembered as whole."""
        process = self.start(*arguments, **more)
        said = process.communicate(timeout=900)[0].strip().splitlines()
        if process.returncode in (0, 3):
            self.remember()
        return process.returncode, said[-1] if said else ""

    def change(self) -> None:
        """Give every page another text, so that the next run has everything to build; results stay stored."""
        self.version += 1
        for path in (self.root / "notebooks").glob("*.ipynb"):
            book = nbformat.read(path, as_version=4)
            book.cells[-1].source = f"v{self.version}"
            nbformat.write(book, path)

    def thin_out(self) -> None:
        """Leave in every notebook what a page needs to pass its checks, so that a run takes seconds, and a mark."""
        for path in (self.root / "notebooks").glob("*.ipynb"):
            book = nbformat.read(path, as_version=4)
            code = [cell for cell in book.cells if cell.cell_type == "code"]
            kept = [cell for cell in code[2:] if cell.source.startswith(KEPT)]
            book.cells = [*code[:2], *kept, nbformat.v4.new_markdown_cell("v0", id="mark")]
            nbformat.write(book, path)

    def drop_workbook(self) -> None:
        shutil.copy(self.root / WORKBOOK, self.inbox / WORKBOOK)

    def make_workbook(self) -> None:
        """A filled-in form for the province of today: figures of one further month."""
        form = self.root / WORKBOOK
        self.run("ingest", "--template", str(form), "--territory", "BNM")
        book = openpyxl.load_workbook(form)
        sheet = book["IIP"]
        sheet["A1"] = sheet["A1"].value.replace("…", "9", 1).replace("…", "2026", 1)
        row = next(cell.row for cell in sheet["A"] if cell.value == "Toàn ngành công nghiệp")
        for column, ratio in enumerate(RATIOS, start=2):
            sheet.cell(row=row, column=column, value=ratio)
        book.save(form)

    def files(self) -> dict[str, str]:
        """Hash of every file below the reports that a reader may open."""
        return {
            path.relative_to(self.reports).as_posix(): digest(path)
            for path in sorted(self.reports.rglob("*"))
            if path.is_file() and not path.relative_to(self.reports).parts[0].startswith((".", "run-log"))
        }

    def remember(self) -> None:
        files = self.files()
        self.good |= {f"{name} {sha}" for name, sha in files.items()}
        self.stood = set(files)

    def view(self) -> View:
        """Look at the reports as they are; what is on its way in hidden folders is not seen by a reader."""
        files = self.files()
        promised = self._promised(self.reports.glob(".publishing-*/manifest.json"))
        promised |= self._promised(self.reports.glob("*/*/manifest.json"))
        known = self.good | promised
        half = [name for name, sha in files.items() if f"{name} {sha}" not in known and not _closed(self, name)]
        whole = mixed = 0
        for manifest in self.reports.glob("*/*/manifest.json"):
            record = json.loads(manifest.read_text(encoding="utf-8"))
            same = all(files.get(f"{record['folder']}/{name}") == sha for name, sha in record["outputs"].items())
            whole, mixed = whole + same, mixed + (not same)
        return View(whole, mixed, half, sorted(self.stood - set(files)))

    @staticmethod
    def _promised(manifests: object) -> set[str]:
        found = set()
        for manifest in manifests:
            record = json.loads(manifest.read_text(encoding="utf-8"))
            found |= {f"{record['folder']}/{name} {sha}" for name, sha in record["outputs"].items()}
        return found

    def left_over(self) -> list[str]:
        """Folders and files a finished run should have cleared away."""
        found = [*self.reports.glob(".staging-*"), *self.reports.glob(".publishing-*")]
        found += [path for path in self.inbox.iterdir() if path.name not in (".lock", "done", "refused")]
        found += (self.root / "data" / "raw" / "releases").glob(".part-*")
        return [path.name for path in found]

    def processes(self) -> list[psutil.Process]:
        """Programs still at work for this project."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("BN_ANALYSIS_ROOT") == str(self.root)
            except psutil.Error:
                continue
            if mine and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found

    def quiet(self, seconds: float = 20) -> bool:
        """Whether every program of a killed run ends by itself."""
        end = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > end:
                return False
            time.sleep(0.2)
        return True


def _closed(project: Project, name: str) -> bool:
    """Whether a page or manifest without a recorded hash (the list of reports) is complete in itself."""
    text = (project.reports / name).read_text(encoding="utf-8", errors="replace")
    if name == "index.html":
        return text.rstrip().endswith("</html>")
    return name.endswith("manifest.json") and bool(json.loads(text)["outputs"])


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of its own below a folder, holding what lay there; RuntimeError where mounting is not permitted."""
    held = folder.with_name(f"{folder.name}-held")
    folder.rename(held)
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder))
        try:
            subprocess.run(["cp", "-a", f"{held}/.", str(folder)], check=True)
            yield
            subprocess.run(["cp", "-a", f"{folder}/.", str(held)], check=True)
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
    finally:
        folder.rmdir()
        held.rename(folder)


def mount(*arguments: str) -> None:
    """Mount, or RuntimeError where that is not permitted."""
    if os.geteuid() != 0 or subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode:
        raise RuntimeError("mounting is not permitted here")

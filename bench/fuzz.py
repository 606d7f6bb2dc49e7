"""Damaged and hostile input, by the hundred → how many tries end in anything but a result or one clear error."""

import random
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from bench.aimed_kills import ROOT
from bn_analysis.cleaning.ingestion.arrival import arrival_of
from bn_analysis.cleaning.ingestion.document_arrival import document_arrival, is_document
from bn_analysis.errors import InputError
from bn_analysis.operation import checks
from bn_analysis.publication.build_reports import Request, plan
from bn_analysis.settings import Settings
from tests import odd_values
from tests.cleaning.bombs import BOMBS, MOST_MEGABYTES, MOST_SECONDS, cost_of

SHARED = ROOT.parent / "shared"
Try = Callable[[random.Random], str]
"""One attempt; what went wrong, empty where nothing did."""


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A file with some bytes changed, lost, doubled or cut off; of an archive, as often, in one of its parts."""
    if content.startswith(b"PK") and chance.random() < 0.7:
        return _damaged_part(content, chance)
    at = chance.randrange(len(content) + 1)
    to = min(len(content), at + chance.choice((1, 8, 100, 5000)))
    return chance.choice(
        (
            content[:at] + chance.randbytes(to - at) + content[to:],
            content[:at] + content[to:],
            content[:to] + content[at:],
            content[:at],
        )
    )


def _damaged_part(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    name = chance.choice(list(parts))
    parts[name] = damaged(parts[name], chance) if parts[name] and not parts[name].startswith(b"PK") else b""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return out.getvalue()


def files(sources: list[Path], folder: Path) -> Try:
    """Reads one of some files, damaged, as `ingest` does."""

    def attempt(chance: random.Random) -> str:
        source = chance.choice(sources)
        path = folder / source.name
        path.write_bytes(damaged(source.read_bytes(), chance))
        try:
            (document_arrival if is_document(path) else arrival_of)(path)
        except InputError as error:
            return "" if "\n" not in str(error) else f"{path.name}: several lines"
        except Exception as error:  # what a person would see as a traceback
            return f"{path.name}: {type(error).__name__}: {error}"
        return ""

    return attempt


def raw_files(folder: Path) -> Try:
    """Damages one file of the record, then checks it and plans a report on it."""
    record, root = ROOT / "data" / "raw", folder / "project"
    shutil.copytree(record, root / "data" / "raw")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    names = sorted(path.relative_to(record) for path in record.rglob("*") if path.is_file())
    settings = Settings(root=root)

    def attempt(chance: random.Random) -> str:
        name = chance.choice(names)
        path = settings.raw / name
        path.write_bytes(damaged((record / name).read_bytes(), chance))
        try:
            checks._raw(settings)
            plan(Request("BNM", "latest", "", "", "", "vi"))
        except InputError as error:
            return "" if "\n" not in str(error) else f"{name}: several lines"
        except Exception as error:  # what a person would see as a traceback
            return f"{name}: {type(error).__name__}: {error}"
        finally:
            shutil.copy(record / name, path)
        return ""

    return attempt


def tried(what: str, count: int, attempt: Try) -> tuple[str, int, str]:
    """Name, number of tries, and the failures of one kind of input; each failure is printed once."""
    warnings.simplefilter("ignore")
    found = [said for number in range(count) if (said := attempt(random.Random(number)))]
    for said in dict.fromkeys(found):
        print(f"    {what}: {said[:300]}", flush=True)
    return what, count, f"tracebacks {len(found)}"


def fuzz(counts: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """Options, raw files, workbooks and documents, as many of each as asked for."""
    workbooks = [path for path in sorted((SHARED / "workbooks").glob("*.xls*")) if path.stat().st_size < 10**6]
    documents = [path for path in sorted((SHARED / "cases" / "documents").iterdir()) if path.suffix != ".doc"]
    with tempfile.TemporaryDirectory(prefix="bn-fuzz-") as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place)
        found = odd_values.faults(counts["options"], 1, odd_values.project(folder / "typed"), patch)
        for said in found:
            print(f"    options: {said[:300]}", flush=True)
        yield "odd values of options", counts["options"], f"tracebacks {len(found)}"
        patch.setenv("BN_ANALYSIS_ROOT", str(folder / "project"))
        yield tried("damaged raw files", counts["raw"], raw_files(folder))
        yield tried("damaged workbooks", counts["workbooks"], files(workbooks, folder))
        yield tried("damaged documents", counts["documents"], files(documents, folder))


def bombs() -> Iterator[tuple[str, int, str]]:
    """Each file built to exhaust the machine: time at the clock, largest memory, and a failure where over the limit."""
    with tempfile.TemporaryDirectory(prefix="bn-bombs-") as folder:
        for name, (suffix, make) in BOMBS.items():
            path = Path(folder) / f"2024-06-06 bom{suffix}"
            make(path)
            cost = cost_of(path)
            path.unlink()
            over = cost.megabytes > MOST_MEGABYTES or cost.seconds > MOST_SECONDS
            said = cost.said.split(":")[0]
            yield f"bomb: {name}", 1, f"{cost.seconds:.0f} s, {cost.megabytes:.0f} MB, {said}{' OVER' * over}"

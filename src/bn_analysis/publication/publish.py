"""Finished pages in a staging folder → reports people open: all of a report or nothing, one run at a time."""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bn_analysis.errors import BuildError
from bn_analysis.study.parameters import Parameters

MANIFEST = "manifest.json"
LOCK = ".lock"
STAGING, PUBLISHING = ".staging-", ".publishing-"
"""Beginnings of folder names: pages still being made, and finished pages on their way to their place."""


MONTHS = re.compile(r"(<!--months-->).*?(<!--/months-->)", re.DOTALL)
"""Where a page links to its neighbours: the only part of a published page that a later month may change."""


def with_months(html: str, links: str) -> str:
    """A page with these links to its neighbours."""
    return MONTHS.sub(lambda match: f"{match[1]}{links}{match[2]}", html)


def digest(path: Path) -> str:
    """SHA-256 of a file; of a page without the links to its neighbours."""
    content = path.read_bytes()
    if path.suffix == ".html":
        content = with_months(content.decode("utf-8"), "").encode("utf-8")
    return hashlib.sha256(content).hexdigest()


def folder_of(parameters: Parameters) -> Path:
    """Where a report lies below the reports folder: ``<period>/<territory>`` or ``…/as-of-<day>``."""
    folder = Path(parameters.period) / parameters.territory
    return folder / f"as-of-{parameters.as_of}" if parameters.as_of else folder


@contextmanager
def output_folder(reports: Path) -> Iterator[Path]:
    """A staging folder in a reports folder that belongs to this run alone until it ends.

    What an earlier run left behind is put right first: pages that were on their way are brought to their place, pages
    that were still being made are removed.

    Raises
    ------
    BuildError
        Another run is writing there. A lock dies with its process, so that none is ever stale.
    """
    reports.mkdir(parents=True, exist_ok=True)
    lock = FileLock(reports / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BuildError(f"{reports}: another run is writing here; wait until it has ended") from None
    try:
        for folder in sorted(reports.glob(f"{PUBLISHING}*")):
            _deliver(folder, reports)
        for folder in reports.glob(f"{STAGING}*"):
            shutil.rmtree(folder)
        with tempfile.TemporaryDirectory(prefix=STAGING, dir=reports, ignore_cleanup_errors=True) as staging:
            yield Path(staging)
    finally:
        lock.release()


def publish(staging: Path, reports: Path, parameters: Parameters, facts: dict[str, Any]) -> Path:
    """Put finished files into the reports folder; returns the report's own folder there.

    The staging folder is first renamed in one step, with a manifest that says where its files belong; from then on even
    a killed run loses nothing, because the next one brings the rest to its place.

    Parameters
    ----------
    staging : pathlib.Path
        Folder on the same file system as `reports`, holding nothing but finished files.
    reports : pathlib.Path
    parameters : Parameters
    facts : dict
        What the list of reports says of this one (JSON values).
    """
    files = sorted(path for path in staging.iterdir() if path.is_file())
    record = {
        **facts,
        "folder": folder_of(parameters).as_posix(),
        "outputs": {path.name: digest(path) for path in files},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (staging / MANIFEST).write_text(text, encoding="utf-8")
    ready = reports / f"{PUBLISHING}{folder_of(parameters).as_posix().replace('/', '-')}"
    staging.replace(ready)
    return _deliver(ready, reports)


def published(reports: Path, parameters: Parameters) -> dict[str, Any] | None:
    """The manifest of a report that stands, None where there is none."""
    try:
        record: dict[str, Any] = json.loads((reports / folder_of(parameters) / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record


def is_current(
    reports: Path, parameters: Parameters, key: str, languages: tuple[str, ...], files: tuple[str, ...] = ()
) -> bool:
    """Whether a report stands as these inputs would make it, every file of it whole and `files` among them."""
    folder, record = reports / folder_of(parameters), published(reports, parameters)
    if record is None:
        return False
    try:
        whole = all(digest(folder / name) == recorded for name, recorded in record["outputs"].items())
    except (OSError, ValueError, KeyError):
        return False
    has_all = set(languages) <= set(record["languages"]) and set(files) <= set(record["outputs"])
    return whole and has_all and record.get("key") == key


def _deliver(ready: Path, reports: Path) -> Path:
    """Move finished files to their place, the manifest last, and remove what the report no longer has."""
    manifest = ready / MANIFEST
    if not manifest.is_file():  # it goes last: everything else has arrived
        shutil.rmtree(ready)
        return reports
    record = json.loads(manifest.read_text(encoding="utf-8"))
    target = reports / record["folder"]
    refuse_links(target, reports)
    target.mkdir(parents=True, exist_ok=True)
    for name in record["outputs"]:
        if (ready / name).is_file():
            (ready / name).replace(target / name)
    for path in target.iterdir():
        if path.is_file() and path.name not in (*record["outputs"], MANIFEST):
            path.unlink()
    manifest.replace(target / MANIFEST)
    ready.rmdir()
    return target


def refuse_links(target: Path, reports: Path) -> None:
    """BuildError where a folder on the way from `reports` to `target` is a link: it may lead out of the reports."""
    for folder in (target, *target.parents):
        if folder == reports:
            return
        if folder.is_symlink():
            raise BuildError(f"{folder} is a link; reports are written into real folders only, remove it")

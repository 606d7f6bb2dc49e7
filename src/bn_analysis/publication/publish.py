"""Finished pages in a staging folder → reports people open: all of a report or nothing, one run at a time."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bn_analysis.errors import BuildError, bilingual
from bn_analysis.plain_file import plain_bytes
from bn_analysis.publication.manifest import MANIFEST, read_manifest
from bn_analysis.publication.swap import put_in_place
from bn_analysis.study.parameters import Parameters

LOCK = ".lock"
OPEN_TO_ALL = 0o666
"""Mode of a lock, which is an empty file: one that a user's run left must not shut out the others."""
STAGING, PUBLISHING = ".staging-", ".publishing-"
"""Beginnings of folder names: pages still being made, and finished pages on their way to their place."""


COMING = ".coming"
"""Marks a finished folder that has not had its place yet; the former one, once exchanged, does not have it."""
_ASIDE = "-former"

LARGEST_OUTPUT = 50 * 2**20
"""Bytes of a published file; the largest, a page, may have 1.5 million."""
MONTHS = re.compile(r"(<!--months-->).*?(<!--/months-->)", re.DOTALL)
"""Where a page links to its neighbours: the only part of a published page that a later month may change."""


def with_months(html: str, links: str) -> str:
    """A page with these links to its neighbours."""
    return MONTHS.sub(lambda match: f"{match[1]}{links}{match[2]}", html)


def digest(path: Path) -> str:
    """SHA-256 of a file, of a page without the links to its neighbours; OSError where it is none that was published."""
    content = plain_bytes(path, LARGEST_OUTPUT)
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
    lock = FileLock(reports / LOCK, timeout=0, mode=OPEN_TO_ALL)
    try:
        lock.acquire()
    except Timeout:
        said = bilingual(
            "một lần chạy khác đang ghi vào đây; chờ nó xong", "another run is writing here; wait until it has ended"
        )
        raise BuildError(f"{reports}: {said}") from None
    try:
        for folder in sorted(reports.glob(f"{PUBLISHING}*")):
            with suppress(PermissionError):  # left by another user, whose next run puts it right
                _deliver(folder, reports)
        for folder in reports.glob(f"{STAGING}*"):
            with suppress(PermissionError):
                _remove(folder)
        with tempfile.TemporaryDirectory(prefix=STAGING, dir=reports, ignore_cleanup_errors=True) as staging:
            yield Path(staging)
    finally:
        lock.release()


def publish(staging: Path, reports: Path, parameters: Parameters, facts: dict[str, Any]) -> Path:
    """Put finished files into the reports folder; returns the report's own folder there.

    The staging folder is first renamed, with a manifest that says where it belongs; from then on even a killed run
    loses nothing, because the next one brings it to its place. There it changes places with the former one as a whole,
    so that no reader meets pages of both.

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
    if read_manifest(staging) is None:
        raise BuildError(f"{record['folder']}: its manifest is not as expected; not published")
    (staging / COMING).touch()
    name = f"{PUBLISHING}{folder_of(parameters).as_posix().replace('/', '-')}"
    ready = next(path for path in (reports / f"{name}{more}" for more in ("", *range(2, 1000))) if not path.exists())
    staging.replace(ready)
    return _deliver(ready, reports)


def published(reports: Path, parameters: Parameters) -> dict[str, Any] | None:
    """The manifest of a report that stands, None where there is none."""
    folder = folder_of(parameters)
    record = read_manifest(reports / folder)
    return record if record is not None and record["folder"] == folder.as_posix() else None


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


def index_is_current(reports: Path) -> bool:
    """Whether the list is of the reports that stand: it carries the fingerprint of their manifests."""
    path = reports / "index.html"
    return (
        path.is_file()
        and not path.is_symlink()
        and index_sign(reports) in path.read_text(encoding="utf-8", errors="replace")
    )


def index_sign(reports: Path) -> str:
    """Fingerprint of the manifests, as the list carries it."""
    content = hashlib.sha256()
    for record in records(reports):
        content.update(f"{json.dumps(record, sort_keys=True)}\n".encode())
    return f"<!--reports {content.hexdigest()[:16]}-->"


def records(reports: Path) -> list[dict[str, Any]]:
    """The manifests of all reports that stand; one that is broken, or lies elsewhere than it says, is of none."""
    folders = (path.parent.relative_to(reports) for path in sorted(reports.glob("*/*/**/" + MANIFEST)))
    inside = (folder for folder in folders if not _linked(folder, reports))
    found = ((folder.as_posix(), read_manifest(reports / folder)) for folder in inside)
    return [record for place, record in found if record is not None and record["folder"] == place]


def _linked(folder: Path, reports: Path) -> bool:
    """Whether a folder below the reports is reached through a link, which may lead out of them."""
    return any((reports / part).is_symlink() for part in (folder, *folder.parents[:-1]))


def _deliver(ready: Path, reports: Path) -> Path:
    """Give a finished folder its place; a former version that a killed run left there is removed."""
    place = _place(ready)
    if place is None:
        _remove(ready)
        return reports
    target, aside = reports / place, ready.with_name(f"{ready.name}{_ASIDE}")
    refuse_links(target, reports)
    target.parent.mkdir(parents=True, exist_ok=True)
    (target / COMING).unlink(missing_ok=True)
    _take_along(target, ready)
    _remove(aside)
    former = put_in_place(ready, target, aside)
    (target / COMING).unlink()
    if former is not None:
        _remove(former)
    return target


def _place(ready: Path) -> str | None:
    """Where a folder on its way belongs, by its own manifest; None where it is not on its way, or not one of ours."""
    if ready.is_symlink() or not (ready / COMING).is_file():
        return None
    record = read_manifest(ready)
    return None if record is None else str(record["folder"])


def _take_along(target: Path, ready: Path) -> None:
    """What lies below a report's folder, reports as of a day, stays there: the same files, linked."""
    for folder in target.iterdir() if target.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink():
            if (ready / folder.name).exists():  # a run was killed here before
                _remove(ready / folder.name)
            shutil.copytree(folder, ready / folder.name, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a file system without links
        shutil.copy2(source, target, follow_symlinks=False)


def _remove(path: Path) -> None:
    """Remove a folder, or the link or file that stands under its name, if any; what a link leads to stays."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path)


def refuse_links(target: Path, reports: Path) -> None:
    """BuildError where a folder on the way from `reports` to `target` is a link: it may lead out of the reports."""
    for folder in (target, *target.parents):
        if folder == reports:
            return
        if folder.is_symlink():
            said = bilingual(
                "là một liên kết; báo cáo chỉ ghi vào thư mục thật, hãy bỏ liên kết",
                "is a link; reports are written into real folders only, remove it",
            )
            raise BuildError(f"{folder}: {said}")


def refuse_unwritable(folder: Path, setting: str) -> None:
    """BuildError, before anything is computed, where a folder cannot be written; names the setting of another one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        why = bilingual(
            f"không ghi được ({error.strerror}); cấp quyền, hoặc chọn thư mục khác bằng {setting}",
            f"cannot be written ({error.strerror}); give this user the right, or name another folder with {setting}",
        )
        raise BuildError(f"{folder}: {why}; nothing half-made was left") from None

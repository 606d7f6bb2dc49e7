"""Files dropped into ``data/inbox`` → figures in ``data/raw``; a file ends up in ``done``, in ``refused``, or stays."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from bn_analysis.cleaning.ingestion.booking import ConfirmationError
from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.ingestion.outcome import Ingested
from bn_analysis.cleaning.workbook.files.grid import MAX_FILE_BYTES
from bn_analysis.cleaning.workbook.files.open import no_table
from bn_analysis.errors import BnAnalysisError, BuildError, InputError, bilingual

State = Literal["ingested", "refused", "held", "skipped"]
SUFFIXES = (".xls", ".xlsx", ".ods", ".csv")
DOCUMENTS = (".docx", ".doc", ".pdf", ".html", ".htm", ".txt", ".eml")
LONGEST_NAME = 230
"""Bytes: most file systems allow 255, and ``-999`` and a note's ending must still fit."""
DONE, REFUSED, TO_CONFIRM, LOCK = "done", "refused", "to-confirm", ".lock"
PREVIEW = ".preview.txt"
_YES = "ingest --yes "
OWN = (DONE, REFUSED, TO_CONFIRM, "README.md")
NOT_MEANT = (".", "~$")
"""Beginnings of names that no person gave: hidden files, and the marks Excel leaves beside a workbook it has open."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one file of the inbox.

    Attributes
    ----------
    file : str
        Its name.
    state : {"ingested", "refused", "held", "skipped"}
        A held file waits where it is for a person's ``ingest --yes``, a skipped one for the next run.
    said : str
        One line: what was read, or why not and what to do.
    ingested : Ingested or None
        What it brought.
    """

    file: str
    state: State
    said: str
    ingested: Ingested | None = None


def take_in(inbox: Path, raw_dir: Path) -> tuple[Handled, ...]:
    """Read every workbook of the inbox into ``data/raw`` and put it away; what one file is does not stop the others.

    A run that is killed at any point loses nothing: a file is moved only after its figures are on record, and reading
    it again adds nothing.

    Parameters
    ----------
    inbox : pathlib.Path
        ``data/inbox``; made if it is missing.
    raw_dir : pathlib.Path
        ``data/raw``.

    Returns
    -------
    tuple of Handled
        In order of file names.

    Raises
    ------
    BuildError
        Another run is reading the inbox, or one of its folders is a link.
    """
    with _mine(inbox):
        waiting = [_waits(path) for path in to_confirm(inbox)]
        entries = sorted(inbox.iterdir(), key=lambda path: path.name)
        handled = [
            _handle(path, inbox, raw_dir)
            for path in entries
            if path.name not in OWN and not path.name.startswith(NOT_MEANT)
        ]
        return (*handled, *waiting)


def to_confirm(inbox: Path) -> list[Path]:
    """Documents that wait for a person's word, each with its preview beside it."""
    folder = inbox / TO_CONFIRM
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path for path in found if path.is_file() and not path.name.startswith(".") and not path.name.endswith(PREVIEW)
    ]


def settle(path: Path, inbox: Path, day: str) -> None:
    """Put a document of the inbox away after a person has had it booked, its preview with it."""
    if path.resolve().parent != (inbox / TO_CONFIRM).resolve():
        return
    path.with_name(f"{path.name}{PREVIEW}").unlink(missing_ok=True)
    _put_away(path, inbox / DONE / day)


def _waits(path: Path) -> Handled:
    said = bilingual(
        f"văn bản chờ người xác nhận; xem {path.name}{PREVIEW}, nếu đúng: bn-analysis {_YES}{path}, nếu sai: xóa tệp",
        f"waits for a person's word; see {path.name}{PREVIEW}; if right: bn-analysis {_YES}{path}, if wrong: delete it",
    )
    return Handled(path.name, "held", _line(path, said))


@contextmanager
def _mine(inbox: Path) -> Iterator[None]:
    for folder in (inbox, inbox / DONE, inbox / REFUSED, inbox / TO_CONFIRM):
        _refuse_link(folder)
        if folder.name != TO_CONFIRM:
            folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(inbox / LOCK, timeout=0, mode=0o666)  # one that a user left must not shut out others
    try:
        lock.acquire()
    except Timeout:
        raise BuildError(
            f"{inbox}: "
            + bilingual(
                "một lần chạy khác đang đọc hộp nhận; đợi xong rồi chạy lại",
                "another run is reading the inbox; wait until it has ended",
            )
        ) from None
    try:
        yield
    finally:
        lock.release()


def _refuse_link(folder: Path) -> None:
    if folder.is_symlink():
        raise BuildError(
            f"{folder} "
            + bilingual(
                "là một liên kết; chỉ chuyển tệp vào thư mục thật, xóa liên kết này",
                "is a link; files are moved into real folders only, remove it",
            )
        )


def _handle(path: Path, inbox: Path, raw_dir: Path) -> Handled:
    if path.is_symlink():
        return _refuse(
            path,
            inbox,
            bilingual(
                "là một liên kết, cần chính tệp đó; chép bảng tính vào hộp nhận",
                "is a link, expected the file itself; copy the workbook into the inbox",
            ),
        )
    if len(os.fsencode(path.name)) > LONGEST_NAME or not _is_utf8(path.name):
        said = bilingual(
            f"tên tệp dài quá {LONGEST_NAME} byte hoặc không phải UTF-8; đổi tên tệp",
            f"its name is longer than {LONGEST_NAME} bytes or no UTF-8; rename the file",
        )
        return Handled(_one_line(path.name), "refused", _line(path, said))
    if not path.is_file() or path.suffix.lower() not in (*SUFFIXES, *DOCUMENTS):
        return Handled(path.name, "skipped", _line(path, _no_workbook(path)))
    with tempfile.TemporaryDirectory(prefix="bn-inbox-", ignore_cleanup_errors=True) as private:
        # Read from a copy that nobody can change meanwhile, under the same name because names say months and days.
        copy = Path(private) / path.name
        try:
            digest = _copy(path, copy)
        except FileNotFoundError:
            return _skip(path, "đã được lấy ra khỏi hộp nhận", "was taken out of the inbox meanwhile")
        except PermissionError:
            said = bilingual(
                "không đọc được; cấp quyền đọc cho người dùng này", "cannot be read; give this user the right"
            )
            return Handled(path.name, "refused", _line(path, said))
        except InputError as error:
            return _refuse(path, inbox, str(error))
        if _hash(path) != digest:
            return _still_changing(path)
        document = copy.suffix.lower() in DOCUMENTS
        ingested, why, held = _read(copy, raw_dir, document)
    if not path.is_file() or _hash(path) != digest:  # a half-copied workbook is unreadable: not the office's fault
        return _still_changing(path) if ingested is None else _taken(path, ingested)
    if document and ingested is not None:
        return _set_before_a_person(path, inbox, ingested)
    if held:
        return Handled(path.name, "held", _one_line(why.replace(_YES + path.name, f"{_YES}{path}")))
    if ingested is None:
        return _refuse(path, inbox, why)
    _put_away(path, inbox / DONE / ingested.release_date)
    return _taken(path, ingested)


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _set_before_a_person(path: Path, inbox: Path, preview: Ingested) -> Handled:
    """A document is never booked by a run: it waits with what was read from it in a text beside it."""
    moved = _put_away(path, inbox / TO_CONFIRM)
    _note(moved.with_name(f"{moved.name}{PREVIEW}"), "\n".join(preview.lines()))
    return _waits(moved)


def _read(copy: Path, raw_dir: Path, preview: bool) -> tuple[Ingested | None, str, bool]:
    """What a file brought, or why it did not, and whether it only waits for a person's word."""
    try:
        (ingested,) = ingest([copy], raw_dir, preview=preview)
    except ConfirmationError as question:
        return None, str(question), True
    except InputError as error:
        return None, str(error), False
    except (BnAnalysisError, OSError):
        raise
    except Exception as error:  # whatever a hostile workbook breaks in a reader, the other workbooks are still read
        broken = f"{type(error).__name__}: {error}"
        vi = f"không đọc được ({broken}); lưu lại thành .xlsx rồi gửi lại"
        return None, bilingual(vi, f"could not be read ({broken}); save it again as .xlsx"), False
    return ingested, "", False


def _taken(path: Path, ingested: Ingested) -> Handled:
    return Handled(path.name, "ingested", _one_line(ingested.lines()[0]), ingested)


def _copy(path: Path, copy: Path) -> str:
    """Copy a file and return the hash of the copy; a link put in its place meanwhile is not followed."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as source, copy.open("wb") as target:
        found = os.fstat(source.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 2**20
            raise InputError(
                f"{path.name}: "
                + bilingual(f"cần một tệp nhiều nhất {limit} MB", f"expected a file of at most {limit} MB")
            )
        shutil.copyfileobj(source, target)
    return _hash(copy)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(path: Path, text: str) -> None:
    """Write a text beside a file that was moved: never through a link that lies in its place."""
    staged = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.part")
    staged.unlink(missing_ok=True)
    staged.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")
    staged.replace(path)


def _still_changing(path: Path) -> Handled:
    return _skip(path, "đang được ghi dở; để lại cho lần sau", "is still being written; left for the next run")


def _no_workbook(path: Path) -> str:
    said = bilingual(
        "không phải bảng tính (.xlsx, .xls, .ods, .csv); lấy ra khỏi hộp nhận hoặc lưu lại thành .xlsx rồi gửi lại",
        "is no workbook (.xls, .xlsx, .ods, .csv); take it out of the inbox",
    )
    try:
        kind = no_table(path) if path.is_file() else ""
    except (InputError, OSError) as error:
        kind = str(error)
    return f"{said}: {kind}" if kind else said


def _skip(path: Path, vi: str, en: str) -> Handled:
    return Handled(path.name, "skipped", _line(path, bilingual(vi, en)))


def _refuse(path: Path, inbox: Path, why: str) -> Handled:
    reason = why if why.startswith(path.name) else f"{path.name}: {why}"
    moved = _put_away(path, inbox / REFUSED)
    _note(moved.with_name(f"{moved.name}.txt"), _one_line(reason))
    return Handled(path.name, "refused", _one_line(reason))


def _put_away(path: Path, folder: Path) -> Path:
    """Move a file (a link itself, not what it points to) into a folder; another file of that name there is kept."""
    _refuse_link(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = (f"{path.stem}{suffix}{path.suffix}" for suffix in ("", *(f"-{number}" for number in range(2, 1000))))
    target = next(folder / name for name in names if _free(folder / name, path))
    path.replace(target)
    return target


def _free(target: Path, path: Path) -> bool:
    if target.is_symlink():
        return False
    if not target.exists():
        return True
    same_size = path.is_file() and not path.is_symlink() and target.stat().st_size == path.stat().st_size
    return same_size and _hash(target) == _hash(path)


def _line(path: Path, said: str) -> str:
    return _one_line(f"{path.name}: {said}")


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

"""A document of unknown honesty → its parts, opened by a process of its own with little memory and little time."""

import pickle
import subprocess
import sys
from pathlib import Path

from bn_analysis.cleaning.documents.content import Grid, Part, refused
from bn_analysis.cleaning.workbook.files.open import OTHER_KINDS, kind_of, visible_sheets
from bn_analysis.errors import InputError

MOST_MEMORY = 500 * 2**20
MOST_SECONDS = 60
DOCUMENTS = ("docx", "pdf", "html", "txt", "eml")
_TABLES = ("xlsx", "xls", "ods", "csv")
_SOURCES = Path(__file__).resolve().parents[3]
_NAMED = {".txt": "txt", ".text": "txt", ".eml": "eml", ".html": "html", ".htm": "html"}


def document_kind(path: Path) -> str:
    """What a file is: one of `DOCUMENTS`, of the kinds of workbooks, or a kind that is refused; content before name."""
    kind = kind_of(path)
    named = _NAMED.get(path.suffix.lower())
    if kind in ("csv", "unknown", "html", "mht") and named == "eml":
        return "eml"
    if kind in ("csv", "unknown") and named in ("txt", "html"):
        return named
    return kind


def open_parts(path: Path) -> list[Part]:
    """The parts of a document, opened in a process that may use `MOST_MEMORY` and `MOST_SECONDS`.

    Raises
    ------
    InputError
        No such file, of a kind that is not read (with the way out), encrypted, a scan, damaged, too large.
    """
    kind = document_kind(path)
    if kind not in DOCUMENTS and kind not in _TABLES:
        found_vi, wanted_vi, found_en, wanted_en = OTHER_KINDS[kind]
        raise refused(path, f"thấy {found_vi}, cần {wanted_vi}", f"found {found_en}, expected {wanted_en}")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD.format(root=str(_SOURCES)), str(path.resolve())],
            capture_output=True, timeout=MOST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise refused(
            path,
            f"đọc quá {MOST_SECONDS} giây; gửi riêng phần có số liệu",
            f"took longer than {MOST_SECONDS} s; hand in the part with the figures",
        ) from None
    if done.returncode or not done.stdout:
        raise refused(
            path,
            f"cần hơn {MOST_MEMORY // 2**20} MB bộ nhớ, hoặc tệp làm hỏng chương trình đọc; gửi riêng phần có số liệu",
            f"needs more than {MOST_MEMORY // 2**20} MB or breaks the reader; hand in the part with the figures",
        )
    parts, why = pickle.loads(done.stdout)
    if why:
        raise InputError(why)
    found: list[Part] = parts
    return found


_CHILD = "import sys; sys.path.insert(0, {root!r}); from bn_analysis.cleaning.documents.opening import child; child()"


def child() -> None:
    """Open the document named on the command line and write its parts, or why not, to the standard output."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    except ImportError:  # Windows has no such limits: the time limit of the parent holds
        pass
    try:
        answer: tuple[list[Part], str] = (_parts(Path(sys.argv[1])), "")
    except InputError as error:
        answer = ([], str(error))
    sys.stdout.buffer.write(pickle.dumps(answer))


def _parts(path: Path) -> list[Part]:
    from bn_analysis.cleaning.documents.letter import letter_parts
    from bn_analysis.cleaning.documents.pdf import pdf_part
    from bn_analysis.cleaning.documents.plain_text import text_part
    from bn_analysis.cleaning.documents.web_page import page_part
    from bn_analysis.cleaning.documents.word import word_part

    kind = document_kind(path)
    if kind == "eml":
        return letter_parts(path, _parts)
    readers = {"docx": word_part, "pdf": pdf_part, "html": page_part, "txt": text_part}
    if kind in readers:
        return [readers[kind](path)]
    return [Part(grids=[Grid(sheet) for sheet in visible_sheets(path)])]

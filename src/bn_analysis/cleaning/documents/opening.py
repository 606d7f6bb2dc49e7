"""A document, whatever its format → its parts: passages of text and grids of cells."""

from pathlib import Path

from bn_analysis.cleaning.documents.content import Grid, Part, refused
from bn_analysis.cleaning.workbook.files.open import OTHER_KINDS, kind_of, visible_sheets

DOCUMENTS = ("docx", "pdf", "html", "txt", "eml")
_TABLES = ("xlsx", "xls", "ods", "csv")
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


def refuse_other_kinds(path: Path) -> None:
    """InputError where there is no such file or it is of a kind that is not read, with the way out."""
    kind = document_kind(path)
    if kind not in DOCUMENTS and kind not in _TABLES:
        found_vi, wanted_vi, found_en, wanted_en = OTHER_KINDS[kind]
        raise refused(path, f"thấy {found_vi}, cần {wanted_vi}", f"found {found_en}, expected {wanted_en}")


def open_parts(path: Path) -> list[Part]:
    """The parts of a document, without limits of memory and time; InputError where it is encrypted, a scan, damaged."""
    from bn_analysis.cleaning.documents.letter import letter_parts
    from bn_analysis.cleaning.documents.pdf import pdf_part
    from bn_analysis.cleaning.documents.plain_text import text_part
    from bn_analysis.cleaning.documents.web_page import page_part
    from bn_analysis.cleaning.documents.word import word_part

    kind = document_kind(path)
    if kind == "eml":
        return letter_parts(path, open_parts)
    readers = {"docx": word_part, "pdf": pdf_part, "html": page_part, "txt": text_part}
    if kind in readers:
        return [readers[kind](path)]
    return [Part(grids=[Grid(sheet) for sheet in visible_sheets(path)])]

"""A text file, or a text inside a letter → its paragraphs with the lines they stand in."""

import unicodedata
from pathlib import Path

from bn_analysis.cleaning.documents.content import Part, Passage, refused
from bn_analysis.cleaning.documents.prose.text import goes_on
from bn_analysis.cleaning.language.legacy_fonts import to_unicode
from bn_analysis.cleaning.language.numbers import clean


def text_part(path: Path) -> Part:
    """The paragraphs of a text file; raises InputError where its letters are in no known encoding."""
    return part_of(decoded(path, path.read_bytes()))


def part_of(text: str) -> Part:
    """The paragraphs of a text: lines broken in mid-sentence are joined, items of a list stay apart."""
    part, begun, last = Part(), 0, ""
    for number, line in enumerate([*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""], start=1):
        line = clean(line)
        if last and not (line and goes_on(last, line)):
            end = number - 1
            place = f"line {begun}" if begun == end else f"lines {begun}-{end}"
            part.passages.append(Passage(last, place))
            last = ""
        if line:
            begun, last = (begun, f"{last} {line}") if last else (number, line)
    return part


def decoded(path: Path, content: bytes) -> str:
    """The letters of a file: UTF-8, UTF-16, Windows-1258, or bytes typed for a TCVN3 font."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    as_typed = content.decode("latin-1")
    if to_unicode(as_typed) != as_typed:
        return as_typed
    try:
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        raise refused(
            path,
            "thấy bảng mã chữ lạ hoặc nhiều bảng mã lẫn nhau; mở bằng Notepad, lưu lại với UTF-8",
            "an unknown encoding, or several mixed; save it again as UTF-8",
        ) from None

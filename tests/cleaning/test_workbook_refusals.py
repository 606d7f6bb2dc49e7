"""What is not understood is refused in one line that names file, sheet, cell, what was found and what was expected."""

import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bn_analysis.cleaning.workbook.reading import read_tables, read_workbook
from bn_analysis.errors import InputError

MEMORY_LIMIT_MB = 500
"""Most memory that reading may take for any file up to 20 MB."""


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as raised:
        read_workbook(path)
    message = str(raised.value)
    assert "\n" not in message
    assert path.name in message
    return message


def move(sheet: Any, source: tuple[int, int], target: tuple[int, int]) -> None:
    sheet.cell(*target).value = sheet.cell(*source).value
    sheet.cell(*source).value = None


def swap_columns(sheet: Any, left: int, right: int, first: int, last: int) -> None:
    for row in range(first, last + 1):
        a, b = sheet.cell(row, left), sheet.cell(row, right)
        a.value, b.value = b.value, a.value


HEADINGS, FIGURES = (4, 9), (10, 46)
SLIPS: dict[str, tuple[Callable[[Any], object], str]] = {
    "headings swapped": (lambda s: swap_columns(s, 3, 4, *HEADINGS), r"found the column mom right of the column yoy"),
    "columns swapped whole": (lambda s: swap_columns(s, 2, 4, HEADINGS[0], FIGURES[1]), r"right of the column"),
    "figures of m/m and y/y swapped": (lambda s: swap_columns(s, 3, 4, *FIGURES), r"seem to have changed places"),
    "a column without figures": (
        lambda s: [s.cell(row, 5).__setattr__("value", None) for row in range(10, 47)],
        r"found no column ytd for 2024-05, expected mom, yoy, ytd",
    ),
    "a column missing": (
        lambda s: [s.cell(row, 5).__setattr__("value", None) for row in range(3, 47)],
        r"found no column ytd for 2024-05, expected mom, yoy, ytd",
    ),
    "a column without heading": (
        lambda s: [s.cell(row, 4).__setattr__("value", None) for row in range(4, 9)],
        r"cell D10: .*found figures without a heading",
    ),
    "another year in one heading": (lambda s: s.__setitem__("D5", "năm 2023"), r"D\d: .*found the heading .*2023"),
    "another month in one heading": (lambda s: s.__setitem__("D4", "Tháng 7"), r"D\d: .*found the heading .*Tháng 7"),
    "another month in the title": (
        lambda s: s.__setitem__("A1", "2. Chỉ số sản xuất công nghiệp tháng 4 năm 2024"),
        r"cell A1: .*found the title .* expected the month 2024-05",
    ),
    "a base two years back": (lambda s: s.__setitem__("D8", "năm 2022"), r"cell D8: .*found the heading"),
    "a unit other than per cent": (lambda s: s.__setitem__("E3", "Đơn vị tính: Tỷ đồng"), r"Tỷ đồng"),
    "a line out of order": (
        lambda s: swap_columns_of_rows(s, 20, 25),
        r"expected the lines in the order of every table",
    ),
    "names of two lines swapped": (lambda s: swap_names(s, 20, 25), r"expected the lines in the order of every table"),
    "no total": (lambda s: s.delete_rows(10), r"no line of the whole industry"),
    "a total outside its sections": (lambda s: s.__setitem__("D10", 130), r"cell D10: .*found 130 for TOTAL"),
    "a section outside its divisions": (lambda s: s.__setitem__("D17", 145), r"D\d+: .*found .* for (TOTAL|C)"),
    "a figure without a name": (lambda s: s.__setitem__("A20", None), r"cell B20: .*found the number .* a name"),
    "no title": (lambda s: s.__setitem__("A1", "2. Bảng"), r"found no table of industrial production by month"),
}
SET_ASIDE: dict[str, tuple[Callable[[Any], object], str, int]] = {
    "a line twice": (lambda s: s.__setitem__("A20", s["A19"].value), r"cell A20: .*found .* a second time", 8),
    "an unknown line": (
        lambda s: s.__setitem__("A20", "Sản xuất bánh trung thu"),
        r"cell A20: .*unknown industry 'Sản xuất bánh trung thu'; nearest known names: '",
        4,
    ),
    "words in place of a number": (
        lambda s: s.__setitem__("D20", "gần bằng"),
        r"cell D20: .*found the text 'gần bằng'",
        4,
    ),
    "an error in place of a number": (
        lambda s: s.__setitem__("D20", "#REF!"),
        r"cell D20: .*found the text '#REF!'",
        4,
    ),
    "a formula without result": (
        lambda s: s.__setitem__("D20", "=C20*1"),
        r"cell D20: .*found a formula without a value",
        4,
    ),
    "a change in place of a ratio": (
        lambda s: s.__setitem__("D20", 7.34),
        r"cell D20: .*found 7.34, expected a ratio",
        4,
    ),
    "no production at all": (lambda s: s.__setitem__("D20", 0), r"cell D20: .*found 0, expected a ratio", 4),
    "a sign changed": (lambda s: s.__setitem__("D20", -104.58), r"cell D20: .*found -104.58", 4),
    "a decimal mark lost": (lambda s: s.__setitem__("D20", 10458), r"cell D20: .*found 10458", 4),
    "a decimal mark moved": (lambda s: s.__setitem__("D20", 10.458), r"cell D20: .*found 10.458", 4),
    "a row shifted right": (lambda s: shift_row_right(s, 20), r"cell F20: .*found the number", 4),
    "a figure below the table": (lambda s: s.__setitem__("C48", 101.5), r"cell C48: .*found the number 101.5", 0),
    "words between the lines": (
        lambda s: (s.insert_rows(21), s.__setitem__("A21", "Nhóm hàng khác")),
        r"cell A21: .*found the line 'Nhóm hàng khác' without figures",
        0,
    ),
    "two neighbours have changed places": (
        lambda s: swap_names(s, 20, 21),
        r"expected the lines in the order of every table",
        8,
    ),
}


def swap_names(sheet: Any, one: int, other: int) -> None:
    a, b = sheet.cell(one, 1), sheet.cell(other, 1)
    a.value, b.value = b.value, a.value


def swap_columns_of_rows(sheet: Any, one: int, other: int) -> None:
    for column in range(1, 6):
        a, b = sheet.cell(one, column), sheet.cell(other, column)
        a.value, b.value = b.value, a.value


def shift_row_right(sheet: Any, row: int) -> None:
    for column in (5, 4, 3, 2):
        move(sheet, (row, column), (row, column + 1))


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_the_table_is_refused_at_its_cell(office: SimpleNamespace, tmp_path: Path, slip: str) -> None:
    change, expected = SLIPS[slip]
    book = office.monthly()
    change(book.iip)
    message = refusal(book.save(tmp_path / "Bieu.xlsx"))
    assert re.search(expected, message), message


@pytest.mark.parametrize("slip", SET_ASIDE)
def test_a_fault_in_one_line_costs_that_line_only_by_name(office: SimpleNamespace, tmp_path: Path, slip: str) -> None:
    change, expected, lost = SET_ASIDE[slip]
    book = office.monthly()
    change(book.iip)
    reading = read_tables(book.save(tmp_path / "Bieu.xlsx"))
    assert any(re.search(expected, line) for line in reading.set_aside), reading.set_aside
    found = {rate.figure: round(rate.ratio, 4) for rate in reading.rates}
    assert len(found) == len(book.figures) - lost and found.items() <= book.figures.items()


TOUCHED: dict[str, tuple[Callable[[Any], object], str]] = {
    "a zero for the total": (lambda s: s.__setitem__("D10", 0), r"cell D10: .*found 0"),
    "words for a section": (lambda s: s.__setitem__("D17", "gần bằng"), r"cell D17: .*found the text"),
    "a section mistyped": (lambda s: s.__setitem__("A17", "Công nghiệp chế biến, chế tao"), r"cell A17: .*|section"),
    "a section gone": (lambda s: s.delete_rows(17), r"no line of section C"),
}


@pytest.mark.parametrize("slip", TOUCHED)
def test_a_total_or_section_is_never_set_aside(office: SimpleNamespace, tmp_path: Path, slip: str) -> None:
    change, expected = TOUCHED[slip]
    book = office.monthly()
    change(book.iip)
    path = book.save(tmp_path / "Bieu.xlsx")
    if slip == "a section mistyped":  # a missing mark is no other name
        assert len(read_tables(path).rates) == len(book.figures)
    else:
        assert re.search(expected, refusal(path))


def test_a_number_as_text_and_a_column_of_changes_are_what_they_print(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    for row in range(10, 47):
        ratio = book.iip.cell(row, 4).value
        book.iip.cell(row, 3).value = f"{book.iip.cell(row, 3).value:.2f}".replace(".", ",")
        book.iip.cell(row, 4).value = round(ratio - 100, 2)
    found = {rate.figure: round(rate.ratio, 4) for rate in read_tables(book.save(tmp_path / "Bieu.xlsx")).rates}
    assert found == book.figures


def test_a_workbook_of_another_month_than_its_name_says(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly("2024-05")
    assert "found figures of 2024-05, expected 2024-06" in refusal(book.save(tmp_path / "02-Bieu-T6.2024-1.xlsx"))
    assert "found figures of 2024-05" in refusal(book.save(tmp_path / "2024-03-29-Bieu.xlsx"))


@pytest.mark.parametrize("name", ["Bieu-Q2.2024.xlsx", "so-lieu-quy-2-2024.xlsx", "2024-05-29-02.-Bieu-5.-2024.xlsx"])
def test_a_name_that_says_the_month_or_none_is_no_obstacle(office: SimpleNamespace, tmp_path: Path, name: str) -> None:
    assert len(read_workbook(office.monthly("2024-05").save(tmp_path / name))) == 148


def test_labour_by_province_of_another_year_is_refused(office: SimpleNamespace, tmp_path: Path) -> None:
    book = office.monthly()
    office.labour(book, by_province=True, date="1/5/2023")
    assert "expected the month of the workbook, 2024-05" in refusal(book.save(tmp_path / "Bieu.xlsx"))


def test_an_html_page_named_xls(tmp_path: Path) -> None:
    path = tmp_path / "Bieu.xls"
    path.write_text("<html><body><table><tr><td>Chỉ số sản xuất công nghiệp</td></tr></table></body></html>")
    assert "found no table of industrial production" in refusal(path)
    path.write_text("<html><body><p>Chỉ số sản xuất công nghiệp</p></body></html>")
    assert "found an HTML page without tables" in refusal(path)


def test_no_file_and_an_empty_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "Bieu.xlsx")
    (tmp_path / "Trong.xlsx").touch()
    assert "found an empty file" in refusal(tmp_path / "Trong.xlsx")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook(office: SimpleNamespace, tmp_path: Path, share: float) -> None:
    content = office.monthly().save(tmp_path / "Bieu.xlsx").read_bytes()
    path = tmp_path / "Cut.xlsx"
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged" in refusal(path)


def test_macros(office: SimpleNamespace, tmp_path: Path) -> None:
    path = office.monthly().save(tmp_path / "Bieu.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xcc")
    assert "found macros" in refusal(path)


def test_a_zip_bomb_is_not_unpacked(office: SimpleNamespace, tmp_path: Path) -> None:
    path = office.monthly().save(tmp_path / "Bieu.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/bomb", "w") as part:
        for _ in range(450):
            part.write(bytes(2**20))
    assert "MB when unpacked, expected at most" in refusal(path)


def replace_part(path: Path, part: str, edit: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = edit(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_xml_entities_are_never_resolved(office: SimpleNamespace, tmp_path: Path) -> None:
    path, secret = office.monthly().save(tmp_path / "Bieu.xlsx"), tmp_path / "secret.txt"
    secret.write_text("105.5")
    entity = f'<!DOCTYPE sst [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'.encode()
    replace_part(path, "xl/workbook.xml", lambda xml: entity + xml)
    assert "found XML entities" in refusal(path)


def compound_file(*streams: str) -> bytes:
    """A minimal OLE compound file whose directory names the given streams, all empty."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    sizes = (0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 0x1000, end, 0, end, 0)
    header = struct.pack("<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", *sizes)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    fat = struct.pack("<II", 0xFFFFFFFD, end) + struct.pack("<I", free) * 126

    def entry(name: str, kind: int, child: int = free, right: int = free) -> bytes:
        encoded = (name + "\0").encode("utf-16-le") if name else b""
        fixed = struct.pack("<64sHBBIII", encoded, len(encoded), kind, 1, free, right, child)
        return fixed + bytes(36) + struct.pack("<III", end, 0, 0)

    entries = [entry("Root Entry", 5, 1 if streams else free)]
    for number, name in enumerate(streams, start=1):
        entries.append(entry(name, 2, right=number + 1 if number < len(streams) else free))
    directory = b"".join(entries) + entry("", 0) * (4 - len(entries))
    return header + fat + directory


@pytest.mark.parametrize(
    ("streams", "expected"),
    [
        (("EncryptedPackage", "EncryptionInfo"), "password-protected"),
        (("Workbook", "_VBA_PROJECT_CUR"), "found macros"),
        (("WordDocument",), "old Word document"),
        (("Contents",), "damaged"),
    ],
)
def test_compound_files_that_are_no_open_workbook(tmp_path: Path, streams: tuple[str, ...], expected: str) -> None:
    path = tmp_path / "Bieu.xls"
    path.write_bytes(compound_file(*streams))
    assert expected in refusal(path)


def test_a_file_beyond_20_mb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "Bieu.xlsx"
    with path.open("wb") as stream:
        stream.truncate(21 * 2**20)
    assert "found 21 MB, expected at most 20 MB" in refusal(path)


HOSTILE_SHEETS = {
    "a sheet of a million cells": b"".join(
        b'<row r="%d">%s</row>' % (row, b"<c><v>%d</v></c>" % row * 100) for row in range(1, 10_001)
    ),
    "one row of a million cells": b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>",
    "one cell of a million elements": b'<row r="1"><c t="inlineStr"><is>'
    + b"<r><t>a</t></r>" * 500_000
    + b"</is></c></row>",
    "one number of sixty million digits": b'<row r="1"><c><v>' + b"1" * 60_000_000 + b"</v></c></row>",
}


@pytest.mark.parametrize("kind", HOSTILE_SHEETS)
def test_memory_stays_bounded_for_hostile_sheets(office: SimpleNamespace, tmp_path: Path, kind: str) -> None:
    path = office.monthly().save(tmp_path / "Bieu.xlsx")
    body = b"<sheetData>" + HOSTILE_SHEETS[kind] + b"</sheetData>"
    start = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    replace_part(path, "xl/worksheets/sheet1.xml", lambda _: start + body + b"</worksheet>")
    code = (
        "import sys\n"
        "from bn_analysis.cleaning.workbook.reading import read_workbook\n"
        "from bn_analysis.errors import InputError\n"
        "try:\n    print(len(read_workbook(sys.argv[1])))\n"
        "except InputError as error:\n    print(str(error)[:200])\n"
        # VmHWM is of this program alone; ru_maxrss would start from the test runner's own size
        "status = open('/proc/self/status').read()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    result, peak = done.stdout.splitlines()
    assert result == "148" or "Bieu.xlsx" in result
    assert int(peak) < MEMORY_LIMIT_MB


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_an_archive_whose_start_is_lost_is_damaged(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with zipfile.ZipFile(path, "w") as archive:  # the list at its end then speaks of places before its beginning
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet" if suffix == ".ods" else "")
        for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"):
            archive.writestr(part, "<a/>" * 1000)
    content = path.read_bytes()
    path.write_bytes(content[:200] + content[4200:])
    assert "damaged" in refusal(path)

"""Files built to exhaust memory or time, a generator each; and reading one in a process whose cost is measured."""

import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MOST_MEGABYTES, MOST_SECONDS = 500, 60
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
Chunks = Iterable[bytes]


def _archive(path: Path, parts: dict[str, Chunks]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, chunks in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for chunk in chunks:
                    part.write(chunk)


def _many(text: bytes, count: int) -> Chunks:
    block = 10_000
    for _ in range(count // block):
        yield text * block
    yield text * (count % block)


def _xlsx(path: Path, **parts: Chunks) -> None:
    """A workbook with one sheet; the parts given take the place of its own."""
    one = f'<Relationship Id="a" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    relations = f"<Relationships>{one}</Relationships>"
    book = f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets><sheet name="IIP" r:id="a"/></sheets></workbook>'
    whole: dict[str, Chunks] = {
        "xl/_rels/workbook.xml.rels": [relations.encode()],
        "xl/workbook.xml": [book.encode()],
        "xl/worksheets/sheet1.xml": _sheet([b'<row r="1"><c s="1"><v>1</v></c></row>']),
    }
    names = {"book": "xl/workbook.xml", "sheet": "xl/worksheets/sheet1.xml", "texts": "xl/sharedStrings.xml",
             "styles": "xl/styles.xml", "relations": "xl/_rels/workbook.xml.rels"}  # fmt: skip
    _archive(path, whole | {names[name]: chunks for name, chunks in parts.items()})


def _sheet(rows: Chunks, after: Chunks = ()) -> Chunks:
    yield f'<worksheet xmlns="{_SHEETS}"><sheetData>'.encode()
    yield from rows
    yield b"</sheetData>"
    yield from after
    yield b"</worksheet>"


def _in(tag: str, chunks: Chunks) -> Chunks:
    yield f'<{tag} xmlns="{_SHEETS}" xmlns:r="{_OFFICE}">'.encode()
    yield from chunks
    yield f"</{tag}>".encode()


def _cells(rows: int, columns: int, cell: bytes) -> Chunks:
    for row in range(1, rows + 1):
        yield b'<row r="%d">%s</row>' % (row, cell * columns)


def _styles(formats: Chunks, number: int = 200) -> Chunks:
    cells = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    return _in("styleSheet", [b"<numFmts>", *formats, b"</numFmts>", cells.encode()])


def _format(code: str) -> bytes:
    return f'<numFmt numFmtId="200" formatCode="{code}"/>'.encode()


def _tabs(count: int) -> Chunks:
    yield b"<sheets>"
    for number in range(count):
        yield b'<sheet name="%d" r:id="a"/>' % number
    yield b"</sheets>"


def _ods(path: Path, body: Chunks) -> None:
    start = (
        f'<office:document-content xmlns:office="{_ODF}" xmlns:table="{_TABLE}" xmlns:text="{_TEXT}">'
        '<office:body><office:spreadsheet><table:table table:name="IIP">'
    )
    end = b"</table:table></office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    _archive(path, {"mimetype": [kind], "content.xml": [start.encode(), *body, end]})


def _docx(path: Path, body: Chunks) -> None:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    start = f'<w:document xmlns:w="{_WORD}"><w:body>'.encode()
    _archive(
        path,
        {
            "[Content_Types].xml": [types.encode()],
            "_rels/.rels": [relations.encode()],
            "word/document.xml": [start, *body, b"</w:body></w:document>"],
        },
    )


def _paragraphs(count: int, words: str) -> Chunks:
    return _many(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>".encode(), count)


def pdf_of(path: Path, content: bytes, pages: int = 1) -> None:
    """A PDF whose pages all show one stream, packed."""
    import zlib

    packed = zlib.compress(content)
    kids = " ".join("3 0 R" for _ in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream\n",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Root 1 0 R/Size 6>>\n"
    path.write_bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _xls(path: Path, records: bytes, tabs: int) -> None:
    """A BIFF8 workbook whose tabs are all one sheet of these records."""
    import struct

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    bof = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    names = [b"%03x" % (number % 4096) for number in range(tabs)]
    start = len(record(0x809, bof)) + sum(8 + 4 + len(name) for name in names) + 4
    book = record(0x809, bof)
    for name in names:
        book += record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
    book += record(0x0A, b"")
    stream = book + record(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + records + record(0x0A, b"")
    path.write_bytes(_compound("Workbook", stream))


def _compound(name: str, stream: bytes) -> bytes:
    """An OLE compound file of one stream."""
    import struct

    free, end, size = 0xFFFFFFFF, 0xFFFFFFFE, 512
    stream = stream.ljust(max(4096, -(-len(stream) // size) * size), b"\0")
    body = len(stream) // size
    tables = -(-(body + 2) // 127)
    while tables * 128 < body + 1 + tables:
        tables += 1
    listed = min(tables, 109)
    more = -(-max(0, tables - 109) // 127)
    while tables * 128 < body + 1 + tables + more:
        tables += 1
        more = -(-max(0, tables - 109) // 127)
    first_table, directory = 0, tables + more
    first = directory + 1
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFC] * more + [end]
    chain += [*range(first + 1, first + body), end]
    chain += [free] * (tables * 128 - len(chain))
    places = list(range(first_table, tables))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, tables,
        directory, 0, 0x1000, end, 0, tables if more else end, more,
    )  # fmt: skip
    header += struct.pack("<109I", *(places[:listed] + [free] * (109 - listed)))
    extra = b""
    for number in range(more):
        some = places[109 + 127 * number : 109 + 127 * (number + 1)]
        following = tables + number + 1 if number + 1 < more else end
        extra += struct.pack("<128I", *(some + [free] * (127 - len(some))), following)

    def entry(text: str, kind: int, child: int, start: int, length: int) -> bytes:
        encoded = (text + "\0").encode("utf-16-le")
        fixed = struct.pack("<64sHBBIII", encoded, len(encoded), kind, 1, free, free, child)
        return fixed + bytes(36) + struct.pack("<III", start, length, 0)

    entries = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, first, len(stream)) + bytes(256)
    return header + struct.pack(f"<{len(chain)}I", *chain) + extra + entries + stream


def _blank_rows(rows: int) -> bytes:
    import struct

    return b"".join(
        struct.pack("<HHHH", 0xBE, 6 + 2 * 256, row, 0) + bytes(512) + struct.pack("<H", 255) for row in range(rows)
    )


def _central_directory(path: Path, count: int) -> None:
    """An archive that lists so many members, all of them the one that is in it."""
    import struct

    _xlsx(path)
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    listed = content[at:end] + entry * count
    offset, total = at, 0xFFFF
    zip64 = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count + 3, count + 3, len(listed), offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at + len(listed), 1)
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, total, total, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(content[:at] + listed + zip64 + locator + tail)


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _letter(path: Path, body: str) -> None:
    _text(path, f"MIME-Version: 1.0\nSubject: IIP\n{body}")


def _nested_letter(depth: int) -> str:
    heads = (f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n' for number in range(depth))
    return "".join(heads) + "Content-Type: text/plain\n\nx\n"


BOMBS: dict[str, tuple[str, Callable[[Path], None]]] = {
    # what the formats of cells may be
    "a format of a million letters": (
        ".xlsx",
        lambda path: _xlsx(
            path, styles=_styles([_format("[" * 1_000_000)]), sheet=_sheet(_cells(400, 60, b'<c s="1"><v>1</v></c>'))
        ),
    ),
    "a million formats": (".xlsx", lambda path: _xlsx(path, styles=_styles(_many(_format("0.00"), 1_000_000)))),
    "a million styles": (
        ".xlsx",
        lambda path: _xlsx(
            path, styles=_in("styleSheet", [b"<cellXfs>", *_many(b'<xf numFmtId="2"/>', 1_000_000), b"</cellXfs>"])
        ),
    ),
    # elements without end
    "elements within elements, in a text": (
        ".xlsx", lambda path: _xlsx(path, texts=_in("sst", [b"<si>", *_many(b"<r>", 20_000_000)])),
    ),
    "elements within elements, in a sheet": (
        ".xlsx", lambda path: _xlsx(path, sheet=_sheet(_many(b"<r>", 20_000_000))),
    ),
    "elements within elements, in the list of tabs": (
        ".xlsx", lambda path: _xlsx(path, book=_in("workbook", _many(b"<sheets>", 9_000_000))),
    ),
    "a million attributes": (
        ".xlsx",
        lambda path: _xlsx(
            path, sheet=_sheet([b"<row ", *(b'a%d="" ' % number for number in range(3_000_000)), b"></row>"])
        ),
    ),
    "names of elements, each another": (
        ".xlsx", lambda path: _xlsx(path, sheet=_sheet(b"<a%d/>" % number for number in range(4_000_000))),
    ),
    # tabs, rows, areas
    "a hundred thousand tabs of one part": (
        ".xlsx",
        lambda path: _xlsx(
            path, book=_in("workbook", _tabs(100_000)), sheet=_sheet(_cells(400, 60, b"<c><v>1</v></c>"))
        ),
    ),
    "two hundred tabs of one large part": (
        ".xlsx",
        lambda path: _xlsx(path, book=_in("workbook", _tabs(200)), sheet=_sheet(_many(b"<row/>", 1_000_000))),
    ),
    "ten million empty rows": (".xlsx", lambda path: _xlsx(path, sheet=_sheet(_many(b"<row/>", 10_000_000)))),
    "a million merged areas": (
        ".xlsx",
        lambda path: _xlsx(
            path,
            sheet=_sheet(
                [b'<row r="1"><c><v>1</v></c></row>'],
                [b"<mergeCells>", *_many(b'<mergeCell ref="A1:XFD1048576"/>', 1_000_000), b"</mergeCells>"],
            ),
        ),
    ),
    "a text of eighty million letters in every cell": (
        ".xlsx",
        lambda path: _xlsx(
            path, texts=_in("sst", ["<si><t>😀".encode(), *_many(b"a", 80_000_000), b"</t></si>"]),
            sheet=_sheet(_cells(400, 60, b'<c t="s"><v>0</v></c>')),
        ),
    ),
    "titles in every cell of three hundred tabs": (
        ".xlsx",
        lambda path: _xlsx(
            path, book=_in("workbook", _tabs(300)),
            texts=_in("sst", ["<si><t>Chỉ số sản xuất công nghiệp tháng 5 năm 2024 so với</t></si>".encode()]),
            sheet=_sheet(_cells(300, 9, b'<c t="s"><v>0</v></c>')),
        ),
    ),
    "four hundred thousand members": (".xlsx", lambda path: _central_directory(path, 400_000)),
    # OpenDocument
    "a cell repeated a milliard times": (
        ".ods",
        lambda path: _ods(
            path,
            [b'<table:table-row><table:table-cell table:number-columns-repeated="1000000000"><text:p>1</text:p>'
             b"</table:table-cell></table:table-row>"],
        ),
    ),
    "elements within elements, in a cell of .ods": (
        ".ods", lambda path: _ods(path, [b"<table:table-row>", *_many(b"<text:p>", 9_000_000)]),
    ),
    "ten million empty rows of .ods": (".ods", lambda path: _ods(path, _many(b"<text:p/>", 9_000_000))),
    # the old format
    "a thousand tabs of one sheet of .xls": (".xls", lambda path: _xls(path, _blank_rows(4_000), 1_000)),
    "eighteen MB of blank cells in .xls": (".xls", lambda path: _xls(path, _blank_rows(34_000), 1)),
    # text tables
    "twenty million empty lines": (".csv", lambda path: _text(path, "a;b\n" + "\n" * 19_000_000)),
    "twenty million separators": (".csv", lambda path: _text(path, "a;b\n" + ";" * 19_000_000)),
    "cells that span a table": (
        ".html",
        lambda path: _text(path, "<html><table><tr>" + '<td rowspan="60" colspan="60">1</td>' * 200_000 + "</table>"),
    ),
    "cells that span a table, called .xls": (
        ".xls",
        lambda path: _text(path, "<html><table><tr>" + '<td rowspan="60" colspan="60">1</td>' * 200_000 + "</table>"),
    ),
    "tags that never close": (".html", lambda path: _text(path, "<html><p>" + "<a <!-- " * 1_000_000)),
    "blocks within blocks": (".html", lambda path: _text(path, "<html><body>" + "<div>x" * 2_000_000)),
    "links beyond number": (".html", lambda path: _text(path, "<html><body>" + "<ul><li><a>x</a>" * 500_000)),
    # documents
    "a million paragraphs": (".docx", lambda path: _docx(path, _paragraphs(1_000_000, "tăng 7,3%"))),
    "runs within runs": (".docx", lambda path: _docx(path, [b"<w:p>", *_many(b"<w:ins>", 5_000_000)])),
    "a hundred thousand tables": (
        ".docx",
        lambda path: _docx(path, _many(b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
                                       100_000)),
    ),
    "rises without a base, four hundred thousand letters": (
        ".txt", lambda path: _text(path, "Chỉ số sản xuất công nghiệp tháng 5 năm 2024 tăng 7,3%, " * 7_000)
    ),
    "numbers without a word": (".txt", lambda path: _text(path, "1,1 " * 99_000)),
    "one word of four hundred thousand letters": (".txt", lambda path: _text(path, "tăng" * 99_000)),
    "nothing but spaces and dots": (".txt", lambda path: _text(path, ". " * 199_000)),
    "letters within letters": (".eml", lambda path: _letter(path, _nested_letter(20_000))),
    "a letter of twenty million lines": (
        ".eml", lambda path: _letter(path, "Content-Type: text/plain\n\n" + "\n" * 19_000_000)
    ),
    "a page of a million lines drawn": (
        ".pdf", lambda path: pdf_of(path, b"0 0 m 9 9 l S\n" * 1_000_000)
    ),
    "a page of a million letters": (
        ".pdf", lambda path: pdf_of(path, b"BT /F1 9 Tf 40 700 Td " + b"(a) Tj " * 1_000_000 + b"ET")
    ),
    "a stream of a milliard bytes": (".pdf", lambda path: pdf_of(path, b" " * 500_000_000)),
}  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What reading took, over all its processes: time at the clock and of the processor, the largest memory."""

    seconds: float
    processor: float
    megabytes: float
    said: str


_READER = """
import resource, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
from bn_analysis.cleaning.ingestion.arrival import arrival_of
from bn_analysis.cleaning.ingestion.document_arrival import document_arrival, is_document
from bn_analysis.errors import InputError
path = Path(sys.argv[1])
try:
    (document_arrival if is_document(path) else arrival_of)(path)
    print("read")
except InputError as error:
    print("refused:", str(error)[:300])
own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
# VmHWM is of this program alone; ru_maxrss would start from the size of whoever started it
alone = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
print(sum(one.ru_utime + one.ru_stime for one in (own, below)), max(alone, below.ru_maxrss) / 1024)
"""


def cost_of(path: Path) -> Cost:
    """Read a file as `ingest` does, in a process of its own, and measure it; Linux only."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _READER, str(path)], capture_output=True, text=True, timeout=180, check=False
        )
    except subprocess.TimeoutExpired:
        return Cost(time.monotonic() - began, float("inf"), float("inf"), "never ends")
    seconds, lines = time.monotonic() - began, done.stdout.strip().splitlines()
    if done.returncode or len(lines) < 2:
        return Cost(seconds, float("inf"), float("inf"), f"fell over: {done.stderr.strip()[-300:]}")
    processor, megabytes = map(float, lines[-1].split())
    return Cost(seconds, processor, megabytes, lines[0])

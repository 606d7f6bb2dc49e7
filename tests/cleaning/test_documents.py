"""Documents: text and tables of every kind of file are read with their places; what cannot be read says the way out."""

import csv
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from bn_analysis.cleaning import confined, read_document
from bn_analysis.cleaning.documents.prose.text import DocumentWarning
from bn_analysis.errors import InputError

_SHARED = Path(__file__).parents[3] / "shared" / "cases" / "documents"
_HEADINGS = ["Tên ngành", "Tháng 5/2025 so với tháng trước", "Tháng 5/2025 so với cùng kỳ năm trước"]
_SENTENCE = "Chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 5/2025 giảm 1,65% so với tháng trước."

pytestmark = pytest.mark.filterwarnings("ignore::bn_analysis.cleaning.documents.prose.text.DocumentWarning")


def _word(path: Path, rows: list[list[str]] | None = None, text: str = _SENTENCE) -> Path:
    document = docx.Document()
    document.add_paragraph(text)
    if rows:
        document.add_paragraph("Chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 5 năm 2025 (%)")
        table = document.add_table(len(rows) + 1, len(_HEADINGS))
        for number, row in enumerate([_HEADINGS, *rows]):
            for column, words in enumerate(row):
                table.cell(number, column).text = words
    document.save(str(path))
    return path


@pytest.mark.skipif(not _SHARED.is_dir(), reason="shared material is not here")
@pytest.mark.parametrize("name", [path.name for path in sorted(_SHARED.glob("[1-35-9]*.*")) if path.suffix != ".doc"])
def test_every_document_is_read_right(name: str) -> None:
    rows = [row for row in csv.DictReader((_SHARED / "expected.csv").open(encoding="utf-8")) if row["file"] == name]
    wanted = {
        (row["territory"], row["period"], row["measure"], row["sector"], float(row["value_pct"]), row["release"])
        for row in rows
        if row["measure"]
    }
    found = read_document(_SHARED / name).query("indicator == 'iip'")
    columns = ["territory", "period", "measure", "industry", "value_pct", "release"]
    assert set(found[columns].itertuples(index=False, name=None)) == wanted


def test_a_figure_of_text_and_table_has_both_places(tmp_path: Path) -> None:
    path = _word(tmp_path / "a.docx", [["Toàn ngành công nghiệp", "98,35", "111,62"], ["Khai khoáng", "99,2", "104,1"]])
    rates = read_document(path)
    total = rates.query("industry == 'TOTAL' and measure == 'mom'").iloc[0]
    assert total["value_pct"] == -1.65
    assert "table 1, row 2, column 2" in total["source"]
    assert "paragraph 1" in total["source"]
    assert total["evidence"] == "Toàn ngành công nghiệp: 98,35"


def test_text_and_table_that_contradict_each_other_are_not_read(tmp_path: Path) -> None:
    path = _word(tmp_path / "a.docx", [["Toàn ngành công nghiệp", "98,25", "111,62"], ["Khai khoáng", "99,2", "104,1"]])
    assert read_document(path).query("industry == 'TOTAL'")["measure"].tolist() == ["yoy"]


def test_deleted_and_hidden_words_are_not_read(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 5/2025 giảm ")
    paragraph.add_run("9,99").font.hidden = True
    paragraph.add_run("8,88").font.strike = True
    paragraph.add_run("1,65% so với tháng trước.")
    document.save(str(tmp_path / "a.docx"))
    assert read_document(tmp_path / "a.docx")["value_pct"].tolist() == [-1.65]


def test_quoted_letters_are_not_read_and_attachments_are(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["Subject"] = "IIP tỉnh Bắc Ninh"
    letter.set_content(f"{_SENTENCE}\n\n> {_SENTENCE.replace('5/2025', '4/2025')}\n")
    other = _SENTENCE.replace("tháng trước", "cùng kỳ năm trước")
    letter.add_attachment(other.encode(), maintype="text", subtype="plain", filename="b.txt")
    (tmp_path / "a.eml").write_bytes(letter.as_bytes())
    rates = read_document(tmp_path / "a.eml")
    assert rates[["period", "measure"]].to_numpy().tolist() == [["2025-05", "mom"], ["2025-05", "yoy"]]
    assert "attachment b.txt" in rates["source"][1]


def test_only_what_a_reader_of_the_page_sees_is_read(tmp_path: Path) -> None:
    other = _SENTENCE.replace("1,65", "9,99")
    page = (
        f"<html><head><style>.x{{display:none}}</style></head><body><nav><p>{other}</p></nav><article><h1>IIP</h1>"
        f"<p>{_SENTENCE}</p><p class='x'>{other}</p><p style='display: none'>{other}</p><!-- {other} -->"
        f"<script>document.write('{other}')</script></article><ul><li><a href='#'>{other}</a></li></ul></body></html>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert read_document(tmp_path / "a.html")["value_pct"].tolist() == [-1.65]


def _with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(_word(path), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def _pdf(path: Path, content: str) -> Path:
    """One page, its content stream as given, with the font F1."""
    stream = content.encode("latin-1")
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(written),
    )
    path.write_bytes(bytes(written))
    return path


_PRINTED = "The industrial production index of Bac Ninh in May 2025 decreased by {}% compared to the previous month."


@pytest.mark.parametrize(
    "ink",
    [
        "3 Tr",
        "1 g",
        "1 1 1 rg",
        "0 0 0 0 k",
        "0.97 g",
        "/F1 1 Tf",
        "0 0.2 0.6 rg 1 0 0 1 0 0 cm",  # of the colour of the box below
        "1 0 0 1 900 0 Tm",
    ],
)
def test_letters_that_no_reader_sees_are_not_read(tmp_path: Path, ink: str) -> None:
    box = "0 0.2 0.6 rg 0 690 595 30 re f 0 g" if ink.startswith("0 0.2") else ""
    ink = ink.removesuffix(" 1 0 0 1 0 0 cm")
    hidden, shown = _PRINTED.format("9.99"), _PRINTED.format("1.65")
    where = "" if "Tm" in ink else "1 0 0 1 40 700 Tm"
    content = (
        f"{box} BT /F1 10 Tf {where} {ink} ({hidden}) Tj ET BT /F1 10 Tf 0 g 0 Tr 1 0 0 1 40 600 Tm ({shown}) Tj ET"
    )
    with pytest.warns(DocumentWarning, match="no reader sees"):
        rates = read_document(_pdf(tmp_path / "a.pdf", content))
    assert rates["value_pct"].tolist() == [-1.65]


def test_white_letters_on_a_dark_box_are_read(tmp_path: Path) -> None:
    text = _PRINTED.format("1.65")
    content = f"0 0.2 0.6 rg 0 690 595 30 re f BT /F1 10 Tf 1 g 1 0 0 1 40 700 Tm ({text}) Tj ET"
    assert read_document(_pdf(tmp_path / "a.pdf", content))["value_pct"].tolist() == [-1.65]


def _encrypted_pdf(path: Path) -> Path:
    key = b"<" + b"41" * 32 + b">"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/P -4/O " + key + b"/U " + key + b">>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<41><41>]>>\n%%EOF\n"
    )
    return path


def test_refusals_say_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    refused = {
        tmp_path / "old.doc": "lưu thành .docx",
        _encrypted_pdf(tmp_path / "locked.pdf"): "mật khẩu",
        tmp_path / "broken.pdf": "PDF",
        _with_part(tmp_path / "macro.docx", "word/vbaProject.bin", b"x"): "macro",
        _with_part(tmp_path / "entity.docx", "word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'): "thực thể",
        _with_part(tmp_path / "bomb.docx", "word/x.xml", b"0" * (70 * 2**20)): "giải nén",
    }
    for path, words in refused.items():
        with pytest.raises(InputError, match=words):
            read_document(path)


def test_a_document_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "MOST_SECONDS", 0.01)
    with pytest.raises(InputError, match="giây"):
        read_document(_word(tmp_path / "a.docx"))

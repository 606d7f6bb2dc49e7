"""Documents: text and tables of every kind of file are read with their places; what cannot be read says the way out."""

import csv
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from bn_analysis.cleaning import read_document
from bn_analysis.cleaning.documents import opening
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
    monkeypatch.setattr(opening, "MOST_SECONDS", 0.01)
    with pytest.raises(InputError, match="giây"):
        read_document(_word(tmp_path / "a.docx"))

"""A printed page can be sent alone: no link into a folder that its reader does not have, the same bytes each time."""

import pdfplumber
import pytest

from bn_analysis.publication.browser import find_browser, print_page

PAGE = """<!doctype html><meta charset="utf-8"><title>Trang</title><body>
<p><a href="../index.html">Mọi báo cáo</a> <a download href="data.xlsx">Số liệu</a> <a href="data:text/csv,a">Chỉ số</a>
<a href="https://example.org/">Nguồn</a> <a href="#s1">Mục 1</a></p><h2 id="s1">Mục 1</h2>
"""


@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_a_sheet_names_no_folder_of_the_machine_and_keeps_its_bytes(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    for name in ("one.pdf", "two.pdf"):
        print_page(page, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    with pdfplumber.open(tmp_path / "one.pdf") as sheets:
        assert {link["uri"] for sheet in sheets.pages for link in sheet.hyperlinks if link.get("uri")} == {
            "https://example.org/"
        }
        assert "Mọi báo cáo" in sheets.pages[0].extract_text()
    assert b"file:" not in (tmp_path / "one.pdf").read_bytes()


@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_a_picture_of_the_first_screen_is_the_same_each_time(tmp_path):
    page = tmp_path / "page.vi.html"
    page.write_text("<!DOCTYPE html><meta charset='utf-8'><h1>Đã thoát đáy</h1>", encoding="utf-8")
    for name in ("one.png", "two.png"):
        print_page(page, tmp_path / name)
    first = (tmp_path / "one.png").read_bytes()
    assert first.startswith(b"\x89PNG") and first == (tmp_path / "two.png").read_bytes()
    assert int.from_bytes(first[16:20], "big") == 960

"""The published pages hold what a leader needs, in both languages, and load nothing from anywhere."""

import base64
import json
import re
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest

from bn_analysis.report.elements.csv_link import csv_for_spreadsheets, read_csv_for_spreadsheets

from ..built import TOO_FEW, command

PLACES = ("2026-08/BNM", "2026-07/VN", "2025-06/BN", "2024-03/BN", "2024-03/BN/as-of-2024-03-31")
SPARSE = "2023-05/BG/as-of-2023-06-30"
EVERYWHERE = ("01_data_review", "02_index", "03_seasonal_adjustment", "04_bottoming_out", "05_industries")
PROVINCIAL = ("06_industrial_promotion", "07_claims")


def notebooks(place):
    return EVERYWHERE if "/VN" in place else EVERYWHERE + PROVINCIAL


class Text(HTMLParser):
    """Visible text of a page, code and styles left out."""

    def __init__(self, html):
        super().__init__()
        self.found, self.hidden = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "pre", "svg")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "pre", "svg")

    def handle_data(self, data):
        if not self.hidden:
            self.found.append(data)


def text_of(html):
    return " ".join(" ".join(Text(html).found).split())


def per_cents(html, language):
    """Every number with a per cent sign, decimal mark made a point, in order of size."""
    found = re.findall(r"([+\u2212]?\d[\d.,]*)\s?%", text_of(html).replace("\u00a0", " "))
    if language == "vi":
        found = [text.replace(".", "").replace(",", ".") for text in found]
    return sorted(text.replace(",", "") for text in found)


@pytest.mark.parametrize("place", PLACES)
def test_every_report_has_all_its_pages_in_both_languages(built, place):
    names = {path.name for path in (built.folder / place).glob("*.html")}
    assert names == {f"{name}.{language}.html" for name in notebooks(place) for language in ("vi", "en")}


@pytest.mark.parametrize("place", PLACES)
def test_every_per_cent_of_one_language_stands_in_the_other(built, place):
    for name in notebooks(place):
        vi, en = built.page(place, name, "vi"), built.page(place, name, "en")
        assert per_cents(vi, "vi") == per_cents(en, "en"), name
    assert len(per_cents(built.page(place), "vi")) > 3


def test_pages_load_nothing_and_run_nothing(built):
    for path in built.pages():
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe|object|embed)\b|\bsrc=|@import|url\((?!#)|\son\w+=", html), path
        assert len(html.encode()) < 1_500_000


def test_no_page_shows_a_blank_number_or_a_template(built):
    for path in built.pages():
        text = text_of(path.read_text(encoding="utf-8"))
        assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b|{{|}}|Traceback", text), path


def test_vietnamese_pages_have_no_english_sentence(built):
    for path in built.pages():
        if path.name.endswith(".vi.html"):
            text = text_of(path.read_text(encoding="utf-8"))
            assert not re.search(r"\b(the|production|trough|published)\b", text), path


def test_the_two_pages_on_march_2024_differ_and_say_what_they_knew(built):
    then, now = built.page("2024-03/BN/as-of-2024-03-31"), built.page("2024-03/BN")
    assert "đã biết đến hết ngày 31/3/2024" in text_of(then)
    assert "Số liệu đến tháng 6/2025, công bố ngày 6/7/2025" in text_of(now)
    assert "tháng cuối có số là tháng 2/2024" in text_of(then)


def test_a_provinces_chart_names_its_own_events_and_none_of_other_places(built):
    for place in ("2025-06/BN", "2024-03/BN"):
        text = text_of(built.page(place))
        assert "5/2021: Dịch COVID-19 ở Bắc Ninh, Bắc Giang" in text and "phía Nam" not in text
    assert "phía Nam" not in text_of(built.page("2026-08/BNM"))


def test_the_province_answers_first_and_the_country_under_its_own_heading(built):
    for name in ("04_bottoming_out", "05_industries"):
        text = text_of(built.page("2026-08/BNM", name)).split("Mục lục")[1]
        own, country = text.index("số lao động của doanh nghiệp công nghiệp"), text.index("ngành cấp 2 có sản lượng")
        assert own < text.rindex("Cả nước theo ngành", 0, country) < country, name


def test_each_chart_has_words_and_its_data(built):
    html = built.page("2025-06/BN")
    assert html.count("<figure") == html.count("<figcaption") >= 1
    assert html.count("<svg") == html.count("<desc>") == 2 * html.count("<figure")
    assert all(figure.count("<table") == 1 for figure in re.findall(r"<figure.*?</figure>", html, re.DOTALL))


def test_the_manifest_records_inputs_and_outputs(built):
    record = json.loads((built.folder / "2025-06/BN/manifest.json").read_text(encoding="utf-8"))
    assert record["vintage"] == "2025-07-06"
    assert {"bac_ninh_published_rates.csv", "vietnam_iip_press.csv", "claims.csv"} <= set(record["inputs"])
    country = json.loads((built.folder / "2026-07/VN/manifest.json").read_text(encoding="utf-8"))
    assert not {"claims.csv", "promotion.csv", "bac_ninh_published_rates.csv"} & set(country["inputs"])
    assert {"04_bottoming_out.vi.html", "index.csv", "data.xlsx"} <= set(record["outputs"])


def test_the_workbook_holds_the_data_and_no_formula(built):
    book = openpyxl.load_workbook(built.folder / "2025-06/BN/data.xlsx")
    assert book.sheetnames == [
        "README",
        "index",
        "verdict",
        "falls",
        "trough_months",
        "fan",
        "published_rates",
        "suspects",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(("=", "+", "@", "-"))]
    index = pd.read_csv(built.folder / "2025-06/BN/index.csv")
    assert [row[0].value for row in list(book["index"].iter_rows())[1:]] == list(index["period"])


def test_the_page_carries_its_numbers_as_csv(built):
    for language in ("vi", "en"):
        page = built.page("2025-06/BN", language=language)
        inside = base64.b64decode(
            re.search(r'download="index-[^"]*" href="data:text/csv;charset=utf-8;base64,([^"]+)"', page)[1]
        )
        assert read_csv_for_spreadsheets(inside, language).equals(pd.read_csv(built.folder / "2025-06/BN/index.csv"))


def test_a_vietnamese_spreadsheet_reads_the_csv_as_it_is_meant():
    frame = pd.DataFrame({"period": ["2024-01"], "index": [123.294], "status": ["observed"]})
    assert csv_for_spreadsheets(frame, "vi") == "\ufeffperiod;index;status\r\n2024-01;123,294;observed\r\n".encode()
    assert csv_for_spreadsheets(frame, "en") == b"period,index,status\n2024-01,123.294,observed\n"


def test_the_page_says_what_the_newest_release_changed_and_what_the_verdict_hangs_on(built):
    text = text_of(built.page("2025-06/BN"))
    assert "Lần công bố mới nhất (6/7/2025, thêm 1 con số) không làm đổi kết luận" in text
    assert "Ba tháng liền cùng chiều" in text and "bỏ con số 2,23%" in text
    assert "Đây là trang về một tháng đã qua" in text_of(built.page("2024-03/BN"))


def test_contents_lead_to_every_section(built):
    for path in built.pages():
        html = path.read_text(encoding="utf-8")
        if path.name != "index.html" and html.count("<h2") > 2:
            listed = re.findall(r'<li><a href="#(s\d+)">', html)
            assert listed == re.findall(r'<h2 id="(s\d+)">', html), path


def test_months_of_one_territory_lead_to_each_other(built):
    def neighbours(place):
        return re.findall(r'href="([^"]+)"', re.search(r"<!--months-->(.*?)<!--/months-->", built.page(place))[1])

    assert neighbours("2025-06/BN") == ["../../2024-03/BN/04_bottoming_out.vi.html"]
    assert neighbours("2024-03/BN") == ["../../2025-06/BN/04_bottoming_out.vi.html"]
    assert neighbours("2024-03/BN/as-of-2024-03-31") == [] == neighbours("2026-07/VN")


def test_the_index_lists_every_report_once(built):
    html = (built.folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', html)
    expected = [f"{place}/04_bottoming_out.{language}.html" for place in PLACES for language in ("vi", "en")]
    present = [f"{place}/04_bottoming_out.vi.html" for place in PLACES[:2]]  # on top, once more
    assert links[:2] == present
    assert sorted(links[2:]) == sorted([*expected, f"{SPARSE}/04_bottoming_out.vi.html"])
    assert all((built.folder / link).is_file() for link in links)


def test_every_link_between_pages_leads_somewhere(built):
    for path in built.pages():
        for link in re.findall(r'href="((?!http)[^"#]+\.html)"', path.read_text(encoding="utf-8")):
            assert (path.parent / link).resolve().is_file(), (path, link)


@pytest.mark.parametrize("place", PLACES[:3])
def test_every_page_says_on_its_first_screen_how_old_its_figures_are(built, place):
    for name in notebooks(place):
        first = text_of(built.page(place, name)).split("Mục lục")[0][:900]
        assert "Số liệu đến tháng" in first and "công bố ngày" in first, name
        assert ("sau ngày đó trang này đã cũ" in first) == (place != "2025-06/BN"), name
        assert ("đã kết thúc cùng địa giới cũ" in first) == (place == "2025-06/BN"), name


def test_whoever_waits_reads_what_is_done_and_what_remains(built):
    assert "đang tính 2 báo cáo" in built.said and "BNM 2026-08: báo cáo 1/2 / report 1 of 2" in built.said
    assert [f"({done}/14)" in built.said for done in range(15)] == [False, *[True] * 14]
    assert re.search(r"\d+ of \d+ parts computed", built.said) and "đã công bố / published in" in built.said


def test_nothing_is_left_in_staging(built):
    assert [path for path in built.folder.iterdir() if path.name.startswith(".")] == [built.folder / ".lock"]


def test_too_few_figures_are_a_verdict_not_a_guess(built):
    text = text_of(built.page(SPARSE))
    assert "Chưa đủ số liệu để nói" in text and "cần ít nhất 12" in text
    assert "Xác suất đã qua đáy" not in text.split("So sánh với cả nước")[0]
    assert json.loads((built.folder / SPARSE / "manifest.json").read_text(encoding="utf-8"))["probability"] is None


def test_the_same_inputs_give_the_same_bytes(built, tmp_path):
    done = command("report", *TOO_FEW, "--out", str(tmp_path), TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    again = sorted((tmp_path / SPARSE).iterdir())
    assert {path.name: path.read_bytes() for path in again} == {
        path.name: (built.folder / SPARSE / path.name).read_bytes() for path in again
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--territory", "XX"], "territory 'XX': unknown; expected one of BNM, BN, BG, VN"),
        (["--period", "2024-13"], "period '2024-13': expected latest or YYYY-MM, 2025-08 to 2026-08"),
        (["--period", "2031-01"], "period 2031-01: no figures of BNM; expected 2025-08 to 2026-08"),
        (["--as-of", "1990-01-01"], "as-of 1990-01-01: before the first release for BNM; expected 2025-09-06 or later"),
        (["--teritory", "BN"], "No such option: --teritory"),
        (["--language", "fr"], "'fr' is not one of 'vi', 'en', 'both'"),
    ],
)
def test_bad_parameters_are_one_line_with_exit_code_2_and_nothing_written(tmp_path, arguments, said):
    out = tmp_path / "reports"
    done = command("report", *arguments, "--out", str(out))
    assert done.returncode == 2
    assert said in done.stderr and done.stderr.count("\n") == 1 and done.stderr.startswith("bn-analysis: ")
    assert done.stdout == "" and not out.exists()

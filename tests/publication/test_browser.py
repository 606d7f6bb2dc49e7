"""The pages as a browser shows them: nothing asked of the network, readable on a phone, open to a screen reader."""

from urllib.parse import urlparse

import pdfplumber
import pytest

from ..browser import DESKTOP, HIDDEN, PHONE, needs_browser, opened, turn_to

pytestmark = needs_browser

WIDTHS = [320, 360, 480, 673, 881, 1200, 1600]
"""Phones, and both sides of each width at which the style changes."""


def test_no_page_asks_the_network_complains_or_hides_anything_at_any_width(built, browser):
    found = {}
    page = opened(browser, built.folder / "index.html", PHONE)
    for path in built.pages():
        page.set_viewport_size(PHONE)
        turn_to(page, path)
        hidden = {}
        # English is shorter: what fits in Vietnamese fits, and only sideways scrolling at two widths is looked for.
        for width in WIDTHS if ".en." not in path.name else (360, 1200):
            page.set_viewport_size({"width": width, "height": 900})
            hidden[width] = page.evaluate(HIDDEN)
        asked = [url for url in page.asked if urlparse(url).scheme != "file"]
        wrong = {"asked": asked, "complaints": page.complaints} | {k: v for k, v in hidden.items() if v}
        if any(wrong.values()):
            found[str(path.relative_to(built.folder))] = wrong
    page.close()
    assert found == {}


@pytest.mark.parametrize(("scheme", "language"), [("light", "vi"), ("dark", "en")])
def test_no_page_breaks_an_accessibility_rule(built, browser, scheme, language):
    from axe_playwright_python.sync_playwright import Axe

    found = {}
    page = browser.new_page(viewport=DESKTOP, color_scheme=scheme, bypass_csp=True)
    # Both languages of a page have the same structure and colours, so that each scheme is tried on one of them.
    for path in (path for path in built.pages() if f".{language}." in path.name or path.name == "index.html"):
        page.goto(path.as_uri())
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:2]]
            found.setdefault(violation["id"], []).append((str(path.relative_to(built.folder)), nodes))
    page.close()
    assert found == {}


def test_verdict_chart_and_sentences_come_first(built, browser):
    page = opened(browser, built.folder / "2025-06/BN/04_bottoming_out.vi.html", DESKTOP)
    places = [page.locator(css).first.bounding_box()["y"] for css in (".verdict", "figure.chart")]
    assert places == sorted(places)
    assert places[1] < DESKTOP["height"]
    assert page.locator("details.code").get_attribute("open") is None
    page.close()


def test_a_phone_gets_the_drawing_made_for_it(built, browser):
    path = built.folder / "2025-06/BN/04_bottoming_out.vi.html"
    for viewport, shown in ((PHONE, "narrow"), (DESKTOP, "wide")):
        page = opened(browser, path, viewport)
        assert page.locator(f".drawing.{shown}").first.is_visible()
        assert page.locator(".drawing:visible").count() == page.locator("figure.chart").count()
        page.close()


def test_the_leadership_page_prints_on_seven_sheets_with_its_method_and_glossary(built, browser, tmp_path):
    page = opened(browser, built.folder / "2025-06/BN/04_bottoming_out.vi.html", DESKTOP)
    page.pdf(format="A4", path=str(tmp_path / "page.pdf"))
    page.close()
    with pdfplumber.open(tmp_path / "page.pdf") as pdf:
        sheets = [" ".join(sheet.extract_text().split()) for sheet in pdf.pages]
    assert 1 <= len(sheets) <= 7
    assert "Bry" in "".join(sheets) and "Nền so sánh" in "".join(sheets)

"""What no page was made for (endless names, long tables, nothing at all, large type, forced colours) stays readable."""

import nbformat
import pandas as pd
import pytest

from bn_analysis.publication.browser import find_browser
from bn_analysis.publication.html import render
from bn_analysis.report.elements.chart import chart, month_axis, number_axis
from bn_analysis.report.elements.heatmap import heat_map
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.study.age import Age
from bn_analysis.study.parameters import Parameters

from ..browser import FLAGS, HIDDEN, needs_browser, opened

pytestmark = needs_browser

WIDTHS = (320, 360, 673, 881, 1280)
MONTHS = pd.period_range("2024-01", periods=13, freq="M")
LONG_NAME = ("Sản xuất sản phẩm điện tử, máy vi tính và sản phẩm quang học " * 6)[:300]
UNBROKEN = "x" * 300
HUGE = -123456789012345678901234567890123456.75


def drawn():
    data = pd.DataFrame({"Chỉ số": range(13)}, MONTHS, dtype=float)

    def draw(axes, width):
        axes.plot(MONTHS.asi8, data["Chỉ số"], color="#1d2630")
        month_axis(axes, MONTHS, "vi", width)
        number_axis(axes, "vi")

    return chart(draw, LONG_NAME, "Một đường đi lên.", data, "vi", note="Ghi chú.")


def figures(rows, name):
    frame = pd.DataFrame(
        {"Ngành": [name] * rows, "So với cùng kỳ (%)": [HUGE] * rows, "Nơi công bố": ["một cơ quan thống kê"] * rows}
    )
    return tabled(frame, "vi", caption="Bảng", index=False)


CASES = {
    "a name of 300 letters": lambda: [figures(3, LONG_NAME)],
    "a name that cannot be broken": lambda: [figures(3, UNBROKEN), paragraph([UNBROKEN])],
    "a table of 40 rows": lambda: [figures(40, "Dệt")],
    "a heat map of long names": lambda: [
        Part(
            heat_map(
                pd.DataFrame({"a": [float(i) for i in range(13)], "b": [None] * 13}, MONTHS, dtype=float),
                {"a": LONG_NAME, "b": UNBROKEN},
                "vi",
                caption="Bảng",
                heading="Ngành",
            )
        )
    ],
    "no figure at all": lambda: [tabled(pd.DataFrame({"Tháng": [], "%": []}), "vi", caption="Bảng", index=False)],
    "a chart with an endless title": lambda: [drawn(), figures(1, "Dệt")],
    "an apostrophe and a mark": lambda: [drawn(), figures(1, "Bắc Giang's <!--aside 0-->")],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page of each case, through the template of the reports."""
    folder = tmp_path_factory.mktemp("hard")
    age = Age("BNM", "2026-08", "2026-09-08", (), "2026-09", "2026-10-05", "")
    found = {}
    for case, pieces in CASES.items():
        cells = [nbformat.v4.new_markdown_cell("## Mục\n\n---\n\n## Section")]
        for piece in pieces():
            output = nbformat.v4.new_output("display_data", {"text/html": piece._repr_html_()})
            cells.append(nbformat.v4.new_code_cell("piece", outputs=[output]))
        html = render(
            "05_industries", nbformat.v4.new_notebook(cells=cells), Parameters("BNM", "2026-08", ""), age, ("vi",)
        )
        found[case] = folder / f"{len(found)}.html"
        found[case].write_text(html, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def large_type(browser):
    """A browser whose reader has set letters twice as large."""
    flags = [*FLAGS, "--blink-settings=defaultFontSize=32"]
    larger = browser.browser_type.launch(executable_path=find_browser(), args=flags)
    yield larger
    larger.close()


def cut_off(browser, pages, **options):
    found = {}
    for case, path in pages.items():
        page = opened(browser, path, {"width": WIDTHS[0], "height": 900}, **options)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if hidden := page.evaluate(HIDDEN):
                found[case, width] = [text[:60] for text in hidden]
        page.close()
    return found


def test_drawings_and_tables_stand_where_they_belong_as_they_were_made(pages):
    html = pages["an apostrophe and a mark"].read_text(encoding="utf-8")
    assert html.count("<svg") == html.count("viewBox=") == 2  # nbconvert would write viewbox
    assert html.index("<svg") < html.index("<table") and html.count("<table") == 2
    assert "Bắc Giang's &lt;!--aside 0--&gt;" in html and "<!--aside" not in html


def test_nothing_is_cut_off_at_any_width(browser, pages):
    assert cut_off(browser, pages) == {}


def test_large_type_makes_letters_larger_and_cuts_nothing_off(large_type, pages):
    page = opened(large_type, pages["a table of 40 rows"], {"width": 1280, "height": 900})
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('td')).fontSize)") >= 26
    page.close()
    assert cut_off(large_type, pages) == {}


def test_a_number_too_long_for_its_column_wraps_and_is_there_whole(browser, pages):
    page = opened(browser, pages["a table of 40 rows"], {"width": 881, "height": 900})
    cell = page.locator("td.number").first
    assert cell.inner_text().startswith("−123.456.789.012.345") and cell.inner_text().endswith(",0")
    assert cell.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    page.close()


def test_without_figures_a_table_says_so(browser, pages):
    page = opened(browser, pages["no figure at all"], {"width": 1280, "height": 900})
    assert page.locator(".table tbody").first.inner_text() == "không có số liệu"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_lines_and_letters_to_be_seen(browser, pages, scheme):
    size = {"width": 1280, "height": 900}
    path = pages["a chart with an endless title"]
    page = opened(browser, path, size, forced_colors="active", color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    for place in (".drawing.wide text", ".drawing.wide path[style*='--ink']", "figcaption", "td"):
        way = "stroke" if "path" in place else "fill" if "text" in place else "color"
        ask = "([place, way]) => getComputedStyle(document.querySelector(place))[way]"
        shown = page.evaluate(ask, [place, way])
        assert abs(luminance(shown) - luminance(ground)) > 0.5, (place, shown, ground)
    page.close()


def luminance(colour):
    red, green, blue = (float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255


def test_without_drawings_title_note_and_numbers_remain(browser, pages):
    page = opened(browser, pages["a chart with an endless title"], {"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('svg').forEach(one => one.remove())")
    assert page.evaluate(HIDDEN) == []
    said = page.locator("figure.chart").inner_text()
    assert LONG_NAME.strip() in said and "Ghi chú." in said and "12,0" in said
    page.close()

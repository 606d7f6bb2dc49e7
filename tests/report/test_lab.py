"""JupyterLab itself in a real browser: pieces look as on a page, the explorer has its charts beside its controls."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from bn_analysis.report.elements.heatmap import heat_map
from bn_analysis.report.elements.part import Part, house_style
from bn_analysis.report.explorer.view import Choice, explore
from bn_analysis.settings import Settings

from ..browser import needs_browser

pytestmark = [*needs_browser, pytest.mark.skipif(os.name != "posix", reason="ends the server by its process group")]

SCREEN = {"width": 1280, "height": 900}
START_SECONDS, RUN_MILLISECONDS = 60, 90_000
LABOUR = Choice("HN", "labour")
LOOKED_AT = (
    "display",
    "backgroundColor",
    "borderLeftWidth",
    "borderLeftColor",
    "color",
    "fontWeight",
    "textAlign",
    "float",
)
PLACES = (
    ".verdict", ".verdict .answer", ".verdict dl", ".verdict dl > div", ".verdict dt", ".verdict dd",
    "figure.chart", "figcaption", ".drawing.wide", ".drawing.narrow", ".heat td.u3", ".heat td.d1", ".heat tbody th",
)  # fmt: skip
STYLES = """([places, names]) => Object.fromEntries(places.map(place => {
  const one = document.querySelector(place), style = getComputedStyle(one);
  const columns = style.display === 'grid' ? style.gridTemplateColumns.split(' ').length : 0;
  return [place, [...names.map(name => style[name].replace(/^start$/, 'left')), columns]];
}))"""
RUN_ALL = """async () => {
  const app = window.jupyterapp;
  await app.shell.currentWidget.sessionContext.ready;
  await app.commands.execute('notebook:run-all-cells');
}"""


def heat():
    months = pd.period_range("2024-01", periods=3, freq="M")
    return Part(heat_map(pd.DataFrame({"a": [12.0, -2.0, 0.5]}, months), {"a": "A"}, "vi", caption="C", heading="H"))


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address and token of a JupyterLab on a copy of the notebooks, with two small ones besides."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(Settings().notebooks, folder / "notebooks")
    write_notebooks(folder / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder / 'notebooks'}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    places = {name: str(folder / place) for name, place in own.items()}
    environment = {**os.environ, **places, "BN_ANALYSIS_ROOT": str(Settings().root)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(port, server, folder / "log")
        yield f"http://127.0.0.1:{port}/lab/tree/{{}}.ipynb?reset&token={token}"
    finally:
        server.terminate()  # it ends its kernels
        server.wait(timeout=30)


def write_notebooks(folder):
    cells = [
        v4.new_markdown_cell("# Tiêu đề\n\n## Mục"),
        v4.new_code_cell(
            "from bn_analysis.report.explorer.view import Choice, explore\nexplore(Choice('HN', 'labour'))"
        ),
        v4.new_code_cell(
            "import pandas as pd\nfrom bn_analysis.report.elements.heatmap import heat_map\n"
            "from bn_analysis.report.elements.part import Part\n"
            "months = pd.period_range('2024-01', periods=3, freq='M')\n"
            "changes = pd.DataFrame({'a': [12.0, -2.0, 0.5]}, months)\n"
            "Part(heat_map(changes, {'a': 'A'}, 'vi', caption='C', heading='H'))"
        ),
    ]
    explorer = nbformat.read(folder / "explore.ipynb", as_version=4)
    # A notebook that names no kernel would ask for one.
    nbformat.write(v4.new_notebook(cells=cells, metadata=explorer.metadata), folder / "pieces.ipynb")
    first = next(cell for cell in explorer.cells if "parameters" in cell.metadata.get("tags", []))
    first.source = first.source.replace('"BNM"', '"HN"').replace('"iip"', '"labour"')
    explorer.cells = explorer.cells[: explorer.cells.index(first) + 2]
    nbformat.write(explorer, folder / "explore.ipynb")


def wait_for(port, server, log):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text()[-500:]}")


def run(browser, lab, name):
    page = browser.new_page(viewport=SCREEN)
    page.goto(lab.format(name))
    page.wait_for_function(
        "window.jupyterapp && document.querySelector('.jp-Notebook .jp-Cell')", timeout=RUN_MILLISECONDS
    )
    page.set_default_timeout(RUN_MILLISECONDS)
    page.evaluate(f"() => Promise.race([({RUN_ALL})(), new Promise(end => setTimeout(end, {RUN_MILLISECONDS}))])")
    return page


def test_pieces_look_in_the_lab_as_on_a_page(browser, lab):
    inside = run(browser, lab, "pieces")
    inside.wait_for_selector(".heat td.u3")
    html = "".join(piece.html for piece in [*explore(LABOUR).pieces(), heat()])
    outside = browser.new_page(viewport=SCREEN)
    outside.set_content(f"<style>{house_style()}</style><main>{html}</main>")
    asked = [list(PLACES), list(LOOKED_AT)]
    expected, found = outside.evaluate(STYLES, asked), inside.evaluate(STYLES, asked)
    assert {place: found[place] for place in PLACES if found[place] != expected[place]} == {}
    heading = "getComputedStyle(document.querySelector('.jp-RenderedMarkdown h1'))"
    assert int(re.match(r"\d+", inside.evaluate(f"{heading}.fontSize"))[0]) > 20
    # Nothing lies on anything else: answer, each figure and the sentence below stand in this order, apart.
    boxes = [
        inside.locator(place).first.bounding_box()
        for place in (".verdict .answer", ".verdict dl", ".bn > p", "figcaption", ".drawing.wide")
    ]
    ends = [box["y"] + box["height"] for box in boxes]
    assert all(end <= box["y"] + 1 for end, box in zip(ends, boxes[1:], strict=False))
    assert inside.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0
    outside.close()
    inside.close()


def test_the_explorer_has_its_charts_beside_its_controls_and_answers(browser, lab):
    page = run(browser, lab, "explore")
    card = page.locator(".bn-explore .verdict").first
    card.wait_for()
    controls, chart = page.locator(".bn-controls").bounding_box(), page.locator(".bn-explore figure.chart").last
    beside = page.locator(".bn-controls + .widget-html").bounding_box()
    assert beside["x"] >= controls["x"] + controls["width"]
    assert abs(beside["y"] - controls["y"]) < 20
    right = page.locator(".jp-OutputArea-output").last.bounding_box()
    assert beside["x"] + beside["width"] <= right["x"] + right["width"] + 1 and beside["width"] > controls["width"]
    assert chart.bounding_box()["width"] > 300
    for each in page.locator(".bn-controls .widget-dropdown, .bn-controls .widget-readout").all():
        box = each.bounding_box()
        assert box["x"] + box["width"] <= controls["x"] + controls["width"] + 3
    assert page.locator(".side-by-side").count() == 0
    page.locator(".bn-controls .widget-dropdown select").nth(5).select_option(index=3)
    page.locator(".side-by-side .verdict").nth(1).wait_for()
    left, right = (page.locator(".side-by-side > div").nth(place).bounding_box() for place in (0, 1))
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
    page.close()

"""An executed notebook → one self-contained HTML page in one language, checked before anybody sees it."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from threading import Lock
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert import HTMLExporter
from traitlets.config import Config

from bn_analysis.errors import BuildError
from bn_analysis.report.elements.part import bare, house_style
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say, words
from bn_analysis.report.pages.age import age_sentences, ended_sentence
from bn_analysis.study.age import Age
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.store.notebooks import NOTEBOOKS, notebooks_of

TEMPLATE = Path(__file__).parent / "template"
BETWEEN_LANGUAGES = "\n---\n"
"""In a cell of prose: Vietnamese above this line, English below it."""
LOADING = frozenset({"script", "link", "img", "iframe", "object", "embed"})
MAX_PAGE_BYTES = 1_500_000
"""A page travels by e-mail: 1.5 MB at most."""


def render(
    name: str, notebook: nbformat.NotebookNode, parameters: Parameters, age: Age, languages: tuple[Language, ...]
) -> str:
    """The page of an executed notebook.

    Parameters
    ----------
    name : str
        One of `NOTEBOOKS`.
    notebook : nbformat.NotebookNode
        Executed; cells tagged with another language, or for JupyterLab only, are left out.
    parameters : Parameters
        Its language is the page's.
    age : Age
        Of the figures used.
    languages : tuple of {"vi", "en"}
        Languages built together, for the switch between them.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BuildError
        The page is not complete, not self-contained or too large.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = _in_one_language(notebook.cells, parameters.language)
    contents = _with_contents(notebook.cells)
    aside: list[str] = []
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        if "text/html" in output.get("data", {}):
            output.data["text/html"] = _put_aside(bare(output.data["text/html"]), aside)
    around = _around(name, parameters, age, languages) | {
        "code": code,
        "contents": contents if len(contents) > 2 else [],
    }
    with _ONE_AT_A_TIME:
        html, _ = _exporter().from_notebook_node(notebook, resources={"page": around})
    html = _MARK.sub(lambda mark: aside[int(mark[1])], str(html))
    page = "\n".join(line for line in html.splitlines() if line.strip()) + "\n"
    check_page(page, f"{name}.{parameters.language}")
    return page


_ONE_AT_A_TIME = Lock()
"""The exporter remembers the notebook that it renders."""


@cache
def _exporter() -> HTMLExporter:
    """One for all pages, because it compiles the template anew in each."""
    config = Config({"HTMLExporter": {"exclude_anchor_links": True}})
    return HTMLExporter(config=config, template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)])


_MARK = re.compile(r"<!--aside (\d+)-->")
"""Where a drawing or a table belongs; text from data cannot hold this, because it is escaped."""


def _put_aside(html: str, aside: list[str]) -> str:
    """The piece with marks for its drawings and tables: most of a page, which nbconvert would parse once more."""

    def mark(found: re.Match[str]) -> str:
        aside.append(found[0].replace("&#39;", "'"))  # as nbconvert writes the text around them
        return f"<!--aside {len(aside) - 1}-->"

    return re.sub(r"<(svg|table)\b.*?</\1>", mark, html, flags=re.DOTALL)


def _in_one_language(cells: list[nbformat.NotebookNode], language: Language) -> list[nbformat.NotebookNode]:
    """The cells of a page: those for JupyterLab only are left out, of prose in both languages one half is kept."""
    kept = [cell for cell in cells if "lab-only" not in cell.metadata.get("tags", [])]
    for cell in kept:
        if cell.cell_type == "markdown":
            cell.source = cell.source.split(BETWEEN_LANGUAGES)[-1 if language == "en" else 0].strip()
    return kept


def _with_contents(cells: list[nbformat.NotebookNode]) -> list[tuple[str, str]]:
    """Id and text of every section heading; the headings get these ids."""
    found: list[tuple[str, str]] = []
    for cell in cells:
        if cell.cell_type != "markdown" or "fold" in cell.metadata.get("tags", []):
            continue
        lines = cell.source.splitlines()
        for i, line in enumerate(lines):
            if line.startswith("## "):
                found.append((f"s{len(found) + 1}", line.removeprefix("## ").strip()))
                lines[i] = str(Markup('<h2 id="{}">{}</h2>').format(*found[-1]))
        cell.source = "\n".join(lines)
    return found


def _around(name: str, parameters: Parameters, age: Age, languages: tuple[Language, ...]) -> dict[str, Any]:
    """What the template shows around the notebook's own cells."""
    language = parameters.language
    twin: Language = "en" if language == "vi" else "vi"
    return {
        "language": language,
        "heading": say(f"headings.{name}", language, territory=parameters.territory, period=parameters.period),
        "age": age_sentences(age, parameters.as_of, language),
        "ended": ended_sentence(age, language),
        "css": house_style() + (TEMPLATE / "page.css").read_text(encoding="utf-8"),
        "words": {key.removeprefix("page."): text for key, text in words(language).items() if key.startswith("page.")},
        "glossary": _glossary(language),
        "home": "../" * (3 if parameters.as_of else 2) + "index.html",
        "links": [
            {
                "href": f"{other}.{language}.html",
                "title": say(f"short_titles.{other}", language),
                "current": other == name,
            }
            for other in notebooks_of(parameters.territory)
        ],
        "twin": f"{name}.{twin}.html" if twin in languages else "",
        "twin_language": twin,
    }


def _glossary(language: Language) -> list[tuple[str, str]]:
    """Every term with its explanation."""
    said = words(language)
    terms = [key for key in said if key.startswith("glossary.") and key.endswith(".term")]
    return [(said[key], said[f"{key.removesuffix('term')}text"]) for key in terms]


def check_page(html: str, name: str) -> None:
    """Refuse a page that is not complete, not self-contained or too large (BuildError)."""
    size = len(html.encode("utf-8"))
    if size > MAX_PAGE_BYTES:
        raise BuildError(f"{name}: {size} bytes, expected at most {MAX_PAGE_BYTES}")
    reader = _Loads()
    reader.feed(html)
    if reader.found:
        raise BuildError(f"{name}: the page loads {reader.found[0]!r}, expected nothing from outside")
    verdict = ('class="verdict', "<figure") if name.startswith(NOTEBOOKS[0]) else ()
    for needed in ("</html>", "<h1>", 'id="main"', "<table", *verdict):
        if needed not in html:
            raise BuildError(f"{name}: no {needed} in the page")


class _Loads(HTMLParser):
    """Collects what a page would fetch or run when opened."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOADING or any(name in ("src", "srcset") or name.startswith("on") for name, _ in attrs):
            self.found.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style" and "@import" in data:
            self.found.append("@import")

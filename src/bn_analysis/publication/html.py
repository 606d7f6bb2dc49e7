"""An executed notebook → one self-contained HTML page in one language, checked before anybody sees it."""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

from bn_analysis.errors import BuildError
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say, words
from bn_analysis.study.parameters import LANGUAGES, Parameters

NOTEBOOKS = (
    "04_bottoming_out",
    "05_industries",
    "07_claims",
    "06_industrial_promotion",
    "01_data_review",
    "02_index",
    "03_seasonal_adjustment",
)
"""In the order in which readers meet them: the answer first, then what drives it, then how it was found."""
PROVINCIAL = frozenset({"06_industrial_promotion", "07_claims"})
"""Notebooks that the country has no page of: programme and statements are the province's."""
TEMPLATE = Path(__file__).parent / "template"
PROVINCES = frozenset({"BN", "BNM", "BG"})
MAX_PAGE_BYTES = 1_500_000
"""A page travels by e-mail: 1.5 MB at most."""


def notebooks_of(territory: str) -> tuple[str, ...]:
    """The notebooks that make a territory's report, in the order of its pages."""
    return tuple(name for name in NOTEBOOKS if territory in PROVINCES or name not in PROVINCIAL)


def render(
    name: str, notebook: nbformat.NotebookNode, parameters: Parameters, vintage: str, languages: tuple[Language, ...]
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
    vintage : str
        Day of the newest figure used.
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
    notebook.cells = [cell for cell in notebook.cells if _belongs(cell, parameters.language)]
    config = Config({"HTMLExporter": {"exclude_anchor_links": True}})
    exporter = HTMLExporter(config=config, template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)])
    around = _around(name, parameters, vintage, languages) | {"code": code}
    html, _ = exporter.from_notebook_node(notebook, resources={"page": around})
    page = _with_contents(re.sub(r"\n\s*\n+", "\n", str(html)), say("page.contents", parameters.language))
    check_page(page, f"{name}.{parameters.language}")
    return page


def _with_contents(html: str, title: str) -> str:
    """Number the section headings and list them, folded, where the template left a mark."""
    found: list[tuple[str, str]] = []

    def mark(match: re.Match[str]) -> str:
        found.append((f"s{len(found) + 1}", match[1]))
        return f'<h2 id="{found[-1][0]}">{match[1]}</h2>'

    html = re.sub(r"<h2(?: id=\"[^\"]*\")?>(.*?)</h2>", mark, html)
    items = "".join(f'<li><a href="#{key}">{text}</a></li>' for key, text in found)
    listing = f'<details class="toc"><summary>{title}</summary><ol>{items}</ol></details>' if len(found) > 2 else ""
    return html.replace("<!--contents-->", listing, 1)


def _belongs(cell: nbformat.NotebookNode, language: Language) -> bool:
    tags = cell.metadata.get("tags", [])
    others = [f"lang-{other}" for other in LANGUAGES if other != language]
    return not any(tag in tags for tag in ("lab-only", *others))


def _around(name: str, parameters: Parameters, vintage: str, languages: tuple[Language, ...]) -> dict[str, Any]:
    """What the template shows around the notebook's own cells."""
    language = parameters.language
    twin: Language = "en" if language == "vi" else "vi"
    known = say(f"vintage.{'as_of' if parameters.as_of else 'all'}", language, as_of=parameters.as_of, vintage=vintage)
    return {
        "language": language,
        "heading": say(f"headings.{name}", language, territory=parameters.territory, period=parameters.period),
        "vintage": known,
        "css": (TEMPLATE / "page.css").read_text(encoding="utf-8"),
        "words": {key.removeprefix("page."): text for key, text in words(language).items() if key.startswith("page.")},
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


def check_page(html: str, name: str) -> None:
    """Refuse a page that is not complete, not self-contained or too large (BuildError)."""
    size = len(html.encode("utf-8"))
    if size > MAX_PAGE_BYTES:
        raise BuildError(f"{name}: {size} bytes, expected at most {MAX_PAGE_BYTES}")
    loaded = re.findall(r'<(?:script|link|img|iframe|object|embed)\b[^>]*|\b(?:src|srcset)="[^"]*"|@import[^;]*', html)
    if loaded:
        raise BuildError(f"{name}: the page loads {loaded[0]!r}, expected nothing from outside")
    verdict = ('class="verdict', "<figure") if name.startswith(NOTEBOOKS[0]) else ()
    for needed in ("</html>", "<h1>", 'id="main"', "<table", *verdict):
        if needed not in html:
            raise BuildError(f"{name}: no {needed} in the page")

"""Pages in Markdown → the site: values filled in, reference pages from the code's own names, equations as MathML."""

import html
import re
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from docs.code import constants, facts, figures, names, tutorial  # noqa: E402  the folder above is not yet a place to import from

_EQUATION = re.compile(r'<(span|div) class="arithmatex">(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])</\1>', re.S)
_ELSEWHERE = re.compile(r'(?:src=|<link\b[^>]*\bhref=)"?(https?://[^"\s>]+)', re.I)
_ENVIRONMENT = Environment(
    undefined=StrictUndefined, autoescape=False, comment_start_string="{##", comment_end_string="##}"
)
_ENVIRONMENT.globals.update(
    facts=facts,
    constant=constants.value,
    constants=constants.table,
    api=names.directives,
    same=facts.same,
    verdict_rows=names.verdict_rows,
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made here: the figures of the method and the executed tutorial."""
    undocumented = names.undocumented()
    if undocumented:
        raise PluginError(f"public names without a docstring: {', '.join(undocumented)}")
    for name, content in figures.all_figures().items():
        files.append(File.generated(config, f"method/figures/{name}.svg", content=content))
    files.append(File.generated(config, "tutorial.md", content=tutorial.page()))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Fill in values; a value that is not there, or no longer what the text says, fails the build."""
    if "{{" not in markdown or page.file.src_uri == "tutorial.md":
        return markdown
    try:
        return _ENVIRONMENT.from_string(markdown).render()
    except Exception as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error


def on_page_content(content: str, **_: Any) -> str:
    """Write equations as MathML, which browsers draw without any script."""
    return _EQUATION.sub(_mathml, content)


def on_post_template(output_content: str, template_name: str, **_: Any) -> str:
    """The page of a missing address, like all others."""
    return _without_shim(output_content)


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """Refuse a page that would load something from elsewhere."""
    output = _without_shim(output)
    outside = _ELSEWHERE.findall(output)
    if outside:
        raise PluginError(f"{page.file.src_uri}: loads {', '.join(outside)}; the site must open without the network")
    return output


def _without_shim(output: str) -> str:
    """Without the script that the theme would fetch for old browsers' search."""
    return re.sub(r'<script src="?https://unpkg\.com/iframe-worker/shim"?></script>', "", output)


def _mathml(found: re.Match[str]) -> str:
    display = "block" if found[1] == "div" else "inline"
    return f'<{found[1]} class="equation">{convert(html.unescape(found[2]).strip(), display=display)}</{found[1]}>'

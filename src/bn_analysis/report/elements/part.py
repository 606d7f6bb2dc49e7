"""A piece of a page: HTML in the house style with its data, the same in JupyterLab as on the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
from markupsafe import Markup

from bn_analysis.report.elements.table import table
from bn_analysis.report.language.formats import Language


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a page.

    Attributes
    ----------
    html : str
        What it shows.
    data : pandas.DataFrame
        What it says, as a tidy table: one row a statement, in the reader's language; empty where there is nothing.
    """

    html: str
    data: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __add__(self, other: "Part") -> "Part":
        """Both, one below the other, with the data of the first that has a table (sentences are no table)."""
        tables = [part.data for part in (self, other) if list(part.data.columns) != [SENTENCE] and len(part.data)]
        return Part(self.html + other.html, tables[0] if tables else pd.concat([self.data, other.data]))

    def _repr_html_(self) -> str:
        return in_house_style(self.html)


SENTENCE = "sentence"


def paragraph(sentences: Sequence[str]) -> Part:
    """Sentences as one paragraph, escaped; the names of their numbers stay."""
    said = [sentence for sentence in sentences if sentence]
    return Part(str(Markup("<p>{}</p>").format(Markup(" ").join(said))), pd.DataFrame({SENTENCE: map(str, said)}))


def bullets(sentences: Sequence[str]) -> Part:
    """Sentences as a list, one below the other."""
    said = [sentence for sentence in sentences if sentence]
    items = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in said)
    return Part(str(Markup("<ul>{}</ul>").format(items)), pd.DataFrame({SENTENCE: map(str, said)}))


def tabled(frame: pd.DataFrame, language: Language, **options: Any) -> Part:
    """A table that brings its frame along; options as of `bn_analysis.report.elements.table.table`."""
    return Part(table(frame, language, **options), frame)


def folded(summary: str, inside: Part) -> Part:
    """A part that a reader opens; open on paper."""
    html = Markup("<details><summary>{}</summary>{}</details>").format(summary, Markup(inside.html))
    return Part(str(html), inside.data)


@cache
def house_style() -> str:
    """The CSS of charts, tables, cards and heat maps; pages put it into their head."""
    return files("bn_analysis.report.elements").joinpath("style.css").read_text(encoding="utf-8")


@cache
def _around() -> tuple[str, str]:
    """What stands before and after a piece outside a page: the style, nested so that it reaches nothing else."""
    nested = house_style().replace(":root", "&")
    # The class three times: JupyterLab's own rules for tables must not win.
    return f'<div class="bn"><style>.bn.bn.bn {{\n{nested}}}</style>', "</div>"


def in_house_style(html: str) -> str:
    """A piece as JupyterLab shows it, its style with it; nothing stays nothing."""
    before, after = _around()
    return f"{before}{html}{after}" if html else ""


def bare(html: str) -> str:
    """The piece without the style that `in_house_style` put around it, for a page that has it in its head."""
    before, after = _around()
    return html.removeprefix(before).removesuffix(after) if html.startswith(before) else html

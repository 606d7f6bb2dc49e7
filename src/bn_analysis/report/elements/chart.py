"""A matplotlib figure → an inline SVG in the house style, with its finding as title, a description and its data."""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bn_analysis.report.elements.table import table
from bn_analysis.report.language.formats import Language, number, short_month

Width = Literal["wide", "narrow"]
SIZES: dict[Width, tuple[float, float]] = {"wide": (7.6, 3.7), "narrow": (3.7, 3.4)}
"""Inches at 100 units an inch: a desktop column and a phone held upright, each with readable letters."""

# Colours of the drawing and the page's CSS variable that replaces each, so that a chart follows light, dark and print.
# Blue and orange stay apart for all common kinds of colour blindness; line style and labels carry the meaning as well.
INK, MUTED, GRID = "#1d2630", "#5b6876", "#dde3e9"
STRONG, SECOND, PALE, TINT, BAND = "#0a5aa6", "#b3541e", "#9aa8b6", "#f6ead2", "#bcd6ee"
PAPER = "#fefefe"
CSS_VARIABLES = {
    INK: "--ink", MUTED: "--muted", GRID: "--grid", STRONG: "--strong", SECOND: "--second",
    PALE: "--pale", TINT: "--tint", BAND: "--band", PAPER: "--paper",
}  # fmt: skip

STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.grid.axis": "y",
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "lines.solid_capstyle": "round",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "ytick.left": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "bn-analysis",
}

Draw = Callable[[Axes, Width], None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as people meet it: finding, drawing for wide and narrow screens, words for those who do not see it, data.

    Attributes
    ----------
    title : str
        The finding, one sentence.
    description : str
        What the drawing shows, for a screen reader.
    svg : dict
        SVG text by width, "wide" and "narrow".
    data : pandas.DataFrame
        The numbers drawn.
    language : {"vi", "en"}
    note : str
        What marks in the drawing mean; empty where they speak for themselves.
    """

    title: str
    description: str
    svg: dict[Width, str]
    data: pd.DataFrame
    language: Language
    note: str = ""

    def _repr_html_(self) -> str:
        drawings = Markup("").join(
            Markup('<div class="drawing {}"{}>{}</div>').format(
                width, Markup(' style="display:none"') if width == "narrow" else "", Markup(svg)
            )
            for width, svg in self.svg.items()
        )
        note = Markup('<p class="note">{}</p>').format(self.note) if self.note else ""
        summary = {"vi": "Số liệu của biểu đồ", "en": "Data of the chart"}[self.language]
        return str(
            Markup(
                '<figure class="chart"><figcaption>{}</figcaption>{}{}'
                "<details><summary>{}</summary>{}</details></figure>"
            ).format(self.title, drawings, note, summary, Markup(table(self.data, self.language, caption=self.title)))
        )


def chart(draw: Draw, title: str, description: str, data: pd.DataFrame, language: Language, note: str = "") -> Chart:
    """Draw the same content at both widths in the house style.

    Parameters
    ----------
    draw : callable
        Receives the axes and the width's name.
    title, description : str
        The finding, and the words that stand for the drawing.
    data : pandas.DataFrame
        Shown as a table below the drawing.
    language : {"vi", "en"}
    note : str
        Shown below the drawing.
    """
    svg = {width: _svg(draw, width, title, description) for width in SIZES}
    return Chart(title, description, svg, data, language, note)


def _svg(draw: Draw, width: Width, title: str, description: str) -> str:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZES[width], layout="constrained")
        axes = figure.add_subplot()
        draw(axes, width)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _embed(buffer.getvalue(), width, title, description)


def _embed(svg: str, width: Width, title: str, description: str) -> str:
    """Strip the XML heading, give the drawing its words, and let the page's colours replace the fixed ones."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    inches = SIZES[width]
    viewbox = f"0 0 {inches[0] * 72:g} {inches[1] * 72:g}"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{viewbox}" '
        f'role="img"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
    )
    body = re.sub(r"<svg[^>]*>", lambda _: opening, body, count=1)
    body = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", body)
    for colour, variable in CSS_VARIABLES.items():
        body = body.replace(colour, f"var({variable}, {colour})")
    return _unique_ids(body, width)


def _unique_ids(svg: str, width: Width) -> str:
    """Prefix every id, so that several drawings can stand on one page."""
    prefix = f"{width[0]}{abs(hash_text(svg)):x}-"
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)


def hash_text(text: str) -> int:
    """A number that depends on the text alone (Python's own hash changes from run to run)."""
    return zlib.crc32(text.encode())


def month_axis(axes: Axes, months: pd.PeriodIndex, language: Language, width: Width) -> None:
    """Ticks at Januaries (and, for short spans, at quarters), written for the reader; x positions are ordinals."""
    wanted = 7 if width == "wide" else 4
    step = next(s for s in (3, 6, 12, 24, 36, 48, 60, 120) if len(months) / s <= wanted)
    ticks = [m for m in months if (m.month - 1) % min(step, 12) == 0 and (step <= 12 or m.year % (step // 12) == 0)]
    label = (lambda m: str(m.year)) if step >= 12 else (lambda m: short_month(m, language))
    axes.set_xticks([m.ordinal for m in ticks], [label(m) for m in ticks])
    axes.set_xlim(months[0].ordinal - 0.6, months[-1].ordinal + 0.6)


def number_axis(axes: Axes, language: Language, decimals: int = 0) -> None:
    """Numbers of the y axis as the reader writes them, at steps that need no more digits than are shown."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=decimals == 0))
    axes.yaxis.set_major_formatter(lambda value, _: number(value, language, decimals))

"""A matplotlib figure → an inline SVG in the house style, with its finding as title, a description and its data."""

import io
import textwrap
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.etree import ElementTree

import matplotlib as mpl
import pandas as pd
from defusedxml.ElementTree import fromstring
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bn_analysis.report.elements.csv_link import csv_link, file_name
from bn_analysis.report.elements.part import in_house_style
from bn_analysis.report.elements.table import table
from bn_analysis.report.language.formats import Language, number, short_month

Width = Literal["wide", "narrow"]
Picture = Literal["svg", "png"]
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
AROUND = 0.6
"""Inches of a drawing's height that its axis and title take."""
LINE_HEIGHT = 10
"""Points between two names, so that letters of 8 points do not touch."""
SIZES: dict[Width, tuple[float, float]] = {"wide": (7.6, 3.2), "narrow": (3.7, 3.4)}
"""Inches at 100 units an inch: a desktop column and a phone held upright, each with readable letters."""

TITLE_LETTERS, NOTE_LETTERS, PICTURE_DPI = 82, 125, 180
"""Letters of a line above and below a picture that stands alone, and its dots an inch: sharp on a slide."""

# Colours of the drawing and the page's CSS variable that replaces each, so that a chart follows light, dark and print.
# Blue and orange stay apart for all common kinds of colour blindness; line style and labels carry the meaning as well.
INK, MUTED, GRID = "#1d2630", "#5b6876", "#dde3e9"
STRONG, SECOND, PALE, TINT, BAND = "#0a5aa6", "#b3541e", "#9aa8b6", "#f6ead2", "#bcd6ee"
SHADES = ("#e3eefb", "#bcd9f4", "#8fc0eb")
"""Cells of a heat map that hold little, more, much."""
PAPER = "#fefefe"
CSS_VARIABLES = {
    INK: "--ink", MUTED: "--muted", GRID: "--grid", STRONG: "--strong", SECOND: "--second",
    PALE: "--pale", TINT: "--tint", BAND: "--band", PAPER: "--paper",
    **{shade: f"--up{i}" for i, shade in enumerate(SHADES, 1)},
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
    "axes.titley": 1.0,  # no ticks on top that a title would have to avoid, nor to measure them three times
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
    draw : callable
        Draws it, for a picture of its own.
    note : str
        What marks in the drawing mean; empty where they speak for themselves.
    names : mapping of str to str
        Columns of the data whose numbers have a name, as `bn_analysis.report.elements.table.table` takes them.
    """

    title: str
    description: str
    svg: dict[Width, str]
    data: pd.DataFrame
    language: Language
    draw: Draw = field(repr=False, compare=False)
    note: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def picture(self, kind: Picture) -> bytes:
        """The wide drawing with its finding above and its note below, as a file that stands alone."""
        title, note = textwrap.wrap(self.title, TITLE_LETTERS), textwrap.wrap(self.note, NOTE_LETTERS)
        wide, high = SIZES["wide"]
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(wide, high + 0.2 * len(title) + 0.15 * len(note)), layout="constrained", dpi=72)
            figure.set_facecolor(PAPER)
            self.draw(figure.add_subplot(), "wide")
            figure.suptitle("\n".join(title), x=0.01, ha="left", fontsize=10.5, fontweight="bold")
            figure.supxlabel("\n".join(note), x=0.01, ha="left", fontsize=7.5, color=MUTED)
            buffer = io.BytesIO()
            said = {"Title": self.title} if kind == "png" else {"Title": self.title, "Date": None}
            figure.savefig(buffer, format=kind, metadata=said, dpi=PICTURE_DPI if kind == "png" else 72)
        return buffer.getvalue()

    @property
    def html(self) -> str:
        """The chart without the style around it, as pages hold it."""
        drawings = Markup("").join(
            Markup('<div class="drawing {}"{}>{}</div>').format(
                width, Markup(' style="display:none"') if width == "narrow" else "", Markup(svg)
            )
            for width, svg in self.svg.items()
        )
        note = Markup('<p class="note">{}</p>').format(self.note) if self.note else ""
        summary = {"vi": "Số liệu của biểu đồ", "en": "Data of the chart"}[self.language]
        figures = Markup(table(self.data, self.language, caption=self.title, names=self.names))
        link = self.data_link({"vi": "Tải tệp CSV", "en": "Save as CSV"}[self.language])
        html = Markup(
            '<figure class="chart"><figcaption>{}</figcaption>{}{}'
            "<details><summary>{}</summary>{}<p>{}</p></details></figure>"
        ).format(self.title, drawings, note, summary, figures, link)
        return str(html)

    def data_link(self, text: str) -> Markup:
        """A link that saves the numbers drawn as CSV."""
        saved = self.data if isinstance(self.data.index, pd.RangeIndex) else self.data.reset_index()
        numbers = saved.select_dtypes("number").round(4)
        rounded = saved.assign(**{str(name): numbers[name] for name in numbers})
        return csv_link(rounded, self.language, f"chart-{file_name(self.title)}", text)

    def _repr_html_(self) -> str:
        return in_house_style(self.html)


def chart(
    draw: Draw,
    title: str,
    description: str,
    data: pd.DataFrame,
    language: Language,
    note: str = "",
    names: Mapping[str, str] | None = None,
) -> Chart:
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
    names : mapping of str to str, optional
        Columns of the data whose numbers have a name.
    """
    said = _said_of_months(data, language)
    svg = {width: _svg(draw, width, title, description, said) for width in SIZES}
    return Chart(title, description, svg, data, language, draw, note, names or {})


def _said_of_months(data: pd.DataFrame, language: Language) -> dict[int, str]:
    """By month (its ordinal) what the drawing holds there, in words; none for data that are not by month."""
    if not isinstance(data.index, pd.PeriodIndex):
        return {}
    numbers = data.select_dtypes("number")
    return {
        month.ordinal: "\n".join(
            [short_month(month, language)]
            + [f"{name}: {number(value, language)}" for name, value in row.items() if pd.notna(value)]
        )
        for month, row in zip(data.index, numbers.to_dict("records"), strict=True)
    }


def _svg(draw: Draw, width: Width, title: str, description: str, said: Mapping[int, str]) -> str:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZES[width], layout="constrained", dpi=72)  # the unit of an SVG
        axes = figure.add_subplot()
        draw(axes, width)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        columns = _columns(axes, said) if width == "wide" else []  # there is nothing to hover with on a phone
    return _embed(buffer.getvalue(), width, title, description, columns)


def _columns(axes: Axes, said: Mapping[int, str]) -> list[ElementTree.Element]:
    """A clear rectangle over each month that says its values where a pointer rests on it, without any script."""
    box, height = axes.get_window_extent(), axes.figure.bbox.height
    step = axes.transData.transform((1, 0))[0] - axes.transData.transform((0, 0))[0]
    columns = []
    for month, text in said.items():
        left = axes.transData.transform((month - 0.5, 0))[0]
        if not box.x0 - step <= left < box.x1:
            continue
        place = {"x": left, "y": height - box.y1, "width": step, "height": box.height}
        column = ElementTree.Element(f"{{{SVG}}}rect", {key: f"{value:.1f}" for key, value in place.items()})
        column.set("class", "month")
        ElementTree.SubElement(column, f"{{{SVG}}}title").text = text
        columns.append(column)
    return columns


def _embed(svg: str, width: Width, title: str, description: str, columns: list[ElementTree.Element]) -> str:
    """Give the drawing its words, let the page's colours replace the fixed ones, make every id its own."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = fromstring(svg)
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    inches = SIZES[width]
    root.attrib = {"viewBox": f"0 0 {inches[0] * 72:g} {inches[1] * 72:g}", "role": "img"}
    for place, (name, text) in enumerate((("title", title), ("desc", description))):
        words = ElementTree.Element(f"{{{SVG}}}{name}")
        words.text = text
        root.insert(place, words)
    prefix = f"{width[0]}{zlib.crc32(svg.encode()):x}-"
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _repointed(key, value, prefix))
    root.extend(columns)
    body = ElementTree.tostring(root, encoding="unicode")
    for colour, variable in CSS_VARIABLES.items():
        body = body.replace(colour, f"var({variable}, {colour})")
    return body


def _repointed(key: str, value: str, prefix: str) -> str:
    """An attribute whose ids carry a prefix, and whose letters keep their size but take the page's font."""
    if key == "id":
        return prefix + value
    if key == f"{{{XLINK}}}href":
        return value.replace("#", f"#{prefix}", 1)
    value = value.replace("url(#", f"url(#{prefix}")  # hatches and clips, as attributes or inside a style
    if key == "style":
        rules = (rule.strip() for rule in value.split(";"))
        return "; ".join(f"font-size: {rule.split()[1]}" if rule.startswith("font: ") else rule for rule in rules)
    return value


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


def name_lines(axes: Axes, ends: Sequence[tuple[str, int, float, str]], width: Width) -> None:
    """Names of lines beside their last points, moved apart where they would lie on each other.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its last limits of the y axis.
    ends : sequence of (name, ordinal of the month, value, colour)
    width : {"wide", "narrow"}
    """
    low, high = axes.get_ylim()
    points = 72 * (SIZES[width][1] - AROUND) / (high - low)
    free = -float("inf")
    places = {}
    for name, _, value, _ in sorted(ends, key=lambda end: end[2]):
        places[name] = free = max((value - low) * points, free + LINE_HEIGHT)
    for name, month, value, colour in ends:
        axes.annotate(
            name, (month, value), (4, places[name] - (value - low) * points), textcoords="offset points", color=colour,
            fontsize=8, va="center", annotation_clip=False,
        )  # fmt: skip

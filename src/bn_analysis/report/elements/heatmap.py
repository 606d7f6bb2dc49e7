"""A table of changes → a heat map that is still a table; a row of numbers → a sparkline; both without any script."""

import pandas as pd
from markupsafe import Markup

from bn_analysis.report.language.formats import Language, number, short_month

STEPS = (1.0, 5.0, 10.0)
"""Absolute changes, per cent, from which a cell is shaded lightly, clearly, strongly."""
SPARK_WIDTH, SPARK_HEIGHT = 110.0, 26.0


def heat_map(frame: pd.DataFrame, names: dict[str, str], language: Language, *, caption: str, heading: str) -> str:
    """HTML table with one row a series and one column a month; the shade repeats what the number says.

    Parameters
    ----------
    frame : pandas.DataFrame
        Months × codes, per cent; NaN is shown as a dash. Time runs from left to right; on a phone each row breaks into
        lines, every number below its month.
    names : dict of str to str
        Code → name for the reader.
    language : {"vi", "en"}
    caption : str
    heading : str
        Of the column of names.
    """
    short = [short_month(month, language) for month in frame.index]
    months = Markup("").join(Markup('<th scope="col">{}</th>').format(month.replace("/", "/\u200b")) for month in short)
    rows = Markup("").join(_row(names[code], frame[code], short, language) for code in frame)
    return str(
        Markup(
            '<div class="table heat" tabindex="0" role="region" aria-label="{}"><table><caption>{}</caption>'
            '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>'
        ).format(caption, caption, heading, months, rows)
    )


def _row(name: str, values: pd.Series, months: list[str], language: Language) -> Markup:
    cells = Markup("").join(
        Markup('<td class="{}" data-heading="{}">{}</td>').format(
            shade(value), month, "–" if pd.isna(value) else number(value, language, 0)
        )
        for value, month in zip(values, months, strict=True)
    )
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(name, cells)


def shade(change: float) -> str:
    """Class of a cell: h0 about unchanged, u1…u3 up, d1…d3 down, "none" where nothing was published."""
    if pd.isna(change):
        return "none"
    steps = sum(abs(change) >= step for step in STEPS)
    if steps == 0:
        return "h0"
    return f"{'u' if change > 0 else 'd'}{steps}"


def sparkline(values: pd.Series, label: str, *, low: float | None = None, high: float | None = None) -> Markup:
    """Tiny line of a series as inline SVG; gaps break the line, the last value has a dot, what is cut off is marked.

    Parameters
    ----------
    values : pandas.Series
        In order of time; NaN where there is none.
    label : str
        Read out instead of the drawing.
    low, high : float, optional
        Ends of the scale, for lines that are compared; the series' own by default.
    """
    present = values.dropna()
    if present.empty:
        return Markup("")
    bottom = float(present.min()) if low is None else low
    top = float(present.max()) if high is None else high
    size = max(top - bottom, 1e-9)
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    points = [
        None if pd.isna(value) else (round(2 + i * step, 1), round(2 + SPARK_HEIGHT * (top - value) / size, 1))
        for i, value in enumerate(values.clip(bottom, top))
    ]
    path, pen_up = [], True
    for point in points:
        if point is not None:  # a month alone is a line without length, drawn as a dot by its round ends
            path.append(f"{'M' if pen_up else 'L'}{point[0]:g} {point[1]:g}{'h0' if pen_up else ''}")
        pen_up = point is None
    cut = [
        f"M{max(point[0] - step / 2, 2):.1f} {point[1]:g}H{min(point[0] + step / 2, 2 + SPARK_WIDTH):.1f}"
        for point, value in zip(points, values, strict=True)
        if point is not None and not bottom <= value <= top
    ]
    beyond = Markup('<path class="cut" d="{}"/>').format(" ".join(cut)) if cut else ""
    last = next(point for point in reversed(points) if point is not None)
    return Markup(
        '<svg class="spark" viewBox="0 0 {:g} {:g}" role="img" aria-label="{}"><path d="{}"/>{}'
        '<circle cx="{:g}" cy="{:g}" r="2"/></svg>'
    ).format(SPARK_WIDTH + 4, SPARK_HEIGHT + 4, label, " ".join(path), beyond, *last)

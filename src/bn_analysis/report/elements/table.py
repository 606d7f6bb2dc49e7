"""A data frame → an HTML table a screen reader can walk, with numbers as the reader writes them and text escaped."""

import numbers
from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup, escape

from bn_analysis.report.language.formats import MISSING, Language, number, short_month
from bn_analysis.report.language.named import Said, named

LONG_TEXT = 40
"""Letters from which a cell may break into lines."""


def table(
    frame: pd.DataFrame,
    language: Language,
    *,
    caption: str,
    decimals: int = 1,
    index: bool = True,
    names: Mapping[str, str] | None = None,
) -> str:
    """HTML table; text cells are escaped, numbers are formatted, missing cells say so in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Column names are headings in the reader's language; a PeriodIndex becomes month labels.
    language : {"vi", "en"}
    caption : str
        What the table holds, read out first by a screen reader.
    decimals : int
        Digits after the point of float cells; integers have none.
    index : bool
        Whether the row labels are shown (as row headings).
    names : mapping of str to str, optional
        For columns whose numbers have a name (see `named`): its beginning, which the row's label completes.
    """
    heading = [str(frame.index.name or "")] if index else []
    head = _row("th", [*heading, *map(str, frame.columns)], ' scope="col"')
    columns = [(str(column), (names or {}).get(str(column), "")) for column in frame.columns]
    body = Markup("").join(
        _body_row(label, cells, language, decimals, index, columns) for label, cells in _records(frame)
    )
    if frame.empty:
        body = Markup('<tr><td colspan="{}">{}</td></tr>').format(
            max(1, len(heading) + len(columns)), MISSING[language]
        )
    return str(
        Markup(
            '<div class="table" tabindex="0" role="region" aria-label="{}"><table><caption>{}</caption>'
            "<thead>{}</thead><tbody>{}</tbody></table></div>"
        ).format(str(caption), caption, head, body)  # a name is not read out where there is only text
    )


def _records(frame: pd.DataFrame) -> list[tuple[object, list[object]]]:
    columns = [frame.iloc[:, i].tolist() for i in range(frame.shape[1])]
    return [(label, [column[row] for column in columns]) for row, label in enumerate(frame.index)]


def _body_row(
    label: object, cells: list[object], language: Language, decimals: int, index: bool, columns: list[tuple[str, str]]
) -> Markup:
    """One row; each cell says the heading of its column, which stands beside it where rows are stacked on a phone."""
    first = Markup('<th scope="row">{}</th>').format(cell(label, language, decimals)) if index else Markup("")
    texts = [cell(value, language, decimals) for value in cells]
    rest = Markup("").join(
        Markup('<td{} data-heading="{}">{}</td>').format(
            _class_of(value), heading, named(text, name, label) if name else text
        )
        for value, text, (heading, name) in zip(cells, texts, columns, strict=True)
    )
    return Markup("<tr>{}{}</tr>").format(first, rest)


def _row(tag: str, texts: list[str], attributes: str) -> Markup:
    opening = Markup(f"<{tag}{attributes}>")
    empty = Markup("<td></td>")
    return Markup("<tr>{}</tr>").format(
        Markup("").join(opening + escape(text) + Markup(f"</{tag}>") if text else empty for text in texts)
    )


def cell(value: object, language: Language, decimals: int = 1) -> str:
    """One value as text for the reader."""
    if isinstance(value, Markup | Said):
        return value
    if isinstance(value, pd.Period):
        return short_month(value, language)
    if isinstance(value, bool):
        return {"vi": "có" if value else "không", "en": "yes" if value else "no"}[language]
    if isinstance(value, numbers.Integral):
        return number(float(int(value)), language, 0)
    if isinstance(value, numbers.Real):
        return number(float(value), language, decimals)
    return MISSING[language] if value is None or value is pd.NaT else str(value)


def _class_of(value: object) -> Markup:
    """Numbers stand right; a long text may break into lines, a short one may not."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return Markup(' class="number"')
    return Markup(' class="text"') if len(str(value)) > LONG_TEXT and not isinstance(value, Markup) else Markup("")

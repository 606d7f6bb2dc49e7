"""A study → its data to take away: a workbook of tidy sheets beside the page, a CSV file inside it."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from markupsafe import Markup
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from bn_analysis.report.elements.csv_link import csv_link
from bn_analysis.report.elements.part import Part
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.settings import versions
from bn_analysis.study.facts import known_how
from bn_analysis.study.study import Study

WORKBOOK = "data.xlsx"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_NEVER = rb"\g<1>1980-01-01T00:00:00Z"
_WIDEST = 60  # characters of a column; longer texts run on to the right
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def index_table(study: Study) -> pd.DataFrame:
    """The index with its band and status, adjusted and as trend, by month."""
    index = study.estimate.to_frame()[["index", "low80", "high80"]].assign(status=known_how(study))
    adjusted = study.adjustment.to_frame()[["seasonally_adjusted", "trend"]]
    return index.join(adjusted).round(4).rename_axis("period").reset_index()


def write_workbook(study: Study, path: Path) -> None:
    """Write a README sheet and one sheet a table; the same study gives the same bytes, and no cell is a formula.

    Parameters
    ----------
    study : Study
    path : pathlib.Path
        Where the ``.xlsx`` file goes.
    """
    verdict = pd.DataFrame(_verdict_rows(study), columns=["name", "value"], dtype=object)
    months = pd.DataFrame(study.verdict.trough_months.items(), columns=["period", "probability"])
    sheets = {
        "README": _readme(study),
        "index": index_table(study),
        "verdict": verdict,
        "falls": pd.DataFrame([asdict(fall) for fall in study.verdict.falls], dtype=object),
        "trough_months": months,
        "fan": pd.DataFrame([{"period": month, **asdict(level)} for month, level in study.verdict.fan.items()]),
        "published_rates": study.rates,
        "suspects": study.estimate.suspects,
    }
    book = Workbook()
    del book["Sheet"]
    for name, frame in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append([str(column) for column in frame.columns])
        for row in frame.itertuples(index=False):
            sheet.append([_cell(value) for value in row])
        sheet.freeze_panes = "A2"
        for at, column in enumerate(sheet.iter_cols(values_only=True), 1):
            widest = max((len(str(value)) for value in column if value is not None), default=0)
            sheet.column_dimensions[get_column_letter(at)].width = min(widest, _WIDEST) + 2
    book.properties.creator = "bn-analysis"
    book.properties.created = book.properties.modified = dt.datetime(*_EPOCH)
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_without_clock(buffer.getvalue()))


def _verdict_rows(study: Study) -> list[tuple[str, object]]:
    """Every value of the verdict with its name; of a range its middle and its ends."""
    rows: list[tuple[str, object]] = []
    for name, value in study.verdict.to_dict().items():
        if name in ("falls", "trough_months", "fan"):  # tables of their own
            continue
        if isinstance(value, dict):
            rows += [(f"{name}_{part}", number) for part, number in value.items()]
        else:
            rows.append((name, ", ".join(value) if isinstance(value, list) else value))
    return rows


def links(study: Study, language: Language) -> Part:
    """Links to the workbook beside the page and to the index as CSV inside it."""
    frame = index_table(study)
    name = f"index-{study.parameters.territory}-{study.parameters.period}"
    inside = csv_link(frame, language, name, say("downloads.csv", language))
    html = Markup('<p><a href="{}" download>{}</a> · {}</p>').format(
        WORKBOOK, say("downloads.workbook", language), inside
    )
    return Part(str(html), frame)


def _readme(study: Study) -> pd.DataFrame:
    parameters = study.parameters
    rows = [
        ("territory", f"{parameters.territory} {territory_name(parameters.territory, 'vi')}"),
        ("month judged", parameters.period),
        ("figures known until", parameters.as_of or f"all on record, the newest of {study.vintage}"),
        ("base of the index", f"{study.estimate.base} = 100"),
        (
            "sheet index",
            "level and 80% band (index, low80, high80); seasonally_adjusted and trend: without season and Tết",
        ),
        ("sheet published_rates", "every figure behind the index, value_pct in per cent, with its source"),
        (
            "sheet falls",
            "the falls that paths speak of: share of all paths, months of the trough or, under way, of the peak",
        ),
        ("sheet fan", "adjusted level of the months ahead over all simulated paths: middle and 80% interval"),
        ("sheet suspects", "figures that the others contradict; implied_pct: what they imply"),
        *((f"file {file.name}", f"{file.publisher['vi']}; SHA-256 {file.sha256}") for file in study.files),
        ("versions", versions()),
    ]
    return pd.DataFrame(rows, columns=["what", "says"])


def _cell(value: object) -> object:
    """A value a spreadsheet takes for what it is: text that would begin a formula gets an apostrophe before it."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool | int | float):
        return value
    if hasattr(value, "item"):
        return value.item()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _without_clock(content: bytes) -> bytes:
    """The same archive with every entry dated the same: the clock must not be in the bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = _SAVED.sub(_NEVER, old.read(entry)) if entry.filename == "docProps/core.xml" else old.read(entry)
            new.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()

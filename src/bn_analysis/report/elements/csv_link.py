"""A table → a link that holds it as CSV, as a spreadsheet of the reader's country opens it."""

import base64
import io
import re

import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.language.place_names import bare
from bn_analysis.report.language.formats import Language


def csv_for_spreadsheets(frame: pd.DataFrame, language: Language) -> bytes:
    """A table as CSV that a spreadsheet of the reader's country opens with every number as it is.

    Where the comma is the decimal mark, 123.294 would become 123294 without a word: Vietnamese pages carry decimal
    commas between semicolons and begin with a byte order mark, which tells Excel that the text is UTF-8.
    """
    if language == "vi":
        text = frame.to_csv(index=False, lineterminator="\r\n", sep=";", decimal=",")
        return text.encode("utf-8-sig")
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def read_csv_for_spreadsheets(content: bytes, language: Language) -> pd.DataFrame:
    """The table that `csv_for_spreadsheets` wrote."""
    marks = {"sep": ";", "decimal": ","} if language == "vi" else {}
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", **marks)


def csv_link(frame: pd.DataFrame, language: Language, name: str, text: str) -> Markup:
    """A link that saves the table under a name; the table is inside the page, nothing is fetched."""
    inside = "data:text/csv;charset=utf-8;base64," + base64.b64encode(csv_for_spreadsheets(frame, language)).decode()
    return Markup('<a href="{}" download="{}.csv">{}</a>').format(inside, name, text)


def file_name(title: str) -> str:
    """The first words of a title as the name of a file: letters of ASCII, digits and hyphens."""
    words = re.findall(r"[a-z0-9]+", bare(title.casefold()))
    return "-".join(words[:8])

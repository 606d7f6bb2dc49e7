"""The pages of a report, its manifest and its files → a failed build where one number stands there in two versions."""

import base64
import math
import re
from collections import defaultdict
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from bn_analysis.errors import BuildError
from bn_analysis.report.elements.csv_link import read_csv_for_spreadsheets
from bn_analysis.report.language.formats import Language, percent, probability
from bn_analysis.report.pages.downloads import WORKBOOK

CHANCES = {"probability": "probability", "relapse": "relapse", "regained": "regained", "regains": "regains_peak"}
"""Names of chances on pages, and of the same in the verdict of a manifest."""
_CHANGE = re.compile(r"(?P<word>tăng |giảm |up |down )?(?P<sign>[+\-\u2212]?)(?P<number>\d[\d.,]*)%?")
_INSIDE = re.compile(r'download="index-[^"]*" href="data:text/csv;charset=utf-8;base64,([^"]+)"')


def check_agreement(folder: Path, record: Mapping[str, Any], languages: tuple[Language, ...]) -> None:
    """Compare every number that stands in two places of a report.

    Parameters
    ----------
    folder : pathlib.Path
        Finished pages (``*.<language>.html``), ``index.csv`` and the workbook.
    record : mapping
        What the manifest will say: territory, period and verdict.
    languages : tuple of {"vi", "en"}

    Raises
    ------
    BuildError
        Names the number, the places and what they say.
    """
    for language in languages:
        pages = sorted(folder.glob(f"*.{language}.html"))
        said = stated({page.name: page.read_text(encoding="utf-8") for page in pages})
        for name, text in expected(record, language).items():
            said[name]["manifest"] = text
        for name, places in said.items():
            if not _one_number(set(places.values()), language):
                told = ", ".join(f"{place}: {text}" for place, text in places.items())
                raise BuildError(f"{name}: one number in {len(set(places.values()))} versions ({told})")
    _check_files(folder, record)


def _one_number(texts: set[str], language: Language) -> bool:
    """Whether texts say the same: the same words, or one number with more digits here than there."""
    numbers = [_number(text, language) for text in texts]
    if len(texts) == 1 or None in numbers:
        return len(texts) == 1
    known = [number for number in numbers if number is not None]
    return all(
        one == other if digits == more else abs(one - other) <= 0.5 * (10.0**-digits + 10.0**-more) + 1e-9
        for (one, digits), (other, more) in combinations(known, 2)
    )


def _number(text: str, language: Language) -> tuple[float, int] | None:
    """The number that a text is, with its digits after the point; None where it is none, or words beside one."""
    found = _CHANGE.fullmatch(text)
    if found is None:
        return None
    digits = found["number"]
    digits = digits.replace(".", "").replace(",", ".") if language == "vi" else digits.replace(",", "")
    falls = found["word"] in ("giảm ", "down ") or found["sign"] in ("-", "\u2212")
    return (-1 if falls else 1) * float(digits), len(digits.partition(".")[2])


def stated(pages: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Named numbers of pages: name → place → text; a page that names one in two versions has a place for each."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for page, html in pages.items():
        reader = _Named()
        reader.feed(html)
        for name, text in reader.found:
            known = found[name].setdefault(page, text)
            if known != text:
                found[name][f"{page} again"] = text
    return found


def expected(record: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The numbers of the verdict in the manifest as pages write them, by the names they have there."""
    verdict, place = record["verdict"], f"{record['territory']} {record['period']}"
    if verdict["probability"] is None:
        return {}
    chances = {f"{name} {place}": probability(verdict[key], language) for name, key in CHANCES.items()}
    if verdict["of_peak"] is None:
        return chances
    return chances | {f"of peak {place}": percent(verdict["of_peak"]["middle"], language, 0)}


def _check_files(folder: Path, record: Mapping[str, Any]) -> None:
    """The index as CSV beside the pages, inside them and in the workbook; the verdict in the workbook."""
    index = pd.read_csv(folder / "index.csv")
    for page in sorted(folder.glob("*.html")):
        language: Language = "vi" if page.stem.endswith(".vi") else "en"
        for inside in _INSIDE.findall(page.read_text(encoding="utf-8")):
            if not read_csv_for_spreadsheets(base64.b64decode(inside), language).equals(index):
                raise BuildError(f"{page.name}: the index inside it is not that of index.csv")
    book = openpyxl.load_workbook(folder / WORKBOOK, read_only=True)
    try:
        rows = list(book["index"].iter_rows(values_only=True))
        values = {str(row[0]): row[1] for row in book["verdict"].iter_rows(values_only=True)}
    finally:
        book.close()
    other = pd.DataFrame(rows[1:], columns=list(rows[0]))
    if not index.equals(other.astype(index.dtypes)):
        raise BuildError(f"{WORKBOOK}: its index is not that of index.csv")
    for name in ("phase", "probability", "share", "relapse", "regained", "flip_change"):
        if not _same(values[name], record["verdict"][name]):
            raise BuildError(
                f"{WORKBOOK}: {name} is {values[name]} there and {record['verdict'][name]} in the manifest"
            )


def _same(cell: object, value: object) -> bool:
    """Whether a cell holds a value; a workbook keeps 15 digits of a number."""
    if isinstance(cell, int | float) and isinstance(value, int | float):
        return math.isclose(cell, value, rel_tol=1e-12)
    return cell == value


class _Named(HTMLParser):
    """Collects the numbers that have a name, with their texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._name: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "data":
            self._name, self._text = dict(attrs).get("value"), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "data" and self._name:
            self.found.append((self._name, self._text))
            self._name = None

"""The text of a CSV file of series → its cells as months and numbers, or what is wrong with one of them."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError, bilingual

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", ".", "..", "...", "…", "-", "–", "—"})
"""Empty as spreadsheets, R, Python, databases and offices write it, in small letters."""
CODES = frozenset({-99999.0, -9999.0, 1e9})
"""Numbers that X-13 and its neighbours take for a missing value: no level, and refused."""
YEARS = range(1800, 2200)
"""Years in which a series may lie: anything else is a typing error."""
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?")
_QUARTER = re.compile(r"([0-9]{4})-?[Qq]([1-4])")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}")

LARGEST_FILE = 50 * 2**20
"""Bytes of a file of series: 760 vintages of 910 months at nine letters a cell are six million."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of a CSV file: the heading, then each row with its line number; decimal commas where `;` parts the cells."""

    name: str
    heading: list[str]
    rows: list[tuple[int, list[str]]]
    decimal_comma: bool


def read_cells(path: Path) -> Cells:
    """The cells of a file without its empty rows and the empty cells at the ends of rows.

    Raises
    ------
    InputError
        The file is missing, too large, is no text in UTF-8 or no CSV.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)  # of a pipe nobody knows the size
        if len(content) > LARGEST_FILE:
            most = LARGEST_FILE // 2**20
            raise InputError(
                bilingual(
                    f"{path.name}: hơn {most} MB, cần một tệp CSV các chuỗi theo tháng; kiểm tra lại tệp",
                    f"{path.name}: more than {most} MB, expected a CSV file of monthly series",
                )
            )
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(bilingual(f"{path}: không có tệp này", f"{path}: no such file")) from None
    except (UnicodeDecodeError, OSError):
        raise InputError(
            bilingual(f"{path.name}: không đọc được như văn bản UTF-8", f"{path.name}: not a readable UTF-8 text file")
        ) from None
    lines = text.splitlines()
    semicolons = any(line.count(";") > line.count(",") for line in lines[:1])
    reader = csv.reader(lines, delimiter=";" if semicolons else ",")
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise InputError(
            bilingual(
                f"{path.name}, dòng {reader.line_num}: không phải tệp CSV",
                f"{path.name}, line {reader.line_num}: not a CSV file ({error})",
            )
        ) from None
    rows = [(line, row) for line, row in rows if any(row)]
    heading = rows.pop(0)[1] if rows else []
    while heading and not heading[-1]:
        heading.pop()
    width = len(heading)
    for line, row in rows:
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) > width:
            raise InputError(
                bilingual(
                    f"{path.name}, dòng {line}: có {len(row)} ô, cần {width} như dòng tiêu đề",
                    f"{path.name}, line {line}: {len(row)} cells, expected {width} as in the heading",
                )
            )
        row.extend([""] * (width - len(row)))
    cells = Cells(path.name, heading, rows, semicolons)
    _refuse_grouped(cells)
    return cells


def month(text: str, place: str) -> pd.Period:
    """A month written YYYY-MM (or as one of its days, YYYY-MM-DD)."""
    match = _MONTH.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        quarterly, theo_quy = ("; quarterly data?", "; số liệu theo quý?") if _QUARTER.fullmatch(text) else ("", "")
        raise InputError(
            bilingual(
                f"{in_vietnamese(place)}: gặp {text!r}, cần tháng viết YYYY-MM, ví dụ 2024-03{theo_quy}",
                f"{place}: found {text!r}, expected a month written YYYY-MM, for example 2024-03{quarterly}",
            )
        )
    return pd.Period(f"{match[1]}-{match[2]}", freq="M")


def period(text: str, place: str) -> pd.Period:
    """A month as `month` reads it, or a quarter written 2024Q1."""
    match = _QUARTER.fullmatch(text)
    if match is not None and int(match[1]) in YEARS:
        return pd.Period(f"{match[1]}Q{match[2]}", freq="Q")
    return month(text, place)


def number(text: str, place: str, *, decimal_comma: bool = False) -> float:
    """A number in plain digits; NaN where the cell says that there is none."""
    if text.lower() in MISSING:
        return float("nan")
    plain = text.replace(".", "").replace(",", ".") if decimal_comma and "," in text else text
    value = float(plain) if _NUMBER.fullmatch(plain) else np.inf
    if not np.isfinite(value):
        raise InputError(
            bilingual(
                f"{in_vietnamese(place)}: gặp {text!r}, cần một số như 101.5 hoặc ô trống",
                f"{place}: found {text!r}, expected a number such as 101.5, or an empty cell",
            )
        )
    if value in CODES:
        raise InputError(
            bilingual(
                f"{in_vietnamese(place)}: gặp {text!r}, mã của giá trị thiếu; hãy để ô trống",
                f"{place}: found {text!r}, a mark for a missing value; leave the cell empty",
            )
        )
    return value


def in_vietnamese(place: str) -> str:
    """A place in a file, said in English, in Vietnamese."""
    return place.replace(", line ", ", dòng ").replace(", column ", ", cột ")


def _refuse_grouped(cells: Cells) -> None:
    """Refuse a file in which 1.112 may be a thousand: only groups of three after the point, and whole numbers."""
    values = [(line, cell) for line, row in cells.rows for cell in row[1:] if cell and cell.lower() not in MISSING]
    pointed = [(line, cell) for line, cell in values if "." in cell and "," not in cell]
    grouped = [(line, cell) for line, cell in pointed if _GROUPED.fullmatch(cell)]
    whole = [cell for _, cell in values if cell.lstrip("+-").isdecimal() and len(cell) >= 3]
    if grouped and len(grouped) == len(pointed) and (whole or cells.decimal_comma):
        line, cell = grouped[0]
        raise InputError(
            bilingual(
                f"{cells.name}, dòng {line}: gặp {cell!r} bên cạnh số nguyên: hàng nghìn hay số lẻ? "
                "viết hàng nghìn không có dấu, số lẻ với số chữ số khác",
                f"{cells.name}, line {line}: found {cell!r} beside whole numbers: a thousand or a fraction? "
                "write thousands without a mark, and fractions with another number of digits",
            )
        )


def refuse_few_months(months: Iterable[pd.Period], what: str) -> None:
    """InputError where only some calendar months ever have a value, saying what the data look like."""
    present = sorted({one.month for one in months})
    if len(present) == 12 or not present:
        return
    looks = {(3, 6, 9, 12): "quarterly data?", (2, 5, 8, 11): "quarterly data?", (1, 4, 7, 10): "quarterly data?"}
    hint = looks.get(tuple(present), "yearly data?" if len(present) == 1 else "")
    only = ", ".join(map(str, present))
    raise InputError(
        bilingual(
            f"{what}: chỉ tháng {only} có giá trị",
            f"{what}: only months {only} have values{': ' if hint else ''}{hint}",
        )
    )

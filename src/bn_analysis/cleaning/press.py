"""Figures of the office as the press prints them → rows of the table of rates, and what contradicts them, set apart.

The workbooks of the office end with 2025-02; since then its figures are known by way of the press, mostly to one
decimal. A cell that the press prints in two ways is no figure: both prints belong into `CONTRADICTIONS_FILE`, which the
data review shows and nothing else reads.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw
from bn_analysis.errors import InputError

PRESS_FILE = "vietnam_iip_press.csv"
CONTRADICTIONS_FILE = "vietnam_iip_press_contradictions.csv"
LABOUR_PRESS_FILE = "labour_press.csv"

_DATED = ("release", "release_date", "release_date_basis", "source_url")
PRESS_COLUMNS = ("period", "industry_code", "industry_vi", "measure", "value_pct", "decimals", *_DATED)
LABOUR_PRESS_COLUMNS = ("period", "territory", "territory_vi", "measure", "value_pct", "decimals", *_DATED)
_CELL = ("period", "industry_code", "measure", "release", "release_date")


def press_rates(raw_dir: Path) -> Iterator[tuple[Any, ...]]:
    """Rates of the country, production and labour: `bn_analysis.cleaning.rates.COLUMNS`, the source as its `PLACES`.

    Raises
    ------
    InputError
        A file is not as recorded, a cell is no number, or one cell is printed in two ways.
    """
    rows = read_raw(raw_dir / PRESS_FILE, PRESS_COLUMNS)
    _refuse_contradictions(rows)
    for row in rows:
        yield _rate(row, "iip", COUNTRY, row.fields["industry_code"])
    for row in read_raw(raw_dir / LABOUR_PRESS_FILE, LABOUR_PRESS_COLUMNS):
        yield _rate(row, "labour", row.fields["territory"], "TOTAL")


def read_contradictions(raw_dir: Path) -> pd.DataFrame:
    """Figures that contradict those in use or each other.

    Returns
    -------
    pandas.DataFrame
        Columns period, industry, measure, value_pct, decimals, release, release_date, used (what `PRESS_FILE` prints
        for the cell as a text, "" where the cell stays empty), source, note.
    """
    used: dict[tuple[str, ...], list[str]] = {}
    for row in read_raw(raw_dir / PRESS_FILE, PRESS_COLUMNS):
        used.setdefault(_cell(row)[:3], []).append(row.fields["value_pct"])
    rows = read_raw(raw_dir / CONTRADICTIONS_FILE, (*PRESS_COLUMNS, "note"))
    return pd.DataFrame(
        [
            {
                **{key: row.fields[key] for key in ("period", "measure", "release", "release_date", "note")},
                "industry": row.fields["industry_code"],
                "value_pct": _number(row, "value_pct"),
                "decimals": int(_number(row, "decimals")),
                "used": "; ".join(used.get(_cell(row)[:3], [])),
                "source": row.fields["source_url"],
            }
            for row in rows
        ]
    )


def _refuse_contradictions(rows: list[RawRow]) -> None:
    seen: dict[tuple[str, ...], RawRow] = {}
    for row in rows:
        other = seen.setdefault(_cell(row), row)
        if other.fields["value_pct"] != row.fields["value_pct"]:
            what = " ".join(_cell(row)[:4])
            raise InputError(
                f"{row.file}, line {row.line}, column value_pct: hai nguồn báo chí mâu thuẫn về {what}, cần chuyển cả "
                f"hai dòng sang {CONTRADICTIONS_FILE} | found {row.fields['value_pct']} for {what}, line {other.line} "
                f"prints {other.fields['value_pct']}; expected one print, move both lines to {CONTRADICTIONS_FILE}"
            )


def _cell(row: RawRow) -> tuple[str, ...]:
    return tuple(row.fields[column] for column in _CELL)


def _rate(row: RawRow, indicator: str, territory: str, industry: str) -> tuple[Any, ...]:
    return (
        indicator, territory, industry, row.fields["period"], row.fields["measure"], _number(row, "value_pct"),
        int(_number(row, "decimals")), row.fields["release"], row.fields["release_date"],
        row.file, str(row.line), row.fields["source_url"],
    )  # fmt: skip


def _number(row: RawRow, column: str) -> float:
    value = row.number(column)
    if value is None:
        raise row.error(column, "a number")
    return value

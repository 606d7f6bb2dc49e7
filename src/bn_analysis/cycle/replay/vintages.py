"""Turns a wide file of vintages into a checked table: months down, one column for every day of knowledge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from bn_analysis.cleaning.csv_cells import month, number, read_cells
from bn_analysis.cleaning.monthly_series import check_index, listed
from bn_analysis.errors import InputError


def read_vintages(path: str | Path) -> pd.DataFrame:
    """Read a vintage table.

    Parameters
    ----------
    path : str or Path
        CSV; first column the observation month (YYYY-MM), one further column for every vintage, its heading the
        vintage month, empty where not yet published.

    Returns
    -------
    DataFrame
        Monthly PeriodIndex `period`, PeriodIndex columns `vintage` put in order, float values, missing where not
        published.

    Raises
    ------
    InputError
        Naming line and column: unreadable month, text instead of a number, months out of order, a vintage twice.
        A vintage that reads but cannot be right is no error of the file: see `faults`.
    """
    path = Path(path)
    cells = read_cells(path)
    if not cells.rows or len(cells.heading) < 2:
        raise InputError(f"{path.name}: expected a heading line with at least one vintage and one line a month")
    vintages = [month(name, f"{path.name}, line 1, column {n}") for n, name in enumerate(cells.heading[1:], start=2)]
    periods = [month(row[0], f"{path.name}, line {line}, column 1") for line, row in cells.rows]
    values = np.empty((len(periods), len(vintages)))
    for row, (line, texts) in enumerate(cells.rows):
        for column, text in enumerate(texts[1:]):
            place = f"{path.name}, line {line}, vintage {vintages[column]}"
            values[row, column] = number(text, place, decimal_comma=cells.decimal_comma)
    table = pd.DataFrame(
        values, index=pd.PeriodIndex(periods, name="period"), columns=pd.PeriodIndex(vintages, name="vintage")
    )
    table = table.sort_index(axis=1)
    check_vintages(table, path.name)
    return table


def check_vintages(table: pd.DataFrame, what: str = "vintages") -> None:
    """Raise InputError unless months and vintages are in order."""
    check_index(table.index, what)
    if not isinstance(table.columns, pd.PeriodIndex) or table.columns.freqstr != "M":
        raise InputError(f"{what}: the columns are not vintage months, expected a monthly PeriodIndex")
    order = np.flatnonzero(np.diff(table.columns.asi8) <= 0)
    if order.size:
        before, after = table.columns[order[0]], table.columns[order[0] + 1]
        raise InputError(f"{what}: vintage {after} stands after {before}, expected vintages in order, none twice")


def faults(table: pd.DataFrame) -> dict[pd.Period, str]:
    """What is wrong with each vintage that cannot be judged, by vintage: a hole inside, a value that is no level, a
    month not yet over. A vintage without any figure has no fault."""
    found = {}
    values = table.to_numpy(dtype=float)
    for column, vintage in enumerate(table.columns):
        present = np.flatnonzero(~np.isnan(values[:, column]))
        if present.size:
            span = slice(present[0], present[-1] + 1)
            found[vintage] = _fault(values[span, column], table.index[span], vintage)
    return {vintage: text for vintage, text in found.items() if text is not None}


def without_faults(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its faulty vintages emptied, so that nothing is concluded from them."""
    wrong = list(faults(table))
    if not wrong:
        return table
    cleared = table.copy()
    cleared[wrong] = np.nan
    return cleared


def _fault(run: np.ndarray, months: pd.Index, vintage: pd.Period) -> str | None:
    holes = np.flatnonzero(np.isnan(run))
    if holes.size:
        return f"no value for {listed([months[row] for row in holes])}, expected no hole inside"
    wrong = np.flatnonzero(~np.isfinite(run) | (run <= 0))
    if wrong.size:
        return f"month {months[wrong[0]]}: found {run[wrong[0]]:g}, expected a positive index level"
    if months[-1] > vintage:
        return f"holds a figure for {months[-1]}, a month not yet over: check the heading"
    return None

"""An official monthly workbook (.xls or .xlsx, every layout since 2011) → a tidy table of the rates printed in it."""

import re
import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from bn_analysis.cleaning.rates import COLUMNS
from bn_analysis.cleaning.workbook.edit_rules import check_production
from bn_analysis.cleaning.workbook.extraction import Rate, reference_month, table_rates, with_proven_month
from bn_analysis.cleaning.workbook.open import visible_sheets
from bn_analysis.cleaning.workbook.row_codes import is_production_by_industry
from bn_analysis.cleaning.workbook.tables import Table, read_table
from bn_analysis.cleaning.workbook.titles import find_title
from bn_analysis.errors import InputError

EARLIEST_RELEASE_DAY, LATEST_RELEASE_DELAY = 15, 75
"""A release dated before the 15th of its month, or later than 75 days after the month began, is another month's."""

_MONTH_IN_NAME = r"(?<![\dq])(?<!quy)(?<!quy[\s._\-])(0?[1-9]|1[0-2])[\s._\-]{0,2}(20[0-3]\d)(?!\d)"
"""A month and year in a file's name, as T5.2024 or 022012, but no quarter, as Q2.2024."""


class WorkbookWarning(UserWarning):
    """Something in a workbook was odd and was read all the same, or a secondary table was left out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook holds: its month, its rates in printed order, its date of release if stated, what was odd."""

    period: str
    rates: tuple[Rate, ...]
    release_date: str | None
    remarks: tuple[str, ...]
    set_aside: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    publisher: tuple[str, str] | None = None

    def to_frame(self) -> pd.DataFrame:
        """The table of published rates: columns `bn_analysis.cleaning.rates.COLUMNS`, one row a figure."""
        rows = [
            (
                rate.indicator, rate.territory, rate.industry, rate.period, rate.measure,
                rate.value_pct, rate.decimals, rate.release, self.release_date, str(rate.place),
            )
            for rate in self.rates
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))


def read_workbook(path: str | Path) -> pd.DataFrame:
    """Read the rates printed in an official monthly workbook.

    Parameters
    ----------
    path : str or pathlib.Path
        A workbook of the national statistics office, or of a provincial one with the same columns.

    Returns
    -------
    pandas.DataFrame
        Columns `bn_analysis.cleaning.rates.COLUMNS`: ``value_pct`` the signed change in per cent (107.34 printed is
        7.34) with ``decimals`` digits as shown or stored, ``release_date`` the day that opens the file's name, else
        None, ``source`` file, sheet and cell.

    Warns
    -----
    WorkbookWarning
        For each thing that was odd and read all the same, and each secondary table (quarters, labour by industry,
        consumption and inventory) that was left out because it was not understood.

    Raises
    ------
    InputError
        The file cannot be opened safely, or a table of production by month or of labour by province is not
        understood; one line with file, sheet, cell, found, expected.

    Notes
    -----
    What a column holds is read from its heading (month, base of comparison), its place only confirms it. The month of
    the workbook is the newest that production is compared with the month before in; all else must agree with it.
    """
    reading = read_tables(Path(path))
    for remark in reading.remarks:
        warnings.warn(remark, WorkbookWarning, stacklevel=2)
    return reading.to_frame()


def read_tables(path: Path, territory: str | None = None) -> Reading:
    """Read a workbook as `read_workbook` does, remarks beside the rates instead of as warnings."""
    if not path.name.isprintable():
        raise InputError(f"{path.name!r}: found a file name with letters that do not print, expected others; rename it")
    tables, remarks = _tables(path)
    period = _period(path, tables, remarks)
    labour = [table for table in tables if table.title.subject == "labour"]
    rates: list[Rate] = []
    for table in tables:
        try:
            if table in labour and table.title.leading:
                table = with_proven_month(table, labour, period)
            found = table_rates(table, period)
            if _by_month(table) and is_production_by_industry(table, period):
                remarks += check_production(found, period)
        except InputError as error:
            if table.title.leading or _by_month(table):
                raise
            remarks.append(f"{error}; this table was left out")
            continue
        remarks += table.remarks
        rates += found
    _check_name(path, period)
    return Reading(period, tuple(_once(rates, remarks)), _release_date(path, period), tuple(remarks))


def _tables(path: Path) -> tuple[list[Table], list[str]]:
    """The tables of our indices in a workbook, and a remark for each secondary one that is not understood."""
    tables, remarks = [], []
    for sheet in visible_sheets(path):
        title = find_title(sheet)
        if title is None:
            continue
        if not any(row > title.row and not isinstance(cell.value, str) for (row, _), cell in sheet.cells.items()):
            remarks.append(f"{path.name}, sheet {sheet.name!r}: found the title {title.text!r} without figures below")
            continue
        try:
            tables.append(read_table(path.name, sheet, title))
        except InputError as error:
            if title.leading:
                raise
            remarks.append(f"{error}; this table was left out")
    return tables, remarks


def _by_month(table: Table) -> bool:
    """Whether a table holds production compared with the month before, whatever its title calls it."""
    return table.title.subject == "iip" and reference_month(table) is not None


def _period(path: Path, tables: list[Table], remarks: list[str]) -> str:
    """The month of the workbook; tables of production of an earlier month, left in it by accident, are taken out."""
    months = {table.place: month for table in tables if _by_month(table) and (month := reference_month(table))}
    if not months:
        raise InputError(
            f"{path.name}: found no table of industrial production by month, expected a sheet titled 'Chỉ số sản xuất "
            f"công nghiệp' with a column compared with the month before{f' ({remarks[0]})' if remarks else ''}"
        )
    period = max(months.values())
    for table in [table for table in tables if months.get(table.place, period) != period]:
        tables.remove(table)
        remarks.append(
            f"{table.place}: found a table of {months[table.place]} in a workbook of {period}; it was left out"
        )
    return period


def _check_name(path: Path, period: str) -> None:
    """A month in the file's name ("T5.2024", "Bieu-022012") must be the one inside."""
    name = re.sub(r"^\d{4}-\d{2}-\d{2}", "", path.stem)
    stated = {f"{year}-{int(month):02d}" for month, year in re.findall(_MONTH_IN_NAME, name.lower())}
    if stated and period not in stated:
        raise InputError(f"{path.name}: found figures of {period}, expected {min(stated)} as in the file's name")


def check_release_day(day: str, period: str) -> date:
    """The day of release of a month's figures as a date.

    Raises
    ------
    InputError
        Not a day YYYY-MM-DD, or not one on which figures of that month can be released.
    """
    begin = date(int(period[:4]), int(period[5:]), 1)
    earliest = begin + timedelta(days=EARLIEST_RELEASE_DAY - 1)
    latest = begin + timedelta(days=LATEST_RELEASE_DELAY)
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = date.min
    if not (re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) and earliest <= found <= latest):
        raise InputError(
            f"release date {day!r}: expected YYYY-MM-DD from {earliest} to {latest} for figures of {period}"
        )
    return found


def _release_date(path: Path, period: str) -> str | None:
    """The day YYYY-MM-DD that opens the file's name, if any; it must be one for this month."""
    found = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", path.stem)
    if not found:
        return None
    try:
        return check_release_day(found[0], period).isoformat()
    except InputError as error:
        raise InputError(
            f"{path.name}: found figures of {period}, expected others by the file's name: {error}"
        ) from None


def _once(rates: list[Rate], remarks: list[str]) -> list[Rate]:
    """Each figure once: the country's labour index, for example, is printed in two tables."""
    kept: dict[tuple[str, ...], Rate] = {}
    for rate in rates:
        first = kept.setdefault(rate.figure, rate)
        if first.value_pct != rate.value_pct:
            remarks.append(
                f"{rate.place}: found {rate.ratio:.10g}, but {first.ratio:.10g} at {first.place}; the latter was read"
            )
    return list(kept.values())

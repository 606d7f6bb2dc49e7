"""An official monthly workbook (.xls or .xlsx, every layout since 2011) → a tidy table of the rates printed in it."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from bn_analysis.cleaning.workbook.book import Book, Reading
from bn_analysis.cleaning.workbook.files.grid import Sheet, found_expected
from bn_analysis.cleaning.workbook.files.open import properties, visible_sheets
from bn_analysis.cleaning.workbook.release_day import check_name, day_of_name
from bn_analysis.errors import InputError


class WorkbookWarning(UserWarning):
    """Something in a workbook was odd and was read all the same, or a secondary table was left out."""


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
    for remark in (*reading.remarks, *reading.set_aside, *reading.doubts):
        warnings.warn(remark, WorkbookWarning, stacklevel=2)
    return reading.to_frame()


def read_tables(path: Path, territory: str | None = None) -> Reading:
    """Read a workbook as `read_workbook` does, remarks beside the rates instead of as warnings.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    territory : str, optional
        A person's answer to whose figures they are, where the workbook does not say so.
    """
    if not path.name.isprintable():
        raise InputError(
            f"{path.name!r}: "
            + found_expected(("tên tệp có ký tự lạ", "tên khác; đổi tên tệp"),
                             ("a file name with letters that do not print", "others; rename it"))
        )  # fmt: skip
    reading = read_sheets(path.name, visible_sheets(path), territory, (properties(path),))
    check_name(path, reading.period)
    return replace(reading, release_date=day_of_name(path, reading.period))


def read_sheets(file: str, sheets: Iterable[Sheet], territory: str | None = None, hints: Sequence[str] = ()) -> Reading:
    """Read the tables of published rates in any grids of cells: sheets of a workbook, tables of a document.

    Parameters
    ----------
    file : str
        Name of what holds them, for messages and sources.
    sheets : iterable of Sheet
        The grids, in order.
    territory : str, optional
        A person's answer to whose figures they are.
    hints : sequence of str
        What else may name a territory (a file's properties): quoted in a question, never an answer.

    Raises
    ------
    InputError
        No table of production is understood, or it is not proven whose figures it holds.
    """
    book = Book(file, territory, hints)
    for sheet in sheets:
        book.add(sheet)
    return book.reading()

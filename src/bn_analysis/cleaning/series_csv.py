"""A CSV file with columns period,value → a monthly pandas Series; a result table → a CSV file, whole or not at all."""

import csv
import os
import re
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def read_series(path: Path) -> pd.Series:
    """Read a monthly series.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8 CSV with the heading ``period,value``; periods YYYY-MM in order without repetition. An empty value is a
        missing month, as is a month left out.

    Returns
    -------
    pandas.Series
        Monthly PeriodIndex without holes, NaN where no value is known.

    Raises
    ------
    InputError
        Names file, line and what was expected.
    """
    values: dict[pd.Period, float] = {}
    for line, period, text in _rows(path):
        if values and period <= max(values):
            raise InputError(
                f"{path.name}, line {line}, column period: found {period} after {max(values)}, expected a later month"
            )
        values[period] = _value(path, line, text)
    if not values:
        raise InputError(f"{path.name}: no rows below the heading period,value")
    series = pd.Series(values, name="value", dtype=float)
    return series.reindex(pd.period_range(series.index[0], series.index[-1], freq="M"))


def _rows(path: Path) -> list[tuple[int, pd.Period, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (UnicodeDecodeError, IsADirectoryError, PermissionError):
        raise InputError(f"{path.name}: not a readable UTF-8 text file") from None
    reader = csv.reader(text.splitlines())
    heading = [name.strip() for name in next(reader, [])]
    if heading != ["period", "value"]:
        raise InputError(f"{path.name}, line 1: found columns {','.join(heading) or 'none'}, expected period,value")
    rows = []
    for row in reader:
        if not row:
            continue
        if len(row) != 2 or not _MONTH.fullmatch(row[0].strip()):
            raise InputError(f"{path.name}, line {reader.line_num}: found {','.join(row)!r}, expected YYYY-MM,number")
        rows.append((reader.line_num, pd.Period(row[0].strip(), freq="M"), row[1].strip()))
    return rows


def _value(path: Path, line: int, text: str) -> float:
    if text == "":
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = np.inf
    if not np.isfinite(value):
        raise InputError(f"{path.name}, line {line}, column value: found {text!r}, expected a number")
    return value


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in one step: readers see the old file or the whole new one (InputError if it cannot be)."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another --out") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            frame.to_csv(file, index=False, lineterminator="\n")
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another --out") from None
    finally:
        temporary.unlink(missing_ok=True)

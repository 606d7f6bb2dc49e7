"""A CSV file with columns period,value → a pandas Series; a result table → a CSV file, whole or not at all."""

from pathlib import Path

import pandas as pd

from bn_analysis.cleaning.csv_cells import in_vietnamese, month, number, period, read_cells
from bn_analysis.errors import InputError, bilingual
from bn_analysis.whole_file import whole_file


def read_series(path: Path, *, quarters: bool = False) -> pd.Series:
    """Read a monthly series.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8 CSV with the heading ``period,value``; periods YYYY-MM in order without repetition. An empty value is a
        missing month, as is a month left out. Cells may be parted by ``;``, numbers then have decimal commas.
    quarters : bool
        Take quarters written 2024Q1 too: the series is then quarterly.

    Returns
    -------
    pandas.Series
        PeriodIndex without holes, NaN where no value is known.

    Raises
    ------
    InputError
        Names file, line and what was expected.
    """
    cells = read_cells(path)
    if cells.heading != ["period", "value"]:
        found = ",".join(cells.heading) or "none"
        raise InputError(
            bilingual(
                f"{path.name}, dòng 1: gặp các cột {found}, cần period,value",
                f"{path.name}, line 1: found columns {found}, expected period,value",
            )
        )
    values: dict[pd.Period, float] = {}
    for line, (text, value) in cells.rows:
        place = f"{path.name}, line {line}, column"
        when = (period if quarters else month)(text, f"{place} period")
        last = max(values, default=None) if not values or next(iter(values)).freqstr == when.freqstr else when
        if last is not None and when <= last:
            raise InputError(
                bilingual(
                    f"{path.name}, dòng {line}, cột period: gặp {when} sau {last}, cần một tháng muộn hơn",
                    f"{place} period: found {when} after {last}, expected a later month",
                )
            )
        values[when] = number(value, f"{place} value", decimal_comma=cells.decimal_comma)
    if not values:
        raise InputError(
            bilingual(
                f"{path.name}: không có dòng nào dưới tiêu đề", f"{path.name}: no rows below the heading period,value"
            )
        )
    series = pd.Series(list(values.values()), pd.PeriodIndex(list(values)), name="value", dtype=float)
    return series.reindex(pd.period_range(series.index[0], series.index[-1], freq=series.index.freqstr))


def read_many(path: Path) -> tuple[bool, dict[str, pd.Series]]:
    """Whether several series were handed in, and each by its name.

    Parameters
    ----------
    path : pathlib.Path
        A file of one series; a file with one column a series beside ``period``; or a folder of files of one series,
        named by the files.
    """
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        if not files:
            said = bilingual("thư mục không có tệp *.csv nào", "no file *.csv in this folder")
            raise InputError(f"{path}: {said}")
        return True, {file.stem: read_series(file).rename(file.stem) for file in files}
    cells = read_cells(path)
    if len(cells.heading) < 3 or cells.heading[0] != "period":
        return False, {path.stem: read_series(path).rename(path.stem)}
    names = cells.heading[1:]
    if len({*names}) < len(names) or not all(name.replace("_", "").replace("-", "").isalnum() for name in names):
        raise InputError(
            bilingual(
                f"{path.name}, dòng 1: mỗi cột cần một tên gồm chữ và số, không trùng nhau",
                f"{path.name}, line 1: expected a name of letters and digits for each column, none twice",
            )
        )
    places = [f"{path.name}, line {line}, column" for line, _ in cells.rows]
    months = [month(row[0], f"{place} period") for place, (_, row) in zip(places, cells.rows, strict=True)]
    for place, before, after in zip(places[1:], months, months[1:], strict=False):
        if after <= before:
            raise InputError(
                bilingual(
                    f"{in_vietnamese(place)} period: gặp {after} sau {before}, cần một tháng muộn hơn",
                    f"{place} period: found {after} after {before}, expected a later month",
                )
            )
    whole = pd.period_range(months[0], months[-1], freq="M")
    table = {
        name: [number(row[i], f"{place} {name}", decimal_comma=cells.decimal_comma)
               for place, (_, row) in zip(places, cells.rows, strict=True)]
        for i, name in enumerate(names, 1)
    }  # fmt: skip
    return True, {
        name: pd.Series(column, pd.PeriodIndex(months), name=name).reindex(whole) for name, column in table.items()
    }


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in one step: readers see the old file or the whole new one (InputError if it cannot be)."""
    try:
        with whole_file(path) as staged:
            frame.to_csv(staged, index=False, lineterminator="\n", encoding="utf-8")
    except OSError as error:
        why = error.strerror or error
        said = bilingual(f"không ghi được ({why}); chọn --out khác", f"cannot be written ({why}); choose another --out")
        raise InputError(f"{path}: {said}") from None

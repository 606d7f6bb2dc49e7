"""A table as printed → published rates: headings to measures and months, ratios to changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Literal

import pandas as pd

from bn_analysis.cleaning.language.classification import Measure
from bn_analysis.cleaning.language.numbers import change_from_ratio
from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.cleaning.workbook.files.grid import Cell, Place
from bn_analysis.cleaning.workbook.tables.headings import Heading, Indicator, months_named, plain
from bn_analysis.cleaning.workbook.tables.identity import is_forecast
from bn_analysis.cleaning.workbook.tables.row_codes import coded_lines
from bn_analysis.cleaning.workbook.tables.table import Column, Table
from bn_analysis.errors import InputError, bilingual

Release = Literal["forecast", "first", "restated"]

SMALLEST_RATIO = 50.0
"""A column of ratios has its middle above; a column of changes stays below."""

_CHANGES = r"\btang(?: |/)*giam\b|\btoc do tang\b|\bmuc tang\b|\bty le tang\b|\btang truong\b|\bgrowth\b|\bchange\b"

MAX_DECIMALS = 4
"""Digits kept of a ratio: the workbooks store up to 13, of which the office prints one or two."""


_USUAL_DECIMALS = 2
"""Digits that the offices print at most."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One published rate: a row of the table of rates, and where it is printed."""

    indicator: Indicator
    territory: str
    industry: str
    period: str
    measure: Measure
    value_pct: float
    decimals: int
    release: Release
    place: Place

    @property
    def ratio(self) -> float:
        """The figure as printed, 100 = no change."""
        return self.value_pct + 100.0

    @property
    def figure(self) -> tuple[str, ...]:
        """What the figure is about, apart from its value and place."""
        return (self.indicator, self.territory, self.industry, self.period, self.measure, self.release)


class OtherMonthError(InputError):
    """A heading or title names another month than the workbook: one of the two is wrong, and nothing tells which."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the figures of a column are: index, measure, and the last month they cover."""

    indicator: Indicator
    measure: Measure
    period: str


def reference_month(table: Table) -> str | None:
    """The newest month that a table compares with the month before it, or None without such a column."""
    return _newest(table, lambda heading: heading.span == "month" and heading.base == "previous")


def newest_month(table: Table) -> str | None:
    """The newest month or end of a year so far in a table's headings, or None where it has quarters alone."""
    return _newest(table, lambda heading: heading.span in ("month", "ytd") and heading.base != "unused")


def _newest(table: Table, wanted: Callable[[Heading], bool]) -> str | None:
    years = [column.heading.year for column in table.columns if column.heading.year]
    months = {
        column.number: f"{column.heading.year or max(years)}-{column.heading.month:02d}"
        for column in table.columns
        if years and wanted(column.heading)
    }
    headed = {column.number: column.text for column in table.columns}
    published = [month for number, month in months.items() if not is_forecast(headed[number])]
    return max(published or months.values(), default=None)


def with_proven_month(table: Table, by_industry: list[Table], reference: str) -> Table:
    """A table of labour by province whose heading still names the month before, with its month put right.

    The heading is overruled only by figures: the country's line must equal the total of the table of labour by
    industry, which names the month of the workbook. Any other table is given back as it is.
    """
    stale = {f"{column.heading.year}-{column.heading.month:02d}" for column in table.columns}
    if stale != {month_before(reference)}:
        return table
    country = [table.figures.get((table.lines[0].row, column.number)) for column in table.columns]
    for other in (other for other in by_industry if other is not table):
        total = [other.figures.get((other.lines[0].row, column.number)) for column in other.columns]
        months = {f"{column.heading.year}-{column.heading.month:02d}" for column in other.columns}
        if months == {reference} and None not in total and _values(country) == _values(total):
            table.remarks.append(
                f"{table.columns[0].place}: "
                + bilingual(
                    f"tiêu đề {table.columns[0].text!r} được đọc là {reference}: số cả nước trùng trang "
                    f"{other.place.sheet!r}",
                    f"found the heading {table.columns[0].text!r}, read as {reference}: "
                    f"the country's figures are those of sheet {other.place.sheet!r}",
                )
            )
            year, month = int(reference[:4]), int(reference[5:])
            table.columns = [
                replace(column, heading=replace(column.heading, year=year, month=month)) for column in table.columns
            ]
            break
    return table


def _values(cells: list[Cell | None]) -> list[str | float | None]:
    return [cell.value if cell else None for cell in cells]


def table_rates(
    table: Table, reference: str, territory: str, release: Release = "first", changes: bool = False
) -> list[Rate]:
    """The published rates of a table.

    Parameters
    ----------
    table : Table
        As printed.
    reference : str
        The month (YYYY-MM) of the workbook.
    territory : str
        Whose figures they are, unless each line names its own.
    release : {"first", "forecast", "restated"}
        What the title says of all figures of the newest month.
    changes : bool
        Whether a form says that its figures are changes (7.34), not ratios (107.34).

    Raises
    ------
    InputError
        A total or section is at fault, a heading means another month than the workbook, two columns mean the same,
        or title and headings disagree; names file, sheet, cell, found, expected.
    """
    _check_title(table, reference)
    meanings = _meanings(table, reference)
    newest = {
        meaning.indicator: max(
            other.period
            for other in meanings.values()
            if other.indicator == meaning.indicator and other.period <= reference
        )
        for meaning in meanings.values()
    }
    usual = {number: _usual_digits(table, number) for number in meanings}
    headed = {column.number: column for column in table.columns}
    are_changes = {number: changes or holds_changes(table, headed[number]) for number in meanings}
    rates = []
    for line, line_territory, industry in coded_lines(table, reference):
        for number, meaning in meanings.items():
            cell = table.figures.get((line.row, number))
            if cell is None:
                continue
            value, decimals = _change(cell, usual[number], are_changes[number])
            said = "forecast" if is_forecast(headed[number].text) else release
            kind: Release = said if meaning.period >= newest[meaning.indicator] else "restated"
            place = table.place_of(line.row, number)
            rates.append(
                Rate(
                    meaning.indicator, line_territory or territory, industry, meaning.period, meaning.measure,
                    value, decimals, kind, place,
                )
            )  # fmt: skip
    return rates


# --- columns ----------------------------------------------------------------------------------------------------


def _check_title(table: Table, reference: str) -> None:
    months, years = months_named(table.caption)
    if (months and months != {int(reference[5:])}) or (years and int(reference[:4]) not in years):
        raise _other_month(
            table.place,
            vi=(f"tiêu đề {table.caption!r}", f"tháng {reference} như ở tiêu đề các cột"),
            en=(f"the title {table.caption!r}", f"the month {reference} that its columns are headed with"),
        )


def _meanings(table: Table, reference: str) -> dict[int, Meaning]:
    """What each column of a table means; columns with a base that no measure has (a base year) are left out."""
    meanings: dict[int, Meaning] = {}
    for column in table.columns:
        if column.heading.base == "unused":
            table.set_aside.append(
                f"{column.place}: "
                + bilingual(
                    f"cột {column.text!r} so với một gốc không lưu; không đọc",
                    f"{column.text!r} compares with a base that is not kept; not read",
                )
            )
            continue
        meaning = _meaning(table, column, reference)
        if meaning in meanings.values():
            raise column.place.error(
                vi=(f"tiêu đề cột {column.text!r} lần thứ hai", "mỗi so sánh một lần"),
                en=(f"the heading {column.text!r} a second time", "each comparison once"),
            )
        meanings[column.number] = meaning
    return meanings


def _meaning(table: Table, column: Column, reference: str) -> Meaning:
    heading, indicator = column.heading, _indicator(table, column)
    month = heading.month or int(reference[5:])
    year = heading.year or int(reference[:4]) - (month > int(reference[5:]))
    period = f"{year}-{month:02d}"
    meaning = Meaning(indicator, _measure(table, heading), period)
    allowed = {reference} if heading.span == "point" else {reference, month_before(reference)}
    if heading.span == "quarter" and f"{reference[:4]}-01" <= period <= reference:
        allowed.add(period)
    if is_forecast(column.text):  # what the office expects of the next month is its forecast
        allowed.add(str(pd.Period(reference, freq="M") + 1))
    if period not in allowed:
        raise _other_month(
            column.place,
            vi=(f"tiêu đề cột {column.text!r}", f"tháng của tệp, {reference}"),
            en=(f"the heading {column.text!r}", f"the month of the workbook, {reference}"),
        )
    return meaning


def _other_month(place: Place, *, vi: tuple[str, str], en: tuple[str, str]) -> OtherMonthError:
    return OtherMonthError(str(place.error(vi=vi, en=en)))


def _indicator(table: Table, column: Column) -> Indicator:
    """The index of a column; a table of consumption and inventory must say in each column which of the two."""
    if table.title.subject != "stocks":
        return table.title.subject
    if column.heading.indicator not in ("consumption", "inventory"):
        raise column.place.error(
            vi=(f"tiêu đề cột {column.text!r}", "tiêu thụ hoặc tồn kho"),
            en=(f"the heading {column.text!r}", "consumption or inventory"),
        )
    return column.heading.indicator


def _measure(table: Table, heading: Heading) -> Measure:
    """The measure of a heading; beside columns of months, the first quarter is the year to date."""
    if heading.base == "previous":
        return "mom"
    if heading.span == "quarter":
        by_month = any(column.heading.span == "month" for column in table.columns)
        return "ytd" if by_month and heading.month == 3 else "quarter_yoy"
    return "ytd" if heading.span == "ytd" else "yoy"


# --- figures ----------------------------------------------------------------------------------------------------


def holds_changes(table: Table, column: Column) -> bool:
    """Whether a column prints changes (7.34, (8.70), "tăng 7,34"), not ratios (107.34).

    Its heading, its unit or the title may say so; or figures with signs that are all too small for ratios.
    """
    cells = [cell for (_, number), cell in table.figures.items() if number == column.number]
    if any(re.search(_CHANGES, plain(text)) for text in (column.text, table.unit, table.caption)):
        # "tốc độ tăng" stands over ratios too: the figures decide
        return bool(cells) and median(abs(float(cell.value)) for cell in cells) < SMALLEST_RATIO
    signed = any(cell.sign != "none" or float(cell.value) < 0 for cell in table.figures.values())
    small = all(abs(float(cell.value)) < SMALLEST_RATIO for cell in (*cells, *_signed(table)))
    return bool(cells) and signed and small


def _signed(table: Table) -> list[Cell]:
    """All figures of the columns in which one has a sign or a word of direction."""
    columns = {column for (_, column), cell in table.figures.items() if cell.sign != "none" or float(cell.value) < 0}
    return [cell for (_, column), cell in table.figures.items() if column in columns]


def _change(cell: Cell, usual: int, is_change: bool) -> tuple[float, int]:
    """Signed change and its digits: as many as the cell shows or stores, at most `MAX_DECIMALS`."""
    shown = usual if cell.shown is None else cell.shown
    decimals = min(MAX_DECIMALS, max(shown, _stored_digits(cell)))
    if is_change or (cell.sign == "word" and abs(float(cell.value)) < SMALLEST_RATIO):
        return round(float(cell.value), decimals) + 0.0, decimals
    return change_from_ratio(float(cell.value), decimals), decimals


def _stored_digits(cell: Cell) -> int:
    stored = Decimal(repr(round(float(cell.value), MAX_DECIMALS))).normalize()
    return max(0, -int(stored.as_tuple().exponent))


def _usual_digits(table: Table, column: int) -> int:
    """Digits of a column in cells without a format of their own: 99 beside 103.25 was printed 99.00."""
    digits = [_stored_digits(cell) for (_, number), cell in table.figures.items() if number == column]
    return min(_USUAL_DECIMALS, max(digits, default=0))

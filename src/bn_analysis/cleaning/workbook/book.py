"""The sheets of one workbook or document, gathered one by one → what they hold together: a month, owners, rates."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.language.place_names import mentions, tokens
from bn_analysis.cleaning.rates import COLUMNS
from bn_analysis.cleaning.workbook.edit_rules import check_production
from bn_analysis.cleaning.workbook.extraction import (
    OtherMonthError,
    Rate,
    Release,
    newest_month,
    reference_month,
    table_rates,
    with_proven_month,
)
from bn_analysis.cleaning.workbook.files.grid import Place, Sheet, found_expected
from bn_analysis.cleaning.workbook.files.values import printed_value
from bn_analysis.cleaning.workbook.form import FormAnswers, form_answers
from bn_analysis.cleaning.workbook.tables.headings import months_named
from bn_analysis.cleaning.workbook.tables.identity import OtherFiguresError, Words, nature_of, owner
from bn_analysis.cleaning.workbook.tables.row_codes import has_national_lines, is_by_territory
from bn_analysis.cleaning.workbook.tables.table import Table
from bn_analysis.cleaning.workbook.tables.table_reader import read_table
from bn_analysis.cleaning.workbook.tables.titles import Title, find_title
from bn_analysis.errors import InputError, bilingual

_COVER_FIGURES = 3
"""A sheet with no more numbers than this is a cover, not a table."""


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


class Book:
    """The tables of one file, gathered sheet by sheet and then read together."""

    def __init__(self, file: str, answer: str | None, hints: Sequence[str]) -> None:
        self.file, self.answer, self.hints = file, answer, hints
        self.titled: list[tuple[Sheet, Title, FormAnswers]] = []
        self.covers: list[str] = []
        self.names: list[str] = []
        self.remarks: list[str] = []
        self.set_aside: list[str] = []
        self.doubts: list[str] = []
        self.answers: dict[str, FormAnswers] = {}
        self.forecasts: set[str] = set()

    def add(self, sheet: Sheet) -> None:
        """Keep a sheet that holds a table of ours, and the words of one without figures: a cover."""
        self.names.append(sheet.name)
        answers, sheet = form_answers(self.file, sheet)
        figures = sum(not isinstance(cell.value, str) for cell in sheet.cells.values())
        title = find_title(sheet)
        below = title is not None and any(
            row > title.row and (not isinstance(cell.value, str) or printed_value(cell.value) is not None)
            for (row, _), cell in sheet.cells.items()
        )
        if title is not None and below:
            self.titled.append((sheet, title, answers))
            return
        if title is not None:
            self.remarks.append(
                f"{self.file}, sheet {sheet.name!r}: "
                + bilingual(f"tiêu đề {title.text!r} mà không có số liệu bên dưới",
                            f"found the title {title.text!r} without figures below")
            )  # fmt: skip
        if figures <= _COVER_FIGURES:
            self.covers += [clean(cell.value) for cell in sheet.cells.values() if isinstance(cell.value, str)]

    def reading(self) -> Reading:
        """All that was gathered, read together."""
        tables = self._tables()
        period = self._period(tables)
        owners = self._owners(tables, period)
        rates: list[Rate] = []
        for table in tables:
            try:
                rates += self._rates(table, tables, period, owners)
            except InputError as error:
                own = table.title.subject == "iip" or isinstance(error, OtherMonthError)
                if _by_month(table) or (table.title.leading and own):
                    raise
                self._leave(str(error))
        sources = [answers.source for answers in self.answers.values() if answers.source]
        publisher = (sources[0], sources[0]) if sources else None
        kept = self._once(rates)
        return Reading(
            period, tuple(kept), None, tuple(self.remarks), tuple(self.set_aside), tuple(self.doubts), publisher
        )

    def _tables(self) -> list[Table]:
        """The tables of our indices; one that is not understood, or of something else, is set aside by name."""
        month = self._cover_month()
        tables, refused = [], []
        for sheet, title, answers in self.titled:
            place = Place(self.file, sheet.name, title.row, title.column)
            try:
                nature_of(title.text, place)
                table = read_table(self.file, sheet, title, month)
                nature = nature_of(table.caption, table.place)
            except InputError as error:
                if title.leading and title.subject == "iip":
                    refused.append(error)
                else:
                    self._leave(str(error))
                continue
            tables.append(table)
            self.answers[sheet.name] = answers
            if nature == "forecast":
                self.forecasts.add(sheet.name)
        if refused and (_unread(refused) or not any(newest_month(table) for table in tables if table.title.leading)):
            raise _unread(refused) or refused[0]
        for refusal in refused:
            self._leave(str(refusal))
        return tables

    def _leave(self, why: str) -> None:
        self.set_aside.append(f"{why}; " + bilingual("bảng này để riêng", "this table was left out"))

    def _cover_month(self) -> str | None:
        months, years = months_named(" . ".join(self.covers))
        return f"{years.pop()}-{months.pop():02d}" if len(months) == 1 and len(years) == 1 else None

    def _period(self, tables: list[Table]) -> str:
        """The month of the workbook; tables of production of an earlier month, left in by accident, are taken out."""
        months = {table.place: month for table in tables if _by_month(table) and (month := reference_month(table))}
        if not months:  # the y/y or the year to date alone are a release too
            months = {
                table.place: month for table in tables if _is_production(table) and (month := newest_month(table))
            }
        if not months:
            first = f" ({self.remarks[0]})" if self.remarks else ""
            raise InputError(
                f"{self.file}: "
                + found_expected(
                    ("không có bảng chỉ số sản xuất công nghiệp theo tháng",
                     "một trang có tiêu đề 'Chỉ số sản xuất công nghiệp' và cột so với tháng trước hoặc cùng kỳ"),
                    ("no table of industrial production by month",
                     f"a sheet titled 'Chỉ số sản xuất công nghiệp'{first}"),
                )
            )  # fmt: skip
        period = max(months.values())
        self.earlier = [table for table in tables if months.get(table.place, period) != period]
        for table in self.earlier:
            tables.remove(table)
            self.set_aside.append(
                f"{table.place}: "
                + bilingual(f"bảng của {months[table.place]} trong tệp của {period}; để riêng",
                            f"found a table of {months[table.place]} in a workbook of {period}; it was left out")
            )  # fmt: skip
        return period

    def _owners(self, tables: list[Table], period: str) -> dict[str, str]:
        """Whose figures each sheet's table holds; secondary tables that name nobody follow the production's."""
        production = [table for table in tables if _by_month(table) or _is_production(table)]
        single = [table for table in production if not is_by_territory(table, period)]
        owners = {table.place.sheet: self._owner(table, period, None) for table in single}
        found = set(owners.values())
        if len(found) > 1:
            places = {owner: sheet for sheet, owner in owners.items()}
            said = ", ".join(f"{owner} ({sheet!r})" for owner, sheet in places.items())
            raise InputError(
                f"{self.file}: "
                + found_expected((f"bảng của nhiều nơi: {said}", "số liệu của đúng một nơi; tách riêng từng nơi"),
                                 (f"tables of several territories: {said}", "one territory; hand in one by one"))
            )  # fmt: skip
        default = found.pop() if found else "VN"
        if self.earlier and default != "VN":
            raise self.earlier[0].place.error(
                vi=("bảng của một tháng trước nữa", f"một tháng mỗi tệp, {period}; tách riêng hoặc xóa trang cũ"),
                en=("a table of an earlier month", f"one month in a file, {period}"),
            )
        for table in list(tables):
            if table not in single and not is_by_territory(table, period):
                try:
                    owner_here = self._owner(table, period, default)
                except InputError as error:
                    tables.remove(table)
                    self._leave(str(error))
                    continue
                owners[table.place.sheet] = owner_here
                if owner_here != default:
                    tables.remove(table)
                    self._leave(f"{table.place}: " + bilingual(f"bảng của {owner_here}", f"a table of {owner_here}"))
        return owners

    def _owner(self, table: Table, period: str, default: str | None) -> str:
        if default is not None and not table.beside and not mentions(tokens(table.caption)):
            return default
        words = Words(
            table.caption,
            (*table.beside, *self.covers),
            table.lines[0].name if table.lines else "",
            (self.file, *self.names, *self.hints),
            table.place,
        )
        national = default == "VN" or has_national_lines(table, period)
        return owner(words, period, self.answer, national)

    def _rates(self, table: Table, tables: list[Table], period: str, owners: dict[str, str]) -> list[Rate]:
        labour = [other for other in tables if other.title.subject == "labour"]
        if table in labour and table.title.leading:
            table = with_proven_month(table, labour, period)
        sheet = table.place.sheet
        answers = self.answers[sheet]
        release: Release = "forecast" if sheet in self.forecasts else answers.release
        found = table_rates(table, period, owners.get(sheet, ""), release, answers.changes)
        if table.title.subject == "iip" and newest_month(table) and not is_by_territory(table, period):
            checked = check_production(found, period) if _by_month(table) or table.title.leading else None
            if checked is not None:
                found = checked.rates
                self.remarks += checked.remarks
                table.set_aside += checked.set_aside
                self.doubts += checked.doubts
        self.remarks += table.remarks
        self.set_aside += table.set_aside
        return found

    def _once(self, rates: list[Rate]) -> list[Rate]:
        """Each figure once: the country's labour index, for example, is printed in two tables.

        Production printed twice with different figures is refused: nothing tells which is right.
        """
        kept: dict[tuple[str, ...], Rate] = {}
        for rate in rates:
            first = kept.setdefault(rate.figure, rate)
            if first.value_pct == rate.value_pct:
                continue
            vi = f"{rate.ratio:.10g}, nhưng {first.ratio:.10g} ở {first.place}"
            en = f"{rate.ratio:.10g}, but {first.ratio:.10g} at {first.place}"
            if rate.indicator == "iip" and rate.measure != "quarter_yoy":
                raise rate.place.error(
                    vi=(vi, "cùng một số ở cả hai trang; xóa trang sai"), en=(en, "the same figure on both sheets")
                )
            self.remarks.append(f"{rate.place}: " + bilingual(f"{vi}; đọc số sau", f"found {en}; the latter was read"))
        return list(kept.values())


def _unread(refused: list[InputError]) -> InputError | None:
    """The first refusal of a table for what cannot be understood, not for what its title says that it is."""
    return next((error for error in refused if not isinstance(error, OtherFiguresError)), None)


def _is_production(table: Table) -> bool:
    """Whether a table is titled as one of production by month."""
    return table.title.subject == "iip" and table.title.leading


def _by_month(table: Table) -> bool:
    """Whether a table holds production compared with the month before, whatever its title calls it."""
    return table.title.subject == "iip" and reference_month(table) is not None

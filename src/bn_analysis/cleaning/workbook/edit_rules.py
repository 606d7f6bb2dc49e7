"""Rates read from a table of production → an error where they cannot be what the headings say, remarks where odd.

Every rule that refuses holds without exception in all 165 national releases from 2011-06 to 2025-02 (660 totals, 2,536
figures of sections, 16,540 of divisions; the tests repeat it), so what breaks it is a slip in the file.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pandas as pd

from bn_analysis.cleaning.language.classification import INDUSTRIES, Measure
from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.cleaning.workbook.extraction import Rate
from bn_analysis.cleaning.workbook.files.grid import found_expected
from bn_analysis.cleaning.workbook.remarks import no_repeat, other_lines, unusual, weighted
from bn_analysis.cleaning.workbook.tables.row_codes import nearest_known_lines
from bn_analysis.errors import InputError, bilingual

_ORDER: tuple[Measure, ...] = ("mom", "yoy", "ytd")
_WIDE = {"total": (50.0, 200.0), "section": (50.0, 200.0), "division": (20.0, 1000.0)}
"""Ratios that may be printed at each level; met: total 77.7–132, sections 75.5–137, divisions 32–706."""
_ANY = (0.0, 2000.0)
_WIDE_IN_A_PROVINCE = {"total": (50.0, 200.0), "section": (50.0, 200.0)}
_NARROW = (50.0, 500.0)
"""Ratios of the small industries of a province: below, a change (42) cannot be told from a ratio; above, a comma has
slipped."""
_NEIGHBOUR = 1.35
"""Factor within which total and section support each other's extreme ratio."""
_LARGEST = "C"
"""Manufacturing is too large to leave its total far away, whatever its divisions print."""
_FEWEST_LINES = 5
_CLEARLY = 0.2
"""Of few lines, only a rank correlation higher by this much is a doubt."""
_JANUARY = 0.2
"""Points by which the year to date of January may differ from its y/y by revision."""
_LEAST_MEDIAN = 50.0
"""A column whose middle figure is smaller holds changes (7.34), not ratios (107.34); least met: 68."""
_ROUNDING = 0.06
"""A mean of printed figures may leave their range by the rounding of one decimal."""
_LEAST_LINES = 20
"""Fewer lines do not tell columns apart by how they go together."""
_WEIGHT = (0.2, 5.0)
"""Weight of the newest month in the year to date, times the number of months; met: 0.37–3.7."""
_SHARE_MISFIT = 1 / 3
_CHILDREN = {"B": range(5, 10), "C": range(10, 34)}


@dataclass(frozen=True, slots=True)
class Checked:
    """Rates that passed; what was odd, what was set aside by name, and what a person should be asked."""

    rates: list[Rate]
    remarks: list[str]
    set_aside: list[str]
    doubts: list[str]


def check_production(rates: list[Rate], reference: str) -> Checked:
    """Check the rates of one table of industrial production by industry.

    Parameters
    ----------
    rates : list of Rate
        All of one table and territory.
    reference : str
        Its month (YYYY-MM).

    Returns
    -------
    Checked
        A line with an impossible figure is set aside whole.

    Raises
    ------
    InputError
        A column holds changes unsaid; a total or section is impossible, or lies outside its parts; columns do not go
        together as their headings say. Of the national table also: a column or section is missing, or out of place.
    """
    if not any(rate.industry == "TOTAL" for rate in rates):
        raise _no_total(rates)
    # the national layout has its order and its sections; a few lines of the country printed elsewhere have none
    national = rates[0].territory == "VN" and len({rate.industry for rate in rates}) >= _LEAST_LINES
    if national:
        _check_columns(rates, reference)
    columns = _by_column(rates)
    faults: dict[str, InputError] = {}
    for column in columns.values():
        faults |= _level_faults(column)
    kept = [rate for rate in rates if rate.industry not in faults]
    columns = _by_column(kept)
    for column in columns.values():
        _check_means(column)
    if national:
        _check_sections(kept)
    doubts = _company(columns, reference)
    misfits = list(_misfits(columns, reference))
    remarks = [*unusual(kept), *(line for _, line in misfits)]
    if national:
        remarks += [*other_lines(kept), *no_repeat(kept, reference), *weighted(columns, reference)]
    else:
        doubts += [line for rate, line in misfits if rate.industry == "TOTAL"]
        doubts += _january(columns, reference)
    aside = [
        f"{error}; " + bilingual(f"dòng {INDUSTRIES[code].name_vi!r} để riêng", f"the line {code} was set aside")
        for code, error in faults.items()
    ]
    return Checked(kept, remarks, aside, doubts)


def _no_total(rates: list[Rate]) -> InputError:
    return rates[0].place.error(
        vi=("không có dòng toàn ngành", "dòng toàn ngành công nghiệp ở đầu bảng"),
        en=("no line of the whole industry above", "the total as first line"),
    )


def _check_sections(rates: list[Rate]) -> None:
    """The national table has always had its sections; one that is gone has been mistyped or lost."""
    found = {rate.industry for rate in rates}
    for code in [line for line in nearest_known_lines(found) if line in ("B", "C", "D", "D+36", "E")]:
        if code not in found:
            raise rates[0].place.error(
                vi=(f"không có dòng {code}", "đủ các ngành cấp một của bảng cả nước"),
                en=(f"no line of section {code}", "all sections of the national table"),
            )


def _by_column(rates: list[Rate]) -> dict[int, dict[str, Rate]]:
    columns: dict[int, dict[str, Rate]] = defaultdict(dict)
    for rate in rates:
        columns[rate.place.column][rate.industry] = rate
    return columns


def _check_columns(rates: list[Rate], reference: str) -> None:
    """The month's own columns are there, in the order that every national layout since 2011 has."""
    first = {
        rate.measure: rate.place for rate in reversed(rates) if rate.period == reference and rate.release != "restated"
    }
    needed = _ORDER if not reference.endswith("-01") else _ORDER[:2]
    for measure in needed:
        if measure not in first:
            place = rates[0].place
            raise InputError(
                f"{place.file}, sheet {place.sheet!r}: "
                + found_expected(
                    (f"thiếu cột {measure} của {reference}", ", ".join(needed)),
                    (f"no column {measure} for {reference}", ", ".join(needed)),
                )
            )
    repeated = {rate.measure: rate.place for rate in rates if rate.release == "restated"}
    order = [(f"{measure} of the month before", repeated[measure]) for measure in _ORDER if measure in repeated]
    order += [(measure, first[measure]) for measure in _ORDER if measure in first]
    for (left, place), (right, after) in pairwise(order):
        if place.column > after.column:
            raise place.error(
                vi=(f"cột {left} bên phải cột {right}", f"tháng trước, rồi {', '.join(_ORDER)}"),
                en=(f"the column {left} right of the column {right}", f"the month before, then {', '.join(_ORDER)}"),
            )


def _level_faults(column: dict[str, Rate]) -> dict[str, InputError]:
    """Lines whose ratio is no ratio with 100 = no change, of a size that the level of industry can have.

    Raises
    ------
    InputError
        The line is a total or section, or the whole column seems to hold changes.
    """
    middle = median(rate.ratio for rate in column.values())
    faults = {}
    for code, rate in column.items():
        level = INDUSTRIES[code].level
        national = rate.territory == "VN"
        whole = level in ("total", "section") or code == "D+36"
        low, high = _WIDE.get(level, _ANY) if national else _WIDE_IN_A_PROVINCE.get(level, _NARROW)
        fits = low <= rate.ratio <= high or (whole and not national and _is_supported(code, column))
        if middle >= _LEAST_MEDIAN and fits:
            continue
        vi, en = (
            f"tỷ số gốc 100, từ {low:g} đến {high:g}",
            f"a ratio with 100 = no change, between {low:g} and {high:g}",
        )
        if middle < _LEAST_MEDIAN:
            vi += f" (giữa cột là {middle:.4g}: có vẻ là mức tăng giảm; nếu đúng, ghi 'tăng, giảm (%)' ở tiêu đề)"
            en += f" (the middle of this column is {middle:.4g}: it seems to hold changes)"
        faults[code] = rate.place.error(vi=(f"{rate.ratio:.10g}", vi), en=(f"{rate.ratio:.10g}", en))
        if whole or middle < _LEAST_MEDIAN:
            raise faults[code]
    return faults


def _is_supported(code: str, column: dict[str, Rate]) -> bool:
    """Whether an extreme total or section has neighbours as extreme: the one the other, or a section its divisions."""
    ratio, total = column[code].ratio, column.get("TOTAL")
    if ratio <= 0:
        return False
    if code == "TOTAL":
        return any(_near(column[other].ratio, ratio) for other in column if INDUSTRIES[other].level == "section")
    if total is not None and _near(total.ratio, ratio):
        return True
    divisions = [column[f"{number:02d}"].ratio for number in _CHILDREN.get(code, ()) if f"{number:02d}" in column]
    return code != _LARGEST and len(divisions) > 1 and min(divisions) <= ratio <= max(divisions)


def _near(one: float, other: float) -> bool:
    return one > 0 and max(one, other) / min(one, other) <= _NEIGHBOUR


def _check_means(column: dict[str, Rate]) -> None:
    """A whole is a mean of its parts: the total of its sections, a section of its divisions where all are printed."""
    sections = [code for code in column if INDUSTRIES[code].level == "section" or code == "D+36"]
    _check_mean(column, "TOTAL", sections)
    for section, numbers in _CHILDREN.items():
        divisions = [f"{number:02d}" for number in numbers]
        if all(code in column for code in divisions):
            _check_mean(column, section, divisions)


def _check_mean(column: dict[str, Rate], whole: str, parts: list[str]) -> None:
    if whole not in column or len(parts) < 2:
        return
    rate, ratios = column[whole], [column[code].ratio for code in parts]
    if not min(ratios) - _ROUNDING <= rate.ratio <= max(ratios) + _ROUNDING:
        low, high = f"{min(ratios):.10g}", f"{max(ratios):.10g}"
        raise rate.place.error(
            vi=(f"{rate.ratio:.10g} cho {whole}", f"số nằm giữa các ngành thành phần, {low} và {high}"),
            en=(f"{rate.ratio:.10g} for {whole}", f"between its parts, {low} and {high}"),
        )


def _company(columns: dict[int, dict[str, Rate]], reference: str) -> list[str]:
    """Across industries the year to date goes with the y/y, not with the m/m; if not, columns have changed places.

    Of twenty lines and more that is certain and refused; of fewer, a doubt.
    """
    table = pd.DataFrame(
        {
            next(iter(column.values())).measure: {code: rate.ratio for code, rate in column.items()}
            for column in columns.values()
            if all(rate.period == reference and rate.release != "restated" for rate in column.values())
        }
    ).dropna()
    if len(table) < _FEWEST_LINES or not set(_ORDER) <= set(table.columns):
        return []
    with_mom, with_yoy = (float(table["ytd"].corr(table[measure], method="spearman")) for measure in ("mom", "yoy"))
    certain = len(table) >= _LEAST_LINES
    if with_mom < with_yoy + (0.0 if certain else _CLEARLY):
        return []
    place = next(rate.place for column in columns.values() for rate in column.values() if rate.measure == "mom")
    error = place.error(
        vi=(f"số đi cùng cộng dồn (tương quan hạng {with_mom:.2f}) hơn cột cùng kỳ ({with_yoy:.2f})",
            "số so với tháng trước; có vẻ hai cột số đã đổi chỗ"),
        en=(f"figures that go with the year to date (rank correlation {with_mom:.2f}) more than the "
            f"y/y does ({with_yoy:.2f})", "m/m figures; the columns of figures seem to have changed places"),
    )  # fmt: skip
    if certain:
        raise error
    return [str(error)]


def _january(columns: dict[int, dict[str, Rate]], reference: str) -> list[str]:
    """In January the year to date is the month's y/y."""
    if not reference.endswith("-01"):
        return []
    totals = {
        rate.measure: rate
        for column in columns.values()
        for code, rate in column.items()
        if code == "TOTAL" and rate.period == reference
    }
    if not {"yoy", "ytd"} <= set(totals) or abs(totals["yoy"].ratio - totals["ytd"].ratio) <= _JANUARY:
        return []
    error = totals["ytd"].place.error(
        vi=(f"{totals['ytd'].ratio:.10g} cộng dồn một tháng", f"như số cùng kỳ, {totals['yoy'].ratio:.10g}"),
        en=(f"{totals['ytd'].ratio:.10g} for one month to date", f"as the y/y, {totals['yoy'].ratio:.10g}"),
    )
    return [str(error)]


def _misfits(columns: dict[int, dict[str, Rate]], reference: str) -> Iterator[tuple[Rate, str]]:
    """Where the year to date of the month before is printed too, the new one lies between it and the month's y/y."""
    before, month = month_before(reference), int(reference[5:])
    wanted = {
        "before": ("yoy" if month == 2 else "ytd", before),
        "newest": ("yoy", reference),
        "to_date": ("ytd", reference),
    }
    found = {
        role: column
        for role, key in wanted.items()
        for column in columns.values()
        if all((rate.measure, rate.period) == key for rate in column.values())
    }
    if len(found) < len(wanted):
        return
    misfits = []
    for code, rate in found["to_date"].items():
        if code in found["before"] and code in found["newest"]:
            implied = _implied(found["before"][code].ratio, found["newest"][code].ratio, month)
            if not implied[0] - _ROUNDING <= rate.ratio <= implied[1] + _ROUNDING:
                misfits.append((rate, implied))
    if len(misfits) > _SHARE_MISFIT * len(found["to_date"]):
        rate, implied = misfits[0]
        low, high = f"{implied[0]:.5g}", f"{implied[1]:.5g}"
        raise rate.place.error(
            vi=(f"{rate.ratio:.10g} và {len(misfits) - 1} số cộng dồn nữa trái với các cột khác",
                f"khoảng {low} đến {high}; có vẻ các cột số đã đổi chỗ"),
            en=(f"{rate.ratio:.10g} and {len(misfits) - 1} more years to date that the other columns contradict",
                f"about {low} to {high}; the columns of figures seem to have changed places"),
        )  # fmt: skip
    for rate, implied in misfits:
        low, high = f"{implied[0]:.5g}", f"{implied[1]:.5g}"
        yield (
            rate,
            f"{rate.place}: "
            + bilingual(
                f"{rate.ratio:.10g} cho {rate.industry}; các cột khác của dòng cho {low} đến {high}",
                f"found {rate.ratio:.10g} for {rate.industry}; its other columns imply {low} to {high}",
            ),
        )


def _implied(before: float, newest: float, months: int) -> tuple[float, float]:
    """Range of the year to date from that of the month before and the newest month, weighted within `_WEIGHT`."""
    ends = [before + min(1.0, factor / months) * (newest - before) for factor in _WEIGHT]
    return min(ends), max(ends)

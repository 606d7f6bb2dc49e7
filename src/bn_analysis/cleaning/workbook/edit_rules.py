"""Rates read from a table of production → an error where they cannot be what the headings say, remarks where odd.

Every rule that refuses holds without exception in all 165 national releases from 2011-06 to 2025-02 (660 totals, 2,536
figures of sections, 16,540 of divisions; the tests repeat it), so what breaks it is a slip in the file.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

import pandas as pd

from bn_analysis.cleaning.language.classification import INDUSTRIES, Measure
from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.cleaning.workbook.extraction import Rate
from bn_analysis.cleaning.workbook.row_codes import nearest_known_lines
from bn_analysis.errors import InputError

_ORDER: tuple[Measure, ...] = ("mom", "yoy", "ytd")
_WIDE = {"total": (50.0, 200.0), "section": (50.0, 200.0), "division": (20.0, 1000.0)}
"""Ratios that may be printed at each level; met: total 77.7–132, sections 75.5–137, divisions 32–706."""
_ANY = (0.0, 2000.0)
_USUAL = (40.0, 300.0)
"""Ratios outside are remarked; met: 20 of 22,600 figures, all of small industries."""
_LEAST_MEDIAN = 50.0
"""A column whose middle figure is smaller holds changes (7.34), not ratios (107.34); least met: 68."""
_ROUNDING = 0.06
"""A mean of printed figures may leave their range by the rounding of one decimal."""
_LEAST_LINES = 20
"""Fewer lines do not tell columns apart by how they go together."""
_WEIGHT = (0.2, 5.0)
"""Weight of the newest month in the year to date, times the number of months; met: 0.37–3.7."""
_SHARE_MISFIT = 1 / 3
_REPEATED_SINCE = "2013-11"
_WEIGHTS = {
    "2012-07": {"B": 0.209, "C": 0.704, "D": 0.072, "E": 0.015},
    "2013-03": {"B": 0.217, "C": 0.705, "D": 0.066, "E": 0.012},
    "2018-01": {"B": 0.125, "C": 0.763, "D": 0.090, "E": 0.022},
    "2019-01": {"B": 0.109, "C": 0.772, "D": 0.098, "E": 0.021},
    "2022-01": {"B": 0.079, "C": 0.804, "D": 0.100, "E": 0.017},
}
"""Weights of the sections from a month on, fitted to the totals printed until 2025-02 (residual 0.1 point)."""
_WEIGHTED_SLIP = 0.5
"""Printed totals further from the weighted sections: two of 522, m/m of 2017-11 (0.96) and of 2024-05 (0.65)."""
_CHILDREN = {"B": range(5, 10), "C": range(10, 34)}


def check_production(rates: list[Rate], reference: str) -> list[str]:
    """Check the rates of one table of industrial production by industry.

    Parameters
    ----------
    rates : list of Rate
        All of one table and territory.
    reference : str
        Its month (YYYY-MM).

    Returns
    -------
    list of str
        Remarks: figures, lines or relations that are unusual and were read all the same.

    Raises
    ------
    InputError
        A column is missing, out of its place or holds changes; a figure is impossible; the total lies outside its
        sections or a section outside its divisions; columns do not go together as their headings say.
    """
    columns = _by_column(rates)
    _check_columns(rates, reference)
    for column in columns.values():
        _check_level(column)
        _check_means(column)
    _check_company(columns, reference)
    remarks = [*_unusual(rates), *_misfits(columns, reference)]
    if rates[0].territory == "VN":
        remarks += [*_lines(rates), *_no_repeat(rates, reference), *_weighted(columns, reference)]
    return remarks


def _by_column(rates: list[Rate]) -> dict[int, dict[str, Rate]]:
    columns: dict[int, dict[str, Rate]] = defaultdict(dict)
    for rate in rates:
        columns[rate.place.column][rate.industry] = rate
    return columns


def _check_columns(rates: list[Rate], reference: str) -> None:
    """The month's own columns are there, in the order that every layout since 2011 has."""
    first = {
        rate.measure: rate.place for rate in reversed(rates) if rate.period == reference and rate.release == "first"
    }
    needed = _ORDER if not reference.endswith("-01") else _ORDER[:2]
    for measure in needed:
        if measure not in first:
            raise InputError(
                f"{rates[0].place.file}, sheet {rates[0].place.sheet!r}: found no column {measure} for {reference}, "
                f"expected {', '.join(needed)}"
            )
    repeated = {rate.measure: rate.place for rate in rates if rate.release == "restated"}
    order = [(f"{measure} of the month before", repeated[measure]) for measure in _ORDER if measure in repeated]
    order += [(measure, first[measure]) for measure in _ORDER if measure in first]
    for (left, place), (right, after) in pairwise(order):
        if place.column > after.column:
            expected = f"the month before, then {', '.join(_ORDER)}"
            raise place.error(f"the column {left} right of the column {right}", expected)
    if not any(rate.industry == "TOTAL" and rate.period == reference for rate in rates):
        raise rates[0].place.error("no line of the whole industry above", "the total as first line")


def _check_level(column: dict[str, Rate]) -> None:
    """Ratios with 100 = no change, of a size that the level of industry can have."""
    middle = median(rate.ratio for rate in column.values())
    for rate in column.values():
        level = INDUSTRIES[rate.industry].level
        low, high = _WIDE.get(level, _ANY) if rate.territory == "VN" else _ANY
        if middle < _LEAST_MEDIAN or not low <= rate.ratio <= high:
            expected = f"a ratio with 100 = no change, between {low:g} and {high:g}"
            if middle < _LEAST_MEDIAN:
                expected += f" (the middle of this column is {middle:.4g}: it seems to hold changes)"
            raise rate.place.error(f"{rate.ratio:.10g}", expected)


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
        raise rate.place.error(
            f"{rate.ratio:.10g} for {whole}", f"between its parts, {min(ratios):.10g} and {max(ratios):.10g}"
        )


def _check_company(columns: dict[int, dict[str, Rate]], reference: str) -> None:
    """Across industries the year to date goes with the y/y, not with the m/m; if not, columns have changed places."""
    table = pd.DataFrame(
        {
            next(iter(column.values())).measure: {code: rate.ratio for code, rate in column.items()}
            for column in columns.values()
            if all(rate.period == reference and rate.release == "first" for rate in column.values())
        }
    ).dropna()
    if len(table) < _LEAST_LINES or not set(_ORDER) <= set(table.columns):
        return
    with_mom, with_yoy = (float(table["ytd"].corr(table[measure], method="spearman")) for measure in ("mom", "yoy"))
    if with_mom >= with_yoy:
        place = next(rate.place for column in columns.values() for rate in column.values() if rate.measure == "mom")
        raise place.error(
            f"figures that go with the year to date (rank correlation {with_mom:.2f}) more than the "
            f"y/y does ({with_yoy:.2f})",
            "m/m figures; the columns of figures seem to have changed places",
        )


def _misfits(columns: dict[int, dict[str, Rate]], reference: str) -> Iterator[str]:
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
        raise rate.place.error(
            f"{rate.ratio:.10g} and {len(misfits) - 1} more years to date that the other columns contradict",
            f"about {implied[0]:.5g} to {implied[1]:.5g}; the columns of figures seem to have changed places",
        )
    for rate, implied in misfits:
        yield (
            f"{rate.place}: found {rate.ratio:.10g} for {rate.industry}; its other columns imply "
            f"{implied[0]:.5g} to {implied[1]:.5g}"
        )


def _implied(before: float, newest: float, months: int) -> tuple[float, float]:
    """Range of the year to date from that of the month before and the newest month, weighted within `_WEIGHT`."""
    ends = [before + min(1.0, factor / months) * (newest - before) for factor in _WEIGHT]
    return min(ends), max(ends)


def _unusual(rates: list[Rate]) -> Iterator[str]:
    for rate in rates:
        if not _USUAL[0] <= rate.ratio <= _USUAL[1]:
            yield f"{rate.place}: found the unusual ratio {rate.ratio:.10g} for {rate.industry}"


def _lines(rates: list[Rate]) -> Iterator[str]:
    """Lines that the nearest list ever printed has and this table lacks, and the other way round."""
    found = list(dict.fromkeys(rate.industry for rate in rates if rate.industry != "35"))
    known = nearest_known_lines(found)
    place = f"{rates[0].place.file}, sheet {rates[0].place.sheet!r}"
    if missing := [code for code in known if code not in found]:
        yield f"{place}: the lines {', '.join(missing)} of the nearest known list are not printed"
    if new := [code for code in found if code not in known]:
        yield f"{place}: the lines {', '.join(new)} are not in the nearest known list"


def _no_repeat(rates: list[Rate], reference: str) -> Iterator[str]:
    """Each table but January's has long had a column for the month before, revised."""
    repeated = any(rate.release == "restated" for rate in rates)
    if not repeated and reference >= _REPEATED_SINCE and not reference.endswith("-01"):
        yield f"{rates[0].place.file}, sheet {rates[0].place.sheet!r}: found no column for {month_before(reference)}"


def _weighted(columns: dict[int, dict[str, Rate]], reference: str) -> Iterator[str]:
    """The total that the sections imply by the office's weights, where the print is further off than ever but twice."""
    weights = next((weights for since, weights in reversed(_WEIGHTS.items()) if reference >= since), {})
    for column in columns.values():
        if weights and all(code in column for code in ("TOTAL", *weights)):
            implied = sum(weight * column[code].ratio for code, weight in weights.items()) / sum(weights.values())
            if abs(column["TOTAL"].ratio - implied) > _WEIGHTED_SLIP:
                yield (
                    f"{column['TOTAL'].place}: found {column['TOTAL'].ratio:.10g} for the total; "
                    f"its sections imply about {implied:.2f}"
                )

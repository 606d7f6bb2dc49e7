"""Rates that passed every rule → remarks on what is odd among them: read on, never a reason to refuse."""

from collections.abc import Iterator

from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.cleaning.workbook.extraction import Rate
from bn_analysis.cleaning.workbook.tables.row_codes import nearest_known_lines
from bn_analysis.errors import bilingual

_USUAL = (40.0, 300.0)
"""Ratios outside are remarked; met: 20 of 22,600 figures, all of small industries."""
_USUAL_IN_A_PROVINCE = (50.0, 200.0)
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


def unusual(rates: list[Rate]) -> Iterator[str]:
    """Ratios outside what has usually been printed."""
    for rate in rates:
        low, high = _USUAL if rate.territory == "VN" else _USUAL_IN_A_PROVINCE
        if not low <= rate.ratio <= high:
            yield f"{rate.place}: " + bilingual(
                f"tỷ số khác thường {rate.ratio:.10g} cho {rate.industry}",
                f"found the unusual ratio {rate.ratio:.10g} for {rate.industry}",
            )


def other_lines(rates: list[Rate]) -> Iterator[str]:
    """Lines that the nearest list ever printed has and this table lacks, and the other way round."""
    found = list(dict.fromkeys(rate.industry for rate in rates if rate.industry != "35"))
    known = nearest_known_lines(found)
    place = f"{rates[0].place.file}, sheet {rates[0].place.sheet!r}"
    if missing := [code for code in known if code not in found]:
        yield f"{place}: " + bilingual(
            f"không in các dòng {', '.join(missing)}",
            f"the lines {', '.join(missing)} of the nearest known list are not printed",
        )
    if new := [code for code in found if code not in known]:
        yield f"{place}: " + bilingual(
            f"các dòng {', '.join(new)} là mới", f"the lines {', '.join(new)} are not in the nearest known list"
        )


def no_repeat(rates: list[Rate], reference: str) -> Iterator[str]:
    """Each table but January's has long had a column for the month before, revised."""
    repeated = any(rate.release == "restated" for rate in rates)
    if not repeated and reference >= _REPEATED_SINCE and not reference.endswith("-01"):
        yield f"{rates[0].place.file}, sheet {rates[0].place.sheet!r}: " + bilingual(
            f"không có cột của {month_before(reference)}", f"found no column for {month_before(reference)}"
        )


def weighted(columns: dict[int, dict[str, Rate]], reference: str) -> Iterator[str]:
    """The total that the sections imply by the office's weights, where the print is further off than ever but twice."""
    weights = next((weights for since, weights in reversed(_WEIGHTS.items()) if reference >= since), {})
    for column in columns.values():
        if weights and all(code in column for code in ("TOTAL", *weights)):
            implied = sum(weight * column[code].ratio for code, weight in weights.items()) / sum(weights.values())
            if abs(column["TOTAL"].ratio - implied) > _WEIGHTED_SLIP:
                total = column["TOTAL"]
                yield f"{total.place}: " + bilingual(
                    f"{total.ratio:.10g} cho toàn ngành; các ngành cấp một cho khoảng {implied:.2f}",
                    f"found {total.ratio:.10g} for the total; its sections imply about {implied:.2f}",
                )

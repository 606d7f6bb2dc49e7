"""Figures that somebody supposes, typed in a line → rates with them, to see what they would change; never kept."""

import re

import pandas as pd

from bn_analysis.cleaning.language.numbers import parse_number
from bn_analysis.errors import InputError, bilingual

MEASURES = ("mom", "yoy", "ytd")
SOURCE = "supposed"
_FIGURE = re.compile(r"(20\d\d-(?:0[1-9]|1[0-2])) +(mom|yoy|ytd) +([-+−]?\d{1,4}(?:[.,]\d{1,4})?) ?%?")


def supposed_rates(text: str, rates: pd.DataFrame, territory: str) -> pd.DataFrame:
    """The rates at hand with the supposed ones, which take the place of what was printed of the same month and measure.

    Parameters
    ----------
    text : str
        Figures separated by semicolons: month, measure, change in per cent, as "2026-09 yoy 7,3; 2026-09 ytd 8,1".
    rates : pandas.DataFrame
        Published rates behind one series.
    territory : str
        Whose the figures would be.

    Raises
    ------
    InputError
        A figure is not written so, or lies more than a year from those at hand.
    """
    rows = [_row(part.strip(), rates, territory) for part in text.split(";") if part.strip()]
    own = rates["territory"] == territory
    for row in rows:
        same = own & (rates["period"] == row["period"]) & (rates["measure"] == row["measure"])
        rates, own = rates[~same], own[~same]
    return pd.concat([rates, pd.DataFrame(rows)], ignore_index=True)


def _row(text: str, rates: pd.DataFrame, territory: str) -> dict[str, object]:
    found = _FIGURE.fullmatch(text)
    if found is None:
        raise InputError(
            bilingual(
                f"số giả định {text[:40]!r}: viết THÁNG LOẠI SỐ, ví dụ 2026-09 yoy 7,3 (loại: {', '.join(MEASURES)})",
                f"supposed figure {text[:40]!r}: expected MONTH MEASURE CHANGE, as 2026-09 yoy 7.3",
            )
        )
    month, measure, number = found.groups()
    own = rates[rates["territory"] == territory]
    last = pd.Period(own["period"].max(), freq="M")
    if abs((pd.Period(month, freq="M") - last).n) > 12:
        raise InputError(
            bilingual(
                f"số giả định {month}: cách số liệu cuối ({last}) hơn một năm",
                f"supposed figure of {month}: more than a year from the last figure ({last})",
            )
        )
    value = parse_number(number.replace(",", ".").replace("−", "-"), "en")
    like = own.sort_values("release_date").iloc[-1]
    return {
        **like.to_dict(), "period": month, "measure": measure, "value_pct": float(value), "release": "first",
        "decimals": max(0, -int(value.as_tuple().exponent)), "release_date": max(own["release_date"]), "source": SOURCE,
    }  # fmt: skip

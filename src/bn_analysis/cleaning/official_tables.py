"""Tables of the offices that are no rates of one series (levels, a list of all provinces) → tidy tables."""

from pathlib import Path

import pandas as pd

from bn_analysis.cleaning.language.classification import territory_code
from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw

LEVELS_FILE = "vietnam_iip_levels.csv"
LEVELS_COLUMNS = (
    "vintage", "vintage_basis", "period", "industry_code", "sdmx_indicator", "index_2015_100", "source",
)  # fmt: skip
PROVINCES_FILE = "provinces_iip.csv"
PROVINCES_COLUMNS = (
    "period", "territory_vi", "measure", "value_pct", "decimals", "grdp_share_pct", "release", "source_url",
)  # fmt: skip


def read_levels(raw_dir: Path) -> pd.DataFrame:
    """The country's index as levels, 2015 = 100, as the office's data page gave them.

    Returns
    -------
    pandas.DataFrame
        Columns vintage (YYYY-MM-DD), period (YYYY-MM), industry, level, source.

    Raises
    ------
    InputError
        The file is not as recorded, or a level is no positive number.
    """
    return pd.DataFrame(
        [
            {
                "vintage": row.fields["vintage"],
                "period": row.fields["period"],
                "industry": row.fields["industry_code"],
                "level": _positive(row, "index_2015_100"),
                "source": row.fields["source"],
            }
            for row in read_raw(raw_dir / LEVELS_FILE, LEVELS_COLUMNS)
        ]
    )


def read_provinces(raw_dir: Path) -> pd.DataFrame:
    """Year-to-date changes of the index of all provinces within the borders since 2025-07.

    Returns
    -------
    pandas.DataFrame
        Columns territory (code), period (YYYY-MM), value_pct, decimals, grdp_share_pct, source.
    """
    found = []
    for row in read_raw(raw_dir / PROVINCES_FILE, PROVINCES_COLUMNS):
        if row.fields["measure"] != "ytd":
            raise row.error("measure", "ytd")
        value, share, digits = (row.number(name) for name in ("value_pct", "grdp_share_pct", "decimals"))
        if value is None or digits is None:
            raise row.error("value_pct", "a number with its decimals")
        found.append(
            {
                "territory": territory_code(row.fields["territory_vi"], row.fields["period"]),
                "period": row.fields["period"],
                "value_pct": value,
                "decimals": int(digits),
                "grdp_share_pct": share,
                "source": row.fields["source_url"],
            }
        )
    return pd.DataFrame(found)


def _positive(row: RawRow, column: str) -> float:
    value = row.number(column)
    if value is None or value <= 0:
        raise row.error(column, "a positive number")
    return value

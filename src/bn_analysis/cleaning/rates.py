"""Raw files of published figures → one tidy table of published rates, checked, with what was known on any day."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bn_analysis.cleaning.calendars.releases import published
from bn_analysis.cleaning.language.classification import COUNTRY, MEASURES, industry_codes, territory_code
from bn_analysis.cleaning.monthly_series import month_before
from bn_analysis.cleaning.press import press_rates
from bn_analysis.cleaning.raw.corrections import correct, read_corrections
from bn_analysis.cleaning.raw.release_files import ingested_rates
from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw
from bn_analysis.errors import InputError

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

COLUMNS = (
    "indicator", "territory", "industry", "period", "measure",
    "value_pct", "decimals", "release", "release_date", "source",
)  # fmt: skip
PLACES = ("file", "place", "url")
"""Where a figure stands in ``data/raw``: file, line (and column), and the page or the cell it was printed in; what
`read_rates` adds to `COLUMNS`, whose ``source`` says the same in one text."""
EVIDENCE = ": “"
"""What stands in a source between the place and the clause or cell that was read there."""
INDICATORS = ("iip", "labour", "consumption", "inventory")
RELEASES = ("forecast", "first", "restated")

PROVINCIAL_FILE = "bac_ninh_published_rates.csv"
PROVINCIAL_COLUMNS = (
    "territory", "period", "measure", "sector", "sector_name_vi", "value_pct", "decimals", "release",
    "publisher_kind", "release_date", "release_date_basis", "n_sources", "source_url", "note",
)  # fmt: skip
NATIONAL_FILE = "vietnam_iip_releases.csv"
NATIONAL_COLUMNS = ("release_date", "period", "industry_vi", "mom", "yoy", "ytd", "prev_month_yoy")
LABOUR_FILE = "labour_by_province_releases.csv"
LABOUR_COLUMNS = ("release_date", "period", "territory_vi", "mom", "yoy")

_MONTH = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"
_DAY = r"^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


@cache
def schema() -> "DataFrameSchema":
    """Contract of the table of published rates (one row a figure)."""
    import pandera.pandas as pa  # most runs find the rates checked before

    return pa.DataFrameSchema(
        {
            "indicator": pa.Column(str, pa.Check.isin(INDICATORS)),
            "territory": pa.Column(str, pa.Check.str_matches(r"^[A-Z0-9]{2,4}$")),
            "industry": pa.Column(str, pa.Check.str_matches(r"^(TOTAL|[A-Z0-9+]{1,12})$")),
            "period": pa.Column(str, pa.Check.str_matches(_MONTH)),
            "measure": pa.Column(str, pa.Check.isin(MEASURES)),
            # A change of −100 % or less would mean no production at all; a restarted refinery has printed +606 %.
            "value_pct": pa.Column(float, [pa.Check.gt(-100), pa.Check.lt(2000)]),
            "decimals": pa.Column(int, pa.Check.in_range(0, 15)),
            "release": pa.Column(str, pa.Check.isin(RELEASES)),
            "release_date": pa.Column(str, pa.Check.str_matches(_DAY), nullable=True),
            "source": pa.Column(str, pa.Check.str_length(min_value=1), unique=True),
            **{name: pa.Column(str, required=False) for name in PLACES},
        },
        strict=True,
        ordered=True,
    )


def read_rates(raw_dir: Path) -> pd.DataFrame:
    """Every published rate in ``data/raw``, declared corrections applied.

    Parameters
    ----------
    raw_dir : pathlib.Path
        Folder with the raw files of rates, the releases ingested since, and their sidecars.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS` and `PLACES`; ``value_pct`` in per cent (107.34 printed as a ratio is 7.34).

    Raises
    ------
    InputError
        A file, its hash, heading or a figure is not as expected; names file, line and column.
    """
    rows = [
        *_provincial(read_raw(raw_dir / PROVINCIAL_FILE, PROVINCIAL_COLUMNS)),
        *_national(read_raw(raw_dir / NATIONAL_FILE, NATIONAL_COLUMNS)),
        *_labour(read_raw(raw_dir / LABOUR_FILE, LABOUR_COLUMNS)),
        *press_rates(raw_dir),
        *ingested_rates(raw_dir, COLUMNS),
    ]
    printed = pd.DataFrame(rows, columns=[*COLUMNS[:-1], *PLACES])
    source = (printed["file"] + ":" + printed["place"] + " " + printed["url"]).str.rstrip()
    printed.insert(len(COLUMNS) - 1, "source", source)
    return validate(correct(printed, read_corrections(raw_dir)))


def validate(rates: pd.DataFrame) -> pd.DataFrame:
    """The table itself if it keeps the contract `schema`; else InputError naming the first bad figure's source."""
    from pandera.errors import SchemaErrors

    try:
        return schema().validate(rates, lazy=True)
    except SchemaErrors as error:
        case = error.failure_cases.iloc[0]
        place = ""
        if pd.notna(case["index"]) and "source" in rates.columns:
            place = f"{rates.loc[case['index'], 'source']}: "
        raise InputError(
            f"{place}column {case['column']}: found {case['failure_case']!r}, expected {case['check']} "
            f"({len(error.failure_cases)} such findings)"
        ) from None


def as_of(rates: pd.DataFrame, day: str) -> pd.DataFrame:
    """What was known at the end of a day: the rows released on it or before.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table of published rates with release dates.
    day : str
        YYYY-MM-DD.

    Returns
    -------
    pandas.DataFrame
        The rows with ``release_date <= day``, in their order.
    """
    return rates[rates["release_date"].notna() & (rates["release_date"] <= day)]


def select(rates: pd.DataFrame, territory: str, industry: str = "TOTAL", indicator: str = "iip") -> pd.DataFrame:
    """The rows of one territory, industry and indicator."""
    mask = (rates["territory"] == territory) & (rates["industry"] == industry) & (rates["indicator"] == indicator)
    return rates[mask]


def vintage(rates: pd.DataFrame) -> str:
    """The day of the newest figure in a table: the name of its vintage."""
    return str(rates["release_date"].max())


def _provincial(rows: list[RawRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        fields = row.fields
        indicator, _, measure = fields["measure"].rpartition("_")
        if fields["measure"] == "quarter_yoy":
            indicator, measure = "iip", "quarter_yoy"
        yield (
            indicator or "iip", fields["territory"], fields["sector"], fields["period"], measure,
            _required(row, "value_pct"), int(_required(row, "decimals")), fields["release"], fields["release_date"],
            row.file, str(row.line), fields["source_url"],
        )  # fmt: skip


def _national(rows: list[RawRow]) -> Iterator[tuple[Any, ...]]:
    for _, group in groupby(rows, key=lambda row: (row.fields["release_date"], row.fields["period"])):
        release = list(group)
        codes = _industries(release)
        for row, industry in zip(release, codes, strict=True):
            yield from _national_row(row, industry)


def _industries(release: list[RawRow]) -> list[str]:
    """Codes of the lines of one release: only the whole table tells a section from its one division."""
    try:
        return industry_codes([row.fields["industry_vi"] for row in release], release[0].fields["period"])
    except InputError as error:
        place = f"{release[0].file}, lines {release[0].line} to {release[-1].line}, column industry_vi"
        raise InputError(f"{place}: {error}") from None


def _national_row(row: RawRow, industry: str) -> Iterator[tuple[Any, ...]]:
    for column in ("mom", "yoy", "ytd", "prev_month_yoy"):
        ratio = row.number(column)
        if ratio is None:
            continue
        revised = column == "prev_month_yoy"
        period = month_before(row.fields["period"]) if revised else row.fields["period"]
        yield (
            "iip", COUNTRY, industry, period, "yoy" if revised else column,
            *_change(row.fields[column], ratio), "restated" if revised else "first", _published(row),
            row.file, f"{row.line}:{column}", "",
        )  # fmt: skip


def _labour(rows: list[RawRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        territory = _territory(row)
        for column in ("mom", "yoy"):
            ratio = row.number(column)
            if ratio is not None:
                yield (
                    "labour", territory, "TOTAL", row.fields["period"], column, *_change(row.fields[column], ratio),
                    "first", _published(row), row.file, f"{row.line}:{column}", "",
                )  # fmt: skip


def _published(row: RawRow) -> str:
    """Day on which a line of a national workbook became known."""
    return published(row.fields["period"], row.fields["release_date"])


def _required(row: RawRow, column: str) -> float:
    value = row.number(column)
    if value is None:
        raise row.error(column, "a number")
    return value


def _territory(row: RawRow) -> str:
    try:
        return territory_code(row.fields["territory_vi"], row.fields["period"])
    except InputError as error:
        raise InputError(f"{row.file}, line {row.line}, column territory_vi: {error}") from None


def _change(printed: str, ratio: float) -> tuple[float, int]:
    """Signed change in per cent and digits after the point of a ratio printed with 100 = no change."""
    decimals = len(printed.partition(".")[2])
    return round(ratio - 100.0, decimals), decimals

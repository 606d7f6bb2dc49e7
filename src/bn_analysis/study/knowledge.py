"""The raw figures and a day → what was known of a territory on that day."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from bn_analysis.cleaning.language.classification import TOTAL
from bn_analysis.cleaning.language.classification import territory as place
from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.cleaning.raw.release_files import RELEASES_DIR
from bn_analysis.errors import InputError, bilingual
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import TERRITORIES, Parameters, check_typed, is_month
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint

if TYPE_CHECKING:
    from bn_analysis.seasonal import Book

BOOK_FILE = "specification_book.yml"
"""Beside the figures in ``data/raw``: how X-13 adjusts an index between two reviews (`bn-analysis review`)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is published on a territory: first release, first and last month of the total, all as text."""

    first_release: str
    first_period: str
    last_period: str


def all_rates(settings: Settings) -> pd.DataFrame:
    """Every published rate, as `read_rates` gives them; read and checked once for each state of the raw files."""
    return _all_rates(settings, rates_key(settings))


def rates_key(settings: Settings) -> str:
    """Text that changes with the published rates."""
    return fingerprint(settings, "", "rates", room="cleaning")


@lru_cache(maxsize=2)
def _all_rates(settings: Settings, key: str) -> pd.DataFrame:
    return stored(settings, f"rates-{key}", lambda: read_rates(settings.raw))


def reviewed(settings: Settings) -> "Book":
    """The specifications on record; without entries where there is no file, or where it is damaged, with the fault."""
    return _reviewed(settings, fingerprint(settings, "", "book", room="cleaning"))


@lru_cache(maxsize=2)
def _reviewed(settings: Settings, key: str) -> "Book":
    from bn_analysis.seasonal import Book  # a run with nothing new needs no adjustment

    path = settings.raw / BOOK_FILE
    if not path.exists():
        return Book()
    try:
        return Book.read(path)
    except InputError as error:  # the report goes on without it and says so; `check` names the file
        return Book(fault=str(error))


def known_rates(settings: Settings, day: str, territory: str, *series: str) -> pd.DataFrame:
    """The published rates known on a day, "" for every one, of a territory's total or another `select`-ed series."""
    printed = _series(settings, rates_key(settings), territory, *series)
    return as_of(printed, day) if day else printed.copy(deep=False)  # what a caller writes into it stays the caller's


@lru_cache(maxsize=64)
def _series(settings: Settings, key: str, territory: str, *series: str) -> pd.DataFrame:
    """Every published rate of a series: found once, because one of 27,000 rows takes as long as a small study."""
    return select(_all_rates(settings, key), territory, *series)


def rates_behind(settings: Settings, day: str, territory: str) -> pd.DataFrame:
    """The rates of a territory's total index known on a day, and those of the territories that it was made of."""
    codes = (territory, *place(territory).parts)
    return pd.concat([known_rates(settings, day, code) for code in codes], ignore_index=True)


def known(settings: Settings, territory: str, day: str = "") -> Known:
    """First release and span of months of a territory's total index, from the figures released until a day.

    Raises
    ------
    InputError
        Nothing was released by then.
    """
    rates = known_rates(settings, "", territory)
    first_release = str(rates["release_date"].min())
    periods = (as_of(rates, day) if day else rates)["period"]
    if periods.empty:
        raise InputError(
            bilingual(
                f"as-of {day}: trước lần công bố đầu tiên của {territory}; cần {first_release} trở đi",
                f"as-of {day}: before the first release for {territory}; expected {first_release} or later",
            )
        )
    return Known(first_release, periods.min(), periods.max())


def months_with_figures(settings: Settings, territory: str) -> frozenset[str]:
    """Months (YYYY-MM) of which at least one figure of a territory's total index was published."""
    return frozenset(known_rates(settings, "", territory)["period"])


def ingested_territories(settings: Settings) -> list[str]:
    """Territories whose total index came in by ingested workbooks, in the order of `TERRITORIES`."""
    rates = all_rates(settings)
    found = rates[rates["file"].isin([path.name for path in (settings.raw / RELEASES_DIR).glob("*.csv")])]
    found = found[(found["indicator"] == "iip") & (found["industry"] == TOTAL)]
    return [code for code in TERRITORIES if code in set(found["territory"])]


def check_clock(settings: Settings, today: dt.date) -> str:
    """Day of the newest release on record (YYYY-MM-DD).

    Raises
    ------
    InputError
        That day lies after `today`: with a wrong clock, "late" and "known until now" would be wrong too.
    """
    newest = str(all_rates(settings)["release_date"].max())
    if newest > today.isoformat():
        raise InputError(
            bilingual(
                f"đồng hồ máy báo {today}, trước lần công bố mới nhất {newest} trong số liệu; chỉnh lại ngày của máy",
                f"clock: this computer says {today}, before the newest release {newest} in the raw data; "
                "set its date right",
            )
        )
    return newest


def check(settings: Settings, territory: str, period: str, as_of: str, today: dt.date) -> Parameters:
    """Checked parameters (language "vi"); raises InputError naming the value and the valid range.

    Parameters
    ----------
    settings : Settings
        Whose raw files say which months are known.
    territory, period, as_of : str
        As typed; `period` may be "latest", `as_of` may be "".
    today : datetime.date
        Nothing can be known after it.
    """
    check_typed(territory, as_of, today)
    span = known(settings, territory, as_of)
    if period == "latest":
        period = span.last_period
    if not is_month(period):
        raise InputError(
            bilingual(
                f"tháng {period!r}: cần latest hoặc NĂM-THÁNG, từ {span.first_period} đến {span.last_period}",
                f"period {period!r}: expected latest or YYYY-MM, {span.first_period} to {span.last_period}",
            )
        )
    last = max(span.last_period, as_of[:7])
    if not span.first_period <= period <= last:
        raise InputError(
            bilingual(
                f"tháng {period}: {territory} không có số liệu; cần từ {span.first_period} đến {last}",
                f"period {period}: no figures of {territory}; expected {span.first_period} to {last}",
            )
        )
    return Parameters(territory, period, as_of)

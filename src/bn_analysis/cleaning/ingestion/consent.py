"""Rates that arrived beside the record → the reasons to ask a person before they are booked and published."""

import pandas as pd

from bn_analysis.cleaning.ingestion.preview import borders
from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.cleaning.language.numbers import format_percent
from bn_analysis.errors import bilingual

RESTATED_GAP = 15.0
"""A total's y/y printed again further than this (points) from all its prints on record is most likely another
month's figure."""
_TWIN_FIGURES = 2
"""As many totals equal to those of another territory are no accident."""


def reasons_to_ask(rates: pd.DataFrame, record: pd.DataFrame) -> tuple[str, ...]:
    """Why a person should look before these figures are booked.

    Parameters
    ----------
    rates : pandas.DataFrame
        What arrived, columns `bn_analysis.cleaning.rates.COLUMNS`.
    record : pandas.DataFrame
        All that is on record, same columns.

    Returns
    -------
    tuple of str
        Vietnamese and English, one a reason; empty where the figures are of a territory on record, for a month on
        record or the one after its newest, and neither repeat another territory's nor contradict its own.
    """
    totals = rates[(rates["indicator"] == "iip") & (rates["industry"] == "TOTAL")]
    known = record[(record["indicator"] == "iip") & (record["industry"] == "TOTAL")]
    reasons: list[str] = []
    for code, some in totals.groupby("territory", sort=False):
        own = known[known["territory"] == code]
        reasons += _unseen(str(code), str(some["period"].max()), own)
        reasons += _restated(some, own)
        reasons += _old_figures(some, own)
        reasons += _twins(str(code), some, known)
    return tuple(reasons)


def _unseen(code: str, period: str, own: pd.DataFrame) -> list[str]:
    if own.empty:
        return [
            bilingual(
                f"lần đầu có số liệu của {borders(code)}; đúng là nơi này?",
                f"the first figures of {borders(code, 'en')}; is this the place?",
            )
        ]
    newest = str(own["period"].max())
    following = str(pd.Period(newest, freq="M") + 1)
    if period in set(own["period"]) or period == following:
        return []
    return [
        bilingual(
            f"{borders(code)} chưa có số liệu tháng {period} (mới nhất: {newest}); đúng là tháng này?",
            f"{borders(code, 'en')} has no figures of {period} (newest: {newest}); is this the month?",
        )
    ]


def _restated(some: pd.DataFrame, own: pd.DataFrame) -> list[str]:
    """A table whose headings were set to the new month over last month's figures shows it here.

    What it calls last month's y/y is then that of the month before, far from every print of last month on record.
    """
    reasons = []
    printed = own[own["measure"] == "yoy"]
    for row in some[(some["measure"] == "yoy") & (some["release"] == "restated")].itertuples():
        known = printed[printed["period"] == row.period]
        gap = (known["value_pct"] - row.value_pct).abs()
        if known.empty or gap.min() <= RESTATED_GAP:
            continue
        nearest = known.loc[gap.idxmin()]
        (again, before), (again_en, before_en) = (
            [
                format_percent(row.value_pct, row.decimals, to),
                format_percent(nearest["value_pct"], nearest["decimals"], to),
            ]
            for to in LANGUAGES
        )
        reasons.append(
            bilingual(
                f"{row.source}: {row.period} in lại {again}, trong kho là {before}; "
                "tiêu đề tháng mới trên số liệu tháng cũ?",
                f"{row.period} printed again {again_en}, on record as {before_en}; "
                "headings of a new month over old figures?",
            )
        )
    return reasons


def _old_figures(some: pd.DataFrame, own: pd.DataFrame) -> list[str]:
    """Totals of a new month that are to the last digit those of the month before it."""
    newest = str(some["period"].max())
    before = str(pd.Period(newest, freq="M") - 1)
    key = ["measure", "value_pct"]
    fresh = some.loc[(some["period"] == newest) & (some["value_pct"] != 0), key].drop_duplicates()
    same = own.loc[own["period"] == before, key].drop_duplicates().merge(fresh, on=key)
    if len(same) < _TWIN_FIGURES:
        return []
    return [
        bilingual(
            f"{len(same)} số toàn ngành của {newest} trùng hệt với {before}; tiêu đề tháng mới trên số liệu tháng cũ?",
            f"{len(same)} totals of {newest} are exactly those of {before}; headings of a new month over old figures?",
        )
    ]


def _twins(code: str, some: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    key = ["period", "measure", "value_pct"]
    others = known[known["territory"] != code].merge(some[some["release"] == "first"][key].drop_duplicates(), on=key)
    same = others.drop_duplicates(["territory", *key]).groupby("territory").size()
    return [
        bilingual(
            f"{count} số toàn ngành trùng hệt với {borders(str(other))}; có nhầm nơi không?",
            f"{count} totals are exactly those of {borders(str(other), 'en')}; is the territory right?",
        )
        for other, count in same.items()
        if count >= _TWIN_FIGURES
    ]

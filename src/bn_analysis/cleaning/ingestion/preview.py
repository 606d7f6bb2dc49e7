"""Rates that arrived → lines in which a person sees what was understood: whose, when, which comparisons, how much."""

from collections.abc import Iterable, Sequence

import pandas as pd

from bn_analysis.cleaning.language.classification import TERRITORIES, Language, industry_name
from bn_analysis.cleaning.language.numbers import Change, format_change

MEASURE_WORDS: dict[Language, dict[str, str]] = {
    "vi": {
        "mom": "so với tháng trước",
        "yoy": "so với cùng kỳ năm trước",
        "ytd": "cộng dồn từ đầu năm so với cùng kỳ",
        "quarter_yoy": "quý so với cùng kỳ năm trước",
    },
    "en": {
        "mom": "on the month before",
        "yoy": "on the same month a year before",
        "ytd": "year to date on a year before",
        "quarter_yoy": "quarter on a year before",
    },
}
_RELEASES: dict[Language, dict[str, str]] = {
    "vi": {"first": "", "restated": "in lại", "forecast": "dự báo"},
    "en": {"first": "", "restated": "printed again", "forecast": "forecast"},
}
_INDICATORS: dict[Language, dict[str, str]] = {
    "vi": {"iip": "chỉ số sản xuất công nghiệp", "labour": "chỉ số sử dụng lao động", "consumption": "chỉ số tiêu thụ",
           "inventory": "chỉ số tồn kho"},
    "en": {"iip": "industrial production", "labour": "labour use", "consumption": "consumption",
           "inventory": "inventory"},
}  # fmt: skip
_FEW_TERRITORIES = 3


def borders(code: str, language: Language = "vi") -> str:
    """A territory with the time its borders are of: ``Bắc Ninh (BN, địa giới đến hết 2025-06)``."""
    place = TERRITORIES[code]
    words = {"vi": ("địa giới từ", "địa giới đến hết"), "en": ("borders since", "borders until")}[language]
    limits = [f"{words[0]} {place.valid_from}"] if place.valid_from else []
    limits += [f"{words[1]} {place.valid_to}"] if place.valid_to else []
    return f"{place.name(language)} ({', '.join([code, *limits])})"


def headline(rates: pd.DataFrame, language: Language = "vi") -> str:
    """The rates of the total (or of the first line, where there is no total) in words, territory and month with each.

    Parameters
    ----------
    rates : pandas.DataFrame
        Columns `bn_analysis.cleaning.rates.COLUMNS`, at least one row.
    language : {"vi", "en"}
        Language of the words.
    """
    production = rates[(rates["indicator"] == "iip") & (rates["industry"] == "TOTAL")]
    totals = production if len(production) else rates[rates["industry"] == "TOTAL"]
    top = (totals if len(totals) else rates).iloc[0]
    same = (rates[["indicator", "territory", "industry"]] == top[["indicator", "territory", "industry"]]).all(axis=1)
    said = "; ".join(_figure(row, language) for row in rates[same].itertuples())
    what = f"{_INDICATORS[language][top['indicator']]}, {industry_name(top['industry'], language)}"
    return f"{borders(top['territory'], language)}, {what}: {said}"


def _figure(row: object, language: Language) -> str:
    kind = _RELEASES[language][row.release]  # type: ignore[attr-defined]
    month = f"{row.period}, {kind}" if kind else row.period  # type: ignore[attr-defined]
    change = Change(row.value_pct, row.decimals)  # type: ignore[attr-defined]
    return f"{MEASURE_WORDS[language][row.measure]} {format_change(change, language)} ({month})"  # type: ignore[attr-defined]


def understood(
    rates: pd.DataFrame, set_aside: Sequence[str] = (), doubts: Sequence[str] = (), listed: bool = False
) -> list[str]:
    """What was understood, each line in Vietnamese and, indented below it, in English.

    Parameters
    ----------
    rates : pandas.DataFrame
        Columns `bn_analysis.cleaning.rates.COLUMNS`.
    set_aside, doubts : sequence of str
        What was named and not read; what should be asked before booking. Printed as they are.
    listed : bool
        Whether every figure is shown, with where it stands and its clause.
    """
    lines = []
    if len(rates):
        lines += [f"  đã hiểu: {headline(rates, 'vi')}", f"    read: {headline(rates, 'en')}"]
        lines += [f"  gồm: {_contents(rates, 'vi')}", f"    with: {_contents(rates, 'en')}"]
    if listed:
        lines += [line for row in rates.itertuples() for line in _row(row)]
    lines += [f"  để riêng, không đọc / set aside: {line}" for line in set_aside]
    lines += [f"  cần hỏi / to be asked: {line}" for line in doubts]
    return lines


def _row(row: object) -> list[str]:
    where, what, month = row.territory, row.industry, row.period  # type: ignore[attr-defined]
    name = _INDICATORS["vi"][row.indicator]  # type: ignore[attr-defined]
    kind = _RELEASES["vi"][row.release]  # type: ignore[attr-defined]
    change = format_change(Change(row.value_pct, row.decimals), "vi")  # type: ignore[attr-defined]
    measure = row.measure  # type: ignore[attr-defined]
    said = " | ".join(
        (where, month, name, f"{what} {industry_name(what, 'vi')}", f"{measure} {MEASURE_WORDS['vi'][measure]}",
         f"{change} {kind}".strip())
    )  # fmt: skip
    return [f"  · {said}", f"      {row.source}"]  # type: ignore[attr-defined]


def _contents(rates: pd.DataFrame, language: Language) -> str:
    """Figures by indicator, measures and territories, so that a missing table or a stray territory is seen."""
    parts = []
    for indicator, some in rates.groupby("indicator", sort=False):
        names = _joined(MEASURE_WORDS[language][measure] for measure in some["measure"].unique())
        codes = list(some["territory"].unique())
        where = _joined(codes) if len(codes) <= _FEW_TERRITORIES else _many(len(codes), language)
        count = f"{len(some)} số liệu" if language == "vi" else f"{len(some)} figure{'s' * (len(some) != 1)}"
        parts.append(f"{_INDICATORS[language][str(indicator)]} {where}: {count} ({names})")
    return "; ".join(parts)


def _many(count: int, language: Language) -> str:
    return f"{count} nơi" if language == "vi" else f"{count} territories"


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)

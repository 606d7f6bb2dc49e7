"""Printed Vietnamese and English numbers are read exactly as printed, whatever font or form the text is in."""

import unicodedata
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_analysis.cleaning.language.classification import known_industry_names
from bn_analysis.cleaning.language.legacy_fonts import TCVN3, VNI, to_unicode
from bn_analysis.cleaning.language.numbers import (
    Change,
    change_from_ratio,
    clean,
    format_change,
    format_number,
    parse_number,
)

VIETNAMESE_NAMES = sorted(name for name, _ in known_industry_names() if not name.isascii())
languages = st.sampled_from(["vi", "en"])
TO_VNI = {letter: typed for typed, letter in sorted(VNI.items(), key=lambda item: -len(item[0]))}
TO_TCVN3 = {letter: typed for typed, letter in TCVN3.items()}


@pytest.mark.parametrize(
    ("value", "decimals", "vietnamese", "english"),
    [
        (7.34, 2, "tăng 7,34\u00a0%", "up 7.34\u00a0%"),
        (-8.7, 1, "giảm 8,7\u00a0%", "down 8.7\u00a0%"),
        (1234.5, 1, "tăng 1.234,5\u00a0%", "up 1,234.5\u00a0%"),
        (0.0, 0, "không đổi", "unchanged"),
        (0.0, 2, "không đổi (0,00\u00a0%)", "unchanged (0.00\u00a0%)"),
    ],
)
def test_a_change_is_told_in_words(value: float, decimals: int, vietnamese: str, english: str) -> None:
    change = Change(value, decimals)
    assert (format_change(change, "vi"), format_change(change, "en")) == (vietnamese, english)


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), languages)
def test_numbers_survive_writing_and_reading(units: int, decimals: int, language: Literal["vi", "en"]) -> None:
    value = Decimal(units).scaleb(-decimals)
    text = format_number(value, decimals, language)
    assert parse_number(text, language) == value
    assert format_number(parse_number(text, language), decimals, language) == text


@given(st.integers(0, 10**6), st.integers(0, 4))
def test_a_ratio_is_a_change_without_float_dust(units: int, decimals: int) -> None:
    ratio = Decimal(units).scaleb(-decimals)
    assert Decimal(repr(change_from_ratio(float(ratio), decimals))) == ratio - 100


@given(st.sampled_from(VIETNAMESE_NAMES), st.sampled_from(["NFC", "NFD"]))
def test_unicode_forms_read_alike(name: str, form: Literal["NFC", "NFD"]) -> None:
    assert to_unicode(unicodedata.normalize(form, name)) == unicodedata.normalize("NFC", name)


@given(st.sampled_from(VIETNAMESE_NAMES))
def test_tcvn3_text_is_recognised(name: str) -> None:
    composed = unicodedata.normalize("NFC", name).lower()  # TCVN3 has no toned capitals
    assert to_unicode("".join(TO_TCVN3.get(letter, letter) for letter in composed)) == composed


@given(st.sampled_from(VIETNAMESE_NAMES))
def test_vni_text_is_recognised(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    assert to_unicode("".join(TO_VNI.get(letter, letter) for letter in composed)) == composed


def test_known_legacy_lines_read_as_they_look() -> None:
    assert to_unicode("ChØ sè s¶n xuÊt c«ng nghiÖp") == "Chỉ số sản xuất công nghiệp"
    assert to_unicode("Chæ soá saûn xuaát coâng nghieäp") == "Chỉ số sản xuất công nghiệp"


def test_broken_lines_become_one() -> None:
    assert clean("  năm 2023 \n so\u00a0với  ") == "năm 2023 so với"

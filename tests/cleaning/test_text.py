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
    parse_change,
    parse_number,
)
from bn_analysis.errors import InputError

VIETNAMESE_NAMES = sorted(name for name, _ in known_industry_names() if not name.isascii())
languages = st.sampled_from(["vi", "en"])
TO_VNI = {letter: typed for typed, letter in sorted(VNI.items(), key=lambda item: -len(item[0]))}
TO_TCVN3 = {letter: typed for typed, letter in TCVN3.items()}


@st.composite
def changes(draw: st.DrawFn) -> Change:
    decimals = draw(st.integers(0, 4))
    units = draw(st.integers(-(10**8), 10**8))
    return Change(float(Decimal(units).scaleb(-decimals)) + 0.0, decimals)


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("7,34%", 7.34, 2),
        ("7,34 %", 7.34, 2),
        ("bằng 107,34%", 7.34, 2),
        ("giảm 8,7%", -8.7, 1),
        ("Tăng 7,34%", 7.34, 2),
        ("tăng 1.234,5 %", 1234.5, 1),
        ("không đổi", 0.0, 0),
        ("không đổi (0,00 %)", 0.0, 2),
        ("-8,70", -8.7, 2),
        ("−8,70", -8.7, 2),
        ("đạt 91,3%", -8.7, 1),
    ],
)
def test_vietnamese_phrases_are_signed_changes(text: str, value: float, decimals: int) -> None:
    assert parse_change(text) == Change(value, decimals)


@pytest.mark.parametrize(
    ("text", "value"), [("up 7.34%", 7.34), ("fell by 8.7 %", -8.7), ("equal to 107.34%", 7.34), ("unchanged", 0.0)]
)
def test_english_phrases_are_signed_changes(text: str, value: float) -> None:
    assert parse_change(text, "en").value_pct == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", "%", "tăng", "giảm -8,7%", "tăng +3%", "7.34", "1.23,4", "1,2,3", "12.34.5", "bảy", "7,34x", "không đổi 3%"],
)
def test_what_is_not_a_vietnamese_change_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_change(text)


@given(changes(), languages)
def test_reading_a_written_change_gives_it_back(change: Change, language: Literal["vi", "en"]) -> None:
    assert parse_change(format_change(change, language), language) == change


@given(changes(), languages)
def test_writing_a_read_change_gives_the_text_back(change: Change, language: Literal["vi", "en"]) -> None:
    text = format_change(change, language)
    assert format_change(parse_change(text, language), language) == text


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

"""Numbers are written as Vietnamese and English readers write them."""

import math

import pytest

from bn_analysis.report.language.formats import day, month, number, percent, probability, short_month


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (7.34, 2, "7,34%", "7.34%"),
        (-8.7, 1, "\u22128,7%", "\u22128.7%"),
        (1234.5, 1, "1.234,5%", "1,234.5%"),
        (0.0, 1, "0,0%", "0.0%"),
        (-0.04, 1, "0,0%", "0.0%"),
        (float("nan"), 1, "không có số liệu", "no data"),
        (None, 1, "không có số liệu", "no data"),
    ],
)
def test_per_cents(value, decimals, vi, en):
    assert (percent(value, "vi", decimals), percent(value, "en", decimals)) == (vi, en)


def test_a_sign_is_written_only_where_it_is_asked_for_and_never_before_zero():
    assert number(2.0, "vi", 1, signed=True) == "+2,0"
    assert number(0.01, "vi", 1, signed=True) == "0,0"
    assert number(-2.0, "en", 0, signed=True) == "\u22122"


def test_months_and_days():
    assert (month("2024-03", "vi"), month("2024-03", "en")) == ("tháng 3/2024", "March 2024")
    assert (short_month("2024-03", "vi"), short_month("2024-03", "en")) == ("3/2024", "Mar 2024")
    assert (day("2024-03-31", "vi"), day("2024-03-31", "en")) == ("31/3/2024", "31 March 2024")
    assert month(None, "vi") == "không có số liệu"


def test_a_probability_is_never_written_as_certainty():
    assert probability(1.0, "vi") == "trên 99%"
    assert probability(0.0, "en") == "below 1%"
    assert probability(0.874, "vi") == "87%"
    assert probability(math.nan, "vi") == "không có số liệu"

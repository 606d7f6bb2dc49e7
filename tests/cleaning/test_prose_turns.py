"""Turns of offices and newspapers, and sentences with a word lost or changed: read right or not at all."""

import csv
import re
from pathlib import Path

import pytest

from bn_analysis.cleaning.documents.prose.text import reading_of
from bn_analysis.cleaning.documents.prose.words import vocabulary

_CASES = Path(__file__).parent / "cases"
# Own-worded sentences with invented figures; readings: territory, month, measure, industry, change, several after "|".
_SENTENCES = list(csv.DictReader((_CASES / "sentences.csv").open(encoding="utf-8")))
_PROSE = {row["id"]: row for row in csv.DictReader((_CASES / "prose.csv").open(encoding="utf-8"))}

Reading = tuple[str, str, str, str, str, float]


def _read(text: str, territory: str, period: str) -> set[Reading]:
    figures = reading_of(text, territory=territory or None, period=period or None).figures
    return {(one.indicator, one.territory, one.period, one.measure, one.industry, one.value_pct) for one in figures}


@pytest.mark.parametrize("row", _SENTENCES, ids=lambda row: row["text"][:50])
def test_turns_of_offices_and_newspapers(row: dict[str, str]) -> None:
    wanted = {
        ("iip", *fields[:4], float(fields[4])) for fields in map(str.split, filter(None, row["readings"].split("|")))
    }
    assert _read(row["text"], row["territory"], row["period"]) == wanted


def _proven(found: set[Reading]) -> set[Reading]:
    return {one for one in found if one[3] != "unknown"}


def _each(pattern: str, by: str) -> list[tuple[str, set[Reading], set[Reading]]]:
    """Every text with each match of a pattern replaced in turn: the text, what it says, what it said before."""
    found = []
    for row in _PROSE.values():
        context = (row["context_territory"], row["context_period"])
        before = _read(row["text"], *context)
        for match in re.finditer(pattern, row["text"]):
            text = row["text"][: match.start()] + match.expand(by) + row["text"][match.end() :]
            found.append((text, _read(text, *context), before))
    assert len(found) > 10
    return found


def test_a_negated_rise_is_no_rise() -> None:
    for text, found, before in _each(r"\b(tăng|giảm)(?= [^()]{0,12}\d)", r"không \1"):
        assert _proven(found) <= before, text


def test_a_rise_turned_into_a_fall_changes_the_sign_of_figures_and_nothing_else() -> None:
    for text, found, before in _each(r"\btăng(?= [\d,]+%)", "giảm"):
        for one in _proven(found) - before:
            assert (*one[:5], -one[5]) in before, text


def test_another_base_changes_the_measure_and_nothing_else() -> None:
    for text, found, before in _each(r"so với tháng trước", "so với cùng kỳ năm trước"):
        for one in _proven(found) - before:
            assert any(one[:3] == old[:3] and one[4:] == old[4:] for old in before), text


def test_a_base_that_lost_a_word_is_no_base_and_takes_no_other() -> None:
    for text, found, before in _each(r"so với (cùng )?(tháng|kỳ) (trước|năm trước)?", r"so với \2 "):
        assert _proven(found) <= before, text


def test_another_province_has_the_figure_or_nobody() -> None:
    for text, found, before in _each(r"Bắc Ninh", "Thanh Hóa"):
        for one in _proven(found) - before:
            assert one[1] in ("TH",), text


def test_no_phrase_stands_on_two_lists() -> None:
    lists = vocabulary()
    industries = [name for names in lists["industries"].values() for name in names]
    phrases = [*(phrase for kind, some in lists.items() if kind != "industries" for phrase in some), *industries]
    assert len(phrases) == len(set(phrases)), sorted(phrase for phrase in phrases if phrases.count(phrase) > 1)


@pytest.mark.parametrize(
    "day",
    [
        "6 October 2026",
        "October 6, 2026",
        "ngày 6 tháng 10 năm 2026",
        "ngày 06 tháng 10",
        "6/10/2026",
        "on October 6th",
    ],
)
def test_the_day_of_a_text_is_no_month_of_its_figures(day: str) -> None:
    text = f"Cục Thống kê tỉnh Bắc Ninh, {day}. Chỉ số sản xuất công nghiệp tháng 9/2026 tăng 2,15% so với tháng trước."
    (figure,) = reading_of(text).figures
    assert (figure.period, figure.release) == ("2026-09", "first")

"""Sentences in both languages come from the same facts, and a page with a hole in it is never built."""

import re
from typing import get_args

import pandas as pd
import pytest

from bn_analysis.cycle.phases import Phase
from bn_analysis.errors import BuildError
from bn_analysis.report.language.sentences import moved, say, words

MARCH = pd.Period("2024-03", freq="M")


def test_every_text_exists_in_both_languages_and_names_the_same_facts():
    def facts(text):
        return set(re.findall(r"{{\s*(\w+)", text))

    vi, en = words("vi"), words("en")
    assert list(vi) == list(en)
    assert {key: facts(text) for key, text in vi.items()} == {key: facts(text) for key, text in en.items()}


def test_vietnamese_texts_are_not_english():
    same = [
        key
        for key, text in words("vi").items()
        if text == words("en")[key] and re.search(r"[a-z]{4}", re.sub(r"{{.*?}}", "", text))
    ]
    assert same == []


@pytest.mark.parametrize("phase", get_args(Phase))
def test_every_phase_has_an_answer(phase):
    assert "Bắc Ninh" in say(f"answer.{phase}", "vi", territory="BN", at=MARCH)
    assert "March 2024" in say(f"answer.{phase}", "en", territory="BN", at=MARCH)


def test_rising_falling_and_flat_have_their_own_words():
    assert moved(7.34, "vi") == "tăng 7,3%"
    assert moved(-8.7, "vi") == "giảm 8,7%"
    assert moved(0.04, "vi") == moved(-0.04, "vi") == "không đổi"
    assert moved(-8.7, "en") == "down 8.7%"
    assert moved(None, "en") == "no data"


def test_a_low_base_is_named():
    facts = {"yoy": 7.34, "yoy_low": 5.0, "yoy_high": 9.0, "base": -32.7}
    low = say("why.base", "vi", **facts, low_base=True, high_base=False, calendar=None)
    assert "tăng 7,3%" in low and "giảm 32,7%" in low and "nền thấp" in low
    assert "nền" not in say("why.base", "vi", **facts, low_base=False, high_base=False, calendar=None)


def test_a_missing_sentence_or_fact_fails_the_build():
    with pytest.raises(BuildError, match=r"words/vi.yml: no sentence 'answer.unheard'"):
        say("answer.unheard", "vi")
    with pytest.raises(BuildError, match=r"words/en.yml, answer.contraction"):
        say("answer.contraction", "en", territory="BN")


@pytest.mark.parametrize(("calendar", "word"), [(18.4, "cao lên khoảng 18"), (-9.6, "thấp đi khoảng 10")])
def test_a_moved_tet_is_said_apart_from_the_base(calendar, word):
    facts = {"yoy": 15.2, "yoy_low": 13.0, "yoy_high": 17.0, "base": -6.0}
    said = say("why.base", "vi", **facts, low_base=False, high_base=False, calendar=calendar)
    assert word in " ".join(said.split()) and "nền" not in said


@pytest.mark.parametrize("measure", ["mom", "yoy", "ytd", "quarter_yoy"])
def test_an_index_from_one_measure_says_what_nothing_checks(measure):
    said = {language: say("index.one_measure", language, measure=measure, width=38.9) for language in ("vi", "en")}
    assert "rộng 39%" in str(said["vi"]) and "39% wide" in str(said["en"])
    assert ("cộng dồn" in str(said["vi"])) == (measure == "mom")

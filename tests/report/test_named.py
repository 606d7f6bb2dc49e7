"""Numbers with names: plain text to people, comparable on pages, never markup of what they hold."""

import pandas as pd
from markupsafe import Markup

from bn_analysis.report.elements.part import paragraph
from bn_analysis.report.elements.table import cell, table
from bn_analysis.report.language.named import joined, named
from bn_analysis.report.language.sentences import say

CHANCE = {"answer": "Đã thoát đáy.", "probability": 0.96, "territory": "VN", "at": "2026-07"}


def test_a_named_number_is_plain_text_and_in_html_bears_its_name():
    said = say("beside.text", "vi", **CHANCE)
    assert said == "Đã thoát đáy. Xác suất đã qua đáy: 96%."
    html = paragraph([said, "Một câu khác."]).html
    assert '<data value="probability VN 2026-07">96%</data>' in html and html.endswith("Một câu khác.</p>")


def test_sentences_inside_sentences_and_cells_keep_their_names():
    inner = say("beside.text", "vi", **CHANCE)
    outer = say("beside.text", "vi", **{**CHANCE, "answer": inner, "at": None})
    assert outer.__html__().count("<data") == 1
    assert "<data" in Markup("<td>{}</td>").format(cell(named("96%", "probability"), "vi"))
    assert joined(["a", named("1", "x"), ""]).__html__() == Markup('a <data value="x">1</data>')


def test_what_a_number_or_a_name_holds_is_never_markup():
    assert named("<b>", 'a">').__html__() == Markup('<data value="a&#34;&gt;">&lt;b&gt;</data>')


def test_a_screen_reader_is_given_the_text_of_a_caption_without_its_names():
    html = table(pd.DataFrame({"a": [1]}), "vi", caption=named("164%", "of peak"))
    assert 'aria-label="164%"' in html and '<caption><data value="of peak">164%</data></caption>' in html

"""Two days beside each other, a series of one's own, what is taken away and what is computed beforehand."""

import base64
import datetime as dt
import re
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring

from bn_analysis.cleaning.series_csv import read_series, write_table
from bn_analysis.cycle import turning_points
from bn_analysis.errors import InputError
from bn_analysis.report.elements.chart import Chart
from bn_analysis.report.elements.csv_link import read_csv_for_spreadsheets
from bn_analysis.report.explorer import view as view_module
from bn_analysis.report.explorer.beforehand import Beforehand
from bn_analysis.report.explorer.own_series import own_series, uploaded_series
from bn_analysis.report.explorer.two_days import two_days
from bn_analysis.report.explorer.view import Choice, explore
from bn_analysis.report.explorer.widgets import Explorer, OwnFile
from bn_analysis.report.pages.leadership.release_changes import levels
from bn_analysis.seasonal import adjust
from bn_analysis.settings import Settings

LABOUR = Choice("HN", "labour", as_of="2024-06-29")
EARLIER = "2023-12-29"


@pytest.fixture(scope="module")
def both():
    return two_days(LABOUR, EARLIER)


@pytest.fixture
def series_file(tmp_path):
    frame = explore(LABOUR).study.estimate.to_frame()["index"].rename("value").rename_axis("period").reset_index()
    write_table(frame, tmp_path / "Lao động.csv")
    return tmp_path / "Lao động.csv"


def test_each_of_two_days_says_what_it_says_alone(both):
    assert both.earlier.study.verdict == explore(replace(LABOUR, as_of=EARLIER)).study.verdict
    assert both.later.study.verdict == explore(LABOUR).study.verdict
    swapped = two_days(replace(LABOUR, as_of=EARLIER), LABOUR.as_of)
    assert swapped._repr_html_() == both._repr_html_()


def test_what_changed_between_two_days_is_said_with_both_probabilities(both):
    cards, said, drawn = both.pieces()
    assert cards.html.count('class="verdict') == 2
    then, now = both.earlier.study, both.later.study
    sentence = said.data["sentence"][0]
    assert f"có thêm {len(now.rates) - len(then.rates)} con số" in sentence
    for study in (then, now):
        assert f"xét tháng {study.at.month}/{study.at.year}" in sentence
    assert drawn.data.filter(like="29/12/2023").shape[1] == 2 == drawn.data.filter(like="29/6/2024").shape[1]
    before, after = levels(then, now)
    shared = before.index.intersection(after.index)[:-12][-12:]
    assert before.loc[shared, "seasonally_adjusted"].mean() == pytest.approx(100)
    assert after.loc[shared, "seasonally_adjusted"].mean() == pytest.approx(100)


def test_two_days_without_a_figure_between_them_say_so():
    said = two_days(LABOUR, "2024-06-30").pieces()
    assert "không có con số nào mới" in said[-1].html and len(said) == 2


def test_a_day_before_all_figures_stands_beside_the_other_in_words():
    said = two_days(LABOUR, "2011-01-01").pieces()
    assert len(said) == 1 and "chưa có con số nào" in said[0].html


def test_the_explorer_puts_another_day_beside_the_chosen_one():
    machine = Explorer(LABOUR)
    assert 'class="side-by-side"' not in machine.shown.value
    machine.against.value = EARLIER
    assert 'class="side-by-side"' in machine.shown.value and "Biết đến ngày 29/12/2023" in machine.shown.value
    machine.against.value = "none"
    assert 'class="side-by-side"' not in machine.shown.value


def test_a_series_of_ones_own_is_adjusted_and_dated_as_by_the_commands(series_file):
    found = own_series(series_file)
    adjusted = adjust(read_series(series_file))
    assert found.judged.adjustment.seasonally_adjusted.equals(adjusted.seasonally_adjusted)
    assert list(found.judged.turns) == list(turning_points(adjusted.seasonally_adjusted))
    html = found._repr_html_()
    assert html.count('class="verdict') == 1 and "Lao động, tháng 6/2024" in html
    taken = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="lao-dong.csv"', html)
    table = read_csv_for_spreadsheets(base64.b64decode(taken[1]), "vi")
    assert list(table.columns[:3]) == ["period", "value", "seasonally_adjusted"] and len(table) == len(adjusted.table)


@pytest.mark.parametrize(
    "text",
    [
        "", "period,value\n", "a,b\n", "period,value\n2024-01,x\n", "period,value\n2024-02,1\n2024-01,1\n",
        "period,value\n2024-01,1\n",
        "period,value\n" + "".join(f"20{y}-{m:02},7\n" for y in (20, 21, 22) for m in range(1, 13)),
    ],
)  # fmt: skip
def test_what_the_commands_refuse_is_refused_in_words(tmp_path, text):
    file = tmp_path / "của tôi.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        adjust(read_series(file).rename(file.stem))
    found = own_series(file)
    assert found.judged is None and str(refused.value) in found.message
    assert found.message.startswith("Không dùng được tệp này (") and " / " in found.message
    assert found._repr_html_().count("<p>") == 1


def test_a_file_by_the_browser_is_read_and_nothing_of_it_is_kept(series_file):
    box = OwnFile()
    content = memoryview(series_file.read_bytes())
    came = {"name": "../<b>tôi</b>.csv", "type": "", "size": 1, "content": content}
    box.upload.value = ({**came, "last_modified": dt.datetime(2024, 7, 1)},)
    assert box.series.judged is not None and "<b>" not in box.shown.value
    for name in ("..", "", "x" * 300 + ".csv", "a\\b\\c.csv"):
        assert "dòng 1: gặp các cột x, cần period,value" in uploaded_series(name, b"x", "vi").message
    assert "not a readable UTF-8" in uploaded_series("a.csv", b"PK\xff\xfe", "vi").message


def test_what_is_shown_can_be_taken_away_as_data_and_as_pictures():
    machine = Explorer(LABOUR)
    chart = next(piece for piece in machine.view.pieces() if isinstance(piece, Chart))
    kinds = dict(re.findall(r'href="data:image/([a-z+]+);base64,([^"]+)" download', machine.taken.value))
    assert set(kinds) == {"png", "svg+xml"}
    assert base64.b64decode(kinds["png"]).startswith(b"\x89PNG\r\n")
    svg = base64.b64decode(kinds["svg+xml"])
    words = "".join(fromstring(svg).itertext())
    assert chart.title.split(":")[0] in words and "var(" not in svg.decode()
    assert chart.picture("svg") == svg  # the same picture twice is the same file
    data = re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="chart-', machine.taken.value)[0]
    assert len(read_csv_for_spreadsheets(base64.b64decode(data), "vi")) == len(chart.data)


def test_a_day_computed_beforehand_is_not_computed_when_it_is_looked_at(monkeypatch):
    choices = [replace(LABOUR, as_of=day) for day in ("2022-06-29", "2022-09-29")]
    told = []
    ahead = Beforehand(choices, Settings(), lambda *heard: told.append(heard))
    ahead.wait()
    assert told == [(1, True), (2, True), (2, False)]

    def computes(*_):
        raise AssertionError("computed again")

    monkeypatch.setattr(view_module, "_compute", computes)
    assert [explore(choice).study.vintage for choice in choices] == ["2022-06-29", "2022-09-29"]
    with pytest.raises(AssertionError, match="computed again"):
        explore(replace(LABOUR, as_of="2022-03-29"))


def test_work_beforehand_that_nobody_wants_ends_and_tells_nothing():
    told = []
    ahead = Beforehand([replace(LABOUR, as_of="2021-06-29")] * 50, Settings(), lambda *heard: told.append(heard))
    ahead.stop()
    ahead.wait()
    assert told == []


def test_days_are_computed_beforehand_only_while_the_explorer_is_on_screen(monkeypatch):
    started, stopped = [], []

    class Watched:
        def __init__(self, choices, settings, told):
            started.append([choice.as_of for choice in choices])
            told(1, True)

        def stop(self):
            stopped.append(True)

    monkeypatch.setattr("bn_analysis.report.explorer.widgets.Beforehand", Watched)
    machine = Explorer(LABOUR)
    assert started == []
    machine._repr_mimebundle_()
    assert started[0][:2] == ["", machine.day.options[-2][1]] and len(started[0]) == len(machine.day.options)
    assert machine.progress.description == f"1/{len(started[0])} ngày"
    machine.day.value = EARLIER  # another day of the same series
    assert len(started) == 1
    machine.beforehand.value = False
    assert stopped == [True] and machine.progress.layout.display == "none"

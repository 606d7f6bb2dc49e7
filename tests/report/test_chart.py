"""A drawing says its values where a pointer rests, keeps names apart, and marks what it cuts off."""

import numpy as np
import pandas as pd
from defusedxml.ElementTree import fromstring
from matplotlib.figure import Figure

from bn_analysis.report.elements.chart import LINE_HEIGHT, SVG, chart, month_axis, name_lines
from bn_analysis.report.elements.heatmap import sparkline

MONTHS = pd.period_range("2024-01", periods=30, freq="M")


def test_a_pointer_on_a_month_reads_its_values():
    data = pd.DataFrame({"chỉ số": np.linspace(90, 119, 30)}, index=MONTHS)
    data.iloc[4] = np.nan

    def draw(axes, width):
        axes.plot(MONTHS.asi8, data["chỉ số"])
        month_axis(axes, MONTHS, "vi", width)

    drawn = chart(draw, "t", "d", data, "vi")
    wide = fromstring(drawn.svg["wide"])
    columns = [rect for rect in wide.iter(f"{{{SVG}}}rect") if rect.get("class") == "month"]
    said = [column.find(f"{{{SVG}}}title").text for column in columns]
    assert said[3:6] == ["4/2024\nchỉ số: 93,0", "5/2024", "6/2024\nchỉ số: 95,0"]
    lefts = [float(column.get("x")) for column in columns]
    assert len(columns) == 30 and lefts == sorted(lefts)
    _, _, width, _ = map(float, wide.get("viewBox").split())
    assert lefts[0] > 0 and lefts[-1] + float(columns[-1].get("width")) <= width
    assert 'class="month"' not in drawn.svg["narrow"]


def test_names_of_lines_that_end_together_do_not_lie_on_each_other():
    axes = Figure(figsize=(7.6, 3.2), dpi=72).add_subplot()
    axes.set_ylim(0, 200)
    name_lines(axes, [("a", 0, 149.0, "k"), ("b", 0, 150.0, "k"), ("c", 0, 151.0, "k"), ("d", 0, 20.0, "k")], "wide")
    heights = [axes.transData.transform((0, text.xy[1]))[1] + text.xyann[1] for text in axes.texts]
    apart = np.diff(sorted(heights))
    assert heights[:3] == sorted(heights[:3]) and (apart > 0.9 * LINE_HEIGHT).all()
    assert axes.texts[3].xyann[1] == 0


def test_a_small_line_marks_what_it_cuts_off_and_shows_a_month_alone():
    cut = sparkline(pd.Series([1.0, 40.0, 2.0]), "x", low=-25, high=25)
    assert 'class="cut"' in cut and 'class="cut"' not in sparkline(pd.Series([1.0, 25.0, 2.0]), "x", low=-25, high=25)
    alone = sparkline(pd.Series([1.0, np.nan, 3.0, np.nan, 2.0]), "x")
    assert alone.count("h0") == 3

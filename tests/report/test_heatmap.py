"""Heat maps stay tables and sparklines stay honest: shade and number agree, gaps stay gaps, text stays text."""

import re

import numpy as np
import pandas as pd
import pytest

from bn_analysis.report.elements.heatmap import heat_map, shade, sparkline
from bn_analysis.report.elements.small_line import small_line

MONTHS = pd.period_range("2024-01", periods=3, freq="M")


@pytest.mark.parametrize(
    ("change", "expected"),
    [(0.4, "h0"), (-0.99, "h0"), (1.0, "u1"), (-5.0, "d2"), (10.0, "u3"), (-80.0, "d3"), (np.nan, "none")],
)
def test_the_shade_says_what_the_number_says(change, expected):
    assert shade(change) == expected


def test_time_runs_from_left_to_right_and_a_gap_is_a_dash():
    frame = pd.DataFrame({"26": [1.0, np.nan, -12.4]}, index=MONTHS)
    html = heat_map(frame, {"26": "26 <b>x</b>"}, "vi", caption="c", heading="h")
    assert re.findall(r'<th scope="col">([^<]+)</th>', html.replace("\u200b", "")) == [
        "h",
        "1/2024",
        "2/2024",
        "3/2024",
    ]
    assert re.findall(r'<td class="(\w+)" data-heading="([^"]+)">([^<]+)</td>', html) == [
        ("u1", "1/2024", "1"),
        ("none", "2/2024", "–"),
        ("d3", "3/2024", "−12"),
    ]
    assert "26 &lt;b&gt;x&lt;/b&gt;" in html


def test_a_sparkline_breaks_at_a_gap_and_stays_inside_its_box():
    drawing = str(sparkline(pd.Series([1.0, 2.0, np.nan, 90.0, -90.0]), 'a "quoted" <label>', low=-25, high=25))
    assert drawing.split('"cut"')[0].count("M") == 2
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", drawing)]
    assert min(heights) == 2 and max(heights) == 28
    assert "&#34;quoted&#34; &lt;label&gt;" in drawing
    assert str(sparkline(pd.Series([np.nan]), "x")) == ""


def test_a_small_line_says_each_value_and_marks_the_threshold_without_an_image():
    html = small_line({"9/2025: 71%": 0.71, "<b>": 0.5}, "two <values>", 0.7)
    assert "top: 30.0%" in html and 'title="9/2025: 71%" style="left: 0.0%; top: 29.0%"' in html
    assert "&lt;b&gt;" in html and "two &lt;values&gt;" in html and "<svg" not in html

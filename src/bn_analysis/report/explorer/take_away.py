"""A chart → links that save its data as CSV and itself as a picture; all of it inside the page."""

import base64

from markupsafe import Markup

from bn_analysis.report.elements.chart import Chart, Picture
from bn_analysis.report.elements.csv_link import file_name
from bn_analysis.report.elements.part import Part
from bn_analysis.report.language.sentences import say

MEDIA: dict[Picture, str] = {"png": "image/png", "svg": "image/svg+xml"}


def take_away(chart: Chart) -> Part:
    """The links in one line, to stand below the chart."""
    language = chart.language
    links = [chart.data_link(say("explore.take.csv", language)), *(_picture(chart, kind) for kind in MEDIA)]
    line = Markup('<p class="note">{}: {}</p>').format(say("explore.take.text", language), Markup(" · ").join(links))
    return Part(str(line), chart.data)


def _picture(chart: Chart, kind: Picture) -> Markup:
    inside = base64.b64encode(chart.picture(kind)).decode()
    text = say("explore.take.picture", chart.language, kind=kind.upper())
    link = Markup('<a href="data:{};base64,{}" download="{}.{}">{}</a>')
    return link.format(MEDIA[kind], inside, file_name(chart.title), kind, text)

"""Result objects show themselves in JupyterLab: short, drawable, and no text of data is ever markup."""

import re
from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from bn_analysis.cycle import bottoming, turning_points
from bn_analysis.report.explorer.view import Choice, explore
from bn_analysis.seasonal import adjust

EVIL = "<script>alert('$x_$')</script>"
SHORT = 8_000
"""Characters of a summary: a screen, not a dump."""


@pytest.fixture(autouse=True)
def no_screen():
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


@pytest.fixture(scope="module")
def study():
    return explore(Choice("HN", "labour")).study


def steps(study):
    turns = turning_points(study.adjustment.seasonally_adjusted)
    return [study, study.estimate, study.adjustment, study.verdict, turns]


def drawn(shown):
    figure = shown if hasattr(shown, "canvas") else shown.figure
    figure.canvas.draw()
    return figure


def test_every_step_of_a_study_shows_itself(study):
    for step in steps(study):
        html = step._repr_html_()
        assert "<table" in html and len(html) < SHORT, type(step)
        assert study.verdict.phase in html or step not in (study, study.verdict)


def test_every_step_of_a_study_draws_itself(study):
    adjusted = study.adjustment.seasonally_adjusted
    for step in steps(study):
        figure = drawn(step.plot(adjusted) if hasattr(step, "troughs") else step.plot())
        assert figure.axes[0].lines or figure.axes[0].patches, type(step)


def test_what_is_shown_is_named_as_it_is_typed(study):
    for step in (study, study.estimate, study.adjustment, study.verdict):
        summary = step._repr_html_().partition("</table>")[0]
        names = re.findall(r"<th[^>]*>(\w+)</th>", summary)
        assert len(names) >= 5 and all(hasattr(step, name) for name in names), (type(step), names)


def test_text_from_data_is_never_markup_nor_mathematics(study):
    evil_figures = replace(study.estimate.figures, territory=EVIL)
    estimate = replace(study.estimate, figures=evil_figures, reason=EVIL, borrowed_from=EVIL, indicator=EVIL)
    adjustment = replace(study.adjustment, name=EVIL, reason=replace(study.adjustment.reason, code=EVIL))
    verdict = bottoming(study.draws, withheld=EVIL)
    whole = replace(study, estimate=estimate, adjustment=adjustment, verdict=verdict, vintage=EVIL)
    for step in (estimate, adjustment, verdict, whole):
        assert "<script" not in step._repr_html_() and "&lt;script" in step._repr_html_(), type(step)
        drawn(step.plot())


def test_nothing_found_is_shown_too():
    months = pd.period_range("2015-01", periods=60, freq="M")
    rising = pd.Series(100 * np.exp(0.005 * np.arange(60)), index=months, name="rising")
    turns = turning_points(rising)
    assert len(turns) == 0 and "2015-01 … 2019-12" in turns._repr_html_()
    drawn(turns.plot(rising))
    drawn(bottoming(rising.iloc[:12]).plot())
    assert "not_enough_data" in bottoming(rising.iloc[:12])._repr_html_()
    season = rising * (1 + 0.05 * np.sin(2 * np.pi * np.arange(60) / 12))
    drawn(adjust(season, method="stl").plot())

"""Exploring shows the numbers of the reports, moves through days of knowledge, and never a traceback."""

import os
import re
from dataclasses import replace

import nbformat
import pytest
from nbclient import NotebookClient

from bn_analysis.errors import InputError
from bn_analysis.report.elements.part import bare
from bn_analysis.report.explorer.catalogue import open_catalogue
from bn_analysis.report.explorer.trail import trail_chart, visit
from bn_analysis.report.explorer.view import METHODS, Choice, explore
from bn_analysis.report.explorer.widgets import Explorer
from bn_analysis.settings import Settings
from bn_analysis.study.store.notebooks import NOTEBOOKS
from bn_analysis.study.study import country, open_study

CELL_SECONDS = 120
LABOUR = Choice("HN", "labour")
PLAYED = "00_read_a_document", "02_index", "03_seasonal_adjustment", "explore"
"""Notebooks run here as in JupyterLab; the others are run, lab-only cells included, by every report that is built."""


def html(choice):
    return explore(choice)._repr_html_()


@pytest.mark.parametrize("territory", ["BN", "VN"])
def test_the_numbers_of_a_reported_series_are_those_of_its_report(territory):
    view, study = explore(Choice(territory)), open_study(territory)
    assert view.study.verdict == study.verdict
    assert view.study.draws.equals(study.draws)


def test_what_was_opened_alone_is_not_taken_for_the_country():
    with pytest.raises(InputError, match="HN TOTAL: a study without the country beside it"):
        country(explore(LABOUR).study)


def test_a_province_without_production_figures_has_its_labour():
    view = explore(LABOUR)
    assert view.study.estimate.name == "HN TOTAL" and view.study.estimate.indicator == "labour"
    assert len(view.study.draws) == 67
    shown = view._repr_html_()
    assert "Lao động trong công nghiệp Hà Nội" in shown and "sản xuất công nghiệp" not in shown.lower()


def test_an_industry_is_named_and_borrows_nothing_when_it_is_well_observed():
    # Later it is printed by the press only, in some months.
    view = explore(Choice("VN", industry="26", as_of="2025-02-28", language="en"))
    assert view.study.adjustment.method == "x13" and view.study.estimate.borrowed_from is None
    assert "Production of Viet Nam, Manufacture of computer, electronic" in view._repr_html_()


def test_a_too_early_day_says_what_is_missing():
    first, before = html(Choice("VN", as_of="2011-07-29")), explore(Choice("VN", as_of="2011-01-01"))
    assert "chưa đủ số liệu để kết luận" in first and "chuỗi chỉ dài 2 tháng" in first
    assert before.study is None and "con số đầu tiên công bố ngày 29/6/2011" in before.message


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice("HN"), r"\(HN không có số liệu 'iip'; cần labour / HN: no 'iip' figures; expected labour\)"),
        (Choice("XX"), r"\(địa bàn 'XX' không có số liệu.* / territory 'XX': no figures; expected one of BN"),
        (Choice("VN", industry="0510"), r"too few figures of industry '0510'"),
        (
            Choice("BN", as_of="31/3/2024"),
            r"\(as_of '31/3/2024': cần một ngày .* / as_of '31/3/2024': expected a day written YYYY-MM-DD\)",
        ),
        (
            Choice("BN", method="census"),
            r"\(method 'census': cần một trong .* / method 'census': expected one of auto, x13",
        ),
        (
            Choice("BN", language="fr"),
            r"\(language 'fr': cần một trong vi, en / language 'fr': expected one of vi, en\)",
        ),
        (replace(LABOUR, tet="<b>"), r"\(tet '<b>': cần một trong .* / tet '<b>': expected one of auto, none, 0…3"),
        (replace(LABOUR, tet="0…6"), r"\(HN TOTAL: điều chỉnh bằng structural, .*choose method x13"),
        (replace(LABOUR, method="x13", as_of="2020-01-31"), r"Chuỗi này chưa đủ số liệu .*expected at least 24"),
    ],
)
def test_a_bad_combination_shows_one_line(choice, said):
    view = explore(choice)
    assert view.study is None and "\n" not in view.message
    assert re.search(said, view.message)
    assert re.fullmatch(r"<p>[^<>]*</p>", bare(view._repr_html_()))  # text of a choice is never markup


def test_tet_can_stay_in_or_have_windows_of_ones_own():
    kept = explore(replace(LABOUR, tet="none", language="en"))
    assert "Season removed (Tết kept)" in kept._repr_html_() and kept.study.adjustment.tet.windows == ()
    chosen = explore(replace(LABOUR, method="x13", tet="−6…−1"))
    assert str(chosen.study.adjustment.tet) == "−6…−1"
    searched = explore(replace(LABOUR, method="x13"))
    assert not chosen.study.draws.equals(searched.study.draws)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_a_verdict_on_the_same_figures(method):
    study = explore(replace(LABOUR, method=method)).study
    assert study.estimate.n_figures == 126 and study.verdict.probability is not None
    assert method in ("auto", study.adjustment.method)


def test_what_can_be_chosen_is_what_has_figures():
    catalogue = open_catalogue()
    assert catalogue.territories()[:4] == ["BNM", "BN", "BG", "VN"] and len(catalogue.territories()) == 65
    assert catalogue.indicators("HN") == ["labour"] and catalogue.indicators("BNM") == ["iip"]
    assert catalogue.industries("BN", "iip") == ["TOTAL"]
    assert {"26", "C", "10"} < set(catalogue.industries("VN", "iip"))
    days = catalogue.days("VN", "iip", "TOTAL")
    assert len(days) == 182 and (days[0], days[-1]) == ("2011-06-29", "2026-08-03")


@pytest.fixture(scope="module")
def machine():
    return Explorer(replace(LABOUR, as_of="2023-12-31"))


def test_a_day_between_two_releases_opens_on_the_earlier(machine):
    assert machine.day.value == "2023-12-29" == machine.view.study.vintage


def test_the_slider_changes_the_vintage_and_leaves_a_trail(machine):
    machine.day.value = "2024-06-29"
    assert machine.view.study.vintage == "2024-06-29" and machine.view.study.at.month == 6
    assert "2 ngày đã xem" in machine.walked.value
    machine.day.value = ""
    assert machine.view.study.vintage == "2025-03-06" and "3 ngày đã xem" in machine.walked.value
    machine.method.value = "stl"  # other choices have a trail of their own
    assert "ngày đã xem" not in machine.walked.value and "không biết độ bất định" in machine.shown.value


def test_the_language_renames_everything_and_keeps_the_choice(machine):
    machine.method.value = "auto"
    before = machine.choice
    machine.language.value = "en"
    assert machine.choice == replace(before, language="en")
    assert machine.territory.description == "Territory" and "3 days visited" in machine.walked.value
    machine.language.value = "vi"


def test_another_territory_stays_in_the_same_past(machine):
    machine.day.value = "2024-06-29"
    machine.territory.value = "BG"
    assert machine.choice == Choice("BG", "labour", as_of="2024-06-29")
    assert machine.industry.options == (("Toàn ngành công nghiệp", "TOTAL"),)
    machine.day.value = ""
    machine.indicator.value = "iip"
    assert "chưa đủ số liệu để kết luận" in machine.shown.value and machine.status.value == ""


def test_days_without_a_verdict_stand_in_the_trail():
    days = ("2020-01-29", "2024-06-29")
    seen = [visit(explore(replace(LABOUR, as_of=day))) for day in days]
    assert visit(explore(Choice("HN"))) is None
    chart = trail_chart(seen, "en")
    assert chart.title.startswith("Probability that the trough has passed, as known on 29 June 2024")
    assert next(iter(chart.data["Verdict"])).startswith("not enough data")
    assert trail_chart(seen[:1], "vi").title.startswith("Chưa ngày nào")


def test_every_notebook_is_run_by_reports_or_here():
    assert {path.stem for path in Settings().notebooks.glob("*.ipynb")} == {*NOTEBOOKS, *PLAYED}


@pytest.mark.parametrize("name", PLAYED)
def test_a_notebook_runs_from_top_to_bottom_in_the_lab(name, monkeypatch):
    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if k != "BN_ANALYSIS_ROOT"})
    folder = Settings().notebooks
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=CELL_SECONDS, resources=resources).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs and not [each for each in outputs if each.output_type == "error"]
    assert not [each.text for each in outputs if each.get("name") == "stderr"]


def test_a_supposed_figure_changes_the_verdict_is_named_and_leaves_no_trace():
    told = explore(Choice("BN"))
    supposed = explore(Choice("BN", supposed="2025-07 yoy -20,0; 2025-07 mom -18"))
    assert supposed.study.at == told.study.at + 1
    assert supposed.study.verdict.probability < told.study.verdict.probability
    assert "số giả định, không phải số công bố: 2025-07 yoy -20,0" in supposed._repr_html_()
    assert explore(Choice("BN")).study.verdict == told.study.verdict
    assert "supposed" not in set(open_study("BN").rates["source"])


@pytest.mark.parametrize("text", ["2025-13 yoy 1", "yoy 7", "2025-07 yoy 7 8", "2025-07 gdp 7", "2031-01 yoy 1", "<b>"])
def test_a_figure_that_cannot_be_supposed_is_a_message(text):
    view = explore(Choice("BN", supposed=text))
    assert view.study is None and "giả định" in view.message
    assert "<b>" not in view._repr_html_()

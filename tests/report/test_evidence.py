"""A booked figure shows the clause it was read from, on demand and as plain text."""

import shutil
from types import SimpleNamespace

import pandas as pd
import pytest

from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.rates import read_rates
from bn_analysis.report.pages.evidence.data_review import all_figures, recent_figures

from ..built import ROOT

SENTENCE = "Chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 5/2025 giảm 1,65% so với tháng trước."


def study_of(rates, period="2025-05"):
    """What page 01 asks of a study."""
    return SimpleNamespace(rates=rates, at=pd.Period(period, freq="M"), parts=())


@pytest.mark.parametrize("show", [recent_figures, all_figures])
def test_the_clause_of_a_figure_is_folded_behind_its_source(tmp_path, show):
    raw = shutil.copytree(ROOT / "data" / "raw", tmp_path / "raw")
    text = tmp_path / "tin.txt"
    text.write_text(SENTENCE, encoding="utf-8")
    ingest([text], raw, "2025-06-05", confirmed=True)
    rates = read_rates(raw)
    rates = rates[(rates["territory"] == "BN") & (rates["period"] == "2025-05") & (rates["value_pct"] == -1.65)]
    assert len(rates)
    rates["url"] = rates["url"].str.replace("tháng trước", "<b>tháng trước</b>")
    html = show(study_of(rates), "vi").html
    folded = html.partition("giảm 1,65%")[0].rpartition("<details>")[2]
    assert "<summary>" in folded and "tin.txt, line 1" in folded and "</details>" not in folded
    assert "&lt;b&gt;tháng trước&lt;/b&gt;" in html and "<b>" not in html


def test_a_figure_without_a_clause_has_nothing_to_unfold():
    rates = read_rates(ROOT / "data" / "raw").query("territory == 'VN' and industry == 'TOTAL' and period == '2024-12'")
    assert len(rates) and "<details" not in recent_figures(study_of(rates, "2024-12"), "vi").html

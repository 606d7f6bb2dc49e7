"""A study: one set of numbers, wherever they stand."""

import json
from pathlib import Path

import pytest

from bn_analysis.cycle.ensemble import HORIZON, REGAIN_MONTHS, RELAPSE_MONTHS
from bn_analysis.report.language.sentences import words
from bn_analysis.study.study import alternatives, open_study

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.mark.parametrize(("territory", "as_of"), [("BN", ""), ("BN", "2024-03-31"), ("VN", "")])
def test_the_first_row_of_the_other_choices_is_the_verdict_itself(territory: str, as_of: str) -> None:
    study = open_study(territory, as_of=as_of, alone=territory == "VN")
    base = alternatives(study).iloc[0]
    assert (base["kind"], base["variant"]) == ("base", study.adjustment.method)
    assert base["probability"] == study.verdict.probability
    assert base["phase"] == study.verdict.phase


def test_prose_says_what_the_constants_say() -> None:
    for language, month in (("vi", "tháng"), ("en", "months")):
        said = words(language)
        assert f"{RELAPSE_MONTHS} {month}" in said["card.relapse"]
        assert f"{REGAIN_MONTHS} {month}" in said["card.regains"]
        cells = json.loads((NOTEBOOKS / "04_bottoming_out.ipynb").read_text(encoding="utf-8"))["cells"]
        prose = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        assert f"{HORIZON} {month}" in prose

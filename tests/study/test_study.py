"""A study: one set of numbers, wherever they stand."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.rates import vintage
from bn_analysis.cycle.paths.ensemble import HORIZON, REGAIN_MONTHS, RELAPSE_MONTHS
from bn_analysis.report.language.sentences import words
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import known_rates
from bn_analysis.study.study import alternatives, open_study, reference_estimate

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


def test_months_not_yet_printed_are_a_widening_band_beside_the_figures_and_no_verdict_rests_on_them() -> None:
    study = open_study("BNM", as_of="2026-09-01")  # the province printed until February, the country until July
    assert [str(month) for month in study.ahead.index] == [f"2026-{month:02d}" for month in range(3, 8)]
    for low, high in (("low80", "high80"), ("adjusted_low80", "adjusted_high80")):
        assert (study.ahead[high] / study.ahead[low]).is_monotonic_increasing
    last = study.estimate.to_frame().iloc[-1]
    assert study.ahead["high80"].iloc[0] / study.ahead["low80"].iloc[0] > last["high80"] / last["low80"]
    assert str(study.at) == str(study.draws.index[-1]) == str(study.estimate.frame.index[-1]) == "2026-02"


def test_a_province_that_ended_has_no_months_ahead() -> None:
    assert open_study("BN").ahead.empty


def test_days_between_two_releases_share_what_was_known(tmp_path: Path) -> None:
    settings = Settings(cache=tmp_path)
    release, later = (open_study("VN", as_of=day, settings=settings) for day in ("2026-05-06", "2026-05-20"))
    assert release.vintage == later.vintage <= "2026-05-06"
    assert (release.verdict.probability, release.verdict.phase) == (later.verdict.probability, later.verdict.phase)
    assert (release.parameters.as_of, later.parameters.as_of) == ("2026-05-06", "2026-05-20")
    pd.testing.assert_frame_equal(release.draws, later.draws)
    kinds = Counter(path.name.split("-")[0] for path in tmp_path.iterdir())
    assert kinds["study"] == 2 and kinds["reference"] == 1 + kinds["basis"] - 1


def test_the_country_of_a_study_is_the_reference_that_provinces_borrow_from(tmp_path: Path) -> None:
    settings = Settings(cache=tmp_path)
    study = open_study("VN", as_of="2023-06-29", settings=settings)
    pd.testing.assert_frame_equal(study.estimate.frame, reference_estimate("2023-06-29", settings).frame)
    assert study.estimate.frame.equals(reference_estimate("2023-07-05", settings).frame) == (
        vintage(known_rates(settings, "2023-07-05", "VN")) == study.vintage
    )


def test_what_a_reader_writes_into_rates_reaches_nobody_else() -> None:
    settings = Settings()
    mine = known_rates(settings, "", "BNM")
    mine["value_pct"] = 0.0
    mine.iloc[0, 0] = "labour"
    assert known_rates(settings, "", "BNM")["value_pct"].abs().max() > 1
    assert set(known_rates(settings, "", "BNM").iloc[:, 0]) == {"iip"}

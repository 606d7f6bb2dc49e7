"""The public face: five lines give the report's verdict, and nothing heavy is loaded before it is asked for."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import bn_analysis as bn

DAYS = {"BNM": ("",), "BN": ("", "2024-03-31"), "VN": ("", "2023-06-29")}


@pytest.mark.parametrize(("territory", "day"), [(code, day) for code, days in DAYS.items() for day in days])
def test_step_by_step_is_the_reports_verdict_to_the_last_digit(territory: str, day: str) -> None:
    rates = bn.read_rates()
    known = bn.as_of(rates, day) if day else rates
    index = bn.estimate_index(known, territory)
    adjusted = bn.adjust(index)
    study = bn.open_study(territory, as_of=day)
    pd.testing.assert_frame_equal(index.to_frame(), study.estimate.to_frame(), check_exact=True)
    assert bn.bottoming(adjusted) == study.verdict


def test_the_month_judged_may_lie_in_the_past() -> None:
    adjusted = bn.adjust(bn.estimate_index(bn.read_rates(), "BN"))
    assert bn.bottoming(adjusted, "2024-03") == bn.open_study("BN", "2024-03").verdict


def test_a_series_of_ones_own_goes_the_same_way() -> None:
    series = bn.open_study("VN").estimate.to_frame()["index"]
    adjusted = bn.adjust(series)
    assert adjusted.method == "x13"
    assert bn.bottoming(adjusted.seasonally_adjusted).probability is not None
    assert len(bn.turning_points(adjusted.seasonally_adjusted)) > 0


def test_the_founding_documents_figure_is_a_change_on_a_year_earlier() -> None:
    assert bn.which_base(7.34, "BN", "2024-03").idxmax() == "yoy"


def test_the_face_is_loaded_when_it_is_asked_for() -> None:
    code = (
        "import sys, bn_analysis as bn; heavy = {'pandas', 'matplotlib', 'scipy'} & set(sys.modules); "
        "assert not heavy, heavy; assert 'read_rates' in dir(bn); bn.as_of; assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        bn.guess  # noqa: B018


def test_a_study_reads_the_folders_it_was_opened_with(tmp_path: Path) -> None:
    import shutil

    from bn_analysis.report.pages.leadership.context import events
    from bn_analysis.settings import Settings
    from bn_analysis.study.releases import before
    from bn_analysis.study.study import open_study

    here = Settings()
    shutil.copytree(here.raw, tmp_path / "data" / "raw")
    (tmp_path / "notebooks").mkdir()
    study = open_study("BNM", settings=Settings(root=tmp_path))
    assert study.settings.root == tmp_path
    (tmp_path / "data" / "raw" / "events.csv").unlink()
    with pytest.raises(Exception, match=r"events\.csv"):
        events(study, study.at - 60, study.at)
    earlier = before(study)
    assert earlier is None or earlier.settings.root == tmp_path

"""Calibration: the share of paths becomes a probability that keeps what it promises."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cycle.calibrated_probability import Evidence, Source, calibrated, table
from bn_analysis.cycle.calibration.fit import COMMAND, fit, revision_profile
from bn_analysis.cycle.paths.revision_model import SHARED, TYPICAL
from bn_analysis.cycle.phases import DOUBT, thresholds

from .simulated import path, vintages

# Standard errors of the coefficients from 20,000 cases are about 0.02.
COEFFICIENT_ERROR = 0.08


def test_the_fit_finds_the_distortion_that_was_put_in() -> None:
    rng = np.random.default_rng(0)
    share = rng.uniform(0.01, 0.99, 20000)
    logit = 0.3 + 0.7 * np.log(share / (1 - share))
    rising = (rng.random(20000) < 1 / (1 + np.exp(-logit))).astype(float)
    assert fit(pd.DataFrame({"share": share, "rising": rising})) == pytest.approx((0.3, 0.7), abs=COEFFICIENT_ERROR)


@pytest.mark.parametrize(("source", "lowest", "highest"), [("levels", 0.05, 0.95), ("figures", 0.25, 0.75)])
def test_calibration_keeps_the_order_and_is_never_certain(source: Source, lowest: float, highest: float) -> None:
    for moved in Evidence._fields:
        values = [
            calibrated(Evidence(0.5, 0.5, 0.5)._replace(**{moved: share}), source) for share in np.linspace(0, 1, 51)
        ]
        assert (np.diff(values) >= 0).all()
    assert 0 < calibrated(Evidence(0, 0, 0), source) < lowest
    assert highest < calibrated(Evidence(1, 1, 1), source) < 1


def test_paths_that_say_nothing_leave_the_share_of_rising_months() -> None:
    """Where figures are too thin for any direction, the answer stays near how often production rises anyway."""
    assert 0.5 < calibrated(Evidence(0.5, 0.5, 0.5), "figures") < 0.7


def test_the_table_says_where_it_comes_from_and_what_it_was_made_for() -> None:
    assert table()["command"] == COMMAND
    assert table()["cases"] > 1000
    assert not {"VN", "US"} & set(table()["countries"])
    for source in ("levels", "figures"):
        call, keep = thresholds(source)
        assert 0 < keep <= DOUBT < call < 1


def test_the_typical_revision_is_the_one_that_was_measured() -> None:
    assert table()["revision_profile"] == pytest.approx(TYPICAL, abs=0.02)
    assert table()["revision_shared"] == pytest.approx(SHARED, abs=0.05)


def test_the_profile_of_unrevised_vintages_is_nil() -> None:
    by_year, _ = revision_profile([vintages(path([(120, 0.3)]), 60, revision=0.02)])
    assert max(by_year) < 0.05

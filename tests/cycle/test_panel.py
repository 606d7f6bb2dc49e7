"""The panel behind the calibration: vintages made month by month, and the figures of their proof."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bn_analysis.cycle.calibration.pseudo_vintages import FIRST_MONTHS, panel_vintages, pseudo_vintages, read_panel
from bn_analysis.cycle.calibration.validation import summary
from bn_analysis.cycle.replay.scores import score
from bn_analysis.errors import InputError

from .simulated import path
from .test_scores import told


def raw(months: int) -> pd.Series:
    season = np.resize(np.array([-9, -4, 2, 1, 2, 1, -8, -12, 2, 3, 5, 6.0]), months)
    return path([(months, 0.3)], noise=1.0) * np.exp(season / 100)


def test_a_vintage_knows_the_months_until_its_own_and_no_later_one() -> None:
    series = raw(FIRST_MONTHS + 2)
    table = pseudo_vintages(series)
    assert [str(vintage) for vintage in table.columns] == [str(series.index[-k] + 1) for k in (3, 2, 1)]
    pd.testing.assert_series_equal(table.iloc[:, 0], pseudo_vintages(series.iloc[:-2]).iloc[:, 0].reindex(table.index))
    # The season is gone: what is left moves less than the raw series by far.
    assert table.iloc[:, -1].pct_change().std() < 0.5 * series.pct_change().std()


def test_vintages_are_kept_and_read_again_for_the_same_series_only(tmp_path: Path) -> None:
    panel = pd.DataFrame({"AA": raw(FIRST_MONTHS + 1)})
    first = panel_vintages(panel, tmp_path, jobs=1)["AA"]
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    pd.testing.assert_frame_equal(first, panel_vintages(panel, tmp_path, jobs=1)["AA"])
    assert kept.stat().st_mtime_ns == written
    doubled = panel_vintages(panel * 2, tmp_path, jobs=1)["AA"]
    np.testing.assert_allclose(doubled.to_numpy(), 2 * first.to_numpy(), rtol=1e-6)


def test_a_panel_without_dates_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text("month,AA\n2020-01,100\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected a column date"):
        read_panel(file)


def test_figures_of_several_replays_are_pooled() -> None:
    series = path([(48, 0.5), (12, -1.0), (40, 0.5)], noise=0)
    early = score(told({"2009-02": "contraction", "2010-02": "bottomed_out"}), series)
    never = score(told({"2009-02": "contraction"}), series)
    figures = summary([early, never])
    assert figures["troughs"] == 2
    assert figures["missed"] == 1
    assert figures["mean_delay"] == early.mean_delay
    assert figures["cases"] == len(early.cases) + len(never.cases)

"""Henderson's trend-cycle beside the published weights of X-11."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.seasonal.methods.henderson import henderson_weights, musgrave_weights, trend_cycle

# Ladiray & Quenneville 2001, tables of the 13-term filter; Musgrave's last row for I/C = 3.5.
CENTRE = [-0.01935, -0.02786, 0.0, 0.06549, 0.14736, 0.21434, 0.24006]
LAST = [-0.092, -0.058, 0.012, 0.120, 0.244, 0.353, 0.421]


def test_the_weights_are_those_of_x11() -> None:
    weights = henderson_weights(13)
    assert weights[:7] == pytest.approx(CENTRE, abs=1e-5)
    assert weights[::-1] == pytest.approx(weights)
    assert musgrave_weights(weights, 0) == pytest.approx(LAST, abs=1e-3)


@pytest.mark.parametrize("ahead", range(7))
def test_every_end_filter_keeps_a_constant(ahead: int) -> None:
    assert musgrave_weights(henderson_weights(13), ahead).sum() == pytest.approx(1.0)


def test_a_cubic_trend_stays_and_noise_goes() -> None:
    months = pd.period_range("2015-01", periods=60, freq="M")
    t = np.linspace(-1, 1, 60)
    cubic = pd.Series(np.exp(0.3 * t - 0.4 * t**3), months)
    inside = slice(6, -6)
    np.testing.assert_allclose(trend_cycle(cubic)[inside], cubic[inside], rtol=1e-9)
    noise = np.exp(0.05 * np.random.default_rng(0).standard_normal(60))
    smooth = trend_cycle(cubic * noise)
    assert np.log(smooth).diff().std() < 0.3 * np.log(cubic * noise).diff().std()


@pytest.mark.parametrize("months", [1, 4, 5, 6, 12, 13, 14])
def test_short_series_have_a_trend_for_every_month(months: int) -> None:
    level = pd.Series(100.0, pd.period_range("2025-01", periods=months, freq="M"))
    assert trend_cycle(level).to_numpy() == pytest.approx(level.to_numpy())

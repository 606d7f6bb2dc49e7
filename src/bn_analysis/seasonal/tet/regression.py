"""A series X-13 cannot serve → its Tết windows and their effects, by least squares on month-to-month changes."""

import numpy as np
import pandas as pd

from bn_analysis.robust import robust_scale
from bn_analysis.seasonal.tet.effect import EFFECT_COLUMNS, NO_TET, TetEffect
from bn_analysis.seasonal.tet.window_selection import choose, ranked
from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS, Windows, tet_regressors, window_grid

FAR_OFF = 4.0
"""Robust standard deviations beyond which a change is left out of least squares."""

FEWEST_CHANGES = 24
"""Month-to-month changes below which no Tết effect is looked for: two of each calendar month."""

REGRESSION_GAIN = 10.0
"""AICC to gain over no window: least squares ignores that changes are autocorrelated, so chance gains more than in X-13
(simulated airline series of 84 months without Tết: more than 10 in 5 %)."""


def regression_effect(values: pd.Series) -> TetEffect:
    """Tết windows by least squares on month-to-month changes, and their effects.

    Parameters
    ----------
    values : pandas.Series
        Logs, or levels where components add; NaN in gaps.
    """
    if values.diff().notna().sum() < FEWEST_CHANGES:
        return NO_TET
    scores = score_by_regression(values)
    windows = choose(scores, REGRESSION_GAIN)
    return TetEffect(windows, scores, window_effects(values, windows))


def window_effects(values: pd.Series, windows: Windows) -> pd.DataFrame:
    """Effect of each window on the level, with its ordinary least-squares standard error."""
    if not windows:
        return pd.DataFrame(columns=list(EFFECT_COLUMNS))
    changes, months = ordinary_changes(values)
    x = change_design(windows, months)
    estimate, *_ = np.linalg.lstsq(x, changes, rcond=None)
    residual = changes - x @ estimate
    variance = residual @ residual / (len(changes) - x.shape[1])
    # Gaps and far-off changes may leave a calendar month with none: the pseudo-inverse still serves the windows.
    error = np.sqrt(variance * np.diag(np.linalg.pinv(x.T @ x, hermitian=True)))
    rows = [(str(window), b, se, b / se) for window, b, se in zip(windows, estimate[12:], error[12:], strict=True)]
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))


def holiday_part(effect: TetEffect, months: pd.PeriodIndex) -> pd.Series:
    """Tết effect by month, on the scale of the regression."""
    if not effect.windows:
        return pd.Series(0.0, index=months)
    return pd.Series(
        tet_regressors(effect.windows, months).to_numpy() @ effect.effects["estimate"].to_numpy(), index=months
    )


def score_by_regression(logs: pd.Series) -> pd.DataFrame:
    """AICC of every choice of windows by least squares on month-to-month changes with a mean for each calendar month.

    For series X-13 cannot serve. Months that `ordinary_changes` leaves out are left out of every
    score alike.

    Parameters
    ----------
    logs : pandas.Series
        Log levels (or levels, where components add), NaN in gaps.

    Returns
    -------
    pandas.DataFrame
        As `score_by_x13`.
    """
    changes, months = ordinary_changes(logs)

    def score(windows: Windows) -> float:
        x = change_design(windows, months)
        residual = changes - x @ np.linalg.lstsq(x, changes, rcond=None)[0]
        n, k = len(changes), x.shape[1] + 1
        variance = float(np.mean(residual**2))
        if n - k - 1 <= 0 or variance <= 0:
            return float("nan")
        return n * np.log(variance) + 2 * k * n / (n - k - 1)

    grid = window_grid(len(logs))
    return ranked(grid, [score(windows) for windows in grid])


def ordinary_changes(logs: pd.Series) -> tuple[np.ndarray, pd.PeriodIndex]:
    """Month-to-month changes and their months, without the far-off ones.

    Far off: more than `FAR_OFF` robust standard deviations from what calendar
    month and the default Tết windows explain.
    """
    changes = logs.diff().dropna()
    months = pd.PeriodIndex(changes.index)
    x, y = change_design(DEFAULT_WINDOWS, months), changes.to_numpy()
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    kept = np.abs(residual) <= FAR_OFF * robust_scale(residual, centre=0.0) + 1e-12
    return y[kept], months[kept]


def change_design(windows: Windows, months: pd.PeriodIndex) -> np.ndarray:
    """Regressors of month-to-month changes: a mean for each calendar month, then the changes of the Tết windows."""
    season = np.eye(12)[months.month.to_numpy() - 1]
    if not windows:
        return season
    steps = tet_regressors(windows, months).to_numpy() - tet_regressors(windows, months - 1).to_numpy()
    return np.column_stack([season, steps])

"""Days around Tết → regressors for any model, and the grid of windows among which AICC chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import tet_regressor

BEFORE_DAYS = (3, 6, 10, 15, 20)
"""Lengths in days tried for the window that ends on the eve of Tết."""

FROM_DAYS = (3, 6, 9, 13, 20)
"""Last days tried for the window that opens on the first day of Tết (6: the usual week off)."""

GRID_MONTHS = 84
"""Months from which the whole grid is scored: seven Tết days, at least two of them in January."""

KNOWN_YEARS = (1902, 2090)
"""Years whose Tết, and that of the years around and ahead that regressors reach into, the calendar knows."""

WEEK_AFTER = (7, 13)
"""A further window for slow returns to work, tried behind the window 0…6 only."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A run of days counted from the first day of Tết (0); −6…−1 is the six days before."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}…{self.last}".replace("-", "−")


Windows = tuple[Window, ...]

DEFAULT_WINDOWS: Windows = (Window(-6, -1), Window(0, 6))
"""Windows used where no search is possible: the week off and the six days before it."""


def window_grid(n_months: int) -> tuple[Windows, ...]:
    """Choices of windows to score, the choice of none first; a short series has too few Tết to tell many apart."""
    if n_months < GRID_MONTHS:
        return ((), (Window(0, 6),), DEFAULT_WINDOWS)
    before: list[Windows] = [(), *((Window(-days, -1),) for days in BEFORE_DAYS)]
    since: list[Windows] = [(), *((Window(0, day),) for day in FROM_DAYS), (Window(0, 6), Window(*WEEK_AFTER))]
    return tuple(early + late for early, late in product(before, since))


def tet_is_known(months: pd.PeriodIndex) -> bool:
    """Whether regressors can be made for a series over these months."""
    return bool(KNOWN_YEARS[0] <= months[0].year and months[-1].year <= KNOWN_YEARS[1])


def label(windows: Sequence[Window]) -> str:
    """Name of a choice of windows, as printed in the table of scores."""
    return " + ".join(map(str, windows)) or "none"


def tet_regressors(windows: Sequence[Window], months: pd.PeriodIndex) -> pd.DataFrame:
    """Regressors of several windows.

    Parameters
    ----------
    windows : sequence of Window
    months : pandas.PeriodIndex
        Monthly in order of time, gaps allowed, shape (T,).

    Returns
    -------
    pandas.DataFrame
        Shape (T, k): share of each window's days that falls into the month, less its mean over the calendar month
        (Bell & Hillmer 1983), so that neither level nor season moves into the Tết effect.
    """
    rows = months.asi8 - months[0].ordinal
    columns = [_regressor(window, months[0], int(rows.max()) + 1)[rows] for window in windows]
    names = [str(window) for window in windows]
    return pd.DataFrame(np.array(columns).reshape(len(windows), len(months)).T, index=months, columns=names)


@lru_cache(maxsize=256)
def _regressor(window: Window, first: pd.Period, n: int) -> np.ndarray:
    """One regressor over consecutive months; kept, because the same windows and months come back many times."""
    return tet_regressor(pd.period_range(first, periods=n, freq="M"), window.first, window.last).to_numpy()

"""Published rates of one series → `IndexEstimate`."""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from bn_analysis.index.model.observations import Figures, read_figures
from bn_analysis.index.result import IndexEstimate
from bn_analysis.index.solve import last_month, solve

DEFAULT_BASES = {"BN": 2023, "VN": 2015}
"""Calendar year whose mean is 100, by territory, where the index covers it; else its first twelve months."""
WELL_OBSERVED = 60
"""Months with an m/m or y/y of their own from which a series learns its own seasonal pattern and scales."""


# Threads of the linear algebra only wait for each other on matrices this small: 30 times slower on a busy machine.
@threadpool_limits.wrap(limits=1, user_api="blas")
def estimate(
    rates: pd.DataFrame,
    *,
    prior_from: IndexEstimate | None = None,
    base: str | int | None = None,
    end: str | pd.Period | None = None,
) -> IndexEstimate:
    """Estimate the index of one series from its published rates.

    Every rate is a noisy statement about one log level; trend, seasonal, Tết and irregular are its prior; errors are
    Student-t, so that misprints lose their weight; scales maximise the marginal likelihood.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table of published rates of one territory, industry and indicator.
    prior_from : IndexEstimate, optional
        Reference from which the seasonal pattern, the Tết effects and the error scales are borrowed when the series has
        fewer than `WELL_OBSERVED` months with an m/m or y/y of their own; without it such a series gets weakly
        informative defaults.
    base : str or int, optional
        Year ("2015") or month ("2015-06") whose mean is 100; default by territory (`DEFAULT_BASES`).
    end : str or pandas.Period, optional
        Last month of the estimate, YYYY-MM; months after the last figure are extrapolated and labelled so. Default: the
        last month with a figure.

    Returns
    -------
    IndexEstimate

    Raises
    ------
    InputError
        Rates of several series, an impossible or repeated figure, a stretch of more than 36 months without any figure,
        months that nothing ties down, or a base outside the index.

    References
    ----------
    Rue & Held 2005; Chan & Jeliazkov 2009; Harvey 1989 (structural model); Lange, Little & Taylor 1989 (Student-t).
    """
    figures = read_figures(rates)
    sparse = _own_months(figures) < WELL_OBSERVED
    last = last_month(figures, end)
    return solve(figures, prior_from if sparse else None, _default_base(figures, last) if base is None else base, last)


def _own_months(figures: Figures) -> int:
    """Months with an m/m or y/y of their own."""
    return len(np.unique(figures.month[figures.table["measure"].isin(["mom", "yoy"]).to_numpy()]))


def _default_base(figures: Figures, last: int) -> int | None:
    """The usual base year of a territory where its months are all there."""
    year = DEFAULT_BASES.get(figures.territory)
    if year is None:
        return None
    january = pd.Period(year=year, month=1, freq="M").ordinal
    covered = figures.first_month <= january and january + 11 <= last
    return year if covered else None

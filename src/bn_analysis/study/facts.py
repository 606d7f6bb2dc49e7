"""A study → the numbers its sentences and charts name, each with its uncertainty, computed in one place."""

import numpy as np
import pandas as pd

from bn_analysis.cycle.falls import Range
from bn_analysis.study.study import Study


def momentum(study: Study) -> Range | None:
    """Change of the adjusted index, last three months against the three before, per cent; None near the beginning."""
    window = study.draws.loc[study.at - 5 : study.at]
    if len(window) < 6:
        return None
    return _range(100 * (window.iloc[3:].mean() / window.iloc[:3].mean() - 1))


def year_on_year(study: Study, month: pd.Period) -> Range | None:
    """Change of the index on the same month a year earlier, per cent; None where the index does not reach back."""
    implied = study.implied_yoy
    if month not in implied.index or pd.isna(implied.at[month, "value_pct"]):
        return None
    row = implied.loc[month]
    return Range(float(row["value_pct"]), float(row["low80"]), float(row["high80"]))


def adjusted_year_on_year(study: Study, month: pd.Period) -> float | None:
    """Change of the adjusted index on a year earlier, per cent: how low the base was, Tết aside; None without one."""
    adjusted = study.adjustment.seasonally_adjusted
    if month not in adjusted.index or month - 12 not in adjusted.index:
        return None
    return float(100 * (adjusted[month] / adjusted[month - 12] - 1))


def calendar_part(study: Study, month: pd.Period) -> float | None:
    """Points of the change on a year earlier that a moved Tết and other days make; None without a year before."""
    calendar = study.adjustment.factors()["calendar"]
    if month not in calendar.index or month - 12 not in calendar.index:
        return None
    return float(100 * (calendar[month] / calendar[month - 12] - 1))


def month_on_month_sd(levels: pd.Series) -> float:
    """Standard deviation of the monthly change of an index, percentage points."""
    return float(100 * np.log(levels).diff().std())


def _range(values: pd.Series) -> Range:
    low, middle, high = np.quantile(values.to_numpy(), [0.1, 0.5, 0.9])
    return Range(float(middle), float(low), float(high))


def chained_mom(rates: pd.DataFrame) -> pd.Series:
    """What chaining the printed month-on-month changes would give, first month = 100: shown as a warning, never used.

    Parameters
    ----------
    rates : pandas.DataFrame
        Published rates of one series.

    Returns
    -------
    pandas.Series
        From the first month with a printed change to the last of the unbroken run of them; empty without any.
    """
    mom = rates[(rates["measure"] == "mom") & (rates["release"] == "first")]
    if mom.empty:
        return pd.Series(dtype=float)
    changes = mom.groupby("period")["value_pct"].first()
    months = pd.PeriodIndex(changes.index, freq="M")
    run = months[: int(np.argmax(np.append(np.diff(months.asi8) != 1, True))) + 1]
    factors = 1 + changes.to_numpy()[1 : len(run)] / 100
    return pd.Series(100 * np.cumprod([1.0, *factors]), index=run)

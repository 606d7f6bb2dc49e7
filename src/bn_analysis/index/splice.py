"""Estimates of a territory before and after its borders changed → one series, explicitly joined and labelled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.index.model.observations import parse_month
from bn_analysis.index.model.posterior import level_draws, span_of
from bn_analysis.index.result import IndexEstimate

DRAWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """Two estimates joined at a month.

    Attributes
    ----------
    frame : pandas.DataFrame
        Columns index, low80, high80, status, territory by month, on the scale of the old estimate.
    label : str
        What was joined to what, where and on which months the scale rests.
    factor : float
        By which the new index was multiplied.
    """

    frame: pd.DataFrame
    label: str
    factor: float


def splice(old: IndexEstimate, new: IndexEstimate, at: str | pd.Period = "2025-07", *, seed: int = 0) -> Splice:
    """Join two estimates: the old one before a month, the new one from that month on.

    The new index is scaled so that both have the same mean over the months before `at` that both know, which includes
    the year before its first figure to which its y/y refer. This takes the two territories to have moved alike over
    those months: an act of its own, never a default.

    Parameters
    ----------
    old, new : IndexEstimate
        Of the same industry and indicator.
    at : str or pandas.Period
        First month of the new series, YYYY-MM.
    seed : int
        Of the draws behind the bands, which include the uncertainty of the link.

    Returns
    -------
    Splice

    Raises
    ------
    InputError
        Different industries or indicators, no common month before `at`, or a month between the two that none covers.
    """
    month = parse_month(at, "at")
    if (old.industry, old.indicator) != (new.industry, new.indicator):
        raise InputError(f"splice: found {old.name} {old.indicator} and {new.name} {new.indicator}; expected the same")
    before = _modelled(old, seed)
    after = _modelled(new, seed + 1)
    common = before.index.intersection(after.index)
    common = common[common < month]
    if len(common) == 0 or month not in after.index or month - 1 not in before.index:
        raise InputError(
            f"splice: {old.name} covers {before.index[0]}…{before.index[-1]}, {new.name} {after.index[0]}…"
            f"{after.index[-1]}; expected both to meet at {month} and to share a month before it"
        )
    factors = before.loc[common].mean() / after.loc[common].mean()
    kept = before[(before.index < month) & (before.index >= old.frame.index[0])]
    draws = pd.concat([kept, after[after.index >= month] * factors])
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=1)
    frame = pd.DataFrame({"index": middle, "low80": low, "high80": high}, index=draws.index)
    status = pd.concat([old.frame["status"], new.frame["status"]])
    frame["status"] = status[~status.index.duplicated()].reindex(frame.index).fillna("interpolated")
    frame["territory"] = np.where(frame.index < month, old.territory, new.territory)
    label = (
        f"{old.territory} until {month - 1}, {new.territory} from {month}, "
        f"joined on their mean of {common[0]}…{common[-1]} ({old.base} = 100 for {old.territory})"
    )
    return Splice(frame, label, float(factors.median()))


def _modelled(estimate: IndexEstimate, seed: int) -> pd.DataFrame:
    """Draws of every modelled month, also of those before the first figure that its rates refer to."""
    model = estimate.model
    span = span_of(model, model.first_month)
    return level_draws(model, estimate.fit, span, estimate.base_rows, DRAWS, seed, adjusted=False)

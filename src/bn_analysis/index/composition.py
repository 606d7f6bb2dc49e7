"""A joint fit of a territory and its parts → how large each part is, its own index and what it contributes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError
from bn_analysis.index.model.posterior import Span, add_up, log_levels, state_draws
from bn_analysis.index.model.posterior_mode import Fit
from bn_analysis.index.model.precision.band_cholesky import Array
from bn_analysis.index.model.state_space import Model

DRAWS = 2000
"""Draws behind the bands of shares and contributions: an end of an 80 % band is within 1.3 points of its rank."""
SEED = 0
"""Of the draws behind bands of shares and contributions: one for all, so that the same inputs give the same bytes."""
_LOW, _HIGH = 0.1, 0.9  # ends of the 80 % band, as everywhere in this project


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """What a territory is made of.

    Attributes
    ----------
    parts : dict of str to str or None
        Last month of each part's own borders, by code; None where they still stand.
    weight_period : str
        Calendar year over which the weights are taken.
    weights : pandas.DataFrame
        By part: weight, low80, high80 (share of the whole's level in that year), prior (share before any rate; NaN
        where nothing was known).
    model, fit, span
        What shares and contributions are computed from.
    """

    parts: dict[str, str | None]
    weight_period: str
    weights: pd.DataFrame
    model: Model
    fit: Fit
    span: Span

    def shares(self) -> pd.DataFrame:
        """Share of each part in the level of the whole by month: columns (part, share | low80 | high80)."""
        return _banded(_shares(_levels(self.model, self.fit)), "share", list(self.parts), self.span, 1.0)

    def part(self, code: str) -> pd.DataFrame:
        """Index of one part, its mean over `weight_period` = 100: columns index, low80, high80 by month."""
        if code not in self.parts:
            raise InputError(f"part: found {code!r}, expected one of {', '.join(self.parts)}")
        months = _months(self.model)
        level = np.exp(_levels(self.model, self.fit)[..., list(self.parts).index(code)])
        index = 100.0 * level / level[:, months.year == int(self.weight_period)].mean(axis=1, keepdims=True)
        frame = _banded(index[..., None], "index", [code], self.span, 1.0)
        return frame[code]

    def contributions(self, lag: int = 12) -> pd.DataFrame:
        """Percentage points by which each part moved the whole: columns (part | total, points | low80 | high80).

        Parameters
        ----------
        lag : int
            12 for the change on a year earlier, 1 for that on the month before; NaN where that is not modelled.
        """
        level = np.exp(_levels(self.model, self.fit))
        moved = np.full_like(level, np.nan)
        moved[:, lag:] = (level[:, lag:] - level[:, :-lag]) / level[:, :-lag].sum(axis=-1, keepdims=True)
        moved = np.concatenate([moved, moved.sum(axis=-1, keepdims=True)], axis=-1)
        return _banded(moved, "points", [*self.parts, "total"], self.span, 100.0)


def compose(
    model: Model,
    fit: Fit,
    span: Span,
    parts: Mapping[str, str | None],
    year: int,
    prior: Mapping[str, float] | None,
) -> Composition:
    """The composition of a joint fit, weights taken over a calendar year."""
    inside = _months(model).year == year
    size = np.exp(_levels(model, fit)[:, inside]).sum(axis=1)
    share = size / size.sum(axis=1, keepdims=True)
    low, middle, high = np.quantile(share, [_LOW, 0.5, _HIGH], axis=0)
    weights = pd.DataFrame({"weight": middle, "low80": low, "high80": high}, index=list(parts))
    weights["prior"] = [np.nan if prior is None else prior[code] for code in parts]
    return Composition(dict(parts), str(year), weights, model, fit, span)


def _levels(model: Model, fit: Fit) -> Array:
    """Draws of the parts' log levels, shape (draws, T, parts), adding up to the whole as the index draws it.

    That is linear around the mode: with a split that is hardly known, the sum of the drawn parts would lie above it.
    """
    logs = log_levels(model, state_draws(fit, DRAWS, SEED))
    whole = add_up(log_levels(model, fit.x)).drawn(logs)
    return logs + (whole - np.logaddexp.reduce(logs, axis=-1))[..., None]


def _shares(levels: Array) -> Array:
    size = np.exp(levels - levels.max(axis=-1, keepdims=True))
    return np.asarray(size / size.sum(axis=-1, keepdims=True))


def _months(model: Model) -> pd.PeriodIndex:
    return pd.period_range(pd.Period(ordinal=model.first_month, freq="M"), periods=model.months)


def _banded(draws: Array, name: str, columns: list[str], span: Span, unit: float) -> pd.DataFrame:
    """Draws (n, T, K) → their median and 80 % band by month of the span."""
    low, middle, high = unit * np.quantile(draws[:, span.rows], [_LOW, 0.5, _HIGH], axis=0)
    frames = {
        code: pd.DataFrame({name: middle[:, i], "low80": low[:, i], "high80": high[:, i]}, index=span.months)
        for i, code in enumerate(columns)
    }
    return pd.concat(frames, axis=1)

"""An index estimated from published rates → its seasonal adjustment, the uncertainty of the index carried along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError, bilingual
from bn_analysis.seasonal.adjust import AskedMethod, Holiday, adjust
from bn_analysis.seasonal.methods.henderson import trend_cycle
from bn_analysis.seasonal.methods.x13 import from_run
from bn_analysis.seasonal.result import COLUMNS, NO_FORECASTS, NO_OUTLIERS, Reason, SeasonalAdjustment
from bn_analysis.seasonal.review import by_the_book
from bn_analysis.seasonal.revision_draws import EnsembleSampler, RevisionSampler
from bn_analysis.seasonal.specification_book import Book
from bn_analysis.seasonal.tet.effect import EFFECT_COLUMNS, NO_TET, TetEffect
from bn_analysis.seasonal.tet.window_selection import add_windows, add_working_days
from bn_analysis.seasonal.tet.windows import Window, Windows
from bn_analysis.seasonal.x13.binary import TIME_LIMIT
from bn_analysis.seasonal.x13.run import run
from bn_analysis.seasonal.x13.specification import months_of

if TYPE_CHECKING:  # whoever adjusts a plain series need not load the index room
    from bn_analysis.index.result import IndexEstimate

WELL_OBSERVED_MONTHS = 60
"""Months, all observed, from which X-13 is trusted with an estimated index: five of each calendar month."""


@dataclass(frozen=True, slots=True, eq=False)
class PosteriorSampler:
    """Draws of the structural estimate itself, times the Tết factor that was left in (shape (T,); None for none)."""

    estimate: IndexEstimate
    left_in: pd.Series | None = None

    def __call__(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n adjusted levels."""
        draws = self.estimate.adjusted_draws(n, seed)
        return draws if self.left_in is None else draws.mul(self.left_in, axis=0)


def from_estimate(
    estimate: IndexEstimate,
    method: AskedMethod = "auto",
    holiday: Holiday = "tet",
    *,
    book: Book | None = None,
    jobs: int = 2,
    time_limit: float = TIME_LIMIT,
) -> SeasonalAdjustment:
    """Adjust an estimated index.

    With at least `WELL_OBSERVED_MONTHS` months, every one observed, X-13 adjusts the index and `draws` joins two
    uncertainties: of the index (draws of it adjusted with the specification fixed) and of the adjustment (revisions
    to come). Otherwise the adjustment inside the estimate stands: it knows which months were hardly observed.

    Parameters
    ----------
    estimate : IndexEstimate
    method, holiday, jobs, time_limit
        As for `adjust`; any `method` but ``auto`` overrules this, and ``structural`` means the estimate's own.
    book : Book, optional
        Where X-13 serves by itself, the review in force on the day of the newest figure says how; where there is none,
        everything is identified.

    Returns
    -------
    SeasonalAdjustment
        ``reason.code`` is ``sparse`` or ``short``; ``well_observed`` or ``book_damaged`` where everything was
        identified; else as of `by_the_book`.

    Raises
    ------
    InputError, NotEnoughDataError, X13Error
        As `adjust`.
    """
    frame = estimate.to_frame()
    hindrance = _hindrance(frame)
    if method == "structural" or (method == "auto" and hindrance is not None):
        return _structural(estimate, hindrance or Reason("asked"), tet=holiday == "tet")
    series = frame["index"].rename(estimate.name)
    entry = book.entry(estimate.name, estimate.vintage) if book is not None and method == "auto" else None
    if entry is not None and holiday == "tet":
        adjusted = by_the_book(entry, series, jobs=jobs, time_limit=time_limit)
    else:
        adjusted = adjust(series, method, holiday, jobs=jobs, time_limit=time_limit)
        if isinstance(adjusted.sampler, RevisionSampler):
            adjusted = replace(adjusted, reason=_identified(method, len(frame), book.fault if book else ""))
    if isinstance(adjusted.sampler, RevisionSampler):
        adjusted = replace(adjusted, sampler=EnsembleSampler(estimate, adjusted.sampler))
    return replace(adjusted, estimate=estimate)


def _identified(method: AskedMethod, months: int, fault: str) -> Reason:
    """Why X-13 adjusted an index and identified everything."""
    if method != "auto":
        return Reason("asked", {"months": months})
    return Reason("book_damaged", {"words": fault}) if fault else Reason("well_observed", {"months": months})


def with_windows(estimate: IndexEstimate, adjusted: SeasonalAdjustment, windows: Windows) -> SeasonalAdjustment:
    """An X-13 adjustment of an estimated index again with Tết windows of one's own choice, all else kept.

    Parameters
    ----------
    estimate : IndexEstimate
    adjusted : SeasonalAdjustment
        Of it, with windows searched for: transform, model, calendar and outliers are taken from here.
    windows : tuple of Window
        Empty for none.

    Raises
    ------
    InputError
        The adjustment was not made by X-13, whose windows alone are free.
    X13Error
        X-13 cannot estimate these windows.
    """
    if adjusted.specification is None:
        raise InputError(
            bilingual(
                f"{estimate.name}: điều chỉnh bằng {adjusted.method}, tự tìm Tết; "
                "chọn phương pháp x13, hoặc không đặt cửa sổ",
                f"{estimate.name}: adjusted by {adjusted.method}, which finds Tết by itself; "
                "choose method x13, or leave the windows to it",
            )
        )
    months = months_of(adjusted.table)
    given = adjusted.specification
    fixed = given.with_(regressors=None, usertypes=())
    fixed = add_windows(add_working_days(fixed, months) if "td" in given.usertypes else fixed, windows, months)
    series = adjusted.table["value"].rename(estimate.name)
    again = from_run(series, run(fixed, series), windows, NO_TET.scores, Reason("asked"))
    sampler = again.sampler
    if isinstance(sampler, RevisionSampler):
        sampler = EnsembleSampler(estimate, sampler)
    return replace(again, sampler=sampler, estimate=estimate)


def _hindrance(frame: pd.DataFrame) -> Reason | None:
    unobserved = int((frame["status"] != "observed").sum())
    if unobserved:
        return Reason("sparse", {"months": len(frame), "unobserved": unobserved})
    if len(frame) < WELL_OBSERVED_MONTHS:
        return Reason("short", {"months": len(frame), "needed": WELL_OBSERVED_MONTHS})
    return None


def _structural(estimate: IndexEstimate, reason: Reason, *, tet: bool) -> SeasonalAdjustment:
    """The estimate's own decomposition; without `tet` its Tết factor is put back into the adjusted series."""
    parts = estimate.components()
    table = pd.DataFrame({column: parts["index" if column == "value" else column] for column in COLUMNS})
    table["tet"] = parts["tet"] if tet else 1.0
    if not tet:
        table["seasonally_adjusted"] *= parts["tet"]
    # The model's own trend takes every shock that lasts: right for a forecast, no picture of the trend-cycle.
    table["trend"] = trend_cycle(table["seasonally_adjusted"])
    table["irregular"] = table["seasonally_adjusted"] / table["trend"]
    table["calendar"] = table["tet"]
    return SeasonalAdjustment(
        name=estimate.name,
        table=table,
        method="structural",
        reason=reason,
        multiplicative=True,
        tet=_effect(estimate) if tet else NO_TET,
        outliers=NO_OUTLIERS,
        diagnostics={},
        grades=(),
        forecasts=NO_FORECASTS,
        specification=None,
        sampler=PosteriorSampler(estimate, None if tet else parts["tet"]),
        estimate=estimate,
    )


def _effect(estimate: IndexEstimate) -> TetEffect:
    """Windows of the index model with the effects that it estimated; none where Tết was not seen."""
    effects = estimate.tet_effects()
    if np.allclose(effects["estimate"], 0.0):
        return NO_TET
    windows = tuple(Window(first, last) for first, last in effects.index)
    effects.insert(0, "window", [str(window) for window in windows])
    return TetEffect(windows, NO_TET.scores, effects.reset_index(drop=True)[list(EFFECT_COLUMNS)])

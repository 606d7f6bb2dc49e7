"""Turns the table of published rates into the verdicts as they could be given at the end of each past month."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from bn_analysis.cleaning.rates import as_of, select
from bn_analysis.cycle.bottoming import bottoming
from bn_analysis.cycle.phases import Phase
from bn_analysis.cycle.second_opinions import opinions
from bn_analysis.cycle.verdict import Bottoming
from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.seasonal import from_estimate

DRAWS = 200
SHOWN = ("probability", "phase", "trough", "trough_low", "trough_high")


def replay_releases(
    rates: pd.DataFrame,
    territory: str,
    days: pd.PeriodIndex,
    *,
    reference: str = "VN",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Judge the total of a territory at the end of each month, from the figures released until then.

    Parameters
    ----------
    rates : DataFrame
        Table of published rates of every territory.
    territory : str
        Territory judged.
    days : PeriodIndex
        Months, in order, at the end of which knowledge is cut off.
    reference : str
        Territory from which a sparse one borrows its seasonal pattern, as known on the same day.
    seed : int
        Seed of draws and simulation.
    progress : callable, optional
        Called with (months done, months in all).

    Returns
    -------
    DataFrame
        One row a month: `vintage`, `last_period` (last month with a figure), `probability`, `phase`, `trough`,
        `trough_low`, `trough_high`, then what each second opinion said of the adjusted index: `markov_filtered`,
        `markov_smoothed`, `three_months`, `yoy_sign`.

    Raises
    ------
    InputError
        Nothing is known of the territory by the end of the last month.
    """
    total = select(rates, territory)
    if as_of(total, str(days[-1].end_time.date())).empty:
        raise InputError(f"replay_releases: no figure of {territory!r} was released by the end of {days[-1]}")
    rows: list[dict[str, object]] = []
    phase: Phase | None = None
    for done, day in enumerate(days, start=1):
        known = as_of(rates, str(day.end_time.date()))
        row = _row(known, territory, reference, phase, seed)
        phase = row["phase"]  # type: ignore[assignment]
        rows.append({"vintage": str(day)} | row)
        if progress is not None:
            progress(done, len(days))
    return pd.DataFrame(rows)


def _row(known: pd.DataFrame, territory: str, reference: str, phase: Phase | None, seed: int) -> dict[str, object]:
    own = select(known, territory)
    last = own["period"].max() if len(own) else None
    try:
        index = _index(known, territory, reference)
        adjustment = from_estimate(index)
        verdict = bottoming(
            adjustment.draws(DRAWS, seed),
            at=last,
            previous=phase or "not_enough_data",
            seed=seed,
            flip=False,
            enough_data=True if index.enough_data else "few_figures",
        )
        others = {each.name: each.says for each in opinions(adjustment.seasonally_adjusted.loc[:last])}
    except NotEnoughDataError:
        verdict, others = None, {}
    return {"last_period": last} | _shown(verdict) | others


def _index(known: pd.DataFrame, territory: str, reference: str) -> IndexEstimate:
    own = select(known, territory)
    if own.empty:
        raise NotEnoughDataError(f"replay_releases: nothing known of {territory!r} yet")
    if territory == reference:
        return estimate(own)
    others = select(known, reference)
    return estimate(own, prior_from=estimate(others) if len(others) else None)


def _shown(verdict: Bottoming | None) -> dict[str, object]:
    plain = verdict.to_dict() if verdict is not None else {"phase": "not_enough_data"}
    return {name: plain.get(name) for name in SHOWN}

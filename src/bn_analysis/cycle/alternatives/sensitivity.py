"""Turns one verdict into those that other defensible choices would have given: what it hangs on, and what not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from bn_analysis.cycle.bottoming import N_PATHS, bottoming, judge_ensemble
from bn_analysis.cycle.paths.shock_scenarios import SHOCKS, Shock, build_with_shock
from bn_analysis.cycle.phases import Phase
from bn_analysis.cycle.verdict import Bottoming
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import IndexEstimate, estimate_territory
from bn_analysis.seasonal import Book, SeasonalAdjustment, from_estimate, with_windows
from bn_analysis.seasonal.adjust import AskedMethod
from bn_analysis.seasonal.tet.windows import Windows
from bn_analysis.settings import DRAWS

METHODS: tuple[AskedMethod, ...] = ("x13", "structural")
# Other choices of Tết windows shown: the best by AICC after the one in use.
OTHER_WINDOWS = 3
# Suspect figures left out one by one: those of the last months, which the verdict can hang on.
SUSPECT_MONTHS = 36
COLUMNS = ["kind", "variant", "probability", "phase", "trough", "failure"]


Choice = tuple[str, str, Callable[[], Bottoming]]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What a verdict was given on.

    Attributes
    ----------
    rates : DataFrame
        Published rates of one territory and industry.
    index : IndexEstimate
        Estimated from them.
    adjustment : SeasonalAdjustment
        Of that index.
    at : Period
        Month judged.
    reference : IndexEstimate or None
        From which the index borrows, where it does.
    previous : Phase or None
        Phase announced the month before.
    draws : Mapping
        Method → adjusted draws as `draws_by` makes them, where they are at hand: months judged alike share them.
    n_draws : int
        Draws behind every choice, as many as behind the verdict.
    book : Book or None
        Reviewed specifications by which the index was adjusted.
    """

    rates: pd.DataFrame
    index: IndexEstimate
    adjustment: SeasonalAdjustment
    at: pd.Period
    reference: IndexEstimate | None = None
    previous: Phase | None = None
    draws: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    n_draws: int = DRAWS
    book: Book | None = None


def sensitivity(subject: Subject, *, seed: int = 0) -> pd.DataFrame:
    """Judge the same month under other choices.

    Parameters
    ----------
    subject : Subject
        What the verdict was given on.
    seed : int
        Seed of draws and simulation.

    Returns
    -------
    DataFrame
        One row a choice: `kind` (base | method | tet_windows | last_shock | without_figure), `variant`,
        `probability`, `phase`, `trough` (text), `failure` (why a choice could not be judged; else empty).
    """
    rows: list[tuple[object, ...]] = []
    for kind, variant, judged in _choices(subject, seed):
        try:
            verdict = judged()
        except BnAnalysisError as error:
            rows.append((kind, variant, None, "not_enough_data", None, str(error)))
            continue
        trough = str(verdict.trough) if verdict.trough is not None else None
        rows.append((kind, variant, verdict.probability, verdict.phase, trough, None))
    return pd.DataFrame(rows, columns=COLUMNS)


def _choices(subject: Subject, seed: int) -> Iterator[Choice]:
    used = subject.adjustment
    yield "base", used.method, partial(_base, subject, seed)
    for method in METHODS:
        if method != used.method:
            yield "method", method, partial(_by_method, subject, method, seed)
    for choice in _other_windows(used):
        name = " + ".join(str(window) for window in choice) or "none"
        yield "tet_windows", name, partial(_by_windows, subject, choice, seed)
    if subject.at == used.table.index[-1]:
        for shock in SHOCKS:
            yield "last_shock", shock, partial(_by_shock, subject, shock, seed)
    for row, figure in _recent_suspects(subject):
        yield "without_figure", figure, partial(_without, subject, row, seed)


def _judged(draws: pd.DataFrame | pd.Series, subject: Subject, seed: int) -> Bottoming:
    return bottoming(draws, at=subject.at, previous=subject.previous, seed=seed, flip=False)


def _base(subject: Subject, seed: int) -> Bottoming:
    return _judged(_drawn(subject, subject.adjustment.method, seed), subject, seed)


def _drawn(subject: Subject, method: AskedMethod, seed: int) -> pd.DataFrame:
    known = subject.draws.get(method)
    return draws_by(method, subject.index, subject.adjustment, subject.n_draws, seed) if known is None else known


def draws_by(
    method: AskedMethod, index: IndexEstimate, adjustment: SeasonalAdjustment, n_draws: int, seed: int
) -> pd.DataFrame:
    """Draws of an index adjusted by a method, months × draws; `adjustment` is taken where it is of that method.

    Raises
    ------
    InputError, NotEnoughDataError, X13Error
        The method cannot adjust this index.
    """
    used = adjustment if method == adjustment.method else from_estimate(index, method=method)
    return used.draws(n_draws, seed)


def _by_method(subject: Subject, method: AskedMethod, seed: int) -> Bottoming:
    return _judged(_drawn(subject, method, seed), subject, seed)


def _other_windows(adjustment: SeasonalAdjustment) -> list[Windows]:
    """Choices of Tết windows that X-13 scored best behind the one in use; none where X-13 was not used."""
    if adjustment.specification is None or adjustment.tet.scores.empty:
        return []
    others = [choice for choice in adjustment.tet.scores["choice"] if choice != adjustment.tet.windows]
    return [*others[:OTHER_WINDOWS], *([()] if adjustment.tet.windows and () not in others[:OTHER_WINDOWS] else [])]


def _by_windows(subject: Subject, choice: Windows, seed: int) -> Bottoming:
    """Adjusted again by X-13 with the same model, the Tết windows replaced."""
    return _judged(with_windows(subject.index, subject.adjustment, choice).draws(subject.n_draws, seed), subject, seed)


def _by_shock(subject: Subject, shock: Shock, seed: int) -> Bottoming:
    draws = _drawn(subject, subject.adjustment.method, seed)
    ensemble = build_with_shock(100 * np.log(draws.to_numpy().T), N_PATHS, shock, np.random.default_rng(seed))
    return judge_ensemble(ensemble, draws.index[-1], subject.at, subject.previous)


def _recent_suspects(subject: Subject) -> list[tuple[pd.Series, str]]:
    suspects = subject.index.suspects
    recent = suspects[pd.PeriodIndex(suspects["period"], freq="M") > subject.at - SUSPECT_MONTHS]
    return [(row, f"{row['period']} {row['measure']} {row['value_pct']:g}") for _, row in recent.iterrows()]


def _without(subject: Subject, suspect: pd.Series, seed: int) -> Bottoming:
    keys = ["territory", "period", "measure", "value_pct", "release_date"]
    same = (subject.rates[keys].astype(str) == suspect[keys].astype(str)).all(axis=1)
    code, end = subject.index.territory, subject.adjustment.table.index[-1]
    index = estimate_territory(subject.rates[~same], code, prior_from=subject.reference, end=end)
    return _judged(from_estimate(index, book=subject.book).draws(subject.n_draws, seed), subject, seed)

"""Printed rates of provinces of known history → what the whole chain says month by month, beside the truth."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from bench.chain_scores import impossible
from bench.printed_provinces import COUNTRY, WHOLE, Half, Pattern, Province, country, provinces, read_half, shift_of
from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.cycle import Bottoming, bottoming
from bn_analysis.cycle.alternatives.markov import fit_markov, probabilities
from bn_analysis.cycle.replay.scores import true_phase
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import IndexEstimate
from bn_analysis.index import estimate as estimate_index
from bn_analysis.settings import SEED
from bn_analysis.study import steps

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
DRAWS = 500
"""Draws behind each judgement: a probability of one half has a sampling error of 2.2 points."""
N_PATHS = 1000
YEARS = tuple(range(2006, 2021, 2))
"""Panel years moved to 2025: windows of two years, side by side."""
DAYS = tuple(str(month.end_time.date()) for month in pd.period_range("2023-06", "2026-09", freq="M"))
"""Days of knowledge: the ends of the months in which the provinces that are judged were printed."""
OF_PARTS = tuple(day for day in DAYS if day < "2025-08")
EVERY: Mapping[Pattern, int] = {"BN": 1, "holes": 8, "complete": 8, "BNM": 4}
"""Of how many months one is judged, another one for each country; delays need all of them."""
MARKOV_EVERY = 4


def run_chain(
    held_out: bool,
    seed: int,
    *,
    every: Mapping[Pattern, int] = EVERY,
    years: tuple[int, ...] = YEARS,
    countries: int | None = None,
    jobs: int = 2,
) -> pd.DataFrame:
    """Judge the provinces of one half of the panel.

    Parameters
    ----------
    held_out : bool
        The half that nothing is fitted on, or the fitting half.
    seed : int
        Of the errors of the prints.
    every : mapping of pattern to int
        Patterns, and of how many months one is judged.
    years : tuple of int
        Windows.
    countries : int, optional
        Only the first ones.
    jobs : int
        Processes.

    Returns
    -------
    DataFrame
        One row a judged month: pattern, name, year, day (of knowledge), last (month judged), rising (the truth, 1 or
        0), trough (the true one last passed, ordinal), reasons, evidence (rising_paths, half_year, quarter),
        probability, old (what the table for levels makes of the same paths), regained, low and high (ordinals of the
        trough's interval), impossible (statements of the verdict that contradict each other), yoy (newest printed,
        per cent), markov.
    """
    half = read_half(held_out, countries)
    rates = read_rates(RAW)
    scale = estimate_index(select(rates, COUNTRY)).hyperparameters
    work = delayed(partial(_window, half, rates, scale, seed))
    merged = {pattern: step for pattern, step in every.items() if pattern == WHOLE}
    alone = {pattern: step for pattern, step in every.items() if pattern != WHOLE}
    middle = len(OF_PARTS) // 2
    tasks = [
        work(year, chosen, days)
        for year in years
        for chosen, days in ((alone, OF_PARTS[:middle]), (alone, OF_PARTS[middle:]), (merged, DAYS[len(OF_PARTS) :]))
        if chosen
    ]
    return pd.DataFrame([row for rows in Parallel(n_jobs=jobs)(tasks) for row in rows])


def kept_cases(kept: Path | None, held_out: bool, seed: int) -> pd.DataFrame:
    """The judged months of `run_chain`: from a CSV file where it exists, else computed and kept where one is named."""
    if kept is not None and kept.exists():
        return pd.read_csv(kept)
    cases = run_chain(held_out, seed)
    if kept is not None:
        cases.to_csv(kept, index=False)
    return cases


def _window(
    half: Half,
    rates: pd.DataFrame,
    scale: dict[str, float],
    seed: int,
    year: int,
    every: Mapping[Pattern, int],
    days: tuple[str, ...],
) -> list[dict[str, object]]:
    """Every province of a year as known on some days; the country's estimate of a day is shared by all."""
    around = country(half, year, rates, scale, seed)
    made = [each for pattern in every for each in provinces(half, year, pattern, rates, scale, seed)]
    rows = []
    for day in days:
        due = [each for each in made if _due(each, day, every[each.pattern])]
        known_around = as_of(around, day)
        if not due or known_around.empty:
            continue
        reference = steps.index_of(known_around, COUNTRY)
        rows += [row for each in due if (row := _judged(each, year, day, known_around, reference)) is not None]
    return rows


def _due(province: Province, day: str, every: int) -> bool:
    """Whether figures of the province came in the month that ends on the day, and it is this month's turn."""
    own = select(province.rates, province.code)
    if (DAYS.index(day) + sum(map(ord, province.name))) % every or own.empty:
        return False
    return bool(own["release_date"].str.startswith(day[:7]).any())


def _judged(
    province: Province, year: int, day: str, around: pd.DataFrame, reference: IndexEstimate
) -> dict[str, object] | None:
    """One row; None where the truth of the month is not settled."""
    known = as_of(province.rates, day)
    own = select(known, province.code)
    last = pd.Period(own["period"].max(), freq="M")
    rising = true_phase(province.dates, pd.PeriodIndex([last - shift_of(year)]))[0]
    if np.isnan(rising):
        return None
    passed = [trough for trough in province.dates.troughs if trough < last - shift_of(year)]
    printed = own[(own["measure"] == "yoy") & (own["release"] != "forecast")].sort_values(["period", "release_date"])
    row: dict[str, object] = {
        "pattern": province.pattern, "name": province.name, "year": year, "day": day, "last": str(last),
        "rising": rising, "trough": passed[-1].ordinal + shift_of(year) if passed else np.nan,
        "yoy": printed["value_pct"].iloc[-1] if len(printed) else np.nan,
    }  # fmt: skip
    try:
        index = steps.index_of(pd.concat([known, around]), province.code, reference)
        adjusted = steps.adjust(index)
        draws = adjusted.draws(DRAWS, SEED)
        verdict = bottoming(
            draws,
            at=last,
            withheld=adjusted.withheld,
            previous="not_enough_data",
            seed=SEED,
            n_paths=N_PATHS,
            flip=False,
        )
    except BnAnalysisError as error:
        return row | {"reasons": str(error)}
    row |= _said(verdict)
    if verdict.probability is not None and (DAYS.index(day) + sum(map(ord, province.name))) % MARKOV_EVERY == 0:
        row["markov"] = _markov(adjusted.seasonally_adjusted.loc[:last])
    return row


def _said(verdict: Bottoming) -> dict[str, object]:
    if verdict.probability is None:
        return {"reasons": ",".join(verdict.reasons)}
    dated = verdict.trough_low is not None and verdict.trough_high is not None
    return {
        "reasons": "", "rising_paths": verdict.share, "half_year": verdict.half_year, "quarter": verdict.quarter,
        "probability": verdict.probability, "regained": verdict.regained,
        "low": verdict.trough_low.ordinal if dated else np.nan,
        "high": verdict.trough_high.ordinal if dated else np.nan, "impossible": len(impossible(verdict)),
    }  # fmt: skip


def _markov(adjusted: pd.Series) -> float:
    try:
        return float(probabilities(adjusted, fit_markov(adjusted))["filtered"].iloc[-1])
    except BnAnalysisError:
        return np.nan

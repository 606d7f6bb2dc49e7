"""Turns a table of vintages into the verdict of every vintage, each from what was known then and nothing later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import starmap
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bn_analysis.cycle.bottoming import judge_ensemble
from bn_analysis.cycle.data_sufficiency import shortcomings
from bn_analysis.cycle.paths.ensemble import build
from bn_analysis.cycle.paths.revision_model import past_revisions, revision_draws
from bn_analysis.cycle.phases import Phase, next_phase
from bn_analysis.cycle.replay.checkpoint import Checkpoint, Judged
from bn_analysis.cycle.replay.vintages import check_vintages, without_faults

N_PATHS = 1000  # half of those of a verdict: hundreds of vintages are judged; sampling error 1.6 points at one half
COLUMNS = ["vintage", "last_period", "probability", "phase", "trough"]


def replay(
    vintages: pd.DataFrame,
    *,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
    checkpoint: Path | None = None,
) -> pd.DataFrame:
    """Judge every vintage from that vintage and the earlier ones.

    Parameters
    ----------
    vintages : DataFrame
        Adjusted levels; monthly PeriodIndex, one column a vintage under a PeriodIndex of vintage months, in order,
        missing where not yet published (as `read_vintages` gives it).
    seed : int
        Seed of the simulation, the same for every vintage.
    jobs : int
        Number of processes; one is this one, whatever backend ``joblib.parallel_config`` names.
    progress : callable, optional
        Called with (vintages done, vintages in all).
    checkpoint : Path, optional
        File that keeps what is done, so that a killed replay of the same table goes on where it stood.

    Returns
    -------
    DataFrame
        One row a vintage, in order: `vintage`, `last_period` (text YYYY-MM), `probability` that the trough of the
        latest fall has passed (missing where not enough data), `phase`, `trough` (text YYYY-MM, empty where none).
        The phase carries over from vintage to vintage by the hysteresis of `phases`.

    Raises
    ------
    InputError
        The table is not a vintage table in order.

    Notes
    -----
    A vintage that cannot be right (`vintages.faults`) is judged not_enough_data and used for no other.
    """
    check_vintages(vintages)
    vintages = without_faults(vintages)
    done = Checkpoint.open(checkpoint, vintages, seed) if checkpoint is not None else None
    judged = list(done.rows) if done is not None else []
    total = vintages.shape[1]
    if progress is not None and judged:
        progress(len(judged), total)
    for row in judge_vintages(vintages, range(len(judged), total), seed, jobs):
        judged.append(row)
        if done is not None:
            done.add(row)
        if progress is not None:
            progress(len(judged), total)
    return as_replay(announced(judged))


def as_replay(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Rows under the columns of a replay, with the same types whatever they hold."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({name: "float64" if name == "probability" else "str" for name in COLUMNS})


def judge_vintages(vintages: pd.DataFrame, columns: Iterable[int], seed: int, jobs: int) -> Iterator[Judged]:
    """Judgements of the given columns, in order, before hysteresis; each from that column and those before it."""
    from joblib import Parallel, delayed  # not needed to judge one month

    logs = 100 * np.log(vintages.to_numpy(dtype=float))
    # What a task needs is drawn out here: handing the whole table to every process costs more than the judgement.
    tasks = ((*_known(logs[:, : column + 1], vintages, column), seed) for column in columns)
    if jobs == 1:  # joblib would not see it so within a task of a dask cluster: all would go back to the scheduler
        return starmap(_one, tasks)
    judged: Iterator[Judged] = Parallel(n_jobs=jobs, return_as="generator")(delayed(_one)(*task) for task in tasks)
    return judged


def _known(
    logs: NDArray[np.float64], vintages: pd.DataFrame, column: int
) -> tuple[str, pd.Series, NDArray[np.float64]]:
    """Name and path of the newest vintage, and the revisions of earlier prints it shows."""
    path = pd.Series(logs[:, -1], index=vintages.index).dropna()
    return str(vintages.columns[column]), path, past_revisions(logs) if len(path) else np.empty((0, 0))


def _one(vintage: str, path: pd.Series, revisions: NDArray[np.float64], seed: int) -> Judged:
    if path.empty:
        return Judged(vintage, None)
    last = path.index[-1]
    if shortcomings(np.exp(path / 100).to_frame(), last):
        return Judged(vintage, str(last))
    draws = revision_draws(path.to_numpy(), N_PATHS, np.random.default_rng(seed), revisions)
    # Judged as if a call stood, so that the month it would name is at hand; hysteresis follows in `announced`.
    ensemble = build(draws, N_PATHS, np.random.default_rng(seed), "levels")
    verdict = judge_ensemble(ensemble, last, last, "bottomed_out")
    trough = str(verdict.trough) if verdict.trough is not None else None
    return Judged(vintage, str(last), verdict.share, verdict.probability, verdict.regained, trough)


def announced(rows: Iterable[Judged]) -> Iterator[tuple[str, str | None, float | None, Phase, str | None]]:
    """Rows of the result, with the phases as they would have been announced one after the other."""
    phase: Phase | None = None
    for row in rows:
        if row.probability is None or row.regained is None:
            yield row.vintage, row.last_period, None, "not_enough_data", None
            continue
        phase = next_phase(phase, row.probability, row.regained, "levels")
        yield row.vintage, row.last_period, row.probability, phase, row.trough if phase != "contraction" else None

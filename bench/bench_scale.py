"""Scale: national releases × industries replayed with one worker, two, and a dask cluster of two processes.

`python -m bench.bench_scale [every] [workers …]` prints times and whether all results are the same to the last bit. A
vintage is one task: from the figures of that day alone the total and every industry that then had enough of them are
estimated and adjusted; each series' vintages are then judged one after the other. `make bench` takes every 33rd
release; all of them (`every` = 1) are more than four thousand estimates.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import cache

import pandas as pd
from joblib import Parallel, delayed, parallel_config

from bench.measure import measured
from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.cycle import replay
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.settings import Settings

EVERY = 33
FEWEST_MONTHS = 24
"""Published changes on a year earlier that a series needs, the total too."""
WORKERS = ("1", "2", "dask")
KEEP_MEMORY = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
"""Dask's workers else give memory back at every array that is freed, and fetch it again: 40 % more processor time."""

Adjusted = dict[str, pd.Series]


@cache
def national() -> pd.DataFrame:
    """Rates of the country's production; read once in each process."""
    rates = read_rates(Settings().raw)
    return rates[(rates["territory"] == "VN") & (rates["indicator"] == "iip")]


def releases(every: int) -> list[str]:
    """Days of the releases that are replayed, the newest among them, oldest first."""
    return sorted(national()["release_date"].unique())[::-1][::every][::-1]


def vintage(day: str) -> Adjusted:
    """Adjusted levels of every series that had enough figures on a day; industries borrow from the total of then."""
    known = as_of(national(), day)
    counts = known[known["measure"] == "yoy"].groupby("industry")["period"].nunique()
    newest = set(known.loc[known["period"] == known["period"].max(), "industry"])
    codes = [code for code in counts.index[counts >= FEWEST_MONTHS] if code in newest and code != "TOTAL"]
    if counts["TOTAL"] < FEWEST_MONTHS:
        return {}
    total = estimate(select(known, "VN"))
    found = {"TOTAL": _adjusted(total)}
    for code in codes:
        index = _estimated(select(known, "VN", code), total)
        if index is not None:
            found[code] = _adjusted(index)
    return found


def _estimated(rates: pd.DataFrame, total: IndexEstimate) -> IndexEstimate | None:
    try:
        return estimate(rates, prior_from=total)
    except BnAnalysisError:
        return None  # an industry that the figures of that day do not determine


def _adjusted(index: IndexEstimate) -> pd.Series:
    return index.components()["seasonally_adjusted"]


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Verdict of every vintage of one series."""
    return replay(table)


def vintage_tables(days: list[str], found: Iterable[Adjusted]) -> dict[str, pd.DataFrame]:
    """Adjusted levels of each series, months × vintages."""
    columns: dict[str, dict[pd.Period, pd.Series]] = {}
    for day, series in zip(days, found, strict=True):
        for code, levels in series.items():
            columns.setdefault(code, {})[pd.Period(day, freq="M")] = levels
    tables = {code: pd.DataFrame(parts) for code, parts in sorted(columns.items())}
    for table in tables.values():
        table.columns = pd.PeriodIndex(table.columns, freq="M", name="vintage")
    return tables


def replayed(days: list[str], at_work: Callable[..., list]) -> tuple[int, int, str]:
    """Numbers of series and of estimates, and a digest of every adjusted level and every verdict."""
    tables = vintage_tables(days, at_work(delayed(vintage)(day) for day in days))
    verdicts = at_work(delayed(judged)(table) for table in tables.values())
    digest = hashlib.sha256()
    for table, verdict in zip(tables.values(), verdicts, strict=True):
        digest.update(table.to_numpy().tobytes() + verdict.to_csv().encode())
    return len(tables), sum(table.shape[1] for table in tables.values()), digest.hexdigest()


def main(every: int = EVERY, workers: tuple[str, ...] = WORKERS) -> None:
    """Print times and whether the results agree."""
    days, digests = releases(every), set()
    for worker in workers:
        with ExitStack() as around:
            jobs = 1 if worker == "1" else 2
            if worker == "dask":
                import dask
                from dask.distributed import Client, LocalCluster

                around.enter_context(dask.config.set(KEEP_MEMORY))
                cluster = LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None)
                around.enter_context(Client(around.enter_context(cluster)))
                around.enter_context(parallel_config("dask"))
            with measured() as seen:
                # One vintage a batch: the first releases take no time, and joblib would bundle those after them.
                series, estimates, digest = replayed(days, Parallel(n_jobs=jobs, batch_size=1))
        digests.add(digest)
        name = "dask, 2 processes" if worker == "dask" else f"{worker} worker" + "s" * (jobs - 1)
        print(f"scale | {len(days)} releases, {series} series, {estimates} vintages | {name} | {seen}", flush=True)
    if len(workers) > 1:
        print(f"scale | results to the last bit | {'identical' if len(digests) == 1 else 'DIFFERENT'}", flush=True)


if __name__ == "__main__":
    from bench.bench_scale import main  # by its name, so that every worker finds what is in this file

    main(*map(int, sys.argv[1:2]), *([tuple(sys.argv[2:])] if sys.argv[2:] else []))

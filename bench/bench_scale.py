"""Scale: every vintage of the national total and its industries estimated with one worker, two, and a dask cluster.

`python -m bench.bench_scale [every]` prints times and whether all results are the same to the last bit. `make bench`
takes every 33rd of the 165 vintages; all of them (`every` = 1) are about five thousand estimates.
"""

import hashlib
import sys
import time
from collections.abc import Iterator

import pandas as pd
from joblib import Parallel, delayed, parallel_config

from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.errors import BnAnalysisError
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.settings import Settings

EVERY = 33
FEWEST = 24


def one(rates: pd.DataFrame, reference: IndexEstimate | None) -> tuple[str, str]:
    """Name of a series and a digest of its estimated levels and bands; or why it has none."""
    name = f"{rates['release_date'].max()} {rates['industry'].iloc[0]}"
    try:
        frame = estimate(rates, prior_from=reference).to_frame()[["index", "low80", "high80"]]
    except BnAnalysisError as error:
        return name, str(error)
    return name, hashlib.sha256(frame.to_numpy().tobytes()).hexdigest()


def tasks(every: int) -> Iterator[tuple[pd.DataFrame, IndexEstimate | None]]:
    """Figures of each series as known at each chosen vintage; industries borrow from the total of that day."""
    rates = read_rates(Settings().raw)
    rates = rates[(rates["territory"] == "VN") & (rates["indicator"] == "iip")]
    days = sorted(rates["release_date"].unique())[::-1][::every]
    for day in days:
        known = as_of(rates, day)
        yield select(known, "VN"), None
        total = estimate(select(known, "VN"))
        counts = known[known["measure"] == "yoy"].groupby("industry")["period"].nunique()
        newest = set(known.loc[known["period"] == known["period"].max(), "industry"])
        for code in counts.index[counts >= FEWEST]:
            if code in newest and code != "TOTAL":
                yield select(known, "VN", code), total


def main(every: int = EVERY) -> None:
    """Print times and whether the results agree."""
    work = [delayed(one)(*task) for task in tasks(every)]
    results = {}
    for jobs in (1, 2):
        start = time.perf_counter()
        results[f"{jobs} jobs"] = Parallel(n_jobs=jobs)(work)
        print(f"scale | {len(work)} estimates | {jobs} jobs {time.perf_counter() - start:.0f} s", flush=True)
    from dask.distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        start = time.perf_counter()
        with parallel_config("dask"):
            results["dask"] = Parallel()(work)
        print(f"scale | {len(work)} estimates | dask, 2 processes {time.perf_counter() - start:.0f} s", flush=True)
    same = all(result == results["1 jobs"] for result in results.values())
    print(f"scale | results to the last bit: {'identical' if same else 'DIFFERENT'}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Reviewed specifications beside identification anew, on every vintage of the country's index of three years.

`python -m bench.bench_book` prints how far the two lie apart and what each revises: the change of the newest month as
first adjusted against the same a year of vintages later, and the whole path from one vintage to the next.
"""

import time
from itertools import pairwise

import numpy as np
import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.rates import as_of, read_rates, select
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.seasonal import Book, from_estimate
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import reviewed

VINTAGES = 36
LATER = 12
"""Vintages after which a month counts as settled: a year, in which every calendar month was adjusted once more."""


def vintages(rates: pd.DataFrame) -> list[IndexEstimate]:
    """The index with what each release left known, one a month, the last ones."""
    days = rates.groupby(rates["release_date"].str[:7])["release_date"].max().iloc[-VINTAGES:]
    return [estimate(as_of(rates, day)) for day in days]


def adjusted(indices: list[IndexEstimate], book: Book | None) -> tuple[list[pd.Series], float]:
    """Log adjusted level of each vintage, and the seconds at the clock that one took."""
    start = time.perf_counter()
    found = [np.log(from_estimate(index, book=book).seasonally_adjusted) for index in indices]
    return found, (time.perf_counter() - start) / len(indices)


def revision_of_newest(levels: list[pd.Series]) -> float:
    """Mean absolute revision of the newest month's change after `LATER` vintages, in points."""
    pairs = zip(levels, levels[LATER:], strict=False)
    return 100 * float(np.mean([abs(first.diff().iloc[-1] - later.diff()[first.index[-1]]) for first, later in pairs]))


def revision_of_path(levels: list[pd.Series]) -> float:
    """Mean absolute revision of all monthly changes from one vintage to the next, in points."""
    moved = [(later.diff() - first.diff()).abs().mean() for first, later in pairwise(levels)]
    return 100 * float(np.mean(moved))


def main() -> None:
    """Print the table."""
    settings = Settings()
    indices = vintages(select(read_rates(settings.raw), COUNTRY))
    kept, cost_kept = adjusted(indices, reviewed(settings))
    fresh, cost_fresh = adjusted(indices, None)
    apart = pd.concat([100 * (one - other).abs() for one, other in zip(kept, fresh, strict=True)])
    print(f"{len(indices)} vintages of {COUNTRY}, {indices[0].vintage} to {indices[-1].vintage}")
    print(f"book against identification anew | level apart, mean {apart.mean():.3f} %, at most {apart.max():.2f} %")
    for name, levels, cost in (("book", kept, cost_kept), ("identified anew", fresh, cost_fresh)):
        newest, path = revision_of_newest(levels), revision_of_path(levels)
        told = f"newest change revised {newest:.3f} points | all changes, each month {path:.4f}"
        print(f"{name} | {told} | {cost:.2f} s each")


if __name__ == "__main__":
    main()

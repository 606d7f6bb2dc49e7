"""Seasonal: time on 34 European series beside statsmodels, the bare program and JDemetra+, and the book beside itself.

`python -m bench.bench_seasonal` prints every table; `make bench` calls `main`. The series are read from
../shared/validation. JDemetra+ is timed where BENCH_JDEMETRA_PYTHON names a Python that has pydemetra, which is no
dependency of the project. Every time is the best of the rounds, and a round runs all contestants in turn; memory, with
that of this process, is of a further round that is not timed.
"""

import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.tsa.x13 import x13_arima_analysis

from bench.measure import measured
from bn_analysis.seasonal import Book, Panel, adjust, adjust_many, review
from bn_analysis.seasonal.x13.binary import find_program
from bn_analysis.seasonal.x13.specification import Specification

DATA = Path(__file__).resolve().parents[2] / "shared" / "validation" / "eu_ipi_c_nsa.csv"
JOBS = 2
REVIEW_LAG = 6
"""Months between the review and the monthly run: the average age of a book that is reviewed once a year."""

SHORTEST_PAST = 84
LAGS = (0, 1, 2, 3, 6, 11)
"""Months before the last one at which bands are checked."""

JDEMETRA = """
import sys, time, pandas as pd, pydemetra
frame = pd.read_csv(sys.argv[1], index_col=0)
frame.index = pd.PeriodIndex(frame.index, freq="M")
series = [frame[name].dropna() for name in frame]
def adjust():
    return sum(pydemetra.x13_fast(one, "rsa5c") is not None for one in series)
adjust()
started = time.perf_counter()
busy = time.process_time()
done = adjust()
print(done, time.perf_counter() - started, time.process_time() - busy)
"""


def main() -> None:
    """Print every table."""
    if not DATA.is_file():
        print("seasonal | not timed: ../shared/validation is not here")
        return
    frame = european()
    monthly(frame)
    automatic(frame)
    coverage(frame)


def monthly(frame: pd.DataFrame, rounds: int = 4) -> None:
    """A monthly run with the book, and what the book changes against identifying everything anew."""
    book = reviewed(frame)
    contestants = {
        "book, 2 jobs": lambda: len(adjust_many(frame, book=book, jobs=JOBS).adjustments),
        "bare program, xargs -P2": bare(frame, lambda name: book.entry(name).specification(months(frame, name))),
    }
    contest("monthly run with the specification book", contestants, rounds)
    jdemetra(rounds)
    differences(adjust_many(frame, holiday="none", jobs=JOBS), adjust_many(frame, book=book, jobs=JOBS))


def automatic(frame: pd.DataFrame, rounds: int = 2) -> None:
    """Automatic identification of every series."""
    contestants = {
        "automatic, 2 jobs": lambda: len(adjust_many(frame, holiday="none", jobs=JOBS).adjustments),
        "bare program, xargs -P2": bare(frame, lambda name: Specification()),
        "statsmodels loop": lambda: statsmodels_loop(frame),
    }
    contest("automatic identification", contestants, rounds)


def coverage(frame: pd.DataFrame) -> pd.DataFrame:
    """How often the 80 % band of `draws` holds what the last months became four years later, identified anew.

    The European series `WIDENING` was not learnt from; as of June 2010 and September 2015.
    """
    rows = []
    for name in frame.columns[1::2]:
        for now, later in (("2010-06", "2014-12"), ("2015-09", "2019-12")):
            series = frame[name].dropna().loc[:later]
            if len(series.loc[:now]) < SHORTEST_PAST:
                continue
            first = adjust(series.loc[:now], holiday="none")
            draws = first.draws(300, seed=1)
            final = adjust(series, holiday="none").seasonally_adjusted.loc[:now]
            for lag in LAGS:
                low, high = draws.iloc[-1 - lag].quantile([0.1, 0.9])
                ratio = np.log(final.iloc[-1 - lag] / first.seasonally_adjusted.iloc[-1 - lag])
                spread = np.log(draws.iloc[-1 - lag]).std()
                rows.append((lag, low <= final.iloc[-1 - lag] <= high, ratio / spread))
    table = pd.DataFrame(rows, columns=["lag", "inside", "z"])
    print(table.groupby("lag")["inside"].mean().round(2).to_string())
    held, spread = table["inside"].mean(), np.sqrt((table["z"] ** 2).mean())
    print(f"80 % band | {held:.0%} of {len(table)} inside | root mean square of z {spread:.2f}")
    return table


def european() -> pd.DataFrame:
    """Manufacturing production of 34 countries."""
    table = pd.read_csv(DATA)
    return table.set_index(pd.PeriodIndex(table.pop("date"), freq="M"))


def months(frame: pd.DataFrame, name: str) -> pd.PeriodIndex:
    """Months of one series."""
    return pd.PeriodIndex(frame[name].dropna().index)


def reviewed(frame: pd.DataFrame) -> Book:
    """A book reviewed `REVIEW_LAG` months ago."""
    panel = adjust_many(frame.iloc[:-REVIEW_LAG], holiday="none", jobs=JOBS)
    book = Book()
    for adjustment in panel.adjustments.values():
        book = book.with_entry(review(adjustment))
    return book


def bare(frame: pd.DataFrame, specification: Callable[[str], Specification]) -> Callable[[], int]:
    """The program alone on the same specifications: files written beforehand, nothing read back."""
    kept = tempfile.TemporaryDirectory(prefix="bench-x13-")
    folder = Path(kept.name)
    for name in frame:
        place = folder / str(name)
        place.mkdir()
        for file, text in specification(str(name)).files(frame[name].dropna()).items():
            (place / file).write_text(text, encoding="ascii")
    command = f"cd {{}} && {find_program()} run -n -s > printed"

    def run() -> int:
        names = "\n".join(map(str, frame.columns))
        subprocess.run(
            ["xargs", f"-P{JOBS}", "-I{}", "sh", "-c", command], input=names, text=True, cwd=folder, check=True
        )
        return sum(Path(kept.name, str(name), "run.d11").exists() for name in frame)

    return run


def statsmodels_loop(frame: pd.DataFrame) -> int:
    """What a user of statsmodels writes."""
    done = 0
    for name in frame:
        series = frame[name].dropna().to_timestamp()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            done += x13_arima_analysis(series, x12path=str(find_program()), trading=True).seasadj is not None
    return done


def contest(title: str, contestants: dict[str, Callable[[], int]], rounds: int) -> None:
    """Run all contestants in turn, several times, and print the best wall and processor time of each."""
    best = {name: (float("inf"), float("inf")) for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            wall, processor = time.perf_counter(), processor_seconds()
            done = run()
            spent = time.perf_counter() - wall, processor_seconds() - processor
            best[name] = min(best[name][0], spent[0]), min(best[name][1], spent[1])
            print(f"  {title}: {name}: {done} series, {spent[0]:.2f} s, processor {spent[1]:.2f} s", flush=True)
    reference = next(iter(best.values()))
    for name, (wall, processor) in best.items():
        ratios = f"ours / this {reference[0] / wall:.2f} (processor {reference[1] / processor:.2f})"
        with measured() as seen:
            contestants[name]()
        spent = f"{wall:.2f} s, processor {processor:.2f} s, {seen.megabytes:.0f} MB"
        print(f"{title} | {name} | {spent} | {ratios}", flush=True)


def processor_seconds() -> float:
    """Processor time of this process and of the programs it has started and waited for: blind to other work around."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def jdemetra(rounds: int) -> None:
    """JDemetra+ 3.6 in a warm Java machine, automatic RSA5c as its users run it every month."""
    python = os.environ.get("BENCH_JDEMETRA_PYTHON")
    if not python:
        print("JDemetra+ | not timed: BENCH_JDEMETRA_PYTHON is not set")
        return
    for _ in range(rounds):
        found = subprocess.run([python, "-c", JDEMETRA, str(DATA)], capture_output=True, text=True, check=True)
        done, wall, processor = found.stdout.split()[-3:]
        spent = f"{float(wall):.2f} s, processor {float(processor):.2f} s"
        print(f"monthly run | JDemetra+ RSA5c warm | {spent} | {done} series", flush=True)


def differences(automatic: Panel, book: Panel) -> None:
    """How far the book is from automatic identification on the same months."""
    rows = []
    for name, one in automatic.adjustments.items():
        other = book.adjustments[name].seasonally_adjusted
        gap = (other / one.seasonally_adjusted - 1).abs() * 100
        rows.append((name, gap.mean(), gap.max()))
    table = pd.DataFrame(rows, columns=["series", "mean_pct", "max_pct"]).set_index("series")
    print(table.round(3).to_string())
    mean, largest = table["mean_pct"].mean(), table["max_pct"].median()
    print(f"book against automatic | mean {mean:.3f} % | median of the maxima {largest:.3f} %")


if __name__ == "__main__":
    main()

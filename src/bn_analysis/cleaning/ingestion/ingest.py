"""Workbooks as they arrive → figures not yet on record, appended to ``data/raw`` under their release date."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from bn_analysis import __version__
from bn_analysis.cleaning.ingestion.plausibility import Review, review
from bn_analysis.cleaning.language.classification import TERRITORIES
from bn_analysis.cleaning.rates import COLUMNS, read_rates, validate
from bn_analysis.cleaning.raw.corrections import CORRECTIONS_FILE
from bn_analysis.cleaning.raw.release_files import adding, write_release
from bn_analysis.cleaning.workbook.reading import Reading, check_release_day, read_tables
from bn_analysis.errors import InputError

FIGURE = ["indicator", "territory", "industry", "period", "measure", "release", "release_date"]
"""What makes two rows two prints of one figure of one release."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one workbook brought.

    Attributes
    ----------
    file, period, release_date : str
        The workbook, its month and the day of its release.
    written : pathlib.Path or None
        The file added to ``data/raw/releases``; None when every figure was on record.
    new, known : int
        Figures added, and figures already on record with the same value.
    changed : tuple of str
        Figures on record that this workbook supersedes.
    suspicious : tuple of str
        What was odd in the workbook, and figures outside the range that past releases imply.
    headline : str
        The rates of the total as they were read, to be compared with the printed page.
    review : Review
        How many figures could be set beside earlier releases, and how small a slip that would show.
    """

    file: str
    period: str
    release_date: str
    written: Path | None
    new: int
    known: int
    changed: tuple[str, ...]
    suspicious: tuple[str, ...]
    headline: str
    review: Review

    def lines(self) -> list[str]:
        """The report in lines for a terminal or a log."""
        head = f"{self.file}: {self.period}, released {self.release_date}: {self.new} new, {self.known} known"
        return [
            f"{head}, {len(self.changed)} changed, {len(self.suspicious)} suspicious",
            f"  read: {self.headline}",
            f"  {self.review}",
            *(f"  changed: {line}" for line in self.changed),
            *(f"  suspicious: {line}" for line in self.suspicious),
        ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A workbook read and compared, nothing written yet."""

    path: Path
    reading: Reading
    release_date: str
    fresh: pd.DataFrame
    known: int
    superseded: pd.DataFrame
    changed: tuple[str, ...]
    suspicious: tuple[str, ...]
    headline: str
    review: Review


def ingest(
    paths: Sequence[Path], raw_dir: Path, released: str | None = None, supersede: bool = False
) -> tuple[Ingested, ...]:
    """Append the figures of workbooks to ``data/raw``; all of them or, on an error, none.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Official workbooks, or filled-in templates.
    raw_dir : pathlib.Path
        ``data/raw``.
    released : str, optional
        Day of release, YYYY-MM-DD, of workbooks that do not state it.
    supersede : bool
        Accept another value for a figure on record: the old one gets an entry in ``corrections.yml`` that leaves it
        out, and stays where it was published.

    Returns
    -------
    tuple of Ingested
        One a workbook, in order. Ingesting a workbook again adds nothing.

    Raises
    ------
    InputError
        A workbook is not understood, has no or another release date, or contradicts a figure on record; nothing is
        written.
    """
    with adding(raw_dir):
        record = read_rates(raw_dir)
        plans = []
        for path in paths:
            plan = _plan(path, record, released, supersede)
            record = _joined(record, plan.fresh)
            plans.append(plan)
        return tuple(_carry_out(plan, raw_dir) for plan in plans)


def _joined(record: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([record, more], ignore_index=True) if len(more) else record


def _plan(path: Path, record: pd.DataFrame, released: str | None, supersede: bool) -> _Plan:
    reading = read_tables(path)
    day = _release_day(reading, path, released)
    found = reading.to_frame().assign(release_date=day)
    usable = found["value_pct"] > -100
    rows, known, superseded, changed = _compare(found[usable], record, path.name)
    if changed and not supersede:
        raise InputError(
            f"{changed[0]} ({len(changed)} such figures); add --supersede if the office has corrected itself"
        )
    earlier = record[(record["release_date"] < day) & record["territory"].isin(found["territory"].unique())]
    beside = review(found[usable], earlier)
    suspicious = [
        *reading.remarks,
        *(f"{row.source}: found a ratio of {row.value_pct + 100:g}, which has no logarithm; left out"
          for row in found[~usable].itertuples()),
        *beside.findings,
    ]  # fmt: skip
    fresh = validate(found.loc[rows].reset_index(drop=True)) if rows else found.head(0)
    return _Plan(
        path, reading, day, fresh, known, superseded, tuple(changed), tuple(suspicious), _headline(found), beside
    )


def _headline(found: pd.DataFrame) -> str:
    """The rates of the total, or of the first line, in words."""
    totals = found[found["industry"] == "TOTAL"]
    top = (totals if len(totals) else found).iloc[0]
    same = (found[["indicator", "territory", "industry"]] == top[["indicator", "territory", "industry"]]).all(axis=1)
    rates = (f"{row.measure} {row.value_pct:+.10g} % ({row.period})" for row in found[same].itertuples())
    return f"{top['indicator']} {top['territory']} {top['industry']}: {', '.join(rates)}"


def _release_day(reading: Reading, path: Path, released: str | None) -> str:
    if released is not None:
        check_release_day(released, reading.period)
        if reading.release_date not in (None, released):
            raise InputError(
                f"{path.name}: found the release date {reading.release_date} in its name, expected {released}"
            )
    day = released or reading.release_date
    if day is None:
        raise InputError(
            f"{path.name}: found no release date, expected one; add --released YYYY-MM-DD or begin its name so"
        )
    if day > date.today().isoformat():
        raise InputError(
            f"{path.name}: found the release date {day}, expected one until today, {date.today()}; is the clock right?"
        )
    return day


def _compare(found: pd.DataFrame, record: pd.DataFrame, file: str) -> tuple[list[int], int, pd.DataFrame, list[str]]:
    """Rows that are new, how many are known, rows on record that they contradict, and those contradictions in words."""
    on_record: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    same_day = record[record["release_date"].isin(found["release_date"].unique())]
    for row in same_day.itertuples():
        on_record[tuple(getattr(row, name) for name in FIGURE)].append(row)
    rows, known, contradicted, changed = [], 0, [], []
    for row in found.itertuples():
        others = on_record.get(tuple(getattr(row, name) for name in FIGURE), [])
        if any(_agree(row, other) for other in others):
            known += 1
            continue
        rows.append(row.Index)
        for other in others:
            contradicted.append(other.Index)
            changed.append(
                f"{row.source}: found {row.value_pct:.10g} %, but {other.value_pct:.10g} % is on record for the same "
                f"release ({other.source.split(' ')[0]})"
            )
    return rows, known, record.loc[contradicted], changed


def _agree(row: Any, other: Any) -> bool:
    """Whether two prints differ by no more than the coarser one's rounding."""
    return abs(row.value_pct - other.value_pct) <= 0.5 * 10.0 ** -min(row.decimals, other.decimals) + 1e-9


def _carry_out(plan: _Plan, raw_dir: Path) -> Ingested:
    """Leave superseded figures out first: a stop in between loses nothing that running again does not bring back."""
    if len(plan.superseded):
        _leave_out(plan, raw_dir)
    written = None
    if len(plan.fresh):
        digest = hashlib.sha256(plan.path.read_bytes()).hexdigest()
        rows = (tuple(_fields(row)) for row in plan.fresh.itertuples(index=False))
        name = f"{plan.release_date}-{digest[:8]}"
        written = write_release(raw_dir, name, COLUMNS, rows, _provenance(plan, digest))
    return Ingested(
        plan.path.name, plan.reading.period, plan.release_date, written,
        len(plan.fresh), plan.known, plan.changed, plan.suspicious, plan.headline, plan.review,
    )  # fmt: skip


def _fields(row: Any) -> Iterator[object]:
    for name in COLUMNS:
        value = getattr(row, name)
        # A file name is text from outside: in a spreadsheet it must not begin a formula.
        yield f"./{value}" if name == "source" and value[0] in "=+-@" else value


def _provenance(plan: _Plan, digest: str) -> dict[str, str]:
    codes = set(plan.fresh["territory"])
    place = TERRITORIES[codes.pop() if len(codes) == 1 else "VN"]
    return {
        "publisher_vi": f"Cơ quan thống kê {place.name_vi}",
        "publisher_en": f"Statistics office of {place.name_en}",
        "gathered": f"read by bn-analysis {__version__} from the workbook {plan.path.name}",
        "licence": "official statistics, free to use with the source named",
        "date": plan.release_date,
        "workbook_sha256": digest,
    }


def _leave_out(plan: _Plan, raw_dir: Path) -> None:
    """Declare that figures on record are left out, with their print as guard; the file is replaced whole."""
    entries = [
        {
            "cell": row.source.split(" ")[0],
            "printed_pct": row.value_pct,
            "corrected_pct": None,
            "reason": f"superseded by {plan.path.name}, ingested with --supersede",
        }
        for row in plan.superseded.itertuples()
    ]
    path = raw_dir / CORRECTIONS_FILE
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    staged = path.with_name(f".{path.name}.part")
    staged.write_text(
        before + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8"
    )
    staged.replace(path)

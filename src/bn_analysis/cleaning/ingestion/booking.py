"""Figures that arrived → compared with the record, asked about where a person should look, written once or not."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from bn_analysis import __version__
from bn_analysis.cleaning.calendars.releases import due
from bn_analysis.cleaning.ingestion.arrival import Arrival
from bn_analysis.cleaning.ingestion.consent import reasons_to_ask
from bn_analysis.cleaning.ingestion.outcome import Ingested
from bn_analysis.cleaning.ingestion.plausibility import Review, review
from bn_analysis.cleaning.ingestion.preview import headline, understood
from bn_analysis.cleaning.language.classification import LANGUAGES, TERRITORIES, Language
from bn_analysis.cleaning.language.numbers import format_percent
from bn_analysis.cleaning.rates import COLUMNS, read_rates, validate
from bn_analysis.cleaning.raw.batch import batch
from bn_analysis.cleaning.raw.corrections import CORRECTIONS_FILE, Correction, read_corrections
from bn_analysis.cleaning.raw.release_files import adding, write_release
from bn_analysis.cleaning.workbook.release_day import check_release_day
from bn_analysis.errors import InputError, bilingual

FIGURE = ["indicator", "territory", "industry", "period", "measure", "release"]
"""What makes two rows two prints of one figure."""
_SUPERSEDED_GAP = 10.0
"""A correction of a total or section by more points than this is another table, not a correction."""
_SHOWN = 3


class ConfirmationError(InputError):
    """Figures that a person should look at before they are booked; ``--yes`` is that person's word."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """An arrival compared with the record, nothing written yet."""

    arrival: Arrival
    fresh: pd.DataFrame
    superseded: pd.DataFrame
    report: Ingested


def book(
    arrivals: Sequence[Arrival],
    raw_dir: Path,
    released: str | None = None,
    supersede: bool = False,
    *,
    confirmed: bool = False,
    preview: bool = False,
) -> tuple[Ingested, ...]:
    """Append what arrived to ``data/raw``; all of it or, on an error, none.

    Parameters
    ----------
    arrivals : sequence of Arrival
        What was read.
    raw_dir, released, supersede, confirmed, preview
        As of `bn_analysis.cleaning.ingestion.ingest.ingest`.

    Raises
    ------
    ConfirmationError
        A person should look first and has not (``confirmed``).
    InputError
        No or another release date, or a figure on record is contradicted; nothing is written.
    """
    with adding(raw_dir):
        record = read_rates(raw_dir)
        plans, on_record = [], len(record)
        for arrival in arrivals:
            plan = _plan(arrival, record, released, supersede, preview)
            _check_batch(plan, record.iloc[on_record:])
            record = _joined(record, plan.fresh)
            plans.append(plan)
        if preview:
            return tuple(plan.report for plan in plans)
        for plan in plans:
            if plan.report.doubts and len(plan.fresh) and not confirmed:
                raise _to_be_asked(plan.report)
        with batch(raw_dir) as staged:
            return tuple(_carry_out(plan, raw_dir, staged) for plan in plans)


def _check_batch(plan: _Plan, more: pd.DataFrame) -> None:
    """A figure that another file of the same call brings differently is no correction: which is right is unknown."""
    both = plan.superseded.index.intersection(more.index)
    if len(both):
        raise InputError(
            f"{plan.report.changed[0]}; "
            + bilingual(
                "hai tệp của cùng một lần nhập trái nhau; bỏ tệp sai ra rồi chạy lại",
                "two files of one call contradict each other; take the wrong one out and run again",
            )
        )


def _to_be_asked(report: Ingested) -> ConfirmationError:
    doubts = "; ".join(report.doubts[:_SHOWN])
    return ConfirmationError(
        f"{report.file}: "
        + bilingual(
            f"đã hiểu là {report.headline}. Chưa ghi vì: {doubts}. Nếu đúng, chạy lại: bn-analysis ingest --yes "
            f"{report.file}",
            f"understood as {report.headline_en}; not booked yet, see above; if right, run bn-analysis ingest --yes "
            f"{report.file}",
        )
    )


def _joined(record: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([record, more], ignore_index=True) if len(more) else record


def _plan(arrival: Arrival, record: pd.DataFrame, released: str | None, supersede: bool, preview: bool) -> _Plan:
    day = _release_day(arrival, released, preview)
    # a preview writes nothing: the day on which they are due serves to set figures beside the record
    supposed = day or due(arrival.period).isoformat()
    found = arrival.rates.assign(release_date=supposed)
    usable = found["value_pct"] > -100
    rows, known, superseded, changed = _compare(found[usable], record)
    earlier = record[(record["release_date"] < supposed) & record["territory"].isin(found["territory"].unique())]
    beside = review(found[usable], earlier)
    if changed and not preview:
        _check_superseding(changed, superseded, found, beside, supersede)
    suspicious = [
        *arrival.remarks,
        *(f"{row.source}: found a ratio of {row.value_pct + 100:g}, which has no logarithm; left out"
          for row in found[~usable].itertuples()),
        *beside.findings,
    ]  # fmt: skip
    fresh = validate(found.loc[rows].reset_index(drop=True)) if rows else found.head(0)
    doubts = (*arrival.doubts, *reasons_to_ask(fresh, record)) if rows else ()
    report = Ingested(
        arrival.file, arrival.period, day, None, len(fresh), known, tuple(changed), tuple(suspicious),
        arrival.set_aside, doubts, *_headlines(found, arrival),
        tuple(understood(found, arrival.set_aside, doubts, arrival.listed)), beside, arrival.unnamed,
    )  # fmt: skip
    return _Plan(arrival, fresh, superseded, report)


def _headlines(found: pd.DataFrame, arrival: Arrival) -> tuple[str, str]:
    if found.empty:
        vi, en = (
            "; ".join(
                f"{format_percent(one.value_pct, one.decimals, language, signed=True)} ({one.source})"
                for one in arrival.unnamed
            )
            for language in LANGUAGES
        )
        return f"chỉ có số không nói so với gì: {vi}", f"only figures that name no base: {en}"
    return headline(found), headline(found, "en")


def _release_day(arrival: Arrival, released: str | None, preview: bool) -> str:
    """The day of release as told or stated; empty in a preview of a file that does not say it."""
    if released is not None:
        check_release_day(released, arrival.period)
        if arrival.release_date not in (None, released):
            raise InputError(
                f"{arrival.file}: "
                + bilingual(
                    f"thấy ngày công bố {arrival.release_date} trong tệp, cần {released};"
                    " bỏ --released hoặc đổi tên tệp",
                    f"found the release date {arrival.release_date} in its name, expected {released}",
                )
            )
    day = released or arrival.release_date
    if day is None and preview:
        return ""
    if day is None:
        raise InputError(
            f"{arrival.file}: "
            + bilingual(
                "không thấy ngày công bố; thêm --released NĂM-THÁNG-NGÀY hoặc đặt ngày ở đầu tên tệp",
                "found no release date, expected one; add --released YYYY-MM-DD or begin its name so",
            )
        )
    if day > date.today().isoformat():
        raise InputError(
            f"{arrival.file}: "
            + bilingual(
                f"thấy ngày công bố {day}, cần không muộn hơn hôm nay, {date.today()}; đồng hồ máy có đúng không?",
                f"found the release date {day}, expected one until today, {date.today()}; is the clock right?",
            )
        )
    return day


def _compare(found: pd.DataFrame, record: pd.DataFrame) -> tuple[list[int], int, pd.DataFrame, list[str]]:
    """Rows that are new, how many are known, rows on record that they contradict, and those contradictions in words.

    A figure is known when it is on record for the same release, or with the same value for another day: a file read
    again under another day brings nothing new. Another value contradicts only what was released on the same day.
    """
    on_record: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    some = record[record["period"].isin(found["period"].unique())]
    for row in some.itertuples():
        on_record[tuple(getattr(row, name) for name in FIGURE)].append(row)
    rows, known, contradicted, changed = [], 0, [], []
    for row in found.itertuples():
        others = on_record.get(tuple(getattr(row, name) for name in FIGURE), [])
        if any(_same(row, other) for other in others):
            known += 1
            continue
        rows.append(row.Index)
        for other in (other for other in others if other.release_date == row.release_date):
            contradicted.append(other.Index)
            changed.append(
                f"{row.source}: "
                + bilingual(
                    f"thấy {_printed(row, 'vi')}, kho số liệu có {_printed(other, 'vi')} cho cùng lần công bố",
                    f"found {_printed(row, 'en')}, but {_printed(other, 'en')} is on record for the same release",
                )
                + f" ({other.source.split(' ')[0]})"
            )
    return rows, known, record.loc[contradicted], changed


def _printed(row: Any, language: Language) -> str:
    return format_percent(row.value_pct, row.decimals, language)


def _same(row: Any, other: Any) -> bool:
    """Whether two prints of one release differ by no more than the coarser one's rounding; of two days, not at all."""
    if row.release_date == other.release_date:
        return abs(row.value_pct - other.value_pct) <= 0.5 * 10.0 ** -min(row.decimals, other.decimals) + 1e-9
    return row.value_pct == other.value_pct and row.decimals <= other.decimals


def _check_superseding(
    changed: list[str], superseded: pd.DataFrame, found: pd.DataFrame, beside: Review, supersede: bool
) -> None:
    """A correction is offered only where the newer figures are plausible for their territory."""
    new = found.set_index(FIGURE)["value_pct"]
    far = [
        line
        for line, row in zip(changed, superseded.itertuples(), strict=True)
        if row.industry == "TOTAL"
        and abs(new[tuple(getattr(row, name) for name in FIGURE)] - row.value_pct) > _SUPERSEDED_GAP
    ]
    if far:
        raise InputError(
            f"{far[0]}; "
            + bilingual(
                "chênh quá lớn để là đính chính: kiểm tra lại nơi, tháng và cột của tệp này",
                "too far to be a correction: check territory, month and columns of this file",
            )
        )
    if not supersede:
        raise InputError(
            f"{changed[0]} ({len(changed)}); "
            + bilingual(
                "thêm --supersede nếu cơ quan đã đính chính", "add --supersede if the office has corrected itself"
            )
        )


def _carry_out(plan: _Plan, raw_dir: Path, staged: Path) -> Ingested:
    """Write what a plan adds and leaves out into the batch."""
    if len(plan.superseded):
        _leave_out(plan, raw_dir, staged)
    if not len(plan.fresh):
        return plan.report
    rows = (tuple(_fields(row)) for row in plan.fresh.itertuples(index=False))
    name = f"{plan.report.release_date}-{plan.arrival.sha256[:8]}"
    written = write_release(raw_dir, staged, name, COLUMNS, rows, _provenance(plan))
    return replace(plan.report, written=written)


def _fields(row: Any) -> Iterator[object]:
    for name in COLUMNS:
        value = getattr(row, name)
        # A file name is text from outside: in a spreadsheet it must not begin a formula.
        yield f"./{value}" if name == "source" and value[0] in "=+-@" else value


def _provenance(plan: _Plan) -> dict[str, str]:
    codes = set(plan.fresh["territory"])
    place = TERRITORIES[codes.pop() if len(codes) == 1 else "VN"]
    office = (f"Cơ quan thống kê {place.name_vi}", f"Statistics office of {place.name_en}")
    publisher_vi, publisher_en = plan.arrival.publisher or office
    return {
        "publisher_vi": publisher_vi,
        "publisher_en": publisher_en,
        "gathered": f"read by bn-analysis {__version__} from "
        + (plan.arrival.origin or f"the workbook {plan.arrival.file}"),
        "licence": "official statistics, free to use with the source named",
        "date": plan.report.release_date,
        "workbook_sha256": plan.arrival.sha256,
    }


def _leave_out(plan: _Plan, raw_dir: Path, staged: Path) -> None:
    """Declare that figures on record are left out, with their print as guard; the file is replaced whole, once read."""
    entries = [
        {
            "cell": row.source.split(" ")[0],
            "printed_pct": row.value_pct,
            "corrected_pct": None,
            "reason": f"superseded by {plan.arrival.file}, ingested with --supersede",
        }
        for row in plan.superseded.itertuples()
    ]
    earlier = next((folder for folder in (staged, raw_dir) if (folder / CORRECTIONS_FILE).is_file()), None)
    before = (earlier / CORRECTIONS_FILE).read_text(encoding="utf-8") if earlier else ""
    known = read_corrections(earlier) if earlier else []
    added = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=120)
    (staged / CORRECTIONS_FILE).write_text(before.rstrip("\n") + "\n" * bool(before) + added, encoding="utf-8")
    if read_corrections(staged) != [*known, *(Correction(**entry) for entry in entries)]:
        raise InputError(
            f"{CORRECTIONS_FILE}: "
            + bilingual(
                "không thêm được mục mới vào cuối tệp; xem lại cách viết tệp này",
                "new entries cannot be added at its end; look at how the file is written",
            )
        )

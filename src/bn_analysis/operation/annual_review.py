"""A territory's index and the last review of its adjustment → the next review, with what it changes and why."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bn_analysis.cleaning.language.classification import COUNTRY, LANGUAGES
from bn_analysis.cleaning.raw.release_files import adding
from bn_analysis.errors import InputError, bilingual
from bn_analysis.index import IndexEstimate
from bn_analysis.report.language.sentences import say
from bn_analysis.seasonal import Entry, from_estimate, renew, review
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import BOOK_FILE, known, rates_behind, reviewed
from bn_analysis.study.parameters import check_typed
from bn_analysis.study.steps import index_of
from bn_analysis.study.study import reference_estimate

SETTLED = {
    "transform": ("biến đổi", "transform"),
    "arima": ("mô hình ARIMA", "ARIMA model"),
    "variables": ("lịch và tháng bất thường", "calendar and outliers"),
    "windows": ("cửa sổ Tết", "Tết windows"),
    "working_days": ("ngày làm việc của Việt Nam", "working days of Viet Nam"),
}
"""What a review settles, in words."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review of one series.

    Attributes
    ----------
    entry : Entry
        What it settled.
    before : Entry or None
        What was in force until then.
    why : str
        Why the review was due or why everything was identified anew; empty where the calendar alone asked for it.
    """

    entry: Entry
    before: Entry | None
    why: str

    def lines(self) -> Iterator[str]:
        """What changes and what stays, a line each, Vietnamese first."""
        entry, before = self.entry, self.before
        span = f"{entry.first} … {entry.reviewed}"
        told = f"{entry.name}, {span}: "
        yield told + bilingual(
            f"rà soát với số liệu biết đến {entry.known}", f"review with what was known {entry.known}"
        )
        if self.why:
            yield f"  {self.why}"
        for name, words in SETTLED.items():
            new = _shown(getattr(entry, name))
            old = new if before is None else _shown(getattr(before, name))
            stays = bilingual("như lần trước", "as before") if before is not None else bilingual("lần đầu", "first")
            yield f"  {bilingual(*words)}: " + (f"{new} ({stays})" if old == new else f"{old} → {new}")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return bilingual("có", "yes") if value else bilingual("không", "no")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    return str(value)


def annual_review(settings: Settings, territory: str = COUNTRY, as_of: str = "") -> Review:
    """Review the adjustment of a territory's index with what was known on a day; nothing is written.

    Parameters
    ----------
    settings : Settings
    territory : str
    as_of : str
        YYYY-MM-DD; "" for every figure.

    Raises
    ------
    InputError
        A parameter is not acceptable, the book is damaged, or X-13 does not serve this index.
    """
    check_typed(territory, as_of, dt.date.today())
    known(settings, territory, as_of)
    book = reviewed(settings)
    if book.fault:
        raise InputError(book.fault)
    index = _index(settings, territory, as_of)
    adjusted = from_estimate(index, book=book)
    if adjusted.method != "x13":
        raise InputError(
            bilingual(
                f"{territory}: chuỗi này do mô hình của chỉ số điều chỉnh ({adjusted.reason}); không có gì để rà soát",
                f"this index is adjusted by its own model, not by X-13 ({adjusted.reason}); there is nothing to review",
            )
        )
    before, reason = book.entry(index.name, index.vintage), adjusted.reason
    if before is not None and reason.code in ("book", "book_outdated"):
        entry = renew(before, adjusted.table["value"].rename(index.name), index.vintage)
        return Review(entry, before, "; ".join(map(_sign, reason.facts.get("signs", ()))))
    fresh = adjusted if before is None else from_estimate(index)
    return Review(review(fresh, index.vintage), before, str(reason.facts["words"]) if before is not None else "")


def _sign(sign: str) -> str:
    vi, en = (say(f"seasonal.sign.{sign}", language) for language in LANGUAGES)
    return bilingual(vi, en)


def keep(settings: Settings, found: Review) -> str:
    """Write a review into the book; returns the name of the file."""
    with adding(settings.raw):
        reviewed(settings).with_entry(found.entry).write(settings.raw / BOOK_FILE)
    return BOOK_FILE


def _index(settings: Settings, territory: str, as_of: str) -> IndexEstimate:
    reference = reference_estimate(as_of, settings)
    return (
        reference if territory == COUNTRY else index_of(rates_behind(settings, as_of, territory), territory, reference)
    )

"""What one file brought → the lines that tell a person of it."""

from dataclasses import dataclass
from pathlib import Path

from bn_analysis.cleaning.ingestion.arrival import Unnamed
from bn_analysis.cleaning.ingestion.plausibility import Review
from bn_analysis.cleaning.language.numbers import format_percent
from bn_analysis.errors import bilingual


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one file brought.

    Attributes
    ----------
    file, period : str
        The file and its month.
    release_date : str
        The day of its release; empty in a preview of a file that does not say it.
    written : pathlib.Path or None
        The file added to ``data/raw/releases``; None when every figure was on record.
    new, known : int
        Figures added, and figures already on record with the same value.
    changed : tuple of str
        Figures on record that this file supersedes.
    suspicious : tuple of str
        What was odd in the file, and figures outside the range that past releases imply.
    set_aside : tuple of str
        Lines and tables that were named and not read.
    doubts : tuple of str
        What a person should say yes to (or has).
    headline, headline_en : str
        Territory, month and rates of the total in words, to be compared with the printed page.
    understood : tuple of str
        All that was understood, in lines for a person.
    review : Review
        How many figures could be set beside earlier releases, and how small a slip that would show.
    unnamed : tuple of Unnamed
        Figures that name no base of comparison: shown, not booked.
    """

    file: str
    period: str
    release_date: str
    written: Path | None
    new: int
    known: int
    changed: tuple[str, ...]
    suspicious: tuple[str, ...]
    set_aside: tuple[str, ...]
    doubts: tuple[str, ...]
    headline: str
    headline_en: str
    understood: tuple[str, ...]
    review: Review
    unnamed: tuple[Unnamed, ...] = ()

    def lines(self) -> list[str]:
        """The report in lines for a terminal or a log."""
        changed, suspicious, aside = len(self.changed), len(self.suspicious), len(self.set_aside)
        day, day_en = self.release_date or "ngày chưa rõ", self.release_date or "on no stated day"
        return [
            f"{self.file}: {self.period}, "
            + bilingual(
                f"công bố {day}: {self.new} số mới, {self.known} đã có, {changed} thay đổi,"
                f" {suspicious} đáng ngờ, {aside} để riêng",
                f"released {day_en}: {self.new} new, {self.known} known, {changed} changed,"
                f" {suspicious} suspicious, {aside} set aside",
            ),
            *self.understood,
            f"  {self.review}",
            *(f"  thay đổi / changed: {line}" for line in self.changed),
            *(f"  đáng ngờ / suspicious: {line}" for line in self.suspicious),
            *(
                f"  không rõ so với gì, không ghi / no base named, not booked: {one.territory} {one.period} "
                f"{format_percent(one.value_pct, one.decimals, signed=True)}: {one.source}"
                for one in self.unnamed
            ),
        ]

"""What would be booked → shown to whoever sits at the terminal, asked for, and booked after a yes."""

import sys
from collections.abc import Callable

import typer

from bn_analysis import which_base
from bn_analysis.cleaning.ingestion.arrival import Unnamed
from bn_analysis.cleaning.ingestion.booking import ConfirmationError
from bn_analysis.cleaning.ingestion.outcome import Ingested
from bn_analysis.cleaning.ingestion.preview import MEASURE_WORDS
from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.cleaning.language.numbers import format_percent
from bn_analysis.errors import NOTHING_NEW, BnAnalysisError, bilingual


def with_consent(
    carry_out: Callable[[bool, bool], tuple[Ingested, ...]], yes: bool, preview: bool
) -> tuple[Ingested, ...]:
    """Book, or show what would be and ask whoever sits at the terminal; elsewhere the question is the error.

    Parameters
    ----------
    carry_out : callable (confirmed, preview) -> tuple of Ingested
        The booking itself.
    yes : bool
        It was said on the command line that what was understood is right.
    preview : bool
        Show only.
    """
    try:
        reports = carry_out(yes, preview)
    except ConfirmationError:
        reports = carry_out(False, True)
        _show(reports)
        if not sys.stdin.isatty():
            raise
        if not typer.confirm(bilingual("Ghi vào kho số liệu?", "book these figures?")):
            raise typer.Exit(NOTHING_NEW) from None
        return carry_out(True, False)
    _show(reports)
    if preview:
        print(bilingual("xem trước: chưa ghi gì", "preview: nothing was written"))
    return reports


def _show(reports: tuple[Ingested, ...]) -> None:
    """What was read; a figure without a base with how likely the other figures make each reading."""
    for report in reports:
        print("\n".join(report.lines()))
        for one in report.unnamed:
            print(f"    {_odds(one)}")


def _odds(figure: Unnamed) -> str:
    try:
        odds = which_base(figure.value_pct, figure.territory, figure.period)
    except BnAnalysisError as error:
        return bilingual(f"không so được với số liệu khác ({error})", "cannot be set beside other figures")
    vi, en = (
        ", ".join(
            f"{MEASURE_WORDS[to][measure]} {format_percent(100 * share, 0, to)}" for measure, share in odds.items()
        )
        for to in LANGUAGES
    )
    return bilingual(f"các số liệu khác cho thấy: {vi}; ghi bằng bn-analysis add", f"by the other figures: {en}")

"""A text as it was sent or pasted → a table of the rates that its sentences state, each with its clause as evidence."""

import re
import warnings
from dataclasses import dataclass

import pandas as pd

from bn_analysis.cleaning.documents.prose.dating import Context
from bn_analysis.cleaning.documents.prose.grammar import ITEM, Figure, Passed, read_paragraphs
from bn_analysis.cleaning.language.classification import territory as territory_of
from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.rates import COLUMNS
from bn_analysis.errors import InputError

EVIDENCE_COLUMNS = (*COLUMNS, "evidence")
LONGEST_TEXT = 2_000_000
"""Letters that are read of a text; a report of sixty pages has about 200,000."""
_LONGEST_PARAGRAPH = 20_000
_STOPS = (".", "!", "?", ":", ";")


class DocumentWarning(UserWarning):
    """Something in a text was odd and was read all the same."""


@dataclass(frozen=True, slots=True)
class TextReading:
    """What a text states: its paragraphs as they were read, the figures, and the numbers passed over."""

    paragraphs: tuple[str, ...]
    figures: tuple[Figure, ...]
    passed: tuple[Passed, ...]


def read_text(
    text: str, *, territory: str | None = None, period: str | None = None, released: str | None = None
) -> pd.DataFrame:
    """Read the rates that the sentences of a Vietnamese or English text state.

    Parameters
    ----------
    text : str
        Sentences as printed; Unicode, or typed for a TCVN3 or VNI font.
    territory : str, optional
        Code of the place that the page is about, where its sentences leave it unsaid.
    period : str, optional
        Month YYYY-MM that the page reports; figures of earlier months are restatements.
    released : str, optional
        Day YYYY-MM-DD on which the text was published.

    Returns
    -------
    pandas.DataFrame
        Columns `bn_analysis.cleaning.rates.COLUMNS` and ``evidence``, the clause; one row a figure. ``measure`` is
        ``unknown`` where the text names no base. What may not be read as a figure of an index is no row.

    Warns
    -----
    DocumentWarning
        For a misprinted year that the page sets right.

    Raises
    ------
    InputError
        An unknown territory, or a period or day that is none; a text too long to be one.
    """
    reading = reading_of(text, territory=territory, period=period, released=released)
    for figure in reading.figures:
        if figure.remark:
            warnings.warn(f"{figure.evidence}: {figure.remark}", DocumentWarning, stacklevel=2)
    return to_frame(reading, released)


def to_frame(reading: TextReading, released: str | None) -> pd.DataFrame:
    """The figures of a reading as a table of `EVIDENCE_COLUMNS`."""
    rows = [
        (
            one.indicator, one.territory, one.industry, one.period, one.measure, one.value_pct, one.decimals,
            one.release, released, f"text, paragraph {one.paragraph}, letters {one.start + 1}-{one.end}", one.evidence,
        )
        for one in reading.figures
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))


def reading_of(
    text: str, *, territory: str | None = None, period: str | None = None, released: str | None = None
) -> TextReading:
    """Read a text as `read_text` does, with what was passed over and why."""
    context = context_of(territory, period, released)
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"văn bản dài {len(text):,} ký tự, tối đa {LONGEST_TEXT:,}; gửi riêng phần có số liệu "
            f"(a text of {len(text):,} letters, expected at most {LONGEST_TEXT:,}; hand in the part with the figures)"
        )
    paragraphs = [paragraph for paragraph in paragraphs_of(text) if len(paragraph) <= _LONGEST_PARAGRAPH]
    figures, passed = read_paragraphs(paragraphs, context)
    return TextReading(tuple(paragraphs), tuple(figures), tuple(passed))


def context_of(territory: str | None, period: str | None, released: str | None) -> Context:
    """What is told of a text, checked."""
    if territory is not None:
        territory_of(territory)
    if period is not None and not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", period):
        raise InputError(f"kỳ {period!r} không đúng dạng NĂM-THÁNG (period {period!r}: expected YYYY-MM)")
    if released is not None:
        try:
            pd.Timestamp(released)
        except ValueError:
            released_ok = False
        else:
            released_ok = bool(re.fullmatch(r"\d{4}-\d\d-\d\d", released))
        if not released_ok:
            raise InputError(
                f"ngày công bố {released!r} không đúng dạng NĂM-THÁNG-NGÀY (released {released!r}: expected YYYY-MM-DD)"
            )
    return Context(territory, period, released)


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text: lines broken in mid-sentence are joined, items of a list stay apart."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [clean(line) for line in block.split("\n") if line.strip()]
        found += _joined(lines)
    return found


def _joined(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if joined and goes_on(joined[-1], line):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def goes_on(before: str, line: str) -> bool:
    """Whether a line of a text continues the one before it."""
    if ITEM.match(f"{line} "):
        return False
    if before.endswith(_STOPS):
        return False
    return line[0].islower() or line[0].isdigit() or line[0] in "(%" or before.endswith(",")

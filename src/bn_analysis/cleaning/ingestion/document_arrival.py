"""A document, or figures that a person typed → what arrived: bookable rates with their evidence, the rest in words."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from bn_analysis.cleaning.documents.opening import document_kind
from bn_analysis.cleaning.documents.reading import DocumentReading, read_parts
from bn_analysis.cleaning.ingestion.arrival import Arrival, Unnamed
from bn_analysis.cleaning.language.classification import INDUSTRIES, MEASURES, TERRITORIES, TOTAL
from bn_analysis.cleaning.language.numbers import format_number, parse_change
from bn_analysis.cleaning.rates import COLUMNS, EVIDENCE, RELEASES
from bn_analysis.errors import InputError, bilingual

TABLES = ("xlsx", "xls", "ods", "csv")
_SHOWN = 5
_ASK = bilingual(
    "đọc từ văn bản: hãy đối chiếu từng dòng với câu hoặc ô bên cạnh",
    "read from a text: compare each line with the clause or cell beside it",
)
_TYPED = bilingual("số liệu gõ tay: hãy đối chiếu với nguồn", "typed by hand: compare with the source")


def is_document(path: Path) -> bool:
    """Whether a file goes to the reader of documents; raises InputError where there is no such file."""
    kind = document_kind(path)
    return kind not in TABLES and not (kind == "html" and path.suffix.lower() not in (".html", ".htm"))


def document_arrival(path: Path, territory: str | None = None) -> Arrival:
    """Read a document; raises InputError as `read_parts` does, and where it states no figure that can be read."""
    reading = read_parts(path, territory)
    rates = reading.to_frame()
    named = rates["measure"] != "unknown"
    ours = rates["territory"].isin(list(TERRITORIES))
    bookable = rates[named & ours].reset_index(drop=True)
    unnamed = tuple(
        Unnamed(row.territory, row.period, row.value_pct, row.decimals, f"{row.source}: “{row.evidence}”")
        for row in rates[~named & ours].itertuples()
    )
    if reading.period is None or not (len(bookable) or unnamed):
        raise _nothing(path, reading)
    return Arrival(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        period=reading.period,
        rates=_with_evidence(bookable),
        release_date=reading.release_date,
        remarks=reading.remarks,
        set_aside=(*reading.set_aside, *reading.passed),
        doubts=(_ASK, *reading.doubts),
        publisher=(f"theo văn bản {path.name}", f"as printed in the document {path.name}"),
        origin=f"the document {path.name}",
        listed=True,
        unnamed=unnamed,
    )


def _with_evidence(rates: pd.DataFrame) -> pd.DataFrame:
    """The clause or cell is kept with each figure, behind its place."""
    source = [f"{row.source}{EVIDENCE}{row.evidence}”" for row in rates.itertuples()]
    return rates.assign(source=source)[list(COLUMNS)]


def corrected_arrival(readings: pd.DataFrame, name: str) -> Arrival:
    """Readings that a person has looked through and put right, as `DocumentReading.to_frame` gives them.

    Raises
    ------
    InputError
        No row is left, or a measure is none that can be booked.
    """
    if readings.empty:
        raise InputError(f"{name}: " + bilingual("không còn số liệu nào", "no figure is left"))
    unknown = sorted(set(readings["measure"]) - set(MEASURES))
    if unknown:
        wanted = ", ".join(MEASURES)
        raise InputError(f"{name}: {', '.join(unknown)}: " + bilingual(f"cần một trong {wanted}", f"expected {wanted}"))
    rates = _with_evidence(readings.reset_index(drop=True))
    return Arrival(
        file=name,
        sha256=hashlib.sha256(rates.to_csv(index=False).encode()).hexdigest(),
        period=str(rates["period"].max()),
        rates=rates,
        doubts=(_ASK,),
        publisher=(name, name),
        origin=f"{name}, looked through by a person",
        listed=True,
    )


def _nothing(path: Path, reading: DocumentReading) -> InputError:
    why = [*reading.set_aside, *reading.passed][:_SHOWN]
    return InputError(
        f"{path.name}: "
        + bilingual(
            "không có số liệu nào đọc được chắc chắn; nhập tay bằng bn-analysis add",
            "no figure could be read for certain; type it with bn-analysis add",
        )
        + "".join(f"; {line}" for line in why)
    )


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address.split(" ")[0]).hostname)
    except ValueError:
        return False


def typed_arrival(
    territory: str, period: str, figures: Mapping[str, str], source: str, *, industry: str, release: str
) -> Arrival:
    """Figures that a person typed from a source.

    Parameters
    ----------
    territory, period, industry, release : str
        As in the table of rates.
    figures : mapping of str to str
        Measure → the figure as printed: ``7,34`` or ``-8.7`` a change, ``107,34%`` after ``bằng`` a ratio.
    source : str
        Where it was printed: an address or a document's name.

    Raises
    ------
    InputError
        A field is not acceptable, or there is no figure, or no source.
    """
    if territory not in TERRITORIES:
        raise InputError(f"--territory {territory!r}: " + bilingual("không có nơi này", "no such territory"))
    if not re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", period):
        raise InputError(f"--period {period!r}: " + bilingual("cần NĂM-THÁNG", "expected YYYY-MM"))
    if industry not in {TOTAL, *INDUSTRIES}:
        raise InputError(f"--industry {industry!r}: " + bilingual("không có mã ngành này", "no such code"))
    if release not in RELEASES:
        raise InputError(
            f"--release {release!r}: " + bilingual("cần một trong", "expected") + f" {', '.join(RELEASES)}"
        )
    source = " ".join(source.split())
    if not source or not source.isprintable():
        raise InputError(
            "--source: " + bilingual("cần nguồn: địa chỉ hoặc tên văn bản", "expected an address or a name")
        )
    if source.startswith(("http://", "https://")) and not _has_host(source):
        raise InputError(f"--source {source!r}: " + bilingual("không phải địa chỉ trang", "is no address of a page"))
    if not figures:
        raise InputError(
            bilingual("không có số nào; thêm --mom, --yoy, --ytd hoặc --quarter-yoy", "no figure; add --mom, --yoy, …")
        )
    rows: list[tuple[Any, ...]] = []
    for measure in (measure for measure in MEASURES if measure in figures):
        change = _change(measure, figures[measure])
        rows.append(
            ("iip", territory, industry, period, measure, change.value_pct, change.decimals, release, None,
             f"{source} {measure}{EVIDENCE}{figures[measure]}”")
        )  # fmt: skip
    rates = pd.DataFrame(rows, columns=list(COLUMNS))
    digest = hashlib.sha256(rates.to_csv(index=False).encode()).hexdigest()
    return Arrival(
        file="add", sha256=digest, period=period, rates=rates, doubts=(_TYPED,), publisher=(source, source),
        origin=f"a person who typed it from {source}", listed=True,
    )  # fmt: skip


def _change(measure: str, typed: str) -> Any:
    """A change as typed; a bare figure that may be a ratio is not guessed at, as in the form."""
    language: Any = "en" if re.search(r"\d\.\d{1,2}(?!\d)", typed) and "," not in typed else "vi"
    change = parse_change(typed, language)
    if change.value_pct <= -100:
        raise InputError(
            f"--{measure.replace('_', '-')} {typed}: "
            + bilingual("không thể giảm từ 100% trở lên", "nothing falls by 100% or more")
        )
    said = re.search(r"[a-zđ]", typed.lower()) is not None
    if not said and change.value_pct >= 50:
        ratio = format_number(change.value_pct, change.decimals, "vi")
        raise InputError(
            f"--{measure.replace('_', '-')} {typed}: "
            + bilingual(
                f"tỷ số hay mức tăng? gõ 'bằng {ratio}%' nếu là tỷ số (gốc = 100), 'tăng {ratio}%' nếu là mức tăng",
                f"a ratio or a change? type 'bằng {ratio}%' for a ratio (base = 100), 'tăng {ratio}%' for a rise",
            )
        )
    return change

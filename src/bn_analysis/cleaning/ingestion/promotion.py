"""A CSV file of promotion figures → checked → added to `data/raw`."""

import csv
import hashlib
import io
import tempfile
from pathlib import Path

import pandas as pd

from bn_analysis import __version__
from bn_analysis.cleaning.promotion import COLUMNS, FOLDER, _promotion_row, promotion_problems, read_promotion
from bn_analysis.cleaning.raw.batch import batch
from bn_analysis.cleaning.raw.release_files import adding, write_release
from bn_analysis.cleaning.raw.sidecars import RawRow, read_raw, write_sidecar
from bn_analysis.errors import InputError, bilingual

LARGEST_FILE = 1_000_000


def is_promotion(path: Path) -> bool:
    """Whether a .csv file has the heading of promotion figures, or most of it: the rest of .csv files are tables."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        heading = {field.strip() for field in stream.readline(LARGEST_FILE).split(",")}
    return 2 * len(heading & set(COLUMNS)) > len(COLUMNS)


def ingest_promotion(path: Path, raw_dir: Path) -> list[str]:
    """Add the rows of a CSV file with the heading of ``promotion.csv``; all of them or, on an error, none.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8.
    raw_dir : pathlib.Path
        ``data/raw``.

    Returns
    -------
    list of str
        What was read, for people: how many rows are new, and every problem they bring. Ingesting again adds nothing.

    Raises
    ------
    InputError
        The heading, a territory, fund, status, year or value is not acceptable, or a row names no source; names file,
        line and column.
    """
    rows = check_promotion(path)
    with adding(raw_dir):
        before = promotion_problems(record := read_promotion(raw_dir))
        known = {tuple(row) for row in record[list(_IDENTITY)].itertuples(index=False)}
        fresh = [row for row in rows if tuple(_promotion_row(row)[key] for key in _IDENTITY) not in known]
        _check_models(fresh, record)
        if fresh:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            fields = [[row.fields[column] for column in COLUMNS] for row in fresh]
            with batch(raw_dir) as staged:
                write_release(
                    raw_dir, staged, f"promotion-{digest[:8]}", COLUMNS, fields, _provenance(path.name), FOLDER
                )
        after = promotion_problems(read_promotion(raw_dir))
    lines = [f"{path.name}: {len(rows)} rows read, {len(fresh)} new, {len(rows) - len(fresh)} on record already"]
    return lines + [f"  look at {p.place}: {p.code} {p.facts}" for p in after if p not in before]


def check_promotion(path: Path) -> list[RawRow]:
    """The rows of such a file, each as it must be; raises InputError as `ingest_promotion` does."""
    rows = _rows_of(path)
    for row in rows:
        _promotion_row(row)
        if not row.fields["source_url"]:
            raise row.error("source_url", "where the figure was published")
    return rows


def _check_models(fresh: list[RawRow], record: pd.DataFrame) -> None:
    """A named model or beneficiary has one figure of a kind: which of two is right, nobody here can tell."""
    on_record = {tuple(row[:-1]): row[-1] for row in record[[*_MODEL, "value"]].itertuples(index=False)}
    for row in fresh:
        one = _promotion_row(row)
        key = tuple(one[name] for name in _MODEL)
        if one["what"] and on_record.setdefault(key, one["value"]) != one["value"]:
            raise row.error("value", f"{on_record[key]:g}, which is on record for this model; take out the wrong one")


_MODEL = ("territory", "year", "fund", "metric", "what", "status")
_IDENTITY = ("territory", "year", "fund", "metric", "value", "unit", "what", "status", "source")


def _rows_of(path: Path) -> list[RawRow]:
    """Rows of a file from outside, read like a raw file: through a copy with a sidecar of its own."""
    if not path.is_file() or path.stat().st_size > LARGEST_FILE:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                f"cần một tệp CSV không quá {LARGEST_FILE} byte", f"expected a CSV file of at most {LARGEST_FILE} bytes"
            )
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name}: "
            + bilingual(
                f"byte {error.start} không phải UTF-8; lưu lại tệp dạng CSV UTF-8",
                f"byte {error.start} is not UTF-8; save the file as CSV UTF-8",
            )
        ) from None
    heading = next(csv.reader(io.StringIO(text)), [])
    if tuple(heading) != COLUMNS:
        found, wanted = ",".join(heading)[:120], ",".join(COLUMNS)
        raise InputError(
            bilingual(
                f"{path.name}, dòng 1: thấy {found!r}, cần {wanted}",
                f"{path.name}, line 1: found {found!r}, expected {wanted}",
            )
        )
    with tempfile.TemporaryDirectory(prefix="bn-analysis-ingest-") as folder:
        copy = Path(folder, path.name)
        copy.write_text(text, encoding="utf-8")
        write_sidecar(copy, **_provenance(path.name))
        return read_raw(copy, COLUMNS)


def _provenance(name: str) -> dict[str, str]:
    return {
        "publisher_vi": "Nơi công bố ghi ở cột source_url của từng dòng",
        "publisher_en": "Publishers as named in column source_url of each row",
        "gathered": f"read by bn-analysis {__version__} from {name}",
        "licence": "published statistical facts; cite the publisher",
        "date": "see column source_date",
    }

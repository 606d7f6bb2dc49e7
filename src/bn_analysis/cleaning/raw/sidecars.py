"""Raw CSV files with a sidecar each → rows of text whose content is proven to be what was gathered."""

import csv
import datetime as dt
import hashlib
import io
import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bn_analysis.errors import InputError

SIDECAR_SUFFIX = ".meta.yml"
PROVENANCE = ("publisher_vi", "publisher_en", "gathered", "licence", "date")
"""What a sidecar must say of its file in words: who published, how it was gathered, on what terms, and when."""

GATHERED = (
    "bac_ninh_published_rates.csv", "claims.csv", "events.csv", "grdp.csv", "labour_by_province_releases.csv",
    "labour_press.csv", "output_levels.csv", "promotion.csv", "provinces_iip.csv", "tet.csv",
    "vietnam_iip_levels.csv", "vietnam_iip_press.csv", "vietnam_iip_press_contradictions.csv",
    "vietnam_iip_releases.csv", "vsic.csv",
)  # fmt: skip
"""The files that were gathered once, all part of the record; those of ``releases/`` and ``promotion/`` came later."""
_PROOF: dict[str, type] = {"sha256": str, "rows": int, "columns": dict, "lines": str}
"""What a sidecar must record of the content, by which a later difference is found and located."""
LARGEST_BYTES = 50 * 2**20
"""Of a file of the record; the largest has half a megabyte."""
LONGEST_FIELD = 100_000
"""Characters of a field: a clause has a few hundred."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a raw file: its line number (the heading is line 1) and its fields by column name."""

    file: str
    line: int
    fields: dict[str, str]

    def number(self, column: str) -> float | None:
        """The field as a number, None where the cell is empty; a text raises InputError naming line and column."""
        text = self.fields[column]
        if text == "":
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):  # Python also reads inf and nan
            raise self.error(column, "a number")
        return found

    def error(self, column: str, expected: str) -> InputError:
        """An InputError for this cell."""
        return InputError(
            f"{self.file}, line {self.line}, column {column}: found {self.fields[column]!r}, expected {expected}"
        )


def sidecar_path(path: Path) -> Path:
    """Where the sidecar of a raw file lies."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def read_raw(path: Path, columns: Sequence[str]) -> list[RawRow]:
    """Read a raw CSV file after checking it against its sidecar.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 CSV file with a heading, beside its ``.meta.yml``.
    columns : sequence of str
        The heading that the caller understands, in order.

    Returns
    -------
    list of RawRow
        One per line below the heading; fields are text with outer blanks removed.

    Raises
    ------
    InputError
        The file or its sidecar is missing, the heading or the number of fields differs, or the content is not the
        recorded one; the message names file, line and column.
    """
    content = _content(path)
    rows = _rows(path.name, content, columns)
    _check_fingerprint(path, content, rows, columns)
    return rows


def write_sidecar(path: Path, **provenance: str) -> Path:
    """Record where a raw file comes from and what exactly it holds; returns the sidecar's path.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 CSV file with a heading.
    **provenance : str
        The entries of `PROVENANCE`, all of them, and any further ones worth keeping.
    """
    missing = [key for key in PROVENANCE if not provenance.get(key)]
    if missing:
        raise InputError(f"{path.name}: the sidecar needs {', '.join(missing)}")
    content = _content(path)
    columns = next(csv.reader(io.StringIO(content.decode("utf-8"))))
    record = {"file": path.name, **provenance, **_fingerprint(content, _rows(path.name, content, columns), columns)}
    target = sidecar_path(path)
    target.write_text(yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    return target


def read_sidecar(path: Path) -> dict[str, Any]:
    """The sidecar of a raw file as a dictionary; raises InputError when it is missing or incomplete."""
    target = sidecar_path(path)
    if not target.is_file():
        raise InputError(
            f"{target.name}: missing; every raw file needs its sidecar "
            "(bn_analysis.cleaning.raw.sidecars.write_sidecar)"
        )
    record = read_yaml(target)
    keys = (*PROVENANCE, *_PROOF)
    missing = [key for key in keys if not isinstance(record, dict) or key not in record]
    if missing:
        raise InputError(f"{target.name}: missing {', '.join(missing)}")
    wrong = [key for key in PROVENANCE if not isinstance(record[key], str | dt.date)]
    wrong += [key for key, kind in _PROOF.items() if type(record[key]) is not kind]
    wrong += [] if wrong or all(map(_is_text, record["columns"].items())) else ["columns"]
    if wrong:
        raise InputError(f"{target.name}: {', '.join(wrong)}: not as this program writes it; restore it")
    return dict(record)


def read_yaml(path: Path) -> Any:
    """What a YAML file of the record says; InputError where it is none, whatever is wrong with it."""
    try:
        return yaml.safe_load(_content(path).decode("utf-8-sig"))
    except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        said = "nested too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())
        raise InputError(f"{path.name}: {said}; restore it") from None


def _is_text(pair: tuple[Any, Any]) -> bool:
    return all(isinstance(text, str) for text in pair)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"{path.name}: no such file in {path.parent.name}/")
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path.name}: found more than {LARGEST_BYTES // 2**20} MB; restore it")
    return path.read_bytes()


def _records(name: str, reader: Any) -> Iterator[list[str]]:
    """Records of a CSV text; InputError where one is none, or holds a field without end."""
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise InputError(f"{name}, line {reader.line_num}: {error}, expected comma-separated text") from None
        if record is None:
            return
        if max(map(len, record), default=0) > LONGEST_FIELD:
            raise InputError(f"{name}, line {reader.line_num}: found a field of more than {LONGEST_FIELD} characters")
        yield record


def _rows(name: str, content: bytes, columns: Sequence[str]) -> list[RawRow]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{name}, line {line}: found bytes that are not UTF-8, expected UTF-8 text") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    heading = next(_records(name, reader), [])
    _check_heading(name, heading, columns)
    rows = []
    for record in _records(name, reader):
        if len(record) != len(columns):
            raise InputError(
                f"{name}, line {reader.line_num}, column {columns[min(len(record), len(columns) - 1)]}: "
                f"found {len(record)} fields, expected {len(columns)}"
            )
        rows.append(RawRow(name, reader.line_num, dict(zip(columns, (field.strip() for field in record), strict=True))))
    return rows


def _check_heading(name: str, heading: list[str], columns: Sequence[str]) -> None:
    for position, (found, expected) in enumerate(zip(heading, columns, strict=False), start=1):
        if found != expected:
            raise InputError(f"{name}, line 1, column {position}: found {found!r}, expected {expected!r}")
    if len(heading) != len(columns):
        raise InputError(f"{name}, line 1: found {len(heading)} columns, expected {len(columns)}: {', '.join(columns)}")


def _fingerprint(content: bytes, rows: list[RawRow], columns: Sequence[str]) -> dict[str, Any]:
    """Hash of the file, and small checks of each column and row that let a later difference be located."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": len(rows),
        "columns": {column: _digest(row.fields[column] for row in rows) for column in columns},
        "lines": "".join(f"{zlib.crc32(repr(row.fields).encode()) & 0xFF:02x}" for row in rows),
    }


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def _check_fingerprint(path: Path, content: bytes, rows: list[RawRow], columns: Sequence[str]) -> None:
    recorded = read_sidecar(path)
    found = _fingerprint(content, rows, columns)
    if found["sha256"] == recorded["sha256"]:
        return
    changed = [column for column in columns if found["columns"][column] != recorded["columns"].get(column)]
    pairs = zip(_pairs(found["lines"]), _pairs(recorded["lines"]), strict=False)
    differing = next(
        (index for index, (now, then) in enumerate(pairs) if now != then), min(len(rows), max(recorded["rows"], 0))
    )
    line = rows[differing].line if differing < len(rows) else len(rows) + 2
    raise InputError(
        f"{path.name}, line {line}, column {', '.join(changed) or 'none (only the layout changed)'}: "
        f"found {len(rows)} rows with sha256 {found['sha256'][:12]}…, expected {recorded['rows']} rows with "
        f"{recorded['sha256'][:12]}… as recorded in {sidecar_path(path).name}; "
        "raw figures are never edited: restore the file"
    )


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(0, len(text), 2)]

"""A raw file is what its sidecar says it is, or the first difference is named."""

import re
from pathlib import Path

import pytest

from bn_analysis.cleaning.raw.sidecars import (
    PROVENANCE,
    SIDECAR_SUFFIX,
    read_raw,
    read_sidecar,
    sidecar_path,
    write_sidecar,
)
from bn_analysis.errors import InputError

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
COLUMNS = ("period", "value")
WORDS = dict.fromkeys(PROVENANCE, "said")


@pytest.fixture
def raw_file(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("period,value\n2024-01,1.5\n2024-02,2.5\n2024-03,3.5\n", encoding="utf-8")
    write_sidecar(path, **WORDS)
    return path


@pytest.mark.parametrize("path", sorted(RAW.glob("*.csv")), ids=lambda path: path.name)
def test_every_raw_file_is_the_one_its_sidecar_records(path):
    record = read_sidecar(path)
    rows = read_raw(path, list(record["columns"]))
    assert len(rows) == record["rows"]
    assert all(record[key] for key in PROVENANCE)


def test_no_sidecar_without_its_file():
    sidecars = {path.name.removesuffix(SIDECAR_SUFFIX) for path in RAW.glob("*" + SIDECAR_SUFFIX)}
    assert sidecars == {path.name for path in RAW.glob("*.csv")}


def test_rows_keep_their_line_numbers(raw_file):
    assert [(row.line, row.fields["value"]) for row in read_raw(raw_file, COLUMNS)] == [
        (2, "1.5"),
        (3, "2.5"),
        (4, "3.5"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("period,value\n2024-01,1.5\n2024-02,9.5\n2024-03,3.5\n", "line 3, column value"),
        ("period,value\n2024-01,1.5\n2024-04,2.5\n2024-03,3.5\n", "line 3, column period"),
        ("period,value\n2024-01,1.5\n2024-02,2.5\n", "line 4"),
        ("period,value\n2024-01,1.5\n2024-02,2.5\n2024-03,3.5\n2024-04,4.5\n", "line 5"),
        ("period,wert\n2024-01,1.5\n", "line 1, column 2: found 'wert'"),
        ("period\n2024-01\n", "line 1: found 1 columns"),
        ("period,value\n2024-01\n", "line 2, column value: found 1 fields"),
    ],
)
def test_a_changed_file_is_refused_naming_line_and_column(raw_file, text, place):
    raw_file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(f"figures.csv, {place}")):
        read_raw(raw_file, COLUMNS)


def test_bytes_that_are_not_utf8_are_named_by_line(raw_file):
    raw_file.write_bytes(b"period,value\n2024-01,1.5\n\xe7\xe7,2\n")
    with pytest.raises(InputError, match="line 3: found bytes that are not UTF-8"):
        read_raw(raw_file, COLUMNS)


def test_a_text_in_a_number_cell_is_named(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("period,value\n2024-01,abc\n", encoding="utf-8")
    write_sidecar(path, **WORDS)
    row = read_raw(path, COLUMNS)[0]
    with pytest.raises(InputError, match=r"figures.csv, line 2, column value: found 'abc', expected a number"):
        row.number("value")


def test_a_missing_file_or_sidecar_is_refused(raw_file):
    with pytest.raises(InputError, match="no such file"):
        read_raw(raw_file.with_name("other.csv"), COLUMNS)
    sidecar_path(raw_file).unlink()
    with pytest.raises(InputError, match=r"figures.csv.meta.yml: missing"):
        read_raw(raw_file, COLUMNS)


def test_a_sidecar_without_provenance_is_not_written(raw_file):
    with pytest.raises(InputError, match="the sidecar needs licence"):
        write_sidecar(raw_file, publisher_vi="a", publisher_en="a", gathered="b", date="2026-01-01")

"""A file built to exhaust memory or time is refused by name, within 500 MB and a minute."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bn_analysis.cleaning import confined
from bn_analysis.cleaning.documents.reading import read_parts
from bn_analysis.cleaning.ingestion.document_arrival import document_arrival
from bn_analysis.cleaning.workbook.files.open import sheets_here, visible_sheets
from bn_analysis.errors import InputError

from .bombs import BOMBS, MOST_MEGABYTES, MOST_SECONDS, cost_of, pdf_of

QUICK = [
    "a format of a million letters",
    "elements within elements, in a sheet",
    "a million merged areas",
    "titles in every cell of three hundred tabs",
    "a hundred thousand tabs of one part",
    "four hundred thousand members",
    "a cell repeated a milliard times",
    "cells that span a table",
]
"""Those that cost a second or two here, one of each kind; every other one is measured by bench/faults.py."""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
@pytest.mark.parametrize("name", QUICK)
def test_a_bomb_is_refused_by_name_within_its_limits(tmp_path: Path, name: str) -> None:
    suffix, make = BOMBS[name]
    path = tmp_path / f"2024-06-06 bom{suffix}"
    make(path)
    cost = cost_of(path)
    assert cost.said.startswith(f"refused: {path.name}"), cost
    assert cost.megabytes < MOST_MEGABYTES and cost.processor < MOST_SECONDS, cost


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
@pytest.mark.parametrize("name", ["a million paragraphs", "a page of a million letters"])
def test_a_document_too_large_is_not_called_damaged(tmp_path: Path, name: str) -> None:
    suffix, make = BOMBS[name]
    path = tmp_path / f"2024-06-06 bom{suffix}"
    make(path)
    cost = cost_of(path)
    assert "more than 500 MB" in cost.said, cost
    assert cost.megabytes < MOST_MEGABYTES and cost.processor < MOST_SECONDS, cost


def test_the_pages_of_the_bombs_can_be_read_where_they_are_small(tmp_path: Path) -> None:
    path = tmp_path / "2024-06-06 bom.pdf"
    pdf_of(path, b"BT /F1 9 Tf 40 700 Td (IIP 7,3) Tj ET")
    with pytest.raises(InputError) as refusal:
        document_arrival(path)
    assert "scan" not in str(refusal.value) and "damaged" not in str(refusal.value)


def test_a_workbook_of_unusual_size_is_read_in_a_process_of_its_own_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Chỉ số;107,3\n", encoding="utf-8")
    asked = []

    def watched(reader: Callable[[Path], object], file: Path) -> object:
        asked.append(reader)
        return confined.confined(reader, file)

    monkeypatch.setattr("bn_analysis.cleaning.workbook.files.open.confined", watched)
    assert list(visible_sheets(path)) == sheets_here(path) and not asked
    monkeypatch.setattr("bn_analysis.cleaning.workbook.files.open.USUAL_BYTES", 1)
    assert list(visible_sheets(path)) == sheets_here(path)
    assert asked == [sheets_here]


def test_a_reader_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;1\n", encoding="utf-8")
    monkeypatch.setattr(confined, "MOST_SECONDS", 0.01)
    with pytest.raises(InputError, match=r"a\.csv: .*took longer"):
        confined.confined(sheets_here, path)


def test_prose_too_is_read_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Chỉ số sản xuất công nghiệp tháng 3/2024 của Bắc Ninh tăng 7,3% so với tháng trước.", "utf-8")
    monkeypatch.setattr("bn_analysis.cleaning.documents.reading.read_paragraphs", None)  # nothing is read here
    assert list(read_parts(path).to_frame()["value_pct"]) == [7.3]

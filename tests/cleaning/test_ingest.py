"""Ingesting appends what is new under its release date, once, whole or not at all, and never against the record."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
import yaml

from bn_analysis.cleaning.ingestion import ingest as module
from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.rates import COLUMNS, PLACES
from bn_analysis.cleaning.raw.release_files import ingested_rates
from bn_analysis.cleaning.raw.sidecars import read_raw
from bn_analysis.errors import InputError

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
TOTAL_YOY = "D10"


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def march(office: SimpleNamespace, folder: Path, name: str = "2025-04-06-Bieu-3.2025.xlsx", full: bool = False) -> Path:
    return office.monthly("2025-03", full=full).save(folder / name)


def test_new_figures_are_appended_under_the_release_date(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    before = content(raw)
    (report,) = ingest([march(office, tmp_path)], raw)
    assert (report.new, report.known, report.changed) == (148, 0, ())
    assert report.written is not None and report.written.name.startswith("2025-04-06-")
    assert before.items() < content(raw).items()
    rows = read_raw(report.written, COLUMNS)
    assert len(rows) == 148
    assert rows[0].fields["release_date"] == "2025-04-06"
    rates = pd.DataFrame(ingested_rates(raw, COLUMNS), columns=[*COLUMNS[:-1], *PLACES])
    assert rates["file"].str.match(r"2025-04-06-[0-9a-f]{8}\.csv$").all() and rates["place"].str.isdigit().all()
    assert rates["url"].str.startswith("2025-04-06-Bieu").all()


def test_ingesting_again_changes_nothing(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    path = march(office, tmp_path)
    ingest([path], raw)
    before = content(raw)
    (report,) = ingest([path], raw)
    assert (report.new, report.known, report.written) == (0, 148, None)
    assert content(raw) == before


def test_a_table_that_arrives_later_adds_only_its_own_figures(
    office: SimpleNamespace, tmp_path: Path, raw: Path
) -> None:
    ingest([march(office, tmp_path)], raw)
    (report,) = ingest([march(office, tmp_path, "2025-04-06-Bieu-3.2025-2.xlsx", full=True)], raw)
    assert report.known == 148
    assert report.new == 125 + 2 * 37 + 2 * 63  # consumption and inventory, labour by industry and by province


def contradicting(path: Path) -> Path:
    book = openpyxl.load_workbook(path)
    book["2.IIPthang"][TOTAL_YOY] = book["2.IIPthang"][TOTAL_YOY].value + 0.2
    other = path.with_name("2025-04-06-Bieu-3.2025-sua.xlsx")
    book.save(other)
    return other


def test_a_second_figure_for_one_cell_of_a_release_is_refused(
    office: SimpleNamespace, tmp_path: Path, raw: Path
) -> None:
    path = march(office, tmp_path)
    ingest([path], raw)
    before = content(raw)
    with pytest.raises(InputError, match=rf"cell {TOTAL_YOY}: .*found .* on record .*--supersede"):
        ingest([contradicting(path)], raw)
    assert content(raw) == before


def test_supersede_declares_the_old_figure_left_out_and_keeps_it(
    office: SimpleNamespace, tmp_path: Path, raw: Path
) -> None:
    path = march(office, tmp_path)
    (first,) = ingest([path], raw)
    (second,) = ingest([contradicting(path)], raw, supersede=True)
    assert (second.new, second.known, len(second.changed)) == (1, 147, 1)
    assert first.written is not None and len(read_raw(first.written, COLUMNS)) == 148
    entry = yaml.safe_load((raw / "corrections.yml").read_text(encoding="utf-8"))[-1]
    assert entry["cell"].startswith(first.written.name)
    assert entry["corrected_pct"] is None


def test_the_national_record_is_known_and_guarded(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    # Made-up figures under the date of a real release contradict what is on record for it.
    before = content(raw)
    with pytest.raises(InputError, match=r"vietnam_iip_releases\.csv:\d+:"):
        ingest([office.monthly("2024-05").save(tmp_path / "2024-05-29-Bieu-5.2024.xlsx")], raw)
    assert content(raw) == before


def test_without_a_release_date_one_must_be_given(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    path = march(office, tmp_path, "Bieu.xlsx")
    with pytest.raises(InputError, match="add --released YYYY-MM-DD"):
        ingest([path], raw)
    (report,) = ingest([path], raw, released="2025-04-06")
    assert report.release_date == "2025-04-06"


@pytest.mark.parametrize("released", ["2025-03-02", "2025-09-01", "06/04/2025", "2025-13-01", "20250406"])
def test_an_impossible_release_date_is_refused(
    office: SimpleNamespace, tmp_path: Path, raw: Path, released: str
) -> None:
    with pytest.raises(InputError, match="expected YYYY-MM-DD from 2025-03-15 to 2025-05-15"):
        ingest([march(office, tmp_path, "Bieu.xlsx")], raw, released=released)


def test_two_release_dates_are_refused(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    with pytest.raises(InputError, match="found the release date 2025-04-06 in its name, expected 2025-04-07"):
        ingest([march(office, tmp_path)], raw, released="2025-04-07")


def test_one_bad_workbook_among_several_stops_all(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    good = march(office, tmp_path)
    bad = tmp_path / "2025-05-06-Bieu-4.2025.xls"
    bad.write_text("<html></html>")
    before = content(raw)
    with pytest.raises(InputError, match="HTML page"):
        ingest([good, bad], raw)
    assert content(raw) == before


def test_killed_while_writing_it_leaves_the_record_whole(
    office: SimpleNamespace, tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = march(office, tmp_path)
    before = content(raw)

    def dies(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("bn_analysis.cleaning.raw.release_files.write_sidecar", dies)
        with pytest.raises(KeyboardInterrupt):
            ingest([path], raw)
    assert content(raw) == before
    assert ingest([path], raw)[0].new == 148


def test_a_figure_far_from_what_past_releases_imply_is_named(
    office: SimpleNamespace, tmp_path: Path, raw: Path
) -> None:
    (report,) = ingest([march(office, tmp_path)], raw)
    # The made-up figures of the test do not go with the real ones before them.
    assert any("past releases imply" in line for line in report.suspicious)
    assert all(line.startswith("  ") for line in report.lines()[1:])


def test_a_file_name_that_looks_like_a_formula_stays_text(office: SimpleNamespace, tmp_path: Path, raw: Path) -> None:
    (report,) = ingest([march(office, tmp_path, "=cmd.xlsx")], raw, released="2025-04-06")
    assert report.written is not None
    assert read_raw(report.written, COLUMNS)[0].fields["source"].startswith("./=cmd")


def test_module_is_free_of_other_rooms() -> None:
    text = Path(module.__file__).read_text(encoding="utf-8")
    assert not any(f"bn_analysis.{room}" in text for room in ("index", "seasonal", "cycle", "report"))

"""Ingesting appends what is new under its release date, once, whole or not at all, and never against the record."""

import hashlib
import shutil
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
import yaml
from filelock import FileLock
from typer.testing import CliRunner

from bn_analysis import cli
from bn_analysis.cleaning.ingestion import ingest as module
from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.promotion import COLUMNS as PROMOTION_COLUMNS
from bn_analysis.cleaning.rates import COLUMNS, PLACES
from bn_analysis.cleaning.raw import batch as batching
from bn_analysis.cleaning.raw.batch import batch
from bn_analysis.cleaning.raw.corrections import CORRECTIONS_FILE, read_corrections
from bn_analysis.cleaning.raw.release_files import adding, finish_stopped, ingested_rates, write_release
from bn_analysis.cleaning.raw.sidecars import PROVENANCE, read_raw
from bn_analysis.errors import BuildError, InputError
from bn_analysis.settings import Settings

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


class Killed(BaseException):
    """Stands for kill −9: from then on nothing is written any more, not even by what tidies up."""


def book_two(raw: Path) -> None:
    """What a call with two files writes: both releases and a correction, under the lock."""
    with adding(raw):
        if (raw / "releases" / "2.csv").exists():
            return
        with batch(raw) as staged:
            for name in ("1", "2"):
                write_release(raw, staged, name, ("a", "b"), [(name, "x")], dict.fromkeys(PROVENANCE, "said"))
            (staged / CORRECTIONS_FILE).write_text("[]\n", encoding="utf-8")


def test_killed_at_any_write_it_leaves_nothing_or_all_of_it_and_the_next_call_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 60):
        raw = tmp_path / str(number) / "raw"
        raw.mkdir(parents=True)
        count = [0]

        def step(real, number=number, count=count):
            def stepping(*args, **more):
                count[0] += 1
                if count[0] >= number:
                    raise Killed
                return real(*args, **more)

            return stepping

        killed = False
        with monkeypatch.context() as patch:
            for name in ("mkdir", "write_text", "replace", "rename", "unlink", "rmdir"):
                patch.setattr(Path, name, step(getattr(Path, name)))
            patch.setattr(batching.shutil, "rmtree", step(shutil.rmtree))
            try:
                book_two(raw)
            except Killed:
                killed = True
        for path in raw.rglob("*.csv"):  # what a report reads in between is whole
            read_raw(path, ("a", "b"))
        book_two(raw)
        names = ["1.csv", "1.csv.meta.yml", "2.csv", "2.csv.meta.yml"]
        assert sorted(path.name for path in (raw / "releases").iterdir()) == names
        assert (raw / CORRECTIONS_FILE).is_file()
        assert sorted(path.name for path in raw.parent.iterdir()) == [".raw.lock", "raw"]
        if not killed:
            assert number > 10
            return
    raise AssertionError("booking never came to its end")


def test_a_full_disk_leaves_the_record_as_it_was(
    office: SimpleNamespace, tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = march(office, tmp_path)
    before = content(raw)

    def full(*_: object, **__: object) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("bn_analysis.cleaning.raw.release_files.write_sidecar", full)
        with pytest.raises(OSError, match="No space left"):
            ingest([path], raw)
    assert content(raw) == before and [entry.name for entry in raw.parent.glob(".raw.*")] == [".raw.lock"]
    assert ingest([path], raw)[0].new == 148


def test_leftovers_inside_the_record_of_older_versions_are_swept(
    office: SimpleNamespace, tmp_path: Path, raw: Path
) -> None:
    left = raw / "releases" / ".part-x1"
    left.mkdir(parents=True)
    (left / "2025-04-06-0a1b2c3d.csv").write_text("half", encoding="utf-8")
    assert ingest([march(office, tmp_path)], raw)[0].new == 148 and not left.exists()


def test_a_report_finishes_what_a_stopped_ingestion_left_and_leaves_one_at_work_alone(raw: Path) -> None:
    staged, ready = (path for path in batching._folders(raw))
    finish_stopped(raw)
    assert not raw.with_name(".raw.lock").exists()  # nothing was left, nothing is touched
    (staged / "releases").mkdir(parents=True)
    (ready / "releases").mkdir(parents=True)
    (ready / "releases" / "2025-04-06-0a1b2c3d.csv").write_text("x", encoding="utf-8")
    with FileLock(raw.with_name(".raw.lock")):
        finish_stopped(raw)
        assert staged.is_dir() and ready.is_dir()
    finish_stopped(raw)
    assert not staged.exists() and not ready.exists()
    assert (raw / "releases" / "2025-04-06-0a1b2c3d.csv").read_text(encoding="utf-8") == "x"


def test_a_batch_that_another_user_left_is_said_in_one_line(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = raw.with_name(".raw.ready")
    (ready / "releases").mkdir(parents=True)
    (ready / "releases" / "2025-04-06-0a1b2c3d.csv").write_text("x", encoding="utf-8")

    def refused(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(BuildError, match=r"\.raw\.ready: .*another user's ingestion was stopped"):
        batching.finish(raw)


def test_files_of_one_call_that_contradict_each_other_are_refused(
    office: SimpleNamespace, tmp_path: Path, raw: Path
) -> None:
    path = march(office, tmp_path)
    other = contradicting(path)
    before = content(raw)
    with pytest.raises(InputError, match="two files of one call contradict each other"):
        ingest([path, other], raw, supersede=True)
    assert content(raw) == before


@pytest.mark.parametrize("end", ["\n", "", "\n\n"])
def test_a_correction_is_added_whatever_the_end_of_the_file(
    office: SimpleNamespace, tmp_path: Path, raw: Path, end: str
) -> None:
    path = march(office, tmp_path)
    (first,) = ingest([path], raw)
    assert first.written is not None
    row = read_raw(first.written, COLUMNS)[-1]
    entry = (
        f"- cell: {row.file}:{row.line}\n  printed_pct: {row.number('value_pct')}\n  corrected_pct: null\n  reason: r"
    )
    (raw / CORRECTIONS_FILE).write_text(f"# by hand\n{entry}{end}", encoding="utf-8")
    earlier = read_corrections(raw)
    ingest([contradicting(path)], raw, supersede=True)
    assert read_corrections(raw)[:-1] == earlier and len(read_corrections(raw)) == len(earlier) + 1


@pytest.mark.parametrize("text", ["- {a", "a: 1\n", "- 1\n", "[]\n"])
def test_a_file_of_corrections_that_cannot_be_added_to_stays(
    office: SimpleNamespace, tmp_path: Path, raw: Path, text: str
) -> None:
    path = march(office, tmp_path)
    ingest([path], raw)
    (raw / CORRECTIONS_FILE).write_text(text, encoding="utf-8")
    before = content(raw)
    with pytest.raises(InputError, match=CORRECTIONS_FILE):
        ingest([contradicting(path)], raw, supersede=True)
    assert content(raw) == before


def test_a_wrong_file_of_another_kind_stops_the_workbook_beside_it(
    office: SimpleNamespace, tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "raw", raw)
    bad = tmp_path / "promotion.csv"
    bad.write_text(",".join(PROMOTION_COLUMNS) + "\nBN,20x4\n", encoding="utf-8")
    before = content(raw)
    done = CliRunner().invoke(cli.app, ["ingest", str(march(office, tmp_path)), str(bad)])
    assert done.exit_code != 0 and isinstance(done.exception, InputError) and content(raw) == before


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

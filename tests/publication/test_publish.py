"""Publish or nothing: reports are whole whatever happens to the run that makes them."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from bn_analysis.errors import BuildError
from bn_analysis.publication.publish import LOCK, MANIFEST, PUBLISHING, STAGING, is_current, output_folder, publish
from bn_analysis.settings import Settings
from bn_analysis.study.fingerprint import fingerprint
from bn_analysis.study.parameters import Parameters

from ..built import ROOT, TOO_FEW, command

REPORT = Parameters("BN", "2025-06")
FACTS = {"key": "k1", "languages": ["vi"]}


def publish_texts(reports: Path, facts: dict = FACTS, **texts: str) -> Path:
    with output_folder(reports) as staging:
        folder = staging / "one"
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{name}.html").write_text(text, encoding="utf-8")
        return publish(folder, reports, REPORT, facts)


def test_a_report_is_current_until_its_key_a_language_or_a_byte_changes(tmp_path):
    folder = publish_texts(tmp_path, page="one")
    assert is_current(tmp_path, REPORT, "k1", ("vi",))
    assert not is_current(tmp_path, REPORT, "k2", ("vi",))
    assert not is_current(tmp_path, REPORT, "k1", ("vi", "en"))
    (folder / "page.html").write_text("touched", encoding="utf-8")
    assert not is_current(tmp_path, REPORT, "k1", ("vi",))
    (folder / "page.html").unlink()
    assert not is_current(tmp_path, REPORT, "k1", ("vi",))


def test_pages_a_report_no_longer_has_are_removed(tmp_path):
    publish_texts(tmp_path, page="one", old="old")
    folder = publish_texts(tmp_path, page="two")
    assert sorted(path.name for path in folder.iterdir()) == [MANIFEST, "page.html"]
    assert (folder / "page.html").read_text(encoding="utf-8") == "two"


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_run_killed_while_it_moved_files_is_finished_by_the_next(tmp_path, moved):
    folder = publish_texts(tmp_path, a="old a", b="old b")
    ready = tmp_path / f"{PUBLISHING}2025-06-BN"
    ready.mkdir()
    record = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (ready / MANIFEST).write_text(json.dumps(record | {"key": "k2"}), encoding="utf-8")
    for number, name in enumerate(("a.html", "b.html")):
        (folder if number < moved else ready).joinpath(name).write_text("new", encoding="utf-8")
    (tmp_path / f"{STAGING}dead").mkdir()
    with output_folder(tmp_path):
        pass
    assert [(folder / name).read_text(encoding="utf-8") for name in ("a.html", "b.html")] == ["new", "new"]
    assert json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["key"] == "k2"
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOCK, "2025-06"]


def test_nothing_is_written_through_a_link(tmp_path):
    elsewhere, reports = tmp_path / "elsewhere", tmp_path / "reports"
    elsewhere.mkdir()
    reports.mkdir()
    (reports / "2025-06").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(BuildError, match="is a link"):
        publish_texts(reports, page="one")
    assert list(elsewhere.iterdir()) == []


def test_two_runs_never_write_to_one_folder(tmp_path):
    with FileLock(tmp_path / LOCK):
        done = command("report", *TOO_FEW, "--out", str(tmp_path))
    assert done.returncode == 1 and "another run is writing here" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]


def test_nothing_new_is_exit_code_3_and_touches_nothing(built):
    before = {path: path.stat().st_mtime_ns for path in built.folder.rglob("*") if path.is_file()}
    began = time.monotonic()
    done = command("report", *TOO_FEW, "--out", str(built.folder))
    assert done.returncode == 3 and "nothing has changed" in done.stderr
    assert time.monotonic() - began < 10  # the promise is 2 s; a busy machine gets room
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_changed_provincial_figure_concerns_the_province_alone(tmp_path):
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    for path in (ROOT / "data" / "raw").iterdir():
        if path.is_file():
            (raw / path.name).write_bytes(path.read_bytes())
    settings = Settings(root=tmp_path)
    before = {code: fingerprint(settings, code) for code in ("BN", "VN")}
    with (raw / "bac_ninh_published_rates.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    assert fingerprint(settings, "BN") != before["BN"] and fingerprint(settings, "VN") == before["VN"]
    with (raw / "vietnam_iip_releases.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    assert fingerprint(settings, "VN") != before["VN"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
def test_a_stopped_run_leaves_the_last_good_report_and_nothing_else(tmp_path):
    folder = publish_texts(tmp_path, page="last good")
    program = Path(sys.executable).with_name("bn-analysis")
    run = subprocess.Popen(
        [str(program), "report", *TOO_FEW, "--out", str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert run.stderr is not None
    for line in run.stderr:
        if "04_bottoming_out" in line:  # kernels are at work
            break
    run.send_signal(signal.SIGTERM)
    rest = run.stderr.read()
    assert run.wait(timeout=60) == 1 and "interrupted; nothing half-made" in rest
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOCK, "2025-06"]
    assert (folder / "page.html").read_text(encoding="utf-8") == "last good"
    mine = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in mine

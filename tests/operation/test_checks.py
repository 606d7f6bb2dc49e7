"""`check` looks at everything a monthly run needs, and tells information from faults."""

import datetime as dt
import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from bn_analysis import cli
from bn_analysis.cleaning.raw.sidecars import GATHERED, PROVENANCE, read_sidecar, write_sidecar
from bn_analysis.errors import InputError
from bn_analysis.operation import checks
from bn_analysis.operation.checks import health
from bn_analysis.operation.release_status import lateness
from bn_analysis.publication.build_reports import Request, _words, plan
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import check_clock

from ..built import ROOT, command

TODAY = dt.date(2026, 11, 24)
SIDECAR = "".join(f"{key}: a\n" for key in (*PROVENANCE, "sha256")).encode()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the project's figures and notebooks that the library works in."""
    for name in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setenv("BN_ANALYSIS_ROOT", str(tmp_path))
    return tmp_path


def finding(what, today=TODAY):
    return next(found for found in health(today) if found.what == what)


def from_tomorrow(project):
    """A figure that was released after this computer's date."""
    path = project / "data/raw/labour_by_province_releases.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1].replace("2025-02-28", "2099-02-28")]) + "\n", encoding="utf-8")
    words = {key: value for key, value in read_sidecar(path).items() if key in PROVENANCE}
    write_sidecar(path, **words)


def test_everything_is_fine_here_and_late_releases_are_information(project):
    assert [found.what for found in health(TODAY) if not found.fine] == []
    assert "VN 2026-08 late since 2026-09-03 (3 months in all)" in finding("releases").said
    assert "VN next 2026-08, due 2026-09-03" in finding("releases", dt.date(2026, 9, 3)).said
    assert "VN 0 of 182 months" in finding("gaps").said and "Build" in finding("X-13ARIMA-SEATS").said


def test_check_speaks_to_programs_too():
    done = command("check", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert all(set(row) == {"what", "fine", "said"} and row["fine"] is True for row in rows)


def test_a_territory_that_has_ended_is_never_late():
    states = lateness(Settings(root=ROOT), TODAY)
    assert [state.territory for state in states] == ["BNM", "VN"]
    said = states[1].sentence("vi")
    assert "tháng 8/2026" in said and "3/9/2026" in said and "không tự điền" in said
    assert "3 September 2026" in states[1].sentence("en")


def test_a_clock_before_the_newest_release_stops_check_and_report(project):
    from_tomorrow(project)
    clock = finding("clock")
    assert not clock.fine and clock.exit_code == 2
    assert "before the newest release 2099-02-28" in clock.said
    with pytest.raises(InputError, match="clock: this computer says"):
        plan(Request("BN", "latest", "", "", "", "vi"))
    done = command("report", "--territory", "BN", BN_ANALYSIS_ROOT=str(project))
    assert done.returncode == 2 and "clock" in done.stderr and done.stderr.count("\n") == 1


def test_the_day_of_the_newest_release_itself_is_no_fault():
    newest = check_clock(Settings(root=ROOT), TODAY)
    assert check_clock(Settings(root=ROOT), dt.date.fromisoformat(newest)) == newest


def test_a_raw_file_that_was_edited_is_named(project):
    path = project / "data/raw/bac_ninh_published_rates.csv"
    printed = path.read_bytes()
    path.write_bytes(printed.replace(b",-8.8,", b",-8.9,", 1))
    assert "never edited" in finding("raw data").said
    path.write_bytes(printed)
    (project / "data/raw/vietnam_iip_releases.csv").unlink()
    missing = finding("territories")
    assert not missing.fine and "vietnam_iip_releases.csv" in missing.said


@pytest.mark.parametrize(("program", "said"), [("/nowhere/x13as", "no X-13ARIMA-SEATS program there"), ("echo", "not")])
def test_a_missing_or_other_program_is_a_fault_of_this_computer(project, monkeypatch, program, said):
    monkeypatch.setenv("X13PATH", shutil.which(program) or program)
    found = finding("X-13ARIMA-SEATS")
    assert not found.fine and found.exit_code == 1 and said in found.said


def test_no_browser_is_fine(project, monkeypatch):
    monkeypatch.setattr("bn_analysis.publication.browser.BROWSERS", ("no-such-browser",))
    found = finding("browser")
    assert found.fine and found.said.startswith("none")


def test_a_font_without_vietnamese_letters_is_a_fault(project, monkeypatch):
    monkeypatch.setattr("bn_analysis.report.elements.chart.STYLE", {"font.sans-serif": ["STIXNonUnicode"]})
    found = finding("fonts")
    assert not found.fine and "ế" in found.said


def test_every_gathered_file_is_known_by_name():
    assert sorted(path.name for path in (ROOT / "data" / "raw").glob("*.csv")) == list(GATHERED)


@pytest.mark.parametrize("name", ["events.csv", "tet.csv", "grdp.csv", "vsic.csv", "output_levels.csv"])
@pytest.mark.parametrize("with_sidecar", [True, False])
def test_a_raw_file_that_vanished_is_missed(project, monkeypatch, name, with_sidecar):
    monkeypatch.setattr(checks, "MOVING_SECONDS", 0.0)
    (project / "data/raw" / name).unlink()
    if with_sidecar:
        (project / "data/raw" / f"{name}.meta.yml").unlink()
    found = _raw_finding()
    assert (
        not found.fine
        and found.exit_code == 2
        and found.said == f"{name}: thiếu; khôi phục data/raw / missing; restore data/raw"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("events.csv", b"\xff\xfe"),
        ("events.csv", b"x" * 200_000 + b"\n"),
        ("events.csv", b'a,"' + b"x" * 200_000),
        ("events.csv", b"\x00\n"),
        ("events.csv.meta.yml", b"{a: ["),
        ("events.csv.meta.yml", b"\xff"),
        ("corrections.yml", b"{a: ["),
        ("corrections.yml", b"\xff\xfe"),
        ("corrections.yml", b"[" * 5_000),
        ("corrections.yml", b"7"),
        ("corrections.yml", b"- 7"),
        ("corrections.yml", b"- {7: a}"),
        ("corrections.yml", b"- {cell: a, printed_pct: 1, corrected_pct: 1, reason: b, c: d}"),
        ("corrections.yml", b"- {cell: a, printed_pct: x, corrected_pct: 1, reason: b}"),
        ("corrections.yml", b"- {cell: a, printed_pct: 1, corrected_pct: .nan, reason: b}"),
        ("events.csv.meta.yml", b"[" * 5_000),
        ("events.csv.meta.yml", SIDECAR + b"rows: 1\ncolumns: []\nlines: ''"),
        ("events.csv.meta.yml", SIDECAR + b"rows: 1\ncolumns: {a: 1}\nlines: ''"),
        ("events.csv.meta.yml", SIDECAR + b"rows: x\ncolumns: {}\nlines: ''"),
        ("events.csv.meta.yml", SIDECAR + b"rows: 1\ncolumns: {}\nlines: 7"),
    ],
)
def test_a_damaged_raw_file_is_a_finding_that_names_it(project, name, content):
    path = project / "data/raw" / name
    path.write_bytes((path.read_bytes() if path.suffix == ".csv" else b"") + content)
    found = _raw_finding()
    assert not found.fine and found.exit_code == 2 and found.said.startswith(name), found


def test_the_record_as_it_is_has_no_fault(project):
    found = _raw_finding()
    assert found.fine, found.said


def test_a_raw_file_without_end_is_named_and_not_read(project, monkeypatch):
    with (project / "data/raw/events.csv").open("r+b") as file:
        file.truncate(5 * 2**30)  # sparse: it takes no room
    read_bytes = Path.read_bytes

    def small(path: Path) -> bytes:
        assert path.name != "events.csv"
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", small)
    assert _raw_finding().said.startswith("events.csv: found more than")


def test_corrections_that_vanished_are_missed(project, monkeypatch):
    monkeypatch.setattr(checks, "MOVING_SECONDS", 0.0)
    (project / "data/raw/corrections.yml").unlink()
    assert _raw_finding().said.startswith("corrections.yml: thiếu")


@pytest.mark.parametrize("variables", [{"SEED": "abc"}, {"ROOT": "~no-such-user/x"}, {"SETTINGS": "/no/such/file"}])
def test_check_is_json_even_where_the_settings_make_no_sense(project, monkeypatch, capsys, variables):
    for name, value in variables.items():
        monkeypatch.setenv(f"BN_ANALYSIS_{name}", value)
    with pytest.raises(InputError):
        cli.check(as_json=True)
    said = capsys.readouterr().out
    (found,) = json.loads(said)
    assert said.isascii() and not found["fine"] and f"BN_ANALYSIS_{next(iter(variables))}" in found["said"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such thing as a FIFO here")
def test_a_pipe_among_the_files_blocks_nothing(project):
    os.mkfifo(project / "data/raw/x.csv")
    assert _raw_finding().said.startswith("x.csv")


def _raw_finding():
    return checks._look("raw data", checks._raw, Settings())


def test_check_changes_and_creates_nothing(project):
    before = sorted((path, path.lstat().st_mtime_ns) for path in project.rglob("*"))
    health(TODAY)
    assert sorted((path, path.lstat().st_mtime_ns) for path in project.rglob("*")) == before


def test_whatever_breaks_in_one_look_is_a_finding():
    found = checks._look("x", lambda settings: {}["key"], Settings(root=ROOT))
    assert not found.fine and found.exit_code == 2 and "KeyError" in found.said


def test_a_full_disk_is_said_in_words_wherever_it_is_met(project, monkeypatch):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fails(*_):
        raise full

    assert "hết chỗ trống; dọn bớt" in _words(full) and "Errno" not in _words(full)
    found = checks._look("write access", fails, Settings())
    assert not found.fine and found.exit_code == 1
    assert "hết chỗ trống; dọn bớt" in found.said and "make room and run again" in found.said

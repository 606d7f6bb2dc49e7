"""What goes wrong around a monthly run is one clear line and an exit code; readers keep the last good reports."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from bn_analysis.operation.mail import PAGE
from bn_analysis.operation.run_log import LOG, entries
from bn_analysis.publication.build_reports import Request, plan
from bn_analysis.publication.publish import LOCK, output_folder, publish
from bn_analysis.settings import Settings
from bn_analysis.study.store.fingerprint import page_key

from ..built import ROOT

SECRET = "hush-7fd1"


@pytest.fixture(scope="module")
def stands(tmp_path_factory):
    """A copy of the project whose reports stand as their inputs would make them: nothing has to be built."""
    root = tmp_path_factory.mktemp("stands") / "project"
    for name in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    (root / "data" / "processed").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BN_ANALYSIS_ROOT", str(root))
        settings = Settings()
        with output_folder(settings.reports) as staging:
            for report in plan(Request("", "latest", "", "", "", "both")).reports:
                folder = staging / report.territory
                folder.mkdir()
                (folder / PAGE).write_text(f"<title>{report.territory}</title>", encoding="utf-8")
                facts = {
                    "territory": report.territory, "period": report.period, "as_of": "", "languages": ["vi", "en"],
                    "key": page_key(settings, report.territory, report),
                    "phase": "bottomed_out", "probability": 0.9, "vintage": "2025-07-06", "verdict": {"reasons": []},
                }  # fmt: skip
                publish(folder, settings.reports, report, facts)
    return root


@pytest.fixture
def project(stands, tmp_path):
    return Path(shutil.copytree(stands, tmp_path / "project"))


def command(project, *arguments, before=(), **variables):
    program = str(Path(sys.executable).with_name("bn-analysis"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BN_ANALYSIS_SMTP")}
    environment |= {"BN_ANALYSIS_ROOT": str(project), **variables}
    return subprocess.run(
        [*before, program, *arguments], cwd=project, env=environment, capture_output=True, text=True, timeout=120
    )


def pages(project):
    """Every published file with its content; the log and the locks are no pages."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in (project / "reports").glob("*/**/*")
        if path.is_file()
    }


def one_line(done, code):
    assert done.returncode == code, done.stderr + done.stdout
    said = [line for line in done.stderr.splitlines() if line.startswith("bn-analysis: ")]
    assert len(said) == 1 and "Traceback" not in done.stderr
    return said[0]


def test_two_monthly_runs_at_once(project):
    before = pages(project)
    with FileLock(project / "reports" / LOCK):
        assert "another run is writing here" in one_line(command(project, "run-month"), 1)
    inbox = project / "data" / "inbox"
    with FileLock(inbox / LOCK):
        assert "another run is reading the inbox" in one_line(command(project, "run-month"), 1)
    assert command(project, "run-month").returncode == 3
    assert pages(project) == before
    assert [entry["exit_code"] for entry in entries(project / "reports")] == [1, 1, 3]


def read_only_prefix(folder):
    """Words before a command that make a folder read-only for it alone; None where that is not permitted."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
        return ()
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    words = ("unshare", "--mount", "sh", "-c", script, str(folder))
    if shutil.which("unshare") is None or subprocess.run([*words, "true"], capture_output=True).returncode:
        return None
    return words


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
def test_an_output_folder_that_cannot_be_written(project):
    before, prefix = pages(project), read_only_prefix(project / "reports")
    if prefix is None:
        pytest.skip("mounting is not permitted here")
    (project / "data" / "inbox").mkdir()
    (project / "data" / "inbox" / "2025-04-06 new.xlsx").write_bytes(b"x")
    done = command(project, "run-month", before=prefix)
    (project / "reports").chmod(0o755)
    assert "reports cannot be written" in one_line(done, 1)
    assert pages(project) == before and (project / "data" / "inbox" / "2025-04-06 new.xlsx").is_file()


def test_a_file_where_the_reports_folder_should_be(project):
    shutil.rmtree(project / "reports")
    (project / "reports").write_text("x", encoding="utf-8")
    assert "cannot be written" in one_line(command(project, "run-month"), 1)
    assert "nothing half-made" in one_line(command(project, "report", "--territory", "BN"), 1)


def test_damaged_files_in_the_inbox(project):
    before, raw = pages(project), (project / "data" / "raw").rglob("*")
    record = {path: path.read_bytes() for path in raw if path.is_file()}
    inbox = project / "data" / "inbox"
    inbox.mkdir()
    (inbox / "2025-04-06 half.xlsx").write_bytes(b"PK\x03\x04" + bytes(3000))
    (inbox / "2025-04-06 noise.xls").write_bytes(bytes(range(256)) * 20)
    (inbox / "2025-04-06 xin\nchao.xlsx").write_bytes(b"")
    done = command(project, "run-month")
    assert done.returncode == 2 and done.stdout.count("Bị từ chối") == 3 and "Traceback" not in done.stderr
    assert pages(project) == before
    assert {path: path.read_bytes() for path in record} == record
    reasons = sorted((inbox / "refused").glob("*.txt"))
    assert len(reasons) == 3 and all(path.read_text(encoding="utf-8").count("\n") == 1 for path in reasons)


def test_a_dead_mail_server_and_a_password_that_appears_nowhere(project):
    before = pages(project)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    mail = {"HOST": "127.0.0.1", "PORT": port, "USER": "u", "PASSWORD": SECRET, "FROM": "a@b.vn", "TO": "c@d.vn"}
    variables = {f"BN_ANALYSIS_SMTP_{name}": value for name, value in mail.items()}
    done = command(project, "run-month", **variables)
    assert "does not answer" in one_line(done, 1) and pages(project) == before
    assert json.loads((project / "reports" / LOG).read_text(encoding="utf-8"))["mailed"] == ""
    wrong = command(project, "run-month", **variables, BN_ANALYSIS_SMTP_TLS=SECRET)
    assert "BN_ANALYSIS_SMTP_TLS" in one_line(wrong, 2)
    check = command(project, "check", "--json", **variables)
    said = done.stdout + done.stderr + wrong.stdout + wrong.stderr + check.stdout + check.stderr
    files = [path for path in project.rglob("*") if path.is_file()]
    assert SECRET not in said and not any(SECRET.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--territory", "../../etc"],
        ["--territory", "/etc/passwd"],
        ["--territory", "BN", "--period", "../../2024-03"],
        ["--territory", "BN", "--as-of", "../2024-03"],
        ["--territory", "BN", "--language", "../vi"],
        ["--territory", "BN\nVN"],
    ],
)
def test_a_parameter_is_never_a_path(project, arguments):
    before = sorted(project.rglob("*"))
    one_line(command(project, "report", *arguments), 2)
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("place", ["2026-08", "2026-08/BNM"])
def test_a_link_in_the_reports_folder_is_refused_before_anything_is_built(project, tmp_path, place):
    link, elsewhere = project / "reports" / place, tmp_path / "elsewhere"
    shutil.rmtree(link)
    elsewhere.mkdir()
    link.symlink_to(elsewhere, target_is_directory=True)
    done = command(project, "report", "--territory", "BNM")
    assert "is a link" in one_line(done, 1) and "04_bottoming_out" not in done.stderr
    assert list(elsewhere.iterdir()) == []


def test_a_missing_engine_stops_the_run_before_the_inbox_is_touched(project):
    before = pages(project)
    assert "no X-13ARIMA-SEATS program there" in one_line(command(project, "run-month", X13PATH="/nowhere"), 1)
    assert pages(project) == before and not (project / "data" / "inbox").exists()

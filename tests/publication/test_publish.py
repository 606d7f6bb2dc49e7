"""Publish or nothing: reports are whole whatever happens to the run that makes them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from filelock import FileLock

from bn_analysis.errors import BuildError
from bn_analysis.publication import publish as publishing
from bn_analysis.publication import swap
from bn_analysis.publication.archive import write_index
from bn_analysis.publication.publish import (
    COMING,
    LARGEST_OUTPUT,
    LOCK,
    MANIFEST,
    PUBLISHING,
    STAGING,
    index_is_current,
    index_sign,
    is_current,
    output_folder,
    publish,
    refuse_unwritable,
)
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.store.fingerprint import fingerprint

from ..built import ROOT, TOO_FEW, command

REPORT = Parameters("BN", "2025-06")
FACTS = {
    "key": "k1", "languages": ["vi"], "territory": "BN", "period": "2025-06", "as_of": "", "vintage": "2025-07-06",
    "phase": "bottomed_out", "probability": 0.9, "verdict": {},
}  # fmt: skip


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


def test_a_page_without_end_or_behind_a_link_is_no_page_that_stands(tmp_path):
    folder = publish_texts(tmp_path, page="one")
    (folder / "page.html").rename(tmp_path / "elsewhere.html")
    (folder / "page.html").symlink_to(tmp_path / "elsewhere.html")
    assert not is_current(tmp_path, REPORT, "k1", ("vi",))
    (folder / "page.html").unlink()
    (folder / "page.html").touch()
    os.truncate(folder / "page.html", 5 * 2**30)  # sparse: it takes no room
    tracemalloc.start()
    assert not is_current(tmp_path, REPORT, "k1", ("vi",))
    assert tracemalloc.get_traced_memory()[1] < LARGEST_OUTPUT
    tracemalloc.stop()


def test_pages_a_report_no_longer_has_are_removed(tmp_path):
    publish_texts(tmp_path, page="one", old="old")
    folder = publish_texts(tmp_path, page="two")
    assert sorted(path.name for path in folder.iterdir()) == [MANIFEST, "page.html"]
    assert (folder / "page.html").read_text(encoding="utf-8") == "two"


class Killed(BaseException):
    """Stands for kill −9: nothing that tidies up may run."""


EVENTS = ("mkdir", "touch", "unlink", "rename", "replace", "rmdir", "write_text")


@pytest.fixture
def killed_at(monkeypatch):
    """Publishes and dies before the n-th thing that is written; whether it came so far."""

    def run(number, reports, **texts):
        staging = reports / f"{STAGING}1" / "one"
        staging.mkdir(parents=True)
        for name, text in texts.items():
            (staging / f"{name}.html").write_text(text, encoding="utf-8")
        count = [0]

        def step(real):
            def stepping(*args, **more):
                count[0] += 1
                if count[0] == number:
                    raise Killed
                return real(*args, **more)

            return stepping

        with monkeypatch.context() as patch:
            for name in EVENTS:
                patch.setattr(Path, name, step(getattr(Path, name)))
            patch.setattr(publishing.shutil, "rmtree", step(shutil.rmtree))
            patch.setattr(swap, "_in_one_step", step(swap._in_one_step))
            try:
                publish(staging, reports, REPORT, {**FACTS, "key": "k2"})
            except Killed:
                return True
        return False

    return run


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_run_killed_at_any_step_leaves_one_version_and_the_next_run_brings_the_new_one(
    tmp_path, killed_at, monkeypatch, can_exchange
):
    if not can_exchange:
        monkeypatch.setattr(swap, "_in_one_step", lambda one, other: False)
    for number in range(1, 40):
        reports = tmp_path / str(number)
        folder = publish_texts(reports, a="old", b="old", gone="old")
        below = folder / "as-of-2025-07-01"
        below.mkdir()
        (below / "a.html").write_text("as of", encoding="utf-8")
        killed = killed_at(number, reports, a="new", b="new")
        seen = {path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
        assert len(seen) == 1 or (not can_exchange and not folder.exists())
        ready = (reports / f"{PUBLISHING}2025-06-BN").exists() or seen == {"new"}
        with output_folder(reports):
            pass
        names = sorted(path.name for path in folder.iterdir() if path.name != COMING)
        pages = ["a.html", "as-of-2025-07-01", "b.html", MANIFEST]
        assert names == pages if ready else names == ["a.html", "as-of-2025-07-01", "b.html", "gone.html", MANIFEST]
        assert {path.read_text(encoding="utf-8") for path in folder.glob("*.html")} == {"new" if ready else "old"}
        assert (below / "a.html").read_text(encoding="utf-8") == "as of"
        assert sorted(path.name for path in reports.iterdir()) == [LOCK, "2025-06"]
        assert is_current(reports, REPORT, "k2" if ready else "k1", ("vi",))
        if not killed:
            return
    raise AssertionError("publishing never came to its end")


def test_a_reader_never_meets_pages_of_two_versions(tmp_path):
    """A folder opened once shows one version, however often reports are published meanwhile."""
    if not swap.can_exchange():
        pytest.skip("folders do not change places in one step here")
    folder = publish_texts(tmp_path, a="0", b="0")
    done, mixed, looks = threading.Event(), [], 0

    def publish_again():
        for number in range(1, 60):
            publish_texts(tmp_path, a=str(number), b=str(number))
        done.set()

    writer = threading.Thread(target=publish_again)
    writer.start()
    while not done.is_set():
        opened = os.open(folder, os.O_RDONLY)
        try:
            texts = []
            for name in ("a.html", "b.html"):
                with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=opened), encoding="utf-8") as page:
                    texts.append(page.read())
            looks += 1
            if texts[0] != texts[1]:
                mixed.append(texts)
        except FileNotFoundError:
            pass  # the version that was opened has just been removed: less than it, never another
        finally:
            os.close(opened)
    writer.join()
    assert looks > 60 and mixed == []


@pytest.mark.parametrize("place", ["../elsewhere", "/tmp/elsewhere", "2025-06/BN/../../..", "2025-06", 7, None])
def test_a_planted_manifest_leads_nowhere(tmp_path, place):
    reports, elsewhere = tmp_path / "reports", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("mine", encoding="utf-8")
    ready = reports / f"{PUBLISHING}x"
    ready.mkdir(parents=True)
    (ready / COMING).touch()
    (ready / MANIFEST).write_text(json.dumps({"folder": place, "outputs": {"../mine.txt": ""}}), encoding="utf-8")
    (reports / f"{PUBLISHING}y").symlink_to(elsewhere, target_is_directory=True)
    (reports / f"{STAGING}z").symlink_to(elsewhere, target_is_directory=True)
    with output_folder(reports):
        pass
    assert [path.name for path in reports.iterdir()] == [LOCK]
    assert [path.name for path in elsewhere.iterdir()] == ["mine.txt"]


BROKEN = {
    "no JSON": "{",
    "no report": "[1]",
    "nested without end": "[" * 100_000,
    "a page elsewhere": {"outputs": {"../../../mine.html": ""}},
    "another place": {"folder": "2025-05/BN"},
    "no such territory": {"territory": "ZZ"},
    "no such phase": {"phase": "up"},
    "no number": {"probability": "high"},
    "no such language": {"languages": ["xx"]},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_or_planted_manifest_is_no_report_and_stops_no_run(tmp_path, broken):
    reports, mine = tmp_path / "reports", tmp_path / "mine.html"
    text = "<!--months-->mine<!--/months-->"
    mine.write_text(text, encoding="utf-8")
    manifest = publish_texts(reports, page="one") / MANIFEST
    change = BROKEN[broken]
    whole = change if isinstance(change, str) else json.dumps({**json.loads(manifest.read_text("utf-8")), **change})
    manifest.write_text(whole, encoding="utf-8")
    (reports / "index.html").write_bytes(b"\xff")
    with output_folder(reports) as staging:
        assert not is_current(reports, REPORT, "k1", ("vi",)) and not index_is_current(reports)
        write_index(reports, staging)
    assert index_is_current(reports) and "2025-06/BN" not in (reports / "index.html").read_text("utf-8")
    assert mine.read_text("utf-8") == text


def test_a_report_behind_a_link_is_not_listed_and_not_written_to(tmp_path):
    folder = publish_texts(tmp_path / "elsewhere", page="<!--months-->theirs<!--/months-->")
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "2025-06").symlink_to(folder.parent, target_is_directory=True)
    with output_folder(reports) as staging:
        write_index(reports, staging)
    assert "theirs" in (folder / "page.html").read_text("utf-8")
    assert "2025-06/BN" not in (reports / "index.html").read_text("utf-8")


def test_a_list_that_a_killed_run_left_old_is_known_as_old(tmp_path):
    publish_texts(tmp_path, page="one")
    assert not index_is_current(tmp_path)
    (tmp_path / "index.html").write_text(index_sign(tmp_path), encoding="utf-8")
    assert index_is_current(tmp_path)
    publish_texts(tmp_path, page="two")
    assert not index_is_current(tmp_path)


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


def as_nobody(work):
    """Exit code of a child that does some work as a user without any rights: 0 done, 7 refused in our words."""
    child = os.fork()
    if child == 0:
        code = 9
        try:
            os.setuid(65534)
            work()
            code = 0
        except BuildError:
            code = 7
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def shared_folder():
    """A folder that everybody may write to, outside pytest's own, which only this user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="bn-shared-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be two users")
def test_what_a_killed_run_of_another_user_left_blocks_nobody(shared_folder):
    umask = os.umask(0o077)
    try:
        with output_folder(shared_folder) as staging:
            (staging / "page.html").write_text("<title>1</title>", encoding="utf-8")
            killed = Path(shutil.copytree(staging, shared_folder / f"{STAGING}killed"))
            ready = Path(shutil.copytree(staging, shared_folder / f"{PUBLISHING}2025-06-BN"))
            (ready / COMING).touch()
            (ready / MANIFEST).write_text('{"folder": "2025-06/BN"}', encoding="utf-8")
    finally:
        os.umask(umask)

    def work():
        with output_folder(shared_folder) as staging:
            (staging / "made").mkdir()
            (staging / "made" / "page.html").write_text("<title>2</title>", encoding="utf-8")
            publish(staging / "made", shared_folder, REPORT, FACTS)

    assert as_nobody(work) == 0
    assert "2" in (shared_folder / "2025-06" / "BN" / "page.html").read_text(encoding="utf-8")
    assert killed.is_dir() and ready.is_dir()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be two users")
def test_a_folder_that_cannot_be_written_is_said_with_the_setting_of_another(shared_folder):
    shared_folder.chmod(0o755)
    assert as_nobody(lambda: refuse_unwritable(shared_folder, "--out")) == 7
    shared_folder.chmod(0o777)
    assert as_nobody(lambda: refuse_unwritable(shared_folder / "new", "--out")) == 0
    (shared_folder / "file").touch()
    with pytest.raises(BuildError, match=r"file: .*BN_ANALYSIS_CACHE"):
        refuse_unwritable(shared_folder / "file", "BN_ANALYSIS_CACHE")

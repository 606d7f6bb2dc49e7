"""Temporary files lie in one folder of the run, which its end or the next start removes, and no other run's."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from bn_analysis.temporary import LOCK, PREFIX, run_folder

from .built import ROOT


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_temporary_files_go_into_the_folder_of_the_run_and_with_it(place):
    before = dict(os.environ)
    with run_folder() as folder:
        assert Path(tempfile.mkdtemp()).parent == folder and folder.parent == place
        assert folder.stat().st_mode & 0o77 == 0 or os.name == "nt"
    assert not list(place.iterdir()) and dict(os.environ) == before


def test_the_next_start_removes_what_a_killed_run_left_and_nothing_of_one_at_work(place):
    killed, at_work, unlocked, foreign = (place / f"{PREFIX}{name}" for name in ("a", "b", "c", "d"))
    for folder in (killed, at_work, unlocked):
        folder.mkdir()
        (folder / "x").touch()
    (killed / LOCK).touch()
    os.utime(unlocked, (0, 0))  # however old: nothing says that it is of a run
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / LOCK).touch()
    foreign.symlink_to(elsewhere, target_is_directory=True)
    with FileLock(at_work / LOCK), run_folder():
        assert not killed.exists()
        assert at_work.is_dir() and unlocked.is_dir() and elsewhere.is_dir() and foreign.is_symlink()


@pytest.mark.skipif(sys.platform != "linux", reason="a home folder that cannot be made is of Linux")
def test_without_a_home_folder_in_the_c_locale_and_under_a_narrow_umask_nothing_is_said(tmp_path):
    root = tmp_path / "project"
    for name in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": "/proc/none", "LC_ALL": "C",
        "TMPDIR": str(temporary), "BN_ANALYSIS_ROOT": str(root),
    }  # fmt: skip
    program = (
        "import os; os.umask(0o077)\nfrom bn_analysis import cli\nfrom bn_analysis.settings import Settings\n"
        "from bn_analysis.study.store.cache import stored\nimport IPython, sys\n"
        "def command(**_):\n"
        "    import matplotlib.pyplot\n    from IPython.paths import get_ipython_dir\n    get_ipython_dir()\n"
        "    [stored(Settings(), 'a', lambda: 1) for _ in range(3)]\n"
        "cli.app = command\ncli.main()"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=99
        )
        said = done.stderr.splitlines()
        assert done.returncode == 0 and len(said) == 1 and said[0].startswith("no key for the store of results")
    assert not list(temporary.iterdir())

"""The program is found where people put it, runs in a folder of its own, and leaves nothing behind whatever happens."""

import os
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from bn_analysis.errors import EngineError
from bn_analysis.seasonal.x13.binary import X13Error, X13RefusedError, complaint, find_program, run_program
from bn_analysis.seasonal.x13.run import run
from bn_analysis.seasonal.x13.specification import Specification

from .simulated import production

PLAIN = Specification(transform="log", aictest=(), outliers=(), arima="(0 1 1)(0 1 1)")
BREATH = 0.2
"""Seconds a killed process may need to disappear."""


@pytest.fixture
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, with blanks and marks, so that what is left behind is seen."""
    folder = tmp_path / "thư mục tạm"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_nothing_is_left_after_a_run(own_temp: Path) -> None:
    result = run(PLAIN, production())
    assert np.isfinite(result.table("d11")).all()
    assert not any(own_temp.iterdir())


def test_nothing_is_left_after_a_refusal(own_temp: Path) -> None:
    below_zero = production() - 200
    with pytest.raises(X13RefusedError, match="log") as caught:
        run(PLAIN, below_zero)
    assert "series{" in caught.value.specification
    assert len(str(caught.value).splitlines()) == 1
    assert not any(own_temp.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for the program")
def test_a_program_that_hangs_is_killed_with_its_children_and_leaves_nothing(
    own_temp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "child"
    monkeypatch.setenv("X13PATH", str(script(tmp_path / "slow", f"(sleep 30; : ) & echo $! > '{marker}'; wait")))
    started = time.monotonic()
    with pytest.raises(X13Error, match=r"longer than 0\.5 s"):
        run(PLAIN, production(), time_limit=0.5)
    assert time.monotonic() - started < 5
    time.sleep(BREATH)
    child = marker.read_text().strip()
    alive = subprocess.run(
        ["ps", "-o", "stat=", "-p", child], capture_output=True, text=True, check=False
    ).stdout.strip()
    assert alive[:1] in ("", "Z")  # gone, or dead and not yet collected; further letters say how it was scheduled
    assert not any(own_temp.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for the program")
def test_a_program_that_dies_halfway_returns_nothing_partial(
    own_temp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = script(tmp_path / "half", "printf 'date\\trun.d11\\n' > run.d11; kill -9 $$")
    monkeypatch.setenv("X13PATH", str(half))
    with pytest.raises(X13Error, match="without a word"):
        run(PLAIN, production())
    assert not any(own_temp.iterdir())


def test_x13path_wins_and_may_name_a_file_or_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = script(tmp_path / "x13as_html", "exit 0")
    monkeypatch.setenv("X13PATH", str(tmp_path))
    assert find_program() == program
    monkeypatch.setenv("X13PATH", str(program))
    assert find_program() == program


def test_a_wrong_x13path_is_named_and_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X13PATH", str(tmp_path / "nowhere"))
    with pytest.raises(EngineError, match="nowhere"):
        find_program()


def test_a_file_that_is_no_program_is_an_engine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "x13as"
    text.write_text("not a program", encoding="utf-8")
    monkeypatch.setenv("X13PATH", str(text))
    with pytest.raises(EngineError, match="could not be run"):
        run(PLAIN, production())


def test_the_words_of_the_program_come_back(own_temp: Path) -> None:
    files = run_program({"run.spc": "series{ start=2000.1 period=12 data=(1 2 3) }\nx11{}\n"})
    assert "at least 3 complete years" in complaint(files)
    assert not any(own_temp.iterdir())


def test_a_flood_of_complaints_is_cut() -> None:
    files = {"printed": "".join(f"ERROR: word {i} not found\n\n" for i in range(1000))}
    assert len(complaint(files)) <= 400

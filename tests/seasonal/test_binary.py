"""The program is found where people put it, runs in a folder of its own, and leaves nothing behind whatever happens."""

import os
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bn_analysis.errors import EngineError
from bn_analysis.seasonal.x13 import run as running
from bn_analysis.seasonal.x13.binary import X13Error, X13RefusedError, complaint, find_program, run_program
from bn_analysis.seasonal.x13.run import X13Result, run, run_many
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


def below_zero() -> pd.Series:
    series = production()
    series.iloc[40] = -1.0
    return series


def test_many_in_one_process_give_what_each_gives_alone(own_temp: Path) -> None:
    tasks = [(PLAIN, production() * factor) for factor in (1.0, 1.5)]
    tasks += [(PLAIN, below_zero()), (PLAIN.with_(arima="(2 1 1)(0 1 1)", method="seats"), production())]
    for jobs in (1, 2):
        together = run_many(tasks, jobs=jobs)
        assert isinstance(together[2], X13RefusedError)
        for task, one in zip(tasks, together, strict=True):
            if isinstance(one, X13Result):
                alone = run(*task)
                assert {name for name in alone.files if alone.files[name] != one.files.get(name)} <= {
                    "err",
                    "udg",
                    "printed",
                }
                assert alone.number("aicc") == one.number("aicc")
                assert one.inputs == alone.inputs
    assert not any(own_temp.iterdir())


def test_many_start_one_process_for_each_job(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = []
    together = running.run_programs
    monkeypatch.setattr(running, "run_programs", lambda *given: starts.append(len(given[0])) or together(*given))
    monkeypatch.setattr(running, "run_program", lambda *_: pytest.fail("none had to be run alone"))
    assert len(run_many([(PLAIN, production())] * 5, jobs=2)) == 5
    assert sorted(starts) == [2, 3]


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for the program")
def test_a_program_that_takes_one_specification_only_or_stops_halfway_still_serves_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_program()
    alone = [run(PLAIN, production() * factor).values("d11") for factor in (1.0, 1.5)]
    for name, what in (
        ("single", "exit 2"),
        ("slow", "sleep 30"),
        ("halfway", "head -1 all.mta > b.mta; set -- -m b -n -s"),
    ):
        wrapped = script(tmp_path / name, f"if [ $1 = -m ]; then {what}; fi; exec '{real}' \"$@\"")
        monkeypatch.setenv("X13PATH", str(wrapped))
        found = run_many([(PLAIN, production() * factor) for factor in (1.0, 1.5)], time_limit=2.0)
        assert [one.values("d11").tolist() for one in found if isinstance(one, X13Result)] == [
            a.tolist() for a in alone
        ]

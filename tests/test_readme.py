"""The README promises only what is there: its commands, its options and its five lines of Python."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = sorted(set(re.findall(r"bn-analysis (report|run-month|ingest|check|adjust|date|replay|add|fetch)\b", README)))


@pytest.mark.parametrize("command", SHOWN)
def test_every_option_that_the_readme_shows_exists(command: str) -> None:
    program = Path(sys.executable).with_name("bn-analysis")
    done = subprocess.run([str(program), command, "--help"], capture_output=True, text=True, check=True)
    uses = re.findall(rf"bn-analysis {command}([^\n`]*(?:\n {{12,}}\[[^\n]*)*)", README)
    for option in {word for use in uses for word in re.findall(r"--[a-z-]+", use)}:
        assert option in done.stdout, f"{command} {option}"


def test_every_make_target_that_the_readme_shows_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert {"report", "test"} <= set(re.findall(r"make ([a-z]+)", README))
    assert set(re.findall(r"`?make ([a-z]+)`?(?= |$|`)", README, re.M)) & {"report", "test", "lab", "setup"} <= set(
        targets
    )


def test_the_five_lines_run_as_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.S)
    names: dict[str, object] = {}
    exec(block, names)
    assert names["verdict"].probability is not None
    assert len(block.strip().splitlines()) == 5


def test_the_python_commands_of_the_readme_can_be_parsed() -> None:
    for line in re.findall(r"^\.venv/bin/(bn-analysis [^#\n]*)", README, re.M):
        assert shlex.split(line)[1] in SHOWN

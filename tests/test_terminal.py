"""Whatever the encoding of a terminal or a redirect: no traceback, and Vietnamese as readable as it allows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .built import ROOT

WORDS = "Toàn ngành tăng 7,34 % — “đã thoát đáy” → Đắk Lắk ≥ 3"
SAY = (
    "import sys\nfrom bn_analysis.terminal import readable_everywhere\nreadable_everywhere()\n"
    "print(sys.argv[1]); print(sys.argv[1], file=sys.stderr)"
)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", WORDS),
        ("cp1258", "Toàn ngành tăng 7,34 % — “đa\u0303 thoát đáy” -> Đă\u0301k Lă\u0301k >= 3"),
        ("cp1252", "Toàn ngành tang 7,34 % — “dã thoát dáy” -> Dak Lak >= 3"),
        ("ascii", 'Toan nganh tang 7,34 % - "da thoat day" -> Dak Lak >= 3'),
    ],
)
def test_words_are_shown_as_far_as_the_encoding_goes(encoding, shown):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", SAY, WORDS], env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout.decode(encoding).strip() == done.stderr.decode(encoding).strip() == shown


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes that are no text are of Linux")
def test_a_name_that_is_no_text_can_be_said():
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", SAY, b"a\xffb"], env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"a?b\n", b"a?b\n")


@pytest.mark.parametrize("encoding", ["cp1252", "cp1258", "ascii"])
def test_the_commands_speak_to_any_terminal(tmp_path, encoding):
    program = str(Path(sys.executable).with_name("bn-analysis"))
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    for arguments in (
        ["--help"],
        ["ingest"],
        ["ingest", str(tmp_path / "Bảng.xlsx")],
        ["report", "--territory", "Huế"],
    ):
        done = subprocess.run([program, *arguments], cwd=ROOT, env=environment, capture_output=True, timeout=60)
        said = (done.stdout + done.stderr).decode(encoding, "replace")  # typer speaks UTF-8 where it is told ASCII
        assert done.returncode in (0, 2) and "Traceback" not in said and "Error" not in said and said

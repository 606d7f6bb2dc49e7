"""The real reports, built once for all tests that read them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


TOO_FEW = ["--territory", "BG", "--as-of", "2023-06-30", "--language", "vi"]
"""Bắc Giang as known in the middle of 2023: ten figures."""


@dataclass(frozen=True)
class Built:
    """A folder of published reports and what the command said."""

    folder: Path
    said: str

    def pages(self):
        return sorted(self.folder.rglob("*.html"))

    def page(self, place, notebook="04_bottoming_out", language="vi"):
        return (self.folder / place / f"{notebook}.{language}.html").read_text(encoding="utf-8")


def command(*arguments, **environment):
    """Run bn-analysis as a person would; returns the finished process."""
    program = Path(sys.executable).with_name("bn-analysis")
    return subprocess.run(
        [str(program), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=900,
    )


def build(folder):
    """Publish the reports that tests read into a folder; returns what the command said."""
    said = ""
    march = ["--territory", "BN", "--period", "2024-03"]
    for extra in ([], march[:2], march, [*march, "--as-of", "2024-03-31"], TOO_FEW):
        done = command("report", *extra, "--out", str(folder))
        assert done.returncode == 0, done.stderr
        said += done.stderr
    return said

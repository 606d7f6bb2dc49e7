"""A finished page → the same page on A4 paper, or a picture of its first screen, by a browser of this machine."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from bn_analysis.errors import EngineError, bilingual

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
TIME_LIMIT = 120
"""Seconds that printing one page may take."""
_NOWHERE_ON_PAPER = re.compile(r'(<a\b[^>]*?) href="(?!https?:|#)[^"]*"')
"""Links to files beside the page: a sheet is sent alone, and the browser would write out where the page lay."""
_INTO = {"pdf": "print-to-pdf", "png": "screenshot"}
_AS = {"pdf": ("--no-pdf-header-footer",), "png": ("--window-size=960,1180", "--hide-scrollbars")}
"""A picture is as wide as a page's text: a chat on a phone shows it whole and legible."""
_CLOCK = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")


def find_browser() -> str | None:
    """Path of a browser that can print, None where none is installed."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def print_page(page: Path, target: Path) -> None:
    """Write a page as PDF, or its first screen as PNG, by the suffix of the target; the same page gives the same bytes.

    Parameters
    ----------
    page, target : pathlib.Path

    Raises
    ------
    EngineError
        No browser is installed, or it failed or took too long.
    """
    kind = target.suffix.removeprefix(".")
    browser = find_browser()
    if browser is None:
        names = ", ".join(BROWSERS)
        raise EngineError(
            f"--{kind}: "
            + bilingual(
                f"không có trình duyệt nào (đã tìm {names}); cài chromium hoặc bỏ --{kind}",
                f"no browser found (looked for {names}); install chromium or leave it out",
            )
        )
    with tempfile.TemporaryDirectory(prefix="bn-analysis-print-") as folder:
        alone, written = Path(folder, "page.html"), Path(folder, target.name)
        alone.write_text(_NOWHERE_ON_PAPER.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
        command = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile",
            *_AS[kind], f"--{_INTO[kind]}={written}",
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # Chromium has no sandbox for the administrator
            command.append("--no-sandbox")
        try:
            done = subprocess.run([*command, alone.as_uri()], capture_output=True, timeout=TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            said = bilingual(
                f"{browser} in {page.name} quá {TIME_LIMIT} giây; chạy lại",
                f"{browser} did not finish {page.name} within {TIME_LIMIT} s; run again",
            )
            raise EngineError(f"--{kind}: {said}") from None
        if done.returncode != 0 or not written.is_file():
            words = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
            said = bilingual(f"{browser} không in được {page.name}", f"{browser} did not print {page.name}")
            raise EngineError(f"--{kind}: {said}: {words[0]}")
        target.write_bytes(_CLOCK.sub(rb"\g<1>19800101000000", written.read_bytes()))

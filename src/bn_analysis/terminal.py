"""Words, names of files and progress → what a terminal or a redirect of any encoding can show, never an error."""

import codecs
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from io import TextIOWrapper

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The five tone marks: letters of their own in the Vietnamese code page of Windows (cp1258)."""
PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "→": "->", "–": "-", "—": "-", "“": '"', "”": '"', "…": "...", "≥": ">=", "·": "-"}
)


def readable_everywhere() -> None:
    """Let standard output and error show as much of each letter as their encoding has."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            name = f"bn_analysis.{stream.encoding}"
            codecs.register_error(name, partial(_nearest, encoding=stream.encoding))
            stream.reconfigure(errors=name)


def _nearest(error: UnicodeError, encoding: str) -> tuple[str | bytes, int]:
    """The nearest thing to one letter: with its tone mark behind it, without marks, in signs, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter = error.object[error.start]
    for shown in (_tone_behind(letter), _bare(letter), letter.translate(PLAIN), _bare(letter.translate(PLAIN)), "?"):
        try:  # the encoding that the error names is "charmap" for all code pages
            return shown.encode(encoding), error.start + 1
        except UnicodeEncodeError:
            continue
    raise error


def _tone_behind(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
    return base + "".join(part for part in parts if part in TONES)


def _bare(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


@contextmanager
def progress_lines() -> Iterator[Callable[[str], None]]:
    """A line for each step done: under a spinner on a terminal, plain in a log."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    with console.status("bn-analysis") if console.is_terminal else nullcontext():
        yield lambda text: console.print(text, markup=False, soft_wrap=True)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, for steps counted as (done, total)."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        *Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

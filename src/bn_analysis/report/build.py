"""Parameters of a report → its notebooks run by papermill, each in a kernel of its own, as pages in a folder."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from bn_analysis.errors import BuildError, InputError
from bn_analysis.report.numbers import Language
from bn_analysis.report.page import NOTEBOOKS, render
from bn_analysis.report.parameters import Parameters
from bn_analysis.settings import Settings

CELL_SECONDS = 600
KERNEL_SECONDS = 120


def build_pages(
    parameters: Parameters,
    vintage: str,
    languages: tuple[Language, ...],
    folder: Path,
    settings: Settings,
    *,
    jobs: int,
    progress: Callable[[str], None],
) -> None:
    """Run every notebook in every language and write the pages into `folder`.

    Parameters
    ----------
    parameters : Parameters
        Checked; its language is replaced by each of `languages`.
    vintage : str
        Day of the newest figure used.
    languages : tuple of {"vi", "en"}
    folder : pathlib.Path
        An empty staging folder; nothing outside it is written.
    settings : Settings
    jobs : int
        Kernels at work at once.
    progress : callable
        Told each page's name when it is done.

    Raises
    ------
    BuildError
        A notebook failed or a page did not pass its checks; names notebook, language and cause.
    """

    def one(task: tuple[str, Language]) -> None:
        name, language = task
        mine = replace(parameters, language=language)
        notebook = execute(settings.notebooks / f"{name}.ipynb", mine, folder, settings.root)
        page = render(name, notebook, mine, vintage, languages)
        (folder / f"{name}.{language}.html").write_text(page, encoding="utf-8")
        progress(f"{parameters.territory} {parameters.period}: {name}.{language}")

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        # A list draws every result, so that the first failure is raised here.
        list(pool.map(one, [(name, language) for name in NOTEBOOKS for language in languages]))


def execute(path: Path, parameters: Parameters, scratch: Path, root: Path) -> nbformat.NotebookNode:
    """Run a notebook in a fresh kernel and return it executed; the copy papermill writes is removed.

    Raises
    ------
    InputError
        The notebook's parameters are not those of `Parameters` (papermill itself would only warn).
    BuildError
        A cell failed.
    """
    values = asdict(parameters)
    expected = set(papermill.inspect_notebook(str(path)))
    if expected != set(values):
        raise InputError(f"{path.name}: found parameters {sorted(expected)}, expected {sorted(values)}")
    output = scratch / f"{path.stem}.{parameters.language}.ipynb"
    try:
        with _private_channels() as config:
            return papermill.execute_notebook(
                str(path), str(output), parameters=values, kernel_name="python3", language="python", config=config,
                cwd=str(root), progress_bar=False, execution_timeout=CELL_SECONDS, start_timeout=KERNEL_SECONDS,
            )  # fmt: skip
    except PapermillExecutionError as error:
        place = f"{path.name} ({parameters.language}), cell {error.exec_count}"
        raise BuildError(f"{place}: {error.ename}: {error.evalue}") from None
    finally:
        output.unlink(missing_ok=True)


@contextmanager
def _private_channels() -> Iterator[Config]:
    """Let a kernel be spoken to through files of this user alone, not through open ports (which Windows needs)."""
    if os.name == "nt":
        yield Config()
        return
    with tempfile.TemporaryDirectory(prefix="bn-") as folder:
        yield Config({"KernelManager": {"transport": "ipc", "ip": str(Path(folder) / "kernel")}})

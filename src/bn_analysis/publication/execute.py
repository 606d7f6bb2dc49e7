"""Parameters of a report → its notebooks run by papermill as pages in a folder."""

from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from bn_analysis.errors import InputError, bilingual
from bn_analysis.publication.html import render
from bn_analysis.publication.kernels import KernelPool
from bn_analysis.report.language.formats import Language
from bn_analysis.study.age import age_of
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.store.notebooks import notebooks_of, parameters_of

if TYPE_CHECKING:
    from bn_analysis.study.study import Study


def build_pages(
    study: "Study",
    languages: tuple[Language, ...],
    folder: Path,
    kernels: KernelPool,
    *,
    progress: Callable[[str], None],
) -> None:
    """Run every notebook in every language and write the pages into `folder`.

    Parameters
    ----------
    study : Study
        Of the report; the notebooks of its settings' folder are run.
    languages : tuple of {"vi", "en"}
    folder : pathlib.Path
        An empty staging folder; nothing outside it is written.
    kernels : KernelPool
        Where the notebooks run.
    progress : callable
        Told each page's name when it is done, and how many of all are.

    Raises
    ------
    BuildError
        A notebook failed or a page did not pass its checks; names notebook, language and cause.
    """

    parameters = study.parameters
    tasks = [(name, language) for name in notebooks_of(parameters.territory) for language in languages]
    done = count(1)
    age = age_of(study.settings, parameters.territory, parameters.as_of)

    def one(task: tuple[str, Language]) -> None:
        name, language = task
        mine = replace(parameters, language=language)
        notebook = execute(study.settings.notebooks / f"{name}.ipynb", mine, kernels)
        page = render(name, notebook, mine, age, languages)
        (folder / f"{name}.{language}.html").write_text(page, encoding="utf-8")
        progress(f"{parameters.territory} {parameters.period}: {name}.{language} ({next(done)}/{len(tasks)})")

    kernels.map(one, tasks)


def execute(path: Path, parameters: Parameters, kernels: KernelPool) -> nbformat.NotebookNode:
    """Run a notebook and return it executed.

    Raises
    ------
    InputError
        The notebook's parameters are not those of `Parameters` (papermill itself would only warn, and takes a comment
        with ``=`` for one).
    BuildError
        A cell failed.
    """
    values = asdict(parameters)
    try:
        found = parameters_of(nbformat.read(path, as_version=4))
    except Exception as error:  # whatever nbformat makes of a file that is no notebook
        said = bilingual("không phải notebook; khôi phục hoặc lưu lại tệp", "no notebook; restore it or save it again")
        raise InputError(f"{path.name}: {said} ({type(error).__name__})") from None
    if found is None or found != set(values):
        shown = "text that is no Python" if found is None else str(sorted(found))
        wanted = sorted(values)
        said = bilingual(f"thấy các tham số {shown}, cần {wanted}", f"found parameters {shown}, expected {wanted}")
        raise InputError(f"{path.name}: {said}")
    return kernels.execute(path, values, f"{path.name} ({parameters.language})")

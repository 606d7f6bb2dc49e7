"""The project travels: one list of packages, no address of a registry or a machine, notebooks without outputs."""

import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement

from .conftest import LONGEST_FIRST

ROOT = Path(__file__).resolve().parents[1]


LOCKS = {"dev": ROOT / "requirements.lock", "docs": ROOT / "docs" / "requirements.lock"}
"""Where the packages of each extra are pinned; the program's own stand in the first."""


def declared(*extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = project["dependencies"] if "dev" in extras else []
    more = [text for extra in extras for text in project["optional-dependencies"][extra]]
    return project, [Requirement(text) for text in [*own, *more]]


def tracked():
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_folder_of_the_package_is_crowded():
    """A newcomer reads a folder's names at a glance: at most twelve modules side by side."""
    folders = (folder for folder in (ROOT / "src").rglob("*") if folder.is_dir())
    counts = {str(folder): sum(path.name != "__init__.py" for path in folder.glob("*.py")) for folder in folders}
    assert max(counts.values()) > 8
    assert {name: count for name, count in counts.items() if count > 12} == {}


def test_environment_yml_names_the_same_packages_as_pyproject():
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    conda = [entry for entry in entries if isinstance(entry, str) and entry != "pip"]
    project, requirements = declared("dev", "docs")
    assert f"python{project['requires-python']}" in conda
    found = {str(Requirement(text)) for text in [*conda, *pip] if not text.startswith(("python>", "--"))}
    assert found == {str(requirement) for requirement in requirements}


@pytest.mark.parametrize("extra", LOCKS)
def test_the_lock_pins_every_declared_package_within_its_range(extra):
    text = LOCKS[extra].read_text(encoding="utf-8")
    pinned = {}
    for line in re.findall(r"^([^\s#-].*?) \\$", text, re.MULTILINE):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(default_environment()):
            pinned[requirement.name.lower()] = str(requirement.specifier).removeprefix("==")
    for requirement in declared(extra)[1]:
        if requirement.marker is None or requirement.marker.evaluate(default_environment()):
            assert pinned[requirement.name.lower()] in requirement.specifier, requirement
    assert text.count("--hash=sha256:") > len(pinned)


def test_no_file_names_a_registry_or_this_machine():
    pattern = re.compile(
        rb"index-url\s*[=:]|https?://[^\s\"']*(?:/simple|pypi|npmjs|conda)|(?<![\w.])/(?:work|root|home/\w+)/"
    )
    found = [path.name for path in tracked() if path.suffix != ".csv" and pattern.search(path.read_bytes())]
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_stored_without_outputs_and_hold_few_lines_of_code(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None
            assert len(cell.source.splitlines()) <= 20, "computations belong in the library"


def test_files_of_tests_that_begin_first_are_there():
    assert [name for name in LONGEST_FIRST if not (ROOT / "tests" / name).is_file()] == []

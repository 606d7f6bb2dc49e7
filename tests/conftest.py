"""What every test run shares: settings, a store of results of its own, and the real reports, built once."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from .browser import started
from .built import Built, build

# As the command sets it: on small matrices the threads of the linear algebra only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# No test reads the settings of whoever runs it.
os.environ["BN_ANALYSIS_SETTINGS"] = os.devnull
# One store of results for all processes of a run, none of it from the work tree: what the tests find, they computed.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["BN_ANALYSIS_CACHE"] = tempfile.mkdtemp(prefix="bn-analysis-tests-")

LONGEST_FIRST = (
    "publication/test_browser.py",  # builds the reports, meanwhile the other process does what needs none
    "operation/test_faults.py",
    "cleaning/test_documents.py",
    "test_cli.py",
    "report/test_lab.py",
    "cycle/test_chain.py",
    "cleaning/test_bombs.py",
    "cycle/test_sensitivity.py",
    "cleaning/test_consent.py",
    "operation/test_checks.py",
    "test_release.py",
    "publication/test_workers.py",
    "publication/test_kernels.py",
    "test_start.py",
    "test_options.py",
    "report/test_explore.py",  # from here on files that read reports, or what reports have computed and stored
    "publication/test_pages.py",
    "publication/test_agreement.py",
    "publication/test_precompute.py",
    "report/test_explore_more.py",
    "test_face.py",
)
"""Files of tests that take more than ten seconds: begun last, one would keep a process waiting for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    places = {f"tests/{name}": place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Built:
    """The latest reports of BN and VN, the two of March 2024 for BN, and one on too few figures."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared if worker_id == "master" else shared.parent) / "reports"
    with FileLock(f"{folder}.lock"):
        said = Path(f"{folder}.txt")
        if not said.is_file():
            said.write_text(build(folder), encoding="utf-8")
        return Built(folder, said.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A browser without a window."""
    with started() as browser:
        yield browser


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the store of results of this run."""
    import shutil

    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ["BN_ANALYSIS_CACHE"], ignore_errors=True)

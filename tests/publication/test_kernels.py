"""Notebooks in kernels that are used again: nothing is carried over, a dead kernel is replaced, secrets stay out."""

import threading
import time
from pathlib import Path

import nbformat
import pytest

from bn_analysis.errors import BuildError
from bn_analysis.publication import kernels
from bn_analysis.publication.kernels import KernelPool


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    root = tmp_path_factory.mktemp("kernels")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BN_ANALYSIS_SMTP_PASSWORD", "hush")
        with KernelPool(1, root, root) as started:
            yield started


def run(pool, source):
    """Text output of a notebook of one cell."""
    cells = [nbformat.v4.new_code_cell(source)]
    path = pool.root / "one.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}),
        path,
    )
    executed = pool.execute(path, {}, "one.ipynb (vi)")
    assert [path.name for path in pool.root.glob("*.ipynb")] == ["one.ipynb"]
    return "".join(output["text"] for output in executed.cells[-1].outputs)


def test_nothing_of_one_notebook_is_seen_by_the_next(pool):
    assert run(pool, "left_over = 1; print('set')") == "set\n"
    assert run(pool, "print('left_over' in globals())") == "False\n"


def test_a_password_of_the_run_is_not_in_the_kernel(pool):
    assert run(pool, "import os; print([k for k in os.environ if 'SMTP' in k])") == "[]\n"


def test_temporary_files_of_a_kernel_lie_in_the_folder_that_is_removed(pool):
    assert run(pool, "import tempfile; print(tempfile.gettempdir())") == f"{pool.root}\n"


def test_a_failed_cell_names_notebook_and_cause_and_the_kernel_goes_on(pool):
    with pytest.raises(BuildError, match=r"one.ipynb \(vi\), cell 1: ZeroDivisionError: division by zero"):
        run(pool, "1 / 0")
    assert run(pool, "print(2)") == "2\n"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted where the system lists them")
def test_a_notebook_leaves_no_thread_and_no_open_file_behind(pool):
    def held():
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    run(pool, "print(1)")
    before = held()
    for _ in range(3):
        run(pool, "print(1)")
    assert held() == before


def test_one_failure_does_not_end_the_kernels_of_the_notebooks_after_it(pool):
    def fail(_):
        run(pool, "1 / 0")

    for _ in range(2):
        with pytest.raises(BuildError, match="ZeroDivisionError"):
            pool.map(fail, ["one"])
    assert run(pool, "print(4)") == "4\n" and len(pool._all) == 1


def test_a_kernel_that_dies_is_replaced_once(pool):
    dies_once = "import os, pathlib\np = pathlib.Path('died')\nif not p.exists():\n    p.touch()\n    os._exit(9)\n"
    assert run(pool, dies_once + "print('alive')") == "alive\n"
    with pytest.raises(BuildError, match="died twice"):
        run(pool, "import os; os._exit(9)")
    assert run(pool, "print(3)") == "3\n"


def test_a_kernel_that_dies_while_it_warms_up_is_noticed_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "WARM_UP", "import os; os._exit(9)")
    began = time.monotonic()
    with KernelPool(1, tmp_path, tmp_path) as pool, pytest.raises(BuildError, match="died before it answered"):
        run(pool, "print(1)")
    assert time.monotonic() - began < kernels.KERNEL_SECONDS / 2

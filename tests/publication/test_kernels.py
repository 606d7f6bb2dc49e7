"""Notebooks in kernels that are used again: nothing is carried over, a dead kernel is replaced, secrets stay out."""

import threading
import time
from pathlib import Path

import nbformat
import pytest

from bn_analysis.errors import BuildError, InputError
from bn_analysis.publication import kernels
from bn_analysis.publication.execute import execute
from bn_analysis.publication.kernels import KernelPool
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.store.notebooks import parameters_of


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


def test_kernels_begun_beside_other_work_are_those_that_run(tmp_path):
    with KernelPool(1, tmp_path, tmp_path) as pool:
        pool.begin()
        pool._beginning.join()
        begun = pool._all[0].provisioner.process.pid
        assert run(pool, "import os; print(os.getpid())") == f"{begun}\n" and len(pool._all) == 1


def test_a_run_that_ends_while_kernels_begin_leaves_none(tmp_path, monkeypatch):
    at_the_door, go_on = threading.Event(), threading.Event()
    start_kernel = kernels.Kernel.start_kernel

    def late(kernel, **options):
        at_the_door.set()
        go_on.wait()
        start_kernel(kernel, **options)

    monkeypatch.setattr(kernels.Kernel, "start_kernel", late)
    with KernelPool(2, tmp_path, tmp_path) as pool:
        pool.begin()
        at_the_door.wait()
        threading.Timer(0.2, go_on.set).start()
    assert len(pool._all) == 1 and not pool._all[0].has_kernel


def test_a_kernel_that_dies_while_it_warms_up_is_noticed_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "WARM_UP", "import os; os._exit(9)")
    began = time.monotonic()
    with KernelPool(1, tmp_path, tmp_path) as pool, pytest.raises(BuildError, match="died before it answered"):
        run(pool, "print(1)")
    assert time.monotonic() - began < kernels.KERNEL_SECONDS / 2


def test_a_guess_at_memory_is_made_only_where_the_system_killed_a_kernel(pool, tmp_path, monkeypatch):
    for cell, said in (("os._exit(4)", "exit code 4"), ("os.kill(os.getpid(), 9)", "is there enough memory?")):
        with pytest.raises(BuildError, match="died twice") as error:
            run(pool, f"import os; {cell}")
        assert said in str(error.value) and ("memory" in said or "memory" not in str(error.value))
    monkeypatch.setattr(kernels, "WARM_UP", "import no_such_module")
    with (
        KernelPool(1, tmp_path, tmp_path) as bare,
        pytest.raises(BuildError, match=r"no_such_.*setup") as error,
    ):
        run(bare, "print(1)")
    assert "memory" not in str(error.value)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('a = ""  # ngày = hôm nay\nb: str = "x=y"  # (YYYY) = "z"\n# c = 1', {"a", "b"}),
        ("a, b = 1, 2\nc = d = 1", {"c", "d"}),
        ("", set()),
        ("a = = 1", None),
    ],
)
def test_the_parameters_of_a_notebook_are_those_its_cell_sets(cell, found):
    tagged = nbformat.v4.new_code_cell(cell, metadata={"tags": ["parameters"]})
    assert parameters_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1"), tagged])) == found


def test_a_comment_with_an_equals_sign_is_no_parameter(pool, tmp_path, capfd):
    given = Parameters("BN", "2024-03", "", "vi")
    source = 'territory = "BNM"\nperiod = "latest"  # tháng = YYYY-MM\nas_of = ""  # ngày = …\nlanguage = "vi"'
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})]
    cells.append(nbformat.v4.new_code_cell("print(territory, period, repr(as_of))"))
    kind = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kind), path)
    assert execute(path, given, pool).cells[-1].outputs[0]["text"] == "BN 2024-03 ''\n"
    assert capfd.readouterr().err == ""
    for text, said in ((source.replace("as_of", "asof"), "asof"), ("a = = 1", "no Python")):
        cells[0].source = text
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kind), path)
        with pytest.raises(InputError, match=said):
            execute(path, given, pool)
    path.write_text("no notebook", encoding="utf-8")
    with pytest.raises(InputError, match="no notebook"):
        execute(path, given, pool)

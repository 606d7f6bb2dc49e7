"""Workers that die, tasks that raise, a scheduler that goes away: named, tried once more, and the rest is done."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import dask
import pytest

from bn_analysis.errors import BuildError
from bn_analysis.publication.workers import DIED, ENDED, Task, Workers

from ..built import ROOT

AGAIN, TWICE = "làm lại / once more", "hỏng hai lần / failed twice"
QUIET_SECONDS = 60
"""More than any of these tests needs: a run that hangs is longer."""


def note(folder, name, kill=0, fail=0, seconds=0.0):
    """Leave a file a try; kill the own process, or raise, in as many of the first tries."""
    tries = len(list(folder.glob(f"{name}.*")))
    (folder / f"{name}.{tries}").touch()
    time.sleep(seconds)
    if tries < kill:
        os.kill(os.getpid(), signal.SIGKILL)
    if tries < fail:
        raise ValueError("half an index")


def carry_out(work, jobs, dask, say):
    with Workers(jobs, dask, say) as workers:
        return workers.carry_out(work)


def tasks(folder, **special):
    return [Task(f"month {name}", note, (folder, name, *special.get(name, ()))) for name in "abcdef"]


def tries(folder):
    return {name: len(list(folder.glob(f"{name}.*"))) for name in "abcdef"}


def test_every_task_is_done_once_and_nothing_is_said(tmp_path):
    said = []
    assert carry_out(tasks(tmp_path), 2, None, said.append) == {}
    assert said == [] and set(tries(tmp_path).values()) == {1}


def test_of_many_tasks_it_is_said_at_each_tenth_how_many_are_done(tmp_path):
    said, many = [], [Task(f"month {number}", note, (tmp_path, f"n{number}")) for number in range(25)]
    assert carry_out(many, 2, None, said.append) == {}
    assert len(said) == 10 and said[0].endswith("3 of 25 parts computed") and said[-1].startswith("đã tính 25/25 phần")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_kills_every_worker_is_named_and_the_others_are_done_once(tmp_path, jobs):
    said = []
    assert carry_out(tasks(tmp_path, c=(9,)), jobs, None, said.append) == {2: DIED}
    assert said == [f"month c: {DIED}; {AGAIN}", f"month c: {TWICE}: {DIED}"]
    assert tries(tmp_path) == dict.fromkeys("abdef", 1) | {"c": 2}


def test_a_worker_that_dies_once_costs_one_more_try(tmp_path):
    said = []
    assert carry_out(tasks(tmp_path, a=(1,)), 2, None, said.append) == {}
    assert said == [f"month a: {DIED}; {AGAIN}"]
    assert tries(tmp_path) == dict.fromkeys("bcdef", 1) | {"a": 2}


@pytest.mark.parametrize(("jobs", "times", "lines"), [(1, 1, 1), (2, 1, 1), (2, 9, 2)])
def test_a_task_that_raises_is_tried_once_more_and_named(tmp_path, jobs, times, lines):
    said = []
    assert carry_out(tasks(tmp_path, b=(0, times)), jobs, None, said.append) == {}
    reason = "ValueError: half an index"
    assert said == [f"month b: {reason}; {AGAIN}", f"month b: {TWICE}: {reason}"][:lines]
    assert tries(tmp_path) == dict.fromkeys("acdef", 1) | {"b": 2}


class Nowhere:
    """What a worker cannot read: it is of a module that is not there."""

    def __reduce__(self):
        return __import__, ("no_such_module",)


def leave(code):
    os._exit(code)


def test_a_guess_at_memory_is_made_only_where_the_system_killed_a_worker(tmp_path):
    def reason(work, *arguments):
        said = []
        lost = carry_out([Task("a", work, arguments)], 1, None, said.append)
        return lost, said[-1]

    lost, said = reason(print, Nowhere())
    assert "ModuleNotFoundError: No module named 'no_such_module'" in said and "memory" not in said and lost == {}
    lost, said = reason(leave, 3)
    assert lost == {0: f"{ENDED} (EXIT(3))"} and "memory" not in said


CLUSTER = """
import sys, time
from dask.distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for as Linux lists them")
@pytest.mark.parametrize("seconds", [0.0, 600.0], ids=["idle", "at work"])
def test_a_killed_run_leaves_no_worker_behind(tmp_path, seconds):
    run = subprocess.Popen([sys.executable, "-c", _RUN, str(tmp_path), str(seconds)], cwd=ROOT)
    try:
        worker = _awaited(lambda: next(iter(tmp_path.glob("pid.*")), None))
        time.sleep(1)  # a task without a pause is done by then
    finally:
        run.kill()
        run.wait()
    assert _awaited(lambda: not Path("/proc", worker.suffix[1:]).exists())


_RUN = """
import sys, time
from pathlib import Path
from bn_analysis.publication.workers import Task, _Process
from tests.publication.test_workers import note_pid
_Process().hand(Task("one", note_pid, (Path(sys.argv[1]), float(sys.argv[2]))))
time.sleep(600)
"""


def note_pid(folder, seconds):
    (folder / f"pid.{os.getpid()}").touch()
    time.sleep(seconds)


def _awaited(found):
    end = time.monotonic() + QUIET_SECONDS
    while not (seen := found()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return seen


@pytest.fixture
def cluster(tmp_path):
    """A dask cluster whose processes can be killed, and its address."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},  # the tasks of these tests stand in this module
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_dask_worker_that_dies_is_replaced_by_the_cluster(tmp_path, cluster):
    said = []
    assert carry_out(tasks(tmp_path, d=(1,)), 2, cluster[1], said.append) == {}
    assert all(tries(tmp_path).values()) and tries(tmp_path)["d"] == 2
    assert said == []


def test_a_task_that_kills_every_dask_worker_is_named_and_the_others_are_done(tmp_path, cluster):
    said, began = [], time.monotonic()
    assert carry_out(tasks(tmp_path, c=(99,)), 2, cluster[1], said.append) == {2: DIED}
    assert f"month c: {TWICE}: {DIED}" in said and all(tries(tmp_path).values())
    assert time.monotonic() - began < QUIET_SECONDS


def test_a_dask_scheduler_that_goes_away_is_named_and_processes_here_do_the_rest(tmp_path, cluster):
    process, address = cluster
    said, began = [], time.monotonic()
    slow = [Task(f"month {name}", note, (tmp_path, name, 0, 0, 2.0)) for name in "abcdef"]
    slow.insert(0, Task("the end of the scheduler", end, (process.pid,)))
    with Workers(2, address, said.append) as workers:
        assert workers.carry_out(slow) == {}
        assert workers.carry_out(tasks(tmp_path)) == {}  # the next stage of a backfill goes on here too
    (lost,) = (line for line in said if "lost" in line)
    assert lost.startswith(f"--dask {address}: mất kết nối") and lost.endswith("lost; going on with processes here")
    assert all(tries(tmp_path).values())
    assert time.monotonic() - began < QUIET_SECONDS


SECURE = """
import sys, time
from dask.distributed import LocalCluster, Security
if __name__ == "__main__":
    ca, key = sys.argv[1:]
    mine = dict(tls_ca_file=ca, require_encryption=True)
    for role in ("client", "scheduler", "worker"):
        mine |= {f"tls_{role}_cert": ca, f"tls_{role}_key": key}
    security = Security(**mine)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, protocol="tls://", security=security
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_dask_scheduler_behind_tls_is_met_with_the_certificates_of_dasks_own_settings(tmp_path):
    ca, key = tmp_path / "ca.pem", tmp_path / "key.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bn"]
    subprocess.run([*asked, "-keyout", str(key), "-out", str(ca)], check=True, capture_output=True)
    script = tmp_path / "secure.py"
    script.write_text(SECURE, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(ca), str(key)], stdout=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("tls://")
        with pytest.raises(BuildError, match="no TLS certificate"):
            Workers(1, address, print)
        given = {"ca-file": ca, "client.cert": ca, "client.key": key}
        with dask.config.set({f"distributed.comm.tls.{name}": str(file) for name, file in given.items()}):
            assert carry_out(tasks(tmp_path), 1, address, print) == {}
        assert all(tries(tmp_path).values())
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end(group):
    """Kill a cluster with its scheduler, once."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return

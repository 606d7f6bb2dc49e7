"""Results computed by processes here or by a dask cluster are the same, and a cluster that is away is named."""

import shutil

import joblib
import pytest
from joblib import delayed

from bn_analysis.errors import BuildError
from bn_analysis.report.backfill import _at_work, _studies, prepare
from bn_analysis.report.parameters import Parameters
from bn_analysis.report.store import stored
from bn_analysis.settings import Settings

from .conftest import ROOT, command

REPORTS = [Parameters("BNM", "2026-02")]


def project(folder):
    """A project folder of its own, with the raw data and an empty store."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    (folder / "notebooks").mkdir(parents=True)
    return Settings(root=folder)


def studies(settings, dask=None):
    """Index levels and draws of the stored studies, to the last bit."""
    said = []
    _at_work([delayed(_studies)([report], settings) for report in REPORTS], 1, dask, said.append)
    assert said == []
    found = {path.name: joblib.load(path) for path in sorted(settings.processed.glob("study-*.joblib"))}
    return {
        name: (result.estimate.frame["index"].to_numpy().tobytes(), result.draws.to_numpy().tobytes())
        for name, result in found.items()
    }


def test_a_dask_cluster_gives_the_same_results_as_one_process(tmp_path):
    from dask.distributed import LocalCluster

    here = studies(project(tmp_path / "here"))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = studies(project(tmp_path / "there"), cluster.scheduler_address)
    assert here and there == here


def test_a_scheduler_that_is_not_there_is_named_and_nothing_is_published(tmp_path):
    done = command("report", "--territory", "BNM", "--dask", "tcp://127.0.0.1:9", "--out", str(tmp_path), "--force")
    assert done.returncode == 1
    assert "bn-analysis: --dask tcp://127.0.0.1:9: no scheduler answers" in done.stderr.splitlines()[-1]
    assert not list(tmp_path.rglob("*.html"))


def test_workers_that_fail_are_said_and_the_run_goes_on_without_them(tmp_path, monkeypatch):
    def die(*_):
        raise RuntimeError("the worker was killed")

    monkeypatch.setattr("bn_analysis.report.backfill.Parallel", lambda **_: die)
    said = []
    prepare(REPORTS, project(tmp_path), 2, None, said.append)
    assert any("the workers failed (RuntimeError: the worker was killed)" in line for line in said)


def test_a_result_appears_whole_or_not_at_all(tmp_path):
    settings = project(tmp_path)

    def half():
        raise BuildError("stopped half-way")

    with pytest.raises(BuildError):
        stored(settings, "study-x", half)
    assert not settings.processed.exists() or not list(settings.processed.iterdir())
    assert stored(settings, "study-x", lambda: 7) == stored(settings, "study-x", half) == 7

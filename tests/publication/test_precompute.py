"""Results of processes here and of a dask cluster are the same; one report that fails does not stop the others."""

import shutil
from dataclasses import replace

import pytest

from bn_analysis.errors import BuildError
from bn_analysis.publication import build_reports
from bn_analysis.publication.precompute import _study, prepare
from bn_analysis.publication.workers import Task, Workers
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.store.cache import stored
from bn_analysis.study.study import open_study

from ..built import ROOT, command

REPORTS = [Parameters("BNM", "2026-02"), Parameters("BNM", "2026-01")]


def project(folder):
    """A project folder of its own, with the raw data and an empty store."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    (folder / "notebooks").mkdir(parents=True)
    return Settings(root=folder)


def studies(settings, jobs, dask=None):
    """Index levels and draws of the studies that workers stored, to the last bit."""
    said = []
    tasks = [Task(report.period, _study, (report, settings)) for report in REPORTS]
    with Workers(jobs, dask, said.append) as workers:
        assert workers.carry_out(tasks) == {} and said == []
    assert list(settings.processed.glob("study-*"))
    found = [open_study(report.territory, report.period, settings=settings) for report in REPORTS]
    return [
        (one.estimate.frame["index"].to_numpy().tobytes(), one.draws.to_numpy().tobytes(), one.verdict.probability)
        for one in found
    ]


def test_any_number_of_workers_and_a_dask_cluster_give_the_same_results(tmp_path):
    from dask.distributed import LocalCluster

    alone = studies(project(tmp_path / "alone"), 1)
    assert studies(project(tmp_path / "two"), 2) == alone
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert studies(project(tmp_path / "cluster"), 2, cluster.scheduler_address) == alone


def test_a_scheduler_that_is_not_there_is_named_and_nothing_is_published(tmp_path):
    done = command("report", "--territory", "BNM", "--dask", "tcp://127.0.0.1:9", "--out", str(tmp_path), "--force")
    assert done.returncode == 1
    assert "/ --dask tcp://127.0.0.1:9: no scheduler answers" in done.stderr.splitlines()[-1]
    assert not list(tmp_path.rglob("*.html"))


def test_a_report_that_kills_its_workers_is_named_and_left_alone(tmp_path, monkeypatch):
    def deadly(_, tasks):
        return {number: "died" for number, task in enumerate(tasks) if task.name.startswith("BNM 2026-01: verdict")}

    monkeypatch.setattr("bn_analysis.publication.workers.Workers.carry_out", deadly)
    assert prepare(REPORTS, project(tmp_path), 2, None, lambda _: None) == {REPORTS[1]: "verdict, other choices: died"}


def test_what_the_pages_of_every_territory_look_back_upon_is_computed_beforehand(tmp_path, monkeypatch):
    # Two pages, one a language, would otherwise compute it side by side.
    asked = []
    monkeypatch.setattr("bn_analysis.publication.precompute._industries", lambda *_: [])
    monkeypatch.setattr("bn_analysis.publication.workers.Workers.carry_out", lambda _, tasks: asked.extend(tasks) or {})
    beside = Parameters("VN", "2026-01")
    prepare([*REPORTS, beside], project(tmp_path), 2, None, lambda _: None)
    looked_back = [task.arguments[0] for task in asked if task.name.endswith("earlier releases")]
    assert sorted(looked_back, key=str) == sorted([REPORTS[0], beside], key=str)


@pytest.fixture
def two_reports(monkeypatch):
    """Build both reports with pages that cost nothing; `lost` are those that killed their workers."""
    plan = replace(
        build_reports.plan(build_reports.Request("BNM", "2026-02", "", "", "", "vi")), reports=tuple(REPORTS)
    )

    def pages(study, languages, folder, *_, progress):
        (folder / f"{build_reports.LEADERSHIP}.vi.html").write_text("<!--months--><!--/months-->", encoding="utf-8")

    monkeypatch.setattr("bn_analysis.publication.execute.build_pages", pages)

    def build(out, lost):
        monkeypatch.setattr("bn_analysis.publication.precompute.prepare", lambda *_: lost)
        return build_reports.run(plan, out=out, jobs=1, say=lambda _: None)

    return build


def test_an_error_that_nobody_foresaw_fails_its_report_alone(two_reports, tmp_path, monkeypatch):
    def spoiled(territory, period, *rest, **more):
        if period == "2026-01":
            raise ValueError("operands could not be broadcast")
        return open_study(territory, period, *rest, **more)

    monkeypatch.setattr("bn_analysis.study.study.open_study", spoiled)
    outcome = two_reports(tmp_path, {})
    assert [path.parent.name for path in outcome.published] == ["2026-02"]
    (failure,) = outcome.failed
    assert failure.startswith("BNM 2026-01: ValueError: operands could not be broadcast (test_precompute.py, line ")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "2026-02", "index.html"]


def test_a_report_whose_worker_died_twice_is_not_tried_by_the_run(two_reports, tmp_path):
    outcome = two_reports(tmp_path, {REPORTS[1]: "its worker died twice"})
    assert outcome.failed == ("BNM 2026-01: its worker died twice",) and len(outcome.published) == 1


def test_a_result_appears_whole_or_not_at_all(tmp_path):
    settings = Settings(root=tmp_path, cache=tmp_path / "processed")

    def half():
        raise BuildError("stopped half-way")

    with pytest.raises(BuildError):
        stored(settings, "study-x", half)
    assert not settings.processed.exists() or not list(settings.processed.iterdir())
    assert stored(settings, "study-x", lambda: 7) == stored(settings, "study-x", half) == 7

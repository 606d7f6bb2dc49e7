"""A report is made from one state of its figures, whatever arrives while its pages are made."""

import pytest

from bn_analysis.errors import BuildError, InputError
from bn_analysis.publication import build_reports
from bn_analysis.publication.publish import MANIFEST, folder_of
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.store.fingerprint import page_key

REPORT = Parameters("BNM", "2026-08")


@pytest.fixture
def settings(tmp_path):
    for folder in ("data/raw/releases", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    return Settings(root=tmp_path)


def figures(settings):
    return len(list((settings.raw / "releases").glob("*.csv")))


@pytest.fixture
def build(settings, tmp_path, monkeypatch):
    """Builds whose two pages say how many files of figures there are; during the first ones a file arrives."""

    def run(arrivals):
        left = [arrivals]

        def pages(self, report, key, kernels):
            folder = self.staging / folder_of(report)
            folder.mkdir(parents=True)
            (folder / "01.vi.html").write_text(str(figures(settings)), encoding="utf-8")
            if left[0]:
                left[0] -= 1
                (settings.raw / "releases" / f"{figures(settings)}.csv").write_text("a\n", encoding="utf-8")
            (folder / "04.vi.html").write_text(str(figures(settings)), encoding="utf-8")
            said = {"phase": "bottomed_out", "probability": 0.9, "verdict": {}, "vintage": "2026-09-08", "as_of": ""}
            return folder, said | {"key": key, "languages": ["vi"], "territory": "BNM", "period": "2026-08"}

        monkeypatch.setattr(build_reports.Run, "_build", pages)
        plan = build_reports.Plan((REPORT,), ("vi",))
        keys = {REPORT: page_key(settings, REPORT.territory, REPORT)}
        staging = settings.reports / ".staging-x"
        staging.mkdir(parents=True)
        one = build_reports.Run(plan, keys, settings, settings.reports, staging, 1, lambda text: None)
        return one._from_one_state(REPORT, None)

    return run


@pytest.mark.parametrize("arrivals", [0, 1, 2])
def test_pages_made_while_figures_arrived_are_made_again(settings, build, arrivals):
    folder = build(arrivals)
    assert {path.read_text(encoding="utf-8") for path in folder.glob("*.html")} == {str(arrivals)}
    assert page_key(settings, REPORT.territory, REPORT) in (folder / MANIFEST).read_text(encoding="utf-8")


def test_figures_that_never_stop_arriving_are_an_error_and_nothing_is_published(settings, build):
    with pytest.raises(BuildError, match="figures changed during each of 3 builds"):
        build(9)
    assert not list(settings.reports.rglob(MANIFEST))


def test_a_file_on_its_way_into_the_record_is_no_part_of_it(settings):
    before = page_key(settings, REPORT.territory, REPORT)
    part = settings.raw / "releases" / ".part-1"
    part.mkdir()
    (part / "a.csv").write_text("a\n", encoding="utf-8")
    assert page_key(settings, REPORT.territory, REPORT) == before


def test_an_ingestion_that_was_stopped_is_brought_to_its_end_before_figures_are_read(monkeypatch):
    def begun(raw):
        raise InputError(f"begun in {raw.name}")

    monkeypatch.setattr("bn_analysis.cleaning.raw.release_files.finish_stopped", begun)
    with pytest.raises(InputError, match="begun in raw"):
        build_reports.plan(build_reports.Request("BN", "latest", "", "", "", "vi"))

"""Keys of results: what changes them and what does not."""

import json
from pathlib import Path

import pytest

from bn_analysis.settings import Settings
from bn_analysis.study.store import fingerprint as module
from bn_analysis.study.store.fingerprint import fingerprint, page_key


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "raw" / "vietnam_iip_releases.csv").write_text("x\n")
    return Settings(root=tmp_path)


def with_code(monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    monkeypatch.setattr(module, "_folder_hash", lambda room: "new" if room == changed else "old")


def test_a_word_of_a_page_changes_the_page_and_no_result(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with_code(monkeypatch, "none")
    index, page = fingerprint(settings, "VN", room="index"), page_key(settings, "VN")
    with_code(monkeypatch, "")  # the whole package, report/ included
    assert fingerprint(settings, "VN", room="index") == index
    assert page_key(settings, "VN") != page


def test_code_behind_an_index_changes_its_key_and_code_that_stands_on_it_does_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_code(monkeypatch, "none")
    before = fingerprint(settings, "VN", room="index")
    with_code(monkeypatch, "cycle")
    assert fingerprint(settings, "VN", room="index") == before
    with_code(monkeypatch, "cleaning")
    assert fingerprint(settings, "VN", room="index") != before


def test_another_engine_changes_every_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(settings, "VN"), page_key(settings, "VN")
    monkeypatch.setattr(module, "engine", lambda: "x13as 9.9")
    assert fingerprint(settings, "VN") != before[0] and page_key(settings, "VN") != before[1]


def test_a_changed_figure_is_seen_within_one_process(settings: Settings) -> None:
    before = fingerprint(settings, "VN")
    (settings.raw / "vietnam_iip_releases.csv").write_text("y\n")
    assert fingerprint(settings, "VN") != before


def notebook(source: str, outputs: list, tags: list) -> str:
    cell = {"cell_type": "code", "source": [source], "metadata": {"tags": tags}, "outputs": outputs, "id": "a"}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_only_what_is_written_in_the_notebooks_of_a_report_makes_its_pages_old(settings: Settings) -> None:
    page = settings.notebooks / "04_bottoming_out.ipynb"
    page.write_text(notebook("1 + 1", [], []))
    before = page_key(settings, "VN")
    page.write_text(notebook("1 + 1", [{"output_type": "stream", "text": ["2"]}], []))  # run and saved by a person
    for name in ("Untitled.ipynb", "explore.ipynb", "04_bottoming_out-Copy1.ipynb", "07_claims.ipynb"):
        (settings.notebooks / name).write_text(notebook("2 + 2", [], []))
    (settings.notebooks / ".ipynb_checkpoints").mkdir()
    (settings.raw / "desktop.ini").write_text("x")
    assert page_key(settings, "VN") == before
    assert page_key(settings, "BNM") != page_key(settings, "BNM", "more") and page_key(settings, "BNM") != before
    page.write_text(notebook("1 + 1", [], ["lab-only"]))
    tagged = page_key(settings, "VN")
    page.write_text(notebook("1 + 2", [], []))
    assert len({before, tagged, page_key(settings, "VN")}) == 3
    for broken in ("", "[]", '{"cells": 1}', "{"):
        page.write_text(broken)
        assert page_key(settings, "VN") != before


def test_the_pages_of_the_province_alone_do_not_make_those_of_the_country_old(settings: Settings) -> None:
    before = page_key(settings, "VN"), page_key(settings, "BNM")
    (settings.notebooks / "07_claims.ipynb").write_text(notebook("1", [], []))
    assert page_key(settings, "VN") == before[0] and page_key(settings, "BNM") != before[1]

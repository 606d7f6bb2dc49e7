"""What the documentation says is what is there: names, constants, columns, commands, messages, a tutorial that runs."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT))

from docs.code import constants, names, tutorial  # noqa: E402


def tables(page):
    """First column of the first table below each heading of a page, in order."""
    found = {}
    for block in re.split(r"^## ", (DOCS / page).read_text(encoding="utf-8"), flags=re.M)[1:]:
        heading, _, text = block.partition("\n")
        found[heading.strip()] = re.findall(r"^\| `([^`|]+)` \|", text, re.M)
    return found


def test_every_public_name_says_what_it_is():
    assert sum(len(names.public(module)) for modules in names.PAGES.values() for module in modules) > 60
    assert names.undocumented() == []


def test_a_name_without_docstring_would_be_found(monkeypatch):
    from bn_analysis import face

    monkeypatch.setattr(face.read_rates, "__doc__", None)
    assert "bn_analysis.face.read_rates" in names.undocumented()


def test_every_page_of_the_reference_is_in_the_site():
    pages = re.findall(r"reference/([\w-]+)\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert set(names.PAGES) <= set(pages)
    for page in names.PAGES:
        assert f'api("{page}")' in (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")


def test_every_constant_of_the_analytical_rooms_says_where_it_comes_from():
    assert len(constants.all_constants()) > 150
    assert constants.without_source() == []


def test_a_constant_without_a_word_would_be_found(tmp_path, monkeypatch):
    room = tmp_path / "bn_analysis" / "index"
    room.mkdir(parents=True)
    (room / "a.py").write_text('"""A module."""\nBARE = 3\n\nSAID = 4  # weeks of a month\n', encoding="utf-8")
    monkeypatch.setattr(constants, "PACKAGE", tmp_path / "bn_analysis")
    assert constants.without_source() == ["bn_analysis.index.a.BARE"]


def test_the_dictionary_of_raw_files_has_their_headings():
    described = tables("reference/data-raw.md")
    raw = {path.name: path for path in (ROOT / "data" / "raw").glob("*.csv")}
    assert {name for name in described if name.endswith(".csv")} == set(raw)
    for name, path in raw.items():
        assert described[name] == path.open(encoding="utf-8").readline().strip().split(","), name
    keys = {
        key for path in (ROOT / "data" / "raw").glob("*.meta.yml") for key in yaml.safe_load(path.read_text("utf-8"))
    }
    assert set(described["Sidecars"]) == keys


def test_the_dictionary_of_outputs_has_their_columns(tmp_path):
    from bn_analysis.cleaning.rates import COLUMNS, PLACES
    from bn_analysis.cycle.replay.replay import COLUMNS as REPLAY
    from bn_analysis.index.model.suspects import COLUMNS as SUSPECTS
    from bn_analysis.operation.checks import Finding
    from bn_analysis.operation.run_log import Entry
    from bn_analysis.seasonal.result import COLUMNS as COMPONENTS

    described = tables("reference/outputs.md")
    assert described["Table of published rates"] == [*COLUMNS, *PLACES]
    assert described["bn-analysis adjust"] == ["period", *COMPONENTS, "calendar"]
    assert described["bn-analysis replay"] == REPLAY
    assert described["suspects"] == list(SUSPECTS)
    assert described["run-log.jsonl"] == [field.name for field in dataclasses.fields(Entry)]
    assert set(described["bn-analysis check --json"]) <= {field.name for field in dataclasses.fields(Finding)}
    from bn_analysis.cycle import Bottoming

    shown = set(re.findall(r"^\| `(\w+)` \|", names.verdict_rows(), re.M))
    assert {field.name for field in dataclasses.fields(Bottoming)} == shown


def test_the_dictionary_of_a_report_has_its_keys_and_sheets(built):
    import json

    from openpyxl import load_workbook

    described = tables("reference/outputs.md")
    folder = built.folder / "2024-03" / "BN" / "as-of-2024-03-31"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == set(described["manifest.json"])
    assert load_workbook(folder / "data.xlsx", read_only=True).sheetnames == described["data.xlsx"]
    assert (folder / "index.csv").read_text(encoding="utf-8").splitlines()[0].split(",") == described["index.csv"]


def test_every_error_kind_has_its_page_and_every_link_of_the_text_leads_somewhere():
    from bn_analysis import errors

    kinds = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    page = (DOCS / "manual" / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (\w+)$", page, re.M)) == kinds
    for path in DOCS.rglob("*.md"):
        for target in re.findall(r"\]\((?!https?:|#|figures/)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists() or target.endswith("tutorial.md"), f"{path.name}: {target}"


def test_messages_of_the_troubleshooting_page_are_those_of_the_program():
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    source += (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (DOCS / "manual" / "troubleshooting.md").read_text(encoding="utf-8")
    for cell in re.findall(r"^\| (`.*?) \|", page, re.M):
        for words in re.findall(r"`([^`]+)`", cell):
            assert all(part.strip() in source for part in words.split("…")), words


def test_commands_of_the_manual_have_the_options_it_names():
    helps = {}
    for path in (DOCS / "manual").glob("*.md"):
        for command, rest in re.findall(r"bn-analysis ([a-z-]+)([^\n`]*)", path.read_text(encoding="utf-8")):
            if command not in {"report", "run-month", "ingest", "add", "check", "fetch", "adjust", "date", "replay"}:
                continue
            if command not in helps:
                program = Path(sys.executable).with_name("bn-analysis")
                done = subprocess.run([str(program), command, "--help"], capture_output=True, text=True, check=True)
                helps[command] = done.stdout
            for option in re.findall(r"--[a-z-]+", rest):
                assert option in helps[command], f"{path.name}: {command} {option}"


def test_the_tutorial_runs_and_is_stored_without_outputs():
    import nbformat

    for cell in nbformat.read(tutorial.NOTEBOOK, as_version=4).cells:
        assert cell.cell_type != "code" or (not cell.outputs and cell.execution_count is None)
    page = tutorial.page()
    assert "unknown" in page and "data:image/png" in page


def test_the_site_is_built_strictly_and_ignored_by_git():
    pytest.importorskip("mkdocs")
    assert "site/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "mkdocs build --strict" in (ROOT / "Makefile").read_text(encoding="utf-8")

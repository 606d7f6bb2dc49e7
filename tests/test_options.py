"""Whatever is typed for an option: taken as meant, or one line and exit code 2; never a traceback, never a guess."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer import TyperException
from typer.testing import CliRunner

from bn_analysis import cli
from bn_analysis.errors import InputError
from bn_analysis.settings import Settings

from . import odd_values

MONTHS = [
    "2024-13",
    "2024-00",
    "2024-1",
    "24-01",
    "2024",
    "2024-W13",
    "2024-03-01",
    "２０２４-03",
    "2024-03\n",
    " ",
    "9999-12",
]
DAYS = [
    "2024-W13-7",
    "2024-W13",
    "20240331",
    "2024-03-32",
    "2024-02-30",
    "31/03/2024",
    "2024-03-31T00",
    "２０２４-03-31",
    "now",
]
TEXTS = ["", " ", "\x00", "\u2028", "\ud800", "../..", "a" * 5000, "-1", "nan", "inf", "1e999", "{}", "Bắc Ninh", "bn"]
FIGURES = ["nan", "inf", "-inf", "1e999", "1_000", "７", "--5", "5 6", "1.112.1", "abc", "-200", "", " ", "\x00"]
OPTIONS = {
    ("report", "--territory"): [text for text in TEXTS if text],
    ("report", "--period"): MONTHS,
    ("report", "--from"): MONTHS,
    ("report", "--to"): MONTHS,
    ("report", "--as-of"): DAYS,
    ("report", "--language"): TEXTS,
    ("report", "--jobs"): ["0", "-1", "65", "nan", "two", "1.5", ""],
    ("review", "--territory"): TEXTS,
    ("review", "--as-of"): DAYS,
    ("add", "--territory"): TEXTS,
    ("add", "--period"): MONTHS,
    ("add", "--industry"): TEXTS,
    ("add", "--mom"): FIGURES,
    ("add", "--quarter-yoy"): FIGURES,
    ("add", "--source"): ["", " ", "\x00", "http://[bad", "https://", "http://[::1", "http:///a"],
    ("add", "--released"): DAYS,
    ("add", "--release"): TEXTS,
}
RIGHT = {
    "add": {"--territory": "BN", "--period": "2025-06", "--source": "a", "--released": "2025-07-05", "--yoy": "1,2"},
    "report": {},
    "review": {},
}


def typed(command: str, option: str, value: str):
    """What a command makes of one odd value among right ones; nothing is built or booked."""
    words = [word for pair in ({**RIGHT[command], option: value}).items() for word in pair]
    return CliRunner().invoke(cli.app, [command, *words])


@pytest.fixture(autouse=True)
def nothing_is_done(monkeypatch):
    def accepted(*_, **__):
        raise AssertionError("accepted")

    monkeypatch.setattr("bn_analysis.publication.build_reports.run", accepted)
    monkeypatch.setattr("bn_analysis.cleaning.ingestion.booking.write_release", accepted)
    monkeypatch.setattr("bn_analysis.operation.annual_review._index", accepted)


@pytest.mark.parametrize(("command", "option"), list(OPTIONS))
def test_an_odd_value_is_refused_in_a_line(command, option):
    for value in OPTIONS[command, option]:
        done = typed(command, option, value)
        known = isinstance(done.exception, InputError | SystemExit | TyperException)
        assert known and done.exit_code != 0, (value, done.exception, done.output)
        if isinstance(done.exception, InputError):
            assert done.exception.exit_code == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([key for key in OPTIONS if key[0] == "add"]), st.text(max_size=12))
def test_any_text_is_refused_in_a_line_or_asked_about(key, value):
    done = typed(*key, value)
    assert isinstance(done.exception, InputError | SystemExit | TyperException), (key, value, done.exception)


def test_whatever_is_typed_for_any_option_of_any_command(tmp_path, monkeypatch):
    assert {command for command, _ in odd_values.options()} == set(odd_values.RIGHT) - {"check"}
    assert odd_values.faults(200, 1, odd_values.project(tmp_path), monkeypatch) == []


@pytest.mark.parametrize("option", ["--out", "--to", "--template"])
def test_nothing_but_figures_is_written_into_the_record(tmp_path, monkeypatch, option):
    monkeypatch.chdir(odd_values.project(tmp_path))
    command = {"--out": ["date", "in.csv"], "--to": ["fetch"], "--template": ["ingest"]}[option]
    for place in ("data/raw/x.xlsx", "data/raw/../raw/releases"):
        done = CliRunner().invoke(cli.app, [*command, option, place])
        assert isinstance(done.exception, InputError) and "data/raw" in str(done.exception)


def test_a_link_in_the_place_of_the_record_hides_it_from_nobody(tmp_path, monkeypatch):
    root, figures = odd_values.project(tmp_path / "project"), tmp_path / "figures"
    figures.mkdir()
    (root / "data" / "raw").unlink()
    (root / "data" / "raw").symlink_to(figures, target_is_directory=True)
    monkeypatch.chdir(root)
    monkeypatch.setenv("BN_ANALYSIS_ROOT", str(root))
    for place in ("data/raw/x.csv", str(figures / "x.csv")):
        done = CliRunner().invoke(cli.app, ["date", "in.csv", "--out", place])
        assert isinstance(done.exception, InputError) and "data/raw" in str(done.exception)


def test_an_empty_setting_is_none(monkeypatch, tmp_path):
    before = Settings(root=tmp_path)
    for name in ("CACHE", "SEED", "DRAWS", "FETCH"):
        monkeypatch.setenv(f"BN_ANALYSIS_{name}", "")
    monkeypatch.delenv("BN_ANALYSIS_CACHE")
    without = Settings(root=tmp_path).processed
    monkeypatch.setenv("BN_ANALYSIS_CACHE", "")
    assert Settings(root=tmp_path).processed == without and Settings(root=tmp_path).seed == before.seed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEED", "abc"), ("SEED", "-1"), ("SEED", "1e3"), ("SEED", "9" * 30), ("DRAWS", "5"), ("DRAWS", "1e9"),
        ("DRAWS", "1000000000"), ("FETCH", "maybe"), ("CONTACT", "Bắc Ninh"), ("CONTACT", "a\nb"),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_named(monkeypatch, name, value):
    monkeypatch.setenv(f"BN_ANALYSIS_{name}", value)
    with pytest.raises(InputError, match=f"BN_ANALYSIS_{name}: thấy .* / found"):
        Settings()


@pytest.mark.parametrize("command", ["date", "replay"])
def test_a_folder_is_no_place_for_a_result(tmp_path, command):
    (tmp_path / "in.csv").write_text("period,2024-01\n2023-01,1\n", encoding="utf-8")
    for place in (str(tmp_path), "", "."):
        done = CliRunner().invoke(cli.app, [command, str(tmp_path / "in.csv"), "--out", place])
        assert done.exit_code == 2 and not isinstance(done.exception, ValueError)

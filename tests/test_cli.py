"""The commands of the contract: columns, exit codes and one line for every failure."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from bn_analysis import cli
from bn_analysis.cleaning.rates import read_rates
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import known

ROOT = Path(__file__).resolve().parents[1]


def command(*arguments, cwd=ROOT):
    """Run bn-analysis as a person would, in the project around `cwd` whatever the environment says."""
    program = Path(sys.executable).with_name("bn-analysis")
    environment = {key: value for key, value in os.environ.items() if key != "BN_ANALYSIS_ROOT"}
    return subprocess.run(
        [str(program), *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def cycle(tmp_path):
    """Ten years with one deep fall from month 60 to month 72, a season, and a little noise."""
    months = pd.period_range("2010-01", periods=120, freq="M")
    time = np.arange(120)
    log = 0.004 * time - 0.02 * np.clip(time - 60, 0, 12) + 0.05 * np.sin(2 * np.pi * time / 12)
    log += 0.004 * np.random.default_rng(3).standard_normal(120)
    path = tmp_path / "series.csv"
    pd.DataFrame({"period": months.astype(str), "value": 100 * np.exp(log)}).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("method", ["auto", "x13", "stl"])
def test_adjust_writes_the_columns_of_the_contract(cycle, tmp_path, method):
    done = command("adjust", cycle, "--method", method, "--holiday", "none", "--out", tmp_path / "out.csv")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out.csv")
    assert list(table.columns) == [
        "period",
        "value",
        "seasonally_adjusted",
        "trend",
        "seasonal",
        "irregular",
        "calendar",
    ]
    assert table["period"].iloc[[0, -1]].tolist() == ["2010-01", "2019-12"]
    assert np.allclose(table["seasonally_adjusted"] * table["seasonal"], table["value"])


def test_date_finds_the_peak_and_the_trough(cycle, tmp_path):
    assert command("adjust", cycle, "--holiday", "none", "--out", tmp_path / "sa.csv").returncode == 0
    adjusted = pd.read_csv(tmp_path / "sa.csv")[["period", "trend"]].set_axis(["period", "value"], axis=1)
    adjusted.to_csv(tmp_path / "trend.csv", index=False)
    assert command("date", tmp_path / "trend.csv", "--out", tmp_path / "dates.csv").returncode == 0
    dates = pd.read_csv(tmp_path / "dates.csv")
    assert list(dates.columns) == ["period", "type"]
    assert dates["type"].tolist() == ["peak", "trough"]
    found = pd.PeriodIndex(dates["period"], freq="M")
    assert abs((found[0] - pd.Period("2015-01", "M")).n) <= 1 and abs((found[1] - pd.Period("2016-01", "M")).n) <= 1


def test_replay_judges_each_vintage_from_that_vintage_alone(cycle, tmp_path):
    levels = pd.read_csv(cycle, index_col="period")["value"]
    trend = levels.rolling(12, center=True, min_periods=6).mean()
    vintages = pd.DataFrame(
        {vintage: trend.where(trend.index < vintage) for vintage in ("2015-10", "2016-01", "2017-06")}
    )
    vintages.to_csv(tmp_path / "vintages.csv", index_label="period")
    done = command("replay", tmp_path / "vintages.csv", "--out", tmp_path / "out.csv")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out.csv")
    assert list(table.columns) == ["vintage", "last_period", "probability", "phase", "trough"]
    assert table["last_period"].tolist() == ["2015-09", "2015-12", "2017-05"]
    assert table["probability"].between(0, 1).all()
    assert table["probability"].iloc[-1] > 0.9 > table["probability"].iloc[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["adjust", "none.csv", "--out", "o.csv"], "none.csv: no such file"),
        (["date", "none.csv", "--out", "o.csv"], "none.csv: no such file"),
        (["replay", "none.csv", "--out", "o.csv"], "none.csv"),
        (["adjust", "none.csv"], "Missing option '--out'"),
        (["forecast"], "No such command 'forecast'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(tmp_path, arguments, said):
    done = command(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_check_finds_everything_in_order_here():
    done = command("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BAD" not in done.stdout and "as recorded" in done.stdout


def test_help_lists_the_commands():
    done = command("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("report", "run-month", "ingest", "check", "adjust", "date", "replay"))


@pytest.fixture
def project(tmp_path):
    """A copy of the project's figures, to write into."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    (root / "notebooks").mkdir()
    return root


def fill(form, month, year, ratios):
    """Fill in the total of a form as a person would."""
    book = openpyxl.load_workbook(form)
    sheet = book["IIP"]
    sheet["A1"] = sheet["A1"].value.replace("…", month, 1).replace("…", year, 1)
    row = next(cell.row for cell in sheet["A"] if cell.value == "Toàn ngành công nghiệp")
    for column, ratio in enumerate(ratios, start=2):
        sheet.cell(row=row, column=column, value=ratio)
    book.save(form)


def test_a_new_month_goes_from_the_form_into_the_figures_once(project, tmp_path):
    form = tmp_path / "thang.xlsx"
    assert command("ingest", "--template", form, "--territory", "BNM", cwd=project).returncode == 0
    before = known(Settings(root=project), "BNM").last_period
    month = pd.Period(before, freq="M") + 1
    fill(form, str(month.month), str(month.year), (101.5, 104.2, 103.1))
    day = (month + 1).start_time.date().replace(day=6)
    refused = command("ingest", form, cwd=project)
    assert refused.returncode == 2 and "--released YYYY-MM-DD" in refused.stderr
    done = command("ingest", form, "--released", day, cwd=project)
    assert done.returncode == 0, done.stderr
    assert "3 new" in done.stdout
    assert known(Settings(root=project), "BNM").last_period == str(month)
    rates = read_rates(project / "data" / "raw")
    added = rates[(rates["territory"] == "BNM") & (rates["period"] == str(month))]
    assert dict(zip(added["measure"], added["value_pct"], strict=True)) == {"mom": 1.5, "yoy": 4.2, "ytd": 3.1}
    again = command("ingest", form, "--released", day, cwd=project)
    assert again.returncode == 0 and "0 new, 3 known" in again.stdout


def test_a_figure_printed_again_differently_is_refused_and_nothing_is_written(project, tmp_path):
    form = tmp_path / "thang.xlsx"
    command("ingest", "--template", form, "--territory", "BNM", cwd=project)
    month = pd.Period(known(Settings(root=project), "BNM").last_period, freq="M") + 1
    day = (month + 1).start_time.date().replace(day=6)
    fill(form, str(month.month), str(month.year), (101.5, 104.2, 103.1))
    command("ingest", form, "--released", day, cwd=project)
    fill(form, str(month.month), str(month.year), (101.5, 109.9, 103.1))
    before = {path: path.read_bytes() for path in (project / "data").rglob("*") if path.is_file()}
    refused = command("ingest", form, "--released", day, cwd=project)
    assert refused.returncode == 2 and "--supersede" in refused.stderr and refused.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in (project / "data").rglob("*") if path.is_file()} == before
    changed = command("ingest", form, "--released", day, "--supersede", cwd=project)
    assert changed.returncode == 0 and "1 changed" in changed.stdout
    rates = read_rates(project / "data" / "raw")
    added = rates[(rates["territory"] == "BNM") & (rates["period"] == str(month)) & (rates["measure"] == "yoy")]
    assert added["value_pct"].tolist() == [9.9]


@pytest.mark.skipif(sys.platform != "linux", reason="where log folders lie differs by system")
@pytest.mark.parametrize("home", ["state", "no/way"])
def test_an_error_that_nobody_foresaw_is_one_line_with_a_file_for_the_rest(tmp_path, monkeypatch, capfd, home):
    def broken(**_):
        raise KeyError("2026-13\nmore")

    (tmp_path / "no").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / home))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capfd.readouterr().err
    assert end.value.code == 1 and said.count("\n") == 1 and "KeyError" in said and "test_cli.py, line" in said
    (log,) = tmp_path.rglob("error-*.log")
    assert str(log) in said and "Traceback" in log.read_text(encoding="utf-8") and log.stat().st_mode & 0o77 == 0

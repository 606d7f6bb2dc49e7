"""The commands of the contract: columns, exit codes and one line for every failure."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


def command(*arguments, cwd=ROOT):
    program = Path(sys.executable).with_name("bn-analysis")
    return subprocess.run([str(program), *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300)


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
    assert list(table.columns) == ["period", "value", "seasonally_adjusted", "trend", "seasonal", "irregular"]
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
    assert all(name in done.stdout for name in ("report", "check", "adjust", "date", "replay"))

"""Replay: every vintage from what was known then, whatever came later; going on after a kill."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from joblib.parallel import SequentialBackend, parallel_config

from bn_analysis.cycle import read_vintages, replay
from bn_analysis.cycle.paths.revision_model import NEWEST, past_revisions, revision_draws
from bn_analysis.cycle.replay.replay import COLUMNS
from bn_analysis.cycle.replay.vintages import faults
from bn_analysis.errors import InputError

from .simulated import path, vintages

SERIES = path([(72, 0.4), (12, -1.2), (20, 0.9)])


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return vintages(SERIES, 78)


@pytest.fixture(scope="module")
def replayed(table: pd.DataFrame) -> pd.DataFrame:
    return replay(table)


def test_columns_and_rows_are_those_of_the_contract(table: pd.DataFrame, replayed: pd.DataFrame) -> None:
    assert list(replayed.columns) == COLUMNS
    assert replayed["vintage"].tolist() == [str(vintage) for vintage in table.columns]
    assert replayed["last_period"].tolist() == [str(vintage - 1) for vintage in table.columns]


def test_the_fall_is_seen_and_its_trough_called_and_kept(replayed: pd.DataFrame) -> None:
    phases = replayed.set_index("last_period")["phase"]
    assert phases["2011-11"] == "contraction"
    called = phases.index[(phases == "bottomed_out")]
    assert "2012-01" <= called[0] <= "2012-05"
    assert (phases.loc[called[0] :].isin(["bottomed_out", "expansion"])).all()
    assert replayed["trough"].iloc[-1] in ("2011-11", "2011-12", "2012-01")
    assert phases.iloc[-1] == "expansion"


def test_later_vintages_change_nothing_before(table: pd.DataFrame, replayed: pd.DataFrame) -> None:
    half = table.shape[1] // 2
    pd.testing.assert_frame_equal(replay(table.iloc[:, :half].dropna(how="all")), replayed.iloc[:half])
    altered = table.copy()
    altered.iloc[:, half:] *= np.linspace(1, 3, len(table))[:, None]
    pd.testing.assert_frame_equal(replay(altered).iloc[:half], replayed.iloc[:half])


def test_processes_do_not_change_the_result(table: pd.DataFrame, replayed: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(replay(table.iloc[:, :6], jobs=2), replayed.iloc[:6])


class Refusing(SequentialBackend):
    """A backend that takes no work."""

    def effective_n_jobs(self, n_jobs):
        raise AssertionError("work was handed over")


def test_one_process_hands_nothing_to_the_backend_around_it(table: pd.DataFrame, replayed: pd.DataFrame) -> None:
    with parallel_config(Refusing()):
        pd.testing.assert_frame_equal(replay(table.iloc[:, :6]), replayed.iloc[:6])
        with pytest.raises(AssertionError, match="handed over"):
            replay(table.iloc[:, :6], jobs=2)


def test_a_vintage_that_loses_its_last_months_is_judged_at_its_own_last_month(table: pd.DataFrame) -> None:
    short = table.iloc[:, :6].copy()
    short.iloc[-25:, -1] = np.nan
    rows = replay(short)
    assert rows["last_period"].iloc[-1] == str(short.iloc[:, -1].last_valid_index())
    assert rows["phase"].iloc[-1] != "not_enough_data"


def test_what_a_vintage_cannot_know_is_said(table: pd.DataFrame) -> None:
    broken = table.iloc[:, :4].copy()
    broken.iloc[:60, 0] = np.nan
    broken.iloc[:, 1] = np.nan
    last = broken.iloc[:, 2].last_valid_index()
    broken.loc[last, broken.columns[2]] *= 10
    rows = replay(broken)
    assert rows["phase"].tolist()[:3] == ["not_enough_data"] * 3
    assert rows["probability"].isna().tolist()[:3] == [True] * 3
    assert rows["last_period"].isna().tolist() == [False, True, False, False]
    assert rows["phase"].iloc[3] != "not_enough_data"


def test_progress_counts_to_the_end(table: pd.DataFrame) -> None:
    seen = []
    replay(table.iloc[:, :3], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_killed_replay_goes_on_where_it_stood(table: pd.DataFrame, replayed: pd.DataFrame, tmp_path: Path) -> None:
    kept = tmp_path / "replay.part"

    def kill(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    few = table.iloc[:, :8]
    with pytest.raises(KeyboardInterrupt):
        replay(few, checkpoint=kept, progress=kill)
    with kept.open("a", encoding="utf-8") as handle:
        handle.write('["2011-')
    seen = []
    result = replay(few, checkpoint=kept, progress=lambda done, total: seen.append(done))
    pd.testing.assert_frame_equal(result, replayed.iloc[:8])
    assert seen == [5, 6, 7, 8]


@pytest.mark.parametrize("kind", ["text", "binary", "link", "folder"])
def test_a_file_of_somebody_else_under_that_name_is_left_alone(table: pd.DataFrame, tmp_path: Path, kind: str) -> None:
    kept, other = tmp_path / "out.csv.part", tmp_path / "other"
    other.write_text("a" * 64 + "\n", encoding="utf-8")
    if kind == "link":
        kept.symlink_to(other)
    elif kind == "folder":
        kept.mkdir()
    else:
        kept.write_bytes(b"half a download" if kind == "text" else bytes(range(256)))
    before = kept.read_bytes() if kept.is_file() else b""
    with pytest.raises(InputError, match="was not left by a replay"):
        replay(table.iloc[:, :3], checkpoint=kept)
    assert kept.exists() and (kept.is_dir() or kept.read_bytes() == before)


def test_a_checkpoint_of_another_table_is_not_used(table: pd.DataFrame, tmp_path: Path) -> None:
    kept = tmp_path / "replay.part"
    replay(table.iloc[:, :3], checkpoint=kept)
    seen = []
    replay(table.iloc[:, :3] * 1.01, checkpoint=kept, progress=lambda done, total: seen.append(done))
    assert seen == [1, 2, 3]


def test_vintages_survive_a_file(table: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "vintages.csv"
    table.to_csv(file)
    pd.testing.assert_frame_equal(read_vintages(file), table, check_freq=False)


FILE = "period,2020-03,2020-04\n2020-01,100,100\n2020-02,101,101\n2020-03,,102\n"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("101,101", "101,n.a.", "line 3, vintage 2020-04: found 'n.a.'"),
        ("2020-03,2020-04\n", "2020-04,2020-04\n", "vintage 2020-04 stands after 2020-04"),
        ("2020-03,2020-04\n", "2020-03,spring\n", "line 1, column 3: found 'spring'"),
        ("2020-02,101", "2020-05,101", "2020-05 follows 2020-01"),
        ("2020-02,101", "Feb 2020?,101", "line 3, column 1: found 'Feb 2020?'"),
        ("2020-03,,102", "2020-03,,102,7", "line 4: 4 cells, expected 3"),
        (FILE, "period\n", "at least one vintage"),
        (FILE, "", "at least one vintage"),
    ],
)
def test_a_bad_vintage_file_is_named_by_line_and_column(old: str, new: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "vintages.csv"
    file.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_vintages(file)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_vintages_in_any_order_are_put_in_order(tmp_path: Path) -> None:
    file = tmp_path / "vintages.csv"
    file.write_text("period,2020-04,2020-03\n2020-01,100,99\n2020-02,101,.\n2020-03,102,#N/A\n", encoding="utf-8")
    table = read_vintages(file)
    assert [str(vintage) for vintage in table.columns] == ["2020-03", "2020-04"]
    assert table.iloc[:, 0].count() == 1


@pytest.mark.parametrize(
    ("rows", "value", "says"),
    [
        (slice(10, 12), np.nan, "no value for 2005-11, 2005-12"),
        (slice(10, 11), -1.0, "month 2005-11: found -1"),
        (slice(90, 91), 100.0, "no value for"),
        (slice(78, 80), 100.0, "holds a figure for 2011-08, a month not yet over"),
    ],
)
def test_a_vintage_that_cannot_be_right_is_not_judged_and_spoils_no_other(
    table: pd.DataFrame, replayed: pd.DataFrame, rows: slice, value: float, says: str
) -> None:
    broken = table.iloc[:, :3].copy()
    broken.iloc[rows, 0] = value
    assert says in faults(broken)[broken.columns[0]]
    result = replay(broken)
    assert result["phase"].iloc[0] == "not_enough_data"
    assert result["probability"].iloc[1:].equals(replayed["probability"].iloc[1:3])


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_vintages(tmp_path / "nowhere.csv")


def test_revisions_seen_widen_exactly_the_months_that_were_revised() -> None:
    rng = np.random.default_rng(0)
    series = path([(200, 0.2)], noise=0.5)
    logs = 100 * np.log(vintages(series, 90, revision=3.0).to_numpy())
    seen = past_revisions(logs)
    assert seen.shape[1] == NEWEST
    known = logs[:, -1]
    draws = revision_draws(known, 4000, rng, seen) - known
    spread = draws.std(axis=0)
    assert spread[-1] > 2 * spread[-10]
    assert (spread[:-NEWEST] < spread[-1] / 3).all()


def test_vintages_that_are_never_revised_leave_the_past_nearly_certain() -> None:
    rng = np.random.default_rng(0)
    series = path([(400, 0.2)], noise=0.5)
    logs = 100 * np.log(vintages(series, 90, revision=0.0).to_numpy())
    known = logs[:, -1]
    alone = (revision_draws(known, 2000, rng) - known)[:, -1].std()
    informed = (revision_draws(known, 2000, rng, past_revisions(logs)) - known)[:, -1].std()
    assert informed < 0.6 * alone

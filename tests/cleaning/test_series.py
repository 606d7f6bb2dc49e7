"""A series is read as it stands or refused by line; a result is written whole or not at all."""

import os
import re
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.csv_cells import LARGEST_FILE
from bn_analysis.cleaning.series_csv import read_series, write_table
from bn_analysis.cleaning.workbook.template import write_template
from bn_analysis.errors import InputError
from bn_analysis.seasonal.specification_book import Book
from bn_analysis.whole_file import whole_file


def written(tmp_path, text):
    path = tmp_path / "series.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_month_left_out_and_an_empty_value_are_both_missing(tmp_path):
    series = read_series(written(tmp_path, "period,value\n2024-01,1\n2024-03,\n2024-04,4\n"))
    assert series.index.equals(pd.period_range("2024-01", "2024-04", freq="M"))
    assert series.isna().tolist() == [False, True, True, False]


@pytest.mark.parametrize("endless", [False, True])
def test_a_file_without_end_is_refused_by_its_size_and_not_read(tmp_path, endless):
    path = Path("/dev/zero") if endless else written(tmp_path, "period,value\n")
    if not endless:
        os.truncate(path, 5 * 2**30)  # sparse: it takes no room
    elif not path.exists():
        pytest.skip("there is no endless file here")
    tracemalloc.start()
    with pytest.raises(InputError, match=f"{path.name}: hơn 50 MB.* / {path.name}: more than 50 MB"):
        read_series(path)
    assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST_FILE
    tracemalloc.stop()


def test_a_heading_with_a_byte_order_mark_is_read(tmp_path):
    assert read_series(written(tmp_path, "\ufeffperiod,value\r\n2024-01,1.5\r\n")).tolist() == [1.5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: found columns none, expected period,value"),
        ("period,value\n", "no rows below the heading"),
        ("date,value\n2024-01,1\n", "line 1: found columns date,value"),
        ("period,value\n2024-1,1\n", "line 2, column period: found '2024-1', expected a month written YYYY-MM"),
        ("period,value\n2024-01,1,2\n", "line 2: 3 cells, expected 2 as in the heading"),
        ("period,value\n2024-02,1\n2024-01,2\n", "line 3, column period: found 2024-01 after 2024-02"),
        ("period,value\n2024-02,1\n2024-02,2\n", "line 3, column period: found 2024-02 after 2024-02"),
        ("period,value\n2024-01,abc\n", "line 2, column value: found 'abc', expected a number"),
        ("period,value\n2024-01,inf\n", "line 2, column value: found 'inf'"),
    ],
)
def test_what_is_not_a_monthly_series_is_refused_by_line(tmp_path, text, said):
    with pytest.raises(InputError, match=re.escape(said)):
        read_series(written(tmp_path, text))


def test_a_missing_file_a_folder_and_bytes_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_series(tmp_path / "none.csv")
    with pytest.raises(InputError, match="not a readable"):
        read_series(tmp_path)
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a readable"):
        read_series(tmp_path / "b.csv")


def test_a_table_is_written_in_one_step(tmp_path):
    write_table(pd.DataFrame({"a": [1.5], "b": ["x"]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "a,b\n1.5,x\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    with pytest.raises(InputError, match="choose another --out"):
        write_table(pd.DataFrame(), tmp_path / "absent" / "out.csv")


@pytest.mark.skipif(os.name == "nt", reason="Windows has rights of another kind")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_what_is_written_has_the_mode_that_the_umask_gives(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "out.csv")
        write_template(tmp_path / "form.xlsx", "BNM")
        Book().write(tmp_path / "book.yml")
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == dict.fromkeys(
        ("out.csv", "form.xlsx", "book.yml"), mode
    )


def test_a_file_that_cannot_be_finished_leaves_the_former_one_and_no_other(tmp_path: Path) -> None:
    place = tmp_path / "out.csv"
    place.write_text("former", encoding="utf-8")
    with pytest.raises(RuntimeError), whole_file(place) as staged:
        staged.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"] and place.read_text(encoding="utf-8") == "former"

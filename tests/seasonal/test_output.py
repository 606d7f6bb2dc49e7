"""Files X-13 saves are read as they were written, and anything else is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_analysis.seasonal.x13.output import is_table, read_table, read_udg, read_variables

NUMBERS = st.floats(min_value=-1e30, max_value=1e30)


def saved(first: int, columns: list[str], rows: list[list[float]]) -> str:
    """A table in the form X-13 saves it."""
    year, month = divmod(first, 100)
    ordinals = [year * 12 + month - 1 + i for i in range(len(rows))]
    lines = ["date\t" + "\t".join(columns), "------" + "\t----------------------" * len(columns)]
    lines += [
        f"{o // 12}{o % 12 + 1:02d}\t" + "\t".join(f"{x:+.15E}" for x in row)
        for o, row in zip(ordinals, rows, strict=True)
    ]
    return "\n".join(lines) + "\n"


@given(st.integers(1950, 2050), st.integers(1, 12), st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=40))
def test_a_saved_table_comes_back(year: int, month: int, rows: list[tuple[float, float]]) -> None:
    table = read_table(saved(year * 100 + month, ["run.d11", "upperci"], [list(row) for row in rows]))
    assert list(table.columns) == ["d11", "upperci"]
    assert str(table.index[0]) == f"{year}-{month:02d}"
    assert np.allclose(table.to_numpy(), rows, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "date\trun.d11\n",
        "date\trun.d11\n------\t-----\n",
        "no table at all",
        saved(202001, ["run.d11"], [[1.0], [2.0]]).replace("202002", "202003"),
        saved(202001, ["run.d11"], [[1.0], [2.0]]).replace("202001", "202013"),
        saved(202001, ["run.d11"], [[1.0], [2.0]]) + "202003\n",
        saved(202001, ["run.d11"], [[1.0], [2.0]]).replace("+2.0", "+2.x"),
    ],
)
def test_what_is_no_saved_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_table(text)


def test_a_model_file_is_no_table() -> None:
    assert not is_table(" regression{\n  variables=(\n   td1coef\n     )\n}")
    assert is_table(saved(202001, ["run.d11"], [[1.0]]))


def test_variables_of_the_final_model_are_read() -> None:
    text = " regression{\n  variables=(\n   td1coef\n   ao1951.May\n     )\n  b=(\n  -0.29E-02\n )\n}\narima{ }"
    assert read_variables(text) == ("td1coef", "ao1951.May")
    assert read_variables("arima{\n model=(0 1 1)\n}") == ()


def test_diagnostics_keep_keys_with_dollars_and_spaces() -> None:
    udg = read_udg("1-Coefficient Trading Day$Weekday: -0.29E-02 +0.5E-03 -0.56E+01\nqssadj:  0.0 1.0\nno value\n")
    assert udg == {"1-Coefficient Trading Day$Weekday": "-0.29E-02 +0.5E-03 -0.56E+01", "qssadj": "0.0 1.0"}

"""The table of published rates holds every figure once, signed, with what was known on any day."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.rates import (
    COLUMNS,
    NATIONAL_FILE,
    PLACES,
    as_of,
    read_rates,
    select,
    validate,
    vintage,
)
from bn_analysis.cleaning.raw.corrections import CORRECTIONS_FILE, Correction, correct, read_corrections
from bn_analysis.cleaning.raw.sidecars import write_sidecar
from bn_analysis.errors import InputError

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"


@pytest.fixture(scope="module")
def rates():
    return read_rates(RAW)


def one(rates, **where):
    found = rates[(rates[list(where)] == pd.Series(where)).all(axis=1)]
    assert len(found) == 1, found
    return found.iloc[0]


def test_every_printed_figure_is_one_row(rates):
    with (RAW / NATIONAL_FILE).open(encoding="utf-8") as file:
        printed = sum(row[c] != "" for row in csv.DictReader(file) for c in ("mom", "yoy", "ytd", "prev_month_yoy"))
    assert tuple(rates.columns) == (*COLUMNS, *PLACES)
    national = rates["source"].str.startswith(f"{NATIONAL_FILE}:")
    assert national.sum() == printed - len(read_corrections(RAW))


def test_a_ratio_becomes_a_signed_change(rates):
    total = {"territory": "VN", "industry": "TOTAL", "indicator": "iip"}
    assert one(rates, **total, period="2024-12", measure="yoy", release="first")["value_pct"] == 8.84
    assert one(rates, **total, period="2025-01", measure="mom")["value_pct"] == pytest.approx(-9.16)


def test_last_months_revised_change_is_a_restated_row_of_last_month(rates):
    row = one(
        rates, territory="VN", industry="TOTAL", indicator="iip", period="2025-01", measure="yoy", release="restated"
    )
    assert (row["value_pct"], row["release_date"]) == (pytest.approx(-0.96), "2025-03-06")


def test_provincial_labour_is_not_mixed_with_production(rates):
    assert set(select(rates, "BN", indicator="labour")["measure"]) == {"mom", "yoy", "ytd"}
    assert len(select(rates, "BN", indicator="iip")) == 87


def test_as_of_keeps_what_was_released_and_nothing_later(rates):
    then = select(as_of(rates, "2024-03-31"), "BN")
    assert vintage(then) == "2024-02-29"
    assert then["period"].max() == "2024-02"
    assert len(as_of(rates, "2024-02-28")) < len(as_of(rates, "2024-02-29"))
    assert as_of(rates, "1999-12-31").empty


@pytest.mark.parametrize(
    ("day", "newest"),
    [("2024-07-28", "2024-06"), ("2024-08-05", "2024-06"), ("2024-08-06", "2024-07"), ("2025-02-01", "2024-12"),
     ("2025-02-05", "2024-12"), ("2025-02-06", "2025-01"), ("2026-06-02", "2026-04"), ("2026-06-03", "2026-05")],
)  # fmt: skip
def test_no_national_figure_is_known_before_the_office_published_it(rates, day, newest):
    assert select(as_of(rates, day), "VN")["period"].max() == newest
    assert select(as_of(rates, day), "BN", indicator="labour")["period"].max() <= newest


@pytest.mark.parametrize(
    ("column", "value"),
    [("value_pct", -100.0), ("value_pct", float("nan")), ("value_pct", float("inf")), ("period", "2024-13"),
     ("measure", "weekly"), ("release_date", "31/12/2024"), ("indicator", "ip")],
)  # fmt: skip
def test_a_figure_that_breaks_the_contract_is_named(rates, column, value):
    bad = rates.head(50).copy()
    bad.loc[7, column] = value
    with pytest.raises(InputError, match=f"column {column}") as caught:
        validate(bad)
    assert bad.loc[7, "source"] in str(caught.value)


def test_two_figures_from_one_cell_are_refused(rates):
    with pytest.raises(InputError, match="source"):
        validate(pd.concat([rates.head(5), rates.head(1)], ignore_index=True))


def test_an_unknown_industry_names_the_lines_of_its_release(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw")
    path = tmp_path / "raw" / NATIONAL_FILE
    text = path.read_text(encoding="utf-8").replace("Khai thác và thu gom than cứng", "Khai thác mây", 1)
    path.write_text(text, encoding="utf-8")
    write_sidecar(path, publisher_vi="p", publisher_en="p", gathered="g", licence="l", date="2026-01-01")
    with pytest.raises(
        InputError, match=r"vietnam_iip_releases.csv, lines 2 to \d+, column industry_vi: unknown industry"
    ):
        read_rates(tmp_path / "raw")


def test_a_correction_fails_once_its_source_changes(rates):
    cell, printed = "vietnam_iip_releases.csv:2:mom", 4.63
    corrected = correct(rates, [Correction(cell, printed, 4.5, "a test")])
    assert one(corrected, source=cell)["value_pct"] == 4.5
    assert len(correct(rates, [Correction(cell, printed, None, "a test")])) == len(rates) - 1
    with pytest.raises(InputError, match="review or delete this correction"):
        correct(rates, [Correction(cell, 9.99, 4.5, "a test")])


def test_corrections_say_why(tmp_path):
    assert all(len(correction.reason) > 20 for correction in read_corrections(RAW))
    (tmp_path / CORRECTIONS_FILE).write_text("- cell: a\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected a list of cell, printed_pct"):
        read_corrections(tmp_path)

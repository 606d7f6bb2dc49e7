"""Figures of the press enter by name and place; what contradicts them is shown and never used."""

import shutil
from pathlib import Path

import pytest

from bn_analysis.cleaning.press import CONTRADICTIONS_FILE, PRESS_FILE, read_contradictions
from bn_analysis.cleaning.rates import read_rates, select
from bn_analysis.cleaning.raw.sidecars import write_sidecar
from bn_analysis.errors import InputError

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"


@pytest.fixture(scope="module")
def rates():
    return read_rates(RAW)


def test_the_country_is_known_after_the_last_workbook(rates):
    total = select(rates, "VN")
    after = total[total["period"] >= "2025-03"]
    assert sorted(after["period"].unique())[-1] == "2026-07"
    assert set(after["decimals"]) == {0, 1}
    assert total[total["source"].str.startswith(PRESS_FILE)]["period"].min() == "2024-04"  # printed again a year later


def test_labour_of_the_press_is_not_production(rates):
    labour = select(rates, "VN", indicator="labour")
    assert labour[labour["period"] == "2025-09"]["value_pct"].tolist() == [1.2, 4.5]


def test_a_declared_contradiction_is_in_no_estimate(rates):
    declared = read_contradictions(RAW)
    assert len(declared) == 17
    assert (declared["note"].str.len() > 20).all()
    used = select(rates, "VN", "C")
    assert used[(used["period"] == "2025-12") & (used["measure"] == "yoy")].empty
    assert declared.set_index(["period", "industry", "value_pct"]).loc[("2025-12", "TOTAL", 0.2), "used"] == "2.2"


def test_a_contradiction_that_nobody_declared_is_named_with_both_lines(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw")
    path = tmp_path / "raw" / PRESS_FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    number, line = next(
        (i, text) for i, text in enumerate(lines) if text.startswith("2025-10,TOTAL") and ",yoy," in text
    )
    lines.append(line.replace(",10.8,", ",11.4,"))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_sidecar(path, publisher_vi="p", publisher_en="p", gathered="g", licence="l", date="2026-01-01")
    with pytest.raises(InputError, match="mâu thuẫn") as caught:
        read_rates(tmp_path / "raw")
    message = str(caught.value)
    assert f"line {len(lines)}" in message and f"line {number + 1} prints 10.8" in message
    assert "found 11.4 for 2025-10 TOTAL yoy first" in message and CONTRADICTIONS_FILE in message

"""X-13 driven from here gives what the same program gives when R or JDemetra+ drives it."""

import numpy as np
import pandas as pd
import pytest

from bn_analysis.seasonal import adjust
from bn_analysis.seasonal.x13.run import MAIN_TABLES, X13Result, run
from bn_analysis.seasonal.x13.specification import Specification

from .reference import at_hand, components, original, specification, table

SAME_PROGRAM = 1e-6
"""Relative difference allowed between two drivers of one program; 1e-7 and less is what runs show."""

OTHER_PROGRAM = 2e-5
"""JDemetra+ implements regARIMA and X-11 anew and stops its optimiser elsewhere: 1e-6 to 1.1e-5 is what runs show."""

CASES = (
    "airp_seats_auto", "airp_x11_auto", "airp_x11_plain", "airp_seats_plain", "airp_x11_plain_noforecast",
    "de_ipi_x11_auto", "de_ipi_seats_auto", "imp_cny_doc", "imp_cny_prepost_x11", "iip_india_diwali_x11",
    "fr_ipi_x11_auto", "unemp_x11_auto", "unemp_seats_auto", "vn_iip_ls_tet_x11", "vn_iip_ls_notet_x11",
)  # fmt: skip


def worst(found: pd.Series, expected: pd.Series) -> float:
    """Largest difference relative to the size of the values."""
    scale = np.maximum(np.abs(expected.to_numpy()), np.abs(expected.to_numpy()).mean())
    return float(np.max(np.abs(found.to_numpy() - expected.to_numpy()) / scale))


@pytest.mark.parametrize("case", at_hand(*CASES))
def test_reference_runs_of_r_seasonal_are_reproduced(case: str) -> None:
    expected = components(case)
    result = run(specification(case), original(case))
    names = dict(
        zip(("seasonal", "seasadj", "trend", "irregular"), MAIN_TABLES[result.specification.method], strict=True)
    )
    differences = {column: worst(result.table(name), expected[column]) for column, name in names.items()}
    assert max(differences.values()) <= SAME_PROGRAM, differences
    assert_same_model(case, result)


def assert_same_model(case: str, result: X13Result) -> None:
    model = table("x13_reference_models.csv").set_index("case").loc[case]
    assert result.arima == model["arima"]
    assert ("log" if result.multiplicative else "none") == model["transform"]
    assert result.number("aicc") == pytest.approx(model["aicc"], abs=1e-4)
    for code, column in (("f3.m07", "f3_m7"), ("f3.q", "f3_q")):
        if np.isfinite(model[column]):
            assert result.number(code) == model[column]
    rows = table("x13_reference_coefficients.csv").query("case == @case and not term.str.match('AR-|MA-')")
    assert sorted(t.estimate for t in result.regression) == pytest.approx(sorted(rows["estimate"]), rel=1e-6)
    assert sorted(t.standard_error for t in result.regression) == pytest.approx(sorted(rows["se"]), rel=1e-4)


@pytest.mark.parametrize("case", ["airp_x11_auto", "de_ipi_x11_auto", "unemp_x11_auto", "vn_iip_ls_notet_x11"])
def test_adjust_without_holiday_is_the_default_of_r_seasonal(case: str) -> None:
    frame = adjust(original(case), method="auto", holiday="none").to_frame()
    expected = components(case)
    pairs = {"seasonally_adjusted": "seasadj", "trend": "trend", "seasonal": "seasonal", "irregular": "irregular"}
    for found, column in pairs.items():
        assert worst(frame[found], expected[column]) <= SAME_PROGRAM


JDEMETRA = {
    "airp_x11_auto": "airp",
    "de_ipi_x11_auto": "de_ipi",
    "fr_ipi_x11_auto": "fr_ipi",
    "iip_india_diwali_x11": "iip_india",
}


@pytest.mark.parametrize("case", at_hand(*JDEMETRA))
def test_jdemetra_rsa1_is_reproduced(case: str) -> None:
    rows = table("jdemetra_reference_components.csv")
    rows = rows[(rows["series"] == JDEMETRA[case]) & (rows["spec"] == "JD+ x13 RSA1")]
    rsa1 = Specification(aictest=(), outliers=("ao", "ls", "tc"), arima="(0 1 1)(0 1 1)")
    result = run(rsa1, original(case))
    assert worst(result.table("d11"), rows["sa"]) <= OTHER_PROGRAM
    assert worst(result.table("d12"), rows["trend"]) <= OTHER_PROGRAM

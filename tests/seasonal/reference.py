"""Third-party reference runs → series, user regressors and specifications for the tests of the seasonal room."""

from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.seasonal.x13.specification import Specification

OWN = Path(__file__).resolve().parents[1] / "reference"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "validation"
FOLDER = SHARED if SHARED.is_dir() else OWN
"""More cases than may be passed on with this repository, where they are at hand."""
HERE = frozenset(pd.read_csv(FOLDER / "x13_reference_models.csv")["case"])


def at_hand(*cases: str) -> list[object]:
    """Parameters of a test, those skipped whose reference run is only in the shared folder."""
    absent = pytest.mark.skip(reason="this reference run lies in shared/validation, which is not here")
    return [pytest.param(case, marks=() if case in HERE else absent) for case in cases]


_PLAIN = {"transform": "log", "aictest": (), "outliers": (), "arima": "(0 1 1)(0 1 1)"}
_SEATS = {"method": "seats"}


def table(name: str) -> pd.DataFrame:
    """A table of the reference folder."""
    return pd.read_csv(FOLDER / name)


def monthly(dates: pd.Series, values: pd.Series, name: str) -> pd.Series:
    """A monthly series from a column of dates and one of values."""
    return pd.Series(values.to_numpy(), index=pd.PeriodIndex(dates, freq="M"), name=name)


def components(case: str) -> pd.DataFrame:
    """Components of one reference run, by month."""
    rows = table("x13_reference_components.csv").query("case == @case")
    return rows.set_index(pd.PeriodIndex(rows["month"], freq="M"))


def original(case: str) -> pd.Series:
    """Series that was adjusted in a reference run."""
    return components(case)["original"].rename(case)


def european(country: str) -> pd.Series:
    """Manufacturing production of a European country, from its first month to its last."""
    rows = table("eu_ipi_c_nsa.csv")
    return monthly(rows["date"], rows[country], country).dropna()


def _holidays(*names: str) -> dict[str, object]:
    rows = table("holiday_regressors_genhol.csv")
    columns = rows.set_index(pd.PeriodIndex(rows["month"], freq="M"))[list(names)]
    return {"regressors": columns, "usertypes": ("holiday",) * len(names)}


def _tet() -> dict[str, object]:
    # The reference run centred its two windows over 2005 to 2029, R's genhol over the dates it was given.
    months = pd.period_range("2005-01", "2029-12", freq="M")
    windows = {"before": (-6, -1), "since": (0, 6)}
    shares = pd.DataFrame({name: tet_regressor(months, *days, centred=False) for name, days in windows.items()})
    return {"regressors": shares - shares.groupby(months.month).transform("mean"), "usertypes": ("holiday",) * 2}


def specification(case: str) -> Specification:
    """Specification of a reference run, from the R call it was made by."""
    doc = {
        "variables": ("td1coef", "ls1985.Jan", "ls2008.Nov"), "arima": "(0 1 2)(0 1 1)",
        "aictest": (), "outliers": (), "transform": "log",
    }  # fmt: skip
    if case == "imp_cny_doc":
        return Specification(**(_SEATS | doc | _holidays("cny_0_6")))
    if case == "imp_cny_prepost_x11":
        return Specification(**_holidays("cny_pre_m6_m1", "cny_0_6"))
    if case == "iip_india_diwali_x11":
        return Specification(**_holidays("diwali_0_0"))
    if case == "vn_iip_ls_tet_x11":
        return Specification(**_tet())
    settings: dict[str, object] = dict(_SEATS) if "seats" in case else {}
    if "plain" in case:
        settings |= _PLAIN
    if case.endswith("noforecast"):
        settings["forecasts"] = 0
    return Specification(**settings)

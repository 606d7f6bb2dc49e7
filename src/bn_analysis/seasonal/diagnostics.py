"""One run of X-13 → its diagnostics as numbers, and grades good, uncertain or bad by published thresholds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from bn_analysis.seasonal.meanings import meaning
from bn_analysis.seasonal.x13.run import X13Result

Verdict = Literal["good", "uncertain", "bad"]

LOTHIAN_MORRY = "Lothian & Morry 1978"
JDEMETRA = "JDemetra+ 3 quality diagnostics"
X13_MANUAL = "X-13ARIMA-SEATS Reference Manual"


@dataclass(frozen=True, slots=True)
class Grade:
    """One diagnostic, graded.

    Attributes
    ----------
    code
        Name of the diagnostic.
    value
        Its value; a p-value where the name ends in ``_p``.
    grade
        good, uncertain or bad.
    source
        Where the thresholds were published.
    span
        Months it looks at, first…last.
    """

    code: str
    value: float
    grade: Verdict
    source: str
    span: str

    @property
    def meaning_vi(self) -> str:
        """What the grade means, in Vietnamese."""
        return meaning(self.code, _family(self.code), self.grade)[0]

    @property
    def meaning_en(self) -> str:
        """What the grade means, in English."""
        return meaning(self.code, _family(self.code), self.grade)[1]


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of one diagnostic: good up to the first, uncertain up to the second, bad beyond."""

    good: float
    uncertain: float
    source: str

    def grade(self, value: float) -> Verdict:
        """Grade of a value, small being good."""
        return "good" if value <= self.good else "uncertain" if value <= self.uncertain else "bad"


# Small is good. Between 1 and 1.2 X-13 itself speaks of conditional rejection.
M_LIMITS = Limits(1.0, 1.2, LOTHIAN_MORRY)
OUTLIER_LIMITS = Limits(0.03, 0.05, JDEMETRA)
# Share of months with an unstable seasonal factor, and of unstable month-to-month changes (Findley et al. 1990).
SPANS_LIMITS = {
    "spans_seasonal": Limits(0.15, 0.25, "Findley et al. 1990"),
    "spans_changes": Limits(0.35, 0.40, "Findley et al. 1990"),
}
# Large is good: probability of the finding if nothing were left in the series.
P_UNCERTAIN, P_BAD = 0.05, 0.01
# X-13 speaks of seasonality only at one in a thousand (F test on the months of the SI ratios, table D8).
P_STABLE = 0.001

TRADING_DAY_YEARS = 8
"""Years at the end of the series that are tested for trading days left in."""

QS_KEYS = {
    "qs_original": "qsori", "qs_adjusted": "qssadj", "qs_irregular": "qsirr",
    "qs_original_8y": "qssori", "qs_adjusted_8y": "qsssadj", "qs_irregular_8y": "qssirr",
}  # fmt: skip


def diagnose(
    result: X13Result, table: pd.DataFrame, outliers: pd.DataFrame
) -> tuple[dict[str, float], tuple[Grade, ...]]:
    """Diagnostics and grades of one run.

    Parameters
    ----------
    result : X13Result
    table : pandas.DataFrame
        Components, with columns ``seasonally_adjusted`` and ``irregular``.
    outliers : pandas.DataFrame
        One row per outlier.

    Returns
    -------
    (dict, tuple of Grade)
        All numbers, and the grades of those for which thresholds were published. A diagnostic the program did not
        give (M1–M11 under SEATS, say) is absent.
    """
    numbers = _m_statistics(result) | _qs(result) | _tests(result, table)
    numbers["outlier_share"] = len(outliers) / len(table)
    numbers |= _peaks(result)
    numbers = {code: value for code, value in numbers.items() if np.isfinite(value)}
    return numbers, graded(numbers, result)


def graded(numbers: Mapping[str, float], result: X13Result) -> tuple[Grade, ...]:
    """Grades of those numbers for which thresholds were published."""
    grades = []
    for code, value in numbers.items():
        found = grade(code, value)
        if found is not None:
            grades.append(Grade(code, value, *found, span=_span(code, result)))
    return tuple(grades)


def _span(code: str, result: X13Result) -> str:
    """Months a diagnostic looks at."""
    first, last = result.months[0], result.months[-1]
    if code.startswith("peaks_") or "_8y" in code:
        month, year = re.findall(r"\d+", result.udg.get("startspec", "")) or (first.month, first.year)
        first = max(first, pd.Period(year=int(year), month=int(month), freq="M"))
    elif "_3y" in code:
        first = max(first, last - 35)
    elif code == "residual_trading_day_p":
        first = max(first + 1, last - 12 * TRADING_DAY_YEARS + 1)
    return f"{first}…{last}"


def _m_statistics(result: X13Result) -> dict[str, float]:
    numbers = {f"m{i}": result.number(f"f3.m{i:02d}") for i in range(1, 12)}
    return numbers | {"q": result.number("f3.q"), "q_m2": result.number("f3.qm2")}


def _qs(result: X13Result) -> dict[str, float]:
    """QS and its p-value, on the whole span and on the last eight years."""
    numbers = {}
    for code, key in QS_KEYS.items():
        numbers[code], numbers[f"{code}_p"] = result.number(key, 0), result.number(key, 1)
    return numbers


def _tests(result: X13Result, table: pd.DataFrame) -> dict[str, float]:
    return {
        # X-13 prints these probabilities in per cent.
        "stable_seasonality_p": result.number("f2.fsd8", 1) / 100,
        "residual_seasonality_p": result.number("d11.f", 1) / 100,
        "residual_seasonality_3y_p": result.number("d11.3y.f", 1) / 100,
        "residual_trading_day_p": trading_day_p(table["seasonally_adjusted"], result.multiplicative),
        "ljung_box_failures": result.number("nlbq"),
        "kurtosis": result.number("kurtosis"),
        "aicc": result.number("aicc"),
        "outlier_critical": result.number("aocrit"),
    }


def trading_day_p(adjusted: pd.Series, logs: bool) -> float:
    """Probability of an F test for trading days left in the changes of an adjusted series, last eight years.

    Parameters
    ----------
    adjusted : pandas.Series
    logs : bool
        Test changes of the logs.
    """
    values = adjusted.to_numpy()[-12 * TRADING_DAY_YEARS - 1 :]
    changes = np.diff(np.log(values) if logs else values)
    x = _weekday_changes(adjusted.index[-1].ordinal, len(changes))
    residual = changes - x @ np.linalg.lstsq(x, changes, rcond=None)[0]
    total, rest = float(((changes - changes.mean()) ** 2).sum()), float(residual @ residual)
    tested, freedom = x.shape[1] - 1, len(changes) - x.shape[1]
    if rest <= 0 or freedom <= 0:
        return float("nan")
    return float(fdtrc(tested, freedom, (total - rest) / tested / (rest / freedom)))


@lru_cache(maxsize=16)
def _weekday_changes(last: int, n: int) -> np.ndarray:
    """Constant and changes of six weekday contrasts (days less Sundays) over the `n` months up to ordinal `last`."""
    starts = np.arange(last - n, last + 2).astype("datetime64[M]").astype("datetime64[D]")
    first, length = starts[:-1].astype(int), np.diff(starts).astype(int)
    weekday = (first[:, None] + 3) % 7  # 1 January 1970 was a Thursday
    counts = 4 + ((np.arange(7) - weekday) % 7 < length[:, None] - 28)
    return np.column_stack([np.ones(n), np.diff(counts[:, :6] - counts[:, 6:7], axis=0)])


def _peaks(result: X13Result) -> dict[str, float]:
    """Visually significant peaks (six stars or more) in the spectra of the adjusted series and the irregular."""
    if "spcsa.s1" not in result.udg:
        return {}
    keys = [f"{table}.s{i}" for table in ("spcsa", "spcirr") for i in range(1, 6)]
    days = [f"{table}.t{i}" for table in ("spcsa", "spcirr") for i in (1, 2)]
    marked = {key: result.udg.get(key, "").endswith("+") for key in keys + days}
    return {
        "peaks_seasonal": float(sum(marked[k] for k in keys)),
        "peaks_trading_day": float(sum(marked[k] for k in days)),
    }


def grade(code: str, value: float) -> tuple[Verdict, str] | None:
    """Grade of one diagnostic and the source of its thresholds; None if no threshold was published for it."""
    family = _family(code)
    if family in ("m", "outliers", "spans"):
        limits = SPANS_LIMITS[code] if family == "spans" else OUTLIER_LIMITS if family == "outliers" else M_LIMITS
        return limits.grade(value), limits.source
    if family == "original":
        return ("good" if value <= P_STABLE else "uncertain" if value <= P_BAD else "bad"), X13_MANUAL
    if family in ("qs", "seasonality", "trading_day"):
        return ("good" if value >= P_UNCERTAIN else "uncertain" if value >= P_BAD else "bad"), JDEMETRA
    if family == "peaks":
        # A peak seen is a warning in X-13, not a test: the tests above decide.
        return ("good" if value == 0 else "uncertain"), X13_MANUAL
    return None


def _family(code: str) -> str:
    """Diagnostics that share thresholds and wording; empty for numbers that are only reported."""
    if code in ("q", "q_m2") or (code[0] == "m" and code[1:].isdigit()):
        return "m"
    if code == "stable_seasonality_p":
        return "original"
    if code.startswith("qs_") and code.endswith("_p") and "original" not in code:
        return "qs"
    prefixes = {"residual_seasonality": "seasonality", "residual_trading": "trading_day", "peaks_": "peaks",
                "outlier_share": "outliers", "spans_": "spans"}  # fmt: skip
    return next((family for prefix, family in prefixes.items() if code.startswith(prefix)), "")

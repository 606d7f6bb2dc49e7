"""A typed X-13ARIMA-SEATS specification and a series → the ``.spc`` file and data files the program accepts."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, cast

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError, NotEnoughDataError

Transform = Literal["auto", "log", "none"]
Decomposition = Literal["x11", "seats"]

# Limits of the program (X-13ARIMA-SEATS Reference Manual 1.1, section 2.8 and 3.3).
LONGEST_SERIES = 780
SHORTEST_SERIES = 36
LONGEST_TITLE = 79
LONGEST_LINE = 132
LONGEST_FORECAST = 120
SEATS_FORECAST = 36
MOST_USER_REGRESSORS = 52

SAVED_TABLES = {
    "x11": ("d8", "d9", "d10", "d11", "d12", "d13", "d16", "d18"),
    "seats": ("s10", "s11", "s12", "s13", "s14", "s16", "s18"),
}
ADJUSTED_TABLE = {"x11": "d11", "seats": "s11"}
HISTORY_TABLES = ("sae", "sar", "che", "chr")

_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?(-\d{4}\.[A-Za-z0-9]+)?(\[-?\d+\])?(/[^\s{}()]+/)?")
_ARIMA = re.compile(r"(\((\d+|\[[\d ,]+\])[ ,]+\d+[ ,]+(\d+|\[[\d ,]+\])\)(\d+)?){1,3}")
_USER_TYPES = frozenset({"user", "holiday", "td", "ao", "ls"})
_OUTLIER_TYPES = frozenset({"ao", "ls", "tc", "so"})


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """What X-13 is told about a series; the defaults are those of R ``seasonal::seas(x, x11 = "")``.

    Attributes
    ----------
    transform
        Take logs, do not, or let AICC decide.
    variables
        Built-in regression variables: ``"td1coef"``, ``"easter[1]"``, ``"ao2020.Apr"``, ``"ls2008.Nov"``,
        ``"rp2019.Jan-2019.Jun"``.
    aictest
        Calendar regressors kept only if AICC prefers them.
    arima
        ``"(0 1 1)(0 1 1)"``, or None for automatic identification (``automdl``).
    outliers
        Outlier types to search for (ao, ls, tc, so); empty for no search.
    critical
        |t| from which a month is an outlier; None for X-13's own, which falls with the length of `outlier_span`.
    outlier_span
        First and last month searched for outliers (None: the end of the series).
    method
        ``x11`` or ``seats``.
    forecasts
        Months forecast; X-13's own default is 12.
    regressors, usertypes
        User regressors (months × k), covering the forecast months, and X-13's ``usertype`` of each.
    history
        Months of the revision history at the end of the series; 0 for none.
    slidingspans
        Ask for the sliding-spans analysis.
    linear
        Save the transformed series and the regression matrix (``trn``, ``rmx``).
    adjusted_only
        Save the adjusted series and no other table: a quarter of the program's time is writing them.
    """

    transform: Transform = "auto"
    variables: tuple[str, ...] = ()
    aictest: tuple[str, ...] = ("td", "easter")
    arima: str | None = None
    outliers: tuple[str, ...] = ("ao", "ls")
    critical: float | None = None
    outlier_span: tuple[pd.Period | None, pd.Period | None] | None = None
    method: Decomposition = "x11"
    forecasts: int = 12
    regressors: pd.DataFrame | None = None
    usertypes: tuple[str, ...] = ()
    history: int = 0
    slidingspans: bool = False
    linear: bool = False
    adjusted_only: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not be written, or would mean something else once written."""
        _check_words(self)
        if not 0 <= self.forecasts <= LONGEST_FORECAST:
            raise InputError(f"specification: {self.forecasts} months of forecasts; X-13 takes 0 to {LONGEST_FORECAST}")
        count = 0 if self.regressors is None else self.regressors.shape[1]
        if count > MOST_USER_REGRESSORS:
            raise InputError(f"specification: {count} user regressors; X-13 takes at most {MOST_USER_REGRESSORS}")
        if len(self.usertypes) != count:
            raise InputError(
                f"specification: {count} user regressors but {len(self.usertypes)} usertypes; give one each"
            )

    def with_(self, **changes: object) -> Self:
        """Copy with some attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def files(self, series: pd.Series) -> dict[str, str]:
        """Files X-13 needs to run this specification on a series.

        Data go into files of their own: numbers written inside the ``.spc`` are read with about seven digits only.

        Parameters
        ----------
        series : pandas.Series
            Monthly PeriodIndex without gaps, 36 to 780 finite values.

        Returns
        -------
        dict
            File name → text: ``run.spc``, ``series.dat`` and, with user regressors, ``user.dat``.

        Raises
        ------
        InputError
            The series is not monthly, has gaps or more than 780 months, or a user regressor does not cover it.
        NotEnoughDataError
            Fewer than 36 months.
        """
        values = checked_values(series)
        months = months_of(series)
        regressors = self._covering(months)
        blocks = [
            _block(
                "series", [f'title="{_title(series.name)}"', 'file="series.dat"', 'format="datevalue"', "period=12"]
            ),
            self._transform(),
            *self._regression(regressors),
            *self._model(),
            _block("estimate", ["save=(mdl)"]),
            _block("forecast", [f"maxlead={self.forecasts}"] + (["save=(fct)"] * (self.forecasts > 0))),
            self._decomposition(),
            *self._diagnostics(months),
        ]
        files = {"run.spc": "\n".join(blocks) + "\n", "series.dat": _dated(months, values[:, None])}
        if regressors is not None:
            files["user.dat"] = _dated(pd.PeriodIndex(regressors.index), regressors.to_numpy(dtype=float))
        return files

    def _covering(self, months: pd.PeriodIndex) -> pd.DataFrame | None:
        """User regressors over the months X-13 asks for: the series and its forecasts, nothing missing."""
        if self.regressors is None or not self.regressors.shape[1]:
            return None
        horizon = max(self.forecasts, SEATS_FORECAST) if self.method == "seats" else self.forecasts
        wanted = pd.period_range(months[0], months[-1] + horizon, freq="M")
        covered = self.regressors.reindex(wanted)
        missing = wanted[covered.isna().any(axis=1)]
        if len(missing):
            span = f"{wanted[0]} to {wanted[-1]}, forecasts included"
            raise InputError(f"user regressors: no value in {missing[0]}; they must cover {span}")
        return covered

    def _transform(self) -> str:
        lines = [f"function={self.transform}"] + ["print=aictransform"] * (self.transform == "auto")
        return _block("transform", lines + ["save=(trn)"] * self.linear)

    def _regression(self, regressors: pd.DataFrame | None) -> list[str]:
        lines: list[str] = []
        if self.variables:
            lines.append(_bracketed("variables", self.variables))
        if self.aictest:
            lines.append(_bracketed("aictest", self.aictest))
        if regressors is not None:
            lines.append(_bracketed("user", [f"user{i + 1}" for i in range(regressors.shape[1])]))
            lines.append(_bracketed("usertype", self.usertypes))
            lines += ['file="user.dat"', 'format="datevalue"']
        if lines and self.linear:
            lines.append("save=(rmx)")
        return [_block("regression", lines)] if lines else []

    def _diagnostics(self, months: pd.PeriodIndex) -> list[str]:
        blocks = [] if self.adjusted_only else [_block("spectrum", ["print=qs"])]
        if self.history:
            start = f"start={_month(months[-1] - self.history)}"
            blocks.append(_block("history", ["estimates=(sadj sadjchng)", start, f"save=({' '.join(HISTORY_TABLES)})"]))
        if self.slidingspans:
            blocks.append(_block("slidingspans", []))
        return blocks

    def _model(self) -> list[str]:
        blocks = []
        if self.outliers:
            lines = [_bracketed("types", self.outliers)]
            if self.critical is not None:
                lines.append(f"critical={self.critical:g}")
            if self.outlier_span is not None:
                first, last = self.outlier_span
                lines.append(f"span=({'' if first is None else _month(first)}, {'' if last is None else _month(last)})")
            blocks.append(_block("outlier", lines))
        if self.arima is None:
            blocks.append(_block("automdl", ["print=bestfivemdl"]))
        else:
            blocks.append(_block("arima", [f"model={self.arima}"]))
        return blocks

    def _decomposition(self) -> str:
        tables = (ADJUSTED_TABLE[self.method],) if self.adjusted_only else SAVED_TABLES[self.method]
        lines = [f"save=({' '.join(tables)})"]
        if self.forecasts:
            lines.append("appendfcst=yes")
        if self.method == "seats":
            lines.insert(0, "noadmiss=yes")
        return _block(self.method, lines)


MISSING_CODE = -99999.0
"""X-13's own mark of a month without a value: it estimates the month by a regressor."""


def months_of(table: pd.Series | pd.DataFrame) -> pd.PeriodIndex:
    """Months of a monthly table, for the type checker's sake; see `checked_values` for the check."""
    return cast(pd.PeriodIndex, table.index)


def checked_values(series: pd.Series) -> np.ndarray:
    """Values of a monthly series X-13 can take, shape (T,); see `Specification.files` for what is refused."""
    index, name = series.index, f"series {series.name!s:.40}"
    if not isinstance(index, pd.PeriodIndex) or index.freqstr != "M":
        raise InputError(f"{name}: its index is {type(index).__name__}; give a monthly PeriodIndex")
    values = series.to_numpy(dtype=float)
    if len(values) < SHORTEST_SERIES:
        raise NotEnoughDataError(f"{name}: {len(values)} months; X-13 needs at least {SHORTEST_SERIES}")
    if len(values) > LONGEST_SERIES:
        raise InputError(f"{name}: {len(values)} months; X-13 takes at most {LONGEST_SERIES}")
    steps = np.diff(index.asi8)
    if (steps != 1).any():
        at = index[int(np.argmax(steps != 1))]
        raise InputError(f"{name}: the month after {at} is missing, repeated or out of order")
    if np.isinf(values).any() or np.isnan(values[[0, -1]]).any():
        wrong = np.isinf(values) | np.isnan(values)
        raise InputError(f"{name}: no finite value in {index[int(np.argmax(wrong))]}; X-13 needs first and last month")
    return np.where(np.isnan(values), MISSING_CODE, values)


def _check_words(spec: Specification) -> None:
    """Every word goes into the file verbatim, so only words of X-13's own grammar may pass."""
    for word in (*spec.variables, *spec.aictest):
        if not _VARIABLE.fullmatch(word):
            raise InputError(f"specification: {word!r:.60} is not a regression variable such as td1coef or ao2020.Apr")
    if spec.arima is not None and not _ARIMA.fullmatch(spec.arima):
        raise InputError(f"specification: ARIMA model {spec.arima!r:.60}; write it as (0 1 1)(0 1 1)")
    for words, allowed in ((spec.usertypes, _USER_TYPES), (spec.outliers, _OUTLIER_TYPES)):
        for word in words:
            if word not in allowed:
                raise InputError(f"specification: {word!r:.60} is none of {', '.join(sorted(allowed))}")
    for word, choices in ((spec.transform, ("auto", "log", "none")), (spec.method, ("x11", "seats"))):
        if word not in choices:
            raise InputError(f"specification: {word!r:.60} is none of {', '.join(choices)}")


def _block(name: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{name}{{", *(f"  {line}" for line in lines), "}"])


def _dated(months: pd.PeriodIndex, values: np.ndarray) -> str:
    """X-13's ``datevalue`` format (year, month, numbers), with every digit of a double."""
    years, numbers = months.year.to_numpy(), months.month.to_numpy()
    rows = zip(years.tolist(), numbers.tolist(), values.tolist(), strict=True)
    return "".join(f"{year} {month} {' '.join(map(repr, row))}\n" for year, month, row in rows)


def _bracketed(name: str, words: Sequence[str]) -> str:
    """``name=(a b c)`` folded so that no line passes the limit."""
    lines = [f"{name}=("]
    for word in words:
        if len(lines[-1]) + len(word) > LONGEST_LINE - 20:
            lines.append("   ")
        lines[-1] += f" {word}"
    return "\n".join(lines) + " )"


def _title(name: object) -> str:
    """Series name as the ASCII title X-13 can hold: Vietnamese letters lose their marks, quotes and braces go."""
    plain = str(name if name is not None else "series").replace("đ", "d").replace("Đ", "D")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9 .,:;()_+/-]", " ", plain).split())[:LONGEST_TITLE] or "series"


def _month(period: pd.Period) -> str:
    return f"{period.year}.{period.month}"

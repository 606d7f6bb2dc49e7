"""A specification and a series → X-13's answer: saved tables as series, diagnostics by their ``.udg`` names."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bn_analysis.seasonal.x13.binary import (
    TIME_LIMIT,
    X13Error,
    X13RefusedError,
    X13TimeError,
    complaint,
    run_program,
    run_programs,
)
from bn_analysis.seasonal.x13.output import is_table, read_numbers, read_table, read_udg, read_variables
from bn_analysis.seasonal.x13.specification import ADJUSTED_TABLE, Specification, months_of

__all__ = ["RegressionTerm", "Specification", "X13Error", "X13RefusedError", "X13Result", "run", "run_many"]

MAIN_TABLES = {"x11": ("d10", "d11", "d12", "d13"), "seats": ("s10", "s11", "s12", "s13")}
"""Seasonal, adjusted, trend, irregular: without them a run has failed, whatever it printed."""

_NOT_REGRESSION = frozenset({"AR", "MA", "ftest", "chi", "lbq", "bpq", "sigacf", "sigpacf", "variance"})


@dataclass(frozen=True, slots=True)
class RegressionTerm:
    """One regression coefficient of the regARIMA model (log scale when the series was logged)."""

    group: str
    name: str
    estimate: float
    standard_error: float
    t_value: float


@dataclass(frozen=True, slots=True, eq=False)
class X13Result:
    """What one run of X-13 left behind.

    Attributes
    ----------
    specification
        What was asked.
    inputs
        File name → text of what the program was given (``run.spc`` and data): enough to repeat the run by hand.
    files
        Suffix of each file the program wrote (``"d11"``, ``"mdl"``) → its text.
    udg
        Diagnostic → text, as the program wrote it.
    months
        Months of the series, shape (T,).
    variables
        Built-in regression variables of the final model, in X-13's grammar: what automatic identification settled on.
    """

    specification: Specification
    inputs: Mapping[str, str]
    files: Mapping[str, str]
    udg: Mapping[str, str]
    months: pd.PeriodIndex
    variables: tuple[str, ...]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every saved table, months × columns; d10, d16, s10 … go on after the last month with their forecasts."""
        return {name: read_table(text) for name, text in self.files.items() if is_table(text)}

    def values(self, name: str) -> np.ndarray:
        """The only column of a saved table over the months of the series, shape (T,).

        Raises
        ------
        KeyError
            No such table, or one with several columns or other months: take it from `tables`.
        """
        names, first, values = read_numbers(self.files[name])
        start = self.months[0]
        if len(names) != 1 or first != start.year * 100 + start.month or len(values) < len(self.months):
            raise KeyError(f"{name} has columns {', '.join(names)} from {first}; take it from .tables")
        return values[: len(self.months), 0]

    def table(self, name: str) -> pd.Series:
        """`values` as a Series."""
        return pd.Series(self.values(name), index=self.months, name=name)

    def has(self, name: str) -> bool:
        """Whether the program saved a table."""
        return name in self.files

    def number(self, key: str, position: int = 0) -> float:
        """One number of a diagnostic; NaN where the program gave none."""
        words = self.udg.get(key, "").split()
        try:
            return float(words[position])
        except (IndexError, ValueError):
            return float("nan")

    @property
    def multiplicative(self) -> bool:
        """Whether components multiply (logs were taken) or add."""
        asked = self.specification.transform
        return asked == "log" or (asked == "auto" and self.udg.get("aictrans", "").startswith("Log"))

    @property
    def given(self) -> Specification:
        """The same adjustment with transform, model, calendar and outliers given as this run found them."""
        return self.specification.with_(
            transform="log" if self.multiplicative else "none",
            variables=self.variables,
            aictest=(),
            arima=self.arima,
            outliers=(),
            outlier_span=None,
        )

    @property
    def arima(self) -> str:
        """ARIMA model used, as X-13 writes it."""
        return self.udg["arimamdl"].strip()

    @property
    def regression(self) -> tuple[RegressionTerm, ...]:
        """Regression coefficients in the order of the model."""
        terms = []
        for key, value in self.udg.items():
            if key == "nregderived":  # what follows is implied by the others: the weekend under td1coef
                break
            group, dollar, name = key.partition("$")
            if not dollar or "$" in name or group in _NOT_REGRESSION:
                continue
            words = value.split()
            if len(words) >= 3 and "." in words[0]:
                terms.append(RegressionTerm(group, name, float(words[0]), float(words[1]), float(words[2])))
        return tuple(terms)


def run(spec: Specification, series: pd.Series, *, time_limit: float = TIME_LIMIT) -> X13Result:
    """Run X-13ARIMA-SEATS on one series.

    Parameters
    ----------
    spec : Specification
    series : pandas.Series
        Monthly PeriodIndex without gaps, 36 to 780 finite values.
    time_limit : float
        Seconds before the program is stopped.

    Returns
    -------
    X13Result

    Raises
    ------
    InputError, NotEnoughDataError
        The series cannot be handed to X-13.
    X13Error
        The program is missing, ran too long or broke down without saying why.
    X13RefusedError
        The program would not adjust the series: its own words, with the specification attached.
    """
    inputs = spec.files(series)
    files = run_program(inputs, time_limit)
    if not _is_whole(spec, files):
        missing = [name for name in _needed(spec) if name not in files]
        words = complaint(files)
        if not words:  # it did not refuse the series: it broke down
            lost = ", ".join(missing) or "of diagnostics"
            raise X13Error(
                f"X-13 ended without table {lost} and without a word on {series.name!s:.40}", inputs["run.spc"]
            )
        raise X13RefusedError(f"X-13 could not adjust {series.name!s:.40}: {words}", inputs["run.spc"])
    return _result(spec, series, inputs, files)


def run_many(
    tasks: Iterable[tuple[Specification, pd.Series]], *, jobs: int = 1, time_limit: float = TIME_LIMIT
) -> list[X13Result | X13RefusedError]:
    """Run X-13ARIMA-SEATS on many specifications with everything given, each process serving many of them.

    Parameters
    ----------
    tasks : iterable of (Specification, Series)
        Each as for `run`.
    jobs : int
        Programs at work at once.
    time_limit : float
        Seconds for each program, and for each task that has to be run alone.

    Returns
    -------
    list
        In the order of `tasks`: what `run` returns, or the refusal it raises.

    Raises
    ------
    InputError, NotEnoughDataError, X13Error
        As `run`, refusals excepted.
    """
    listed = list(tasks)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        parts = list(pool.map(lambda first: _run_together(listed[first::jobs], time_limit), range(jobs)))
    return [parts[place % jobs][place // jobs] for place in range(len(listed))]


def _run_together(tasks: list[tuple[Specification, pd.Series]], time_limit: float) -> list[X13Result | X13RefusedError]:
    """All tasks in one process; those it did not get through are run alone, which also tells why."""
    inputs = [spec.files(series) for spec, series in tasks]
    written: list[dict[str, str]] = [{} for _ in tasks]
    if len(tasks) > 1:
        with suppress(X13TimeError):  # one that never ends holds up the others: then each gets its own time
            written = run_programs(inputs, time_limit)
    found: list[X13Result | X13RefusedError] = []
    for (spec, series), given, files in zip(tasks, inputs, written, strict=True):
        try:
            whole = _is_whole(spec, files)
            found.append(_result(spec, series, given, files) if whole else run(spec, series, time_limit=time_limit))
        except X13RefusedError as refusal:
            found.append(refusal)
    return found


def _is_whole(spec: Specification, files: Mapping[str, str]) -> bool:
    return all(name in files for name in (*_needed(spec), "udg"))


def _needed(spec: Specification) -> tuple[str, ...]:
    return (ADJUSTED_TABLE[spec.method],) if spec.adjusted_only else MAIN_TABLES[spec.method]


def _result(spec: Specification, series: pd.Series, inputs: Mapping[str, str], files: Mapping[str, str]) -> X13Result:
    return X13Result(
        specification=spec,
        inputs=inputs,
        files=files,
        udg=read_udg(files["udg"]),
        months=months_of(series),
        variables=read_variables(files.get("mdl", "")),
    )

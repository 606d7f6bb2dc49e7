"""A monthly series → its adjustment by X-13ARIMA-SEATS, Tết windows chosen by AICC."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bn_analysis.cleaning.calendars.tet import tet_regressor
from bn_analysis.seasonal.diagnostics import diagnose
from bn_analysis.seasonal.result import (
    COLUMNS,
    FORECAST_COLUMNS,
    NO_FORECASTS,
    NO_OUTLIERS,
    OUTLIER_COLUMNS,
    Method,
    Reason,
    SeasonalAdjustment,
)
from bn_analysis.seasonal.revision_draws import RevisionSampler
from bn_analysis.seasonal.tet.effect import EFFECT_COLUMNS, NO_TET, TetEffect
from bn_analysis.seasonal.tet.window_selection import (
    add_windows,
    add_working_days,
    choose,
    rests_on_one_year,
    score_by_x13,
)
from bn_analysis.seasonal.tet.windows import DEFAULT_WINDOWS, Window, Windows, tet_regressors
from bn_analysis.seasonal.x13.binary import TIME_LIMIT, X13RefusedError
from bn_analysis.seasonal.x13.output import consecutive_months, read_numbers
from bn_analysis.seasonal.x13.run import MAIN_TABLES, RegressionTerm, X13Result, run
from bn_analysis.seasonal.x13.specification import Specification, months_of

FACTOR_TABLES = {"x11": "d16", "seats": "s16"}
"""Season and calendar together, forecasts included."""

FIRST_TRIED: tuple[Windows, ...] = (DEFAULT_WINDOWS, (Window(0, 6),), ())
"""Windows under which a model is identified before any window is scored, in this order."""

TET_DAYS = (-7, 7)
"""Days around Tết whose months are months of Tết: the week off and the week before it."""

ROUNDING = 1e-12
"""A calendar factor nearer to none than this is the rounding of a saved table."""

_OUTLIER = re.compile(r"(AO|LS|TC|SO|RP|TL)(\d{4})\.([A-Za-z]{3})", flags=re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def adjust_by_x13(
    series: pd.Series,
    spec: Specification,
    reason: Reason,
    *,
    tet: bool,
    vietnamese_days: bool = False,
    jobs: int = 1,
    time_limit: float = TIME_LIMIT,
) -> SeasonalAdjustment:
    """Adjust a series with X-13, with Tết windows where they earn their place.

    Transform, model, calendar and outliers are identified once with the default windows (or what X-13 accepts of
    them), every choice of windows is scored under that specification, and the winner is run again with everything
    identified afresh. Without Tết, or where no window wins, the run is exactly `spec`.

    Parameters
    ----------
    series : pandas.Series
        Monthly, 36 to 780 finite values.
    spec : Specification
        Without user regressors.
    reason : Reason
        Kept in the result.
    tet : bool
        Search for Tết windows.
    vietnamese_days : bool
        Instead of X-13's trading days and Easter, use the working days of Viet Nam where AICC prefers them to none.
    jobs : int
        Runs of X-13 at once during the search.
    time_limit : float
        Seconds for each run.

    Raises
    ------
    InputError, NotEnoughDataError, X13Error
    """
    months = months_of(series)
    spec = spec.with_(aictest=()) if vietnamese_days else spec
    if series.isna().any() and spec.transform == "auto":
        # X-13 compares logs and levels with its stand-ins for missing values in place: decided on a filled series.
        filled = run(spec, series.interpolate().rename(series.name), time_limit=time_limit)
        spec = spec.with_(transform="log" if filled.multiplicative else "none")
    start, result = _identified(series, spec, FIRST_TRIED if tet else ((),), time_limit)
    windows, final, scores = start, spec, NO_TET.scores
    if tet:
        given = without_tet(result.given, months)
        scores = score_by_x13(series, given, jobs)
        windows = choose(scores)
        if rests_on_one_year(series, given, windows):
            windows = ()
    if vietnamese_days and _days_matter(series, _without_user(result), windows):
        final = add_working_days(spec, months)
    if windows != start or final is not spec:
        result = run(add_windows(final, windows, months), series, time_limit=time_limit)
    return from_run(series, result, windows, scores, reason)


def _identified(
    series: pd.Series, spec: Specification, choices: Sequence[Windows], time_limit: float
) -> tuple[Windows, X13Result]:
    """First choice of windows X-13 accepts, and its run: three years of data may not tell two windows apart."""
    for windows in choices[:-1]:
        try:
            return windows, run(add_windows(spec, windows, months_of(series)), series, time_limit=time_limit)
        except X13RefusedError:
            continue
    return choices[-1], run(add_windows(spec, choices[-1], months_of(series)), series, time_limit=time_limit)


def _without_user(result: X13Result) -> Specification:
    return result.given.with_(regressors=None, usertypes=())


def without_tet(given: Specification, months: pd.PeriodIndex) -> Specification:
    """A specification without user regressors and without outliers in months that Tết can touch, which would stand for
    Tết while its windows are scored."""
    touched = tet_regressor(months, *TET_DAYS, centred=False).to_numpy() > 0
    dates = {f"{month.year}.{_MONTHS[month.month - 1]}".lower() for month in months[touched]}
    kept = tuple(word for word in given.variables if word.lower()[2:] not in dates or not _OUTLIER.match(word))
    return given.with_(variables=kept, regressors=None, usertypes=())


def _days_matter(series: pd.Series, given: Specification, windows: Windows) -> bool:
    """Whether AICC prefers the model with Vietnamese working days."""
    months = months_of(series)
    without = run(add_windows(given, windows, months), series)
    with_days = run(add_windows(add_working_days(given, months), windows, months), series)
    return with_days.number("aicc") < without.number("aicc")


def from_run(
    series: pd.Series, result: X13Result, windows: Windows, scores: pd.DataFrame, reason: Reason
) -> SeasonalAdjustment:
    """Put one run of X-13 into the form shared by all methods."""
    regression = result.regression
    effect = TetEffect(windows, scores, _window_effects(windows, regression))
    table = _components(series, result, effect)
    method: Method = "seats" if result.specification.method == "seats" else "x13"
    given, outliers = result.given, _outliers(regression)
    diagnostics, grades = diagnose(result, table, outliers)
    return SeasonalAdjustment(
        name=str(series.name if series.name is not None else "series"),
        table=table,
        method=method,
        reason=reason,
        multiplicative=result.multiplicative,
        tet=effect,
        outliers=outliers,
        diagnostics=diagnostics,
        grades=grades,
        forecasts=_forecasts(result),
        specification=given,
        sampler=RevisionSampler(series, given, table["seasonally_adjusted"]),
    )


def _components(series: pd.Series, result: X13Result, effect: TetEffect) -> pd.DataFrame:
    main = MAIN_TABLES[result.specification.method]
    seasonal, adjusted, trend, irregular = (result.values(name) for name in main)
    whole = result.values(FACTOR_TABLES[result.specification.method])
    calendar = whole / seasonal if result.multiplicative else whole - seasonal
    neutral = 1.0 if result.multiplicative else 0.0
    calendar[np.abs(calendar - neutral) < ROUNDING] = neutral
    tet = _tet_factor(effect, months_of(series), result.multiplicative)
    columns = (series.to_numpy(dtype=float), adjusted, trend, seasonal, irregular, tet, calendar)
    return pd.DataFrame(np.column_stack(columns), index=series.index, columns=[*COLUMNS, "tet", "calendar"])


def _tet_factor(effect: TetEffect, months: pd.PeriodIndex, multiplicative: bool) -> np.ndarray:
    if not effect.windows:
        return np.full(len(months), 1.0 if multiplicative else 0.0)
    total = tet_regressors(effect.windows, months).to_numpy() @ effect.effects["estimate"].to_numpy()
    return np.exp(total) if multiplicative else total


def _window_effects(windows: Windows, regression: Sequence[RegressionTerm]) -> pd.DataFrame:
    if not windows:
        return NO_TET.effects
    terms = {term.name: term for term in regression}
    rows = [(str(window), terms[f"user{i + 1}"]) for i, window in enumerate(windows)]
    return pd.DataFrame(
        [(name, term.estimate, term.standard_error, term.t_value) for name, term in rows],
        columns=list(EFFECT_COLUMNS),
    )


def _outliers(regression: Sequence[RegressionTerm]) -> pd.DataFrame:
    rows = []
    for term in regression:
        match = _OUTLIER.match(term.name)
        if match:
            period = pd.Period(year=int(match[2]), month=_MONTHS.index(match[3].title()) + 1, freq="M")
            automatic = term.group.startswith("Auto")
            rows.append((match[1].lower(), period, term.estimate, term.standard_error, term.t_value, automatic))
    return pd.DataFrame(rows, columns=list(OUTLIER_COLUMNS)) if rows else NO_OUTLIERS


def _forecasts(result: X13Result) -> pd.DataFrame:
    if not result.has("fct"):
        return NO_FORECASTS
    _, first, forecast = read_numbers(result.files["fct"])
    factor = read_numbers(result.files[FACTOR_TABLES[result.specification.method]])[2]
    ahead = factor[len(result.months) : len(result.months) + len(forecast)]
    adjusted = forecast[:, :1] / ahead if result.multiplicative else forecast[:, :1] - ahead
    months = consecutive_months(first, len(forecast))
    return pd.DataFrame(np.hstack([forecast, adjusted]), index=months, columns=list(FORECAST_COLUMNS))

"""A monthly series → its seasonal adjustment by the best method that can serve it, Tết taken out."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from bn_analysis.errors import InputError, NotEnoughDataError, bilingual
from bn_analysis.seasonal.checks import is_constant, monthly, obstacle, takes_logs
from bn_analysis.seasonal.methods.stl import adjust_by_stl
from bn_analysis.seasonal.methods.structural import adjust_by_structural
from bn_analysis.seasonal.methods.x13 import adjust_by_x13
from bn_analysis.seasonal.result import Reason, SeasonalAdjustment
from bn_analysis.seasonal.tet.regression import regression_effect
from bn_analysis.seasonal.tet.windows import tet_is_known
from bn_analysis.seasonal.x13.binary import TIME_LIMIT, X13RefusedError, X13TimeError
from bn_analysis.seasonal.x13.specification import Specification, months_of

AskedMethod = Literal["auto", "x13", "seats", "stl", "structural"]
Holiday = Literal["tet", "none"]
WorkingDays = Literal["x13", "vietnam"]

ASKED = Reason("asked")
MANY_TET = 60
"""Months from which X-13 has five Tết to tell them from season and outliers."""
LARGEST_EFFECT = 1.0
"""Logs that Tết can take from a month (63 %): a larger estimate is of two regressors that nothing tells apart."""
AIRLINE = "(0 1 1)(0 1 1)"
"""The model that serves most monthly series (Box & Jenkins 1976), for series whose identification takes too long."""


def adjust(
    series: pd.Series,
    method: AskedMethod = "auto",
    holiday: Holiday = "tet",
    *,
    working_days: WorkingDays = "x13",
    jobs: int = 2,
    time_limit: float = TIME_LIMIT,
) -> SeasonalAdjustment:
    """Adjust a monthly series for season, calendar and Tết.

    ``auto`` runs X-13ARIMA-SEATS (X-11 filters) with automatic identification, as R ``seasonal::seas(x, x11 = "")``
    does, plus Tết regressors where AICC prefers them. A series X-13 cannot serve (fewer than 36 months, gaps, one it
    refuses) goes to a basic structural model; ``.reason`` of the result says so.

    Parameters
    ----------
    series : pandas.Series
        Levels (not rates) under a monthly PeriodIndex; NaN for months not known.
    method : {"auto", "x13", "seats", "stl", "structural"}
        Anything but ``auto`` is used or refused, never replaced.
    holiday : {"tet", "none"}
        ``tet`` searches for Tết windows (from 1902 to 2090); ``none`` leaves Tết where it is.
    working_days : {"x13", "vietnam"}
        X-13's trading days and Easter, or working days that know Vietnamese holidays and exchanged days; each only
        where AICC prefers it. Methods other than X-13 use neither.
    jobs : int
        X-13 programs at work at once.
    time_limit : float
        Seconds for one run of X-13.

    Returns
    -------
    SeasonalAdjustment

    Raises
    ------
    InputError
        Not a monthly series in order, an unknown option, or a constant series.
    NotEnoughDataError
        Too few months, or gaps, for the method asked for.
    X13Error
        X-13 is missing, ran too long, or (when asked for) refused the series.
    """
    _check_option("method", method, get_args(AskedMethod))
    _check_option("holiday", holiday, get_args(Holiday))
    _check_option("working_days", working_days, get_args(WorkingDays))
    values = monthly(series)
    name = f"series {series.name!s:.40}"
    if is_constant(values):
        raise InputError(
            bilingual(
                f"chuỗi {series.name!s:.40}: mọi giá trị đều bằng {values.dropna().iloc[0]:g}, không có mùa vụ để tách",
                f"{name}: every value is {values.dropna().iloc[0]:g}; a constant has no season to adjust for",
            )
        )
    tet = holiday == "tet" and tet_is_known(months_of(values))
    hindrance = obstacle(values)
    if method == "structural" or (method == "auto" and hindrance is not None):
        return adjust_by_structural(values, hindrance if method == "auto" and hindrance else ASKED, tet=tet)
    if method == "stl":
        if values.isna().any():
            raise NotEnoughDataError(
                bilingual(
                    f"chuỗi {series.name!s:.40}: STL cần đủ mọi tháng; dùng phương pháp auto hoặc structural",
                    f"{name}: STL needs every month ({hindrance}); use method auto or structural",
                )
            )
        return adjust_by_stl(values, ASKED, tet=tet)
    if hindrance is not None:
        raise NotEnoughDataError(
            bilingual(
                f"chuỗi {series.name!s:.40}: X-13 không dùng được cho chuỗi này; dùng phương pháp auto",
                f"{name}: X-13 cannot serve it ({hindrance}); use method auto",
            )
        )
    reason = ASKED if method != "auto" else Reason("x13_serves", {"months": len(values)})
    spec = Specification(method="seats" if method == "seats" else "x11")
    vietnamese = working_days == "vietnam"
    try:
        found = adjust_by_x13(
            values, spec, reason, tet=tet, vietnamese_days=vietnamese, jobs=jobs, time_limit=time_limit
        )
        if method == "auto" and tet and _loses_tet(found, values):
            return adjust_by_structural(values, Reason("tet_unseen", {"months": len(values)}), tet=True)
        return found
    except X13TimeError:
        if method != "auto":
            raise
        fixed = spec.with_(arima=AIRLINE, outliers=(), aictest=())
        late = Reason("x13_slow", {"seconds": time_limit, "model": AIRLINE})
        return adjust_by_x13(values, fixed, late, tet=False, jobs=jobs, time_limit=time_limit)
    except X13RefusedError as refusal:
        if method != "auto":
            raise
        return adjust_by_structural(values, Reason("x13_refused", {"words": str(refusal)}), tet=tet)


def _loses_tet(found: SeasonalAdjustment, values: pd.Series) -> bool:
    """Whether X-13 left a Tết in that plain regression sees: in three or four years it may refuse every window, or take
    the months of Tết for outliers, and one more month would turn the answer round."""
    if len(values) >= MANY_TET:
        return False
    effects = found.tet.effects["estimate"].abs()
    if found.tet.windows and effects.max() < LARGEST_EFFECT * (1 if found.multiplicative else values.abs().max()):
        return False
    return bool(regression_effect(np.log(values) if takes_logs(values) else values).windows)


def _check_option(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        some = ", ".join(allowed)
        raise InputError(
            bilingual(
                f"{name} {given!r:.40}: cần một trong {some}", f"adjust: {name} {given!r:.40}, expected one of {some}"
            )
        )

"""Turns a table of draws into the reasons, if any, why no verdict may be given: "not enough data" is a verdict."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Two of the shortest cycles and the run-up of the growth equation.
MIN_MONTHS = 36
# A month of a whole industry's adjusted output never multiplies or divides by this factor: a misprint or a break. What
# the largest changes in 34 European series are, spring 2020 included: `python -m bench.bench_constants PANEL.csv`.
JUMP = 1.8
# Such a jump spoils the verdict while it is this recent, in months: y/y and growth see it that long.
JUMP_MEMORY = 24
# Width of the draws at the judged month (80 % band over the level, set against the mean of the two years up to it, so
# that no base period has a say) beyond which the level is unknown: its ends are then a third apart, as far as the peak
# and the trough of Bắc Ninh's fall of 2022-23.
WIDEST_BAND = 0.5
BAND_MONTHS = 24


def shortcomings(table: pd.DataFrame, month: pd.Period, withheld: str = "") -> tuple[str, ...]:
    """Reason codes, empty where a verdict may be given.

    Codes: `withheld` where it is not empty, missing_months, not_positive, too_short, no_variation,
    implausible_jump, level_unknown.
    """
    reasons = [withheld] if withheld else []
    known = table.loc[:month]
    if table.isna().to_numpy().any():
        reasons.append("missing_months")
        return tuple(reasons)
    if (table <= 0).to_numpy().any():
        reasons.append("not_positive")
        return tuple(reasons)
    if len(known) < MIN_MONTHS:
        reasons.append("too_short")
    logs = np.log(table.to_numpy(dtype=float))
    middle = np.median(logs, axis=1)
    changes = np.abs(np.diff(middle))
    if changes.size and (changes < 1e-6).mean() > 0.5:
        reasons.append("no_variation")
    if (changes[-JUMP_MEMORY:] > np.log(JUMP)).any():
        reasons.append("implausible_jump")
    recent = logs[max(len(known) - BAND_MONTHS, 0) : len(known)]
    low, high = np.quantile(recent[-1] - recent.mean(axis=0), [0.1, 0.9])
    if high - low > np.log1p(WIDEST_BAND):
        reasons.append("level_unknown")
    return tuple(reasons)

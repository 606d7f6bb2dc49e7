"""What Tết does to a series: the windows it was given, how they were chosen, their effects."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bn_analysis.seasonal.tet.windows import Windows, label

SCORE_COLUMNS = ("windows", "aicc", "gain", "choice")


EFFECT_COLUMNS = ("window", "estimate", "standard_error", "t_value")


@dataclass(frozen=True, slots=True, eq=False)
class TetEffect:
    """The Tết windows of an adjustment and what they take out.

    Attributes
    ----------
    windows
        Windows used; empty if Tết does not show in the series or was not asked for.
    scores
        One row per choice of windows tried: ``windows, aicc, gain`` (AICC of no window less its own) and ``choice``
        (the windows themselves), best first. Empty if no search was made.
    effects
        One row per window: ``window, estimate, standard_error, t_value``; the effect of having the whole window in
        a month, in log points where the components multiply.
    """

    windows: Windows
    scores: pd.DataFrame
    effects: pd.DataFrame

    def __str__(self) -> str:
        return label(self.windows)


NO_TET = TetEffect((), pd.DataFrame(columns=list(SCORE_COLUMNS)), pd.DataFrame(columns=list(EFFECT_COLUMNS)))

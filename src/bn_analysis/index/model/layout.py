"""States of a month and constants of a series → their places among the unknowns of a model.

States of month t of one territory, side by side: log level ℓ, trend τ, slope β, seasonal γ, slow bias of first releases
b, error u of this month's first release, and revisions v of the year so far that are still to come. Constants (border):
effects of the Tết windows δ, loading of the common cycle λ, and what first-release m/m exceed by on top of b, κ.

A territory made of others has their states side by side. Its level is the sum of theirs and no unknown of its own; what
is its own are the errors of its prints: b, u, v and κ.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bn_analysis.index.model.precision.band_cholesky import Array, IntArray

STATES = 7  # ℓ, τ, β, γ, b, u, v
LEVEL, TREND, SLOPE, SEASONAL, BIAS, REVISION, VINTAGE = range(STATES)
TET_WINDOWS = ((-7, -1), (0, 6))
"""Windows of days around Tết whose effects are estimated: the week before and the week of the holiday."""
BORDER = len(TET_WINDOWS) + 2
"""Constants of a series: an effect for each Tết window, the loading λ, and κ."""

STATE_SCALES = ("level", "slope", "seasonal", "irregular", "bias", "revision", "vintage")
ERROR_SCALES = ("mom", "yoy", "ytd", "restated", "forecast")
SCALES = (*STATE_SCALES, *ERROR_SCALES)
"""Standard deviations to be learnt of each series, in logs: innovations of the states, then errors of its figures."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the unknowns of a model lie.

    Series 0 … parts−1 are the parts. What the model is about, its `whole`, is series 0 where there is one part, else
    one series more, with the states BIAS, REVISION and VINTAGE only.

    Attributes
    ----------
    parts : int
    """

    parts: int = 1

    @property
    def whole(self) -> int:
        """The series that the model is about."""
        return 0 if self.parts == 1 else self.parts

    @property
    def series(self) -> int:
        """Number of series that figures can be published for."""
        return self.whole + 1

    @property
    def stride(self) -> int:
        """Unknowns of one month."""
        return self.parts * STATES + (self.series - self.parts) * (STATES - BIAS)

    @property
    def border(self) -> int:
        """Number of constants."""
        return self.parts * BORDER + self.series - self.parts

    def column(self, month: Any, kind: int, series: int = 0) -> Any:
        """Column of a state of a month (counted from 0)."""
        return month * self.stride + series * STATES + kind - (BIAS if series == self.parts else 0)

    def levels(self, months: int) -> IntArray:
        """Columns of the log levels, shape (T, parts)."""
        return np.asarray(self.column(np.arange(months)[:, None], LEVEL) + STATES * np.arange(self.parts))

    def parts_of(self, series: int) -> range:
        """The series whose levels add up to that of a series."""
        return range(series, series + 1) if series < self.parts else range(self.parts)

    def tet(self, part: int, months: int) -> IntArray:
        """Columns of a part's Tết effects."""
        return months * self.stride + part * BORDER + np.arange(len(TET_WINDOWS))

    def loading(self, part: int, months: int) -> int:
        """Column of a part's loading λ of the common cycle."""
        return months * self.stride + part * BORDER + len(TET_WINDOWS)

    def excess(self, series: int, months: int) -> int:
        """Column of κ of a series."""
        own = BORDER - 1 if series < self.parts else 0
        return months * self.stride + series * BORDER + own

    def blocks(self, months: int, first_month: int) -> IntArray:
        """Block of each unknown that is eliminated first, −1 of the others: trends and prints of a series by year.

        Their rows reach no further than to the month before, once those of each December are kept.
        """
        kind = np.array([*range(STATES)] * self.parts + [*range(BIAS, STATES)] * (self.series - self.parts))
        group = np.cumsum(kind == BIAS) + np.cumsum(kind == TREND)  # trend and slope, or bias, revision and vintage
        year, month = np.divmod(first_month + np.arange(months)[:, None], 12)
        far = np.isin(kind, (LEVEL, SEASONAL)) | (month == 11) & np.isin(kind, (TREND, SLOPE, BIAS))
        block = np.where(far, -1, (year - year[0]) * (group[-1] + 1) + group)
        return np.concatenate([block.ravel(), np.full(self.border, -1)])

    def states(self, x: Array, kind: int) -> Array:
        """One state of every part out of state vectors (…, T·stride + border): shape (…, T, parts)."""
        months = x.shape[-1] // self.stride  # the border is shorter than a month
        by_month = x[..., : months * self.stride].reshape(*x.shape[:-1], months, self.stride)
        return by_month[..., kind : self.parts * STATES : STATES]


def scale_of(name: str, series: int = 0) -> int:
    """Place of a series' scale among all scales."""
    return series * len(SCALES) + SCALES.index(name)

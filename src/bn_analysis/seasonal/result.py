"""What an adjustment found: the components of a series, how they were found, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import pandas as pd

from bn_analysis.seasonal.tet.effect import TetEffect
from bn_analysis.seasonal.x13.specification import months_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bn_analysis.index.result import IndexEstimate
    from bn_analysis.seasonal.diagnostics import Grade
    from bn_analysis.seasonal.x13.specification import Specification

Method = Literal["x13", "seats", "stl", "structural"]
OUTLIER_COLUMNS = ("type", "period", "estimate", "standard_error", "t_value", "automatic")
FORECAST_COLUMNS = ("value", "low95", "high95", "seasonally_adjusted")
PROVISIONAL_MONTHS = 6
"""Months at the end drawn dotted: their trend will still move."""

GRADES = ("bad", "uncertain", "good")
"""Order of the grades in the summary: what needs a look stands first."""

BAND_DRAWS = 200
"""Draws behind the band that a chart shows; verdicts take those of `settings.DRAWS`."""
BAND_SEED = 20240331
"""The seed of the reports (`settings.SEED`), so that a chart is the same in every run."""
NO_OUTLIERS = pd.DataFrame(columns=list(OUTLIER_COLUMNS))
NO_FORECASTS = pd.DataFrame(columns=list(FORECAST_COLUMNS), dtype=float)
COLUMNS = ("value", "seasonally_adjusted", "trend", "seasonal", "irregular")


class Sampler(Protocol):
    """Draws of the adjusted level from whatever uncertainty the method knows."""

    def __call__(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n adjusted levels."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this method was used: a code for the report to put into words, and the facts it needs."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.code + "".join(f", {name} {value}" for name, value in self.facts.items())


@dataclass(frozen=True, slots=True, eq=False)
class SeasonalAdjustment:
    """A seasonally adjusted series.

    Attributes
    ----------
    name
        Name of the series.
    table
        Months × ``value, seasonally_adjusted, trend, seasonal, irregular, tet, calendar``. Multiplicative: value =
        seasonally_adjusted × seasonal × calendar; additive: the sum. ``calendar`` holds Tết, trading days and other
        holidays together, ``tet`` the part of Tết alone. ``value`` is NaN where the series had a gap.
    method, reason
        Method used and why.
    multiplicative
        Whether components multiply.
    tet
        Windows, their scores and effects.
    outliers
        One row per outlier: ``type, period, estimate, standard_error, t_value, automatic``.
    diagnostics
        Diagnostic → number.
    grades
        Diagnostics graded good, uncertain or bad.
    forecasts
        Months after the last × ``value, low95, high95, seasonally_adjusted``; empty if the method gives none.
    specification
        X-13 specification with everything identified; None for other methods.
    sampler
        Behind `draws`.
    estimate
        The index that was adjusted, where it was estimated from published rates.
    """

    name: str
    table: pd.DataFrame
    method: Method
    reason: Reason
    multiplicative: bool
    tet: TetEffect
    outliers: pd.DataFrame
    diagnostics: Mapping[str, float]
    grades: tuple[Grade, ...]
    forecasts: pd.DataFrame
    specification: Specification | None = field(repr=False)
    sampler: Sampler = field(repr=False)
    estimate: IndexEstimate | None = field(default=None, repr=False)

    @property
    def withheld(self) -> str:
        """Reason code where the index behind it carries no verdict, else empty."""
        return "few_figures" if self.estimate is not None and not self.estimate.enough_data else ""

    @property
    def seasonally_adjusted(self) -> pd.Series:
        """Adjusted level, shape (T,)."""
        return self.table["seasonally_adjusted"]

    @property
    def trend(self) -> pd.Series:
        """Trend-cycle, shape (T,)."""
        return self.table["trend"]

    def factors(self) -> pd.DataFrame:
        """Seasonal, calendar and Tết parts as factors on the level (1 = no effect), whether components multiply or add.

        Returns
        -------
        pandas.DataFrame, shape (T, 3)
            Columns ``seasonal, calendar, tet``.
        """
        parts = self.table[["seasonal", "calendar", "tet"]]
        if self.multiplicative:
            return parts.copy()
        adjusted = self.table["seasonally_adjusted"]
        with_season = adjusted + parts["seasonal"]
        with_calendar = with_season + parts["calendar"]
        return pd.DataFrame(
            {
                "seasonal": with_season / adjusted,
                "calendar": with_calendar / with_season,
                "tet": with_calendar / (with_calendar - parts["tet"]),
            }
        )

    def tet_effects(self) -> pd.DataFrame:
        """Effect of each Tết window on a month that holds all of it, in per cent of the level.

        Returns
        -------
        pandas.DataFrame
            Columns ``window, effect_pct, standard_error_pct, t_value``; where components add, in per cent of the mean
            level of the last three years.
        """
        found = self.tet.effects
        estimate = found["estimate"].to_numpy(dtype=float)
        size = np.exp(estimate) if self.multiplicative else 1 / float(self.table["value"].iloc[-36:].mean())
        effect = np.expm1(estimate) if self.multiplicative else estimate * size
        return pd.DataFrame(
            {
                "window": found["window"],
                "effect_pct": 100 * effect,
                "standard_error_pct": 100 * size * found["standard_error"].to_numpy(dtype=float),
                "t_value": found["t_value"],
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """Components, one row a month: ``value, seasonally_adjusted, trend, seasonal, irregular, tet, calendar``."""
        return self.table.copy()

    def draws(self, n: int, seed: int) -> pd.DataFrame:
        """Adjusted levels drawn from the uncertainty the method knows.

        Parameters
        ----------
        n : int
            Number of draws, at least 1.
        seed : int
            The same seed gives the same draws.

        Returns
        -------
        pandas.DataFrame
            Months × n. X-13: how much the adjusted past will still be revised as later months arrive. Structural: the
            posterior of the adjusted level. STL knows no uncertainty and repeats its result.
        """
        return self.sampler(n, seed)

    def grade_table(self) -> pd.DataFrame:
        """Grades as a table: ``code, value, grade, source, span, meaning_vi, meaning_en``."""
        columns = ["code", "value", "grade", "source", "span", "meaning_vi", "meaning_en"]
        return pd.DataFrame([[getattr(grade, column) for column in columns] for grade in self.grades], columns=columns)

    def to_csv_frame(self) -> pd.DataFrame:
        """What `bn-analysis adjust` writes: period, the components, and last the calendar.

        value = seasonally adjusted × seasonal × calendar (their sum where components add), month by month.
        """
        return self.to_frame()[[*COLUMNS, "calendar"]].reset_index(names="period")

    def account(self) -> str:
        """What was done, in one line: method and why, logs or levels, Tết, outliers."""
        effects = "; ".join(
            f"{row.window} {row.effect_pct:+.1f} %" for row in self.tet_effects().itertuples(index=False)
        )
        outliers = ", ".join(f"{kind.upper()} {month}" for kind, month in self.outliers[["type", "period"]].to_numpy())
        parts = (
            f"{self.name}: {self.method} ({self.reason})",
            "components multiply" if self.multiplicative else "components add",
            f"Tết {self.tet}{' (' + effects + ')' if effects else ''}",
            f"outliers {outliers or 'none'}",
        )
        return "; ".join(" ".join(part.split()) for part in parts)

    def plot(self) -> Figure:
        """Original, adjusted and trend; the last months of the trend dotted, the adjusted series with its 80 % band."""
        table = self.table
        months = months_of(table).to_timestamp()
        import matplotlib.pyplot as plt  # a quarter of what importing this room takes; most runs draw nothing

        figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
        draws = self.draws(BAND_DRAWS, BAND_SEED)
        axes.fill_between(
            months,
            draws.quantile(0.1, axis=1),
            draws.quantile(0.9, axis=1),
            alpha=0.25,
            color="C0",
            linewidth=0,
            label="80%",
        )
        axes.plot(months, table["value"], color="0.6", linewidth=0.9, label="original")
        axes.plot(months, table["seasonally_adjusted"], color="C0", linewidth=1.2, label="adjusted")
        axes.plot(months[:-PROVISIONAL_MONTHS], table["trend"].iloc[:-PROVISIONAL_MONTHS], color="C3", label="trend")
        axes.plot(
            months[-PROVISIONAL_MONTHS - 1 :], table["trend"].iloc[-PROVISIONAL_MONTHS - 1 :], color="C3", linestyle=":"
        )
        axes.set_title(f"{self.name} — {self.method}, Tết {self.tet}", parse_math=False)
        axes.legend(frameon=False, ncols=4)
        plt.close(figure)  # the notebook shows the returned figure once, not twice
        return figure

    def _repr_html_(self) -> str:
        """Method, reason, Tết windows and grades as a small table named as the attributes are; all text is escaped."""
        outliers = self.outliers
        grades = {kind: [grade.code for grade in self.grades if grade.grade == kind] for kind in GRADES}
        rows = {
            "method": self.method,
            "reason": str(self.reason),
            "multiplicative": str(self.multiplicative),
            "table": f"{self.table.index[0]} … {self.table.index[-1]}",
            "tet": str(self.tet),
            "outliers": ", ".join(outliers["type"].str.upper() + " " + outliers["period"].astype(str)) or "–",
            "grades": "; ".join(f"{kind}: {', '.join(codes)}" for kind, codes in grades.items() if codes) or "–",
        }
        body = "".join(
            f"<tr><th scope='row'>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in rows.items()
        )
        return f"<table><caption>{escape(self.name)}</caption>{body}</table>"

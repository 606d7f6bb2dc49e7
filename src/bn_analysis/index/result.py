"""A fitted model → `IndexEstimate`: the index of one series that says how sure it is and what it does not believe."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bn_analysis.index.composition import Composition
from bn_analysis.index.model.observations import Figures, parse_month
from bn_analysis.index.model.posterior import Span, component_frame, implied_rates, level_draws, loading, tet_effects
from bn_analysis.index.model.posterior_mode import Fit
from bn_analysis.index.model.state_space import Model
from bn_analysis.index.model.suspects import reading_odds


@dataclass(frozen=True, slots=True, eq=False)
class IndexEstimate:
    """Index of one territory, industry and indicator estimated from published rates.

    Attributes
    ----------
    territory, industry, indicator : str
        What the series is.
    vintage : str
        Day of the newest figure used, YYYY-MM-DD.
    base : str
        Period whose mean is 100: a year, a month, or "YYYY-MM…YYYY-MM".
    n_figures : int
        Figures that entered; a coarser repeat of a finer print does not count.
    borrowed_from : str or None
        Territory and industry whose seasonal pattern, Tết effects, error scales and adjusted growth served as prior.
    enough_data : bool
        Whether the series carries a verdict.
    reason : str
        Why not, empty otherwise.
    frame : pandas.DataFrame
        Columns index, low80, high80, status, low50, high50, low95, high95, extrapolated, by month.
    suspects : pandas.DataFrame
        Figures that the others contradict, least trusted first.
    bias : pandas.Series
        By how much first-release m/m exceed the change of the level, per cent a month, by month.
    hyperparameters : dict of str to float
        Learnt standard deviations in logs, by name.
    figures, model, fit, span, base_rows
        What draws and implied rates are computed from.
    known : pandas.DataFrame or None
        All published rates that were at hand, where whoever made the estimate kept them: to go back in knowledge.
    cut_before : str
        Month (YYYY-MM) before which figures are not used, because a stretch too long to bridge lies there; "" if none.
    made_of : Composition or None
        The parts of a territory made of others (`bn_analysis.index.combine`), their weights and contributions.
    """

    territory: str
    industry: str
    indicator: str
    vintage: str
    base: str
    n_figures: int
    borrowed_from: str | None
    enough_data: bool
    reason: str
    frame: pd.DataFrame
    suspects: pd.DataFrame
    bias: pd.Series
    hyperparameters: dict[str, float]
    figures: Figures
    model: Model
    fit: Fit
    span: Span
    base_rows: slice
    known: pd.DataFrame | None = None
    cut_before: str = ""
    made_of: Composition | None = None

    @property
    def name(self) -> str:
        """Territory and industry."""
        return self.figures.name

    def to_frame(self) -> pd.DataFrame:
        """Index, bands and status by month (PeriodIndex)."""
        return self.frame.copy()

    def draws(self, n: int, seed: int) -> pd.DataFrame:
        """Months × n draws of the index from its posterior; the same seed gives the same draws."""
        return level_draws(self.model, self.fit, self.span, self.base_rows, n, seed, adjusted=False)

    def adjusted_draws(self, n: int, seed: int) -> pd.DataFrame:
        """The same draws with their seasonal and Tết parts removed (structural seasonal adjustment)."""
        return level_draws(self.model, self.fit, self.span, self.base_rows, n, seed, adjusted=True)

    def components(self) -> pd.DataFrame:
        """Posterior mean of the parts: index = trend · seasonal · tet · irregular, by month.

        ``index``, ``seasonally_adjusted`` and ``trend`` are index levels, the other parts are factors.
        """
        return component_frame(self.model, self.fit, self.span, self.base_rows)

    def tet_effects(self) -> pd.DataFrame:
        """Effect of each Tết window, in logs, with its error: columns estimate, standard_error, t_value.

        The index holds the first and last day of the window, counted from Tết.
        """
        return tet_effects(self.model, self.fit)

    def loading(self) -> tuple[float, float] | None:
        """How much of the growth of `borrowed_from` the series shares, with its standard error; None where none is."""
        return None if self.borrowed_from is None else loading(self.model, self.fit)

    @property
    def only_measure(self) -> str | None:
        """The one kind of comparison that all figures are; None where there are several to check one another."""
        kinds = self.figures.table["measure"].unique()
        return str(kinds[0]) if len(kinds) == 1 else None

    def implied(self, measure: str) -> pd.DataFrame:
        """Rate that the levels imply, in per cent, by month: columns value_pct, low80, high80.

        NaN where the year before is not modelled. `measure` is mom, yoy, ytd or quarter_yoy.
        """
        return implied_rates(self.model, self.fit, self.span, measure)

    def which_base(self, value_pct: float, period: str | pd.Period) -> pd.Series:
        """Probability that a printed change of unstated base is m/m, y/y or year-to-date, by measure.

        Parameters
        ----------
        value_pct : float
            The printed change in per cent; it must not itself be among the figures of the estimate.
        period : str or pandas.Period
            Its month, YYYY-MM.

        Raises
        ------
        InputError
            A value of −100 % or less, or a month that is not modelled.
        """
        odds = reading_odds(self.model, self.fit, value_pct, parse_month(period, "period").ordinal)
        return pd.Series(odds, name=f"which base has {value_pct:g} % in {period}")

    def plot(self, ax: Any = None) -> Any:
        """Index with its 80 % band, months that no figure observes drawn hollow; returns the matplotlib axes."""
        import matplotlib.pyplot as plt

        axes = plt.subplots(figsize=(8, 3.5))[1] if ax is None else ax
        time = pd.PeriodIndex(self.frame.index).to_timestamp()
        axes.fill_between(time, self.frame["low80"], self.frame["high80"], alpha=0.25, linewidth=0)
        (line,) = axes.plot(time, self.frame["index"], linewidth=1.2)
        hollow = (self.frame["status"] != "observed").to_numpy()
        axes.plot(time[hollow], self.frame["index"][hollow], "o", markersize=3, mfc="white", mec=line.get_color())
        axes.set_ylabel(f"{self.base} = 100")
        axes.set_title(f"{self.name}, vintage {self.vintage}", loc="left", fontsize=9, parse_math=False)
        return axes

    def _repr_html_(self) -> str:
        counts = self.frame["status"].value_counts()
        status = ", ".join(f"{counts.get(code, 0)} {code}" for code in ("observed", "bracketed", "interpolated"))
        only = f" (only {self.only_measure})" if self.only_measure else ""
        # Named as the attributes are: what is read here can be typed in the next cell, whatever one's language.
        facts = {
            "name": self.name, "indicator": self.indicator,
            "frame": f"{self.frame.index[0]} … {self.frame.index[-1]} ({status})", "base": f"{self.base} = 100",
            "n_figures": f"{self.n_figures}{only}", "vintage": self.vintage, "suspects": str(len(self.suspects)),
            "borrowed_from": self.borrowed_from or "–", "enough_data": f"{self.enough_data} {self.reason}".strip(),
        }  # fmt: skip
        rows = pd.Series(facts).to_frame().to_html(header=False, escape=True)
        return rows + self.frame.tail(12).to_html(float_format=lambda value: f"{value:.1f}", escape=True)

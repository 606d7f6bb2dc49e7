"""The public face: what `import bn_analysis as bn` offers, with progress shown on whatever takes long."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
from rich.console import Console

from bn_analysis.cleaning import rates as _rates
from bn_analysis.cleaning.language.classification import PRESENT
from bn_analysis.cycle import Bottoming
from bn_analysis.cycle import turning_points as _turning_points
from bn_analysis.errors import InputError
from bn_analysis.index import IndexEstimate
from bn_analysis.seasonal import Book, SeasonalAdjustment
from bn_analysis.settings import Settings
from bn_analysis.study import steps
from bn_analysis.study.knowledge import all_rates, reviewed
from bn_analysis.study.study import Study
from bn_analysis.study.study import open_study as _open_study

as_of = _rates.as_of
turning_points = _turning_points


def read_rates(raw: Path | None = None) -> pd.DataFrame:
    """Every published rate: of the project around the working folder, or of another folder of raw files."""
    with _progress("reading and checking the published rates"):
        return all_rates(Settings()).copy() if raw is None else _rates.read_rates(raw)


def estimate_index(rates: pd.DataFrame, territory: str = PRESENT) -> IndexEstimate:
    """The index of a territory from published rates; whatever it borrows it finds among the same rates.

    Parameters
    ----------
    rates : pandas.DataFrame
        From `read_rates` or `as_of`.
    territory : str
        Code such as BNM or VN; one made of others is estimated jointly with them.

    Raises
    ------
    InputError
        No rate of the territory, or rates that determine no index.
    """
    with _progress(f"estimating the index of {territory}"):
        return steps.estimate_index(rates, territory)


def adjust(index: IndexEstimate | pd.Series) -> SeasonalAdjustment:
    """An index, or a monthly series of levels, without season and Tết; more choices: `bn_analysis.seasonal.adjust`."""
    with _progress("taking out season and Tết"):
        return steps.adjust(index, _book())


def bottoming(adjusted: SeasonalAdjustment | pd.Series, at: str | pd.Period | None = None) -> Bottoming:
    """Whether the trough of the latest fall has passed by a month (the last one by default), and how surely."""
    with _progress("drawing and dating paths"):
        return steps.bottoming(adjusted, at, _book())


def _book() -> Book | None:
    """The project's reviewed specifications, by which its reports adjust; none outside a project."""
    with suppress(InputError):
        return reviewed(Settings())
    return None


def which_base(value_pct: float, territory: str, period: str) -> pd.Series:
    """Probability that a printed change whose base is not stated is m/m, y/y or year-to-date, by measure.

    Parameters
    ----------
    value_pct : float
        Per cent; not itself among the figures of the territory.
    territory : str
    period : str
        Its month, YYYY-MM.
    """
    return open_study(territory).estimate.which_base(value_pct, period)


def open_study(territory: str = PRESENT, period: str = "latest", as_of: str = "") -> Study:
    """All that stands behind the report of a territory and month; see `bn_analysis.study.study.open_study`."""
    with _progress(f"opening the study of {territory}"):
        return _open_study(territory, period, as_of)


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """A line with a moving mark while something takes long; nothing where nobody watches."""
    console = Console(stderr=True)
    if console.is_terminal or console.is_jupyter:
        with console.status(what):
            yield
    else:
        yield

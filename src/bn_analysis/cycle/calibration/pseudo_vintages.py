"""Turns a raw monthly series into the vintages that adjusting it month by month would have published."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from bn_analysis.cycle.replay.vintages import read_vintages
from bn_analysis.errors import InputError
from bn_analysis.seasonal.x13.run import X13RefusedError, run
from bn_analysis.seasonal.x13.specification import Specification

# The first vintage ends after six years, the shortest span on which X-13's filters are all symmetric somewhere.
FIRST_MONTHS = 72
# One specification for every country and month: nothing about the future may choose it.
SPECIFICATION = Specification(
    transform="log",
    variables=("td", "easter[8]"),
    aictest=(),
    arima="(0 1 1)(0 1 1)",
    outliers=("ao", "ls"),
)


def read_panel(path: Path) -> pd.DataFrame:
    """Read a panel of raw series: first column `date` (YYYY-MM), one column a country, NA where there is no figure.

    Raises
    ------
    InputError
        Not such a file.
    """
    try:
        panel = pd.read_csv(path, dtype={0: str})
        panel.index = pd.PeriodIndex(panel.pop("date"), freq="M")
        return panel.astype(float)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path}: expected a column date (YYYY-MM) and a column of numbers a country ({error})"
        ) from error


def pseudo_vintages(series: pd.Series) -> pd.DataFrame:
    """Adjust a raw series by X-13 at the end of every month from FIRST_MONTHS on.

    Parameters
    ----------
    series : Series
        Raw positive levels without holes, monthly PeriodIndex.

    Returns
    -------
    DataFrame
        As `read_vintages` gives it; a month is published the month after. Months X-13 refuses have no vintage.
    """
    columns = {}
    for stop in range(FIRST_MONTHS, len(series) + 1):
        known = series.iloc[:stop]
        try:
            columns[known.index[-1] + 1] = run(SPECIFICATION, known).table("d11")
        except X13RefusedError:
            continue
    table = pd.DataFrame(columns)
    table.columns = pd.PeriodIndex(table.columns, freq="M", name="vintage")
    return table.rename_axis(index="period")


def panel_vintages(panel: pd.DataFrame, folder: Path, jobs: int) -> dict[str, pd.DataFrame]:
    """Vintages of every country, kept in `folder` as files of `bn-analysis replay`; missing ones are made.

    A file's name holds a hash of the series it was made from: another panel finds none of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    series = {str(country): panel[country].dropna() for country in panel.columns}
    files = {
        country: folder / f"{country}-{sha256(values.to_csv().encode()).hexdigest()[:8]}.csv"
        for country, values in series.items()
    }
    missing = [country for country, file in files.items() if not file.exists()]
    Parallel(n_jobs=jobs)(delayed(_keep)(series[country], files[country]) for country in missing)
    return {country: read_vintages(file) for country, file in files.items()}


def _keep(series: pd.Series, path: Path) -> None:
    part = path.with_suffix(".part")
    pseudo_vintages(series).to_csv(part, float_format="%.8g")
    part.replace(path)

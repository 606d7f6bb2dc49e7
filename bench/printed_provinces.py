"""A panel of countries of known history → what would be printed of them as a province, as sparsely and roughly as is.

A country stands for a province, the mean of its half of the panel for the country that the province lies in. The cells
(month, comparison, digits, release, day) are those really printed of Bắc Ninh, Bắc Giang, the province they became and
Viet Nam; only the values are those of the panel, with errors as large as the national releases show. Panel years are
moved by whole years to Vietnamese ones, so that days of release, borders and what was known of the merger hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np
import pandas as pd

from bn_analysis.cleaning.rates import select
from bn_analysis.cycle.calibration.pseudo_vintages import SPECIFICATION, read_panel
from bn_analysis.cycle.turning_points import TurningPoints, turning_points
from bn_analysis.index.territory import merger_weights
from bn_analysis.seasonal.x13.run import run

Pattern = Literal["BN", "BG", "BNM", "holes", "complete"]
PANEL = Path(__file__).resolve().parents[1] / "tests" / "reference" / "eu_ipi_c_nsa.csv"
PARTS, WHOLE, COUNTRY = ("BN", "BG"), "BNM", "VN"
ANCHOR = 2025
"""Vietnamese year onto which the year of a window is moved."""
HIDDEN = 0.6
"""Part of the figures that the pattern `holes` lacks."""
FIRST_COMPLETE = "2018-06"
"""First month of the patterns `complete` and `holes`: five years before the first month judged."""
TAILS = 4.0
"""Degrees of freedom of the errors of prints."""
FIRST_BIAS = 0.003
MISPRINTS = 0.02
MISPRINT = (0.1, 0.4)
"""A misprint lies this far off, in logs, where it is not the sign that was lost."""
MERGER_SD = 0.35
"""How far, in logs, the true size of one part beside the other lies from what output says."""
KNOWN_WEIGHT_ON = "2025-07-01"


@dataclass(frozen=True, slots=True)
class Half:
    """One half of the panel.

    Attributes
    ----------
    raw : DataFrame
        Log levels by month, one column a country.
    dates : dict of str to TurningPoints
        True turns of each country: Bry–Boschan on the whole series adjusted by X-13.
    """

    raw: pd.DataFrame
    dates: dict[str, TurningPoints]

    def mean(self) -> pd.Series:
        """Log level of the mean of the half, of the countries there in each month."""
        return self.raw.diff().mean(axis=1).fillna(0.0).cumsum()


@dataclass(frozen=True, slots=True)
class Province:
    """What is printed of one province in one window.

    Attributes
    ----------
    name, code : str
        Country or pair of countries, and the territory whose figures it bears.
    pattern : Pattern
    rates : DataFrame
        Published rates of it and of what it was made of.
    dates : TurningPoints
        True turns, in panel time.
    """

    name: str
    code: str
    pattern: Pattern
    rates: pd.DataFrame
    dates: TurningPoints


def read_half(held_out: bool, countries: int | None = None) -> Half:
    """The fitting half or the held-out half of the panel, split as `bn_analysis.cycle.calibration.fit` splits it."""
    panel = read_panel(PANEL)
    cut = (panel.shape[1] + 1) // 2
    part = (panel.iloc[:, cut:] if held_out else panel.iloc[:, :cut]).iloc[:, :countries]
    return Half(np.log(part), {str(name): true_dates(part[name].dropna()) for name in part.columns})


def true_dates(levels: pd.Series) -> TurningPoints:
    """Bry–Boschan dates of a whole raw series adjusted by X-13."""
    return turning_points(run(SPECIFICATION, levels).table("d11"))


def shift_of(year: int) -> int:
    """Months by which a window of panel `year` is moved."""
    return 12 * (ANCHOR - year)


def moved(series: pd.Series, year: int) -> pd.Series:
    """A series without its empty months, moved so that `year` becomes `ANCHOR`."""
    known = series.dropna()
    return known.set_axis(pd.PeriodIndex(known.index) + shift_of(year))


def provinces(
    half: Half, year: int, pattern: Pattern, rates: pd.DataFrame, scale: dict[str, float], seed: int
) -> Iterator[Province]:
    """Every country of a half as a province of a pattern; every pair of neighbours for the merged one."""
    names = list(half.raw.columns)
    if pattern == WHOLE:
        for one, other in zip(names, [*names[1:], names[0]], strict=True):
            merged = _merged(half.raw[one], half.raw[other], f"{one}+{other}", year, rates, scale, seed)
            if merged is not None:
                yield merged
        return
    for name in names:
        cells = _cells(rates, pattern, generator(name, year, pattern, "holes", seed))
        table = printed(generator(name, year, pattern, seed), moved(half.raw[name], year), cells, scale)
        yield Province(name, "BG" if pattern == "BG" else "BN", pattern, table, half.dates[name])


def country(half: Half, year: int, rates: pd.DataFrame, scale: dict[str, float], seed: int) -> pd.DataFrame:
    """What is printed of the country around the provinces: the mean of the half, as completely as Viet Nam."""
    return printed(generator(COUNTRY, year, seed), moved(half.mean(), year), select(rates, COUNTRY), scale)


def _cells(rates: pd.DataFrame, pattern: Pattern, rng: np.random.Generator) -> pd.DataFrame:
    if pattern in PARTS:
        return select(rates, pattern)
    table = select(rates, COUNTRY)
    table = table[table["period"] >= FIRST_COMPLETE].assign(territory=PARTS[0])
    return table[rng.random(len(table)) >= HIDDEN] if pattern == "holes" else table


def _merged(
    one: pd.Series, other: pd.Series, name: str, year: int, rates: pd.DataFrame, scale: dict[str, float], seed: int
) -> Province | None:
    """Two countries merged as Bắc Ninh and Bắc Giang were; None where one of them does not reach the year before."""
    rng = generator(name, year, WHOLE, seed)
    both = pd.concat([one, other], axis=1, keys=PARTS).dropna()
    before = both[both.index.year == year - 1]
    told = merger_weights(WHOLE, KNOWN_WEIGHT_ON)
    assert told is not None
    ratio = np.log(told["BN"] / told["BG"]) + MERGER_SD * rng.standard_normal()
    if len(before) < 12:
        return None
    sizes = np.log(np.exp(before).sum())
    both["BN"] += ratio - (sizes["BN"] - sizes["BG"])
    whole = pd.Series(np.logaddexp(both["BN"], both["BG"]), both.index)
    levels = {"BN": both["BN"], "BG": both["BG"], WHOLE: whole}
    tables = [printed(rng, moved(level, year), select(rates, code), scale) for code, level in levels.items()]
    return Province(name, WHOLE, WHOLE, pd.concat(tables), true_dates(np.exp(whole)))


def generator(*names: object) -> np.random.Generator:
    """A generator of its own for whatever is named."""
    return np.random.default_rng(crc32("|".join(map(str, names)).encode()))


def printed(rng: np.random.Generator, level: pd.Series, cells: pd.DataFrame, scale: dict[str, float]) -> pd.DataFrame:
    """The cells that can be printed of a log level, with their values.

    First prints rest on an unrevised newest month; what is still to be revised of a year shrinks as it goes by; prints
    of one cell and release are the same figure but for their digits; one in fifty is wrong.

    Parameters
    ----------
    rng : Generator
    level : Series
        Log level without holes, monthly.
    cells : DataFrame
        Rows of a table of published rates of one territory; values are replaced.
    scale : dict of str to float
        Size of the errors by class, as the national releases show (`IndexEstimate.hyperparameters`).
    """
    months, true = pd.PeriodIndex(level.index), level.to_numpy()
    first = true + FIRST_BIAS + scale["revision"] * rng.standard_t(TAILS, len(true))
    steps = scale["vintage"] * rng.standard_normal(len(true) + 12)
    to_come = np.array([steps[t : t + 12 - month].sum() for t, month in enumerate(months.month)])
    errors: dict[tuple[str, str, str], float] = {}
    kept, values = [], []
    for row, cell in enumerate(cells.itertuples()):
        month = pd.Period(cell.period, freq="M")
        t = (month - months[0]).n
        length = {"mom": 1, "yoy": 1, "quarter_yoy": 3}.get(cell.measure, month.month)
        back = 1 if cell.measure == "mom" else 12
        kind = {"quarter_yoy": "ytd"}.get(cell.measure, cell.measure) if cell.release == "first" else cell.release
        key = (cell.period, cell.measure, cell.release)
        errors.setdefault(key, scale[kind] * rng.standard_t(TAILS))
        wrong, lost_sign, off = rng.random() < MISPRINTS, rng.random() < 0.5, rng.uniform(*MISPRINT)
        if t >= len(true) or t - length + 1 - back < 0:
            continue
        known = true[: t + 1].copy()
        if cell.release == "first":
            known[t] = first[t]
        now, before = known[t - length + 1 :], known[t - length + 1 - back : t + 1 - back]
        change = np.log(np.exp(now).sum() / np.exp(before).sum()) + errors[key]
        if cell.measure != "mom" and cell.release != "forecast":
            change += to_come[t]
        if wrong:
            change = -change if lost_sign else change + off * (1 if change < 0 else -1)
        kept.append(row)
        values.append(round(100.0 * float(np.expm1(change)), int(cell.decimals)))
    table = cells.iloc[kept].copy()
    table["value_pct"] = values
    table["source"] = [f"simulated {cells.iloc[row]['territory']} {row}" for row in kept]
    return table

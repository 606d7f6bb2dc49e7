"""A territory's code → the way its index is estimated: from its own rates, or from those of what it was made of."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from bn_analysis.cleaning.language.classification import TOTAL, territory
from bn_analysis.cleaning.rates import select, vintage
from bn_analysis.index.combine import combine
from bn_analysis.index.estimate import estimate
from bn_analysis.index.result import IndexEstimate

REFERENCE = "VN"
"""The well-observed series from which a sparse territory borrows what it cannot learn."""


def estimate_territory(
    rates: pd.DataFrame,
    code: str,
    *,
    prior_from: IndexEstimate | None = None,
    base: str | int | None = None,
    end: str | pd.Period | None = None,
) -> IndexEstimate:
    """The index of the total industry of a territory; parts and reference are found by themselves.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table of published rates of all territories.
    code : str
        Territory, as in ``territories.csv``: one with `parts` there is estimated jointly with them.
    prior_from : IndexEstimate, optional
        The estimate of `REFERENCE` where it is already at hand.
    base, end
        As in `estimate`.

    Returns
    -------
    IndexEstimate

    Raises
    ------
    InputError
        An unknown territory, or figures that do not carry an index.
    """
    place = territory(code)
    if code == REFERENCE:
        return estimate(select(rates, code), base=base, end=end)
    reference = _reference(rates) if prior_from is None else prior_from
    if not place.parts:
        return estimate(select(rates, code), prior_from=reference, base=base, end=end)
    parts = {part: territory(part).valid_to for part in place.parts}
    total = rates[(rates["industry"] == TOTAL) & (rates["indicator"] == "iip")]
    mine = total[total["territory"].isin([code, *parts])]
    weights = merger_weights(code, vintage(mine))
    return combine(total, parts, code, weights, prior_from=reference, base=base, end=end)


def _reference(rates: pd.DataFrame) -> IndexEstimate | None:
    country = select(rates, REFERENCE)
    return None if country.empty else estimate(country)


def merger_weights(code: str, day: str) -> dict[str, float] | None:
    """Share of each part as output and value added known on a day give it; None where none was published.

    Bases differ and none is the weight of an index: their mean in logs is taken, its width is `combine.WEIGHT_SD`.
    """
    parts = territory(code).parts
    known = [row for row in _evidence() if row["whole"] == code and row["release_date"] <= day]
    amounts: dict[str, dict[str, float]] = {}
    for row in known:
        amounts.setdefault(row["basis"], {})[row["part"]] = float(row["value"])
    complete = [amount for amount in amounts.values() if set(amount) == set(parts)]
    if not complete:
        return None
    size = {part: np.exp(np.mean([np.log(amount[part] / amount[parts[0]]) for amount in complete])) for part in parts}
    return {part: float(value / sum(size.values())) for part, value in size.items()}


@cache
def _evidence() -> list[dict[str, str]]:
    text = files("bn_analysis.cleaning").joinpath("data", "merger_weights.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))

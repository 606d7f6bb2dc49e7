"""A territory's code → the way its index is estimated: from its own rates, or from those of what it was made of."""

import csv
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from bn_analysis.cleaning.language.classification import COUNTRY, TOTAL, territory
from bn_analysis.cleaning.rates import select, vintage
from bn_analysis.errors import InputError
from bn_analysis.index.combine import combine
from bn_analysis.index.estimate import estimate
from bn_analysis.index.model.observations import covered_from
from bn_analysis.index.result import IndexEstimate


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
        The estimate of the country, from which a sparse territory borrows, where it is already at hand.
    base, end
        As in `estimate`.

    Returns
    -------
    IndexEstimate

    Raises
    ------
    InputError
        An unknown or unpublished territory, or figures that do not carry an index.
    """
    place = territory(code)
    if select(rates, code).empty:
        raise InputError(f"territory {code!r}: no published rate of its total index in this table")
    if code == COUNTRY:
        return estimate(select(rates, code), base=base, end=end)
    reference = _reference(rates) if prior_from is None else prior_from
    if not place.parts:
        own = select(rates, code)
        start = covered_from(own)
        kept = own[own["period"] >= str(start)]
        found = estimate(kept, prior_from=reference, base=base, end=end)
        return found if len(kept) == len(own) else replace(found, cut_before=str(start))
    parts = {part: territory(part).valid_to for part in place.parts}
    total = rates[(rates["industry"] == TOTAL) & (rates["indicator"] == "iip")]
    mine = total[total["territory"].isin([code, *parts])]
    weights = merger_weights(code, vintage(mine))
    return combine(total, parts, code, weights, prior_from=reference, base=base, end=end)


def _reference(rates: pd.DataFrame) -> IndexEstimate | None:
    country = select(rates, COUNTRY)
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

"""Published rates of a territory and of those it was made from → one joint `IndexEstimate` of the whole.

The level of the whole is the sum of its parts' levels, so that a printed rate of the whole is the log of a ratio of
sums over months and parts. How large one part is beside the other is unknown: output and value added give a prior, the
whole's own rates the evidence. Before the merger the parts' figures carry the whole, which was never printed; after it
the whole's own do, and how it splits is known only as far as the parts' past and the prior reach.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from bn_analysis.errors import InputError
from bn_analysis.index.composition import compose
from bn_analysis.index.model.observations import Figures, covered_from, months_back, parse_month, read_figures
from bn_analysis.index.model.state_space import Share
from bn_analysis.index.result import IndexEstimate
from bn_analysis.index.solve import last_month, solve

WEIGHT_SD = 0.35
"""Standard deviation, in logs, of one part's size beside another as output and value added give it: the two are 0.42
apart for Bắc Ninh and Bắc Giang in 2024, and neither is the weight of an index. An even split then means 39 to 61 %."""
NOTHING_KNOWN = 1.5
"""The same where nothing was published: each of two equal parts has between 13 and 87 % (80 %)."""
LONGEST_SILENCE = 24
"""Months before the merger in which a part must have been printed; without any its last level is not known."""


@threadpool_limits.wrap(limits=1, user_api="blas")
def combine(
    rates: pd.DataFrame,
    parts: Mapping[str, str | None],
    whole: str,
    weights: Mapping[str, float] | None = None,
    *,
    weight_sd: float = WEIGHT_SD,
    industry: str = "TOTAL",
    indicator: str = "iip",
    prior_from: IndexEstimate | None = None,
    base: str | int | None = None,
    end: str | pd.Period | None = None,
) -> IndexEstimate:
    """Estimate the index of a territory made of others from their rates and its own.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table of published rates; those of the parts and of the whole are taken from it.
    parts : mapping of str to str or None
        Code of each part, two or more, and the last month (YYYY-MM) of its borders; None where they still stand.
    whole : str
        Code of the territory that they make up.
    weights : mapping of str to float, optional
        Share of each part in the whole's production in the calendar year before the merger, as output or value added
        give it: a prior, between 0 and 1, sum 1. Without it the parts may be of any size.
    weight_sd : float
        How far, in logs, the true ratio of two parts may lie from that of `weights`.
    industry, indicator : str
        Which series of the territories.
    prior_from : IndexEstimate, optional
        Reference from which seasonal pattern, Tết effects, error scales and the first-print correction are borrowed.
    base, end
        As in `estimate`; the default base is the calendar year of the weights where it is covered.

    Returns
    -------
    IndexEstimate
        Of the whole; ``made_of`` gives the weights with their bands, the parts' own indices and their contributions.

    Raises
    ------
    InputError
        A weight outside 0…1, a part without figures or without any for two years before the merger, figures of a part
        after its borders ended or of the whole before that, or parts that do not reach back to what the whole's rates
        refer to.

    References
    ----------
    Laspeyres aggregation: UN International Recommendations for the Index of Industrial Production 2010, ch. 5.
    """
    ends = _checked_ends(parts, whole)
    prior = _checked_weights(weights, list(ends))
    chosen = rates[(rates["industry"] == industry) & (rates["indicator"] == indicator)]
    own = chosen[chosen["territory"] == whole]
    halves = {code: _until(chosen[chosen["territory"] == code], code, last) for code, last in ends.items()}
    _check_whole(own, whole, ends)
    year = _weight_year(chosen, ends)
    start = _common_start(halves, year, whole)
    cut = any((rows["period"] < str(start)).any() for rows in halves.values())
    figures = _joined({code: rows[rows["period"] >= str(start)] for code, rows in halves.items()}, whole, own)
    last = last_month(figures, end)
    january = pd.Period(year=year, month=1, freq="M").ordinal - figures.earliest
    within = slice(january, january + 12)
    first, *others = ends
    ratio = [float(np.log(prior[code] / prior[first])) if prior else 0.0 for code in others]
    sd = weight_sd if prior else NOTHING_KNOWN
    shares = [Share(i, within, log_ratio, sd) for i, log_ratio in enumerate(ratio, start=1)]
    if base is None and start.ordinal <= figures.earliest + january:
        base = year
    found = solve(figures, prior_from, base, last, list(ends), shares)
    names = {code: None if month is None else str(month) for code, month in ends.items()}
    made_of = compose(found.model, found.fit, found.span, names, year, prior)
    return replace(found, made_of=made_of, cut_before=str(start) if cut else "")


def _checked_ends(parts: Mapping[str, str | None], whole: str) -> dict[str, pd.Period | None]:
    if len(parts) < 2 or whole in parts:
        raise InputError(
            f"parts: found {', '.join(parts) or 'none'} of {whole}; expected two or more other territories"
        )
    return {
        code: None if last is None else parse_month(last, f"last month of the borders of {code}")
        for code, last in parts.items()
    }


def _checked_weights(weights: Mapping[str, float] | None, parts: list[str]) -> dict[str, float] | None:
    if weights is None:
        return None
    if sorted(weights) != sorted(parts):
        raise InputError(f"weights: found {', '.join(weights)}; expected one of each of {', '.join(parts)}")
    share = {code: float(weights[code]) for code in parts}
    for code, value in share.items():
        if not 0.0 < value < 1.0:
            raise InputError(
                f"tỷ trọng của {code} phải nằm giữa 0 và 1 | weight of {code}: found {value:g}, expected 0…1"
            )
    if abs(sum(share.values()) - 1.0) > 0.005:
        raise InputError(f"weights: found a sum of {sum(share.values()):g}, expected 1")
    return share


def _until(rows: pd.DataFrame, code: str, last: pd.Period | None) -> pd.DataFrame:
    """A part's figures, none of them later than its borders, the last of them near enough to their end."""
    if rows.empty:
        raise InputError(f"không có số liệu nào của {code} | {code}: found no figure; expected the rates of every part")
    if last is None:
        return rows
    late = rows[rows["period"] > str(last)]
    if len(late):
        raise InputError(
            f"{code}: số liệu {late['period'].iloc[0]} sau khi địa giới kết thúc {last} | {code}: found a figure of "
            f"{late['period'].iloc[0]}, expected none after its borders ended with {last}: book it under the whole"
        )
    newest = pd.Period(rows["period"].max(), freq="M")
    silent = (last - newest).n
    if silent >= LONGEST_SILENCE:
        raise InputError(
            f"{code}: không có số liệu từ {newest + 1} đến {last} | {code}: no figure from {newest + 1} to {last} "
            f"({silent} months); expected one within {LONGEST_SILENCE} months before the merger"
        )
    return rows


def _check_whole(own: pd.DataFrame, whole: str, ends: Mapping[str, pd.Period | None]) -> None:
    ended = [month for month in ends.values() if month is not None]
    early = own[own["period"] <= str(max(ended))] if ended else own[:0]
    if len(early):
        raise InputError(
            f"{whole}: số liệu {early['period'].iloc[0]} trước khi sáp nhập | {whole}: found a figure of "
            f"{early['period'].iloc[0]}, expected none before its parts ended with {max(ended)}"
        )


def _weight_year(chosen: pd.DataFrame, ends: Mapping[str, pd.Period | None]) -> int:
    """The calendar year before the merger (or before that of the last figure, where the parts still stand)."""
    ended = [month for month in ends.values() if month is not None]
    merged = min(ended) + 1 if ended else pd.Period(chosen["period"].max(), freq="M")
    return int(merged.year) - 1


def _common_start(halves: Mapping[str, pd.DataFrame], year: int, whole: str) -> pd.Period:
    """First month from which every part is printed without a stretch too long to bridge."""
    starts = {}
    needed = pd.Period(year=year, month=1, freq="M")
    for code, rows in halves.items():
        starts[code] = covered_from(rows)
        kept = rows[rows["period"] >= str(starts[code])]
        months = np.array([pd.Period(period, freq="M").ordinal for period in kept["period"]])
        known = pd.Period(ordinal=int((months - months_back(months, list(kept["measure"]))).min()), freq="M")
        if known > needed:
            raise InputError(
                f"{code}: quá khứ chỉ có từ {known} | {code}: its figures reach back to {known}; expected {needed} or "
                f"earlier, the year on which the rates of {whole} rest"
            )
    return max(starts.values())


def _joined(halves: Mapping[str, pd.DataFrame], whole: str, own: pd.DataFrame) -> Figures:
    """Figures of the parts and the whole, each marked with its series."""
    tables = [*halves.values(), own] if len(own) else list(halves.values())
    read = [read_figures(rows) for rows in tables]
    series = [np.full(len(figures.table), i, dtype=np.int64) for i, figures in enumerate(read)]
    dated = [figures.vintage for figures in read if figures.vintage != "undated"]
    return Figures(
        territory=whole,
        industry=read[0].industry,
        indicator=read[0].indicator,
        vintage=max(dated, default="undated"),
        table=pd.concat([figures.table for figures in read], ignore_index=True),
        month=np.concatenate([figures.month for figures in read]),
        log_change=np.concatenate([figures.log_change for figures in read]),
        rounding_sd=np.concatenate([figures.rounding_sd for figures in read]),
        series=np.concatenate(series),
    )

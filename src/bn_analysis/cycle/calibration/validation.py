"""Turns vintages of countries that nothing was fitted on into the scores of the verdict beside the second opinions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from joblib import Parallel, delayed

from bn_analysis.cycle.calibration.benchmark_methods import second_replay
from bn_analysis.cycle.replay.replay import replay
from bn_analysis.cycle.replay.scores import Score, reliability, score

# At fewer cases a tenth of the reliability table says little.
ENOUGH_CASES = 200


def prove(vintages: Mapping[str, pd.DataFrame], seed: int, jobs: int) -> str:
    """Scores over all countries, as text: the verdict beside each second opinion, and its reliability.

    Truth is the Bry–Boschan dating of each country's last vintage.
    """
    methods: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "verdict": lambda table: replay(table, seed=seed),
        "markov_filtered": lambda table: second_replay(table, "markov_filtered"),
        "three_months": lambda table: second_replay(table, "three_months"),
        "yoy_sign": lambda table: second_replay(table, "yoy_sign"),
    }
    scores = {name: _scores(vintages, method, jobs) for name, method in methods.items()}
    board = pd.DataFrame({name: summary(each) for name, each in scores.items()}).T
    bins = reliability(pd.concat([each.cases for each in scores["verdict"]]))
    bins["within_0.05"] = (bins["probability"] - bins["share"]).abs().le(0.05).where(bins["cases"] >= ENOUGH_CASES)
    return f"{len(vintages)} countries\n{board.round(3).to_string()}\n\n{bins.round(3).to_string(index=False)}"


def summary(scores: list[Score]) -> dict[str, float]:
    """Figures over several replays: Brier score and its base, delays, date errors, misses, false calls a decade."""
    cases = pd.concat([each.cases for each in scores])
    troughs = pd.concat([each.troughs for each in scores])
    share = cases["rising"].mean()
    decades = sum(each.years for each in scores) / 10
    return {
        "cases": len(cases),
        "brier": ((cases["probability"] - cases["rising"]) ** 2).mean(),
        "base": share * (1 - share),
        "troughs": len(troughs),
        "missed": troughs["called"].isna().sum(),
        "fall_unseen": (~troughs["seen"].astype(bool)).sum(),
        "mean_delay": troughs["delay"].mean(),
        "median_delay": troughs["delay"].median(),
        "mean_abs_date_error": troughs["date_error"].abs().mean(),
        "false_calls_per_decade": sum(len(each.false_calls) for each in scores) / decades,
    }


def _scores(
    vintages: Mapping[str, pd.DataFrame], method: Callable[[pd.DataFrame], pd.DataFrame], jobs: int
) -> list[Score]:
    return list(Parallel(n_jobs=jobs)(delayed(_score)(method, table) for table in vintages.values()))


def _score(method: Callable[[pd.DataFrame], pd.DataFrame], table: pd.DataFrame) -> Score:
    return score(method(table), table.iloc[:, -1].dropna())

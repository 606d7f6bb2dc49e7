"""Turns what simulated paths say of a month into a calibrated probability, by the tables that known history gave.

Complete levels have a table of their own (`bn_analysis.cycle.calibration.fit`). An index estimated from printed figures
knows less, and what it knows varies: its table weighs three shares of the paths, each of which comes near one half by
itself where figures are few (`python -m bench.fit_chain`).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Source = Literal["levels", "figures"]
"""What the paths were drawn from: one series of complete levels, or an index estimated from printed figures."""

TABLES: dict[Source, str] = {"levels": "calibration.json", "figures": "figures_calibration.json"}
# A share of 0 or 1 among finitely many paths is no certainty.
FLOOR = 0.002
FIGURES_FLOOR = 0.01


class Evidence(NamedTuple):
    """Shares of the paths, each between 0 and 1.

    Attributes
    ----------
    rising : float
        In an expansion in the month judged.
    half_year, quarter : float
        Whose last six (three) months together stand above the six (three) before.
    """

    rising: float
    half_year: float
    quarter: float


@cache
def table(source: Source = "levels") -> dict[str, Any]:
    """A calibration table with its version, source and command."""
    loaded: dict[str, Any] = json.loads(files("bn_analysis.cycle").joinpath(TABLES[source]).read_text(encoding="utf-8"))
    return loaded


def proof() -> dict[str, Any]:
    """What such probabilities have meant on known history that nothing was fitted on (`python -m bench.bench_chain`).

    Returns
    -------
    dict
        `cases` and `countries` judged; `patterns`: by pattern of print (BN, holes, complete, BNM) the number of
        `cases`, `brier`, `climate`, `skill` with `skill_low` and `skill_high` (90 %), `coverage` of the trough's
        interval and more; `reliability`: by steps of the probability over all patterns `low`, `high`, `cases`, mean
        `probability` and `share` truly risen; `command`: what made it.
    """
    found: dict[str, Any] = table("figures")["proof"]
    return found


def meant(probability: float) -> dict[str, float]:
    """The step of the proof's reliability table that a probability falls into: low, high, cases, probability, share."""
    steps: list[dict[str, float]] = proof()["reliability"]
    return next((step for step in reversed(steps) if probability >= step["low"]), steps[0])


def clipped_logit(share: ArrayLike, floor: float = FLOOR) -> NDArray[np.float64]:
    """Log odds of shares, those near 0 and 1 moved to `floor` and 1 − `floor`."""
    inside = np.clip(np.asarray(share, dtype=float), floor, 1 - floor)
    return np.log(inside / (1 - inside))


def calibrated(evidence: Evidence, source: Source) -> float:
    """Probability that the trough has passed (logistic recalibration, monotone in every share)."""
    found = table(source)
    if source == "levels":
        odds = found["intercept"] + found["slope"] * clipped_logit(evidence.rising)
    else:
        odds = found["intercept"] + np.dot(
            [found[name] for name in Evidence._fields], clipped_logit(evidence, FIGURES_FLOOR)
        )
    return float(1 / (1 + np.exp(-odds)))

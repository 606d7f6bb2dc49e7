"""Turns the share of rising paths into a calibrated probability, by the small table that the panel gave."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

TABLE = "calibration.json"
# A share of 0 or 1 among finitely many paths is no certainty.
FLOOR = 0.002


@cache
def table() -> dict[str, Any]:
    """The calibration table with its version, source and command (see `bn_analysis.cycle.calibration.fit`)."""
    loaded: dict[str, Any] = json.loads(files("bn_analysis.cycle").joinpath(TABLE).read_text(encoding="utf-8"))
    return loaded


def clipped_logit(share: ArrayLike) -> NDArray[np.float64]:
    """Log odds of shares, those near 0 and 1 moved to FLOOR and 1 − FLOOR."""
    inside = np.clip(np.asarray(share, dtype=float), FLOOR, 1 - FLOOR)
    return np.log(inside / (1 - inside))


def calibrated(share: float) -> float:
    """Probability that the trough has passed, from the share of simulated paths that rise (logistic recalibration)."""
    return float(1 / (1 + np.exp(-(table()["intercept"] + table()["slope"] * clipped_logit(share)))))

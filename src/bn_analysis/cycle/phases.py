"""Turns a probability that the trough has passed into a phase, with hysteresis: all thresholds of the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from bn_analysis.cycle.calibrated_probability import Source, table

Phase = Literal["contraction", "possible_trough", "bottomed_out", "expansion", "not_enough_data"]

# Below the threshold of a call, from here on the trough may have been touched.
POSSIBLE = 0.40
# A standing call is shown with a warning below this probability.
DOUBT = 0.50

LOOK_BACK = 36
"""Months gone back at most for the phase that was last announced: three years without a sure answer are none."""

RISING: tuple[Phase, ...] = ("bottomed_out", "expansion")


class Thresholds(NamedTuple):
    """Probabilities from which a trough is called, and below which the call is taken back.

    The gap is wide on purpose: on the fitting half of the panel most calls that a narrower gap took back were right
    after all. Where figures are few the probability itself moves in a narrower range, and so do they.
    """

    call: float
    keep: float


@cache
def thresholds(source: Source) -> Thresholds:
    """Thresholds with the least loss on the fitting half of the panel, from the calibration table of the source."""
    found = table(source)["thresholds"]
    return Thresholds(float(found["call"]), float(found["keep"]))


SURE = thresholds("levels").call
"""A call is worded without reserve from this probability on, whatever it rests on: seven in ten."""


def next_phase(previous: Phase | None, probability: float, regained: float, source: Source) -> Phase:
    """Phase of a month from its probability and the phase that was announced the month before.

    Parameters
    ----------
    previous : Phase or None
        Phase announced one month earlier; None (or not_enough_data) where nothing was.
    probability : float
        Probability in [0, 1] that the trough of the latest fall has passed.
    regained : float
        Probability in [0, 1] that the level has reached the peak before that fall since its trough, three months taken
        together.
    source : {"levels", "figures"}
        What the probability rests on.
    """
    call, keep = thresholds(source)
    needed = keep if previous in RISING else call
    if probability >= needed:
        return "expansion" if regained >= 0.5 else "bottomed_out"
    return "possible_trough" if probability >= POSSIBLE else "contraction"


def in_doubt(phase: Phase, probability: float | None) -> bool:
    """Whether a call stands only because calls are not taken back lightly: a new fall is as likely as not."""
    return phase in RISING and probability is not None and probability < DOUBT


def is_sure(phase: Phase, probability: float | None) -> bool:
    """Whether a call can be worded without reserve."""
    return phase in RISING and probability is not None and probability >= SURE


def standing_phase(probabilities: Iterable[float | None], source: Source) -> Phase:
    """The phase that stands after months of which each was judged by itself.

    Parameters
    ----------
    probabilities : iterable of float or None
        Of the months before, newest first; None where a month could not be judged, as before the first figure. Read
        only as far as needed: the newest month that decides by itself, called surely or taken back surely, decides.
    source : {"levels", "figures"}
        What the probabilities rest on.
    """
    call, keep = thresholds(source)
    for probability in probabilities:
        if probability is None:
            return "not_enough_data"
        if probability >= call:
            return "bottomed_out"
        if probability < keep:
            return "contraction"
    return "possible_trough"

"""A verdict as plain values, from a study or from a manifest → its sentence and its phase in words."""

from collections.abc import Mapping
from typing import Any

from bn_analysis.cycle.phases import RISING, Phase, in_doubt, is_sure
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.named import Said
from bn_analysis.report.language.sentences import say

OPEN = 0.1
"""Probability that the peak is regained from which it is not called "not regained"."""


def phase_key(phase: Phase, probability: float | None) -> str:
    """The phase; of a call "leaning" where it is not sure, "doubtful" where it stands only because it was made once."""
    if in_doubt(phase, probability):
        return "doubtful"
    return "leaning" if phase in RISING and not is_sure(phase, probability) else phase


def phase_words(phase: Phase, probability: float | None, language: Language) -> Said:
    """The phase as tables name it; a standing call below one half is worded as such."""
    return say(f"phase.{phase_key(phase, probability)}", language)


def answer_key(phase: Phase, probability: float | None, regained: float | None) -> str:
    """As `phase_key`; "bottomed_out_open" where it is not sure that the earlier peak is still ahead."""
    key = phase_key(phase, probability)
    return "bottomed_out_open" if key == "bottomed_out" and regained is not None and regained >= OPEN else key


def answer(
    territory: str, at: object, phase: Phase, probability: float | None, regained: float | None, language: Language
) -> Said:
    """The verdict on a month as one sentence; that the peak is not regained is said flatly only where that is sure."""
    return say(f"answer.{answer_key(phase, probability, regained)}", language, territory=territory, at=at)


def recorded_answer(record: Mapping[str, Any], language: Language) -> Said:
    """The sentence of a published report, from its manifest."""
    regained = record["verdict"].get("regained")
    return answer(record["territory"], record["period"], record["phase"], record["probability"], regained, language)

"""A verdict as plain values, from a study or from a manifest → its sentence and its phase in words."""

from collections.abc import Mapping
from typing import Any

from bn_analysis.cycle.phases import Phase, in_doubt
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.named import Said
from bn_analysis.report.language.sentences import say


def phase_key(phase: Phase, probability: float | None) -> str:
    """The phase, or "doubtful" where it stands only because calls are not taken back lightly."""
    return "doubtful" if in_doubt(phase, probability) else phase


def phase_words(phase: Phase, probability: float | None, language: Language) -> Said:
    """The phase as tables name it; a standing call below one half is worded as such."""
    return say(f"phase.{phase_key(phase, probability)}", language)


def answer(territory: str, verdict: Mapping[str, Any], language: Language) -> Said:
    """The verdict as one sentence.

    Parameters
    ----------
    territory : str
    verdict : mapping
        As `Bottoming.to_dict` gives it.
    language : {"vi", "en"}
    """
    key = phase_key(verdict["phase"], verdict["probability"])
    facts = {name: verdict[name] for name in ("at", "probability", "regained")}
    return say(f"answer.{key}", language, territory=territory, **facts)

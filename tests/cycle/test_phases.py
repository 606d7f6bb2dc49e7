"""Phases: one probability may stand for two phases, depending on what was announced before."""

from bn_analysis.cycle.phases import DOUBT, POSSIBLE, next_phase, thresholds

CALL, KEEP = thresholds("levels")


def test_a_trough_is_called_only_at_the_upper_threshold() -> None:
    assert next_phase("contraction", CALL - 0.01, 0.0, "levels") == "possible_trough"
    assert next_phase("possible_trough", CALL, 0.0, "levels") == "bottomed_out"


def test_a_call_stands_until_the_lower_threshold() -> None:
    assert next_phase("bottomed_out", KEEP, 0.0, "levels") == "bottomed_out"
    assert next_phase("bottomed_out", KEEP - 0.01, 0.0, "levels") == "contraction"


def test_nothing_announced_asks_for_the_upper_threshold() -> None:
    assert next_phase(None, CALL - 0.01, 1.0, "levels") == "possible_trough"
    assert next_phase("not_enough_data", CALL - 0.01, 1.0, "levels") == "possible_trough"


def test_bottomed_out_is_not_recovered() -> None:
    assert next_phase("contraction", 0.95, 0.2, "levels") == "bottomed_out"
    assert next_phase("bottomed_out", 0.95, 0.6, "levels") == "expansion"


def test_thresholds_stand_in_order() -> None:
    assert 0 < KEEP < POSSIBLE < DOUBT < CALL < 1

"""Adjusted index → turning points, the probability that the trough has passed, and its replay through the vintages."""

from bn_analysis.cycle.bottoming import bottoming
from bn_analysis.cycle.replay.replay import replay
from bn_analysis.cycle.replay.scores import score
from bn_analysis.cycle.replay.vintages import read_vintages
from bn_analysis.cycle.turning_points import TurningPoint, TurningPoints, turning_points
from bn_analysis.cycle.verdict import Bottoming

__all__ = [
    "Bottoming",
    "TurningPoint",
    "TurningPoints",
    "bottoming",
    "read_vintages",
    "replay",
    "score",
    "turning_points",
]

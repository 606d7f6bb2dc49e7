"""Index: contradictory published rates → one level per month with its uncertainty, aggregates and what moved them."""

from bn_analysis.index.aggregate import contributions, decompose_yoy, diffusion, rebase
from bn_analysis.index.combine import combine
from bn_analysis.index.composition import Composition
from bn_analysis.index.estimate import estimate
from bn_analysis.index.result import IndexEstimate
from bn_analysis.index.territory import estimate_territory
from bn_analysis.index.weights import estimate_weights

__all__ = [
    "Composition",
    "IndexEstimate",
    "combine",
    "contributions",
    "decompose_yoy",
    "diffusion",
    "estimate",
    "estimate_territory",
    "estimate_weights",
    "rebase",
]

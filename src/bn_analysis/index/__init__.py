"""Index: contradictory published rates → one level per month with its uncertainty, aggregates and what moved them."""

from bn_analysis.index.aggregate import contributions, decompose_yoy, diffusion, rebase
from bn_analysis.index.estimate import estimate
from bn_analysis.index.result import IndexEstimate
from bn_analysis.index.weights import estimate_weights

__all__ = [
    "IndexEstimate",
    "contributions",
    "decompose_yoy",
    "diffusion",
    "estimate",
    "estimate_weights",
    "rebase",
]

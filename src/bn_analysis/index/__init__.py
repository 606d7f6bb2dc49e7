"""Index: contradictory published rates → one level per month with its uncertainty, aggregates and what moved them."""

from bn_analysis.index.aggregate import chain_link, contributions, decompose_yoy, diffusion, laspeyres, rebase
from bn_analysis.index.estimate import estimate
from bn_analysis.index.result import IndexEstimate
from bn_analysis.index.splice import Splice, splice
from bn_analysis.index.weights import estimate_weights

__all__ = [
    "IndexEstimate",
    "Splice",
    "chain_link",
    "contributions",
    "decompose_yoy",
    "diffusion",
    "estimate",
    "estimate_weights",
    "laspeyres",
    "rebase",
    "splice",
]

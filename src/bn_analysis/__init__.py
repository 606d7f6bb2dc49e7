"""Has the industrial production of Bắc Ninh left the bottom? A monthly, honest answer.

>>> import bn_analysis as bn
>>> rates = bn.read_rates()
>>> index = bn.estimate_index(rates, "BNM")
>>> adjusted = bn.adjust(index)
>>> verdict = bn.bottoming(adjusted)
"""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"
__all__ = [
    "adjust", "as_of", "bottoming", "estimate_index", "open_study", "read_rates", "turning_points", "which_base",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the library when it is first asked for: the command line answers --help without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("bn_analysis.face"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

"""An index level → the same level without season, calendar and Tết, with what is known of its uncertainty."""

from bn_analysis.seasonal.adjust import adjust
from bn_analysis.seasonal.adjust_estimate import from_estimate, with_windows
from bn_analysis.seasonal.adjust_many import Panel, adjust_many
from bn_analysis.seasonal.diagnostics import Grade
from bn_analysis.seasonal.result import Reason, SeasonalAdjustment
from bn_analysis.seasonal.review import adjust_with, renew, review
from bn_analysis.seasonal.revision_draws import adjust_draws
from bn_analysis.seasonal.specification_book import Book, Entry
from bn_analysis.seasonal.stability import Stability, stability
from bn_analysis.seasonal.tet.effect import TetEffect
from bn_analysis.seasonal.tet.windows import Window

__all__ = [
    "Book",
    "Entry",
    "Grade",
    "Panel",
    "Reason",
    "SeasonalAdjustment",
    "Stability",
    "TetEffect",
    "Window",
    "adjust",
    "adjust_draws",
    "adjust_many",
    "adjust_with",
    "from_estimate",
    "renew",
    "review",
    "stability",
    "with_windows",
]

"""An index level → the same level without season, calendar and Tết, with what is known of its uncertainty."""

from bn_analysis.seasonal.adjust import adjust
from bn_analysis.seasonal.book import Book, Entry, adjust_with, renew, review
from bn_analysis.seasonal.diagnostics import Grade
from bn_analysis.seasonal.estimated import from_estimate, with_windows
from bn_analysis.seasonal.panel import Panel, adjust_many
from bn_analysis.seasonal.result import Reason, SeasonalAdjustment, TetEffect
from bn_analysis.seasonal.stability import Stability, shock_readings, stability
from bn_analysis.seasonal.tet import Window
from bn_analysis.seasonal.uncertainty import adjust_draws

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
    "shock_readings",
    "stability",
    "with_windows",
]

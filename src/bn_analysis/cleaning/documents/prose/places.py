"""A place named in a text and the month of a figure → the code of the territory with the borders of that month."""

from bn_analysis.cleaning.documents.prose.dating import MERGER, Context
from bn_analysis.cleaning.documents.prose.reasons import Unread
from bn_analysis.cleaning.documents.prose.words import Place
from bn_analysis.cleaning.language.classification import TERRITORIES


def code_of(place: Place | None, period: str, borders: str, context: Context) -> str:
    """The code of a place in a month.

    Parameters
    ----------
    place : Place or None
        As named.
    period : str
        YYYY-MM.
    borders : {"", "old", "new"}
        What the text says of its borders ("cũ", "mới", "sau sáp nhập").
    context : Context

    Raises
    ------
    Unread
        No place; or no such territory with the borders of that month; or a name that stands for two of them, in a text
        written after the merger about a month before it.
    """
    if place is None:
        raise Unread("place")
    code = next((code for code in place.codes if TERRITORIES[code].covers(period)), None)
    if code is None:
        raise Unread("former", period)
    if (borders == "new" and period < MERGER) or (borders == "old" and period >= MERGER):
        raise Unread("former", period)
    if len(place.codes) > 1 and period < MERGER and borders != "old" and context.after_merger():
        raise Unread("borders", period)
    return code

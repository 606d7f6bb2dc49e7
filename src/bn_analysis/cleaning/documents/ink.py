"""A page of a PDF → the same page without letters that no reader sees: unpainted, of the paper's colour, tiny."""

from collections.abc import Callable
from typing import Any

from pdfminer.layout import LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

_UNPAINTED = (3, 7)
"""Text rendering modes (ISO 32000-1, table 106) that leave no ink: what a scanner's software guessed, or hid."""
_TINY = 3.0
"""Points: half of the smallest print of any form."""
_SAME = 0.1
"""Colours closer than this in every component (0 to 1) are one to the eye."""
_PAPER = (1.0, 1.0, 1.0)

_Colour = tuple[float, float, float]


class _Painted(PDFPageAggregatorWithMarkedContent):
    """Leaves out strings that the page does not paint."""

    unpainted = 0

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        if textstate.render in _UNPAINTED:
            self.unpainted += sum(len(part) for part in seq if isinstance(part, bytes))
            return
        super().render_string(textstate, seq, ncs, graphicstate)


class _PaintedPage(Page):
    """A page whose layout has only what is painted."""

    unpainted = 0

    @property
    def layout(self) -> LTPage:
        if not hasattr(self, "_layout"):
            device = _Painted(self.pdf.rsrcmgr, pageno=self.page_number, laparams=self.pdf.laparams)
            try:
                PDFPageInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            except Exception as error:  # whatever a hostile page breaks, named as pdfplumber names it
                raise PdfminerException(error) from error
            self._layout, self.unpainted = device.get_result(), device.unpainted
        return self._layout


def seen(page: Page) -> tuple[Any, int]:
    """The page as a reader sees it, and how many letters were left out."""
    painted = _PaintedPage(page.pdf, page.page_obj, page.page_number, page.initial_doctop)
    shows = _shows(painted)
    hidden = sum(not shows(char) for char in painted.chars)
    return painted.filter(shows), hidden + painted.unpainted


def _shows(page: Page) -> Callable[[dict[str, Any]], bool]:
    """Whether a thing of the page can be seen: letters by size, place, and colour against what lies behind them."""
    left, top, right, bottom = page.bbox
    fills = [(rect, _colour(rect)) for rect in page.rects if rect.get("fill")]

    def shows(thing: dict[str, Any]) -> bool:
        if thing["object_type"] != "char" or thing["text"].isspace():
            return True
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        if thing["size"] < _TINY or not (left <= x <= right and top <= y <= bottom):
            return False
        ink = _colour(thing)
        behind: _Colour | None = _PAPER
        for rect, colour in fills:
            if rect["x0"] <= x <= rect["x1"] and rect["top"] <= y <= rect["bottom"]:
                behind = colour
        return ink is None or behind is None or any(abs(a - b) > _SAME for a, b in zip(ink, behind, strict=True))

    return shows


def _colour(thing: dict[str, Any]) -> _Colour | None:
    """Red, green, blue of what fills a letter or box; None for patterns and spaces that are not told apart."""
    given = thing.get("non_stroking_color")
    parts = given if isinstance(given, tuple | list) else (given,)
    if not all(isinstance(part, int | float) for part in parts):
        return (0.0, 0.0, 0.0) if given is None or given == (None,) else None  # black unless said otherwise
    if len(parts) == 1:
        return (float(parts[0]),) * 3
    if len(parts) == 3:
        return float(parts[0]), float(parts[1]), float(parts[2])
    if len(parts) == 4:
        cyan, magenta, yellow, black = parts
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    return None

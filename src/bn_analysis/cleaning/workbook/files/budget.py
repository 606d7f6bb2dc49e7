"""XML parts of one workbook → a stream of their elements, until there are more, or deeper ones, than any has."""

from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from bn_analysis.cleaning.workbook.files.grid import TooMuchError, found_expected

MAX_ELEMENTS = 2_000_000
"""Of all parts of a workbook, one that several tabs share counted each time; the most met are 113,000."""
MAX_NESTED = 300_000
"""Elements kept at once: within one cell, text, row or table of styles (Excel allows 65,490 styles of up to three)."""
MAX_DEPTH = 100
"""Elements within each other; the most met are 12."""


class Budget:
    """How many elements the parts of one workbook may still have."""

    def __init__(self) -> None:
        self.left = MAX_ELEMENTS

    def events(self, stream: IO[bytes], whole: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
        """Openings ("start") and ends ("end") of the elements of a part, in order; all done with is dropped at once.

        Parameters
        ----------
        stream : binary stream
            The part.
        whole : tuple of str
            Local names of the elements that are complete at their end, with all that lies in them.

        Raises
        ------
        TooMuchError
            More elements, or deeper ones, than any workbook has.
        """
        path: list[Element] = []
        inside = kept = 0
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            wanted = local_name(element) in whole
            if event == "start":
                path.append(element)
                inside += wanted
                kept = kept + 1 if inside else 0
                self.left -= 1
                if self.left < 0 or kept > MAX_NESTED or len(path) > MAX_DEPTH:
                    raise _too_much()
                yield event, element
                continue
            path.pop()
            inside -= wanted
            yield event, element
            if not inside and path:
                path[-1].remove(element)


def local_name(element: Any) -> str:
    """Name of an element, whatever the namespace (transitional or strict)."""
    return str(element.tag).rpartition("}")[2]


def _too_much() -> TooMuchError:
    return TooMuchError(
        found_expected(
            ("quá nhiều phần tử XML, hoặc lồng nhau quá sâu",
             f"nhiều nhất {MAX_ELEMENTS} phần tử, {MAX_DEPTH} tầng; xóa hàng trống, hoặc chép bảng sang tệp mới"),
            ("too many XML elements, or too deep in each other",
             f"at most {MAX_ELEMENTS} elements in {MAX_DEPTH} levels; delete empty rows or copy the table out"),
        )
    )  # fmt: skip

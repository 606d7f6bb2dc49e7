"""A text → the same text that knows the names of its numbers, so that pages can be compared number by number."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

OPEN, NAME, CLOSE = "\ue000", "\ue001", "\ue002"
"""Marks around a named number inside a sentence, of letters that no text uses."""
_NAMED = re.compile(f"{OPEN}([^{NAME}]*){NAME}([^{CLOSE}]*){CLOSE}")


class Said(str):
    """A plain text that knows which of its numbers have a name; in HTML these stand in `<data value="name">`.

    A number that stands in two places has the same name in both: the pages of a report are compared by them before they
    are published.
    """

    marked: str

    def __new__(cls, marked: str) -> "Said":
        """From a text with marks."""
        said = super().__new__(cls, _NAMED.sub(r"\2", marked))
        said.marked = marked
        return said

    def __html__(self) -> Markup:
        """Escaped, with the names."""
        html, place = Markup(""), 0
        for found in _NAMED.finditer(self.marked):
            html += escape(self.marked[place : found.start()])
            html += Markup('<data value="{}">{}</data>').format(found[1], found[2])
            place = found.end()
        return html + escape(self.marked[place:])


def named(text: str, *name: object) -> Said:
    """A text of which the whole is a number with a name, such as probability, BNM, 2026-08."""
    return Said(f"{OPEN}{' '.join(map(str, name))}{NAME}{text}{CLOSE}")


def joined(sentences: Iterable[str], between: str = " ") -> Said:
    """Sentences as one text that keeps the names of their numbers."""
    return Said(between.join(str(marked(sentence)) for sentence in sentences if sentence))


def marked(value: object) -> object:
    """A value as a template takes it: of a named text the one with its marks."""
    return value.marked if isinstance(value, Said) else value

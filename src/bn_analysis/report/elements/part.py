"""A piece of a page: HTML with its data, shown as it is in JupyterLab."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a page; JupyterLab and the page show the same HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def paragraph(sentences: list[str]) -> Part:
    """Sentences as one paragraph, escaped."""
    return Part(str(Markup("<p>{}</p>").format(" ".join(sentence for sentence in sentences if sentence))))

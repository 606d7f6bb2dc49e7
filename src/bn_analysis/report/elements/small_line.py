"""A few shares in order of time → a small line across a threshold, small enough to stand beside a sentence."""

from collections.abc import Mapping

from markupsafe import Markup

THICK = 4.0
"""Thickness of the line in per cent of the height."""


def small_line(shares: Mapping[str, float], label: str, threshold: float) -> Markup:
    """A line with a dot for each share, drawn by style alone: it needs no image, and a dot says its value when hovered.

    Parameters
    ----------
    shares : mapping of str to float
        By what a dot says, between 0 and 1, at least two.
    label : str
        Read out instead of the drawing.
    threshold : float
        Marked by a dashed line across.
    """
    places = [100 * i / (len(shares) - 1) for i in range(len(shares))]
    heights = [100 * (1 - share) for share in shares.values()]
    there = [f"{x:.1f}% {y - THICK / 2:.1f}%" for x, y in zip(places, heights, strict=True)]
    back = [f"{x:.1f}% {y + THICK / 2:.1f}%" for x, y in zip(places[::-1], heights[::-1], strict=True)]
    dots = Markup("").join(
        Markup('<i class="dot" title="{}" style="left: {:.1f}%; top: {:.1f}%"></i>').format(says, x, y)
        for says, x, y in zip(shares, places, heights, strict=True)
    )
    return Markup(
        '<span class="small-line" role="img" aria-label="{}"><i class="across" style="top: {:.1f}%"></i>'
        '<i class="path" style="clip-path: polygon({})"></i>{}</span>'
    ).format(label, 100 * (1 - threshold), ", ".join(there + back), dots)

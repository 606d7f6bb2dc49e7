"""A territory → the notebooks that its report is made of, and a text that changes with what they would show."""

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

from bn_analysis.cleaning.language.classification import COUNTRY

NOTEBOOKS = (
    "04_bottoming_out",
    "05_industries",
    "07_claims",
    "06_industrial_promotion",
    "01_data_review",
    "02_index",
    "03_seasonal_adjustment",
)
"""In the order in which readers meet them: the answer first, then what drives it, then how it was found."""
PROVINCIAL = frozenset({"06_industrial_promotion", "07_claims"})
"""Notebooks that the country has no page of: programme and statements are the province's."""


def notebooks_of(territory: str) -> tuple[str, ...]:
    """The notebooks that make a territory's report, in the order of its pages."""
    return tuple(name for name in NOTEBOOKS if territory != COUNTRY or name not in PROVINCIAL)


def source_hash(path: Path) -> str:
    """Text that changes with the cells of a notebook as they are written, not with what was once run in them."""
    content = path.read_bytes() if path.is_file() else b""
    try:
        cells = [
            (cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", []))
            for cell in json.loads(content)["cells"]
        ]
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # no notebook: what the build says of it is asked again
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha256(repr(cells).encode()).hexdigest()


def parameters_of(notebook: dict[str, Any]) -> set[str] | None:
    """Names set in the cell tagged ``parameters``, with or without a comment or a type; None where it is no Python."""
    cells = [cell for cell in notebook["cells"] if "parameters" in cell.get("metadata", {}).get("tags", [])]
    try:
        tree = ast.parse("".join(cells[0]["source"]) if cells else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last three of bytes and depths no one typed
        return None
    named = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for node in tree.body
    )
    return {target.id for targets in named for target in targets if isinstance(target, ast.Name)}

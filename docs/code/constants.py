"""The code of the analytical rooms → every number that decides something, with its value and what is said of it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "bn_analysis"
ROOMS = ("index", "seasonal", "cycle")
_MARKUP = re.compile(r"([|<>*])")


@dataclass(frozen=True, slots=True)
class Constant:
    """A module-level number, or a collection of numbers.

    Attributes
    ----------
    module, name, value : str
        Where it stands, and its expression as the code writes it.
    said : str
        Its docstring, the comment above it or beside it; empty where there is none.
    """

    module: str
    name: str
    value: str
    said: str


def all_constants() -> list[Constant]:
    """Every one of the three rooms, in the order of the files."""
    return [found for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py")) for found in constants_of(path)]


def constants_of(path: Path) -> Iterator[Constant]:
    """The numbers of one module; a block of lines without a gap shares the comment above it."""
    text = path.read_text(encoding="utf-8")
    lines, body = text.splitlines(), ast.parse(text).body
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for at, node in enumerate(body):
        name = _name(node)
        value = getattr(node, "value", None)
        if not name or value is None or not _is_numeric(value):
            continue
        below = body[at + 1] if at + 1 < len(body) else None
        documented = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        said = str(below.value.value) if documented else _comment(lines, node)  # type: ignore[union-attr]
        yield Constant(module, name, ast.unparse(value), " ".join(said.split()))


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
        return ", ".join(ast.unparse(part) for part in node.targets[0].elts)
    return node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else ""


def _is_numeric(value: ast.expr) -> bool:
    """Whether a number takes part in it: one written here, or one read from a table of the calibration."""
    numbers = any(
        isinstance(part, ast.Constant) and isinstance(part.value, int | float) and not isinstance(part.value, bool)
        for part in ast.walk(value)
    )
    return numbers or "table()" in ast.unparse(value)


def _comment(lines: list[str], node: ast.stmt) -> str:
    """The comment on its line, or the lines of comment above the block that it stands in."""
    line = lines[(node.end_lineno or node.lineno) - 1]
    beside = line.partition("  # ")[2]
    if beside and not beside.startswith(("fmt:", "noqa", "type:")):
        return beside
    at = node.lineno - 2
    while at >= 0 and lines[at].strip() and not lines[at].startswith("#"):
        if lines[at].startswith(('"""', "from ", "import ", "def ", "class ")):
            return ""
        at -= 1
    above: list[str] = []
    while at >= 0 and lines[at].startswith("#"):
        above.insert(0, lines[at].removeprefix("#").strip())
        at -= 1
    return " ".join(above)


def without_source() -> list[str]:
    """Names of constants of which nothing is said."""
    return [f"{found.module}.{found.name}" for found in all_constants() if not found.said]


def value(path: str) -> object:
    """The value of a constant, as ``cycle.phases.POSSIBLE``; unknown names raise, so that a page fails with them."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(f"bn_analysis.{module}"), name)


def table(room: str) -> str:
    """All constants of a room as a table in Markdown."""
    home = f"bn_analysis.{room}."
    rows = [
        "| "
        + " | ".join(
            [f"`{found.module.removeprefix(home)}`", f"`{found.name}`", _code(found.value), _plain(found.said)]
        )
        + " |"
        for found in all_constants()
        if found.module.startswith(home)
    ]
    return "\n".join(["| module | name | value | why this value |", "|---|---|---|---|", *rows])


def _code(text: str) -> str:
    """An expression as code in a cell of a table, cut where it is long."""
    text = text.replace("|", "\\|")
    return f"`{text}`" if len(text) <= 90 else f"`{text[:88]} …`"


def _plain(text: str) -> str:
    """Words of a comment, none of them taken for markup."""
    return _MARKUP.sub(r"\\\1", text)

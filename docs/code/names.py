"""The public names of the package → where each is documented, and those that say nothing of themselves."""

import inspect
from importlib import import_module
from types import ModuleType

PAGES: dict[str, tuple[str, ...]] = {
    "face": ("bn_analysis.face",),
    "cleaning": ("bn_analysis.cleaning",),
    "estimation": ("bn_analysis.index",),
    "seasonal": ("bn_analysis.seasonal",),
    "cycle": ("bn_analysis.cycle",),
    "study": (
        "bn_analysis.study.study", "bn_analysis.study.steps", "bn_analysis.study.facts", "bn_analysis.study.knowledge",
        "bn_analysis.study.parameters", "bn_analysis.study.industries", "bn_analysis.study.labour",
        "bn_analysis.study.claims", "bn_analysis.study.releases", "bn_analysis.study.printed", "bn_analysis.study.age",
    ),
}  # fmt: skip
"""Page of the reference → the modules whose public names stand on it."""


def public(module_name: str) -> list[tuple[str, object]]:
    """Path and object of every public name: those of ``__all__``, or the functions and classes a module defines."""
    module = import_module(module_name)
    if module_name == "bn_analysis.face":
        return [(f"bn_analysis.face.{name}", getattr(module, name)) for name in import_module("bn_analysis").__all__]
    if hasattr(module, "__all__"):
        return [(_home(getattr(module, name)), getattr(module, name)) for name in module.__all__]
    return [(f"{module_name}.{name}", value) for name, value in vars(module).items() if _is_own(module, name, value)]


def directives(page: str) -> str:
    """Directives of mkdocstrings for one page of the reference; where it has several modules, each has a heading."""
    several = len(PAGES[page]) > 1
    blocks = []
    for module in PAGES[page]:
        if several:
            blocks.append(f"## {module.removeprefix('bn_analysis.')}\n\n{inspect.getdoc(import_module(module))}")
        level = 3 if several else 2
        paths = [_home(value) if page == "face" else path for path, value in public(module)]
        blocks += [f"::: {path}\n    options:\n      heading_level: {level}" for path in paths]
    return "\n\n".join(blocks)


def undocumented() -> list[str]:
    """Public names, and public methods of public classes, without a docstring."""
    missing = []
    for modules in PAGES.values():
        for module in modules:
            for path, value in public(module):
                if not (inspect.getdoc(value) or "").strip():
                    missing.append(path)
                if inspect.isclass(value):
                    missing += [f"{path}.{name}" for name in _bare_methods(value)]
    return missing


def _bare_methods(owner: type) -> list[str]:
    return [
        name
        for name, value in vars(owner).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, property))
        and not (inspect.getdoc(value) or "").strip()
    ]


def _home(value: object) -> str:
    return f"{value.__module__}.{value.__qualname__}"  # type: ignore[attr-defined]


def _is_own(module: ModuleType, name: str, value: object) -> bool:
    return (
        not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and getattr(value, "__module__", "") == module.__name__
    )


def verdict_rows() -> str:
    """The attributes of a verdict with their docstring, as rows of a table."""
    from bn_analysis.cycle import Bottoming

    text = inspect.getdoc(Bottoming) or ""
    lines = text.partition("----------\n")[2].splitlines()
    rows: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if line and not line.startswith(" "):
            name = line.partition(" : ")[0]
            for one in name.split(", "):
                rows[one] = []
        elif line:
            for one in name.split(", "):
                rows[one].append(line.strip())
    return "\n".join(f"| `{one}` | {' '.join(said).replace('|', '/') or 'see above'} |" for one, said in rows.items())

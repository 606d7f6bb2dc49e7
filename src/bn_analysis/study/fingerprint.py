"""Everything a report depends on → a short text that changes when any of it changes: figures, code, packages."""

import hashlib
from functools import cache
from pathlib import Path

from bn_analysis.settings import Settings, versions
from bn_analysis.study.parameters import SOURCES

PROVINCIAL_ONLY = frozenset({SOURCES["BN"], "promotion.csv", "promotion", "claims.csv"})
"""Raw files and folders that the report on the country does not look at."""
COUNTRY = "VN"


def fingerprint(settings: Settings, territory: str, *more: object) -> str:
    """Text of 16 hexadecimal digits for one territory.

    Parameters
    ----------
    settings : Settings
    territory : str
        Only says which raw files are left out: two territories with the same files need their names among `more`.
    *more : object
        Whatever else matters: territory, parameters, notebooks; by their `repr`.
    """
    digest = hashlib.sha256(repr((settings.seed, settings.draws, versions(), code_hash(), *more)).encode())
    for path in raw_files(settings, territory):
        digest.update(f"\n{path.relative_to(settings.raw).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def raw_files(settings: Settings, territory: str) -> list[Path]:
    """Raw files that a territory's reports may read, in a fixed order."""
    skipped = PROVINCIAL_ONLY if territory == COUNTRY else frozenset()
    files = (path for path in settings.raw.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in files if not {path.name.removesuffix(".meta.yml"), path.parent.name} & skipped)


def notebooks_hash(settings: Settings) -> str:
    """Text that changes with any notebook."""
    return _hash(sorted(settings.notebooks.glob("*.ipynb")))


@cache
def code_hash() -> str:
    """Text that changes with any file of this package."""
    package = Path(__file__).resolve().parents[1]
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return _hash(sorted(files))


def _hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]

"""Everything a result depends on → a short text that changes when any of it changes: figures, code, packages."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.raw.sidecars import LARGEST_BYTES
from bn_analysis.settings import Settings, engine, versions
from bn_analysis.study.store.notebooks import notebooks_of, source_hash

PROVINCIAL_ONLY = frozenset({"bac_ninh_published_rates.csv", "promotion.csv", "promotion", "claims.csv"})
"""Raw files and folders that the report on the country does not look at."""
ROOMS = ("cleaning", "index", "seasonal", "cycle", "study")
"""The rooms that compute, each standing on those before it: a word of a page changes no result."""
COMPUTING = ("numpy", "scipy", "pandas", "statsmodels", "holidays")
"""The packages whose versions can move a number."""


def fingerprint(settings: Settings, territory: str, *more: object, room: str = "study") -> str:
    """Key of a result: 16 hexadecimal digits.

    Parameters
    ----------
    settings : Settings
    territory : str
        Only says which raw files are left out: two territories with the same files need their names among `more`.
    *more : object
        Whatever else matters: territory, parameters; by their `repr`.
    room : str
        The last of `ROOMS` whose code the result stands on.
    """
    code = tuple(_folder_hash(name) for name in ROOMS[: ROOMS.index(room) + 1])
    return _digest(settings, territory, (versions(COMPUTING), engine(), code, *more))


def page_key(settings: Settings, territory: str, *more: object) -> str:
    """Key of a report: as `fingerprint`, of all code, all packages and the notebooks that it is made of."""
    notebooks = tuple(source_hash(settings.notebooks / f"{name}.ipynb") for name in notebooks_of(territory))
    made_by = (versions(), engine(), _folder_hash(""), notebooks)
    return _digest(settings, territory, (*made_by, *more))


def _digest(settings: Settings, territory: str, parts: tuple[object, ...]) -> str:
    digest = hashlib.sha256(repr((settings.seed, settings.draws, *parts)).encode())
    for path in raw_files(settings, territory):
        digest.update(f"\n{path.relative_to(settings.raw).as_posix()} {_file_hash(path)}".encode())
    return digest.hexdigest()[:16]


def raw_files(settings: Settings, territory: str) -> list[Path]:
    """Raw files that a territory's reports may read, in a fixed order; whatever else lies there is none."""
    skipped = PROVINCIAL_ONLY if territory == COUNTRY else frozenset()
    visible = (path for path in settings.raw.rglob("[!.]*") if not _is_hidden(path.relative_to(settings.raw)))
    files = (path for path in visible if path.suffix in (".csv", ".yml") and path.is_file())
    return sorted(path for path in files if not {path.name.removesuffix(".meta.yml"), path.parent.name} & skipped)


def _is_hidden(path: Path) -> bool:
    """Whether a file, or a folder on the way to it, is on its way to its place, or an editor's."""
    return any(part.startswith(".") for part in path.parts)


def _file_hash(path: Path) -> str:
    """SHA-256 of a file, read again only after it changed."""
    now = path.stat()
    if now.st_size > LARGEST_BYTES:
        return "too large"  # refused by name wherever it is read
    return _content_hash(path, now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino)


@lru_cache(maxsize=4096)
def _content_hash(path: Path, *_changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _folder_hash(room: str) -> str:
    """Text that changes with any file of a folder of this package, "" for the whole of it."""
    package = Path(__file__).resolve().parents[2] / room
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return _hash(sorted(path for path in files if not _is_hidden(path.relative_to(package))))


def _hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]

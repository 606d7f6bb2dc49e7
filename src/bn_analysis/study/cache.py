"""A costly result → a file in ``data/processed``, computed once for each set of inputs."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import joblib

from bn_analysis.settings import Settings

Stored = TypeVar("Stored")


def stored(settings: Settings, name: str, compute: Callable[[], Stored]) -> Stored:
    """A result from ``data/processed`` or, the first time, computed and put there whole."""
    path = settings.processed / f"{name}.joblib"
    if path.is_file():
        return cast(Stored, joblib.load(path))
    result = compute()
    settings.processed.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=settings.processed) as part:
        staged = Path(part, path.name)
        joblib.dump(result, staged, compress=3)
        staged.replace(path)
    return result

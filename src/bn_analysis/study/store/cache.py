"""A costly result → a file in ``data/processed``, computed once for each set of inputs, believed only if we wrote it.

The results are pickles, and a pickle can run code: each is signed with a key that lies outside the folder, and nothing
unsigned is ever loaded. joblib.Memory and diskcache load whatever lies in their folders, so neither serves here.
"""

import hashlib
import hmac
import logging
import os
import pickle
import re
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from platformdirs import user_state_path

from bn_analysis.errors import InputError, bilingual
from bn_analysis.plain_file import plain_bytes
from bn_analysis.settings import Settings

Stored = TypeVar("Stored")

KEY_VARIABLE = "BN_ANALYSIS_CACHE_KEY"
"""The key as 64 hexadecimal digits, for workers of a cluster whose home folders are not shared."""
_PASSING = "BN_ANALYSIS_CACHE_KEY_OF_RUN"
"""A key of this run alone, for the kernels and workers that it starts, where no lasting one can be kept."""
KEPT_DAYS = 60
"""Days after their last use for which results are kept: a month's report is looked at again for about as long."""
LARGEST = 2**31
"""Bytes of a result that is read."""
_DIGEST, _ENDING = hashlib.sha256().digest_size, ".result"
_log = logging.getLogger(__name__)


def stored(settings: Settings, name: str, compute: Callable[[], Stored]) -> Stored:
    """A result from ``data/processed`` or, the first time, computed and put there whole.

    An entry that is damaged, foreign or from another version is computed again, with one line in the log.
    """
    path = settings.processed / f"{name}{_ENDING}"
    try:
        result = _opened(path)
    except FileNotFoundError:
        pass
    except Exception as error:  # whatever stands there, a result can always be computed
        level = logging.DEBUG if _PASSING in os.environ else logging.WARNING  # without a lasting key it is no wonder
        _log.log(level, "%s: not used (%s: %s); computed again", path.name, type(error).__name__, error)
    else:
        return cast(Stored, result)
    result = compute()
    _keep(path, result)
    return result


def prune(settings: Settings) -> int:
    """Remove results not used for `KEPT_DAYS` days, and what killed runs left; how many went."""
    gone, oldest = 0, time.time() - KEPT_DAYS * 86_400
    for path in settings.processed.glob(f"*{_ENDING}"):
        with suppress(OSError):  # another run may remove it at the same time
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


def _opened(path: Path) -> object:
    """The result in a file; raises where it is not one that was signed with our key under this name."""
    content = plain_bytes(path, LARGEST)
    signature, body = content[:_DIGEST], content[_DIGEST:]
    if not hmac.compare_digest(signature, _signature(path.name, body)):
        raise ValueError("not signed by this user on this machine")
    result = pickle.loads(body)  # signed, therefore written by this program
    with suppress(OSError):  # a store that may only be read serves as well
        os.utime(path)  # in use: not to be pruned
    return cast(object, result)


def _keep(path: Path, result: object) -> None:
    body = pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=path.parent, ignore_cleanup_errors=True) as part:
        staged = Path(part, path.name)
        staged.write_bytes(_signature(path.name, body) + body)
        try:
            staged.replace(path)
        except IsADirectoryError:
            _log.warning("%s: a folder stands in its place; the result was not kept", path.name)


def _signature(name: str, body: bytes) -> bytes:
    return hmac.digest(_key(), name.encode() + b"\n" + body, "sha256")


@cache
def _key() -> bytes:
    """The key of this user: from the environment, else from a file outside the project, made the first time."""
    if given := os.environ.get(KEY_VARIABLE):
        if not re.fullmatch(r"[0-9a-fA-F]{64}", given):  # a short one could be guessed
            raise InputError(
                bilingual(
                    f"{KEY_VARIABLE}: cần 64 chữ số thập lục phân, thấy {len(given)} ký tự",
                    f"{KEY_VARIABLE}: expected 64 hexadecimal digits, found {len(given)} characters",
                )
            )
        return bytes.fromhex(given)
    if passing := os.environ.get(_PASSING):
        return bytes.fromhex(passing)
    file = user_state_path("bn-analysis") / "cache-key"
    try:
        if not file.exists():
            _write_key(file)
        owner = file.stat().st_uid if hasattr(os, "getuid") else None
        if owner is not None and owner != os.getuid():
            raise PermissionError(f"{file} belongs to another user")
        return bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError, RuntimeError) as error:
        _log.warning("no key for the store of results (%s): results serve this run only", error)
        os.environ[_PASSING] = secrets.token_hex(32)
        return bytes.fromhex(os.environ[_PASSING])


def _write_key(file: Path) -> None:
    """A new key, whole or not at all, readable by this user only; one that another run made first stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as part:  # mode 0600
        part.write(secrets.token_hex(32))
        part.flush()
        with suppress(FileExistsError):
            os.link(part.name, file)

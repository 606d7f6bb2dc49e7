"""The store of results: what it believes, what it computes again, and that it runs nothing it did not write."""

import logging
import os
import pickle
from pathlib import Path

import pytest

from bn_analysis.errors import InputError
from bn_analysis.settings import Settings
from bn_analysis.study.store import cache
from bn_analysis.study.store.cache import KEPT_DAYS, KEY_VARIABLE, prune, stored


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(KEY_VARIABLE, "ab" * 32)
    cache._key.cache_clear()
    yield Settings(root=tmp_path, cache=tmp_path / "processed")
    cache._key.cache_clear()


class Bomb:
    """A pickle that would write a file when loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.write_text, (self.path, "it ran")


def entry(settings: Settings) -> Path:
    assert stored(settings, "study-1", lambda: 1) == 1
    (path,) = settings.processed.iterdir()
    return path


def test_a_planted_pickle_never_runs(settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, trace = entry(settings), tmp_path / "trace"
    body = pickle.dumps(Bomb(trace))
    for planted in (body, bytes(32) + body, path.read_bytes()[:32] + body):
        path.write_bytes(planted)
        with caplog.at_level(logging.WARNING):
            assert stored(settings, "study-1", lambda: 2) == 2
    assert not trace.exists()
    assert len(caplog.records) == 3 and "computed again" in caplog.text


def test_a_result_does_not_serve_under_another_name(settings: Settings) -> None:
    path = entry(settings)
    path.rename(path.with_name("study-2.result"))
    assert stored(settings, "study-2", lambda: 5) == 5


@pytest.mark.parametrize("damage", [b"", b"x" * 10, None])
def test_a_truncated_or_damaged_result_is_computed_again(settings: Settings, damage: bytes | None) -> None:
    path = entry(settings)
    path.write_bytes(path.read_bytes()[:-3] if damage is None else damage)
    assert stored(settings, "study-1", lambda: 3) == 3
    assert stored(settings, "study-1", lambda: 4) == 3  # and kept again


def test_a_result_of_a_module_that_moved_is_computed_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    path = entry(settings)
    body = b"cbn_analysis.report.study\nStudy\n."  # a pickle that names the old place
    path.write_bytes(cache._signature(path.name, body) + body)
    assert stored(settings, "study-1", lambda: 6) == 6
    assert "ModuleNotFoundError" in caplog.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such thing as a FIFO here")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_has_no_end_in_the_place_of_a_result_is_not_read(settings: Settings, kind: str) -> None:
    path = entry(settings)
    path.unlink()
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    assert stored(settings, "study-1", lambda: 2) == 2
    assert stored(settings, "study-1", lambda: 3) == 2


def test_a_folder_in_the_place_of_a_result_does_not_stop_a_run(settings: Settings) -> None:
    path = entry(settings)
    path.unlink()
    path.mkdir()
    assert stored(settings, "study-1", lambda: 7) == 7
    assert path.is_dir()


def test_another_users_key_opens_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(settings)
    monkeypatch.setenv(KEY_VARIABLE, "cd" * 32)
    cache._key.cache_clear()
    assert stored(settings, "study-1", lambda: 8) == 8


@pytest.mark.parametrize("key", ["ab", "zz" * 32, "a" * 63])
def test_a_key_that_could_be_guessed_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    cache._key.cache_clear()
    with pytest.raises(InputError, match="64 hexadecimal digits"):
        stored(settings, "study-1", lambda: 1)


def test_an_empty_key_is_none(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "")  # a secret that nobody set
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    cache._key.cache_clear()
    assert len(cache._key()) == 32


def test_the_key_lies_outside_the_project_and_is_its_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.setattr(cache, "user_state_path", lambda name: tmp_path / name)
    cache._key.cache_clear()
    key = cache._key()
    (file,) = (tmp_path / "bn-analysis").iterdir()
    assert bytes.fromhex(file.read_text()) == key and file.stat().st_mode & 0o077 == 0
    cache._key.cache_clear()
    assert cache._key() == key
    cache._key.cache_clear()


def test_results_that_nobody_used_for_long_are_removed(settings: Settings) -> None:
    import os

    path = entry(settings)
    assert prune(settings) == 0
    old = path.stat().st_mtime - (KEPT_DAYS + 1) * 86_400
    os.utime(path, (old, old))
    assert prune(settings) == 1 and not path.exists()

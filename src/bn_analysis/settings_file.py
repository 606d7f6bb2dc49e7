"""The file of settings of whoever runs the month → settings for what the environment leaves open."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bn_analysis.errors import InputError, bilingual

FILE_VARIABLE = "BN_ANALYSIS_SETTINGS"
"""Names another file of settings than `settings_file`'s own."""
KNOWN = (
    *(f"BN_ANALYSIS_{name}" for name in ("ROOT", "CACHE", "SEED", "DRAWS", "FETCH", "CONTACT")),
    *(f"BN_ANALYSIS_SMTP_{name}" for name in ("HOST", "PORT", "USER", "PASSWORD", "FROM", "TO", "TLS")),
)
"""Every name that the file may hold: a misspelt one would leave a setting out without a word."""

LARGEST = 1_000_000
"""Bytes of the file: a setting is a line."""


def settings_file() -> Path | None:
    """The file of settings, whether there is one or not; None for a user without a home folder.

    Raises
    ------
    InputError
        One is named by `FILE_VARIABLE` that is not there: its settings would vanish without a word.
    """
    if named := os.environ.get(FILE_VARIABLE):
        with suppress(RuntimeError):  # of a user whom the system does not know
            if (path := Path(named).expanduser()).exists():
                return path
        said = bilingual("không có tệp này", "no such file of settings")
        raise InputError(f"{FILE_VARIABLE}: found {named!r}: {said}")
    with suppress(RuntimeError):
        return Path.home() / ".config" / "bn-analysis.env"
    return None


def read_settings_file() -> dict[str, str]:
    """Settings from the file: ``NAME=value`` a line, the value as it stands up to the end of its line.

    Nothing in a value has a meaning of its own (blanks, ``#``, ``$``, ``\\``), as an app password may hold any of it;
    one pair of quotes around the whole of it is taken off. Empty lines and lines that begin with ``#`` are left out.

    Raises
    ------
    InputError
        The file cannot be read, or a line is no setting of this program; names the line, never a value.
    """
    path = settings_file()
    if path is None or not path.is_file():
        return {}
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        why = bilingual(
            "không đọc được; cần văn bản UTF-8 không quá 1 MB", "cannot be read; expected UTF-8 text of at most 1 MB"
        )
        raise InputError(f"{path}: {why} ({type(error).__name__})") from None
    found = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or name not in KNOWN:
            found_name = f"{name}: " if re.fullmatch(r"[A-Z_]{1,40}", name) else ""
            said = bilingual("cần TÊN=giá trị với một trong các tên", "expected NAME=value with one of the names")
            raise InputError(f"{path}, line {number}: {found_name}{said} {', '.join(KNOWN)}")
        found[name] = value[1:-1] if len(value) > 1 and value[0] == value[-1] in ("'", '"') else value
    return found


class FileSource(PydanticBaseSettingsSource):
    """The file of settings, for what the environment leaves open."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Value of a field, the key it is given under, and whether it needs to be parsed (it never does)."""
        named = field.validation_alias
        key = named if isinstance(named, str) else field_name
        name = key if named else f"{self.config.get('env_prefix', '')}{field_name.upper()}"
        return read_settings_file().get(name) or None, key, False

    def __call__(self) -> dict[str, Any]:
        """Every setting that the file gives a value."""
        fields = self.settings_cls.model_fields.items()
        values = [self.get_field_value(field, name) for name, field in fields]
        return {key: value for value, key, _ in values if value is not None}


class FromFile(BaseSettings):
    """Settings from the environment and, where it says nothing, from the file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, then the environment, then the file."""
        return init_settings, env_settings, FileSource(settings_cls)

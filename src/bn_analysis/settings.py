"""Where things lie and what runs: project folders (changeable by BN_ANALYSIS_… variables) and package versions."""

from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from bn_analysis.errors import InputError


def find_root(start: Path) -> Path:
    """The project folder: the nearest folder at or above `start`, else the one this package is installed from, that
    holds ``data/raw`` and ``notebooks``."""
    for folder in (start, *start.parents, Path(__file__).resolve().parents[2]):
        if (folder / "data" / "raw").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise InputError(
        f"{start}: neither this folder nor one above it holds data/raw and notebooks; "
        "go to the project folder or set BN_ANALYSIS_ROOT"
    )


PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "holidays", "matplotlib", "papermill", "nbconvert")


@cache
def versions() -> str:
    """The program and the packages that move numbers or pages, with their versions, as one line."""
    return ", ".join(f"{name} {version(name)}" for name in ("bn-analysis", *PACKAGES))


class Settings(BaseSettings):
    """Folders of one project; every run reads them from here."""

    model_config = SettingsConfigDict(env_prefix="BN_ANALYSIS_", frozen=True)

    root: Path = Field(default_factory=lambda: find_root(Path.cwd()))
    seed: int = 20240331
    """Seed of every simulation; the same for all reports, so that the same inputs give the same bytes."""
    draws: int = Field(default=1000, ge=100)
    """Simulated paths behind each probability."""

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
        """Tables made by the program, safe to delete."""
        return self.root / "data" / "processed"

    @property
    def notebooks(self) -> Path:
        """The notebooks that papermill runs."""
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        """What people open."""
        return self.root / "reports"

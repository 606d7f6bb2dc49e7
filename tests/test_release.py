"""The release travels: a wheel and an sdist that work outside the repository, one version everywhere, a changelog."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import bn_analysis

ROOT = Path(__file__).resolve().parents[1]
VERSION = bn_analysis.__version__


@pytest.fixture(scope="module")
def built_release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def test_every_place_names_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (day,) = re.findall(rf"^## \[{re.escape(VERSION)}\] - (\d{{4}}-\d\d-\d\d)$", changelog, re.M)
    assert project["version"] == citation["version"] == VERSION
    assert str(citation["date-released"]) == day


def test_the_changelog_keeps_its_form():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("## [Unreleased]") < text.index(f"## [{VERSION}]")
    assert set(re.findall(r"^### (.*)$", text, re.M)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }


def test_wheel_and_sdist_hold_the_files_that_the_code_reads(built_release):
    wheel, sdist = built_release
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src"
    tracked = subprocess.run(["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    needed = {str((ROOT / name).relative_to(package)) for name in tracked.splitlines()}
    assert needed <= inside
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    assert any(name.endswith("src/bn_analysis/cli.py") for name in names)
    assert not any("/data/processed" in name or "/reports/" in name for name in names)


def test_the_wheel_runs_adjust_date_and_replay_outside_the_repository(built_release, tmp_path):
    """In a venv of its own; the packages it needs are those of this one, found after its own."""
    place = tmp_path / "venv"
    venv.create(place, with_pip=False)
    binaries = place / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / "python")
    (own,) = place.glob("lib/python*/site-packages")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "-q"]
    subprocess.run([*install, str(built_release[0])], check=True, capture_output=True)
    (own / "packages.pth").write_text(str(Path(np.__file__).parents[1]) + "\n", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BN_ANALYSIS_"))}

    def run(*arguments):
        return subprocess.run(
            [str(binaries / "bn-analysis"), *arguments], cwd=tmp_path, env=clean, capture_output=True, text=True
        )

    asked = [python, "-c", "import bn_analysis; print(bn_analysis.__file__)"]
    where = subprocess.run(asked, cwd=tmp_path, env=clean, capture_output=True, text=True)
    assert str(own) in where.stdout
    months = pd.period_range("2012-01", "2019-12", freq="M")
    rng = np.random.default_rng(3)
    wave = 10 * np.sin(np.arange(96) / 9) + 4 * np.cos(2 * np.pi * np.arange(96) / 12) + rng.normal(0, 0.6, 96)
    pd.DataFrame({"period": months.astype(str), "value": 100 + wave}).to_csv(tmp_path / "series.csv", index=False)
    assert run("--version").stdout.strip() == VERSION
    done = run("adjust", "series.csv", "--out", "adjusted.csv")
    assert done.returncode == 0, done.stderr
    adjusted = pd.read_csv(tmp_path / "adjusted.csv")
    plain = adjusted[["period", "seasonally_adjusted"]].set_axis(["period", "value"], axis=1)
    plain.to_csv(tmp_path / "sa.csv", index=False)
    done = run("date", "sa.csv", "--out", "dates.csv")
    assert done.returncode == 0 and {"peak", "trough"} == set(pd.read_csv(tmp_path / "dates.csv")["type"]), done.stderr
    vintages = pd.DataFrame({"period": adjusted["period"]})
    for last in (93, 94):
        vintages[str(months[last] + 1)] = adjusted["seasonally_adjusted"].where(np.arange(96) <= last)
    vintages.to_csv(tmp_path / "vintages.csv", index=False)
    done = run("replay", "vintages.csv", "--out", "replayed.csv")
    assert done.returncode == 0 and len(pd.read_csv(tmp_path / "replayed.csv")) == 2, done.stderr
    outside = run("report")
    assert outside.returncode == 2 and "data/raw" in outside.stderr and "BN_ANALYSIS_ROOT" in outside.stderr

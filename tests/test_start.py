"""What a process loads before it computes: a start is paid by every command, kernel and worker."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from bn_analysis.publication.kernels import WARM_UP
from bn_analysis.robust import robust_scale

from .seasonal.simulated import production

HEAVY = {
    "IPython", "dask", "joblib", "matplotlib", "nbconvert", "openpyxl", "pandera", "papermill", "scipy.ndimage",
    "scipy.optimize", "scipy.signal", "scipy.sparse", "scipy.stats", "statsmodels",
}  # fmt: skip
OTHER_ROOMS = {f"bn_analysis.{room}" for room in ("cycle", "index", "operation", "publication", "report", "study")}


def loaded(code: str) -> set[str]:
    """Names of the modules that a fresh process has loaded when it ends."""
    told = f"import atexit, sys; atexit.register(lambda: print('loaded', *sys.modules))\n{code}"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    return set(next(line for line in done.stdout.splitlines() if line.startswith("loaded ")).split()[1:])


@pytest.mark.parametrize("holiday", ["tet", "none"])
def test_adjusting_one_series_loads_the_seasonal_room_alone(tmp_path: Path, holiday: str) -> None:
    series = production(96).rename("value")
    series.to_csv(tmp_path / "in.csv")
    command = ["bn-analysis", "adjust", f"{tmp_path}/in.csv", "--out", f"{tmp_path}/out.csv", "--holiday", holiday]
    modules = loaded(f"from bn_analysis.cli import main; sys.argv = {command}; main()")
    assert len(pd.read_csv(tmp_path / "out.csv")) == len(series)
    assert "bn_analysis.seasonal" in modules
    assert not modules & (HEAVY | OTHER_ROOMS)


def test_a_report_is_refused_or_found_unchanged_without_what_computes() -> None:
    modules = loaded("import bn_analysis.publication.build_reports")
    assert not modules & (HEAVY | {"scipy", "bn_analysis.index", "bn_analysis.seasonal"})


def test_a_worker_or_kernel_loads_nothing_heavy_before_it_is_needed() -> None:
    modules = loaded("import bn_analysis.study.study")
    assert "bn_analysis.cycle.bottoming" in modules
    assert not modules & HEAVY


def test_a_kernel_is_warmed_up_with_what_every_page_draws_with() -> None:
    modules = loaded(WARM_UP)
    assert "matplotlib.figure" in modules
    assert "seaborn" not in modules
    assert not modules & (
        HEAVY - {"matplotlib", "IPython", "joblib"}
    )  # the last two: pages show, industries in parallel


def test_the_robust_scale_is_that_of_scipy() -> None:
    values = np.random.default_rng(1).standard_t(3, (50, 4))
    assert np.array_equal(robust_scale(values), scipy.stats.median_abs_deviation(values, scale="normal"))
    about_zero = scipy.stats.median_abs_deviation(values[:, 0], center=lambda *_, **__: 0.0, scale="normal")
    assert robust_scale(values[:, 0], centre=0.0) == about_zero

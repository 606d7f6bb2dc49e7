"""Turns the fitting half of a panel of countries into the calibration table, and the other half into its proof."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.discrete.discrete_model import Logit

from bn_analysis.cycle.calibrated_probability import TABLES, clipped_logit
from bn_analysis.cycle.calibration.pseudo_vintages import panel_vintages, read_panel
from bn_analysis.cycle.calibration.validation import prove
from bn_analysis.cycle.phases import thresholds
from bn_analysis.cycle.replay.replay import judge_vintages
from bn_analysis.cycle.replay.scores import true_phase
from bn_analysis.cycle.turning_points import turning_points
from bn_analysis.errors import BnAnalysisError
from bn_analysis.robust import robust_scale

VERSION = 1  # of the form of the table
COMMAND = "python -m bn_analysis.cycle.calibration.fit PANEL.csv FOLDER"
YEARS_OPEN = 3  # for so long an adjustment revises a month (Ladiray & Quenneville 2001, ch. 3)


def shares(vintages: pd.DataFrame, seed: int, jobs: int) -> pd.DataFrame:
    """Uncalibrated `share` of rising paths at every vintage beside the `rising` truth (0 or 1) of its last month.

    Truth: Bry–Boschan on the last vintage. Vintages whose truth is not settled are left out.
    """
    rows = list(judge_vintages(vintages, range(vintages.shape[1]), seed, jobs))
    table = pd.DataFrame(rows).dropna(subset="share")
    last = pd.PeriodIndex(table["last_period"], freq="M")
    table["rising"] = true_phase(turning_points(vintages.iloc[:, -1]), last)
    return table.dropna(subset="rising")[["vintage", "share", "rising"]]


def fit(cases: pd.DataFrame) -> tuple[float, float]:
    """Intercept and slope of the logistic recalibration of `share` to `rising` (Cox 1958), by maximum likelihood."""
    logit = clipped_logit(cases["share"].to_numpy())
    result = Logit(cases["rising"].to_numpy(), np.column_stack([np.ones(len(logit)), logit])).fit(disp=False)
    intercept, slope = result.params
    return float(intercept), float(slope)


def revision_profile(tables: Sequence[pd.DataFrame]) -> tuple[list[float], float]:
    """How much adjusted levels are revised to the last vintage.

    Returns
    -------
    list of float
        Standard deviation of the revision of a level by its year of age (0–11, 12–23, 24–35 months), in robust scales
        of monthly growth, levels set against the mean of the third year.
    float
        Correlation of the revisions of a month and of the same month a year before.
    """
    months = 12 * YEARS_OPEN
    levels = []
    for table in tables:
        logs = 100 * np.log(table.to_numpy(dtype=float))
        scale = robust_scale(np.diff(logs[:, -1][~np.isnan(logs[:, -1])]))
        for column in range(logs.shape[1] - months):
            last = int(np.flatnonzero(~np.isnan(logs[:, column]))[-1])
            revision = (logs[:, -1] - logs[:, column])[last - months + 1 : last + 1][::-1] / scale
            levels.append(revision - revision[-12:].mean())
    stack = np.array(levels)
    by_year = [float(stack[:, 12 * year : 12 * year + 12].std()) for year in range(YEARS_OPEN)]
    together = float((stack[:, :12] * stack[:, 12:24]).mean())
    return by_year, together / max(by_year[0] * by_year[1], 1e-12)


def build(vintages: Mapping[str, pd.DataFrame], panel: str, digest: str, seed: int, jobs: int) -> dict[str, object]:
    """The calibration table, from the countries handed in."""
    cases = pd.concat([shares(table, seed, jobs) for table in vintages.values()])
    intercept, slope = fit(cases)
    by_year, shared = revision_profile(list(vintages.values()))
    return {
        "version": VERSION,
        "intercept": round(intercept, 3),
        "slope": round(slope, 3),
        "cases": len(cases),
        "countries": list(vintages),
        "panel": panel,
        "panel_sha256": digest,
        "truth": "Bry-Boschan dates of the last vintage; vintages by X-13ARIMA-SEATS at the end of every month",
        "thresholds": thresholds("levels")._asdict(),
        "revision_profile": [round(value, 2) for value in by_year],
        "revision_shared": round(shared, 2),
        "command": COMMAND,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the table from the first half of the panel's countries, print the proof on the second half."""
    parser = argparse.ArgumentParser(prog="python -m bn_analysis.cycle.calibration.fit", description=__doc__)
    parser.add_argument("panel", type=Path, help="raw series: column date, one column a country")
    parser.add_argument("folder", type=Path, help="where the vintages are kept, made where missing")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / TABLES["levels"], help="the table to write"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--prove-only", action="store_true", help="keep the table, print the proof")
    options = parser.parse_args(arguments)
    try:
        panel = read_panel(options.panel)
        half = (panel.shape[1] + 1) // 2
        if not options.prove_only:
            fitting = panel_vintages(panel.iloc[:, :half], options.folder, options.jobs)
            digest = sha256(options.panel.read_bytes()).hexdigest()
            table = build(fitting, options.panel.name, digest, options.seed, options.jobs)
            options.out.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
            print(json.dumps(table, indent=2))
            return 0
        print(prove(panel_vintages(panel.iloc[:, half:], options.folder, options.jobs), options.seed, options.jobs))
    except BnAnalysisError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

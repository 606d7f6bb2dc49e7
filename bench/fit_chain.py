"""Turns the fitting half of the panel, printed as sparsely as provinces are, into `figures_calibration.json`.

`python -m bench.fit_chain` takes about half an hour on two cores; `--cases FILE` keeps the judged months, or takes them
from there. Nothing of the held-out half is read.
"""

import argparse
import json
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from bench.chain import kept_cases
from bench.chain_scores import delays, judged, logistic
from bench.printed_provinces import PANEL
from bn_analysis.cycle.calibrated_probability import FIGURES_FLOOR, TABLES, Evidence, clipped_logit
from bn_analysis.cycle.phases import Thresholds

TABLE = Path(str(files("bn_analysis.cycle"))) / TABLES["figures"]
SEED = 0
COMMAND = "python -m bench.fit_chain"
COLUMNS = ["rising_paths", "half_year", "quarter"]
TAKEN_BACK = 6.0
"""Loss of a call during a fall, in months announced wrongly: a reader acts on a call, and hears it withdrawn."""
GRID = np.round(np.arange(0.2, 0.86, 0.05), 2)


def fit(cases: pd.DataFrame) -> dict[str, object]:
    """The fitted part of the table: every pattern counts the same, however many of its months were judged."""
    said = judged(cases)
    weight = (1 / said["pattern"].map(said["pattern"].value_counts())).to_numpy()
    design = clipped_logit(said[COLUMNS], FIGURES_FLOOR)
    slopes = logistic(design, said["rising"].to_numpy(), weight / weight.mean(), monotone=True)
    odds = slopes[0] + design @ np.array(slopes[1:])
    said["probability"] = 1 / (1 + np.exp(-odds))
    call, keep = thresholds(said[said["pattern"] == "BN"])
    newest = said[said["yoy_sign"].notna()].groupby("yoy_sign")["rising"].mean()
    return {
        **dict(zip(["intercept", *Evidence._fields], np.round(slopes, 3).tolist(), strict=True)),
        "cases": len(said),
        "patterns": said["pattern"].value_counts().to_dict(),
        "climate": round(float(said["rising"].mean()), 3),
        "yoy_sign": {"down": round(float(newest[0.0]), 3), "up": round(float(newest[1.0]), 3)},
        "thresholds": {"call": call, "keep": keep},
        "panel": PANEL.name,
        "panel_sha256": sha256(PANEL.read_bytes()).hexdigest(),
        "command": COMMAND,
    }


def thresholds(said: pd.DataFrame) -> tuple[float, float]:
    """CALL and KEEP with the least loss: months announced wrongly, either way, and `TAKEN_BACK` for each false call."""
    losses = {
        (float(call), float(keep)): found["months_wrong"] + TAKEN_BACK * found["false_calls_per_decade"] / 120
        for call in GRID
        for keep in GRID[call > GRID]
        if (found := delays(said, Thresholds(float(call), float(keep))))
    }
    return min(losses, key=lambda pair: losses[pair])


def main() -> None:
    """Fit and write the table; what was proven with the former one goes."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--cases", type=Path, help="CSV of the judged months: read where it exists, else written")
    cases = kept_cases(parser.parse_args().cases, False, SEED)
    table = {"version": 1, **fit(cases)}
    TABLE.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()

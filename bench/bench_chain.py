"""The whole chain on provinces of known history that nothing was fitted on: what its probability has been worth.

`python -m bench.bench_chain` prints every table; `--write` also puts them beside the calibration, for the pages. `make
bench` calls `main`. Deterministic; seeds of the prints are not those of the fit.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from bench.chain import kept_cases
from bench.chain_scores import bins, coverage, cox, delays, judged, skill
from bench.fit_chain import TABLE
from bn_analysis.cycle.calibrated_probability import table

SEED = 1
COMMAND = "python -m bench.bench_chain --write"
METHODS = {
    "probability": "the probability", "levels_table": "same paths, table of complete levels", "yoy": "sign of y/y",
    "yoy_odds": "sign of y/y, honest odds", "markov": "Markov",
}  # fmt: skip
FEW = 50
"""Cases below which a step of reliability is not judged."""
NINE = (0.85, 0.95)
"""Probabilities that a reader takes for nine in ten."""


def add_others(said: pd.DataFrame) -> pd.DataFrame:
    """The columns that stand beside the probability."""
    odds = table("figures")["yoy_sign"]
    climate = table("figures")["climate"]
    said["yoy"] = said["yoy_sign"].fillna(climate)
    said["yoy_odds"] = said["yoy_sign"].map({0.0: odds["down"], 1.0: odds["up"]}).fillna(climate)
    return said


def by_pattern(said: pd.DataFrame) -> pd.DataFrame:
    """Scores of the probability by pattern of print."""
    rows = {}
    for pattern, part in said.groupby("pattern"):
        climate = float(part["rising"].mean())
        gain, low, high = skill(part, "probability", climate)
        inside, dated, width = coverage(part)
        intercept, slope = cox(part)
        nine = part[part["probability"].between(*NINE, inclusive="left")]
        steps = bins(part)
        enough = steps[steps["cases"] >= FEW]
        rows[pattern] = {
            "cases": len(part),
            "brier": float(((part["probability"] - part["rising"]) ** 2).mean()),
            "climate": climate * (1 - climate),
            "skill": gain, "skill_low": low, "skill_high": high,
            "cox_intercept": intercept, "cox_slope": slope,
            "nine_cases": len(nine), "nine_said": nine["probability"].mean(), "nine_true": nine["rising"].mean(),
            "largest_miss": (enough["probability"] - enough["share"]).abs().max(),
            "coverage": inside, "dated": dated, "width": width,
        } | delays(part)  # fmt: skip
    return pd.DataFrame(rows).T


def beside(said: pd.DataFrame) -> pd.DataFrame:
    """Brier scores of every method on the months for which each has an answer, by pattern; skill in brackets."""
    rows = {}
    for pattern, part in said.groupby("pattern"):
        climate = float(part["rising"].mean())
        for column, name in METHODS.items():
            answered = part[part[column].notna()]
            if answered.empty:
                continue
            gain, low, high = skill(answered, column, climate)
            score = float(((answered[column] - answered["rising"]) ** 2).mean())
            rows[pattern, name] = {"cases": len(answered), "brier": score, "skill": gain, "low": low, "high": high}
    return pd.DataFrame(rows).T


def filled(steps: pd.DataFrame) -> pd.DataFrame:
    """Steps of a reliability table joined to neighbours until each has `FEW` cases: a page quotes none of a handful."""
    group, groups, count = 0, [], 0
    for cases in steps["cases"]:
        groups.append(group)
        count += cases
        if count >= FEW:
            group, count = group + 1, 0
    if count and group:
        groups = [min(each, group - 1) for each in groups]
    weights = steps["cases"]
    sums = steps.assign(probability=steps["probability"] * weights, share=steps["share"] * weights).groupby(groups)
    joined = sums.agg({"low": "min", "high": "max", "cases": "sum", "probability": "sum", "share": "sum"})
    return joined.assign(probability=joined["probability"] / joined["cases"], share=joined["share"] / joined["cases"])


def prove(cases: pd.DataFrame) -> dict[str, object]:
    """The tables as they are kept for the pages."""
    said = judged(cases)
    patterns = by_pattern(said)
    reliability = filled(bins(said))
    return {
        "cases": len(said),
        "countries": int(said["country"].nunique()),
        "patterns": {name: _rounded(row) for name, row in patterns.iterrows()},
        "reliability": [_rounded(row) for _, row in reliability.iterrows()],
        "withheld": round(float(cases["probability"].isna().mean()), 3),
        "command": COMMAND,
    }


def _rounded(row: pd.Series) -> dict[str, float | int | None]:
    whole = {"cases", "nine_cases", "dated", "troughs", "missed"}
    return {
        str(name): int(value) if name in whole else None if np.isnan(value) else round(float(value), 3)
        for name, value in row.items()
    }


def main(arguments: list[str] | None = None) -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_chain", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the tables beside the calibration")
    parser.add_argument("--cases", type=Path, help="CSV of the judged months: read where it exists, else written")
    given = parser.parse_args(arguments)
    write, cases = given.write, kept_cases(given.cases, True, SEED)
    said = add_others(judged(cases))
    print(by_pattern(said).round(3).to_string())
    print(f"\nBeside others\n{beside(said).round(3).to_string()}")
    print(f"\nReliability\n{bins(said).round(3).to_string(index=False)}")
    for column, name in METHODS.items():
        heard = said.assign(probability=said[column]).dropna(subset="probability")
        told = {pattern: delays(part) for pattern, part in heard.groupby("pattern")}
        print(f"\nTurns called by {name}\n{pd.DataFrame(told).T.round(3).to_string()}")
    for pattern, part in said.groupby("pattern"):
        print(f"\n{pattern}\n{bins(part).round(3).to_string(index=False)}")
    reasons = cases.loc[cases["probability"].isna()].groupby("pattern")["reasons"].value_counts()
    print(f"\nWithheld\n{reasons.to_string()}")
    impossible = int((said["impossible"] > 0).sum())
    print(f"\nVerdicts {len(said)}, of them with statements that contradict each other {impossible}")
    if write:
        kept = json.loads(TABLE.read_text(encoding="utf-8")) | {"proof": prove(cases)}
        TABLE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

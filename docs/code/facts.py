"""Figures on record and tables of the calibration → the numbers of the text, computed when the site is built."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import bn_analysis as bn
from bn_analysis.cleaning.rates import select
from bn_analysis.cycle.phases import thresholds as thresholds  # told to pages by this name
from bn_analysis.index import IndexEstimate
from bn_analysis.seasonal import SeasonalAdjustment
from bn_analysis.study import steps

ROOT = Path(__file__).resolve().parents[2]
PANEL = ROOT / "tests" / "reference" / "eu_ipi_c_nsa.csv"
SENTENCE = (7.34, "BN", "2024-03")
"""What the department printed: a rise of 7.34 % in March 2024, its base not stated."""
DAY = "2024-03-31"


def same(found: object, said: str) -> str:
    """The text `said`, if that is what the code finds; else an error, and no page that says what no longer holds."""
    if str(found) != said:
        raise ValueError(f"the text says {said}, its code now gives {found}")
    return said


@cache
def rates() -> pd.DataFrame:
    """Every published rate on record."""
    return bn.read_rates(ROOT / "data" / "raw")


@cache
def country() -> IndexEstimate:
    """The index of Viet Nam."""
    return bn.estimate_index(rates(), "VN")


@cache
def province() -> IndexEstimate:
    """The index of Bắc Ninh as it is now, a joint estimate with what it was made of."""
    return bn.estimate_index(rates(), "BNM")


@cache
def former() -> IndexEstimate:
    """The index of Bắc Ninh in the borders until June 2025, with what was known on the day of the claim."""
    return bn.estimate_index(bn.as_of(rates(), DAY), "BN")


@cache
def adjusted_country() -> SeasonalAdjustment:
    """The country's index without season and Tết."""
    return bn.adjust(country())


def chained() -> pd.Series:
    """What chaining the printed m/m of Viet Nam would give, the first month before = 100."""
    own = select(rates(), "VN")
    first = own[(own["measure"] == "mom") & (own["release"] == "first")].drop_duplicates("period").set_index("period")
    months = pd.period_range(first.index.min(), "2025-02", freq="M")
    steps = 1.0 + first["value_pct"].reindex(months.astype(str)).fillna(0.0).to_numpy() / 100.0
    return pd.Series(100.0 * np.cumprod(steps), index=months)


def overstated() -> str:
    """By what factor chained m/m overstate the rise from June 2011 to February 2025."""
    chain = chained().iloc[-1] / chained().iloc[0]
    level = country().frame["index"]
    factor = chain / (level[pd.Period("2025-02", "M")] / level[pd.Period("2011-06", "M")])
    return f"{factor:.1f}"


def which_base() -> dict[str, str]:
    """The odds of each reading of the printed sentence, on the day, in per cent."""
    value, territory, month = SENTENCE
    known = bn.as_of(rates(), DAY)
    itself = (known["territory"] == territory) & (known["period"] == month) & np.isclose(known["value_pct"], value)
    index = steps.estimate_index(known[~itself], territory, end=month)
    return {name: f"{100 * odds:.1f}" for name, odds in index.which_base(value, month).items()}


def scales() -> str:
    """Centres of the priors of the scales beside what Viet Nam learns, as a table."""
    from bn_analysis.index.model.hyperparameters import DEFAULT_SCALES

    learnt = country().hyperparameters
    rows = [f"| {name} | {centre:g} | {learnt[name]:.4f} |" for name, centre in DEFAULT_SCALES.items()]
    return "\n".join(
        ["| scale (logs of the level) | centre of its prior | learnt by Viet Nam |", "|---|---|---|", *rows]
    )


def weights() -> str:
    """The weights of the parts of Bắc Ninh as it is now, as a table."""
    made_of = province().made_of
    assert made_of is not None
    rows = [
        f"| {code} | {row['prior']:.3f} | {row['weight']:.3f} | {row['low80']:.3f} … {row['high80']:.3f} |"
        for code, row in made_of.weights.iterrows()
    ]
    head = f"| part | prior | weight in {made_of.weight_period} | 80 % band |"
    return "\n".join([head, "|---|---|---|---|", *rows])


def tet_scores() -> str:
    """The best choices of Tết windows for Viet Nam by AICC, as a table."""
    scores = adjusted_country().tet.scores
    kept = pd.concat([scores.head(6), scores[scores["windows"] == "none"]]).drop_duplicates("windows")
    rows = [f"| {row.windows} | {row.aicc:.1f} | {row.gain:.1f} |" for row in kept.itertuples()]
    return "\n".join(["| windows (days around Tết) | AICC | gain over none |", "|---|---|---|", *rows])


def tet_effects() -> str:
    """The effects of the windows chosen, as a table."""
    rows = [
        f"| {row.window} | {100 * row.estimate:.2f} | {100 * row.standard_error:.2f} | {row.t_value:.1f} |"
        for row in adjusted_country().tet.effects.itertuples()
    ]
    return "\n".join(["| window | effect, log points × 100 | standard error | t |", "|---|---|---|---|", *rows])


def grades() -> str:
    """The graded diagnostics of Viet Nam, as a table."""
    rows = [
        f"| `{grade.code}` | {grade.value:.3f} | {grade.grade} | {grade.source} |"
        for grade in adjusted_country().grades
    ]
    return "\n".join(["| diagnostic | value | grade | source of the threshold |", "|---|---|---|---|", *rows])


def borrowed() -> str:
    """Name of the series that Bắc Ninh borrows from."""
    return str(former().borrowed_from)


def calibration(source: str = "levels") -> dict[str, Any]:
    """A table of the calibration; empty where this version has none of that source."""
    name = {"levels": "calibration.json", "figures": "figures_calibration.json"}[source]
    path = files("bn_analysis.cycle").joinpath(name)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def calibration_table(source: str) -> str:
    """What a calibration file holds, without its proof, as a table."""
    found = {key: value for key, value in calibration(source).items() if key != "proof"}
    if not found:
        return "*This version has no such table.*"
    rows = [f"| `{name}` | {_plain(value)} |" for name, value in found.items()]
    return "\n".join(["| entry | value |", "|---|---|", *rows])


def proof(part: str) -> str:
    """A table of the proof of the whole chain (`patterns` or `reliability`), as the calibration file keeps it."""
    found = calibration("figures").get("proof", {}).get(part)
    if not found:
        return "*Not in this version: `python -m bench.bench_chain --write` puts it here.*"
    frame = pd.DataFrame(found).T if isinstance(found, dict) else pd.DataFrame(found)
    frame = frame.dropna(axis=1, how="all")
    names = ["pattern", *frame.columns] if isinstance(found, dict) else list(frame.columns)
    rows = [
        "| " + " | ".join([*([str(name)] if isinstance(found, dict) else []), *map(_plain, row)]) + " |"
        for name, row in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    return "\n".join(["| " + " | ".join(map(str, names)) + " |", "|" + "---|" * len(names), *rows])


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, float):
        return "–" if value != value else f"{value:g}"
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 else text.replace("|", "\\|")

"""Declared corrections of published figures → the table of rates with them applied, each guarded by its print."""

from pathlib import Path

import pandas as pd
from pydantic import ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from bn_analysis.cleaning.raw.sidecars import read_yaml
from bn_analysis.errors import InputError

CORRECTIONS_FILE = "corrections.yml"


@dataclass(frozen=True, slots=True, config=ConfigDict(strict=True, allow_inf_nan=False, extra="forbid"))
class Correction:
    """One figure that must not be used as printed.

    Attributes
    ----------
    cell : str
        Where it is printed: the first word of the rate's ``source``.
    printed_pct : float
        The change as printed, in per cent; the guard.
    corrected_pct : float or None
        The change to use, in per cent; None leaves the figure out.
    reason : str
        Why, for the data review.
    """

    cell: str
    printed_pct: float
    corrected_pct: float | None
    reason: str


def read_corrections(raw_dir: Path) -> list[Correction]:
    """The declared corrections of ``data/raw``; an empty list where there is no such file."""
    path = raw_dir / CORRECTIONS_FILE
    if not path.is_file():
        return []
    entries = read_yaml(path) or []
    expected = "expected a list of cell, printed_pct, corrected_pct, reason"
    if not isinstance(entries, list):
        raise InputError(f"{CORRECTIONS_FILE}: found a {type(entries).__name__}, {expected}")
    found = []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(Correction(**entry))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            said = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            raise InputError(f"{CORRECTIONS_FILE}, entry {number}: {said}; {expected}") from None
        except TypeError:  # no mapping of names
            raise InputError(f"{CORRECTIONS_FILE}, entry {number}: found {str(entry)[:80]!r}, {expected}") from None
    return found


def correct(rates: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """The table with every correction applied.

    Raises
    ------
    InputError
        A corrected cell is not in the table or no longer prints what the correction was written for.
    """
    cells = rates["file"] + ":" + rates["place"]
    result = rates.copy()
    for correction in corrections:
        found = result.index[cells.reindex(result.index) == correction.cell]
        if len(found) != 1 or result.at[found[0], "value_pct"] != correction.printed_pct:
            now = result.loc[found, "value_pct"].tolist()
            raise InputError(
                f"{CORRECTIONS_FILE}: {correction.cell} now holds {now}, expected [{correction.printed_pct}]; "
                "the source has changed: review or delete this correction"
            )
        if correction.corrected_pct is None:
            result = result.drop(index=found)
        else:
            result.loc[found, "value_pct"] = correction.corrected_pct
    return result.reset_index(drop=True)

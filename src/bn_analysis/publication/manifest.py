"""A manifest as it lies below the reports → the record of a report, None where it is none that this program wrote."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bn_analysis.cleaning.language.classification import TERRITORIES, Language
from bn_analysis.cycle.phases import Phase
from bn_analysis.plain_file import plain_bytes
from bn_analysis.study.age import Age

MANIFEST = "manifest.json"
MOST_BYTES = 10 * 2**20
_FOLDER = re.compile(r"(?P<period>\d{4}-\d{2})/(?P<territory>[A-Z]+)(/as-of-(?P<as_of>\d{4}-\d{2}-\d{2}))?")

FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*$")]
"""A file of the report's own folder: no name leads out of it."""


class _Verdict(BaseModel):
    regained: float | None = None


class _Record(BaseModel):
    """What is read of a manifest; it may hold more."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    folder: str
    territory: str
    period: str
    as_of: str
    languages: Annotated[list[Language], Field(min_length=1)]
    vintage: str
    phase: Phase
    probability: Annotated[float, Field(ge=0, le=1)] | None
    verdict: _Verdict
    outputs: dict[FileName, str]
    age: Age | None = None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The record of the report in a folder, or on its way in it; None where no whole manifest of ours lies there.

    Whoever can write into the reports folder can put a file there: names in it lead nowhere else, and a broken one is
    no report.
    """
    try:
        content = plain_bytes(folder / MANIFEST, MOST_BYTES)
        record = _Record.model_validate_json(content)
    except (OSError, ValidationError):
        return None
    found = _FOLDER.fullmatch(record.folder)
    named = {"period": record.period, "territory": record.territory, "as_of": record.as_of or None}
    if found is None or found.groupdict() != named or record.territory not in TERRITORIES:
        return None
    return {**json.loads(content), "outputs": record.outputs}

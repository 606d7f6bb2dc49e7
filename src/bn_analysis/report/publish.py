"""Pages in a staging folder → reports people open: each file replaced whole, the list of all reports last."""

import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bn_analysis.report.narrative import say
from bn_analysis.report.parameters import Parameters

MANIFEST = "manifest.json"


def folder_of(parameters: Parameters) -> Path:
    """Where a report lies below the reports folder: ``<period>/<territory>`` or ``…/as-of-<day>``."""
    folder = Path(parameters.period) / parameters.territory
    return folder / f"as-of-{parameters.as_of}" if parameters.as_of else folder


def publish(staging: Path, reports: Path, parameters: Parameters, facts: dict[str, Any]) -> Path:
    """Move finished files into the reports folder, the manifest last; returns the folder.

    Parameters
    ----------
    staging : pathlib.Path
        Folder on the same file system as `reports`, holding nothing but finished files.
    reports : pathlib.Path
    parameters : Parameters
    facts : dict
        What the list of reports says of this one (JSON values).
    """
    target = reports / folder_of(parameters)
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in staging.iterdir() if path.is_file())
    outputs = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    manifest = staging / MANIFEST
    manifest.write_text(
        json.dumps({**facts, "outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    for path in (*files, manifest):
        path.replace(target / path.name)
    return target


def write_index(reports: Path, staging: Path) -> Path:
    """Rebuild ``index.html`` from the manifests found below `reports` and put it in place in one step."""
    found = []
    for path in sorted(reports.glob("*/*/**/" + MANIFEST)):
        record = json.loads(path.read_text(encoding="utf-8"))
        found.append({**record, "folder": path.parent.relative_to(reports).as_posix()})
    found.sort(key=lambda record: (record["territory"] != "BN", record["territory"]))
    found.sort(key=lambda record: (record["period"], record["as_of"] == "", record["as_of"]), reverse=True)
    environment = Environment(
        loader=PackageLoader("bn_analysis.report", "template"), autoescape=True, undefined=StrictUndefined
    )
    environment.globals["say"] = say
    html = environment.get_template("archive.html.j2").render(
        reports=found, css=(Path(__file__).parent / "template" / "page.css").read_text(encoding="utf-8")
    )
    path = staging / "index.html"
    path.write_text(html, encoding="utf-8")
    path.replace(reports / "index.html")
    return reports / "index.html"

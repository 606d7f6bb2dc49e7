"""The manifests below the reports folder → ``index.html``, the list of every report with its verdict."""

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bn_analysis.report.narrative import say
from bn_analysis.report.publish import MANIFEST


def write_index(reports: Path, staging: Path) -> None:
    """Rebuild ``index.html`` and put it in place in one step.

    Parameters
    ----------
    reports : pathlib.Path
        Folder of the reports.
    staging : pathlib.Path
        Folder on the same file system.
    """
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
    path = reports / "index.html"
    if not path.is_file() or path.read_text(encoding="utf-8") != html:
        (staging / "index.html").write_text(html, encoding="utf-8")
        (staging / "index.html").replace(path)

"""The manifests below the reports folder → ``index.html``, and on every page the links to the months around it."""

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bn_analysis.cleaning.language.classification import territory
from bn_analysis.plain_file import plain_bytes
from bn_analysis.publication.publish import LARGEST_OUTPUT, index_sign, records, with_months
from bn_analysis.report.elements.heatmap import sparkline
from bn_analysis.report.elements.part import house_style
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_key, phase_words, recorded_answer
from bn_analysis.report.pages.age import age_sentences
from bn_analysis.study.age import Age
from bn_analysis.study.parameters import TERRITORIES


def write_index(reports: Path, staging: Path) -> None:
    """Rebuild ``index.html`` and the links between months; each file is put in place in one step.

    Parameters
    ----------
    reports : pathlib.Path
        Folder of the reports.
    staging : pathlib.Path
        Folder on the same file system.
    """
    found = _published(reports)
    for record in found:
        record["trail"] = _trail(record, found)
    for record in found:
        _link_neighbours(record, found, reports, staging)
    environment = Environment(
        loader=PackageLoader("bn_analysis.publication", "template"), autoescape=True, undefined=StrictUndefined
    )
    environment.globals.update(say=say, phase_words=phase_words)
    css = house_style() + (Path(__file__).parent / "template" / "page.css").read_text(encoding="utf-8")
    html = environment.get_template("archive.html.j2").render(present=_present(found), reports=found, css=css)
    _put(html.replace("</head>", f"{index_sign(reports)}\n</head>", 1), reports / "index.html", staging)


def _published(reports: Path) -> list[dict[str, Any]]:
    """Every report, the newest month first, the province as it is now before all others."""
    found = records(reports)
    order = {code: place for place, code in enumerate(TERRITORIES)}
    found.sort(key=lambda record: order.get(record["territory"], len(order)))
    found.sort(key=lambda record: (record["period"], record["as_of"] == "", record["as_of"]), reverse=True)
    return found


def _present(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest report with all knowledge of every territory that still stands, with its age in words."""
    newest: dict[str, dict[str, Any]] = {}
    for record in found:
        if not record["as_of"] and territory(record["territory"]).valid_to is None:
            newest.setdefault(record["territory"], record)
    return [_in_words(newest[code]) for code in TERRITORIES if code in newest]


def _in_words(record: dict[str, Any]) -> dict[str, Any]:
    """A report with its answer and the age of its figures as sentences; one of an older program without its age."""
    age = record.get("age")
    return {
        **record,
        "age": age_sentences(Age(**{**age, "missing": tuple(age["missing"])}), "", "vi") if age else "",
        "answer": recorded_answer(record, "vi"),
        "look": phase_key(record["phase"], record["probability"]),
    }


def _family(record: dict[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Reports of the same territory and kind of knowledge (all figures, or those of the day), oldest first."""
    same = [
        other
        for other in found
        if other["territory"] == record["territory"] and bool(other["as_of"]) == bool(record["as_of"])
    ]
    return same[::-1]


def _trail(record: dict[str, Any], found: list[dict[str, Any]]) -> Markup:
    """Probability in the reports until this one as a small line; empty for the first."""
    family = _family(record, found)
    until = family[: family.index(record) + 1]
    values = pd.Series([other["probability"] for other in until], dtype=float)
    if values.notna().sum() < 2:
        return Markup("")
    return sparkline(values, say("archive.trail", "vi", reports=len(until)), low=0.0, high=1.0)


def _link_neighbours(record: dict[str, Any], found: list[dict[str, Any]], reports: Path, staging: Path) -> None:
    """Write the links to the month before and after between the marks of every page of a report."""
    family = _family(record, found)
    place = family.index(record)
    around = {"previous": family[place - 1 : place] if place else [], "next": family[place + 1 : place + 2]}
    up = "../" * (record["folder"].count("/") + 1)
    for page in sorted(name for name in record["outputs"] if name.endswith(".html")):
        language = page.split(".")[-2]
        links = Markup(" ").join(
            Markup('<a href="{}{}/{}">{}</a>').format(
                up, other["folder"], page, say(f"page.{key}", language, period=other["period"])
            )
            for key, others in around.items()
            for other in others
            if page in other["outputs"]
        )
        path = reports / record["folder"] / page
        if (html := _page(path)) is not None:  # one that is damaged or gone is built again by its own run
            _put(with_months(html, links), path, staging)


def _page(path: Path) -> str | None:
    """The text of a published page, None where it is none: a link leads elsewhere."""
    try:
        return plain_bytes(path, LARGEST_OUTPUT).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _put(text: str, path: Path, staging: Path) -> None:
    """Replace a file in one step; one that says the same already is not touched."""
    if _page(path) != text:
        (staging / path.name).write_bytes(text.encode("utf-8"))
        (staging / path.name).replace(path)

"""A study → where its figures come from."""

import pandas as pd

from bn_analysis.cycle.bottoming import N_PATHS
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.settings import versions
from bn_analysis.study.study import Study


def sources(study: Study, language: Language) -> Part:
    """Publishers, files with their hashes, versions and seed: what it takes to get the same page again."""
    frame = pd.DataFrame(
        {
            say("sources.file", language): [file.name for file in study.files],
            say("sources.publisher", language): [file.publisher[language] for file in study.files],
            say("sources.rows", language): [file.rows for file in study.files],
            say("sources.hash", language): [file.sha256[:12] for file in study.files],
        }
    )
    lines = [
        say("sources.versions", language, versions=versions()),
        say("sources.seed", language, draws=study.draws.shape[1], paths=N_PATHS, seed=study.seed),
        say(f"territory_note.{study.parameters.territory}", language),
    ]
    body = tabled(frame, language, caption=say("sources.files", language), index=False)
    return body + paragraph(lines)

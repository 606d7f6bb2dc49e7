"""A file of somebody's own monthly values → its adjusted chart, turning points and phase, or why it is refused."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.series_csv import read_series
from bn_analysis.cycle import Bottoming, TurningPoints, turning_points
from bn_analysis.errors import BnAnalysisError
from bn_analysis.report.elements.chart import Chart
from bn_analysis.report.elements.csv_link import csv_link, file_name
from bn_analysis.report.elements.part import Part, in_house_style, paragraph, tabled
from bn_analysis.report.explorer.view import answer, finding
from bn_analysis.report.language.formats import Language, short_month
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_key
from bn_analysis.report.pages.study_charts import adjustment_chart
from bn_analysis.seasonal import SeasonalAdjustment
from bn_analysis.settings import DRAWS, SEED
from bn_analysis.study.steps import adjust, bottoming

LONGEST_NAME = 60
"""Letters kept of the name of a file that came by the browser: systems limit the bytes, not the letters."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What `bn-analysis adjust` and `date` find in a series, and the verdict on its last month."""

    adjustment: SeasonalAdjustment
    turns: TurningPoints
    verdict: Bottoming


@dataclass(frozen=True, slots=True)
class OwnSeries:
    """A series of one's own; shows itself.

    Attributes
    ----------
    name : str
        Of its file, without the ending.
    judged : Judged or None
        To look into; None where the file is refused.
    language : {"vi", "en"}
    message : str
        Why it is refused, one line; else empty.
    """

    name: str
    judged: Judged | None
    language: Language
    message: str = ""

    def pieces(self) -> list[Part | Chart]:
        """Verdict, how it was found, chart, turning points; or the message."""
        if self.judged is None:
            return [paragraph([self.message])]
        return [self.card(self.judged), self.chart(self.judged), self.turns(self.judged)]

    def card(self, judged: Judged) -> Part:
        """The verdict in a sentence, and below it span, method and probabilities."""
        verdict, months = judged.verdict, judged.adjustment.table.index
        sentence = answer(verdict, self.name, verdict.at, self.language)
        facts = {"observed": int(judged.adjustment.table["value"].notna().sum()), "months": len(months)}
        how = say(
            "explore.own.how", self.language, first=months[0], last=months[-1], probability=verdict.probability,
            relapse=verdict.relapse, method=say(f"explore.method.{judged.adjustment.method}", self.language),
            reasons=[say(f"reason.{code}", self.language, **facts) for code in verdict.reasons],
        )  # fmt: skip
        html = Markup('<section class="verdict {}"><p class="answer">{}</p><p>{}</p></section>').format(
            phase_key(verdict.phase, verdict.probability), sentence, how
        )
        return Part(str(html), paragraph([sentence, how]).data)

    def chart(self, judged: Judged) -> Chart:
        """Values, adjusted and trend, with peaks and troughs marked."""
        return adjustment_chart(
            judged.adjustment, judged.adjustment.draws(DRAWS, SEED), self.language, turns=judged.turns,
            title=finding(judged.verdict, self.name, judged.verdict.at, self.language),
            axis=say("explore.own.axis", self.language),
        )  # fmt: skip

    def turns(self, judged: Judged) -> Part:
        """Peaks and troughs as a table, and every component of the series to take away."""
        frame = pd.DataFrame(
            {
                say("table.period", self.language): [short_month(turn.period, self.language) for turn in judged.turns],
                say("explore.own.turn", self.language): [self._kind(turn.type) for turn in judged.turns],
            }
        )
        if len(frame):
            found = tabled(frame, self.language, caption=say("explore.own.turns", self.language), index=False)
        else:
            found = paragraph([say("explore.own.no_turns", self.language)])
        components = judged.adjustment.to_csv_frame().astype({"period": str}).round(4)
        text = say("explore.own.csv", self.language)
        link = csv_link(components, self.language, file_name(self.name), text)
        return found + Part(str(Markup("<p>{}</p>").format(link)))

    def _kind(self, kind: str) -> str:
        return say(f"explore.own.{kind}", self.language)

    def _repr_html_(self) -> str:
        return in_house_style("".join(piece.html for piece in self.pieces()))


def own_series(path: str | Path, language: Language = "vi") -> OwnSeries:
    """Adjust, date and judge the series of a file, columns ``period,value``.

    Parameters
    ----------
    path : str or pathlib.Path
    language : {"vi", "en"}

    Returns
    -------
    OwnSeries
        What `bn-analysis adjust` or `bn-analysis date` refuses gives a message, never an exception.
    """
    file = Path(path)
    try:
        adjustment = adjust(read_series(file).rename(file.stem))
        judged = Judged(adjustment, turning_points(adjustment.seasonally_adjusted), bottoming(adjustment))
    except BnAnalysisError as error:
        return OwnSeries(file.stem, None, language, say("explore.own.refused", language, error=error))
    return OwnSeries(file.stem, judged, language)


def uploaded_series(name: str, content: bytes, language: Language) -> OwnSeries:
    """As `own_series`, of a file that came by the browser; nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="bn-analysis-own-") as folder:
        file = Path(folder, re.sub(r"[^\w. -]+", "_", name)[-LONGEST_NAME:].strip(". ") or "series.csv")
        file.write_bytes(content)
        return own_series(file, language)

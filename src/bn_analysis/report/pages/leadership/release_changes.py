"""A study beside the one of the day before its newest release → what that release changed, in words and as a table."""

import pandas as pd

from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, day
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_words
from bn_analysis.study.releases import before
from bn_analysis.study.study import Study

SHOWN_MONTHS = 12


def summary(study: Study, language: Language) -> Part:
    """The verdict before the newest release and now, and the largest change it made to the past."""
    earlier = before(study)
    if earlier is None:
        return paragraph([say("changes.hindsight", language)])
    then, now = earlier.verdict, study.verdict
    sentences = [
        say(
            "changes.verdict" if (then.phase, then.doubtful) == (now.phase, now.doubtful) else "changes.verdict_new",
            language,
            released=day(study.vintage, language),
            figures=len(study.rates) - len(earlier.rates),
            territory=study.parameters.territory,
            phase_then=phase_words(then.phase, then.probability, language),
            phase_now=phase_words(now.phase, now.probability, language),
            then=then.probability,
            now=now.probability,
            at_then=earlier.at,
            at_now=study.at,
        )
    ]
    moved = _levels(study, earlier)["revision"].dropna()
    if len(moved):
        month = moved.abs().idxmax()
        sentences.append(say("changes.largest", language, month=month, revision=float(moved[month])))
    return paragraph(sentences)


def revisions(study: Study, language: Language) -> Part:
    """Adjusted growth on the month before, as it was and as it is now, over the last year; newest first."""
    earlier = before(study)
    if earlier is None:
        return Part("")
    frame = _levels(study, earlier).iloc[-SHOWN_MONTHS:][::-1]
    frame.columns = [say(f"changes.{name}", language) for name in frame.columns]
    frame.index.name = say("table.period", language)
    return tabled(frame, language, caption=say("changes.caption", language, day=study.vintage))


def _levels(study: Study, earlier: Study) -> pd.DataFrame:
    """Monthly change of the adjusted index before and after, and what the levels were revised by, per cent.

    Levels are compared with both indices at 100 on average over the year before the months shown: the base moves too.
    """
    now, then = (each.adjustment.seasonally_adjusted for each in (study, earlier))
    shared = now.index.intersection(then.index)
    base = shared[:-SHOWN_MONTHS][-12:] if len(shared) > SHOWN_MONTHS + 12 else shared
    now, then = now / now[base].mean(), then / then[base].mean()
    frame = pd.DataFrame(
        {
            "growth_then": 100 * then.pct_change(),
            "growth_now": 100 * now.pct_change(),
            "revision": 100 * (now / then - 1),
        }
    )
    return frame.loc[max(now.index[0], now.index[-1] - SHOWN_MONTHS + 1) :]

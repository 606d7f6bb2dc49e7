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
    return paragraph([*sentences, largest_revision(earlier, study, language)])


def revisions(study: Study, language: Language) -> Part:
    """Adjusted growth on the month before, as it was and as it is now, over the last year; newest first."""
    earlier = before(study)
    if earlier is None:
        return Part("")
    frame = _changes(earlier, study)[::-1]
    frame.columns = [say(f"changes.{name}", language) for name in frame.columns]
    frame.index.name = say("table.period", language)
    return tabled(frame, language, caption=say("changes.caption", language, day=study.vintage))


def largest_revision(earlier: Study, later: Study, language: Language) -> str:
    """The month whose adjusted level moved most between two studies of one series; "" where they share none."""
    moved = _changes(earlier, later)["revision"].dropna()
    if moved.empty:
        return ""
    month = moved.abs().idxmax()
    return say("changes.largest", language, month=month, revision=float(moved[month]))


def levels(earlier: Study, later: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Index and adjusted index of both (columns value, seasonally_adjusted), made comparable: the base moves too.

    Both adjusted indices are 100 on average over the year before the last twelve months that they share.
    """
    then, now = (each.adjustment.to_frame()[["value", "seasonally_adjusted"]] for each in (earlier, later))
    shared = now.index.intersection(then.index)
    base = shared[:-SHOWN_MONTHS][-12:] if len(shared) > SHOWN_MONTHS + 12 else shared
    before, after = (100 * frame / frame.loc[base, "seasonally_adjusted"].mean() for frame in (then, now))
    return before, after


def _changes(earlier: Study, later: Study) -> pd.DataFrame:
    """Monthly change of the adjusted index before and after, and what the levels were revised by, per cent."""
    then, now = (frame["seasonally_adjusted"] for frame in levels(earlier, later))
    frame = pd.DataFrame(
        {
            "growth_then": 100 * then.pct_change(),
            "growth_now": 100 * now.pct_change(),
            "revision": 100 * (now / then - 1),
        }
    )
    first = min(now.index[-1], then.index[-1] + 1) - SHOWN_MONTHS + 1
    return frame.loc[max(now.index[0], first) :]

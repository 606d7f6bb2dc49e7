"""The age of the figures → the sentences on the first screen of every page, and on the list of reports."""

from bn_analysis.cleaning.language.classification import territory as place
from bn_analysis.report.language.formats import Language, short_month
from bn_analysis.report.language.sentences import say
from bn_analysis.study.age import Age


def age_sentences(age: Age, as_of: str, language: Language) -> str:
    """Up to which month, published when, due when and which months are missing, as one text.

    Parameters
    ----------
    age : Age
    as_of : str
        Day of knowledge of the page, "" for all figures.
    language : {"vi", "en"}
    """
    sentences = [say("age.as_of", language, as_of=as_of)] if as_of else []
    sentences.append(say("age.until", language, last=age.last, released=age.released))
    if age.due:
        sentences.append(say("age.due", language, awaited=age.awaited, due=age.due))
    if age.missing:
        months = [short_month(month, language) for month in age.missing]
        sentences.append(say("age.missing", language, months=", ".join(months), count=len(months)))
    return " ".join(sentences)


def ended_sentence(age: Age, language: Language) -> str:
    """That the series has ended and where today's is; "" where the territory still stands."""
    if not age.successor:
        return ""
    ended = place(age.territory).valid_to  # of the borders: on a past day of knowledge the last figure known is earlier
    return say("age.ended", language, territory=age.territory, last=ended, successor=age.successor)

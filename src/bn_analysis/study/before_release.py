"""A study → the study as it stood before the newest release."""

import datetime as dt

from bn_analysis.errors import InputError
from bn_analysis.study.study import Study, open_study


def before(study: Study) -> Study | None:
    """The study as it stood before the newest release; None for a month of the past or where nothing was known."""
    if study.at < study.last_observed:
        return None
    last_day = str(dt.date.fromisoformat(study.vintage) - dt.timedelta(days=1))
    try:
        return open_study(study.parameters.territory, "latest", last_day, settings=study.settings)
    except InputError:
        return None  # the newest release is the first one

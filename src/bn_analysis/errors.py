"""Every error the project raises on purpose: one line for people, one exit code for schedulers."""

import errno


class BnAnalysisError(Exception):
    """A failure the program understands; its text is one line that says what to do next."""

    exit_code = 1


class InputError(BnAnalysisError):
    """Something handed in (a parameter, a file, a figure) is not acceptable; nothing was written."""

    exit_code = 2


class NotEnoughDataError(InputError):
    """The figures are sound but too few or too far apart for the method that was asked for."""


class EngineError(BnAnalysisError):
    """An outside program (X-13ARIMA-SEATS, a kernel, a browser) is missing, failed or ran too long."""


class BuildError(BnAnalysisError):
    """A report could not be built or did not pass its checks; the last good one stays in place."""


class MailError(BnAnalysisError):
    """An e-mail could not be sent; what was published stays published."""


def bilingual(vi: str, en: str) -> str:
    """One line in Vietnamese and then in English, for whoever reads the reason."""
    return f"{vi} / {en}"


NO_NAME = frozenset({errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EINVAL, errno.ELOOP})
"""Refusals of the operating system that speak of the name handed in, not of the machine."""


def os_words(error: OSError) -> str:
    """A refusal of the operating system (no space, no right, no such folder) as one line."""
    if error.errno == errno.ENOSPC:  # it comes without the name of a file
        place = error.filename or "the disk of reports, data or temporary files"
        return f"{place}: no space left; make room and run again, nothing half-made was left"
    return f"{error.filename or 'a file'}: {error.strerror or error}; nothing half-made was left"

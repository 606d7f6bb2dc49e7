"""What goes wrong → one line for people, one exit code for schedulers: raised on purpose, or unforeseen and logged."""

import errno
import sys
from pathlib import Path

NOTHING_NEW = 3
"""Exit code of a run that found every report as its inputs would make it, and nothing to book."""


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
        place = error.filename or bilingual(
            "đĩa chứa báo cáo, số liệu hoặc tệp tạm", "the disk of reports, data or temporary files"
        )
        vi = "hết chỗ trống; dọn bớt rồi chạy lại, không có gì dở dang"
        return f"{place}: {bilingual(vi, 'no space left; make room and run again, nothing half-made was left')}"
    return f"{error.filename or 'a file'}: {error.strerror or error}; nothing half-made was left"


def unforeseen(error: Exception, version: str) -> str:
    """What happened, where, and the file that holds the rest: this user's log folder, else one of temporary files."""
    import tempfile
    import traceback

    from platformdirs import user_log_path

    place = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {str(error)[:200]} ({Path(place.filename).name}, line {place.lineno})"
    text = f"bn-analysis {version}: {' '.join(sys.argv[1:])}\n{''.join(traceback.format_exception(error))}"
    for make in (lambda: user_log_path("bn-analysis", ensure_exists=True), lambda: None):
        try:
            with tempfile.NamedTemporaryFile(
                "w", prefix="error-", suffix=".log", dir=make(), encoding="utf-8", errors="replace", delete=False
            ) as log:  # readable by this user alone
                log.write(text)
        except (OSError, RuntimeError):
            continue
        else:
            return said + "; " + bilingual(f"lỗi chưa lường trước, xem {log.name}", f"unforeseen, see {log.name}")
    return f"{said}; " + bilingual("lỗi chưa lường trước", "unforeseen")

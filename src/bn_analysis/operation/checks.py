"""The project as it lies here → findings, each fine or not: figures, clock, engines, folders, versions."""

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bn_analysis.cleaning.raw.corrections import CORRECTIONS_FILE
from bn_analysis.cleaning.raw.sidecars import GATHERED, SIDECAR_SUFFIX
from bn_analysis.errors import BnAnalysisError, InputError, bilingual, os_words
from bn_analysis.publication.browser import find_browser
from bn_analysis.settings import Settings, versions

VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
"""Every letter a chart may need beyond those of English; their capitals too."""

MOVING_SECONDS = 1.0
"""What moving the files of one ingestion takes at most, many times over."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    what : str
    fine : bool
    said : str
        What was found, or what is wrong and what to do.
    exit_code : int
        Of a run that stops here: 0 where it is fine, else 2 for what was handed in and 1 for this computer.
    """

    what: str
    fine: bool
    said: str
    exit_code: int = 0


def health(today: dt.date | None = None) -> list[Finding]:
    """Look at everything a monthly run needs; a failure is a finding, not an exception.

    Parameters
    ----------
    today : datetime.date, optional
        Day by which releases are late; the computer's date by default.
    """
    try:
        settings = Settings()
    except InputError as error:  # without a project there is nothing else to look at
        return [Finding("settings", False, str(error), error.exit_code)]
    day = today or dt.date.today()
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("python", lambda _: sys.version.split()[0]),
        ("packages", _packages),
        ("raw data", _raw),
        ("clock", partial(_clock, today=day)),
        ("territories", _territories),
        ("gaps", _gaps),
        ("releases", partial(_releases, today=day)),
        ("X-13ARIMA-SEATS", _engine),
        ("fonts", _fonts),
        ("browser", _browser),
        ("kernel", _kernel),
        ("notebooks", _notebooks),
        ("write access", _writable),
    ]
    return [_look(what, said, settings) for what, said in checks]


def _look(what: str, said: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, True, said(settings))
    except BnAnalysisError as error:
        return Finding(what, False, str(error), error.exit_code)
    except OSError as error:
        return Finding(what, False, os_words(error), 1)
    except Exception as error:  # whatever one thing is, the others are still looked at
        return Finding(what, False, " ".join(f"{type(error).__name__}: {error}".split()), 2)


def _packages(_: Settings) -> str:
    return versions()


def _raw(settings: Settings) -> str:
    from bn_analysis.cleaning.rates import read_rates
    from bn_analysis.cleaning.raw.sidecars import read_raw, read_sidecar
    from bn_analysis.study.knowledge import reviewed

    gone = _gone(settings.raw)
    if gone:
        time.sleep(MOVING_SECONDS)  # an ingestion at work has brought the sidecar and is about to bring the file
        gone = _gone(settings.raw)
    if gone:
        raise InputError(f"{', '.join(gone)}: {bilingual('thiếu; khôi phục data/raw', 'missing; restore data/raw')}")
    if fault := reviewed(settings).fault:
        raise InputError(fault)
    files = sorted(settings.raw.rglob("*.csv"))
    for path in files:
        read_raw(path, list(read_sidecar(path)["columns"]))
    return f"{len(files)} files as recorded (sha256), {len(read_rates(settings.raw))} published rates"


def _gone(raw: Path) -> list[str]:
    """Files that were gathered, or that a sidecar speaks of, and are not here."""
    spoken_of = {path.with_name(path.name.removesuffix(SIDECAR_SUFFIX)) for path in raw.rglob(f"*{SIDECAR_SUFFIX}")}
    missing = {
        path for path in spoken_of | {raw / name for name in (*GATHERED, CORRECTIONS_FILE)} if not path.is_file()
    }
    return sorted(path.relative_to(raw).as_posix() for path in missing)


def _clock(settings: Settings, today: dt.date) -> str:
    from bn_analysis.study.knowledge import check_clock

    return f"{today}, newest release {check_clock(settings, today)}"


def _territories(settings: Settings) -> str:
    from bn_analysis.study.knowledge import known
    from bn_analysis.study.parameters import TERRITORIES

    spans = {code: known(settings, code) for code in TERRITORIES}
    return "; ".join(f"{code} {span.first_period} to {span.last_period}" for code, span in spans.items())


def _gaps(settings: Settings) -> str:
    """Months without a figure of their own: a fact about the figures, bridged by the index and said on its page."""
    from bn_analysis.study.knowledge import months_with_figures
    from bn_analysis.study.parameters import TERRITORIES, months

    said = []
    for code in TERRITORIES:
        present = months_with_figures(settings, code)
        span = months(min(present), max(present))
        missing = [month for month in span if month not in present]
        last = f", the last {missing[-1]}" if missing else ""
        said.append(f"{code} {len(missing)} of {len(span)} months without a figure of their own{last}")
    return "; ".join(said)


def _releases(settings: Settings, today: dt.date) -> str:
    from bn_analysis.operation.release_status import lateness

    return "; ".join(state.line() for state in lateness(settings, today))


def _engine(_: Settings) -> str:
    from bn_analysis.seasonal.x13.binary import find_program, program_version

    return f"{find_program().name}, version {program_version()}"


def _fonts(_: Settings) -> str:
    from matplotlib.font_manager import findfont, get_font

    from bn_analysis.report.elements.chart import STYLE

    (name,) = STYLE["font.sans-serif"]
    try:
        letters = get_font(findfont(name, fallback_to_default=False)).get_charmap()
    except ValueError:
        said = bilingual("thiếu phông chữ; chạy lại make setup", "the font is missing; run make setup again")
        raise BnAnalysisError(f"{name}: {said}") from None
    absent = sorted(letter for letter in VIETNAMESE + VIETNAMESE.upper() if ord(letter) not in letters)
    if absent:
        said = bilingual(
            "phông chữ thiếu chữ; cài DejaVu Sans của matplotlib", "letters missing; install matplotlib's DejaVu Sans"
        )
        raise BnAnalysisError(f"{name}: {said}: {' '.join(absent)}")
    return f"{name} carries every Vietnamese letter"


def _browser(_: Settings) -> str:
    return find_browser() or "none; needed only for --pdf, --png and the tests of the pages"


def _kernel(_: Settings) -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        return str(KernelSpecManager().get_kernel_spec("python3").display_name)
    except NoSuchKernel:
        raise BnAnalysisError(
            bilingual("thiếu kernel python3; chạy lại make setup", "no kernel python3; run make setup again")
        ) from None


def _notebooks(settings: Settings) -> str:
    from bn_analysis.study.store.notebooks import NOTEBOOKS

    missing = [name for name in NOTEBOOKS if not (settings.notebooks / f"{name}.ipynb").is_file()]
    if missing:
        raise BnAnalysisError(
            f"{', '.join(missing)}: {bilingual('thiếu; khôi phục notebooks/', 'missing; restore notebooks/')}"
        )
    return f"{len(NOTEBOOKS)} found"


def _writable(settings: Settings) -> str:
    """Whether what a run writes could be written; nothing is made to find out."""
    from bn_analysis.publication.swap import can_exchange

    for folder in (settings.reports, settings.processed):
        there = next(place for place in (folder, *folder.parents) if place.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            raise BnAnalysisError(
                bilingual(
                    f"{folder} không ghi được ({there}); cấp quyền cho người dùng này",
                    f"{folder} cannot be written ({there}); give this user the right",
                )
            )
    swapped = "change places in one step" if can_exchange() else "take two steps to change places here"
    return f"reports and data/processed; reports {swapped}"

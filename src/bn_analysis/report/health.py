"""The project as it lies here → findings, each fine or not: data, engines, folders, versions."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bn_analysis.errors import BnAnalysisError
from bn_analysis.settings import Settings, versions


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    fine: bool
    said: str


def health() -> list[Finding]:
    """Look at everything a monthly run needs; a failure is a finding, not an exception."""
    settings = Settings()
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("python", lambda _: sys.version.split()[0]),
        ("packages", _packages),
        ("raw data", _raw),
        ("territories", _territories),
        ("X-13ARIMA-SEATS", _engine),
        ("kernel", _kernel),
        ("notebooks", _notebooks),
        ("write access", _writable),
    ]
    return [_look(what, said, settings) for what, said in checks]


def _look(what: str, said: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, True, said(settings))
    except BnAnalysisError as error:
        return Finding(what, False, str(error))


def _packages(_: Settings) -> str:
    return versions()


def _raw(settings: Settings) -> str:
    from bn_analysis.cleaning.rates import read_rates
    from bn_analysis.cleaning.raw import read_raw, read_sidecar

    files = sorted(settings.raw.rglob("*.csv"))
    for path in files:
        read_raw(path, list(read_sidecar(path)["columns"]))
    return f"{len(files)} files as recorded, {len(read_rates(settings.raw))} published rates"


def _territories(settings: Settings) -> str:
    from bn_analysis.report.parameters import SOURCES, known

    spans = {code: known(settings.raw, code) for code in SOURCES}
    return "; ".join(f"{code} {span.first_period} to {span.last_period}" for code, span in spans.items())


def _engine(_: Settings) -> str:
    from bn_analysis.seasonal.program import find_program

    return find_program().name


def _kernel(_: Settings) -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        return str(KernelSpecManager().get_kernel_spec("python3").display_name)
    except NoSuchKernel:
        raise BnAnalysisError("no kernel python3; run make setup again") from None


def _notebooks(settings: Settings) -> str:
    from bn_analysis.report.page import NOTEBOOKS

    missing = [name for name in NOTEBOOKS if not (settings.notebooks / f"{name}.ipynb").is_file()]
    if missing:
        raise BnAnalysisError(f"missing {', '.join(missing)}; restore notebooks/")
    return f"{len(NOTEBOOKS)} found"


def _writable(settings: Settings) -> str:
    for folder in (settings.reports, settings.processed):
        if not os.access(folder, os.W_OK):
            raise BnAnalysisError(f"{folder} cannot be written")
    return "reports and data/processed"

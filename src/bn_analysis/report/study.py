"""Checked parameters → everything a report stands on: rates, index, adjusted series and verdict, computed once."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import joblib
import pandas as pd

from bn_analysis.cleaning.rates import (
    LABOUR_FILE,
    NATIONAL_FILE,
    PROVINCIAL_FILE,
    as_of,
    read_rates,
    select,
    vintage,
)  # fmt: skip
from bn_analysis.cleaning.raw import read_sidecar
from bn_analysis.cycle import Bottoming, bottoming
from bn_analysis.index import IndexEstimate, estimate
from bn_analysis.report.parameters import Language, Parameters, check
from bn_analysis.seasonal import SeasonalAdjustment, from_estimate
from bn_analysis.settings import Settings, versions

REFERENCE = "VN"
"""The well-observed series from which a sparse territory borrows what it cannot learn, and the one shown beside it."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One raw file behind a report, for its list of sources."""

    name: str
    publisher: dict[Language, str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Study:
    """All results behind one report.

    Attributes
    ----------
    parameters : Parameters
    vintage : str
        Day of the newest figure used, YYYY-MM-DD.
    rates : pandas.DataFrame
        The published rates of the total index that were known.
    estimate : IndexEstimate
    adjustment : SeasonalAdjustment
    draws : pandas.DataFrame
        Draws of the seasonally adjusted level, months × draws.
    verdict : Bottoming
        On the month of the parameters.
    last_observed : pandas.Period
        Last month that any figure covers.
    files : tuple of RawFile
    beside : Study or None
        The country, for a province.
    seed : int
    """

    parameters: Parameters
    vintage: str
    rates: pd.DataFrame
    estimate: IndexEstimate
    adjustment: SeasonalAdjustment
    draws: pd.DataFrame
    verdict: Bottoming
    last_observed: pd.Period
    files: tuple[RawFile, ...]
    beside: "Study | None"
    seed: int

    @property
    def at(self) -> pd.Period:
        """The month that is judged."""
        return pd.Period(self.parameters.period, freq="M")


def open_study(
    territory: str = "BN", period: str = "latest", as_of: str = "", *, settings: Settings | None = None
) -> Study:
    """Everything behind the report of a territory and month, from store if nothing it depends on has changed.

    Parameters
    ----------
    territory : str
        BN, VN, BNM or BG.
    period : str
        YYYY-MM, the month that is judged, or "latest".
    as_of : str
        YYYY-MM-DD: use only figures released until then; "" uses every figure.
    settings : Settings, optional

    Returns
    -------
    Study

    Raises
    ------
    InputError
        A parameter or a raw file is not acceptable.
    """
    settings = settings or Settings()
    parameters = check(settings.raw, territory, period, as_of, dt.date.today())
    path = settings.processed / f"study-{_key(parameters, settings)}.joblib"
    if path.is_file():
        return joblib.load(path)
    study = compute_study(parameters, settings)
    settings.processed.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{id(study):x}.part")
    joblib.dump(study, temporary, compress=3)
    temporary.replace(path)
    return study


def compute_study(parameters: Parameters, settings: Settings) -> Study:
    """The same, always computed."""
    rates = read_rates(settings.raw)
    known = as_of(rates, parameters.as_of) if parameters.as_of else rates
    reference = select(known, REFERENCE)
    if parameters.territory == REFERENCE:
        return _compute(parameters, reference, None, None, settings)
    country = estimate(reference)
    last = min(parameters.period, reference["period"].max())
    beside = _compute(Parameters(REFERENCE, last, parameters.as_of), reference, None, None, settings)
    return _compute(parameters, select(known, parameters.territory), country, beside, settings)


def _compute(
    parameters: Parameters, rates: pd.DataFrame, country: IndexEstimate | None, beside: Study | None, settings: Settings
) -> Study:
    last = rates["period"].max()
    index = estimate(rates, prior_from=country, end=max(last, parameters.period))
    adjustment = from_estimate(index)
    draws = adjustment.draws(settings.draws, settings.seed)
    verdict = bottoming(
        draws, at=parameters.period, seed=settings.seed, enough_data=True if index.enough_data else "few_figures"
    )
    return Study(
        parameters=parameters,
        vintage=vintage(rates),
        rates=rates,
        estimate=index,
        adjustment=adjustment,
        draws=draws,
        verdict=verdict,
        last_observed=pd.Period(last, freq="M"),
        files=_files(settings.raw, parameters.territory),
        beside=beside,
        seed=settings.seed,
    )


def _files(raw_dir: Path, territory: str) -> tuple[RawFile, ...]:
    names = (NATIONAL_FILE,) if territory == REFERENCE else (PROVINCIAL_FILE, NATIONAL_FILE)
    records = [(name, read_sidecar(raw_dir / name)) for name in names]
    return tuple(
        RawFile(name, {"vi": r["publisher_vi"], "en": r["publisher_en"]}, r["rows"], r["sha256"]) for name, r in records
    )


def _key(parameters: Parameters, settings: Settings) -> str:
    """A text that changes when anything a study depends on changes: figures, code, packages, parameters, settings."""
    digest = hashlib.sha256(repr((parameters, settings.seed, settings.draws, versions())).encode())
    raw = [settings.raw / name for name in (PROVINCIAL_FILE, NATIONAL_FILE, LABOUR_FILE, "corrections.yml")]
    package = Path(__file__).resolve().parents[1]
    code = [path for path in sorted(package.rglob("*")) if path.suffix in (".py", ".csv", ".json") and path.is_file()]
    for path in (*raw, *code):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]

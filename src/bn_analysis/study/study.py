"""Checked parameters → everything a report stands on: rates, index, adjusted series and verdict, computed once."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup

from bn_analysis.cleaning.language.classification import COUNTRY, PRESENT, TOTAL, Language
from bn_analysis.cleaning.language.classification import territory as place
from bn_analysis.cleaning.rates import LABOUR_FILE, NATIONAL_FILE, PROVINCIAL_FILE, vintage
from bn_analysis.cleaning.raw.sidecars import read_sidecar
from bn_analysis.cycle import Bottoming, bottoming
from bn_analysis.cycle.alternatives.sensitivity import METHODS, Subject, draws_by, sensitivity
from bn_analysis.cycle.phases import Phase
from bn_analysis.errors import BnAnalysisError, InputError
from bn_analysis.index import IndexEstimate
from bn_analysis.index.model.observations import LONGEST_GAP
from bn_analysis.seasonal import SeasonalAdjustment
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import check, known, known_rates, rates_behind, reviewed
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.steps import adjust, announced, index_of
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint, raw_files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNREAD = frozenset({"tet.csv", "vsic.csv"})
"""Raw files kept to check our own calendar and names against: no page reads them."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One raw file behind a report, for its list of sources."""

    name: str
    publisher: dict[Language, str]
    rows: int
    sha256: str


NOTHING_AHEAD = pd.DataFrame(
    columns=["index", "low80", "high80", "adjusted", "adjusted_low80", "adjusted_high80"],
    index=pd.PeriodIndex([], freq="M"),
)


@dataclass(frozen=True, slots=True)
class Study:
    """All results behind one report.

    Attributes
    ----------
    parameters : Parameters
    vintage : str
        Day of the newest figure used, YYYY-MM-DD.
    rates : pandas.DataFrame
        The published rates of the total index that were known, those of the territories it was made of among them.
    estimate : IndexEstimate
    adjustment : SeasonalAdjustment
    draws : pandas.DataFrame
        Draws of the seasonally adjusted level, months × draws.
    implied_yoy : pandas.DataFrame
        Change on a year earlier that the index implies, per cent: columns value_pct, low80, high80, by month.
    verdict : Bottoming
        On the month of the parameters.
    previous : str or None
        Phase that stood a month before; None where the verdict judged the months before by itself.
    last_observed : pandas.Period
        Last month that any figure covers.
    ahead : pandas.DataFrame
        Months not yet printed of which the country's figures are: columns index, low80, high80, adjusted,
        adjusted_low80, adjusted_high80. No verdict rests on them; empty where there are none.
    files : tuple of RawFile
    beside : Study or None
        The country, for a province.
    settings : Settings
        Folders, seed and number of draws; whatever else a page reads comes from these folders.
    """

    parameters: Parameters
    vintage: str
    rates: pd.DataFrame
    estimate: IndexEstimate
    adjustment: SeasonalAdjustment
    draws: pd.DataFrame
    implied_yoy: pd.DataFrame
    verdict: Bottoming
    previous: Phase | None
    last_observed: pd.Period
    ahead: pd.DataFrame
    files: tuple[RawFile, ...]
    beside: "Study | None"
    settings: Settings

    @property
    def seed(self) -> int:
        """Seed of every simulation behind it."""
        return self.settings.seed

    @property
    def own(self) -> pd.DataFrame:
        """The published rates of the territory itself."""
        return self.rates[self.rates["territory"] == self.parameters.territory]

    @property
    def parts(self) -> tuple[str, ...]:
        """Codes of the territories that this one was made of."""
        return place(self.parameters.territory).parts

    @property
    def at(self) -> pd.Period:
        """The month that is judged."""
        return pd.Period(self.parameters.period, freq="M")

    def plot(self) -> "Figure":
        """Index, adjusted and trend, as the adjustment draws them."""
        return self.adjustment.plot()

    def _repr_html_(self) -> str:
        verdict = self.verdict
        facts = {
            "estimate": f"{self.estimate.name} {self.estimate.indicator}, {self.estimate.n_figures}",
            "vintage": self.vintage,
            "at": str(self.at),
            "adjustment": self.adjustment.method,
            "verdict": verdict.phase
            if verdict.probability is None
            else f"{verdict.phase}, {verdict.probability:.2f}, {verdict.trough or '–'}",
        }
        rows = Markup("").join(
            Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(*fact) for fact in facts.items()
        )
        return str(Markup("<table>{}</table>").format(rows))


def open_study(
    territory: str = PRESENT,
    period: str = "latest",
    as_of: str = "",
    *,
    settings: Settings | None = None,
    alone: bool = False,
) -> Study:
    """Everything behind the report of a territory and month; what several months share is computed once and stored.

    Parameters
    ----------
    territory : str
        BNM, BN, BG or VN.
    period : str
        YYYY-MM, the month that is judged, or "latest".
    as_of : str
        YYYY-MM-DD: use only figures released until then; "" uses every figure.
    settings : Settings, optional
    alone : bool
        Leave out the study of the country beside it: the same numbers in a third of the time.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        A parameter or a raw file is not acceptable.
    """
    settings = settings or Settings()
    parameters = check(settings, territory, period, as_of, dt.date.today())
    alone = alone or territory == COUNTRY
    basis, beside = _basis(parameters, settings), None
    if not alone:
        last = known(settings, COUNTRY, parameters.as_of).last_period
        beside = open_study(COUNTRY, min(parameters.period, last), parameters.as_of, settings=settings)
    key = fingerprint(settings, parameters.territory, parameters, *(["alone"] if alone else []))
    judged = stored(settings, f"study-{key}", lambda: _judge(parameters, basis, beside, settings))
    return Study(
        parameters=parameters,
        vintage=vintage(basis.rates),
        rates=basis.rates,
        estimate=basis.estimate,
        adjustment=basis.adjustment,
        draws=basis.draws,
        implied_yoy=basis.implied_yoy,
        verdict=judged.verdict,
        previous=judged.previous,
        last_observed=pd.Period(known(settings, parameters.territory, parameters.as_of).last_period, freq="M"),
        ahead=judged.ahead,
        files=judged.files,
        beside=beside,
        settings=settings,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a month adds to its basis."""

    verdict: Bottoming
    previous: Phase | None
    ahead: pd.DataFrame
    files: tuple[RawFile, ...]


def _judge(parameters: Parameters, basis: "_Basis", beside: Study | None, settings: Settings) -> _Judged:
    previous = announced(
        known_rates(settings, "", parameters.territory),
        pd.Period(basis.draws.index[0]),
        parameters.period,
        parameters.as_of,
        lambda month, day: fresh_verdict(replace(parameters, period=month, as_of=day), settings),
    )
    verdict = bottoming(
        basis.draws, at=parameters.period, seed=settings.seed, withheld=basis.adjustment.withheld, previous=previous
    )
    return _Judged(
        verdict, previous, _ahead(parameters, basis, settings, beside), _files(settings, parameters.territory)
    )


def _ahead(parameters: Parameters, basis: "_Basis", settings: Settings, beside: Study | None) -> pd.DataFrame:
    """Levels of the months after the last figure up to the country's last, as the territory's own past carries them."""
    last = pd.Period(basis.draws.index[-1])
    if beside is None or place(parameters.territory).valid_to is not None or beside.last_observed <= last:
        return NOTHING_AHEAD
    end = min(beside.last_observed, last + LONGEST_GAP)
    longer = index_of(basis.rates, parameters.territory, reference_estimate(parameters.as_of, settings), end)
    low, middle, high = np.quantile(longer.adjusted_draws(settings.draws, settings.seed), [0.1, 0.5, 0.9], axis=1)
    frame = longer.to_frame()[["index", "low80", "high80"]]
    frame[["adjusted", "adjusted_low80", "adjusted_high80"]] = np.column_stack([middle, low, high])
    return frame.loc[last + 1 :]


def fresh_verdict(parameters: Parameters, settings: Settings) -> Bottoming:
    """The verdict on a month if nothing had been announced before; stored, because several months go back over it."""
    parameters = _at_release(parameters, settings)

    def compute() -> Bottoming:
        basis = _basis(parameters, settings)
        return bottoming(
            basis.draws,
            at=parameters.period,
            seed=settings.seed,
            withheld=basis.adjustment.withheld,
            previous="not_enough_data",
            flip=False,
        )

    key = fingerprint(settings, parameters.territory, "fresh", replace(parameters, language="vi"))
    return stored(settings, f"fresh-{key}", compute)


def alternatives(study: Study) -> pd.DataFrame:
    """The verdict on the same month under other choices, as the room of the cycle gives it; stored."""
    settings = study.settings
    key = fingerprint(settings, study.parameters.territory, "alternatives", replace(study.parameters, language="vi"))

    def compute() -> pd.DataFrame:
        reference = study.beside.estimate if study.beside is not None else None
        draws = _draws_by_method(study, settings)
        subject = Subject(
            study.rates,
            study.estimate,
            study.adjustment,
            study.at,
            reference,
            study.previous,
            draws,
            settings.draws,
            reviewed(settings),
        )
        return sensitivity(subject, seed=study.seed)

    return stored(settings, f"alternatives-{key}", compute)


def _draws_by_method(study: Study, settings: Settings) -> dict[str, pd.DataFrame]:
    """Draws by each method that can adjust the index; all months judged with one knowledge share them."""
    shared = (study.parameters.territory, str(study.draws.index[-1]), study.parameters.as_of)
    found: dict[str, pd.DataFrame] = {study.adjustment.method: study.draws}  # made with the same seed
    for method in (method for method in METHODS if method != study.adjustment.method):
        key = fingerprint(settings, study.parameters.territory, "method", method, *shared)
        compute = partial(draws_by, method, study.estimate, study.adjustment, settings.draws, study.seed)
        with suppress(BnAnalysisError):  # the choice itself meets it again, and says why it could not be judged
            found[method] = stored(settings, f"method-{key}", compute)
    return found


@dataclass(frozen=True, slots=True)
class _Basis:
    """What all months judged with one day of knowledge share."""

    rates: pd.DataFrame
    estimate: IndexEstimate
    adjustment: SeasonalAdjustment
    draws: pd.DataFrame
    implied_yoy: pd.DataFrame


def _basis(parameters: Parameters, settings: Settings) -> _Basis:
    """Rates, index, adjustment and draws known on a day, up to the last month with a figure or the one judged."""
    parameters = _at_release(parameters, settings)
    last = known(settings, parameters.territory, parameters.as_of).last_period
    end = max(last, parameters.period)
    key = fingerprint(
        settings, parameters.territory, "basis", parameters.territory, end, parameters.as_of, room="seasonal"
    )
    return stored(settings, f"basis-{key}", lambda: _compute_basis(parameters, end, settings))


def _at_release(parameters: Parameters, settings: Settings) -> Parameters:
    """The same with the day of the newest release in place of its day of knowledge: until the next one all is equal."""
    rates = rates_behind(settings, parameters.as_of, parameters.territory)
    country = known_rates(settings, parameters.as_of, COUNTRY)
    return replace(parameters, as_of=max(vintage(known) for known in (rates, country) if len(known)))


def _compute_basis(parameters: Parameters, end: str, settings: Settings) -> _Basis:
    rates = rates_behind(settings, parameters.as_of, parameters.territory)
    reference = reference_estimate(parameters.as_of, settings)
    if parameters.territory != COUNTRY:
        index = index_of(rates, parameters.territory, reference, end)
    elif str(reference.to_frame().index[-1]) == end:
        index = reference
    else:
        index = index_of(rates, COUNTRY, None, end)
    adjustment = adjust(index, reviewed(settings))
    draws = adjustment.draws(settings.draws, settings.seed)
    return _Basis(rates, index, adjustment, draws, index.implied("yoy"))


def reference_estimate(as_of: str, settings: Settings) -> IndexEstimate:
    """The country's index with the knowledge of a day ("" for every figure), from which sparse series borrow."""
    rates = known_rates(settings, as_of, COUNTRY)
    key = fingerprint(settings, COUNTRY, "reference", vintage(rates), room="index")
    return stored(settings, f"reference-{key}", lambda: index_of(rates, COUNTRY))


def country(study: Study) -> Study:
    """The study of the country with the same knowledge: the one beside a province, or the study itself."""
    if study.beside is not None:
        return study.beside
    if study.estimate.name != f"{COUNTRY} {TOTAL}" or study.estimate.indicator != "iip":
        raise InputError(f"{study.estimate.name}: a study without the country beside it; open it by open_study")
    return study


def _files(settings: Settings, territory: str) -> tuple[RawFile, ...]:
    """Every raw file that the pages of a territory may read, the rates first."""
    rates = [PROVINCIAL_FILE, NATIONAL_FILE, LABOUR_FILE]
    paths = [path for path in raw_files(settings, territory) if path.suffix == ".csv" and path.name not in UNREAD]
    paths.sort(key=lambda path: rates.index(path.name) if path.name in rates else len(rates))
    records = [(path.relative_to(settings.raw).as_posix(), read_sidecar(path)) for path in paths]
    return tuple(
        RawFile(name, {"vi": r["publisher_vi"], "en": r["publisher_en"]}, r["rows"], r["sha256"]) for name, r in records
    )

"""The table of published rates → the series that can be looked at, with the days on which each was published."""

from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from bn_analysis.cleaning.language.classification import TOTAL, industry_name
from bn_analysis.errors import InputError, bilingual
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.settings import Settings
from bn_analysis.study.industries import FEWEST_MONTHS
from bn_analysis.study.knowledge import all_rates
from bn_analysis.study.parameters import TERRITORIES
from bn_analysis.study.store.cache import stored
from bn_analysis.study.store.fingerprint import fingerprint

Indicator = Literal["iip", "labour"]
INDICATORS: tuple[Indicator, ...] = get_args(Indicator)
Key = tuple[str, str, str]
"""Territory, indicator, industry."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be looked at.

    Attributes
    ----------
    release_days : dict
        (territory, indicator, industry) → days of release, YYYY-MM-DD, oldest first. A total is listed as soon as
        it has one figure, an industry with `FEWEST_MONTHS` months of changes on a year earlier.
    """

    release_days: dict[Key, tuple[str, ...]]

    def territories(self) -> list[str]:
        """Codes: those that are reported on first, then the others by their names."""
        found = {key[0] for key in self.release_days}
        others = sorted(found - set(TERRITORIES), key=lambda code: territory_name(code, "en"))
        return [code for code in TERRITORIES if code in found] + others

    def indicators(self, code: str) -> list[Indicator]:
        """Indicators published for a territory."""
        return [each for each in INDICATORS if (code, each, TOTAL) in self.release_days]

    def industries(self, code: str, indicator: Indicator) -> list[str]:
        """Industries with enough figures, the total first."""
        found = sorted(key[2] for key in self.release_days if key[:2] == (code, indicator) and key[2] != TOTAL)
        return [TOTAL, *found]

    def days(self, code: str, indicator: Indicator, industry: str) -> tuple[str, ...]:
        """Days on which a series was published, oldest first.

        Raises
        ------
        InputError
            No such series; says what there is.
        """
        found = self.release_days.get((code, indicator, industry))
        if found is not None:
            return found
        if code not in self.territories():
            some = ", ".join(self.territories())
            raise InputError(
                bilingual(
                    f"địa bàn {code!r} không có số liệu; cần một trong {some}",
                    f"territory {code!r}: no figures; expected one of {some}",
                )
            )
        if indicator not in self.indicators(code):
            there = self.indicators(code)
            raise InputError(
                bilingual(
                    f"{code} không có số liệu {indicator!r}; cần {' hoặc '.join(there)}",
                    f"{code}: no {indicator!r} figures; expected {' or '.join(there)}",
                )
            )
        some = ", ".join(self.industries(code, indicator))
        raise InputError(
            bilingual(
                f"{code} {indicator}: ngành {industry!r} quá ít số liệu; cần một trong {some}",
                f"{code} {indicator}: too few figures of industry {industry!r}; expected one of {some}",
            )
        )


def open_catalogue(settings: Settings | None = None) -> Catalogue:
    """What the raw files hold; read once for the same files and stored."""
    settings = settings or Settings()
    key = fingerprint(settings, "", "catalogue")
    return stored(settings, f"catalogue-{key}", lambda: _catalogue(all_rates(settings)))


def _catalogue(rates: pd.DataFrame) -> Catalogue:
    dated = rates[rates["release_date"].notna() & rates["indicator"].isin(INDICATORS)]
    keys = ["territory", "indicator", "industry"]
    months = dated[dated["measure"] == "yoy"].groupby(keys)["period"].nunique()
    enough = set(months[months >= FEWEST_MONTHS].index)
    days = dated.groupby(keys)["release_date"].unique()
    return Catalogue({key: tuple(sorted(found)) for key, found in days.items() if key[2] == TOTAL or key in enough})


def industry_label(code: str, language: Language) -> str:
    """Code and name of an industry."""
    return say("explore.total", language) if code == TOTAL else f"{code} {industry_name(code, language)}"


def subject(code: str, indicator: Indicator, industry: str, language: Language) -> str:
    """What a series measures, as a sentence names it."""
    facts = {"name": territory_name(code, language)}
    if industry == TOTAL:
        return say(f"explore.subject.{indicator}", language, **facts)
    return say("explore.subject.industry", language, **facts, industry=industry_name(industry, language))

"""Facts of a result → sentences in Vietnamese and English, from the same facts and the same templates' keys."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateNotFound, Undefined

from bn_analysis.cleaning.language.classification import territory
from bn_analysis.errors import BuildError
from bn_analysis.report.language import formats
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.named import Said, marked, named

WORDS = Path(__file__).parents[1] / "words"


@cache
def words(language: Language) -> dict[str, str]:
    """Every text of a language by its dotted key, for example ``"page.skip"``; each is a Jinja template."""
    nested = yaml.safe_load((WORDS / f"{language}.yml").read_text(encoding="utf-8"))
    return dict(_flatten(nested, ""))


def _flatten(nested: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in nested.items():
        pairs.extend(
            _flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", str(value))]
        )
    return pairs


def say(key: str, language: Language, **facts: object) -> Said:
    """The sentence of a key with the facts put in.

    Parameters
    ----------
    key : str
        Dotted key of the texts, for example ``"verdict.bottomed_out"``.
    language : {"vi", "en"}
    **facts : object
        Everything the sentence names; numbers are formatted by the template's filters.

    Returns
    -------
    Said
        Plain text: whoever puts it on a page escapes it, and so keeps the names of its numbers.

    Raises
    ------
    BuildError
        The language has no such sentence, or a fact is missing: a page is never built with a hole in it.
    """
    try:
        return Said(_environment(language).get_template(key).render(**facts).strip())
    except TemplateNotFound:
        raise BuildError(f"words/{language}.yml: no sentence {key!r}; add it in every language") from None
    except Exception as error:
        raise BuildError(f"words/{language}.yml, {key}: {error}") from error


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=DictLoader(words(language)), cache_size=-1, undefined=StrictUndefined, trim_blocks=True, 
        autoescape=False, finalize=marked,
    )  # fmt: skip
    environment.filters.update(
        pct=lambda value, decimals=1: formats.percent(value, language, decimals),
        signed=lambda value, decimals=1: formats.percent(value, language, decimals, signed=True),
        num=lambda value, decimals=0: formats.number(value, language, decimals),
        prob=lambda value: formats.probability(value, language),
        month=lambda value: formats.month(value, language),
        short_month=lambda value: formats.short_month(value, language),
        day=lambda value: formats.day(value, language),
        base=lambda value: formats.base(value, language),
        territory=lambda code: territory_name(code, language),
        moved=lambda value, decimals=1: moved(value, language, decimals),
        upper_first=lambda text: text[:1].upper() + text[1:],
        named=_named,
    )
    return environment


def _named(text: str, *name: object) -> object:
    """A number with its name; without one where what it is of is not told, as of what was known earlier."""
    if any(part is None or isinstance(part, Undefined) for part in name):
        return text
    return marked(named(text, *name))


def territory_name(code: str, language: Language) -> str:
    """Name of a territory as the reader knows it; two of the same name are told apart by their time."""
    return territory(code).full_name(language)


def moved(change_pct: float | None, language: Language, decimals: int = 1) -> str:
    """A change in words: "tăng 7,3%", "giảm 8,7%", "không đổi"; what rounds to zero has not changed."""
    if change_pct is None or change_pct != change_pct:
        return formats.MISSING[language]
    if round(change_pct, decimals) == 0:
        return {"vi": "không đổi", "en": "unchanged"}[language]
    rose = change_pct > 0
    verb = {"vi": "tăng" if rose else "giảm", "en": "up" if rose else "down"}[language]
    return f"{verb} {formats.percent(abs(change_pct), language, decimals)}"

"""The promotion programme (khuyến công) → plan against actual by year and fund, and one model worked through."""

import pandas as pd

from bn_analysis.cleaning.promotion import read_promotion
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, number
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.study.study import Study

MODEL_NAME = "Tissue"
MODEL_YEAR = "2023"
MODEL = {
    "capacity": "design_capacity",
    "revenue": "expected_revenue",
    "jobs": "jobs_expected",
    "low": "average_income_low",
    "high": "average_income_high",
}
"""The tissue-paper model: what the worked case needs and the metric that holds it."""


def programme(study: Study) -> pd.DataFrame:
    """Rows of the study's territory and of those it was made of, known on its day, as `read_promotion` gives them."""
    rows = read_promotion(study.settings.raw)
    rows = rows[rows["territory"].isin((study.parameters.territory, *study.parts))]
    return rows[rows["source_date"] <= study.parameters.as_of] if study.parameters.as_of else rows


def summary(study: Study, language: Language) -> Part:
    """What the record holds and what it does not."""
    rows = programme(study)
    years = sorted({int(year) for year in rows["year"] if year.isdigit()})
    if not years:
        return paragraph([say("promotion.none", language)])
    missing = [str(year) for year in range(years[0], years[-1] + 1) if year not in years]
    pairs = _pairs(rows)
    sentences = [
        say("promotion.summary", language, rows=len(rows), first=years[0], last=years[-1], years=len(years)),
        say("promotion.gaps", language, missing=", ".join(missing)) if missing else "",
        say("promotion.pairs" if len(pairs) else "promotion.no_pairs", language, pairs=len(pairs)),
        say("promotion.no_cause", language),
    ]
    return paragraph(sentences)


def _pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Plan beside actual wherever both were printed for one year, fund and metric."""
    table = rows.pivot_table(
        index=["territory", "year", "fund", "metric", "unit"], columns="status", values="value", aggfunc="last"
    )
    return table.reindex(columns=["plan", "actual"]).dropna()


def by_year(study: Study, language: Language) -> Part:
    """Every figure of the territory by year and fund, plan, actual and rate of completion where both are known."""
    rows = programme(study)
    rows = rows[rows["year"] != "unknown"].sort_values(["territory", "year", "fund", "metric"], kind="stable")
    if rows.empty:
        return paragraph([say("promotion.none", language)])
    pairs = _pairs(rows)
    rates = []
    for row in rows.to_dict("records"):
        key = (row["territory"], row["year"], row["fund"], row["metric"], row["unit"])
        rates.append(100 * float(pairs.at[key, "actual"] / pairs.at[key, "plan"]) if key in pairs.index else None)
    frame = pd.DataFrame(
        {
            say("table.territory", language): [_unbroken(territory_name(code, language)) for code in rows["territory"]],
            say("promotion.year", language): rows["year"].str.replace("-", "–").to_numpy(),
            say("promotion.fund", language): [say(f"promotion.funds.{fund}", language) for fund in rows["fund"]],
            say("promotion.what", language): [say(f"promotion.metric.{code}", language) for code in rows["metric"]],
            say("promotion.value", language): [_plain(value, language) for value in rows["value"]],
            say("promotion.unit", language): [say(f"unit.{unit}", language) for unit in rows["unit"]],
            say("promotion.status", language): [say(f"promotion.statuses.{code}", language) for code in rows["status"]],
            say("promotion.rate", language): ["–" if rate is None else number(rate, language, 0) for rate in rates],
            say("table.source", language): rows["place"].to_numpy(),
        }
    )
    return tabled(frame, language, caption=say("promotion.caption", language), index=False)


def _unbroken(name: str) -> str:
    """A name that stays whole in a narrow column; its time, "(đến 6/2025)", may stand below."""
    own, mark, time = name.partition(" (")
    return own.replace(" ", "\u00a0") + mark + time


def _plain(value: float, language: Language) -> str:
    return number(value, language, 0 if value == round(value) else 2)


def worked_model(study: Study, language: Language) -> Part:
    """The tissue-paper model: what its own figures imply for a tonne and for a job; plan figures, not outcomes."""
    rows = programme(study)
    own = (rows["year"] == MODEL_YEAR) & rows["what"].str.contains(MODEL_NAME)
    rows = rows[own].drop_duplicates("metric").set_index("metric")["value"]
    if not set(MODEL.values()) <= set(rows.index):
        return paragraph([say("promotion.no_model", language)])
    figure = {key: float(rows[metric]) for key, metric in MODEL.items()}
    wages = [12 * figure["jobs"] * figure[end] for end in ("low", "high")]
    lines = [
        ("capacity", _plain(figure["capacity"], language)),
        ("revenue", _plain(figure["revenue"], language)),
        ("jobs", _plain(figure["jobs"], language)),
        ("income", f"{_plain(figure['low'], language)}–{_plain(figure['high'], language)}"),
        ("per_tonne", number(figure["revenue"] / figure["capacity"], language, 1)),
        ("per_job", _plain(figure["revenue"] / figure["jobs"], language)),
        ("tonnes_per_job", _plain(figure["capacity"] / figure["jobs"], language)),
        ("wages", "–".join(_plain(wage, language) for wage in wages)),
        ("wage_share", "–".join(number(100 * wage / figure["revenue"], language, 1) for wage in wages)),
    ]
    frame = pd.DataFrame(
        {
            say("promotion.what", language): [say(f"promotion.model.{key}", language) for key, _ in lines],
            say("promotion.value", language): [text for _, text in lines],
        }
    )
    body = tabled(frame, language, caption=say("promotion.model.caption", language), index=False)
    return paragraph([say("promotion.model.intro", language)]) + body

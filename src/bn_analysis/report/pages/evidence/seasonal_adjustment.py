"""A study's seasonal adjustment → its charts and tables: Tết, months, outliers, net effect, revisions."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from bn_analysis.report.elements.chart import (
    INK,
    MUTED,
    PALE,
    SECOND,
    STRONG,
    Chart,
    Width,
    chart,
    month_axis,
    number_axis,
)
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.seasonal.stability import Stability, stability
from bn_analysis.seasonal.x13.specification import months_of
from bn_analysis.study.study import Study

SHOWN_CHOICES = 10
"""Choices of windows shown of those tried, the best first."""
SHOWN_MONTHS = 13
SAME_FACTOR = 0.05
"""Points over the years below which a month's factor is one value, drawn as a bar: its print has one digit."""
_TET_MONTHS = (1, 2)
_FAINT = 0.05  # points: an effect that prints as zero


def tet_chart(study: Study, language: Language) -> Chart:
    """What Tết took from or gave to January and February of each year."""
    effect = 100 * (study.adjustment.factors()["tet"] - 1)
    months = months_of(effect)
    by_month = {month: effect[months.month == month] for month in _TET_MONTHS}
    names = {month: say("month_of_year", language, month=month) for month in _TET_MONTHS}
    years = sorted(set(months.year))
    data = pd.DataFrame(
        {names[month]: pd.Series(part.to_numpy(), months_of(part).year) for month, part in by_month.items()},
        index=pd.Index(years, name=say("adjusting.year", language)),
    )
    data.index = data.index.map(str)
    data.index.name = say("adjusting.year", language)

    def draw(axes: Axes, width: Width) -> None:
        axes.axhline(0, color=MUTED, linewidth=0.8)
        for shift, month, colour in ((-0.2, 1, STRONG), (0.2, 2, SECOND)):
            axes.bar(np.array(years) + shift, data[names[month]], 0.38, color=colour)
            axes.annotate(
                f"■ {names[month]}", (1.0, 1.0), xycoords="axes fraction", textcoords="offset points",
                xytext=(-70 if month == 1 else 0, 4), ha="right", va="bottom", color=colour, fontsize=8,
                fontweight="bold",
            )  # fmt: skip
        step = max(1, -(-len(years) // (14 if width == "wide" else 6)))
        axes.set_xticks(years[::step], [str(year) for year in years[::step]])
        axes.set_title(say("adjusting.tet_axis", language), loc="left", fontsize=8, color=MUTED)
        number_axis(axes, language)

    largest = effect.abs().idxmax()
    key = "adjusting.tet_title" if abs(effect[largest]) > _FAINT else "adjusting.tet_title_none"
    title = say(key, language, month=largest, effect=float(effect[largest]))
    return chart(draw, title, say("adjusting.tet_description", language), data, language)


def window_scores(study: Study, language: Language) -> Part:
    """The windows that were tried, with the gain of each; empty where the method tries none."""
    scores = study.adjustment.tet.scores
    if scores.empty:
        return Part("")
    best = scores.head(SHOWN_CHOICES)
    frame = pd.DataFrame(
        {
            say("table.window", language): [
                windows if choice else say("adjusting.no_window", language)
                for windows, choice in zip(best["windows"], best["choice"], strict=True)
            ],
            "AICC": best["aicc"].to_numpy(float),
            say("adjusting.gain", language): best["gain"].to_numpy(float),
        }
    )
    caption = say("adjusting.scores", language, tried=len(scores))
    return tabled(frame, language, caption=caption, index=False)


def months_chart(study: Study, language: Language) -> Chart:
    """The seasonal factor of each calendar month over the years, side by side, with its mean."""
    factor = study.adjustment.factors()["seasonal"]
    factor = 100 * factor / factor.mean()  # around 100 whatever the method scales its factors to
    months = months_of(factor)
    present = sorted(set(months.month))
    names = [say("month_of_year", language, month=month) for month in present]
    data = pd.DataFrame(
        [[part.iloc[0], part.mean(), part.iloc[-1]] for part in (factor[months.month == m] for m in present)],
        index=pd.Index(names, name=say("chart.month", language)),
        columns=[say(f"adjusting.factor_{key}", language) for key in ("first", "mean", "last")],
    )
    constant = bool((data.max(axis=1) - data.min(axis=1)).max() < SAME_FACTOR)

    def draw(axes: Axes, width: Width) -> None:
        axes.axhline(100, color=MUTED, linewidth=0.8)
        if constant:
            axes.bar(present, data.iloc[:, 1] - 100, bottom=100, width=0.7, color=STRONG)
        for month in present if not constant else ():
            part = factor[months.month == month].to_numpy()
            across = month + np.linspace(-0.38, 0.38, len(part)) if len(part) > 1 else np.array([float(month)])
            axes.hlines(part.mean(), month - 0.4, month + 0.4, color=SECOND, linewidth=1.2)
            axes.plot(across, part, color=STRONG, linewidth=1.2, marker="o", markersize=1.5)
        axes.set_xticks(present, [str(month) for month in present])
        axes.set_title(say("chart.seasonal_axis", language), loc="left", fontsize=8, color=MUTED)
        number_axis(axes, language)

    mean = data.iloc[:, 1]
    ends = {"low": names[int(mean.argmin())], "high": names[int(mean.argmax())]}
    title = say("chart.seasonal_title", language, **ends)
    description = say("adjusting.months_bars" if constant else "adjusting.months_description", language)
    return chart(draw, title, description, data, language)


def outliers(study: Study, language: Language) -> Part:
    """Months that the model treats as exceptional, with what each was worth."""
    found = study.adjustment.outliers
    if study.adjustment.method not in ("x13", "seats"):
        return paragraph([say("adjusting.outliers_tails", language)])
    if found.empty:
        return paragraph([say("adjusting.outliers_none", language)])
    frame = pd.DataFrame(
        {
            say("table.period", language): list(found["period"]),
            say("adjusting.kind", language): [say(f"adjusting.outlier.{kind}", language) for kind in found["type"]],
            say("table.effect", language): 100 * np.expm1(found["estimate"].to_numpy(float)),
            "t": found["t_value"].to_numpy(float),
        }
    )
    return tabled(frame, language, caption=say("adjusting.outliers", language), index=False)


def net_effect(study: Study, language: Language) -> Part:
    """Change on the month before: as it is, what season and Tết account for, and what is left; newest first."""
    frame = study.adjustment.to_frame()[["value", "seasonally_adjusted"]].join(study.adjustment.factors())
    changes = 100 * frame[["value", "seasonal", "calendar", "seasonally_adjusted"]].pct_change(fill_method=None)
    shown = changes.dropna().iloc[-SHOWN_MONTHS:][::-1]
    shown.columns = [say(f"adjusting.{key}", language) for key in ("raw", "season", "calendar", "left")]
    shown.index.name = say("table.period", language)
    return tabled(shown, language, caption=say("adjusting.net", language))


def revisions_chart(study: Study, language: Language) -> Chart | Part:
    """Monthly change of the adjusted series as first computed and as computed now; words where X-13 did not adjust."""
    if study.adjustment.method not in ("x13", "seats"):
        return paragraph([say("adjusting.revisions_band", language)])
    found = stability(study.adjustment)
    if found.revisions.empty:
        return paragraph([say("adjusting.revisions_none", language)])
    return _revisions(found, language)


def _revisions(found: Stability, language: Language) -> Chart:
    table_ = found.revisions.dropna(subset=["change_first", "change_latest"])
    months = months_of(table_)
    data = pd.DataFrame(
        {
            say("adjusting.change_first", language): table_["change_first"],
            say("adjusting.change_latest", language): table_["change_latest"],
        }
    )
    data.index.name = say("chart.month", language)

    def draw(axes: Axes, width: Width) -> None:
        axes.axhline(0, color=MUTED, linewidth=0.8)
        axes.vlines(months.asi8, data.iloc[:, 0], data.iloc[:, 1], color=PALE, linewidth=1.2)
        axes.plot(months.asi8, data.iloc[:, 0], "o", color=SECOND, markersize=4)
        axes.plot(months.asi8, data.iloc[:, 1], "o", color=STRONG, markersize=4)
        for step, (name, colour) in enumerate(zip(data.columns, (SECOND, STRONG), strict=True)):
            axes.annotate(
                f"● {name}", (1.0, 1.0), xycoords="axes fraction", xytext=(0, 4 + 10 * step),
                textcoords="offset points", ha="right", va="bottom", color=colour, fontsize=8, fontweight="bold",
            )  # fmt: skip
        axes.set_title(say("adjusting.points", language), loc="left", fontsize=8, color=INK)
        month_axis(axes, months, language, width)
        number_axis(axes, language)

    title = say("adjusting.revisions_title", language, mean=found.numbers.get("revision_of_change"), months=len(months))
    return chart(draw, title, say("adjusting.revisions_description", language), data, language)


def grades(study: Study, language: Language) -> Part:
    """How many diagnostics are good, uncertain and bad, in one sentence."""
    counts = study.adjustment.grade_table()["grade"].value_counts()
    if counts.empty:
        return Part("")
    facts = {grade: int(counts.get(grade, 0)) for grade in ("good", "uncertain", "bad")}
    return paragraph([say("adjusting.grades", language, **facts)])


def adjustment_summary(study: Study, language: Language) -> Part:
    """Which method took out season and Tết, and why that one."""
    adjustment = study.adjustment
    method = say(f"seasonal.method.{adjustment.method}", language)
    facts = dict(adjustment.reason.facts)
    signs = facts.get("signs")
    if isinstance(signs, tuple):
        facts["signs"] = "; ".join(say(f"seasonal.sign.{sign}", language) for sign in signs)
    return paragraph(
        [
            say("seasonal.summary", language, method=method),
            say(f"seasonal.reason.{adjustment.reason.code}", language, **facts),
        ]
    )


def tet_windows(study: Study, language: Language) -> Part:
    """Effect of Tết by window; empty where the method has no windows of its own."""
    effects = study.adjustment.tet_effects()
    if effects.empty:
        return paragraph([say("seasonal.no_windows", language)])
    frame = pd.DataFrame(
        {
            say("table.window", language): effects["window"].to_numpy(),
            say("table.effect", language): effects["effect_pct"].to_numpy(),
            say("table.standard_error", language): effects["standard_error_pct"].to_numpy(),
            "t": effects["t_value"].to_numpy(),
        }
    )
    return tabled(frame, language, caption=say("table.windows", language), index=False)


def diagnostics(study: Study, language: Language) -> Part:
    """Each diagnostic with its grade and what the grade means."""
    grades = study.adjustment.grade_table()
    if grades.empty:
        return paragraph([say("seasonal.no_diagnostics", language)])
    frame = pd.DataFrame(
        {
            say("table.statistic", language): [say(f"statistic.{code}", language) for code in grades["code"]],
            say("table.result", language): grades["value"].to_numpy(),
            say("table.grade", language): [say(f"grade.{grade}", language) for grade in grades["grade"]],
            say("table.meaning", language): grades[f"meaning_{language}"].to_numpy(),
        }
    )
    return tabled(frame, language, caption=say("table.diagnostics", language), decimals=2, index=False)

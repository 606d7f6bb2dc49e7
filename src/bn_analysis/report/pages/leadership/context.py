"""GRDP and dated events → what stood around the index: quarters beside it, labels on its charts."""

import pandas as pd

from bn_analysis.cleaning.calendars.releases import due
from bn_analysis.cleaning.context import EVERYWHERE, read_events, read_grdp
from bn_analysis.cleaning.language.classification import COUNTRY
from bn_analysis.cleaning.official_tables import read_provinces
from bn_analysis.report.elements.part import Part, paragraph, tabled
from bn_analysis.report.language.formats import Language, number, short_month
from bn_analysis.report.language.sentences import say, territory_name
from bn_analysis.study.study import Study

SHOWN_QUARTERS = 12


def events(study: Study, first: pd.Period, last: pd.Period) -> pd.DataFrame:
    """Events of the territory, or of one that it was made of, in a span of months, as known on the study's day.

    What happened elsewhere in the country is no event of a province.
    """
    found = read_events(study.settings.raw)
    here = {study.parameters.territory, *study.parts, EVERYWHERE}
    own = pd.Series([not here.isdisjoint(codes.split()) for codes in found["territory"]], index=found.index)
    told = found["source_date"] <= study.parameters.as_of if study.parameters.as_of else True
    return found[own & (found["last"] >= first) & (found["first"] <= last) & told].reset_index(drop=True)


def grdp_table(study: Study, language: Language) -> Part:
    """GRDP growth by quarter, every printed version, beside the quarter's change that the index implies."""
    rows = read_grdp(study.settings.raw)
    quarters = rows["period"].str.fullmatch(r"\d{4}-Q[1-4]")
    rows = rows[(rows["territory"] == study.parameters.territory) & (rows["metric"] == "GRDP_growth") & quarters]
    if study.parameters.as_of:
        rows = rows[(rows["source_date"] != "") & (rows["source_date"] <= study.parameters.as_of)]
    if rows.empty:
        return paragraph([say("grdp.none", language)])
    implied = study.estimate.implied("quarter_yoy")["value_pct"]
    lines = []
    for period, versions in rows.groupby("period"):
        quarter = pd.Period(str(period).replace("-", ""), freq="Q")
        lines.append(
            {
                say("grdp.quarter", language): say("grdp.label", language, quarter=quarter.quarter, year=quarter.year),
                say("grdp.growth", language): "; ".join(_version(row, language) for row in versions.to_dict("records")),
                say("grdp.index", language): _index_change(implied, quarter),
            }
        )
    body = tabled(
        pd.DataFrame(lines[-SHOWN_QUARTERS:][::-1]), language, caption=say("grdp.caption", language), index=False
    )
    return paragraph([say("grdp.intro", language)]) + body


def provinces(study: Study, language: Language) -> Part:
    """Where the province stands among all of them in the newest list known on the study's day."""
    rows = read_provinces(study.settings.raw)
    period = str(rows["period"].max())
    rows = rows[rows["period"] == period].sort_values("value_pct", ascending=False).reset_index(drop=True)
    code, day = study.parameters.territory, study.parameters.as_of
    if (day and due(period).isoformat() > day) or code not in {*rows["territory"], COUNTRY}:
        return Part("")
    facts = {
        "months": int(period[5:]), "year": period[:4], "all": len(rows), "first": rows.at[0, "territory"],
        "best": float(rows.at[0, "value_pct"]),
    }  # fmt: skip
    if code == COUNTRY:
        text = say("provinces_ytd.country", language, **facts, risen=int((rows["value_pct"] > 0).sum()))
    else:
        own = rows[rows["territory"] == code].iloc[0]
        place = int((rows["value_pct"] > own["value_pct"]).sum()) + 1
        text = say("provinces_ytd.summary", language, **facts, territory=code, own=float(own["value_pct"]), place=place)
    frame = pd.DataFrame(
        {
            say("provinces_ytd.province", language): [territory_name(each, language) for each in rows["territory"]],
            say("provinces_ytd.change", language): rows["value_pct"].to_numpy(),
            say("provinces_ytd.grdp", language): rows["grdp_share_pct"].to_numpy(),
        }
    )
    caption = say("provinces_ytd.caption", language, **facts)
    return paragraph([text]) + tabled(frame, language, caption=caption, index=False)


def _version(row: dict[str, object], language: Language) -> str:
    printed = number(float(str(row["value"])), language, 2, signed=True)
    status = say(f"grdp.status.{row['status']}", language)
    when = str(row["source_date"])
    told = f", {short_month(when[:7], language)}" if len(when) >= 7 else ""
    return f"{printed} ({status}{told})"


def _index_change(implied: pd.Series, quarter: pd.Period) -> float | None:
    month = quarter.asfreq("M", how="end")
    return float(implied[month]) if month in implied.index and pd.notna(implied[month]) else None

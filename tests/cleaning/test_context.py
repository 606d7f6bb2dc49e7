"""Claims, promotion figures, GRDP and events: read as gathered, and every row that cannot be used is named."""

from pathlib import Path

import pytest

from bn_analysis.cleaning.context import (
    CLAIMS,
    EVERYWHERE,
    claim_problems,
    read_claims,
    read_events,
    read_grdp,
)
from bn_analysis.cleaning.ingestion.promotion import ingest_promotion
from bn_analysis.cleaning.language.classification import TERRITORIES
from bn_analysis.cleaning.promotion import COLUMNS, METRICS, PROMOTION, UNITS, promotion_problems, read_promotion
from bn_analysis.cleaning.raw.sidecars import PROVENANCE, write_sidecar
from bn_analysis.errors import InputError
from bn_analysis.report.language.sentences import say

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
WORDS = dict.fromkeys(PROVENANCE, "said")


def with_row(tmp_path: Path, name: str, row: str) -> Path:
    """A copy of a raw file with one more row."""
    text = (RAW / name).read_text(encoding="utf-8") + row + "\n"
    (tmp_path / name).write_text(text, encoding="utf-8")
    write_sidecar(tmp_path / name, **WORDS)
    return tmp_path


def test_all_fifteen_claims_are_usable():
    claims = read_claims(RAW)
    assert len(claims) == 15 and claims["id"].is_unique
    assert claim_problems(claims) == []
    assert (claims["statement_vi"] != "").all() and (claims["statement_en"] != "").all()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x,BN,,iip,a,b,1,%,yoy,,source,", "no_period"),
        ("x,BN,2024-13,iip,a,b,1,%,yoy,,source,", "no_period"),
        ("x,BN,2024-03,weather,a,b,1,%,yoy,,source,", "unknown_subject"),
        ("x,BN,2024-03,iip,a,b,1,%,hourly,,source,", "unknown_basis"),
    ],
)
def test_a_claim_that_nobody_can_check_is_named_with_its_line(tmp_path, row, code):
    found = claim_problems(read_claims(with_row(tmp_path, CLAIMS, row)))
    assert [(problem.place, problem.code) for problem in found] == [("claims.csv:17", code)]


def test_promotion_figures_without_a_year_are_the_only_problems_on_record():
    rows = read_promotion(RAW)
    assert len(rows) == 55 and set(rows["territory"]) == {"BN", "BG"}
    assert {problem.code for problem in promotion_problems(rows)} == {"no_year"}
    assert sum(rows["year"] == "unknown") == len(promotion_problems(rows)) == 9


@pytest.mark.parametrize(
    ("row", "code", "facts"),
    [
        ("Bac Ninh (old),2016,total,budget,9000,million VND,,plan,x,,", "two_values", {"first": 2600, "second": 9000}),
        ("Bac Ninh (old),2024,local,budget,60000,million VND,,actual,x,,", "above_plan", {"second": 60000}),
    ],
)  # fmt: skip
def test_contradicting_promotion_figures_are_listed_not_chosen(tmp_path, row, code, facts):
    found = [p for p in promotion_problems(read_promotion(with_row(tmp_path, PROMOTION, row))) if p.code != "no_year"]
    assert [problem.code for problem in found] == [code]
    assert facts.items() <= found[0].facts.items() and found[0].place == "promotion.csv:57"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Hue,2024,local,budget,1,million VND,,plan,x,,", "column territory: found 'Hue', expected one of Bac Ninh"),
        ("Bac Ninh (old),24,local,budget,1,million VND,,plan,x,,", "column year: found '24', expected YYYY"),
        ("Bac Ninh (old),2024,city,budget,1,million VND,,plan,x,,", "column fund: found 'city'"),
        (
            "Bac Ninh (old),2024,local,budget,many,million VND,,plan,x,,",
            "column value: found 'many', expected a number",
        ),
        ("Bac Ninh (old),2024,local,budget,,million VND,,plan,x,,", "column value: found '', expected a number"),
    ],
)
def test_a_promotion_row_that_makes_no_sense_is_refused_by_cell(tmp_path, row, said):
    with pytest.raises(InputError, match=r"promotion.csv, line 57") as error:
        read_promotion(with_row(tmp_path, PROMOTION, row))
    assert said in str(error.value)


def test_grdp_keeps_every_printed_version():
    rows = read_grdp(RAW)
    quarter = rows[(rows["territory"] == "BN") & (rows["period"] == "2024-Q1") & (rows["metric"] == "GRDP_growth")]
    assert sorted(quarter["value"]) == [-3.83, -3.52]
    with pytest.raises(InputError, match="no such file"):
        read_grdp(RAW / "nowhere")


def test_every_event_is_dated_named_in_both_languages_and_sourced():
    events = read_events(RAW)
    assert (events["first"] <= events["last"]).all()
    assert all(text.startswith("http") for text in events["source"])
    assert (events[["label_vi", "label_en", "source_date"]] != "").all(axis=None)
    codes = {code for text in events["territory"] for code in text.split()}
    assert codes <= {EVERYWHERE, *TERRITORIES}


NEW = "Bac Ninh (old),2024,local,budget,5000,million VND,,actual,https://example.org,2025-01-15,"


MODEL_AGAIN = next(
    line for line in (RAW / PROMOTION).read_text(encoding="utf-8").splitlines() if ",design_capacity,15000," in line
).replace(",15000,", ",16000,")


def test_pages_have_words_for_every_metric_and_unit():
    for language in ("vi", "en"):
        for metric in METRICS:
            assert say(f"promotion.metric.{metric}", language)
        for unit in UNITS:
            assert say(f"unit.{unit}", language)


def handed_in(tmp_path: Path, *rows: str, heading: str = ",".join(COLUMNS)) -> Path:
    path = tmp_path / "khuyen-cong-2024.csv"
    path.write_text("\ufeff" + "\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def test_new_years_of_the_programme_are_added_once(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / PROMOTION).write_text((RAW / PROMOTION).read_text(encoding="utf-8"), encoding="utf-8")
    write_sidecar(raw / PROMOTION, **WORDS)
    path = handed_in(tmp_path, NEW)
    assert ingest_promotion(path, raw)[0].endswith("1 rows read, 1 new, 0 on record already")
    assert ingest_promotion(path, raw)[0].endswith("1 rows read, 0 new, 1 on record already")
    assert len(read_promotion(raw)) == 56 and len(list((raw / "promotion").glob("*.csv"))) == 1
    other = handed_in(tmp_path, NEW.replace(",5000,", ",5050,"))
    assert "two_values" in ingest_promotion(other, raw)[1]


@pytest.mark.parametrize(
    ("rows", "heading", "said"),
    [
        ([NEW.replace("local", "city")], ",".join(COLUMNS), "line 2, column fund: found 'city'"),
        ([NEW.replace("budget", "weather")], ",".join(COLUMNS), "column metric: found 'weather'"),
        ([NEW.replace("million VND", "bushels")], ",".join(COLUMNS), "column unit: found 'bushels'"),
        ([NEW.replace("5000", "inf")], ",".join(COLUMNS), "column value: found 'inf', expected a number"),
        ([NEW.replace("5000", "nan")], ",".join(COLUMNS), "column value: found 'nan', expected a number"),
        ([MODEL_AGAIN], ",".join(COLUMNS), "line 2, column value: found '16000', expected 15000"),
        ([NEW.replace("https://example.org", "")], ",".join(COLUMNS), "line 2, column source_url: found ''"),
        ([NEW], "a,b", "line 1: found 'a,b', expected territory,year"),
    ],
)
def test_a_file_of_the_programme_that_makes_no_sense_is_refused_and_nothing_is_written(tmp_path, rows, heading, said):
    with pytest.raises(InputError) as error:
        ingest_promotion(handed_in(tmp_path, *rows, heading=heading), RAW)
    assert said in str(error.value) and not (RAW / "promotion").exists()

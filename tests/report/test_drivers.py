"""Industries, labour, promotion and claims on the real figures: what pages say can be traced to what was printed."""

from dataclasses import replace

import pandas as pd
import pytest

from bn_analysis.report.pages.drivers import industries as shown
from bn_analysis.report.pages.drivers import labour as labour_page
from bn_analysis.report.pages.drivers import promotion
from bn_analysis.report.pages.leadership import claims, context
from bn_analysis.study.claims import _answer, ledger
from bn_analysis.study.industries import SECTIONS, Turn, open_industries, published, turns
from bn_analysis.study.labour import link, open_labour
from bn_analysis.study.study import country, open_study

from ..publication.test_pages import text_of

LANGUAGES = ("vi", "en")


@pytest.fixture(scope="module")
def study(built):
    return open_study("BN")


@pytest.fixture(scope="module")
def industries(study):
    return open_industries(study)


def test_every_industry_printed_today_has_an_index_and_the_sections_weights_that_sum_to_one(industries):
    assert industries.left_out == {} and len(industries.divisions) == 32
    assert set(SECTIONS) <= set(industries.index)
    assert industries.weights["weight"].sum() == pytest.approx(1)
    assert (industries.weights["low80"] <= industries.weights["weight"]).all()


def test_contributions_add_up_to_the_totals_own_change(industries, study):
    total = country(study).estimate.implied("yoy")["value_pct"]
    gap = (industries.contributions["total"] - total).loc["2014-01":].dropna()
    # The weights are of 2015 and estimated; the total is estimated from its own figures, not from its parts.
    assert gap.abs().mean() < 1.0


def test_breadth_is_low_where_the_country_stood_still_and_never_leaves_its_range(industries):
    breadth_ = industries.breadth.loc["2019":]
    assert breadth_.between(0, 1).all()
    assert breadth_.loc["2021-07":"2021-10"].min() == breadth_.min() < 0.2
    assert breadth_.loc["2020-04":"2020-06"].max() < 0.4


def test_each_trough_of_the_country_is_set_beside_the_turn_of_breadth(industries, study):
    total = country(study)
    found = turns(industries, total.adjustment.seasonally_adjusted, total.verdict.trough)
    assert total.verdict.trough in [turn.trough for turn in found]  # the page names one trough, wherever it stands
    assert [str(turn.trough)[:4] for turn in found] == ["2020", "2021", "2023"]
    # Breadth was weakest in the month of each trough, in the flat winter of 2022/23 some months before it.
    assert [(turn.trough - turn.weakest).n for turn in found][:2] == [0, 0] and (
        found[2].trough - found[2].weakest
    ).n in (3, 4)
    assert Turn(pd.Period("2022-09"), pd.Period("2022-07"), None).lead == 2
    assert Turn(pd.Period("2022-09"), None, None).lead is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_pages_of_bac_ninh_say_which_industry_decides_there(study, industries, language):
    said = {"vi": "quyết định ở Bắc Ninh", "en": "decides in Bac Ninh"}[language]
    for code, expected in (("BN", True), ("BNM", True), ("BG", False), ("VN", False)):
        place = replace(study, parameters=replace(study.parameters, territory=code))
        assert (said in text_of(shown.summary(place, industries, language).html)) == expected, code


def test_a_provinces_industries_are_shown_as_printed(study):
    printed = published(study, "ytd")
    assert printed.at[pd.Period("2025-06", freq="M"), "TOTAL"] == 9.74
    assert pd.isna(printed.at[pd.Period("2025-06", freq="M"), "26"])


def test_labour_of_the_province_falls_while_production_rises(study):
    labour = open_labour(study)
    month = pd.Period("2025-02", freq="M")
    assert labour.yoy.at[month, "BN"] == pytest.approx(-9.18)
    ranks = labour.ranks(month)
    assert len(ranks) == 63 and ranks.index[-1] == "BN" and "VN" not in ranks
    assert labour.yoy.loc["2024-09"].isna().all()  # not printed, and not filled in
    assert link(labour, study).months >= 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_page_05_speaks(study, industries, language):
    labour = open_labour(study)
    parts = [
        shown.summary(study, industries, language), shown.heat_growth(study, industries, language),
        shown.leaders(study, industries, language), shown.contributions(study, industries, language),
        shown.turns_table(study, industries, language), shown.published_heat(study, industries, language),
        labour_page.labour_summary(study, labour, language), labour_page.provinces(study, labour, language),
        labour_page.labour_turns(study, labour, language), context.grdp_table(study, language),
    ]  # fmt: skip
    for part in parts:
        assert not part.data.empty and any(letter.isdigit() for letter in text_of(part.html)), part.html
    assert labour_page.provinces(study, labour, language).html.count("<li") == 63


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_territory_without_labour_figures_says_so(study, language):
    part = labour_page.labour_summary(study, None, language)
    assert "Bắc Ninh" in part.html or "Bac Ninh" in part.html
    assert labour_page.provinces(study, None, language).html == ""


def test_the_ledger_rules_on_all_fifteen_statements_then_and_now(study):
    entries = {entry.claim["id"]: entry for entry in ledger(study)}
    assert len(entries) == 15 and {entry.day for entry in entries.values()} == {"2024-03-31"}
    rulings = {name: (entry.then.ruling, entry.now.ruling) for name, entry in entries.items()}
    assert rulings["bottomed-out-2024-03"] == ("cannot_tell", "confirmed")
    assert rulings["iip-2024-q1"] == ("cannot_tell", "confirmed")
    assert rulings["support-samsung"] == ("not_checkable", "not_checkable")
    assert rulings["promotion-local-2024-budget"] == ("cannot_tell", "cannot_tell")


def test_the_change_of_march_2024_is_read_as_on_a_year_earlier_and_right_as_first_printed(study):
    entry = next(entry for entry in ledger(study) if entry.claim["id"] == "iip-2024-03")
    facts = entry.now.facts
    assert facts["odds"]["yoy"] > 0.9 and facts["measure"] == "yoy"
    assert entry.now.ruling == "as_first_printed" and facts["again"]
    assert facts["later"] == 5.33 and facts["apart"] == pytest.approx(2.01) and facts["apart"] < facts["usual"] < 4
    assert "theo số công bố lần đầu; sau đó 5,33%" in claims.ruling_words(entry.now, "vi")


def test_two_large_falls_are_right_on_a_year_earlier_and_the_other_comparison_is_named(study):
    entry = next(entry for entry in ledger(study) if entry.claim["id"] == "iip-two-falls")
    assert entry.now.ruling == "right_on_year"
    assert [month["implied"] < -12 for month in entry.now.facts["months"]] == [True, True]
    assert claims.ruling_words(entry.now, "vi").startswith("đúng khi so với cùng kỳ; so với tháng trước")
    assert claims.ruling_words(entry.now, "en").startswith("right on a year earlier; on the month before")


def test_a_size_that_no_revision_explains_is_still_contradicted(study):
    claim = {"territory": "BN", "period": "2024-03", "subject": "iip", "basis": "yoy", "value_text": "17.34"}
    assert _answer(claim, "", study.settings).ruling == "contradicted"


def test_no_figure_that_is_checked_is_among_those_that_check_it(study):
    for entry in ledger(study):
        claim = entry.claim
        if claim["subject"] == "iip" and claim["value_text"]:
            same_month = study.rates[study.rates["period"] == claim["period"]]
            assert float(claim["value_text"]) not in set(same_month["value_pct"]), claim["id"]


def test_a_statement_is_not_known_before_it_was_made(built):
    assert ledger(open_study("BN", "2024-02", "2024-03-30")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_and_the_programme_are_told_in_both_languages(study, language):
    entries = ledger(study)
    full = claims.full_ledger(entries, language).html
    assert full.count("<dt>") == 15 and claims.short_ledger(entries, language).html.count("<tr>") == 5
    assert claims.short_ledger([], language).html.startswith("<p>")
    assert "2024" in promotion.by_year(study, language).html
    share = {"vi": "6,9–8,6", "en": "6.9–8.6"}[language]  # 12 × 150 × 8…10 million in 210 billion
    assert share in promotion.worked_model(study, language).html

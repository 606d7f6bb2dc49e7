"""One number in two places is one number: on every page, in the manifest, the files, the mail and in Python."""

import json
import shutil

import pandas as pd
import pytest

from bn_analysis.cycle.phases import thresholds
from bn_analysis.errors import BuildError
from bn_analysis.operation.mail import verdict as mailed
from bn_analysis.publication.agreement import _one_number, check_agreement, stated
from bn_analysis.report.language.formats import probability
from bn_analysis.settings import Settings
from bn_analysis.study.parameters import Parameters
from bn_analysis.study.releases import before, releases
from bn_analysis.study.study import alternatives, fresh_verdict, open_study

from ..cycle.test_bottoming import impossible
from .test_pages import PLACES, text_of


def named_numbers(built, place, language):
    pages = {path.name: path.read_text(encoding="utf-8") for path in (built.folder / place).glob(f"*.{language}.html")}
    return stated(pages)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_manifest_python_and_mail_say_the_same_digits(built, place, language):
    record = json.loads((built.folder / place / "manifest.json").read_text(encoding="utf-8"))
    verdict = open_study(record["territory"], record["period"], record["as_of"], alone=True).verdict
    assert json.loads(json.dumps(verdict.to_dict())) == record["verdict"]
    chance = probability(verdict.probability, language)
    said = named_numbers(built, place, language)[f"probability {record['territory']} {record['period']}"]
    assert set(said.values()) == {chance}
    assert chance in mailed(record, language)
    assert record["probability"] == verdict.probability == record["verdict"]["probability"]
    if language == "vi":
        assert chance in text_of((built.folder / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", PLACES)
def test_numbers_that_stand_on_several_pages_agree(built, place):
    numbers = named_numbers(built, place, "vi")
    assert all(_one_number(set(places.values()), "vi") for places in numbers.values())
    assert sum(len(places) > 1 for places in numbers.values()) >= 1


def test_the_country_beside_a_province_is_the_country_on_its_own_pages(built):
    beside = named_numbers(built, "2026-08/BNM", "vi")["probability VN 2026-07"]
    own = named_numbers(built, "2026-07/VN", "vi")["probability VN 2026-07"]
    assert set(beside.values()) == set(own.values())


@pytest.mark.parametrize("place", PLACES)
def test_no_report_and_no_release_before_it_tells_an_impossible_story(built, place):
    record = json.loads((built.folder / place / "manifest.json").read_text(encoding="utf-8"))
    study = open_study(record["territory"], record["period"], record["as_of"], alone=True)
    earlier = [fresh_verdict(Parameters(study.parameters.territory, str(each.at), ""), study.settings)
               for each in releases(study)[-2:-1]]  # fmt: skip
    assert [impossible(verdict) for verdict in (study.verdict, *earlier)] == [[]] * (1 + len(earlier))


@pytest.fixture
def copied(built, tmp_path):
    folder = tmp_path / "BN"
    shutil.copytree(built.folder / "2025-06/BN", folder)
    return folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_a_report_as_built_is_let_through(copied):
    check_agreement(*copied, ("vi", "en"))


def test_a_page_that_says_another_number_fails_the_build(copied):
    folder, record = copied
    page = folder / "04_bottoming_out.vi.html"
    name = '<data value="probability BN 2025-06">'
    before, after = page.read_text(encoding="utf-8").split(name, 1)
    page.write_text(before + name + "1" + after, encoding="utf-8")
    with pytest.raises(
        BuildError, match=r"probability BN 2025-06: one number in 2 versions .*04_bottoming_out.vi.html"
    ):
        check_agreement(folder, record, ("vi",))


def test_a_manifest_that_says_another_number_fails_the_build(copied):
    folder, record = copied
    record["verdict"]["relapse"] = 1 - record["verdict"]["relapse"]
    with pytest.raises(BuildError, match=r"relapse BN 2025-06: .*manifest"):
        check_agreement(folder, record, ("en",))


def test_a_file_that_says_another_number_fails_the_build(copied):
    folder, record = copied
    index = pd.read_csv(folder / "index.csv")
    index.loc[3, "index"] += 0.1
    index.to_csv(folder / "index.csv", index=False)
    with pytest.raises(BuildError, match=r"is not that of index.csv"):
        check_agreement(folder, record, ("vi",))


def test_with_other_numbers_of_draws_every_choice_has_as_many_as_the_verdict():
    study = open_study("BN", settings=Settings(draws=200), alone=True)
    table = alternatives(study)
    assert study.draws.shape[1] == 200
    assert table["probability"].iloc[0] == study.verdict.probability


@pytest.mark.parametrize("place", ["2025-06/BN", "2026-08/BNM"])
def test_the_first_screen_says_how_settled_the_verdict_is(built, place):
    period, territory = place.split("/")
    study = open_study(territory, period)
    found = releases(study)
    assert found[-1].probability == study.verdict.probability
    assert found[-2].probability == before(study).verdict.probability
    assert [each.at for each in found] == sorted({each.at for each in found})
    chances = ", ".join(probability(each.probability, "vi") for each in found)
    page = text_of(built.page(place))
    assert f"cho xác suất {chances} (ngưỡng kết luận {probability(thresholds('figures').call, 'vi')})" in page
    assert page.index(chances) < page.index("Số liệu của biểu đồ")


def test_a_month_of_the_past_has_no_releases_to_look_back_on(built):
    assert releases(open_study("BN", "2024-03")) == []
    assert "lần xét trong" not in text_of(built.page("2024-03/BN"))


def test_the_main_chart_opens_a_fan_over_the_months_ahead_and_none_where_the_territory_ended(built):
    assert "kịch bản mô phỏng cho 12 tháng tới" in text_of(built.page("2026-08/BNM"))
    assert "kịch bản mô phỏng cho" not in text_of(built.page("2025-06/BN"))
    fan = open_study("BNM", alone=True).verdict.fan
    assert next(iter(fan)) == "2026-09" and len(fan) == 12
    widths = [level.high / level.low for level in fan.values()]
    assert widths[-1] > widths[0] > 1 and all(each.low <= each.middle <= each.high for each in fan.values())


@pytest.mark.parametrize(
    ("texts", "same"),
    [
        ({"tăng 7,2%", "+7,21%", "7,21"}, True),
        ({"giảm 7,2%", "+7,21%"}, False),
        ({"96%", "97%"}, False),
        ({"trên 99%", "99%"}, False),
        ({"1.234", "1.234,4"}, True),
        ({"6/2023", "7/2023"}, False),
    ],
)
def test_a_number_may_have_more_digits_here_than_there_and_nothing_else(texts, same):
    assert _one_number(texts, "vi") is same

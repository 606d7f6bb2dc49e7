"""One number in two places is one number: on every page, in the manifest, the files, the mail and in Python."""

import json
import shutil

import pandas as pd
import pytest

from bn_analysis.errors import BuildError
from bn_analysis.operation.mail import verdict as mailed
from bn_analysis.publication.agreement import check_agreement, stated
from bn_analysis.report.language.formats import probability
from bn_analysis.settings import Settings
from bn_analysis.study.study import alternatives, open_study

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
    assert all(len(set(places.values())) == 1 for places in numbers.values())
    assert sum(len(places) > 1 for places in numbers.values()) >= 1


def test_the_country_beside_a_province_is_the_country_on_its_own_pages(built):
    beside = named_numbers(built, "2026-08/BNM", "vi")["probability VN 2026-07"]
    own = named_numbers(built, "2026-07/VN", "vi")["probability VN 2026-07"]
    assert set(beside.values()) == set(own.values())


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

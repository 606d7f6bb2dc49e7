"""Names printed in official tables keep their meaning: one code each, never one code for two lines of a release."""

import csv
import subprocess
import sys
import unicodedata
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_analysis.cleaning.language import classification as c
from bn_analysis.errors import InputError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the third-party data folder ../shared/data is absent")


def releases() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    with (SHARED / "vietnam_iip_releases.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found[row["release_date"]].append(row)
    return found


@needs_shared
def test_every_line_of_every_release_has_its_own_code() -> None:
    for date, rows in releases().items():
        codes = c.industry_codes([row["industry_vi"] for row in rows], rows[0]["period"])
        assert len(set(codes)) == len(rows), date
        assert codes[0] == "TOTAL"


@needs_shared
def test_codes_by_name_alone_are_unique_but_for_division_35() -> None:
    for date, rows in releases().items():
        codes = [c.industry_code(row["industry_vi"]) for row in rows]
        doubled = {code for code in codes if codes.count(code) > 1}
        assert doubled <= {"D"}, date


@needs_shared
def test_every_province_of_the_labour_tables_is_known() -> None:
    with (SHARED / "labour_by_province_releases.csv").open(encoding="utf-8") as stream:
        names = {row["territory_vi"] for row in csv.DictReader(stream)}
    codes = {c.territory_code(name) for name in names}
    assert len(codes) == 64
    assert {"VN", "BN", "BG"} <= codes


@needs_shared
def test_official_names_have_their_official_codes() -> None:
    with (SHARED / "vsic.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            expected = "D" if row["code"] == "35" else row["code"]  # the two share one name
            assert c.industry_code(row["name_vi"]) == expected
            assert c.industry_code(row["name_en"]) == expected
            assert c.industry_name(row["code"]) == row["name_vi"]
            assert c.industry_name(row["code"], "en") == row["name_en"]


def test_no_two_codes_share_a_key_at_one_time() -> None:
    for aliases in c._industry_aliases().values():
        if len({alias.code for alias in aliases}) > 1:
            spans = sorted((alias.first_seen, alias.last_seen, alias.code) for alias in aliases)
            for (_, end, code), (begin, _, other) in pairwise(spans):
                assert code == other or end < begin, spans


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("TOÀN NGÀNH CÔNG NGHIỆP", "TOTAL"),
        ("   TOÀN QUỐC", "TOTAL"),
        ("WHOLE INDUSTRY", "TOTAL"),
        ("Công nghiệp chế biến , chế tạo", "C"),
        ("Sản xuất xi măng", "2394"),
        ("Sản xuất bia", "1103"),
        ("Sản xuất, phân phối điện, ga, nước ", "D+36"),
        ("Sản xuất sản phẩm từ kim loại đúc sẵn\n(trừ máy móc, thiết bị)", "25"),
        ("SX sản phẩm từ khoáng phi kim loại khác", "23"),
        ("Sản xuất hóa chất và sản phẩm hóa chất", "20"),
        ("Manufacture of basic metals", "24"),
    ],
)
def test_a_printed_name_means_one_industry(name: str, code: str) -> None:
    assert c.industry_code(name) == code


def test_motor_vehicles_mean_the_class_before_the_base_change_and_the_division_after() -> None:
    assert c.industry_code("Sản xuất xe có động cơ", "2013-02") == "2910"
    assert c.industry_code("Sản xuất xe có động cơ", "2013-03") == "29"
    assert c.industry_code("Sản xuất xe có động cơ") == "29"


def test_structural_metal_of_1993_is_not_division_25() -> None:
    assert c.industry_code("Sản xuất các sản phẩm từ kim loại đúc sẵn", "2012-06") == "2511"
    assert c.industry_code("Sản xuất sản phẩm từ kim loại đúc sẵn (trừ máy móc, thiết bị)") == "25"


def test_second_electricity_line_is_the_division() -> None:
    assert c.industry_codes(["Sản xuất và phân phối điện"] * 2) == ["D", "35"]
    with pytest.raises(InputError, match="twice"):
        c.industry_codes(["Sản xuất và phân phối điện"] * 3)


def test_a_name_shortened_to_another_industry_is_not_confused() -> None:
    assert c.industry_code("Sản xuất kim loại") == "24"
    with pytest.raises(InputError, match=r"unknown industry 'Sản xuất kim loại quý'.*'Sản xuất kim loại'"):
        c.industry_code("Sản xuất kim loại quý")


def test_unknown_name_suggests_three_known_ones() -> None:
    with pytest.raises(InputError) as raised:
        c.industry_code("Sản xuất đồ uốg")
    assert str(raised.value).count(";") == 3
    assert "'Sản xuất đồ uống'" in str(raised.value)


@given(st.sampled_from(sorted(c.known_industry_names())), st.sampled_from(["NFC", "NFD"]), st.booleans(), st.booleans())
def test_form_case_and_spacing_do_not_matter(known: tuple[str, str], form: str, upper: bool, spaced: bool) -> None:
    name, code = known
    if len({alias.code for alias in c._industry_aliases()[c.name_key(name)]}) > 1:
        return  # the month decides, tested above
    printed = unicodedata.normalize(form, name.upper() if upper else name)
    assert c.industry_code(printed.replace(" ", "  \n") + "  " if spaced else printed) == code


def test_bac_ninh_is_two_territories_in_time() -> None:
    assert c.territory_code("Bắc Ninh", "2025-06") == "BN"
    assert c.territory_code("Bắc Ninh", "2025-07") == "BNM"
    assert c.territory_code("Bắc Ninh") == "BN"
    assert c.territory("BN").valid_to == "2025-06"
    assert c.territory("BNM").valid_from == "2025-07"
    assert c.territory("BN").covers("2025-06") and not c.territory("BN").covers("2025-07")


def test_bac_giang_ends_with_the_merger() -> None:
    assert c.territory_code("Bắc Giang", "2025-06") == "BG"
    assert not c.territory("BG").covers("2025-07")
    with pytest.raises(InputError, match="'Bắc Giang' does not exist in 2025-07"):
        c.territory_code("Bắc Giang", "2025-07")


def test_34_provinces_since_july_2025() -> None:
    now = [t for t in c.TERRITORIES.values() if t.covers("2025-07") and t.code != "VN"]
    before = [t for t in c.TERRITORIES.values() if t.covers("2025-06") and t.code != "VN"]
    assert (len(before), len(now)) == (63, 34)


def test_unknown_territory_lists_what_is_known() -> None:
    with pytest.raises(InputError, match=r"unknown territory 'XX'; known: VN, .*BN"):
        c.territory("XX")
    with pytest.raises(InputError, match="'Bắc Ninh'"):
        c.territory_code("Bác Ninhh")


def test_parameter_checks_do_not_load_pandas() -> None:
    code = (
        "import sys; from bn_analysis.cleaning.language import classification as c; "
        "c.territory('BN'); sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

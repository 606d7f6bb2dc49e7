"""Whose figures a table holds, and of what kind, is what its title says: each title to what becomes of it."""

import re
from pathlib import Path

import openpyxl
import pytest

from bn_analysis.cleaning.workbook.reading import read_tables
from bn_analysis.errors import InputError

HEADINGS = (
    "Tháng {m}/{y} so với tháng trước",
    "Tháng {m}/{y} so với cùng kỳ năm trước",
    "{m} tháng/{y} so với cùng kỳ",
)
LINES = (
    ("Toàn ngành công nghiệp", 103.4, 105.33, 104.2),
    ("Khai khoáng", 99.2, 98.1, 97.7),
    ("Công nghiệp chế biến, chế tạo", 103.6, 105.4, 104.4),
    ("Sản xuất thiết bị điện", 113.4, 97.2, 103.2),
    ("Sản xuất và phân phối điện", 101.2, 104.1, 103.2),
)
IIP = "Chỉ số sản xuất công nghiệp"
PART, NATURE, ASKED, SEVERAL, MONTH = "of a part", "the word", "--territory", "several places", "the month 2024-03"

TITLES = {
    # a province by its name
    f"{IIP} tỉnh Bắc Ninh tháng 3 năm 2024": "BN first",
    "CHỈ SỐ SẢN XUẤT CÔNG NGHIỆP BẮC NINH THÁNG 3/2024": "BN first",
    "CHI SO SAN XUAT CONG NGHIEP TINH BAC NINH THANG 3 NAM 2024": "BN first",
    f"{IIP} T. Bắc Ninh tháng 3/2024": "BN first",
    "Chỉ số SXCN tỉnh Bắc Ninh tháng 3 năm 2024": "BN first",
    "IIP tỉnh Bắc Ninh tháng 3/2024": "BN first",
    "Index of industrial production of Bac Ninh province, March 2024": "BN first",
    "Industrial production index - Bắc Ninh - March 2024": "BN first",
    f"Bắc Ninh: {IIP} tháng 3/2024": "BN first",
    f"Biểu 05. {IIP} trên địa bàn tỉnh Bắc Ninh tháng 3 và 3 tháng năm 2024": "BN first",
    f"{IIP} tháng 3 và quý I năm 2024 tỉnh Bắc Ninh": "BN first",
    "Ước tính chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng Ba và quý I năm 2024": "BN first",
    "Tốc độ tăng chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3/2024": "BN first",
    "ChØ sè s¶n xuÊt c«ng nghiÖp tØnh B¾c Ninh th¸ng 3 n¨m 2024": "BN first",
    f"{IIP} tỉnh Bắc Giang tháng 3 năm 2024": "BG first",
    f"{IIP} TP. Hồ Chí Minh tháng 3/2024": "HCM first",
    f"{IIP} thành phố Hà Nội tháng 3/2024": "HN first",
    f"{IIP} tp Huế tháng 3/2024": "TTH first",
    f"{IIP} tỉnh Thanh Hoá tháng 3/2024": "TH first",
    f"{IIP} tỉnh Bà Rịa-Vũng Tàu tháng 3/2024": "VT first",
    f"{IIP} tỉnh Đăk Lăk tháng 3/2024": "DL first",
    f"{IIP} tỉnh Hà Nam tháng 3 năm 2024": "HNA first",
    f"{IIP} tỉnh Quảng Nam T3/2024": "QNA first",
    f"{IIP} tháng 3 tỉnh Bắc Ninh năm 2024": "BN first",
    # the country by its own
    f"{IIP} cả nước tháng 3 năm 2024": "VN first",
    f"{IIP} toàn quốc tháng 3/2024": "VN first",
    f"{IIP} Việt Nam tháng 3/2024": "VN first",
    "Index of industrial production, whole country, March 2024": "VN first",
    # nobody that is known
    f"{IIP} tháng 3 năm 2024": ASKED,
    f"{IIP} toàn tỉnh tháng 3 năm 2024": ASKED,
    f"{IIP} tỉnh Bắc Nin tháng 3 năm 2024": ASKED,
    f"{IIP} tỉnh Bắc Nính tháng 3 năm 2024": ASKED,
    f"{IIP} tỉnh BN tháng 3 năm 2024": ASKED,
    f"{IIP} tỉnh Hà Bắc tháng 3/2024": ASKED,
    f"{IIP} Sài Gòn tháng 3/2024": ASKED,
    f"{IIP} VSIP Bắc Ninh tháng 3/2024": ASKED,
    f"{IIP} Yên Phong - Bắc Ninh tháng 3/2024": ASKED,
    # parts of a province
    f"{IIP} thành phố Bắc Ninh tháng 3 năm 2024": PART,
    f"{IIP} TP Bắc Ninh tháng 3/2024": PART,
    f"{IIP} tp. Từ Sơn, tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} thị xã Thuận Thành tháng 3/2024": PART,
    f"{IIP} TX Quế Võ, Bắc Ninh tháng 3/2024": PART,
    f"{IIP} huyện Yên Phong tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} H. Yên Phong, Bắc Ninh tháng 3/2024": PART,
    f"{IIP} xã Yên Trung tháng 3 năm 2024": PART,
    f"{IIP} quận Hải Châu, Đà Nẵng tháng 3/2024": PART,
    "Index of industrial production of Bac Ninh City, March 2024": PART,
    f"{IIP} KCN Quế Võ tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} các khu công nghiệp tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} Bắc Ninh (cũ) tháng 3/2024": PART,
    # parts of its industry
    f"{IIP} khu vực FDI tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} doanh nghiệp nhà nước tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} địa phương tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} Trung ương tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} hỗ trợ tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} chế biến, chế tạo tỉnh Bắc Ninh tháng 3/2024": PART,
    f"{IIP} ngành điện tử Bắc Ninh tháng 3/2024": PART,
    f"{IIP} tỉnh Bắc Ninh không kể Samsung tháng 3/2024": PART,
    # more than one
    f"{IIP} vùng Đồng bằng sông Hồng tháng 3/2024": PART,
    f"{IIP} 10 tỉnh tháng 3/2024": PART,
    f"{IIP} tỉnh Bắc Ninh và tỉnh Bắc Giang tháng 3/2024": SEVERAL,
    f"{IIP} tỉnh Bắc Ninh so với cả nước tháng 3/2024": SEVERAL,
    # other natures
    "Dự báo chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3/2024": "BN forecast",
    f"{IIP} tỉnh Bắc Ninh dự kiến tháng 3 năm 2024": "BN forecast",
    "Kế hoạch chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3/2024": NATURE,
    "Mục tiêu chỉ số sản xuất công nghiệp tỉnh Bắc Ninh năm 2024": NATURE,
    f"{IIP} tỉnh Bắc Ninh tháng 3 và ước tính cả năm 2024": NATURE,
    f"{IIP} tỉnh Bắc Ninh tháng 3/2024 đã điều chỉnh mùa vụ": NATURE,
    "Seasonally adjusted industrial production index, Bac Ninh, March 2024": NATURE,
    "Đóng góp vào chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3/2024": NATURE,
    "Tỷ trọng trong chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3/2024": NATURE,
    "Mức tăng chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 3/2024 (điểm phần trăm)": NATURE,
    # another month
    f"{IIP} tỉnh Bắc Ninh tháng 4/2024": MONTH,
    f"{IIP} tỉnh Bắc Ninh tháng 3 và 4 năm 2024": MONTH,
}
"""A territory and release that are booked, or a word of the refusal."""


def table(
    path: Path, title: str, period: str = "2024-03", above: tuple[str, ...] = (), cover: tuple[str, ...] = ()
) -> Path:
    """A table of five lines as a province prints them, under a title of any words."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if cover:
        front = book.create_sheet("Bìa", 0)
        for row, text in enumerate(cover, start=1):
            front.cell(row, 1, text)
    for row, text in enumerate((*above, title), start=1):
        sheet.cell(row, 1, text)
    year, month = period.split("-")
    first = len(above) + 3
    for column, heading in enumerate(HEADINGS, start=2):
        sheet.cell(first, column, heading.format(m=int(month), y=year))
    for row, line in enumerate(LINES, start=first + 1):
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column, value)
    book.save(path)
    return path


def outcome(path: Path, territory: str | None = None) -> str:
    """Territory and release of all figures, or the refusal."""
    try:
        rates = read_tables(path, territory).to_frame()
    except InputError as error:
        return str(error)
    (said,) = {f"{row.territory} {row.release}" for row in rates.itertuples()}
    assert len(rates) == len(LINES) * len(HEADINGS)
    return said


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_booked_as_what_it_says_or_refused(tmp_path: Path, title: str) -> None:
    said, expected = outcome(table(tmp_path / "bieu.xlsx", title)), TITLES[title]
    if re.fullmatch(r"[A-Z]+ (first|forecast)", expected):
        assert said == expected
    else:
        assert expected in said and said.startswith("bieu.xlsx, sheet 'Sheet', cell A1: thấy ")


@pytest.mark.parametrize("title", [title for title, said in TITLES.items() if said in (PART, NATURE, SEVERAL)])
def test_no_answer_makes_a_part_or_a_plan_a_province(tmp_path: Path, title: str) -> None:
    assert " found " in outcome(table(tmp_path / "bieu.xlsx", title), "BN")


def test_an_answer_settles_whose_figures_they_are_but_contradicts_no_name(tmp_path: Path) -> None:
    path = table(tmp_path / "bieu.xlsx", f"{IIP} tháng 3 năm 2024")
    assert outcome(path, "BN") == "BN first" and outcome(path, "BG") == "BG first"
    assert "borders not in force in 2024-03" in outcome(path, "BNM")
    named = table(tmp_path / "bieu.xlsx", f"{IIP} tỉnh Bắc Giang tháng 3 năm 2024")
    assert "expected BN as --territory says" in outcome(named, "BN")


@pytest.mark.parametrize(
    ("name", "said"),
    [("Bắc Ninh", "BNM first"), ("Bắc Ninh (mới)", "BNM first"), ("Bắc Giang", "no territory in 2025-08")],
)
def test_since_july_2025_bac_ninh_is_the_merged_province(tmp_path: Path, name: str, said: str) -> None:
    path = table(tmp_path / "bieu.xlsx", f"{IIP} tỉnh {name} tháng 8 năm 2025", "2025-08")
    assert said in outcome(path)


MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


@pytest.mark.parametrize("where", ["cover", "above"])
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((*MOTTO, "CỤC THỐNG KÊ TỈNH BẮC NINH"), "BN first"),
        (MOTTO, "--territory"),
        (("CHI CỤC THỐNG KÊ THÀNH PHỐ BẮC NINH",), "a part of a province"),
        (("BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP TỈNH BẮC NINH",), "figures of a whole province"),
        (("UBND HUYỆN YÊN PHONG, TỈNH BẮC NINH",), "figures of a whole province"),
        (("TỈNH BẮC NINH VÀ TỈNH BẮC GIANG",), "several places"),
    ],
)
def test_a_cover_or_an_office_above_names_the_province_of_a_title_that_names_none(
    tmp_path: Path, where: str, lines: tuple[str, ...], said: str
) -> None:
    path = table(tmp_path / "bieu.xlsx", f"{IIP} tháng 3/2024", **{where: lines})  # type: ignore[arg-type]
    assert said in outcome(path)


def test_names_of_file_and_properties_are_hints_and_no_proof(tmp_path: Path) -> None:
    said = outcome(table(tmp_path / "IIP Bac Ninh.xlsx", f"{IIP} tháng 3/2024"))
    assert "hint at BN" in said and "--territory BN" in said

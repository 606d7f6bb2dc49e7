"""A province → a one-sheet workbook to be filled in by hand, with instructions in Vietnamese, that the reader takes."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from bn_analysis.cleaning.language.classification import INDUSTRIES, PRESENT, territory
from bn_analysis.errors import InputError

SHEET = "IIP"
_HEADINGS = (
    "Tháng báo cáo so với tháng trước",
    "Tháng báo cáo so với cùng kỳ năm trước",
    "Cộng dồn từ đầu năm đến tháng báo cáo so với cùng kỳ năm trước",
)
_INSTRUCTIONS = (
    "CÁCH ĐIỀN",
    "1. Ô A1: thay dấu … bằng tháng và năm của số liệu, ví dụ: tháng 3 năm 2025. Không sửa phần khác của ô.",
    "2. Điền tỷ số phần trăm đúng như công bố, gốc so sánh = 100: tăng 7,34% ghi 107,34; giảm 8,7% ghi 91,3.",
    "3. Chỉ ghi số, không ghi chữ, dấu % hay công thức; giữ đủ số chữ số sau dấu phẩy như bản công bố.",
    "4. Ngành không công bố thì để trống. Dòng Toàn ngành công nghiệp phải có số.",
    "5. Tháng 1 để trống cột Cộng dồn nếu không công bố.",
    "6. Không thêm, bớt, đổi chỗ hàng và cột; không đổi tên ngành.",
    "7. Từ tháng 7 năm 2025, Bắc Ninh là tỉnh mới (hợp nhất với Bắc Giang); tháng ở ô A1 cho biết tỉnh cũ hay mới.",
    "8. Lưu dạng .xlsx rồi chạy: bn-analysis ingest TÊN-TỆP.xlsx --released NĂM-THÁNG-NGÀY (ngày công bố).",
    "9. Sai ở đâu, chương trình báo đúng ô đó và không ghi gì vào kho số liệu.",
)
_FIRST_ROW = 5


def write_template(path: Path, territory_code: str = PRESENT) -> Path:
    """Write the template for the monthly index of production of a province.

    Parameters
    ----------
    path : pathlib.Path
        Where; must end in ``.xlsx``.
    territory_code : str
        The province; its name is put into the title.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        Another suffix, an unknown territory, or a folder that does not exist.
    """
    name = territory(territory_code).name_vi
    if territory_code == "VN":
        raise InputError("territory 'VN': the template is for a province such as BN; the country has its workbooks")
    if path.suffix != ".xlsx" or not path.parent.is_dir():
        raise InputError(f"{path}: found no place for a template, expected an .xlsx file in an existing folder")
    book = Workbook()
    del book["Sheet"]
    _fill(book.create_sheet(SHEET), name)
    book.save(path)
    return path


def _fill(sheet: Worksheet, name: str) -> None:
    sheet["A1"] = f"Chỉ số sản xuất công nghiệp tỉnh {name} tháng … năm …"
    sheet["A1"].font = Font(bold=True, size=13)
    sheet["D2"] = "Đơn vị tính: %"
    for column, text in enumerate(_HEADINGS, start=2):
        cell = sheet.cell(row=3, column=column, value=text)
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.font = Font(bold=True)
    for row, industry in enumerate(_lines(), start=_FIRST_ROW):
        cell = sheet.cell(row=row, column=1, value=INDUSTRIES[industry].name_vi)
        cell.font = Font(bold=INDUSTRIES[industry].level != "division")
        cell.alignment = Alignment(wrap_text=True, indent=1 if INDUSTRIES[industry].level == "division" else 0)
        for column in range(2, 5):
            sheet.cell(row=row, column=column).fill = PatternFill("solid", fgColor="FFF8E1")
    for row, text in enumerate(_INSTRUCTIONS, start=3):
        sheet.cell(row=row, column=7, value=text).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in {"A": 62, "B": 18, "C": 18, "D": 22, "G": 70}.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B5"


def _lines() -> list[str]:
    """The whole, sections and divisions; division 35 is left out, its section D is the same under the same name."""
    levels = ("total", "section", "division")
    return [code for code, industry in INDUSTRIES.items() if industry.level in levels and code != "35"]

"""A province → a one-sheet workbook to be filled in by hand, with instructions in Vietnamese, that the reader takes."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bn_analysis.cleaning.language.classification import INDUSTRIES, PRESENT, territory
from bn_analysis.cleaning.workbook.files.grid import found_expected
from bn_analysis.cleaning.workbook.form import ASK_FORM, ASK_RELEASE, ASK_SOURCE, CHANGES, RATIOS, RELEASES
from bn_analysis.errors import InputError, bilingual

SHEET = "IIP"
_HEADINGS = (
    "Tháng báo cáo so với tháng trước",
    "Tháng báo cáo so với cùng kỳ năm trước",
    "Cộng dồn từ đầu năm đến tháng báo cáo so với cùng kỳ năm trước",
)
_INSTRUCTIONS = (
    "CÁCH ĐIỀN",
    "1. Ô A1: thay dấu … bằng tháng và năm của số liệu, ví dụ: tháng 3 năm 2025. Không sửa phần khác của ô.",
    "2. Ô C1 (chọn): tỷ số, gốc 100 (tăng 7,34% ghi 107,34; giảm 8,7% ghi 91,3), hoặc mức tăng/giảm (%) "
    "(ghi 7,34 và -8,7). Cả biểu theo một cách.",
    "3. Ô C2 (chọn): công bố lần đầu, dự báo, hoặc công bố lại. Ô A2: ghi nguồn sau dấu hai chấm, nếu có.",
    "4. Chỉ điền cột nào có công bố; cột khác để trống. Ngành không công bố thì để trống. Dòng Toàn ngành phải có số.",
    "5. Giữ đủ số chữ số sau dấu phẩy như bản công bố; không ghi công thức.",
    "6. Các ô khác được khóa để giữ tiêu đề; không thêm, bớt, đổi chỗ hàng và cột.",
    "7. Từ tháng 7 năm 2025, Bắc Ninh là tỉnh mới (hợp nhất với Bắc Giang); tháng ở ô A1 cho biết tỉnh cũ hay mới.",
    "8. Lưu dạng .xlsx, xem trước: bn-analysis ingest TÊN-TỆP.xlsx --preview; rồi ghi: bn-analysis ingest TÊN-TỆP.xlsx "
    "--released NĂM-THÁNG-NGÀY (ngày công bố).",
    "9. Sai ở đâu, chương trình báo đúng ô đó và không ghi gì vào kho số liệu.",
)
_FIRST_ROW = 5
_LAST_COLUMN = 4


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
        Another suffix, an unknown territory, a folder that does not exist, or a file that does.
    """
    name = territory(territory_code).name_vi
    if territory_code == "VN":
        raise InputError(
            "territory 'VN': "
            + bilingual(
                "biểu mẫu dành cho một tỉnh như BN; cả nước đã có bảng tính riêng",
                "the template is for a province such as BN; the country has its workbooks",
            )
        )
    if path.suffix != ".xlsx" or not path.parent.is_dir():
        raise InputError(
            f"{path}: "
            + found_expected(
                ("không có chỗ cho biểu mẫu", "một tệp .xlsx trong thư mục có sẵn"),
                ("no place for a template", "an .xlsx file in an existing folder"),
            )
        )
    if path.exists():
        raise InputError(
            f"{path}: "
            + found_expected(
                ("đã có tệp tên này", "một tên chưa dùng; biểu mẫu không ghi đè lên tệp nào"),
                ("a file of this name", "a name not taken; a form never overwrites a file"),
            )
        )
    book = Workbook()
    del book["Sheet"]
    _fill(book.create_sheet(SHEET), name)
    book.save(path)
    return path


def _fill(sheet: Worksheet, name: str) -> None:
    sheet["A1"] = f"Chỉ số sản xuất công nghiệp tỉnh {name} tháng … năm …"
    sheet["A1"].font = Font(bold=True, size=13)
    sheet["A2"] = f"{ASK_SOURCE} …"
    _ask(sheet, 1, ASK_FORM, (RATIOS, CHANGES))
    _ask(sheet, 2, ASK_RELEASE, tuple(RELEASES))
    for column, text in enumerate(_HEADINGS, start=2):
        cell = sheet.cell(row=3, column=column, value=text)
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.font = Font(bold=True)
    for row, industry in enumerate(_lines(), start=_FIRST_ROW):
        cell = sheet.cell(row=row, column=1, value=INDUSTRIES[industry].name_vi)
        cell.font = Font(bold=INDUSTRIES[industry].level != "division")
        cell.alignment = Alignment(wrap_text=True, indent=1 if INDUSTRIES[industry].level == "division" else 0)
        for column in range(2, _LAST_COLUMN + 1):
            _open(sheet.cell(row=row, column=column))
    for row, text in enumerate(_INSTRUCTIONS, start=3):
        sheet.cell(row=row, column=7, value=text).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in {"A": 62, "B": 18, "C": 18, "D": 22, "G": 70}.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B5"
    _open(sheet["A1"])
    _open(sheet["A2"])
    sheet.protection.sheet = True  # without a password: it keeps headings from slips, not from people


def _ask(sheet: Worksheet, row: int, question: str, offered: tuple[str, ...]) -> None:
    """A question with a list to choose the answer from; the first is the usual one."""
    sheet.cell(row=row, column=2, value=question).alignment = Alignment(wrap_text=True, horizontal="right")
    _open(sheet.cell(row=row, column=3, value=offered[0]))
    sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=_LAST_COLUMN)
    choice = DataValidation(type="list", formula1=f'"{",".join(offered)}"')
    sheet.add_data_validation(choice)
    choice.add(f"C{row}")


def _open(cell: Cell | MergedCell) -> None:
    """Let a cell of the protected sheet be filled in."""
    cell.protection = Protection(locked=False)
    cell.fill = PatternFill("solid", fgColor="FFF8E1")


def _lines() -> list[str]:
    """The whole, sections and divisions; division 35 is left out, its section D is the same under the same name."""
    levels = ("total", "section", "division")
    return [code for code, industry in INDUSTRIES.items() if industry.level in levels and code != "35"]

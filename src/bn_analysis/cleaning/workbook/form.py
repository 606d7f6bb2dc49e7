"""The answers at the head of this project's form → what its figures are; the sheet goes on without those cells."""

from dataclasses import dataclass
from typing import TypeVar

from bn_analysis.cleaning.workbook.extraction import Release
from bn_analysis.cleaning.workbook.files.grid import Cell, Place, Sheet
from bn_analysis.cleaning.workbook.tables.headings import plain

ASK_FORM, ASK_RELEASE, ASK_SOURCE = (
    "Số liệu ghi theo (chọn):",
    "Loại số liệu (chọn):",
    "Nguồn (cơ quan, văn bản, địa chỉ):",
)
RATIOS, CHANGES = "tỷ số (gốc so sánh = 100)", "mức tăng/giảm (%)"
RELEASES: dict[str, Release] = {
    "công bố lần đầu (cả ước tính)": "first",
    "dự báo": "forecast",
    "công bố lại (đã điều chỉnh)": "restated",
}

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """What a form says of all its figures: whether they are changes, their release, who published them."""

    changes: bool = False
    release: Release = "first"
    source: str = ""


def form_answers(file: str, sheet: Sheet) -> tuple[FormAnswers, Sheet]:
    """The answers of a form, and its sheet without them; other sheets come back as they are.

    Raises
    ------
    InputError
        An answer is none of those that the form offers.
    """
    asked = {
        plain(ask): (row, column)
        for (row, column), cell in sheet.cells.items()
        for ask in (ASK_FORM, ASK_RELEASE, ASK_SOURCE)
        if isinstance(cell.value, str) and plain(cell.value).startswith(plain(ask))
    }
    if not asked:
        return FormAnswers(), sheet
    cells = dict(sheet.cells)
    said: dict[str, tuple[str, Place]] = {}
    for ask, (row, column) in asked.items():
        own = str(cells.pop((row, column)).value).partition(":")[2].strip(" …")
        beside = (row, column + 1)
        answer: Cell | None = None if beside in asked.values() else cells.pop(beside, None)
        said[ask] = (own or (str(answer.value).strip() if answer else ""), Place(file, sheet.name, *beside))
    forms = {plain(RATIOS): False, plain(CHANGES): True}
    releases = {plain(text): release for text, release in RELEASES.items()}
    return FormAnswers(
        _chosen(said.get(plain(ASK_FORM)), forms, (RATIOS, CHANGES), False),
        _chosen(said.get(plain(ASK_RELEASE)), releases, tuple(RELEASES), "first"),
        said.get(plain(ASK_SOURCE), ("", None))[0],
    ), Sheet(sheet.name, cells, sheet.merged, sheet.longer)


def _chosen(
    said: tuple[str, Place] | None, known: dict[str, Answer], offered: tuple[str, ...], default: Answer
) -> Answer:
    if said is None or not said[0]:
        return default
    text, place = said
    if plain(text) not in known:
        offer = " | ".join(offered)
        raise place.error(vi=(f"{text!r}", f"một trong: {offer}"), en=(f"{text!r}", f"one of: {offer}"))
    return known[plain(text)]

"""The name of a file and the day its figures came out → checked: they are of the month that stands inside."""

import re
from datetime import date, timedelta
from pathlib import Path

from bn_analysis.cleaning.workbook.files.grid import found_expected
from bn_analysis.errors import InputError, bilingual

EARLIEST_RELEASE_DAY, LATEST_RELEASE_DELAY = 15, 75
"""A release dated before the 15th of its month, or later than 75 days after the month began, is another month's."""
_MONTH_IN_NAME = r"(?<![\dq])(?<!quy)(?<!quy[\s._\-])(0?[1-9]|1[0-2])[\s._\-]{0,2}(20[0-3]\d)(?!\d)"
"""A month and year in a file's name, as T5.2024 or 022012, but no quarter, as Q2.2024."""
_DAY_IN_NAME = r"(?<!\d)(?:20\d\d[._\-]\d{1,2}[._\-]\d{1,2}|\d{1,2}[._\-]\d{1,2}[._\-]20\d\d)(?!\d)"
"""A day in a file's name, of a release or of a save."""


def check_name(path: Path, period: str) -> None:
    """A month in the file's name ("T5.2024", "Bieu-022012") must be the one inside; a day in it is no month."""
    name = re.sub(_DAY_IN_NAME, " ", path.stem)
    stated = {f"{year}-{int(month):02d}" for month, year in re.findall(_MONTH_IN_NAME, name.lower())}
    if stated and period not in stated:
        raise InputError(
            f"{path.name}: "
            + found_expected((f"số liệu của {period}", f"{min(stated)} như tên tệp; sửa tên tệp hoặc tiêu đề"),
                             (f"figures of {period}", f"{min(stated)} as in the file's name"))
        )  # fmt: skip


def check_release_day(day: str, period: str) -> date:
    """The day of release of a month's figures as a date.

    Raises
    ------
    InputError
        Not a day YYYY-MM-DD, or not one on which figures of that month can be released.
    """
    begin = date(int(period[:4]), int(period[5:]), 1)
    earliest = begin + timedelta(days=EARLIEST_RELEASE_DAY - 1)
    latest = begin + timedelta(days=LATEST_RELEASE_DELAY)
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = date.min
    if not (re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) and earliest <= found <= latest):
        raise InputError(
            bilingual(
                f"ngày công bố {day!r}: cần NĂM-THÁNG-NGÀY từ {earliest} đến {latest} cho số liệu {period}",
                f"release date {day!r}: expected YYYY-MM-DD from {earliest} to {latest} for figures of {period}",
            )
        )
    return found


def day_of_name(path: Path, period: str) -> str | None:
    """The day that opens the file's name (2025-05-06 or 06.05.2025), if any; it must be one for this month."""
    iso = re.match(r"(20\d\d)-(\d\d)-(\d\d)(?!\d)", path.stem)
    local = re.match(r"(\d{1,2})[._-](\d{1,2})[._-](20\d\d)(?!\d)", path.stem)
    if not iso and not local:
        return None
    day = iso[0] if iso else f"{local[3]}-{int(local[2]):02d}-{int(local[1]):02d}" if local else ""
    try:
        return check_release_day(day, period).isoformat()
    except InputError as error:
        raise InputError(
            f"{path.name}: "
            + found_expected((f"số liệu của {period}", f"tháng khác theo ngày trong tên tệp: {error}"),
                             (f"figures of {period}", "others by the day in the file's name"))
        ) from None  # fmt: skip

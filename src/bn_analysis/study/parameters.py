"""What was asked for on the command line → checked parameters of one report, before anything heavy is imported."""

import datetime as dt
import re
from dataclasses import dataclass

from bn_analysis.cleaning.language.classification import TERRITORIES as PLACES
from bn_analysis.cleaning.language.classification import Language
from bn_analysis.errors import InputError, bilingual

TERRITORIES = ("BNM", "BN", "BG", "VN")
"""Territories whose index of industrial production can be reported on."""
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Parameters:
    """One report: a territory, the month it judges, the day of knowledge, and the language.

    Attributes
    ----------
    territory : str
        One of `TERRITORIES`.
    period : str
        YYYY-MM, the month that is judged.
    as_of : str
        YYYY-MM-DD, only figures released on that day or before are used; "" means every figure in the raw files.
    language : {"vi", "en"}
    """

    territory: str
    period: str
    as_of: str = ""
    language: Language = "vi"


def check_typed(territory: str, as_of: str, today: dt.date) -> None:
    """Refuse what is wrong whatever the figures are (InputError naming the value and what is expected)."""
    if territory in PLACES and territory not in TERRITORIES:
        expected, labour = ", ".join(TERRITORIES), "notebooks/explore.ipynb"
        raise InputError(
            bilingual(
                f"territory {territory!r}: không có chuỗi chỉ số sản xuất nên không có báo cáo; lao động: xem {labour}",
                f"no series of production, hence no report; labour: see {labour}; expected one of {expected}",
            )
        )
    if territory not in TERRITORIES:
        known = ", ".join(TERRITORIES)
        raise InputError(
            bilingual(
                f"địa bàn {territory!r} không có; cần một trong {known}",
                f"territory {territory!r}: unknown; expected one of {known}",
            )
        )
    if as_of:
        _check_day(as_of, today)


def is_month(text: str) -> bool:
    """Whether a text is a month written YYYY-MM."""
    return _MONTH.fullmatch(text) is not None


def _check_day(as_of: str, today: dt.date) -> None:
    try:
        day = dt.date.fromisoformat(as_of) if _DAY.fullmatch(as_of) else None  # Python also reads weeks, 2024-W13-7
    except ValueError:
        day = None
    if day is None or day > today:
        shown = as_of if day else repr(as_of)
        raise InputError(
            bilingual(
                f"as-of {shown}: cần một ngày viết NĂM-THÁNG-NGÀY, không sau {today}",
                f"as-of {shown}: expected a day written YYYY-MM-DD, up to {today}",
            )
        )


def months(first: str, last: str) -> list[str]:
    """The months from `first` to `last` (YYYY-MM, both included); InputError when they are in the wrong order."""
    for month in (first, last):
        if not is_month(month):
            raise InputError(
                bilingual(
                    f"từ {first} đến {last}: {month!r} không phải một tháng, cần NĂM-THÁNG",
                    f"from {first} to {last}: {month!r} is no month, expected YYYY-MM",
                )
            )
    if first > last:
        raise InputError(
            bilingual(
                f"từ {first} đến {last}: tháng đầu đứng sau tháng cuối, cần đổi lại",
                f"from {first} to {last}: the first month lies after the last",
            )
        )
    count = 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:])
    steps = (divmod(int(first[5:]) - 1 + step, 12) for step in range(count + 1))
    return [f"{int(first[:4]) + years}-{month + 1:02d}" for years, month in steps]

"""What is typed is checked before anything is built: one line naming the value and the valid range."""

import datetime as dt
import re
from pathlib import Path

import pytest

from bn_analysis.errors import InputError
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import check, known
from bn_analysis.study.parameters import Parameters, months

HERE = Settings(root=Path(__file__).resolve().parents[2])
TODAY = dt.date(2026, 11, 23)


def test_latest_is_the_last_month_with_a_figure_of_the_total():
    assert check(HERE, "BN", "latest", "", TODAY) == Parameters("BN", "2025-06")
    assert check(HERE, "VN", "latest", "", TODAY) == Parameters("VN", "2026-07")
    assert check(HERE, "BN", "latest", "2024-03-31", TODAY) == Parameters("BN", "2024-02", "2024-03-31")


def test_the_month_of_the_day_of_knowledge_may_be_judged_before_its_figures_arrive():
    assert check(HERE, "BN", "2024-03", "2024-03-31", TODAY).period == "2024-03"
    with pytest.raises(InputError, match="period 2024-04: no figures of BN; expected 2014-04 to 2024-03"):
        check(HERE, "BN", "2024-04", "2024-03-31", TODAY)


def test_labour_figures_do_not_stretch_the_span_of_production():
    assert known(HERE, "BN").last_period == "2025-06"
    assert known(HERE, "BNM").first_period == "2025-08"


@pytest.mark.parametrize(
    ("territory", "period", "as_of", "said"),
    [
        ("XX", "latest", "", "territory 'XX': unknown; expected one of BNM, BN, BG, VN"),
        ("HN", "latest", "", "territory 'HN': không có chuỗi chỉ số sản xuất nên không có báo cáo"),
        ("../../etc", "latest", "", "territory '../../etc'"),
        ("BN", "2024-13", "", "period '2024-13': expected latest or YYYY-MM, 2014-04 to 2025-06"),
        ("BN", "202403", "", "period '202403'"),
        ("BN", "2030-01", "", "period 2030-01: no figures of BN; expected 2014-04 to 2025-06"),
        ("BN", "latest", "2024-02-30", "as-of '2024-02-30': expected a day written YYYY-MM-DD"),
        ("BN", "latest", "2027-01-01", "as-of 2027-01-01: expected a day written YYYY-MM-DD, up to 2026-11-23"),
        ("BN", "latest", "1999-01-01", "as-of 1999-01-01: before the first release for BN; expected 2014-04-29"),
    ],
)
def test_what_cannot_be_built_is_refused(territory, period, as_of, said):
    with pytest.raises(InputError, match=re.escape(said)):
        check(HERE, territory, period, as_of, TODAY)


def test_a_span_of_months_crosses_years():
    assert months("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    with pytest.raises(InputError, match="lies after"):
        months("2024-02", "2024-01")

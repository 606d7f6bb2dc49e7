"""A month's figures are due on a working day, and late only from the day after."""

import datetime as dt

import pytest

from bn_analysis.cleaning.calendars.releases import due, late, published
from bn_analysis.cleaning.calendars.tet import public_holidays
from bn_analysis.errors import InputError


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-05", "2024-05-29"),
        ("2024-06", "2024-07-01"),  # 29 June 2024 was a Saturday
        ("2023-02", "2023-02-28"),  # a month without a 29th
        ("2024-07", "2024-08-06"),  # the first month under Decree 62/2024
        ("2024-12", "2025-01-06"),
        ("2025-03", "2025-04-08"),  # a Sunday, then the day of the Hùng Kings
        ("2026-01", "2026-02-06"),
        ("2026-04", "2026-05-06"),  # the last month released on the 6th
        ("2026-05", "2026-06-03"),  # the first one released on the 3rd
        ("2026-07", "2026-08-03"),
        ("2026-12", "2027-01-04"),  # 3 January 2027 is a Sunday
        ("2028-12", "2029-01-03"),
        ("2029-01", "2029-02-05"),  # 3 February 2029 is a Saturday
    ],
)
def test_the_day_moves_past_tet_and_weekends(period, day):
    assert due(period) == dt.date.fromisoformat(day)


def test_every_due_day_is_a_working_day_and_in_order():
    days = [due(f"{year}-{month:02d}") for year in range(2011, 2040) for month in range(1, 13)]
    assert all(day.weekday() < 5 and day not in public_holidays(day.year) for day in days)
    assert days == sorted(set(days))


@pytest.mark.parametrize(
    ("period", "dated", "known"),
    [
        ("2024-06", "2024-06-29", "2024-06-29"),  # before Decree 62/2024 the date of the file is the day
        ("2024-07", "2024-07-29", "2024-08-06"),
        ("2024-12", "2024-12-29", "2025-01-06"),
        ("2025-01", "2025-01-29", "2025-02-06"),
        ("2025-03", "2025-03-29", "2025-04-06"),  # a Sunday: the office released on it
        ("2026-04", "2026-04-29", "2026-05-06"),
        ("2026-05", "2026-05-29", "2026-06-03"),
        ("2026-05", "2026-06-05", "2026-06-05"),  # never before the day the file bears
    ],
)
def test_a_file_dated_at_the_end_of_its_month_is_known_from_the_release_on(period, dated, known):
    assert published(period, dated) == known


def test_a_month_is_late_from_the_day_after_it_was_due():
    assert late("2025-02", dt.date(2025, 4, 8)) == ()
    assert late("2025-02", dt.date(2025, 4, 9)) == ("2025-03",)
    assert late("2025-02", dt.date(2025, 7, 8)) == ("2025-03", "2025-04", "2025-05", "2025-06")


@pytest.mark.parametrize("period", ["2025-13", "2025", "", "2025-03-01", "thang 3"])
def test_what_is_no_month_is_refused(period):
    with pytest.raises(InputError, match="expected YYYY-MM"):
        due(period)

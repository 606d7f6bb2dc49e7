"""The book keeps what a review settled; monthly runs use it, search new months only, and say when it has aged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bn_analysis.errors import InputError, NotEnoughDataError
from bn_analysis.seasonal import Book, Entry, Window, adjust, adjust_many, adjust_with, renew, review
from bn_analysis.seasonal.result import SeasonalAdjustment

from .simulated import production

REESTIMATED = 1e-5
"""Relative difference between an automatic run and its own specification given back: the optimiser starts elsewhere."""

REVIEWED = 120
"""Months the review sees."""


@pytest.fixture(scope="module")
def reviewed() -> SeasonalAdjustment:
    return adjust(production().iloc[:REVIEWED])


@pytest.fixture(scope="module")
def entry(reviewed: SeasonalAdjustment) -> Entry:
    return review(reviewed)


def test_the_book_repeats_its_review(reviewed: SeasonalAdjustment, entry: Entry) -> None:
    result = adjust_with(entry, production().iloc[:REVIEWED])
    assert np.abs(result.seasonally_adjusted / reviewed.seasonally_adjusted - 1).max() < REESTIMATED
    assert result.tet.windows == reviewed.tet.windows
    assert result.reason.code == "book"


def test_a_book_is_read_as_it_was_written(entry: Entry, tmp_path: Path) -> None:
    other = Entry(
        "Đồ uống",
        "2021-12",
        "none",
        "(2 1 1)(0 1 1)",
        ("ao2020.Apr",),
        (Window(-3, -1), Window(0, 6)),
        3.9,
        True,
        "seats",
    )
    book = Book().with_entry(entry).with_entry(other)
    book = book.with_entry(replace(entry, known="2023-01-06")).with_entry(replace(entry, known="2022-01-06"))
    book.write(tmp_path / "book.yaml")
    assert Book.read(tmp_path / "book.yaml") == book
    assert [path.name for path in tmp_path.iterdir()] == ["book.yaml"]
    assert "Đồ uống" in (tmp_path / "book.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: 1", "format: 2"),
        ("reviewed: 2021-12", "reviewed: soon"),
        ("arima: (", "arima: x("),
        ("transform: log", "transform: sqrt"),
        ("  windows:", "  window:"),
        ("known: ", "known: 2022-W13-7 #"),
        ("scores:", "scores: 3 #"),
        ("series:", "rows:"),
    ],
)
def test_a_damaged_book_is_refused_by_name(entry: Entry, tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "book.yaml"
    Book().with_entry(entry).write(path)
    text = path.read_text(encoding="utf-8").replace("'", "")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=r"book\.yaml"):
        Book.read(path)


def test_a_book_serves_what_was_known_with_the_review_in_force_then(entry: Entry) -> None:
    days = ("2020-01-06", "2021-01-06", "2022-01-06")
    book = Book()
    for day in reversed(days):
        book = book.with_entry(replace(entry, known=day))
    assert [one.known for one in book.entries[entry.name]] == list(days)
    assert book.entry(entry.name, "2020-01-05") is None
    for day, known in (("2020-01-06", days[0]), ("2021-12-31", days[1]), ("2030-01-01", days[2]), ("", days[2])):
        served = book.entry(entry.name, day)
        assert served is not None and served.known == known


def test_a_review_of_the_same_day_takes_the_place_of_the_former(entry: Entry) -> None:
    book = (
        Book().with_entry(replace(entry, known="2021-01-06")).with_entry(replace(entry, known="2021-01-06", arima="x"))
    )
    assert [one.arima for one in book.entries[entry.name]] == ["x"]


def test_the_review_remembers_the_windows_it_tried(reviewed: SeasonalAdjustment, entry: Entry) -> None:
    scores = adjust_with(entry, production()).tet.scores
    assert list(scores["choice"]) == list(reviewed.tet.scores["choice"])
    np.testing.assert_allclose(scores["gain"], reviewed.tet.scores["gain"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (lambda series: series.iloc[12:], "book_span"),  # its past was cut off
        (lambda series: series.iloc[: REVIEWED - 1], "book_span"),
        (lambda series: series - 2 * series.mean(), "book_refused"),  # a balance has no logarithm
    ],
)
def test_a_series_that_changed_is_identified_anew_and_says_so(entry: Entry, changed: object, code: str) -> None:
    series = changed(production())  # type: ignore[operator]
    found = adjust_many({entry.name: series}, book=Book().with_entry(entry)).adjustments[entry.name]
    fresh = adjust(series.rename(entry.name))
    assert found.reason.code == code and found.reason.facts["words"]
    pd.testing.assert_frame_equal(found.table, fresh.table)


def test_no_book_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml"):
        Book.read(tmp_path / "none.yaml")


def test_only_new_months_are_searched_for_outliers(entry: Entry) -> None:
    old, new = production().copy(), production().copy()
    old.iloc[60] *= 0.8
    new.iloc[REVIEWED + 12] *= 0.8
    assert adjust_with(entry, old).outliers["automatic"].sum() == 0
    found = adjust_with(entry, new).outliers
    assert list(found.loc[found["automatic"].astype(bool), "period"]) == [new.index[REVIEWED + 12]]


def test_a_new_month_is_no_outlier_sooner_than_an_old_one(entry: Entry) -> None:
    # X-13's own limit for a single month is 1.96: one month in twenty would be an outlier.
    text = entry.specification(production(REVIEWED + 1).index).files(production(REVIEWED + 1))["run.spc"]
    assert f"critical={entry.critical:g}" in text
    assert entry.critical > 3.5


def test_a_series_that_changes_its_nature_asks_for_a_review(entry: Entry) -> None:
    series = production()
    rng = np.random.default_rng(0)
    wild = series * np.exp(np.where(np.arange(144) >= REVIEWED, 0.15 * rng.standard_normal(144), 0.0))
    result = adjust_with(entry, wild.rename("production"))
    assert result.reason.code == "book_outdated"
    assert "new_outliers" in str(result.reason.facts["signs"])


def test_a_renewed_entry_keeps_the_model_and_takes_in_new_outliers(entry: Entry) -> None:
    series = production()
    series.iloc[REVIEWED + 12] *= 0.8
    renewed = renew(entry, series)
    assert (renewed.arima, renewed.windows, renewed.transform) == (entry.arima, entry.windows, entry.transform)
    assert renewed.reviewed == str(series.index[-1])
    assert any(
        word.lower().endswith(series.index[REVIEWED + 12].strftime("%Y.%b").lower()) for word in renewed.variables
    )


def test_an_entry_whose_tet_does_not_show_is_identified_anew(entry: Entry) -> None:
    assert renew(entry, production(tet=False)).windows == ()


def test_a_series_that_ends_before_its_review_is_refused(entry: Entry) -> None:
    with pytest.raises(NotEnoughDataError, match="before its review"):
        adjust_with(entry, production().iloc[: REVIEWED - 1])


def test_gaps_are_refused(entry: Entry) -> None:
    with pytest.raises(NotEnoughDataError, match="gaps"):
        adjust_with(entry, production().drop(production().index[30:34]))


def test_only_x13_adjustments_enter_the_book() -> None:
    with pytest.raises(InputError, match="stl"):
        review(adjust(production(), method="stl"))


def test_given_outliers_are_no_review(reviewed: SeasonalAdjustment, entry: Entry) -> None:
    with pytest.raises(InputError, match="renew"):
        review(adjust_with(entry, production().iloc[:REVIEWED]))


def test_a_panel_collects_errors_and_goes_on(entry: Entry) -> None:
    frame = pd.DataFrame(
        {"production": production(), "flat": 5.0, "late": production().where(production().index > "2023-06")}
    )
    panel = adjust_many(frame, book=Book().with_entry(entry))
    assert list(panel.adjustments) == ["production"]
    assert panel.adjustments["production"].reason.code == "book"
    assert "constant" in str(panel.errors["flat"])
    assert "6 months" in str(panel.errors["late"])
    assert panel.to_frame().shape == (144, 1)


def test_a_panel_gives_what_each_series_gives_alone() -> None:
    frame = pd.DataFrame({f"s{seed}": production(72, tet=False, seed=seed) for seed in (1, 2, 3)})
    panel = adjust_many(frame, holiday="none", jobs=2)
    for name in frame:
        alone = adjust(frame[name], holiday="none")
        pd.testing.assert_frame_equal(panel.adjustments[str(name)].to_frame(), alone.to_frame())

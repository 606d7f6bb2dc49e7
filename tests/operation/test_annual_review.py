"""The annual review keeps what still fits, says what changes, and a report stands on the review in force on its day."""

import shutil
from dataclasses import replace

import pytest

from bn_analysis import cli
from bn_analysis.errors import InputError
from bn_analysis.operation import checks
from bn_analysis.operation.annual_review import annual_review, keep
from bn_analysis.report.pages.evidence.seasonal_adjustment import adjustment_summary
from bn_analysis.seasonal import Book, from_estimate
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import BOOK_FILE, reviewed
from bn_analysis.study.study import open_study, reference_estimate

from ..built import ROOT

VN = "VN TOTAL"
ROUNDING = 0.01
"""How far apart AICCs of one index may lie that another processor, or a mode found in other steps, gives."""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A copy of the project's figures and notebooks, results kept in a folder of its own."""
    for name in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setenv("BN_ANALYSIS_ROOT", str(tmp_path))
    return Settings()


def without_the_last(settings):
    """The book as it stood before its last review; that review."""
    book = reviewed(settings)
    *others, last = book.entries[VN]
    Book({VN: tuple(others)}).write(settings.raw / BOOK_FILE)
    return last


def test_the_book_on_record_is_what_its_command_makes(settings):
    last = without_the_last(settings)
    found = annual_review(settings, as_of=last.known)
    assert replace(found.entry, scores=last.scores) == last
    for (choice, score), (kept_choice, kept_score) in zip(found.entry.scores, last.scores, strict=True):
        assert choice == kept_choice and score == pytest.approx(kept_score, abs=ROUNDING)
    found = replace(found, entry=last)
    assert found.before is not None and found.before.known < last.known
    assert not found.why
    told = "\n".join(found.lines())
    assert "(0 1 1)(0 1 1) (như lần trước / as before)" in told and " → " in told
    keep(settings, found)
    assert reviewed(settings).entries[VN][-1] == last
    assert (settings.raw / BOOK_FILE).read_bytes() == (ROOT / "data/raw" / BOOK_FILE).read_bytes()


def test_reviews_were_made_every_year_and_none_looks_ahead():
    entries = reviewed(Settings(root=ROOT)).entries[VN]
    years = [int(one.known[:4]) for one in entries]
    assert years == list(range(years[0], years[-1] + 1)) and len(years) >= 10
    assert all(one.reviewed <= one.known[:7] for one in entries)


def test_reports_adjust_by_the_review_of_their_day(settings):
    day = "2023-06-29"
    study = open_study("VN", "latest", day, settings=settings, alone=True)
    served = reviewed(settings).entry(VN, study.vintage)
    assert served is not None and served.known <= day
    assert (study.adjustment.reason.code, study.adjustment.reason.facts["reviewed"]) == ("book", served.reviewed)
    for language, words in (("vi", "rà soát hằng năm"), ("en", "annual review")):
        text = str(adjustment_summary(study, language))
        assert words in text and "{" not in text


def test_before_the_first_review_everything_is_identified():
    settings = Settings(root=ROOT)
    adjusted = from_estimate(reference_estimate("2017-01-31", settings), book=reviewed(settings))
    assert adjusted.reason.code == "well_observed"


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"format: 1\nseries: [\n", b"format: 9\n", b"[" * 5000, b""])
def test_a_damaged_book_stops_no_report_and_is_named(settings, damage):
    path = settings.raw / BOOK_FILE
    path.write_bytes(damage)
    book = reviewed(settings)
    adjusted = from_estimate(reference_estimate("2018-06-30", Settings(root=ROOT)), book=book)
    assert adjusted.reason.code == "book_damaged" and adjusted.method == "x13"
    with pytest.raises(InputError, match=BOOK_FILE):
        checks._raw(settings)
    with pytest.raises(InputError, match=BOOK_FILE):
        annual_review(settings)
    assert path.read_bytes() == damage


def test_an_interrupted_review_leaves_the_old_book(settings, monkeypatch):
    last = without_the_last(settings)
    before = (settings.raw / BOOK_FILE).read_bytes()
    found = annual_review(settings, as_of=last.known)

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        keep(settings, found)
    assert (settings.raw / BOOK_FILE).read_bytes() == before
    assert not [path for path in settings.raw.iterdir() if path.name.endswith(".part")]


def test_a_series_that_x13_does_not_serve_has_nothing_to_review(settings):
    with pytest.raises(InputError, match="không có gì để rà soát"):
        annual_review(settings, "BNM")


def test_a_specification_that_no_longer_fits_asks_for_a_review_on_the_page(settings):
    study = open_study("VN", "latest", "2023-06-29", settings=settings, alone=True)
    reason = study.adjustment.reason
    for code, facts in (
        ("book_outdated", {"signs": ("autocorrelation", "new_outliers", "tet")}),
        ("book_span", {"words": "x"}),
        ("book_refused", {"words": "x"}),
        ("book_damaged", {}),
    ):
        object.__setattr__(reason, "code", code)
        object.__setattr__(reason, "facts", {"reviewed": "2023-03", **facts})
        for language, word in (("vi", "nhận dạng lại|cần rà soát lại"), ("en", "identified anew|review is due")):
            text = str(adjustment_summary(study, language))
            assert any(one in text for one in word.split("|")), (code, text)
            assert "{" not in text and "sign" not in text


def test_the_command_previews_without_writing(settings, monkeypatch, capsys):
    before = (settings.raw / BOOK_FILE).read_bytes()
    monkeypatch.setattr("sys.argv", ["bn-analysis", "review", "--as-of", "2024-04-15", "--preview"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert "xem trước" in capsys.readouterr().out
    assert (settings.raw / BOOK_FILE).read_bytes() == before

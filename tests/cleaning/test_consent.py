"""Documents and typed figures: shown with their evidence, booked on a person's word only, never by a run."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from bn_analysis import cli
from bn_analysis.cleaning.documents.reading import read_parts
from bn_analysis.cleaning.ingestion.booking import ConfirmationError, book
from bn_analysis.cleaning.ingestion.document_arrival import corrected_arrival, document_arrival, typed_arrival
from bn_analysis.cleaning.ingestion.inbox import DONE, PREVIEW, TO_CONFIRM, settle, take_in
from bn_analysis.cleaning.ingestion.ingest import ingest
from bn_analysis.cleaning.rates import read_rates
from bn_analysis.cleaning.raw.release_files import RELEASES_DIR
from bn_analysis.errors import InputError
from bn_analysis.operation import consent

_TEXT = (
    "Chỉ số sản xuất công nghiệp (IIP) tháng 3/2024 của tỉnh Bắc Ninh sau 2 tháng liên tiếp giảm sâu đã đạt mức tăng "
    "7,34 %. Tính chung 3 tháng đầu năm 2024, IIP giảm 8,7 % so với cùng kỳ năm trước."
)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(_TEXT, encoding="utf-8")
    return path


def test_a_text_is_booked_with_its_clause_after_a_yes_only(text: Path, raw: Path) -> None:
    with pytest.raises(ConfirmationError):
        ingest([text], raw, "2024-04-05")
    assert not list((raw / RELEASES_DIR).glob("*.csv"))
    (report,) = ingest([text], raw, "2024-04-05", confirmed=True)
    assert report.new == 1
    rates = read_rates(raw)
    (source,) = rates[rates["file"] == report.written.name]["url"] if report.written else [""]
    assert "report.txt, line 1" in source and "giảm 8,7 %" in source
    assert ingest([text], raw, "2024-04-05", confirmed=True)[0].new == 0


def project_of(raw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The record as that of a project that commands work on."""
    root = raw.parent / "project"
    (root / "notebooks").mkdir(parents=True)
    (root / "data").mkdir()
    monkeypatch.setenv("BN_ANALYSIS_ROOT", str(root))
    return raw.rename(root / "data" / "raw")


@pytest.mark.parametrize(("answer", "booked", "code"), [("y\n", 1, 0), ("n\n", 0, 3), ("", 0, 1)])
def test_whoever_sits_at_the_terminal_is_asked(
    text: Path, raw: Path, monkeypatch: pytest.MonkeyPatch, answer: str, booked: int, code: int
) -> None:
    raw = project_of(raw, monkeypatch)
    monkeypatch.setattr(consent, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    done = CliRunner().invoke(cli.app, ["ingest", str(text), "--released", "2024-04-05"], input=answer)
    assert (done.exit_code, len(list((raw / RELEASES_DIR).glob("*.csv")))) == (code, booked)
    assert done.output.index("giảm 8,7 %") < done.output.index("Ghi vào kho số liệu?")


def test_elsewhere_the_question_is_the_error(text: Path, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = project_of(raw, monkeypatch)
    done = CliRunner().invoke(cli.app, ["ingest", str(text), "--released", "2024-04-05"], input="y\n")
    assert isinstance(done.exception, ConfirmationError) and not list((raw / RELEASES_DIR).glob("*.csv"))
    assert "giảm 8,7 %" in done.output and "Ghi vào kho số liệu?" not in done.output


def test_a_figure_without_a_base_is_shown_and_not_booked(text: Path, raw: Path) -> None:
    (report,) = ingest([text], raw, preview=True)
    (unnamed,) = report.unnamed
    assert (unnamed.territory, unnamed.period, unnamed.value_pct) == ("BN", "2024-03", 7.34)
    assert any("+7,34%" in line for line in report.lines())
    assert not list((raw / RELEASES_DIR).glob("*.csv"))


def test_a_run_puts_a_document_with_its_preview_before_a_person(text: Path, raw: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    text = text.rename(inbox / "2024-04-05 report.txt")
    (handled,) = take_in(inbox, raw)
    waiting = inbox / TO_CONFIRM / text.name
    assert handled.state == "held" and f"ingest --yes {waiting}" in handled.said
    assert "giảm 8,7 %" in waiting.with_name(f"{waiting.name}{PREVIEW}").read_text(encoding="utf-8")
    assert not list((raw / RELEASES_DIR).glob("*.csv"))
    assert [again.state for again in take_in(inbox, raw)] == ["held"]
    (report,) = ingest([waiting], raw, confirmed=True)
    settle(waiting, inbox, report.release_date)
    assert take_in(inbox, raw) == () and (inbox / DONE / "2024-04-05" / text.name).is_file()


def test_a_document_without_figures_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Xuất khẩu tháng 3/2024 tăng 7,34 % so với tháng trước.", encoding="utf-8")
    assert read_parts(tmp_path / "a.txt").statements == ()
    with pytest.raises(InputError, match="bn-analysis add"):
        document_arrival(tmp_path / "a.txt")


def _typed(**figures: str) -> object:
    return typed_arrival("BN", "2025-06", figures, "https://example.org/a", industry="TOTAL", release="first")


def test_typed_figures_are_booked_with_their_source(raw: Path) -> None:
    arrival = typed_arrival(
        "BN", "2025-06", {"mom": "-3,2", "yoy": "bằng 107,34%"}, "https://example.org/a", industry="C", release="first"
    )
    with pytest.raises(ConfirmationError):
        book([arrival], raw, "2025-07-05")
    book([arrival], raw, "2025-07-05", confirmed=True)
    rates = read_rates(raw)
    rates = rates[rates["url"].str.startswith("https://example.org/a ")]
    assert dict(zip(rates["measure"], rates["value_pct"], strict=True)) == {"mom": -3.2, "yoy": 7.34}


def test_a_typed_figure_that_may_be_a_ratio_is_asked_about() -> None:
    with pytest.raises(InputError, match="bằng 107,34%"):
        _typed(yoy="107,34")


def test_nothing_is_added_without_source_and_day() -> None:
    for left_out in ("--source", "--released"):
        given = {
            "--territory": "BN",
            "--period": "2025-06",
            "--source": "a",
            "--released": "2025-07-05",
            "--mom": "1,2",
        }
        del given[left_out]
        result = CliRunner().invoke(cli.app, ["add", *(word for pair in given.items() for word in pair)])
        assert result.exit_code == 2


@pytest.mark.parametrize(
    "wrong", [{"territory": "XX"}, {"period": "2025-13"}, {"industry": "Z9"}, {"release": "last"}, {"source": " "}]
)
def test_every_field_of_a_typed_figure_is_checked(wrong: dict[str, str]) -> None:
    told = {"territory": "BN", "period": "2025-06", "industry": "TOTAL", "release": "first", "source": "a", **wrong}
    with pytest.raises(InputError):
        typed_arrival(
            told["territory"], told["period"], {"mom": "1,2"}, told["source"], industry=told["industry"],
            release=told["release"],
        )  # fmt: skip


def test_readings_put_right_by_a_person_are_booked(text: Path, raw: Path) -> None:
    readings = read_parts(text).to_frame()
    with pytest.raises(InputError, match="unknown"):
        corrected_arrival(readings, "a page")
    readings.loc[readings["measure"] == "unknown", "measure"] = "mom"
    (report,) = book([corrected_arrival(readings, "a page")], raw, "2024-04-06", confirmed=True)
    assert report.new == 2

"""What is dropped into the inbox is read once, refused with a reason beside it, or left alone; nothing is lost."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

from bn_analysis.cleaning.ingestion import inbox as module
from bn_analysis.cleaning.ingestion.inbox import DONE, LOCK, REFUSED, take_in
from bn_analysis.cleaning.raw.release_files import RELEASES_DIR
from bn_analysis.errors import BuildError

from .test_ingest import content, march


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK)


def releases(raw: Path) -> list[Path]:
    return sorted((raw / RELEASES_DIR).glob("*.csv"))


def test_a_workbook_goes_into_the_figures_and_away(office: SimpleNamespace, inbox: Path, raw: Path) -> None:
    name = march(office, inbox).name
    (handled,) = take_in(inbox, raw)
    assert handled.state == "ingested" and "2025-03, công bố 2025-04-06" in handled.said
    assert names(inbox) == [DONE, REFUSED] and names(inbox / DONE / "2025-04-06") == [name]
    assert len(releases(raw)) == 1 and take_in(inbox, raw) == ()


def test_a_run_killed_before_the_file_was_moved_is_finished_by_the_next(
    office: SimpleNamespace,
    inbox: Path,
    raw: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    march(office, inbox)
    with monkeypatch.context() as patch:
        patch.setattr(module, "_put_away", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_in(inbox, raw)
    before = content(raw)
    (handled,) = take_in(inbox, raw)
    assert handled.ingested is not None and handled.ingested.new == 0 and handled.state == "ingested"
    assert content(raw) == before and names(inbox) == [DONE, REFUSED]


def test_a_refused_workbook_has_its_reason_beside_it_and_stops_no_other(
    office: SimpleNamespace,
    inbox: Path,
    raw: Path,
) -> None:
    march(office, inbox)
    march(office, inbox, "undated.xlsx")
    (inbox / "2025-04-06-broken.xlsx").write_bytes(b"PK\x03\x04 half a workbook")
    (inbox / "2025-04-06-empty.xls").touch()
    states = {handled.file: handled.state for handled in take_in(inbox, raw)}
    assert list(states.values()).count("refused") == 3 and states["2025-04-06-Bieu-3.2025.xlsx"] == "ingested"
    assert names(inbox / REFUSED) == sorted(
        name + end for name in states if states[name] == "refused" for end in ("", ".txt")
    )
    reason = (inbox / REFUSED / "undated.xlsx.txt").read_text(encoding="utf-8")
    assert "no release date" in reason and reason.count("\n") == 1


def test_a_release_of_tomorrow_is_refused(office: SimpleNamespace, inbox: Path, raw: Path) -> None:
    office.monthly("2098-03", full=False).save(inbox / "2098-04-06-Bieu.xlsx")
    (handled,) = take_in(inbox, raw)
    assert handled.state == "refused" and releases(raw) == []


def test_a_link_is_refused_and_what_it_points_to_is_left_alone(
    office: SimpleNamespace,
    inbox: Path,
    raw: Path,
    tmp_path: Path,
) -> None:
    outside = march(office, tmp_path)
    (inbox / outside.name).symlink_to(outside)
    (handled,) = take_in(inbox, raw)
    assert handled.state == "refused" and "is a link" in handled.said and releases(raw) == []
    assert outside.is_file() and (inbox / REFUSED / outside.name).is_symlink()


def test_a_file_that_is_still_being_written_waits_for_the_next_run(
    office: SimpleNamespace,
    inbox: Path,
    raw: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = march(office, inbox)
    whole = path.read_bytes()
    path.write_bytes(whole[:5000])
    read = module._read

    def slow(*given: object, **more: object) -> object:
        result = read(*given, **more)
        path.write_bytes(whole)  # the rest arrives while the first part is looked at
        return result

    with monkeypatch.context() as patch:
        patch.setattr(module, "_read", slow)
        (handled,) = take_in(inbox, raw)
    assert handled.state == "skipped" and "still being written" in handled.said and path.is_file()
    assert take_in(inbox, raw)[0].state == "ingested"


def test_a_reader_that_breaks_refuses_one_file_only(
    office: SimpleNamespace,
    inbox: Path,
    raw: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    march(office, inbox)
    monkeypatch.setattr(module, "ingest", lambda *_, **__: {}["no such\nkey"])
    (handled,) = take_in(inbox, raw)
    assert handled.state == "refused" and "KeyError" in handled.said and "\n" not in handled.said


def test_other_files_stay_and_marks_of_excel_are_not_even_named(inbox: Path, raw: Path) -> None:
    for name in ("README.md", ".hidden.xlsx", "~$Bieu.xlsx", "photo.png"):
        (inbox / name).write_text("x", encoding="utf-8")
    (inbox / "folder").mkdir()
    assert [(handled.file, handled.state) for handled in take_in(inbox, raw)] == [
        ("folder", "skipped"),
        ("photo.png", "skipped"),
    ]
    assert (inbox / "photo.png").is_file()


def test_another_file_of_one_name_is_kept_beside(office: SimpleNamespace, inbox: Path, raw: Path) -> None:
    for text in (b"one", b"two", b"two"):
        (inbox / "bad.xlsx").write_bytes(text)
        take_in(inbox, raw)
    assert names(inbox / REFUSED) == ["bad-2.xlsx", "bad-2.xlsx.txt", "bad.xlsx", "bad.xlsx.txt"]


def test_two_runs_never_read_one_inbox_and_its_folders_are_no_links(inbox: Path, raw: Path, tmp_path: Path) -> None:
    with FileLock(inbox / LOCK), pytest.raises(BuildError, match="another run is reading the inbox"):
        take_in(inbox, raw)
    (inbox / DONE).rmdir()
    (inbox / DONE).symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(BuildError, match="is a link"):
        take_in(inbox, raw)


def test_a_note_is_never_written_through_a_link(inbox: Path, raw: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    (inbox / REFUSED).mkdir()
    (inbox / REFUSED / "a.xlsx.txt").symlink_to(mine)
    (inbox / "a.xlsx").write_text("no workbook", encoding="utf-8")
    (handled,) = take_in(inbox, raw)
    assert handled.state == "refused" and mine.read_text(encoding="utf-8") == "mine"
    note = inbox / REFUSED / "a.xlsx.txt"
    assert not note.is_symlink() and note.read_text(encoding="utf-8").startswith("a.xlsx: ")


def test_a_day_of_the_files_put_away_is_no_link(
    office: SimpleNamespace, inbox: Path, raw: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (inbox / DONE).mkdir()
    (inbox / DONE / "2025-04-06").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    path = march(office, inbox)
    with pytest.raises(BuildError, match="is a link"):
        take_in(inbox, raw)
    assert path.is_file() and not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes are a matter of Linux")
@pytest.mark.parametrize("name", [b"\xff\xfe.xlsx", ("ă" * 120 + ".xlsx").encode(), b"x" * 246 + b".xlsx"])
def test_a_name_that_cannot_be_noted_is_refused_and_stays(inbox: Path, raw: Path, name: bytes) -> None:
    path = inbox / os.fsdecode(name)
    path.write_text("no workbook", encoding="utf-8")
    (handled,) = take_in(inbox, raw)
    assert handled.state == "refused" and "rename the file" in handled.said and path.is_file()
    handled.said.encode()
    handled.file.encode()


def test_a_huge_file_is_refused_without_being_read(inbox: Path, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (inbox / "a.xlsx").open("wb") as file:
        file.truncate(5 * 2**30)  # sparse
    monkeypatch.setattr(module, "_hash", lambda path: pytest.fail("read"))
    (handled,) = take_in(inbox, raw)
    assert handled.state == "refused" and "at most" in handled.said

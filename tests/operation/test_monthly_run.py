"""The month by itself: what was dropped in is read, what is new is published, and what happened is said and logged."""

import datetime as dt
import errno
import json
import shutil

import pytest

from bn_analysis.cleaning.ingestion.inbox import Handled
from bn_analysis.errors import BuildError, InputError, MailError
from bn_analysis.operation import mail, monthly_run
from bn_analysis.operation.checks import Finding
from bn_analysis.operation.run_log import LOG, Entry, append, entries
from bn_analysis.publication.build_reports import Outcome
from bn_analysis.publication.publish import is_current, output_folder, publish

from ..built import ROOT

TODAY = dt.date(2026, 9, 10)
FIELDS = [
    "start", "end", "version", "ingested", "refused", "skipped", "published", "unchanged", "failed", "late", "mailed",
    "exit_code",
]  # fmt: skip


def publish_small(plan, *, out, jobs, say, key="k1"):
    """Stands in for the building: a page of one line for each report that is not current."""
    reports, done = monthly_run.Settings().reports, []
    with output_folder(reports) as staging:
        for report in plan.reports:
            if is_current(reports, report, key, plan.languages):
                continue
            folder = staging / report.territory
            folder.mkdir()
            (folder / mail.PAGE).write_text(f"<title>{report.territory}</title>", encoding="utf-8")
            facts = {
                "territory": report.territory, "period": report.period, "key": key, "languages": ["vi", "en"],
                "phase": "bottomed_out", "probability": 0.9, "verdict": {"reasons": []},
                "as_of": "", "vintage": "2026-09-08",
            }  # fmt: skip
            done.append(publish(folder, reports, report, facts))
    return Outcome(tuple(done), len(plan.reports) - len(done), (), reports / "index.html")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the project in which building takes no time and health is not looked at again and again."""
    for name in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in mail.MailSettings.model_fields:
        monkeypatch.delenv(f"BN_ANALYSIS_SMTP_{name.upper()}", raising=False)
    monkeypatch.setenv("BN_ANALYSIS_ROOT", str(tmp_path))
    monkeypatch.setattr(monthly_run, "run", publish_small)
    monkeypatch.setattr(monthly_run, "health", lambda today: [])
    return tmp_path


def carry_out(**options):
    return monthly_run.run_month(mail_to=options.pop("mail_to", ()), jobs=1, say=lambda text: None, today=TODAY)


def test_the_first_run_publishes_and_the_second_finds_nothing_new(project):
    first, second = carry_out(), carry_out()
    assert [run.entry.exit_code for run in (first, second)] == [0, 3]
    assert first.entry.published == ["2026-08/BNM", "2026-07/VN"] and second.entry.unchanged == 2
    said = "\n".join(second.lines())
    assert "Không có gì mới" in said and "  Nothing new" in said


def test_a_late_release_is_a_sentence_in_both_languages_and_no_fault(project):
    run = carry_out()
    assert {"territory": "VN", "expected": "2026-08", "due": "2026-09-03", "months": 1} in run.entry.late
    said = "\n".join(run.lines())
    assert "lẽ ra công bố ngày 3/9/2026" in said and "were due on 3 September 2026" in said and run.entry.exit_code == 0


def test_the_log_has_one_line_a_run_in_a_fixed_order(project):
    carry_out()
    carry_out()
    lines = (project / "reports" / LOG).read_text(encoding="utf-8").splitlines()
    assert [list(json.loads(line)) for line in lines] == [FIELDS, FIELDS]
    assert [json.loads(line)["exit_code"] for line in lines] == [0, 3]


def test_a_refused_workbook_does_not_stop_the_rest_but_is_exit_code_2(project):
    inbox = project / "data" / "inbox"
    inbox.mkdir()
    (inbox / "2025-04-06-broken.xlsx").write_bytes(b"no workbook")
    run = carry_out()
    assert run.entry.exit_code == 2 and len(run.entry.published) == 2
    assert run.entry.refused[0]["file"] == "2025-04-06-broken.xlsx"
    assert "Bị từ chối" in "\n".join(run.lines())
    assert (inbox / "refused" / "2025-04-06-broken.xlsx.txt").is_file()
    assert carry_out().entry.exit_code == 3


def test_a_territory_that_workbooks_came_in_for_is_published_too(project, monkeypatch):
    monkeypatch.setattr(monthly_run, "ingested_territories", lambda raw: ["BN", "VN"])
    run = carry_out()
    assert run.entry.published == ["2026-08/BNM", "2026-07/VN", "2025-06/BN"]
    assert [record["territory"] for record in run.records] == ["BNM", "BN", "VN"]


@pytest.mark.parametrize(("error", "code"), [(BuildError("the kernel died"), 1), (InputError("bad figure"), 2)])
def test_what_fails_is_said_logged_and_in_the_exit_code(project, monkeypatch, error, code):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(monthly_run, "run", fail)
    run = carry_out()
    assert run.entry.exit_code == code and run.entry.failed == [str(error)]
    assert entries(project / "reports")[-1]["exit_code"] == code


def test_a_full_disk_says_what_to_do(project, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(monthly_run, "run", fail)
    run = carry_out()
    assert run.entry.exit_code == 1 and "no space left; make room and run again" in run.entry.failed[0]


def test_one_report_that_fails_leaves_the_other_published(project, monkeypatch):
    def one_fails(plan, **options):
        done = publish_small(plan, **options)
        return Outcome(done.published[:1], 0, ("VN 2026-07: a cell failed",), done.index)

    monkeypatch.setattr(monthly_run, "run", one_fails)
    run = carry_out()
    assert run.entry.exit_code == 1 and run.entry.published == ["2026-08/BNM"]


def test_a_stopped_run_is_in_the_log_too(project, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(monthly_run, "run", stop)
    with pytest.raises(KeyboardInterrupt):
        carry_out()
    assert entries(project / "reports")[-1]["failed"] == ["stopped: KeyboardInterrupt"]


def test_nothing_is_read_while_the_project_is_unfit(project, monkeypatch):
    monkeypatch.setattr(monthly_run, "health", lambda today: [Finding("clock", False, "wrong", 2)])
    inbox = project / "data" / "inbox"
    inbox.mkdir()
    (inbox / "2025-04-06-new.xlsx").write_bytes(b"x")
    run = carry_out()
    assert run.entry.exit_code == 2 and run.entry.failed == ["clock: wrong"]
    assert [path.name for path in inbox.iterdir()] == ["2025-04-06-new.xlsx"]
    monkeypatch.setattr(monthly_run, "health", lambda today: [Finding("X-13ARIMA-SEATS", False, "missing", 1)])
    assert carry_out().entry.exit_code == 1


def test_an_e_mail_goes_out_once_for_each_state_and_again_after_a_refusal(project, monkeypatch):
    for name, value in {"HOST": "mail.example", "FROM": "may@sct.example", "TO": "lanhdao@sct.example"}.items():
        monkeypatch.setenv(f"BN_ANALYSIS_SMTP_{name}", value)
    sent = []

    def refuse(post, message):
        raise MailError("mail server mail.example:587 does not answer")

    monkeypatch.setattr(mail, "send", refuse)
    refused = carry_out()
    assert refused.entry.exit_code == 1 and len(refused.entry.published) == 2 and refused.entry.mailed == ""
    monkeypatch.setattr(mail, "send", lambda post, message: sent.append(message["Subject"]))
    assert carry_out().entry.mailed.startswith("2026-08/BNM ") and carry_out().entry.mailed == ""
    assert len(sent) == 1 and sent[0].startswith("Bắc Ninh (từ 7/2025), tháng 8/2026")
    assert carry_out(mail_to=("phong@sct.example",)).recipients == 1
    log = (project / "reports" / LOG).read_text(encoding="utf-8")
    assert "lanhdao" not in log and "phong@" not in log


def test_an_identical_page_made_again_is_no_news_and_another_verdict_is(project, monkeypatch):
    for name, value in {"HOST": "mail.example", "FROM": "may@sct.example", "TO": "lanhdao@sct.example"}.items():
        monkeypatch.setenv(f"BN_ANALYSIS_SMTP_{name}", value)
    sent, built = [], {"key": "k1", "probability": 0.9}

    def build(plan, *, out, jobs, say):
        outcome = publish_small(plan, out=out, jobs=jobs, say=say, key=built["key"])
        for folder in outcome.published:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            text = json.dumps(manifest | {"probability": built["probability"]})
            (folder / "manifest.json").write_text(text, encoding="utf-8")
        return outcome

    monkeypatch.setattr(monthly_run, "run", build)
    monkeypatch.setattr(mail, "send", lambda post, message: sent.append(message["Subject"]))
    carry_out()
    built["key"] = "k2"  # another version of a package, say
    assert len(carry_out().entry.published) == 2 and len(sent) == 1
    built |= {"key": "k3", "probability": 0.4}
    carry_out()
    assert len(sent) == 2


def test_the_mail_says_which_documents_wait_for_a_person_and_goes_again_when_one_more_does(project, monkeypatch):
    letters = []
    for name, value in {"HOST": "127.0.0.1", "FROM": "may@sct.example", "TO": "a@sct.example", "TLS": "none"}.items():
        monkeypatch.setenv(f"BN_ANALYSIS_SMTP_{name}", value)
    monkeypatch.setattr(mail, "send", lambda post, message: letters.append(message.get_body(("plain",)).get_content()))
    inbox = project / "data" / "inbox"
    inbox.mkdir()
    sentence = "Chỉ số sản xuất công nghiệp tỉnh Bắc Ninh tháng 5/2025 giảm {}% so với tháng trước."
    (inbox / "2025-06-05 tin.txt").write_text(sentence.format("1,65"), encoding="utf-8")
    carry_out()
    assert "ingest --yes" in letters[0] and "2025-06-05 tin.txt" in letters[0]
    carry_out()
    assert len(letters) == 1
    (inbox / "2025-06-06 tin.txt").write_text(sentence.format("1,7"), encoding="utf-8")
    carry_out()
    assert len(letters) == 2 and "2025-06-05 tin.txt" in letters[1] and "2025-06-06 tin.txt" in letters[1]


def test_half_a_line_of_a_killed_run_spoils_no_other(tmp_path):
    append(tmp_path, Entry())
    with (tmp_path / LOG).open("a", encoding="utf-8") as file:
        file.write('{"start": "2025-0')
    append(tmp_path, Entry(mailed="second"))
    assert [entry["mailed"] for entry in entries(tmp_path)] == ["", "second"]
    assert (tmp_path / LOG).read_text(encoding="utf-8").count("\n") == 3


@pytest.mark.parametrize("name", ["a\u2028b.xlsx", "a\x85b.xlsx", "\udcff.xlsx", "a\nb.xlsx"])
def test_a_run_is_one_line_of_the_log_whatever_a_name_holds(tmp_path, name):
    append(tmp_path, Entry(refused=[{"file": name, "reason": "r"}], mailed="sign"))
    append(tmp_path, Entry())
    first, second = entries(tmp_path)
    assert first["mailed"] == "sign" and first["refused"][0]["file"] == name and second["mailed"] == ""


def test_the_log_is_never_written_through_a_link(project, tmp_path):
    (project / "reports").mkdir()
    (project / "reports" / LOG).symlink_to(tmp_path / "elsewhere")
    run = carry_out()
    assert run.entry.exit_code == 1 and "is a link" in run.entry.failed[-1]
    assert not (tmp_path / "elsewhere").exists()


def test_every_kind_of_handled_file_has_its_list(project, monkeypatch):
    handled = (Handled("a.pdf", "skipped", "a.pdf: is no workbook"), Handled("b.xlsx", "refused", "b.xlsx: bad"))
    monkeypatch.setattr(monthly_run, "take_in", lambda inbox, raw: handled)
    entry = carry_out().entry
    assert entry.skipped == [{"file": "a.pdf", "why": "a.pdf: is no workbook"}]
    assert entry.refused == [{"file": "b.xlsx", "why": "b.xlsx: bad"}]

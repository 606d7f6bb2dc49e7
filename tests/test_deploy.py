"""The templates that run the month by themselves are well formed, call a command that exists, and name no machine."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from defusedxml import ElementTree

from bn_analysis.operation.mail import MailSettings
from bn_analysis.settings import Settings

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def unit(name):
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read(DEPLOY / "systemd" / name, encoding="utf-8")
    return parser


def test_the_service_calls_the_monthly_run_and_takes_nothing_new_for_success():
    service = unit("bn-analysis.service")["Service"]
    assert service["ExecStart"].endswith("/.venv/bin/bn-analysis run-month")
    assert service["Type"] == "oneshot" and service["SuccessExitStatus"] == "3"
    assert "EnvironmentFile" not in service, (
        "the program reads its settings itself: systemd has its own rules for \\ and quotes"
    )


def test_the_timer_makes_up_for_a_morning_on_which_the_computer_was_off():
    timer = unit("bn-analysis.timer")
    assert timer["Timer"]["Persistent"] == "true" and "Asia/Ho_Chi_Minh" in timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    program = tmp_path / "bn-analysis" / ".venv" / "bin" / "bn-analysis"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace("%h", str(tmp_path)))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
    done = subprocess.run(
        [*command, *(tmp_path / path.name for path in UNITS)], capture_output=True, text=True, timeout=60, check=False
    )
    mine = [line for line in done.stderr.splitlines() if "bn-analysis" in line]
    assert mine == [] and done.returncode == 0, done.stderr


def cron_lines():
    lines = (DEPLOY / "cron" / "bn-analysis.cron").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_cron_line_has_five_fields_within_their_ranges():
    (line,) = cron_lines()
    *fields, command = line.split(maxsplit=5)
    for text, (low, high) in zip(fields, [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)], strict=True):
        assert text == "*" or low <= int(text) <= high
    assert ".venv/bin/bn-analysis run-month" in command and "%" not in command, "cron reads % as the end of the line"


@pytest.mark.skipif(sys.platform == "win32", reason="cron lines are run by a shell")
@pytest.mark.parametrize(("code", "heard"), [(0, ""), (3, ""), (1, "it failed\n"), (2, "it failed\n")])
def test_cron_mails_only_what_deserves_to_be_read(tmp_path, code, heard):
    program = tmp_path / "bn-analysis" / ".venv" / "bin" / "bn-analysis"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho it failed >&2\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    command = cron_lines()[0].split(maxsplit=5)[5]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout + done.stderr == heard


def test_the_windows_task_runs_the_monthly_run_and_catches_up():
    root = ElementTree.parse(DEPLOY / "windows" / "bn-analysis.xml").getroot()
    assert root.tag == f"{TASK}Task"
    assert root.findtext(f".//{TASK}Arguments") == "run-month"
    assert root.findtext(f".//{TASK}Command").endswith(r"\.venv\Scripts\bn-analysis.exe")
    assert root.findtext(f".//{TASK}StartWhenAvailable") == "true"
    assert root.findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    text = (DEPLOY / "windows" / "bn-analysis.xml").read_text(encoding="ascii")
    assert "encoding" not in text.splitlines()[0], "the scheduler hands it on as UTF-16 and stumbles over another word"
    assert root.findtext(f".//{TASK}LogonType") == "S4U", "runs while nobody is logged on, without a stored password"
    principal = root.find(f".//{TASK}Principal").get("id")
    assert root.find(f".//{TASK}Actions").get("Context") == principal


def test_the_windows_set_up_does_what_make_setup_does_and_knows_the_words_of_the_task():
    script = (DEPLOY / "windows" / "setup.ps1").read_text(encoding="ascii")
    makefile = (DEPLOY.parent / "Makefile").read_text(encoding="utf-8")
    for option in ("--require-hashes", "--requirement", "--no-deps", "--no-build-isolation", "--editable"):
        assert option in makefile and f'"{option}"' in script
    task = (DEPLOY / "windows" / "bn-analysis.xml").read_text(encoding="ascii")
    for word in (r"%USERDOMAIN%\%USERNAME%", r"%USERPROFILE%\bn-analysis"):
        assert word in task and f'"{word}"' in script


def test_the_workflow_runs_what_the_readme_says_and_gets_its_secrets_from_the_repository():
    text = (DEPLOY / "github" / "monthly.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    job = workflow["jobs"]["report"]
    commands = [line for step in job["steps"] for line in step.get("run", "").splitlines()]
    assert "make setup" in commands and ".venv/bin/bn-analysis run-month || test $? -eq 3" in commands
    assert all(line.startswith(("make ", "git ", ".venv/bin/bn-analysis ")) for line in commands)
    (schedule,) = workflow[True]["schedule"]  # YAML reads the word "on" as true
    assert len(schedule["cron"].split()) == 5
    assert all(
        value == f"${{{{ secrets.{name} }}}}"
        for name, value in job["env"].items()
        if name.startswith("BN_ANALYSIS_SMTP_")
    )


def test_a_refused_workbook_does_not_lose_the_reports_of_yesterday():
    steps = yaml.safe_load((DEPLOY / "github" / "monthly.yml").read_text(encoding="utf-8"))["jobs"]["report"]["steps"]
    (restored,) = (step["with"] for step in steps if step.get("uses", "").startswith("actions/cache/restore@"))
    (saved,) = (step for step in steps if step.get("uses", "").startswith("actions/cache/save@"))
    assert saved["if"] == "always()" and saved["with"]["path"] == restored["path"]
    assert restored["restore-keys"] in saved["with"]["key"] and "run_attempt" in saved["with"]["key"]


def test_the_example_environment_names_every_setting_of_the_mail_server():
    text = (DEPLOY / "bn-analysis.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(BN_ANALYSIS_SMTP_\w+)=", text, re.MULTILINE))
    aliases = {"sender": "FROM"}
    assert named == {f"BN_ANALYSIS_SMTP_{aliases.get(name, name).upper()}" for name in MailSettings.model_fields}
    assert re.search(r"^BN_ANALYSIS_SMTP_PASSWORD=$", text, re.MULTILINE)


def test_the_examples_name_the_settings_of_fetching(monkeypatch):
    text = (DEPLOY / "bn-analysis.env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^(BN_ANALYSIS_(?:FETCH|CONTACT))=(.*)$", text, re.MULTILINE))
    (job,) = yaml.safe_load((DEPLOY / "github" / "monthly.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert set(given) == {"BN_ANALYSIS_FETCH", "BN_ANALYSIS_CONTACT"} <= set(job["env"])
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert Settings().fetch is False and Settings().contact == ""


def test_no_template_names_a_machine_and_the_readme_names_every_template():
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for path in files:
        assert not re.search(r"/home/|/Users/|C:\\", path.read_text(encoding="utf-8")), path
        if path.suffix in (".cron", ".xml", ".yml", ".example", ".ps1"):
            assert path.name in readme

"""The file of settings is read by the program itself: no shell changes a password, no misspelt name is left out."""

import pytest

from bn_analysis.errors import InputError
from bn_analysis.operation.mail import MailSettings, post
from bn_analysis.settings import Settings
from bn_analysis.settings_file import FILE_VARIABLE, KNOWN

from .built import ROOT


@pytest.fixture
def write(tmp_path, monkeypatch):
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BN_ANALYSIS_ROOT", str(ROOT))

    def to_file(text):
        path = tmp_path / "settings.env"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        monkeypatch.setenv(FILE_VARIABLE, str(path))

    return to_file


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("abcd efgh ijkl mnop", "abcd efgh ijkl mnop"),
        ("a #b$c `d` \\e&f;g", "a #b$c `d` \\e&f;g"),
        ("'quoted  one'", "quoted  one"),
        ('"tiếng Việt"', "tiếng Việt"),
        ("it's", "it's"),
        ("a=b==", "a=b=="),
    ],
)
def test_a_password_arrives_as_it_is_written(write, line, value):
    write(f"BN_ANALYSIS_SMTP_PASSWORD={line}\r\nBN_ANALYSIS_SMTP_HOST=mail.example\r\n")
    assert MailSettings().password.get_secret_value() == value


def test_two_addresses_both_get_the_mail(write):
    write(
        "\ufeff# thư\nBN_ANALYSIS_SMTP_HOST=mail.example\nBN_ANALYSIS_SMTP_FROM = may@sct.example\n"
        "BN_ANALYSIS_SMTP_TO=a@sct.example, b@sct.example\nBN_ANALYSIS_FETCH=true\n\nBN_ANALYSIS_CONTACT=\n"
    )
    found = post()
    assert found is not None and found.recipients == ("a@sct.example", "b@sct.example")
    assert Settings().fetch is True and Settings().contact == ""


def test_the_environment_weighs_more_than_the_file_and_a_call_more_than_both(write, monkeypatch):
    write("BN_ANALYSIS_SEED=5\nBN_ANALYSIS_DRAWS=500\n")
    monkeypatch.setenv("BN_ANALYSIS_SEED", "7")
    assert (Settings().seed, Settings().draws, Settings(draws=600).draws) == (7, 500, 600)


def test_a_home_folder_is_meant_by_a_tilde(write, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write("BN_ANALYSIS_CACHE=~/kept\n")
    assert Settings().processed == tmp_path / "kept"


@pytest.mark.parametrize(
    "text",
    [
        "BN_ANALYSIS_SMPT_PASSWORD=hush\n",
        "export BN_ANALYSIS_SMTP_PASSWORD=hush\n",
        "BN_ANALYSIS_SMTP_PASSWORD hush\n",
        b"BN_ANALYSIS_SMTP_PASSWORD=hush\xff\n",
    ],
)
def test_what_is_no_setting_is_refused_and_no_value_is_shown(write, text):
    write(text)
    for read in (Settings, post):
        with pytest.raises(InputError, match=r"settings\.env") as error:
            read()
        assert "hush" not in str(error.value)


def test_a_file_without_end_is_refused_unread(write, tmp_path):
    write("")
    with (tmp_path / "settings.env").open("r+b") as file:
        file.truncate(50 * 2**30)  # a hole: nobody could read it into memory
    with pytest.raises(InputError, match="expected UTF-8 text of at most 1 MB"):
        Settings()


def test_the_file_may_hold_every_setting_there_is():
    own = {f"BN_ANALYSIS_{name.upper()}" for name in Settings.model_fields}
    mail = {f"BN_ANALYSIS_SMTP_{ {'sender': 'FROM'}.get(name, name).upper() }" for name in MailSettings.model_fields}
    assert set(KNOWN) == own | mail

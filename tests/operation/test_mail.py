"""The e-mail says the verdict and carries the page; a password leaves this program only towards the mail server."""

import email
import json
import smtplib
import socket
import threading
import time
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bn_analysis.errors import EngineError, InputError, MailError
from bn_analysis.operation import mail
from bn_analysis.operation.mail import PAGE, MailSettings, compose, post, send
from bn_analysis.publication.browser import find_browser

SECRET = "hush-7fd1"
RECORD = {
    "territory": "BN", "period": "2025-06", "folder": "2025-06/BN", "phase": "bottomed_out", "probability": 0.96,
    "verdict": {"reasons": []},
}  # fmt: skip
COUNTRY = {**RECORD, "territory": "VN", "phase": "not_enough_data", "probability": None}


class Box:
    """A mail server's memory; refuses everything where told to."""

    def __init__(self):
        self.messages, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 named by aiosmtpd
        self.messages.append(envelope)
        return self.answer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(box, **options):
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    return controller


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box):
    controller = serve(box)
    yield controller
    controller.stop()


@pytest.fixture
def environment(monkeypatch):
    """Set BN_ANALYSIS_SMTP_… variables; nothing of this machine's own."""
    for name in MailSettings.model_fields:
        monkeypatch.delenv(f"BN_ANALYSIS_SMTP_{name.upper()}", raising=False)

    def put(**values):
        base = {"HOST": "127.0.0.1", "FROM": "may@sct.example", "TO": "lanhdao@sct.example", "TLS": "none"}
        for name, value in {**base, **values}.items():
            monkeypatch.setenv(f"BN_ANALYSIS_SMTP_{name}", str(value))

    return put


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "2025-06" / "BN"
    folder.mkdir(parents=True)
    (folder / PAGE).write_text("<!DOCTYPE html><title>Đã thoát đáy</title>", encoding="utf-8")
    return tmp_path


def message(reports, notes=None):
    return compose(post(), reports, [RECORD, COUNTRY], notes or {"vi": ["Chậm."], "en": ["Late."]})


def test_nobody_asked_for_e_mail(environment):
    assert post() is None


def test_the_leader_reads_the_verdict_before_opening_anything(environment, server, box, reports):
    environment(PORT=server.port, TO="lanhdao@sct.example, phong@sct.example")
    send(post(), message(reports))
    (envelope,) = box.messages
    assert envelope.rcpt_tos == ["lanhdao@sct.example", "phong@sct.example"]
    received = email.message_from_bytes(envelope.content, policy=default)
    subject = received["Subject"]
    assert subject.startswith("Bắc Ninh (đến 6/2025), tháng 6/2025: đã thoát đáy") and "96%" in subject
    text = received.get_body(("plain",)).get_content()
    assert (
        text.index("Đã thoát đáy, chưa lấy lại đỉnh cũ") < text.index("Xác suất đã qua đáy: 96") < text.index("Late.")
    )
    assert f"2025-06/BN/{PAGE}" in text and "Viet Nam" in text
    page, *printed = received.iter_attachments()
    assert page.get_filename() == "BN-2025-06.vi.html" and page.get_content_type() == "text/html"
    assert "Đã thoát đáy" in page.get_payload(decode=True).decode("utf-8")
    assert [part.get_filename() for part in printed] == ["BN-2025-06.vi.pdf"] * bool(find_browser())
    assert all(part.get_payload(decode=True).startswith(b"%PDF") for part in printed)


@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_what_most_programs_show_is_the_first_screen_with_the_same_sentences(environment, reports):
    environment()
    received = email.message_from_bytes(message(reports).as_bytes(), policy=default)
    html = received.get_body(("html",))
    assert 'src="cid:first-screen"' in html.get_content() and "Xác suất đã qua đáy: 96" in html.get_content()
    (picture,) = (part for part in received.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<first-screen>" and picture.get_payload(decode=True).startswith(b"\x89PNG")


def test_a_browser_that_fails_keeps_no_verdict_back(environment, reports, monkeypatch):
    environment()

    def fail(page, target):
        raise EngineError("no paper")

    monkeypatch.setattr("bn_analysis.operation.mail.find_browser", lambda: "browser")
    monkeypatch.setattr("bn_analysis.operation.mail.print_page", fail)
    written = message(reports)
    assert [part.get_content_type() for part in written.iter_attachments()] == ["text/html"]
    assert "cid:" not in written.get_body(("html",)).get_content()


def test_text_from_data_is_no_markup_in_the_mail(environment, reports):
    environment()
    written = message(reports, {"vi": ["<b>đậm</b>"], "en": ["Late."]})
    assert "&lt;b&gt;" in written.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "address", ["a@b.vn\nBcc: x@y.vn", "a@b.vn\r\n", "no-place", "a b@c.vn", "a@b.vn, c@d.vn", "@"]
)
def test_an_address_cannot_carry_further_headers(environment, address):
    environment()
    with pytest.raises(InputError, match="expected name@place"):
        post([address])
    environment(FROM=address)
    with pytest.raises(InputError, match="expected name@place"):
        post()


def test_a_subject_is_one_line_whatever_the_data_say(environment, reports):
    environment()
    record = {**RECORD, "territory": "BN", "period": "2025-06"}
    written = compose(post(), reports, [record], {"vi": ["một\nhai"], "en": ["a\r\nBcc: x@y.vn"]})
    assert "\n" not in written["Subject"] and written["Bcc"] is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"HOST": ""}, "BN_ANALYSIS_SMTP_HOST is not set"),
        ({"TO": ""}, "nobody to write to"),
        ({"PORT": "smtp"}, "BN_ANALYSIS_SMTP_PORT: "),
        ({"TLS": "maybe"}, "BN_ANALYSIS_SMTP_TLS: "),
        ({"HOST": "mail.example", "USER": "u", "PASSWORD": SECRET}, "readable by others"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named(environment, values, said):
    environment(**{"PASSWORD": SECRET, **values})
    with pytest.raises(InputError) as caught:
        post()
    assert said in str(caught.value) and SECRET not in str(caught.value)


def test_a_password_is_shown_nowhere(environment):
    environment(USER="u", PASSWORD=SECRET)
    found = post()
    assert found.server.password.get_secret_value() == SECRET
    assert SECRET not in repr(found) + str(found.server) + json.dumps(found.server.model_dump(mode="json"))


def test_a_server_that_refuses_is_named_without_its_words(environment, server, box, reports):
    environment(PORT=server.port)
    box.answer = f"554 no, {SECRET}"
    with pytest.raises(MailError, match=r"refused .*code 554") as caught:
        send(post(), message(reports))
    assert SECRET not in str(caught.value)


def test_a_refused_login_does_not_repeat_the_password(environment, box, reports):
    def refuse(server, session, envelope, mechanism, credentials):
        return AuthResult(success=False, handled=False, message=f"535 {credentials.password!r} is wrong")

    controller = serve(box, authenticator=refuse, auth_required=True, auth_require_tls=False)
    try:
        environment(PORT=controller.port, USER="u", PASSWORD=SECRET)
        with pytest.raises(MailError, match="refused") as caught:
            send(post(), message(reports))
    finally:
        controller.stop()
    assert SECRET not in str(caught.value) and caught.value.__cause__ is None and box.messages == []


def test_an_absent_server_is_one_clear_line(environment, reports):
    environment(PORT=free_port())
    with pytest.raises(MailError, match=r"mail server 127.0.0.1:\d+ does not answer \(Connection refused\)"):
        send(post(), message(reports))


def test_a_server_without_encryption_gets_nothing_where_encryption_is_expected(environment, server, box, reports):
    environment(PORT=server.port, TLS="starttls", USER="u", PASSWORD=SECRET)
    with pytest.raises(MailError, match=smtplib.SMTPNotSupportedError.__name__):
        send(post(), message(reports))
    assert box.messages == []


def test_a_password_with_vietnamese_letters_is_refused_in_words(environment, box, reports):
    controller = serve(box, authenticator=lambda *_: AuthResult(success=True), auth_require_tls=False)
    try:
        environment(PORT=controller.port, USER="u", PASSWORD="mật-khẩu")
        with pytest.raises(MailError, match="letters a login cannot carry"):
            send(post(), message(reports))
    finally:
        controller.stop()


@pytest.mark.parametrize("banner", [True, False])
def test_a_server_that_answers_letter_by_letter_is_given_up(environment, reports, monkeypatch, banner):
    monkeypatch.setattr(mail, "CONVERSATION_SECONDS", 1.5)
    stop = threading.Event()

    def drip(listener):
        connection, _ = listener.accept()
        with connection:
            if not banner:
                connection.sendall(b"220 here\r\n")
            connection.sendall(b"220-" if banner else b"250-")
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=drip, args=(listener,), daemon=True)
        server.start()
        environment(PORT=listener.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(MailError, match="does not answer"):
            send(post(), message(reports))
        assert time.monotonic() - began < 10
        stop.set()
        server.join(5)

"""A published report → an e-mail with its verdict and its page, sent through the server that the environment names."""

import errno
import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Literal, NoReturn

from markupsafe import Markup
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from bn_analysis.errors import EngineError, InputError, MailError, bilingual
from bn_analysis.publication.browser import find_browser, print_page
from bn_analysis.publication.kernels import SECRETS
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say
from bn_analysis.report.language.verdict_words import phase_words, recorded_answer
from bn_analysis.settings_file import FromFile

SECONDS = 30.0
"""How long the server may take for one answer."""
CONVERSATION_SECONDS = 120.0
"""How long it may take for all of them: one that answers letter by letter never exceeds the time for one."""
PAGE = "04_bottoming_out.vi.html"
PICTURE = "first-screen"
ONE_LINE = SMTP.clone(max_line_length=900)
"""Headers are not folded: between two encoded lines of a folded subject readers drop the blank (RFC 2047, 6.2)."""
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MailSettings(FromFile):
    """The mail server, from BN_ANALYSIS_SMTP_HOST, _PORT, _USER, _PASSWORD, _FROM, _TO and _TLS."""

    model_config = SettingsConfigDict(
        env_prefix=f"{SECRETS}_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(default="", validation_alias=f"{SECRETS}_FROM")
    to: str = ""
    """Addresses, separated by commas."""
    tls: Literal["starttls", "tls", "none"] = "starttls"


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server, who writes, and to whom: checked before a run begins."""

    server: MailSettings
    sender: str
    recipients: tuple[str, ...]


def post(mail_to: Sequence[str] = ()) -> Post | None:
    """What is needed to send, or None where nobody asked for e-mail.

    Parameters
    ----------
    mail_to : sequence of str
        Addresses; without any, those of BN_ANALYSIS_SMTP_TO.

    Raises
    ------
    InputError
        A setting is missing or not acceptable; names the variable, never its value where it is secret.
    """
    try:
        server = MailSettings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]).removeprefix(f"{SECRETS}_").upper()
        said = bilingual("giá trị không dùng được; sửa lại", first["msg"])
        raise InputError(f"{SECRETS}_{name}: {said}") from None
    recipients = tuple(mail_to) or tuple(address.strip() for address in server.to.split(",") if address.strip())
    if not recipients and not server.host:
        return None
    if not server.host:
        raise InputError(
            bilingual(
                f"chưa đặt {SECRETS}_HOST; nêu máy chủ thư, hoặc bỏ --mail-to",
                f"{SECRETS}_HOST is not set; name the mail server, or leave out --mail-to",
            )
        )
    if not recipients:
        raise InputError(
            bilingual(
                f"đã đặt {SECRETS}_HOST nhưng chưa có người nhận; thêm --mail-to hoặc đặt {SECRETS}_TO",
                f"{SECRETS}_HOST is set but nobody to write to; add --mail-to or set {SECRETS}_TO",
            )
        )
    for address in (sender := server.sender or server.user, *recipients):
        if not ADDRESS.fullmatch(address):
            raise InputError(
                bilingual(
                    f"địa chỉ thư {address!r}: cần tên@nơi (người gửi: {SECRETS}_FROM)",
                    f"e-mail address {address!r}: expected name@place (sender: {SECRETS}_FROM)",
                )
            )
    if server.password.get_secret_value() and server.tls == "none" and server.host not in LOOPBACK:
        raise InputError(
            bilingual(
                f"{SECRETS}_TLS=none để lộ mật khẩu trên đường truyền; cần starttls hoặc tls",
                f"{SECRETS}_TLS=none would send the password readable by others; expected starttls or tls",
            )
        )
    return Post(server, sender, recipients)


def compose(
    post: Post, reports: Path, records: Sequence[dict[str, Any]], notes: dict[Language, list[str]]
) -> EmailMessage:
    """The message on published reports: Vietnamese first, English below; with the first report's page, on paper
    and as a picture of its first screen where a browser is here.

    Parameters
    ----------
    post : Post
    reports : pathlib.Path
        Folder of the reports.
    records : sequence of dict
        Manifests of the reports, that of the subject first.
    notes : dict
        Further sentences by language, for example on late releases.
    """
    lead = records[0]
    page = reports / lead["folder"] / PAGE
    message = EmailMessage(ONE_LINE)
    phase = phase_words(lead["phase"], lead["probability"], "vi")
    facts = {"territory": lead["territory"], "period": lead["period"], "probability": lead["probability"]}
    message["Subject"] = " ".join(say("mail.subject", "vi", **facts, phase=phase).split())
    message["From"], message["To"] = post.sender, ", ".join(post.recipients)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=post.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # keeps out-of-office programs from answering
    text = "\n\n".join(_text(language, page, reports, records, notes) for language in ("vi", "en"))
    name = f"{lead['territory']}-{lead['period']}.vi"
    message.set_content(text)
    prints = _prints(page)
    message.add_alternative(_html(message["Subject"], text, "png" in prints), subtype="html")
    if "png" in prints:
        body = message.get_body(("html",))
        assert isinstance(body, EmailMessage)
        body.add_related(prints["png"], "image", "png", cid=f"<{PICTURE}>", filename=f"{name}.png")
    message.add_attachment(page.read_bytes(), maintype="text", subtype="html", filename=f"{name}.html")
    if "pdf" in prints:
        message.add_attachment(prints["pdf"], maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return message


def _prints(page: Path) -> dict[str, bytes]:
    """The page on paper and a picture of its first screen, where a browser is here."""
    if find_browser() is None:
        return {}
    with TemporaryDirectory() as folder:
        found = {}
        for kind in ("pdf", "png"):
            target = Path(folder, f"page.{kind}")
            try:
                print_page(page, target)
            except EngineError as error:  # the verdict goes out all the same, with the page itself
                logging.getLogger(__name__).warning("%s", error)
            else:
                found[kind] = target.read_bytes()
        return found


def _html(heading: str, text: str, pictured: bool) -> str:
    """What most programs show: the picture of the first screen, and the same sentences."""
    picture = Markup('<p><img src="cid:{}" alt="{}" style="max-width:100%"></p>').format(PICTURE, heading)
    lines = Markup("").join(Markup("<p>{}</p>").format(line) for line in text.split("\n\n"))
    shown = picture if pictured else Markup("")
    body = Markup('<html lang="vi"><body><h1 style="font-size:1.2em">{}</h1>{}{}</body></html>')
    return str(body.format(heading, shown, lines))


def verdict(record: dict[str, Any], language: Language) -> str:
    """The verdict of a published report as one or two sentences, from its manifest."""
    said = recorded_answer(record, language)
    if record["probability"] is None:
        return said
    return f"{said} {say('mail.probability', language, probability=record['probability'])}"


def _text(
    language: Language, page: Path, reports: Path, records: Sequence[dict[str, Any]], notes: dict[Language, list[str]]
) -> str:
    lines = [
        *(verdict(record, language) for record in records),
        *notes[language],
        say("mail.page", language, page=page.as_posix()),
        say("mail.reports", language, index=(reports / "index.html").as_posix()),
        say("mail.automatic", language),
    ]
    return "\n\n".join(" ".join(line.split()) for line in lines)


def send(post: Post, message: EmailMessage) -> None:
    """Hand a message to the server.

    Raises
    ------
    MailError
        The server does not answer, or refuses; the words of the server, which may repeat a password, are left out.
    """
    place = f"{post.server.host}:{post.server.port}"
    try:
        refused = _within(CONVERSATION_SECONDS, partial(_converse, post, message))
    except smtplib.SMTPResponseException as error:
        raise MailError(_refused(place, f"{type(error).__name__}, code {error.smtp_code}")) from None
    except smtplib.SMTPException as error:
        raise MailError(_refused(place, type(error).__name__)) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise MailError(
            bilingual(
                f"máy chủ thư {place} không trả lời ({why}); chạy lại sau",
                f"mail server {place} does not answer ({why}); run again later",
            )
        ) from None
    except UnicodeError:
        raise MailError(
            f"{place}: "
            + bilingual(
                "tên, mật khẩu hoặc địa chỉ có chữ không dùng được khi đăng nhập",
                "user, password or address hold letters a login cannot carry",
            )
        ) from None
    if refused:
        some = ", ".join(sorted(refused))
        raise MailError(
            bilingual(
                f"máy chủ thư {place} nhận thư nhưng không gửi tới {some}; kiểm tra địa chỉ",
                f"mail server {place} took the message, but not for {some}",
            )
        )


def _refused(place: str, why: str) -> str:
    """What is said of a server that refuses: the kind and the code of its answer, not its words."""
    return bilingual(
        f"máy chủ thư {place} từ chối ({why}); kiểm tra {SECRETS}_…, chạy lại sau",
        f"mail server {place} refused ({why}); check {SECRETS}_…, run again later",
    )


def _converse(post: Post, message: EmailMessage) -> dict[str, Any]:
    """Hand a message over; addresses the server would not take, with its answers."""
    server = post.server
    with _connect(server) as connection:
        if server.user and server.password.get_secret_value():
            connection.login(server.user, server.password.get_secret_value())
        return connection.send_message(message, post.sender, list(post.recipients))


def _within(seconds: float, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a piece of work returns or raises; TimeoutError where it takes longer, and it is left to itself."""
    answer: SimpleQueue[Callable[[], dict[str, Any]]] = SimpleQueue()

    def carry_out() -> None:
        try:
            found = work()
        except Exception as error:  # handed over to whoever waits
            answer.put(partial(_raise, error))
        else:
            answer.put(lambda: found)

    Thread(target=carry_out, daemon=True).start()  # a daemon: it ends with the program, whatever the server does
    try:
        return answer.get(timeout=seconds)()
    except Empty:
        raise TimeoutError(errno.ETIMEDOUT, f"not done within {seconds:g} s") from None


def _raise(error: Exception) -> NoReturn:
    raise error


def _connect(server: MailSettings) -> smtplib.SMTP:
    if server.tls == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.tls == "starttls":
        try:
            connection.starttls(context=ssl.create_default_context())
        except BaseException:
            connection.close()
            raise
    return connection

"""A letter (.eml) → its text, without the older letters quoted in it, and each attachment as a part of its own."""

import re
import tempfile
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from bn_analysis.cleaning.documents.content import Part, Passage, refused
from bn_analysis.cleaning.documents.plain_text import part_of
from bn_analysis.cleaning.documents.web_page import part_of_html
from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.errors import InputError, bilingual

MOST_ATTACHMENTS = 20
_QUOTED = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|thư gốc|forwarded message|tin nhắn gốc|tin nhắn đã chuyển tiếp).*"
    r"|(?:on|vào|ngày)\b.{0,200}(?:wrote|đã viết)\s*:\s*)$",
    re.IGNORECASE,
)


def letter_parts(path: Path, open_parts: Callable[[Path], list[Part]]) -> list[Part]:
    """The parts of a letter.

    Parameters
    ----------
    path : pathlib.Path
        The .eml file.
    open_parts : callable
        What opens an attachment, by its content; a letter inside the letter is not opened.
    """
    with path.open("rb") as stream:
        message = BytesParser(policy=policy.default).parse(stream)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    if body is None and not message.is_multipart():
        raise refused(path, "không đọc được thư; gửi riêng tệp đính kèm", "no letter; hand in its files")
    first = Part()
    if body is not None:
        text = body.get_content()
        first = part_of(_own_words(text)) if body.get_content_type() == "text/plain" else part_of_html(path, text)
    subject = clean(str(message["subject"] or ""))
    if subject:
        first.passages.insert(0, Passage(subject, "subject"))
        first.titles.insert(0, subject)
    parts = [first]
    attachments = [one for one in message.iter_attachments() if isinstance(one, EmailMessage)]
    if len(attachments) > MOST_ATTACHMENTS:
        raise refused(path, "quá nhiều tệp đính kèm; gửi riêng", f"more than {MOST_ATTACHMENTS} attachments")
    for attachment in attachments:
        parts += _attached(attachment, first, open_parts)
    return parts


def _own_words(text: str) -> str:
    """A letter's text, lines of older letters emptied so that lines keep their numbers."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept = []
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            kept += [""] * (len(lines) - number)
            break
        kept.append("" if line.lstrip().startswith(">") else line)
    return "\n".join(kept)


def _attached(attachment: EmailMessage, first: Part, open_parts: Callable[[Path], list[Part]]) -> list[Part]:
    name = Path((attachment.get_filename() or "attachment").replace("\\", "/")).name or "attachment"
    name = "".join(letter if letter.isprintable() else " " for letter in name)[:120]
    content = attachment.get_payload(decode=True)
    if not isinstance(content, bytes) or Path(name).suffix.lower() == ".eml":
        first.remarks.append(f"{name}: " + bilingual("đính kèm không được đọc", "an attachment that is not read"))
        return []
    with tempfile.TemporaryDirectory(prefix="bn-letter-") as folder:
        copy = Path(folder) / name
        copy.write_bytes(content)
        try:
            parts = open_parts(copy)
        except InputError as error:
            first.remarks.append(str(error))
            return []
    for part in parts:
        part.name = f"attachment {name}"
    return parts

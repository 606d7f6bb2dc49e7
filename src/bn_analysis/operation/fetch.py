"""Pages of the statistics office → workbooks that are new, in the inbox under their day of release; each only once."""

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import yaml

from bn_analysis import __version__
from bn_analysis.cleaning.workbook.files.grid import MAX_FILE_BYTES
from bn_analysis.cleaning.workbook.files.open import visible_sheets
from bn_analysis.errors import InputError, bilingual
from bn_analysis.settings import Settings

LEDGER = ".fetched.json"
"""What was fetched: address → hash of the file and day; beside the files, hidden from the inbox."""
PAUSE = 1.0
"""Seconds between two requests."""
WHOLE_SECONDS = 120.0
"""A file that takes longer, however steadily it drips, is given up."""
_SILENT_SECONDS = 20.0
_PAGE_BYTES = 5 * 2**20
_REDIRECTS = 3
_LOOPBACK = ("127.0.0.1", "::1")
_HERE = timezone(timedelta(hours=7))

State = Literal["new", "changed", "known", "failed"]


@dataclass(frozen=True, slots=True)
class Source:
    """A page of an office, and which addresses on it are wanted (see ``sources.yml``)."""

    name: str
    page: str
    files: str
    articles: str = ""
    newest: int = 2


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one address: ``said`` is a line for people, ``path`` the file in the inbox."""

    address: str
    state: State
    said: str
    path: Path | None = None


class _Failed(Exception):  # noqa: N818 - an address that is told and passed over, no error of the run
    """Why an address was not fetched, in two languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(bilingual(vi, en))


def sources() -> list[Source]:
    """The declared sources."""
    text = files("bn_analysis.operation").joinpath("sources.yml").read_text(encoding="utf-8")
    return [Source(**entry) for entry in yaml.safe_load(text)]


def fetch(to: Path, wanted: Sequence[Source] | None = None) -> list[Fetched]:
    """Download what the sources have that is not here yet.

    Parameters
    ----------
    to : pathlib.Path
        Folder of the files, as a rule ``data/inbox``; made if it is missing.
    wanted : sequence of Source, optional
        Other sources than the declared ones.

    Returns
    -------
    list of Fetched
        One an address, in order; what fails is told and does not stop the others. A file appears whole or not at all.
    """
    to.mkdir(parents=True, exist_ok=True)
    ledger = _read_ledger(to)
    result: list[Fetched] = []
    with _asking() as office:
        for source in sources() if wanted is None else wanted:
            try:
                found = list(_addresses(office, source))
            except _Failed as why:
                result.append(Fetched(source.page, "failed", f"{source.page}: {why}"))
                continue
            for address, day in found:
                result.append(_take(office, address, day, to, ledger))
    return result


class _Office:
    """A client that asks one host at a time, slowly, and follows nobody elsewhere."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.last = 0.0

    @contextmanager
    def get(self, address: str) -> Iterator[httpx.Response]:
        """The answer to a request, its body not yet read."""
        host = urlsplit(address).netloc
        for _ in range(_REDIRECTS + 1):
            time.sleep(max(0.0, self.last + PAUSE - time.monotonic()))
            self.last = time.monotonic()
            try:
                with self.client.stream("GET", address) as answer:
                    if not answer.is_redirect:
                        if answer.status_code != httpx.codes.OK:
                            raise _Failed(
                                f"máy chủ trả lời {answer.status_code}", f"the server says {answer.status_code}"
                            )
                        yield answer
                        return
                    address = urljoin(address, answer.headers.get("location", ""))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                what = type(error).__name__
                raise _Failed(
                    f"không tải được ({what}); chạy lại sau", f"not fetched ({what}); run again later"
                ) from None
            if urlsplit(address).netloc != host or not _is_safe(address):
                raise _Failed(f"bị chuyển sang nơi khác ({address})", f"redirected elsewhere ({address})")
        raise _Failed("bị chuyển hướng quá nhiều lần", "redirected too often")

    def body(self, address: str, most: int) -> tuple[bytes, httpx.Headers]:
        """A whole body of at most so many bytes, in at most `WHOLE_SECONDS`."""
        begun, content = time.monotonic(), bytearray()
        with self.get(address) as answer:
            announced = answer.headers.get("content-length", "0")
            if announced.isdigit() and int(announced) > most:
                raise _Failed(f"{int(announced) / 2**20:.0f} MB, nhiều nhất {most // 2**20} MB",
                              f"{int(announced) / 2**20:.0f} MB, at most {most // 2**20} MB")  # fmt: skip
            for part in answer.iter_raw():
                content += part
                if len(content) > most:
                    raise _Failed(f"hơn {most // 2**20} MB", f"more than {most // 2**20} MB")
                if time.monotonic() - begun > WHOLE_SECONDS:
                    raise _Failed(f"tải quá {WHOLE_SECONDS:.0f} giây", f"took more than {WHOLE_SECONDS:.0f} s")
            return bytes(content), answer.headers


@contextmanager
def _asking() -> Iterator[_Office]:
    contact = Settings().contact or "no contact given"
    headers = {"User-Agent": f"bn-analysis/{__version__} ({contact})", "Accept-Encoding": "identity"}
    with httpx.Client(headers=headers, timeout=_SILENT_SECONDS, follow_redirects=False, trust_env=True) as client:
        yield _Office(client)


def _is_safe(address: str) -> bool:
    """Whether an address is encrypted and verified; this computer itself needs no such thing."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _addresses(office: _Office, source: Source) -> Iterator[tuple[str, str | None]]:
    """The newest wanted files of a source, each with the day that its article was published."""
    if not _is_safe(source.page):
        raise _Failed("cần địa chỉ https", "expected an https address")
    links, day = _page(office, source.page)
    pages: list[tuple[list[str], str | None]] = [(links, day)]
    if source.articles:
        for article in _matching(links, source.articles, source)[: source.newest]:
            if article != source.page:
                pages.append(_page(office, article))
    seen: dict[str, str | None] = {}
    for links, day in pages:
        for address in _matching(links, source.files, source):
            seen.setdefault(address, day)
    yield from list(seen.items())[: source.newest]


def _matching(links: list[str], pattern: str, source: Source) -> list[str]:
    host = urlsplit(source.page).netloc
    found = (urljoin(source.page, link).split("#")[0] for link in links)
    return [
        address
        for address in dict.fromkeys(found)
        if urlsplit(address).netloc == host
        and _is_safe(address)
        and re.fullmatch(pattern, unquote(urlsplit(address).path).rstrip("/"), re.IGNORECASE)
    ]


class _Links(HTMLParser):
    """The addresses that a page links to, and the day it says that it was published."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.day: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "meta" and given.get("property") == "article:published_time":
            stated = re.match(r"20\d\d-\d\d-\d\d", given.get("content") or "")
            self.day = stated[0] if stated else None


def _page(office: _Office, address: str) -> tuple[list[str], str | None]:
    content, _ = office.body(address, _PAGE_BYTES)
    parser = _Links()
    parser.feed(content.decode("utf-8", errors="replace"))
    return parser.links, parser.day


def _take(office: _Office, address: str, day: str | None, to: Path, ledger: dict[str, dict[str, str]]) -> Fetched:
    """Fetch one file; the ledger is written after the file, so that a stop in between fetches it again."""
    name = _name(address)
    try:
        content, headers = office.body(address, MAX_FILE_BYTES)
        digest = hashlib.sha256(content).hexdigest()
        if digest in {entry["sha256"] for entry in ledger.values()}:
            return Fetched(address, "known", f"{name}: " + bilingual("đã có", "is here already"))
        with tempfile.TemporaryDirectory(dir=to, prefix=".part-") as folder:
            staged = Path(folder) / name
            staged.write_bytes(content)
            _check(staged)
            day = _modified(headers) if address in ledger else day or _modified(headers)
            target = _free(to, f"{day} {name}" if day else name)
            staged.replace(target)
    except _Failed as why:
        return Fetched(address, "failed", f"{address}: {why}")
    state: State = "changed" if address in ledger else "new"
    ledger[address if state == "new" else f"{address}#{digest[:8]}"] = {"sha256": digest, "file": target.name}
    _write_ledger(to, ledger)
    said = ("tệp đã đổi dưới tên cũ, tải về bản mới", "changed under the same name, fetched again")
    fresh = ("tệp mới", "new")
    return Fetched(address, state, f"{target.name}: " + bilingual(*(said if state == "changed" else fresh)), target)


def _check(path: Path) -> None:
    """A workbook that opens: half a file, or a page in its place, is none."""
    try:
        if path.read_bytes()[:4] not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            raise _Failed("không phải bảng tính (trang web?)", "no workbook (a web page?)")
        for _ in visible_sheets(path):
            pass
    except InputError as error:
        raise _Failed(f"tệp tải về không mở được: {error}", "what came does not open") from None


def _name(address: str) -> str:
    name = unquote(urlsplit(address).path).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in name)
    return kept.lstrip(". ~$=+-@")[-150:] or "workbook.xlsx"


def _modified(headers: httpx.Headers) -> str | None:
    """The day of the file on the server, as it is in Viet Nam."""
    try:
        moment: datetime = parsedate_to_datetime(headers.get("last-modified", ""))
    except ValueError:
        return None
    return moment.astimezone(_HERE).date().isoformat()


def _free(to: Path, name: str) -> Path:
    stem, suffix = Path(name).stem, Path(name).suffix
    names = (f"{stem}{mark}{suffix}" for mark in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(to / candidate for candidate in names if not (to / candidate).exists())


def _read_ledger(to: Path) -> dict[str, dict[str, str]]:
    path = to / LEDGER
    if not path.is_file():
        return {}
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise InputError(f"{path}: " + bilingual("hỏng; xóa tệp này", "damaged; delete it")) from None
    return found


def _write_ledger(to: Path, ledger: dict[str, dict[str, str]]) -> None:
    staged = to / f"{LEDGER}.part"
    staged.write_text(json.dumps(ledger, ensure_ascii=False, indent=1), encoding="utf-8")
    staged.replace(to / LEDGER)

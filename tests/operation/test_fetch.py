"""A local server plays the statistics office: what is new comes once; all else is told and changes nothing."""

import io
import itertools
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import openpyxl
import pytest

from bn_analysis.operation import fetch as module
from bn_analysis.operation.fetch import LEDGER, Fetched, Source, fetch, sources

_FILE = "/wp-content/uploads/2026/06/02.-Bieu-T5.2026-final.xlsx"
_ARTICLE = "/bao-cao-tinh-hinh-kinh-te-xa-hoi-thang-5/"
_DAY = "<meta property='article:published_time' content='2026-06-06T08:00:00+07:00'>"


def _workbook(figure: float) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = figure
    book.save(stream)
    return stream.getvalue()


class Office(ThreadingHTTPServer):
    """Answers by path: (status, headers, body); a body given in pieces drips."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.root = f"http://127.0.0.1:{self.server_port}"
        self.answers: dict[str, tuple[int, dict[str, str], bytes | list[bytes]]] = {}
        self.asked: list[tuple[str, float, str]] = []
        self.page("/reports/", f"<a href='{_ARTICLE}'>T5</a><a href='https://elsewhere.example{_FILE}'>x</a>")
        self.page(_ARTICLE, f"{_DAY}<a href='{_FILE}'>Biểu</a>")
        self.answers[_FILE] = (200, {}, _workbook(1.0))
        articles = "/bao-cao-tinh-hinh-kinh-te-xa-hoi-.+"
        self.source = Source("office", f"{self.root}/reports/", r"/wp-content/.*bieu[^/]*\.xlsx?", articles)

    def page(self, path: str, text: str) -> None:
        self.answers[path] = (200, {"Content-Type": "text/html"}, text.encode())


class _Answer(BaseHTTPRequestHandler):
    server: Office

    def do_GET(self) -> None:
        self.server.asked.append((self.path, time.monotonic(), self.headers["User-Agent"]))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b"no such page"))
        self.send_response(status)
        pieces = [body] if isinstance(body, bytes) else body
        for name, value in {"Content-Length": str(sum(map(len, pieces))), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.05 if len(pieces) > 1 else 0)
        except OSError:  # the client has heard enough
            pass

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal of the tests."""


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(module, "PAUSE", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Office()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # it looks so often whether it is to end
    yield server
    server.shutdown()
    server.server_close()


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != LEDGER)


def _one(office: Office, to: Path) -> Fetched:
    (fetched,) = fetch(to, [office.source])
    return fetched


def test_a_new_month_comes_once_under_its_day_of_release(office: Office, tmp_path: Path) -> None:
    assert _one(office, tmp_path).state == "new"
    assert _files(tmp_path) == ["2026-06-06 02.-Bieu-T5.2026-final.xlsx"]
    assert _one(office, tmp_path).state == "known"
    assert _files(tmp_path) == ["2026-06-06 02.-Bieu-T5.2026-final.xlsx"]
    assert all("bn-analysis/" in agent for _, _, agent in office.asked)


def test_a_file_that_was_taken_out_of_the_inbox_does_not_come_again(office: Office, tmp_path: Path) -> None:
    path = _one(office, tmp_path).path
    assert path is not None
    path.unlink()
    assert _one(office, tmp_path).state == "known" and _files(tmp_path) == []


def test_nothing_new_is_no_failure(office: Office, tmp_path: Path) -> None:
    office.page("/reports/", "<p>no links</p>")
    assert fetch(tmp_path, [office.source]) == [] and _files(tmp_path) == []


def test_a_changed_file_under_the_same_name_comes_beside_the_first(office: Office, tmp_path: Path) -> None:
    _one(office, tmp_path)
    modified = {"Last-Modified": "Wed, 10 Jun 2026 02:00:00 GMT"}
    office.answers[_FILE] = (200, modified, _workbook(2.0))
    assert _one(office, tmp_path).state == "changed"
    assert _files(tmp_path) == [f"2026-06-{day} 02.-Bieu-T5.2026-final.xlsx" for day in ("06", "10")]
    assert _one(office, tmp_path).state == "known"


def _half() -> tuple[int, dict[str, str], bytes]:
    whole = _workbook(1.0)
    return 200, {"Content-Length": str(len(whole))}, whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "404"),
        ((500, {}, b""), "500"),
        (_half(), "not fetched"),
        ((200, {}, _half()[2]), "does not open"),
        ((200, {"Content-Type": "text/html"}, b"<html><table><tr><td>1</td></tr></table></html>"), "no workbook"),
        ((200, {"Content-Length": str(5 * 10**9)}, b"PK"), "4768 MB"),
        ((200, {}, b"PK\x03\x04" + b"0" * (21 * 2**20)), "MB"),
        ((200, {}, [b"P"] * 200), "took more than"),
        ((302, {"Location": "http://localhost:1/x.xlsx"}, b""), "redirected elsewhere"),
        ((302, {"Location": _FILE}, b""), "redirected too often"),
    ],
    ids=["404", "500", "half", "cut", "html", "5GB", "21MB", "drip", "elsewhere", "circle"],
)
def test_what_is_no_workbook_is_told_and_leaves_nothing(
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, dict[str, str], bytes],
    words: str,
) -> None:
    monkeypatch.setattr(module, "WHOLE_SECONDS", 3.0)
    office.answers[_FILE] = answer
    fetched = _one(office, tmp_path)
    assert fetched.state == "failed" and words in fetched.said
    assert _files(tmp_path) == []


def test_requests_keep_their_distance(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.2)
    _one(office, tmp_path)
    moments = [moment for _, moment, _ in office.asked]
    assert len(moments) == 3 and all(later - sooner > 0.19 for sooner, later in itertools.pairwise(moments))


def test_plain_http_elsewhere_is_not_asked(tmp_path: Path) -> None:
    (fetched,) = fetch(tmp_path, [Source("plain", "http://office.example/", ".*")])
    assert fetched.state == "failed" and "https" in fetched.said


def test_the_declared_sources_are_of_one_kind() -> None:
    assert sources() and all(source.page.startswith("https://") for source in sources())

"""Serve the marking page to the browser of this machine, and to nothing else.

The server listens on the loopback interface at a port of chance.  All its addresses
begin with a secret, it answers only where a request was sent to it by name, and writes
only what its own page asks for.  What it sends may run its own script, show its own
style and pictures, and load nothing.
"""

import json
import mimetypes
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from sphinxcontrib import katex

from assignments.marking import pages
from assignments.marking.desk import Desk, DeskError, Entry, waiting
from assignments.marks import one_mark
from assignments.marks.csv_files import TableError, number
from assignments.marks.one_mark import ConflictError
from assignments.marks.totals import Judgement
from assignments.masters import Question
from tools.paths import ROOT

HERE = Path(__file__).with_name("static")
STYLED = ROOT / "book" / "assets" / "katex"
LARGEST = 64_000  # bytes of a request
SECONDS = 20  # that a browser may take for one
SENT_WITH_ALL = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def own_files() -> dict[str, Path]:
    """Return the files that pages load, by their names."""
    script = Path(katex.__file__).with_name("katex.min.js")
    found = {path.name: path for path in (*HERE.iterdir(), script)}
    found["katex.min.css"] = STYLED / "katex.min.css"
    return found | {f"fonts/{path.name}": path for path in STYLED.glob("fonts/*")}


class RefusedError(Exception):
    """A request is not answered."""

    def __init__(self, status: HTTPStatus, text: str):
        super().__init__(text)
        self.status = status


class Server(ThreadingHTTPServer):
    """The marking page of one desk."""

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0):
        super().__init__(("127.0.0.1", port), Handler)
        self.desk, self.files = desk, own_files()
        self.secret, self.ticket = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.host = f"127.0.0.1:{self.server_port}"

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{self.host}/{self.secret}/"

    @property
    def entrance(self) -> str:
        """An address that leads there once: who lists processes may read it."""
        return f"http://{self.host}/{self.ticket}"


class Handler(BaseHTTPRequestHandler):
    """Answer one request."""

    server: Server
    timeout = SECONDS

    def do_GET(self) -> None:
        """Send a page or a file."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Keep a mark."""
        self._answer(self._post)

    def _answer(self, work) -> None:
        """Do what is asked; say it in the page if that cannot be."""
        try:
            if self.headers.get_all("Host") != [self.server.host]:
                raise RefusedError(
                    HTTPStatus.FORBIDDEN, "Not the address of this page."
                )
            work(urlsplit(self.path).path.lstrip("/"))
        except RefusedError as error:
            self._refuse(error.status, str(error))
        except (DeskError, TableError) as error:
            self._refuse(HTTPStatus.CONFLICT, str(error))

    def _refuse(self, status: HTTPStatus, told: str) -> None:
        """Say why not."""
        if self.command == "POST":
            self._send_json({"error": told}, status)
        else:
            text = pages.message(self.server.desk, status.phrase, told)
            self._send_page(text, status)

    def _get(self, path: str) -> None:
        if secrets.compare_digest(path.encode(), self.server.ticket.encode()):
            self.server.ticket = secrets.token_urlsafe(32)
            return self._lead(self.server.address)
        match self._places(path):
            case [""]:
                self._send_page(pages.overview(self.server.desk))
            case ["static", *names]:
                self._send_file("/".join(names))
            case [id, ""]:
                question, entries = self._question(id)
                marks, _ = self.server.desk.marks(question)
                first = [*waiting(entries, marks), *entries][:1]
                self._lead(f"{self.server.address}{id}/{self._first(first)}")
            case [id, token]:
                question, entries = self._question(id)
                entry = self._entry(entries, token)
                self._send_page(
                    pages.answer(self.server.desk, question, entry, entries)
                )
            case _:
                raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _post(self, path: str) -> None:
        origin = self.headers.get_all("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        if origin != [f"http://{self.server.host}"] or site != "same-origin":
            raise RefusedError(HTTPStatus.FORBIDDEN, "Not asked for by this page.")
        id, _, token = "/".join(self._places(path)).partition("/")
        question, entries = self._question(id)
        entry = self._entry(entries, token)
        seen, new = (one_mark.given(question, *pair) for pair in self._marks())
        try:
            self.server.desk.save(question, entry, seen, new)
        except ConflictError as error:
            told = {"error": str(error), "there": spoken(error.there)}
            self._send_json(told, HTTPStatus.CONFLICT)
        else:
            marks, _ = self.server.desk.marks(question)
            left = len(waiting(entries, marks))
            self._send_json({"saved": spoken(new), "waiting": left})

    def _places(self, path: str) -> list[str]:
        """Return the parts of a path behind the secret."""
        secret, *parts = path.split("/")
        if not secrets.compare_digest(secret.encode(), self.server.secret.encode()):
            told = "This address is not valid (any more): take the one in the terminal."
            raise RefusedError(HTTPStatus.FORBIDDEN, told)
        return parts

    def _question(self, id: str) -> tuple[Question, list[Entry]]:
        """Return a question with its answers."""
        question = self.server.desk.questions.get(id)
        if question is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such question.")
        return question, self.server.desk.entries(question)

    def _entry(self, entries: list[Entry], token: str) -> Entry:
        """Return an answer by its name."""
        found = [entry for entry in entries if entry.token == token]
        return found[0] if found else self._first(found)

    def _first(self, found: list[Entry]) -> str:
        """Return the name of the first answer."""
        if not found:
            told = "There is no such answer (any more)."
            raise RefusedError(HTTPStatus.NOT_FOUND, told)
        return found[0].token

    def _marks(self) -> list[tuple[str, str]]:
        """Return what was sent: the mark that was seen, and the new one."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            told = f"A mark takes at most {LARGEST} bytes."
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told)
        if self.headers.get_content_type() != "application/json":
            raise RefusedError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A mark is sent as JSON."
            )
        try:
            match json.loads(self.rfile.read(int(length))):
                case {
                    "seen": {"points": str(p), "comment": str(c)},
                    "points": str(points),
                    "comment": str(comment),
                }:
                    return [(p, c), (points, comment)]
        except (ValueError, RecursionError):
            pass
        raise RefusedError(HTTPStatus.BAD_REQUEST, "This is no mark.")

    def _lead(self, address: str) -> None:
        """Send the browser to another page."""
        self._send(b"", "text/plain", HTTPStatus.SEE_OTHER, Location=address)

    def _send_page(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(text.encode(), "text/html; charset=utf-8", status)

    def _send_json(self, told: dict, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(told).encode(), "application/json", status)

    def _send_file(self, name: str) -> None:
        if name not in self.server.files:
            raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such file.")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._send(self.server.files[name].read_bytes(), kind)

    def _send(
        self,
        content: bytes,
        kind: str,
        status: HTTPStatus = HTTPStatus.OK,
        **more: str,
    ) -> None:
        """Send an answer."""
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(content))}
        for name, value in (headers | SENT_WITH_ALL | more).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        """Return nothing of what serves this page."""
        return "marking"

    def log_message(self, *_: object) -> None:
        """Write no line for a request: it would have the secret in it."""


def spoken(mark: Judgement) -> dict[str, str]:
    """Return a mark as the page has it."""
    points = "" if mark.points is None else number(mark.points)
    return {"points": points, "comment": mark.comment}

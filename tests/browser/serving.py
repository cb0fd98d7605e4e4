"""The scripted front door over HTTP: pages, files, answers, and streams that stay open."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from board.assets import STATIC, sent
from tests.browser.fake_door import FakeDoor

NO_HEADERS: Mapping[str, str] = {}
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Huddle</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/board/static/x/css/tokens.css">
<link rel="stylesheet" href="/board/static/x/css/board.css">
<script type="module" src="/board/static/x/app.js"></script></head><body><div id="app"></div>
<script type="application/json" id="frame">{frame}</script></body></html>"""


@cache
def as_sent(path: Path) -> bytes:
    """What the front door sends."""
    return sent(path)


ANSWERED = ("/api/", "/board/session", "/board/openapi/", "/board/lists/")
"""What the door is asked for; everything else is a file or the page."""


class Server(ThreadingHTTPServer):
    """Threads end with the test; a browser that goes away is no news."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


class Handler(BaseHTTPRequestHandler):
    """How a connection is answered from what the door knows."""

    door: FakeDoor
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        return

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/api/worklist/stream":
            self.stream()
        elif path.startswith(ANSWERED):
            self.give(*self.door.answer("GET", self.path, None, dict(self.headers)))
        elif path in self.door.pages:
            self.reply(200, "text/html; charset=utf-8", self.door.pages[path].encode())
        elif path.startswith("/board/static/"):
            self.file(STATIC / path.removeprefix("/board/static/").partition("/")[2])
        else:
            frame = json.dumps(self.door.frame(self.door.who(dict(self.headers)))).replace("<", "\\u003c")
            self.reply(200, "text/html; charset=utf-8", PAGE.replace("{frame}", frame).encode())

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.give(*self.door.answer("POST", self.path, json.loads(text or "null"), dict(self.headers)))

    def give(self, status: int, body: Any) -> None:
        kind = "application/json" if status < 400 else "application/problem+json"
        said = body if isinstance(body, bytes) else json.dumps(body).encode()
        etag = {"ETag": f'"{body["version"]}"'} if isinstance(body, dict) and "version" in body else {}
        self.reply(status, kind if not isinstance(body, bytes) else "text/html", said, etag)

    def file(self, path: Path) -> None:
        if not path.is_file():
            self.reply(404, "text/plain", b"")
            return
        self.reply(200, TYPES.get(path.suffix, "text/plain"), as_sent(path))

    def reply(self, status: int, kind: str, body: bytes, headers: Mapping[str, str] = NO_HEADERS) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        if self.door.stream_status != 200:
            self.reply(self.door.stream_status, "text/plain", b"")
            return
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        missed, view = self.door.follow(parse_qs(urlsplit(self.path).query).get("after", [""])[0])
        for message in missed:
            self.wfile.write(message.encode())
        while (later := view.get()) is not None:
            self.wfile.write(later.encode())


@contextmanager
def serving(door: FakeDoor) -> Iterator[str]:
    """Its address."""
    server = Server(("127.0.0.1", 0), type("Answering", (Handler,), {"door": door}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        door.cut()
        server.shutdown()
        server.server_close()
        thread.join()

"""The front door, scripted: it speaks the frame, the routes and the stream, and fails as a test asks.

It stands in for HTTP alone, so that cuts, restarts and two people can be driven; the board's own process and the
services have tests on the real stack.
"""

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from board.words import words
from schemas.topics import QUEUES, queue_topic

STATIC = Path(__file__).parent.parent.parent / "board/static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Huddle</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/board/static/x/css/tokens.css"><link rel="stylesheet" href="/board/static/x/css/board.css">
<script type="module" src="/board/static/x/app.js"></script></head><body><div id="app"></div>
<script type="application/json" id="frame">{frame}</script></body></html>"""

Row = dict[str, Any]


class Server(ThreadingHTTPServer):
    """Threads end with the test; a browser that goes away is no news."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


class FakeDoor:
    """What the server knows, and how it misbehaves. `now` is its time."""

    def __init__(self, now: datetime, staff: Mapping[str, Any], people: Mapping[str, str]) -> None:
        self.now, self.staff, self.people = now, dict(staff), dict(people)
        self.colleagues: dict[str, Row] = {}
        """Who else signs in, by the header `Test-Staff` of their browser."""
        self.rows: dict[str, Row] = {}
        self.labels: dict[str, str] = {}
        self.history: dict[str, list[Row]] = {}
        self.can: list[str] = ["claim", "release", "hold", "transfer"]
        self.yours: set[str] = set(QUEUES)
        self.fails: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, str, Any, Mapping[str, str]]] = []
        self.before_command: Callable[[str, str], None] = lambda item, name: None
        self.stream_status = 200
        self.deaf = False
        self.assets = "x"
        self._told: list[tuple[str, str]] = []
        self._cursor = 0
        self._views: list[queue.SimpleQueue[str | None]] = []
        self._lock = threading.Lock()
        self.opened = 0

    # --- what happens in the clinic ---

    def put(self, *rows: Row) -> None:
        """A row is new, or looks otherwise."""
        for row in rows:
            before = self.rows.get(row["item_id"])
            self.rows[row["item_id"]] = row
            if before and before["queue"] != row["queue"]:
                self._tell("gone", {"key": row["item_id"], "topic": queue_topic(before["queue"])})
            self._tell("item", row)

    def change(self, item_id: str, **changes: Any) -> None:
        row = self.rows[item_id]
        merged = {**row, "version": row["version"] + 1, **changes}
        self.put({name: value for name, value in merged.items() if value is not None})

    def end(self, item_id: str, by: str | None = None) -> None:
        row = self.rows.pop(item_id)
        fact = {"type": "item_completed", "occurred_at": self.time(), "data": {"completed_by": by}}
        self.history.setdefault(item_id, []).append(fact)
        self._tell("gone", {"key": item_id, "topic": queue_topic(row["queue"])})

    def beat(self, **more: Any) -> None:
        self._tell("beat", {"now": self.time(), **more})

    def time(self) -> str:
        return self.now.astimezone(UTC).isoformat().replace("+00:00", "Z")

    # --- how it misbehaves ---

    def cut(self) -> None:
        """All open streams end."""
        with self._lock:
            for view in self._views:
                view.put(None)
            self._views.clear()

    def restart(self) -> None:
        """Comes back without memory of what was told: views start anew."""
        with self._lock:
            self._told.clear()
            self._cursor += 1000
        self.cut()

    # --- the stream ---

    def _tell(self, event: str, said: Any) -> None:
        with self._lock:
            self._cursor += 1
            message = f"id: {self._cursor}\nevent: {event}\ndata: {json.dumps(said)}\n\n"
            self._told.append((str(self._cursor), message))
            for view in () if self.deaf else self._views:
                view.put(message)

    def follow(self, after: str) -> tuple[list[str], "queue.SimpleQueue[str | None]"]:
        """What a view has missed, then whatever comes."""
        with self._lock:
            self.opened += 1
            view: queue.SimpleQueue[str | None] = queue.SimpleQueue()
            if not self.deaf:
                self._views.append(view)
            known = [place for place, _ in self._told]
            if after in known:
                return [message for _, message in self._told[known.index(after) + 1 :]], view
            reset = json.dumps({"items": list(self.rows.values())})
            return [f"id: {self._cursor}\nevent: reset\ndata: {reset}\n\n"], view

    # --- what it answers ---

    def who(self, headers: Mapping[str, str]) -> Row:
        return self.colleagues.get(headers.get("Test-Staff", ""), self.staff)

    def frame(self, staff: Row) -> Row:
        return {
            "staff": staff,
            "people": self.people,
            "csrf": "proof",
            "clinic": {"name": "Harbour Pain Clinic", "time_zone": "Europe/London"},
            "now": self.time(),
            "assets": self.assets,
            "services": ["referral", "worklist"],
            "words": words(),
            "work": {},
            "queues": list(QUEUES),
            "environment": "development",
        }

    def queues(self) -> Row:
        def right(name: str) -> Row:
            yours = name in self.yours
            return {"queue": name, "yours": yours, "can": self.can if yours else []}

        return {"queues": [right(name) for name in QUEUES]}

    def actions(self, item_id: str) -> Row:
        row = self.rows[item_id]
        mine = row.get("claimed_by") == self.staff["id"]
        allowed = set(self.can) if row["queue"] in self.yours else set()
        allowed -= set() if mine or row["status"] == "waiting" else {"release", "hold", "transfer"}
        names = ("claim", "release", "hold", "transfer", "undo")
        tags = {"claim": "claim_item", "undo": "undo_transition"}
        found = [
            {
                "action": tags.get(name, f"{name}_item"),
                "allowed": name in allowed,
                "disciplines": [row["queue"]],
                "queues": ["medical", "psychology"] if name == "transfer" else [],
            }
            for name in names
        ]
        return {"item_id": item_id, "version": row["version"], "actions": found}

    def command(self, item_id: str, name: str, body: Row, seen: str, by: str) -> tuple[int, Row]:
        """A person's command, as the worklist decides it."""
        self.before_command(item_id, name)
        row = self.rows.get(item_id)
        if row is None:
            return 404, {"title": "Not found", "detail": "There is no such item."}
        if seen != f'"{row["version"]}"':
            return 412, {"title": "Somebody was faster", "detail": "It changed.", "item": row}
        changes: Mapping[str, Row] = {
            "claim": {"status": "claimed", "claimed_by": by, "claimed_at": self.time()},
            "release": {"status": "waiting", "claimed_by": None, "claimed_at": None},
            "undo": {"status": "waiting", "claimed_by": None, "claimed_at": None, "resume_on": None},
            "resume": {"status": "waiting", "resume_on": None},
            "hold": {"status": "waiting", "claimed_by": None, "resume_on": body.get("resume_on")},
            "transfer": {"status": "waiting", "claimed_by": None, "queue": body.get("queue")},
        }
        self.change(item_id, **changes[name])
        return 200, self.rows[item_id]

    def answer(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Of an address below `/api`, or `/board/session`."""
        address = urlsplit(path)
        self.asked.append((method, path, body, headers))
        for prefix, failure in self.fails.items():
            if address.path.startswith(prefix):
                return failure
        match address.path.strip("/").split("/"):
            case ["board", "session"]:
                return 200, {
                    name: value for name, value in self.frame(self.who(headers)).items() if name != "words"
                }
            case ["api", "worklist", "queues"]:
                return 200, self.queues()
            case ["api", "referral", "labels"]:
                ids = parse_qs(address.query).get("patient_id", [])
                found = [
                    {"patient_id": each, "label": self.labels[each]} for each in ids if each in self.labels
                ]
                return 200, {"labels": found}
            case ["api", "referral", "patients", patient]:
                return 200, {"name": f"Name of {self.labels.get(patient, 'nobody')}"}
            case ["api", "worklist", "items", item_id, "history"]:
                return 200, {"item_id": item_id, "changes": self.history.get(item_id, [])}
            case ["api", "worklist", "items", item_id, "actions"] if item_id in self.rows:
                return 200, self.actions(item_id)
            case ["api", "worklist", "items", item_id] if item_id in self.rows:
                return 200, self.rows[item_id]
            case ["api", "worklist", "items", item_id, name] if method == "POST":
                by = self.who(headers)["id"]
                return self.command(item_id, name, body or {}, headers.get("If-Match", ""), by)
        return 404, {"title": "Not found", "detail": "There is no such thing."}


def handler(door: FakeDoor) -> type[BaseHTTPRequestHandler]:
    """How a connection is answered from what the door knows."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            return

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/api/worklist/stream":
                self.stream()
            elif path.startswith("/api/") or path == "/board/session":
                self.give(*door.answer("GET", self.path, None, dict(self.headers)))
            elif path.startswith("/board/static/"):
                self.file(STATIC / path.removeprefix("/board/static/").partition("/")[2])
            else:
                frame = json.dumps(door.frame(door.who(dict(self.headers)))).replace("<", "\\u003c")
                self.reply(200, "text/html; charset=utf-8", PAGE.replace("{frame}", frame).encode())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.give(*door.answer("POST", self.path, json.loads(text or "null"), dict(self.headers)))

        def give(self, status: int, body: Any) -> None:
            kind = "application/json" if status < 400 else "application/problem+json"
            said = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.reply(status, kind if not isinstance(body, bytes) else "text/html", said)

        def file(self, path: Path) -> None:
            if not path.is_file():
                self.reply(404, "text/plain", b"")
                return
            self.reply(200, TYPES.get(path.suffix, "text/plain"), path.read_bytes())

        def reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", CSP)
            self.end_headers()
            self.wfile.write(body)

        def stream(self) -> None:
            if door.stream_status != 200:
                self.reply(door.stream_status, "text/plain", b"")
                return
            self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            missed, view = door.follow(parse_qs(urlsplit(self.path).query).get("after", [""])[0])
            for message in missed:
                self.wfile.write(message.encode())
            while (message := view.get()) is not None:
                self.wfile.write(message.encode())

    return Handler


@contextmanager
def serving(door: FakeDoor) -> Iterator[str]:
    """Its address."""
    server = Server(("127.0.0.1", 0), handler(door))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        door.cut()
        server.shutdown()
        server.server_close()
        thread.join()

"""The front door, scripted: it speaks the frame, the routes and the stream, and fails as a test asks.

It stands in for HTTP alone, so that cuts, restarts and two people can be driven; the board's own process and the
services have tests on the real stack.
"""

import json
import queue
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from board.drafts import draft_keys
from board.words import words
from schemas.topics import QUEUES, queue_topic

Row = dict[str, Any]
FREE: Row = dict.fromkeys(("claimed_by", "claimed_at", "goes_back_at", "resume_on", "hold_reason")) | {
    "status": "waiting"
}
"""Nobody has it."""


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
        self.must_say: list[str] = []
        """What staff must say that they read a patient's things for."""
        self.fails: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, str, Any, Mapping[str, str]]] = []
        self.before_command: Callable[[str, str], None] = lambda item, name: None
        self.stream_status = 200
        self.deaf = False
        self.assets = "x"
        self.work: Row = {}
        self.pages: dict[str, str] = {}
        """Those that the front door draws itself, by path."""
        self._told: list[tuple[str, str]] = []
        self.cursor = 0
        """The number of what was told last."""
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

    def time(self, minutes: int = 0) -> str:
        """Its time, or so much later."""
        return (self.now + timedelta(minutes=minutes)).astimezone(UTC).isoformat().replace("+00:00", "Z")

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
            self.cursor += 1000
        self.cut()

    # --- the stream ---

    def _tell(self, event: str, said: Any) -> None:
        with self._lock:
            self.cursor += 1
            message = f"id: {self.cursor}\nevent: {event}\ndata: {json.dumps(said)}\n\n"
            self._told.append((str(self.cursor), message))
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
            return [f"id: {self.cursor}\nevent: reset\ndata: {reset}\n\n"], view

    # --- what it answers ---

    def who(self, headers: Mapping[str, str]) -> Row:
        return self.colleagues.get(headers.get("Test-Staff", ""), self.staff)

    def frame(self, staff: Row) -> Row:
        return {
            "staff": staff,
            "must_say": self.must_say,
            "people": self.people,
            "csrf": "proof",
            "draft_keys": draft_keys(("a secret",), staff["id"]),
            "clinic": {"name": "Harbour Pain Clinic", "time_zone": "Europe/London"},
            "now": self.time(),
            "assets": self.assets,
            "services": ["referral", "worklist"],
            "words": words(),
            "work": self.work,
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
        leading = ("escalate_by_lead", "reprioritise_by_lead")
        found += [{"action": name, "allowed": name in self.can} for name in leading]
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
            "claim": {
                "status": "claimed",
                "claimed_by": by,
                "claimed_at": self.time(),
                "goes_back_at": self.time(60),
            },
            "keep": {"goes_back_at": self.time(60)},
            "release": FREE,
            "undo": FREE,
            "resume": FREE,
            "hold": FREE | {"resume_on": body.get("resume_on"), "hold_reason": body.get("reason")},
            "transfer": FREE | {"queue": body.get("queue")},
        }
        self.change(item_id, **changes[name])
        return 200, {name: value for name, value in self.rows[item_id].items() if name != "goes_back_at"}

    def answer(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Of an address below `/api`, or `/board/session`."""
        address = urlsplit(path)
        self.asked.append((method, path, body, headers))
        for prefix, failure in self.fails.items():
            if address.path.startswith(prefix):
                return failure
        parts = address.path.strip("/").split("/")
        if parts[1:3] == ["worklist", "items"]:
            return self.about_item(method, parts[3], parts[-1], body or {}, headers)
        return 200, self.plain(parts, parse_qs(address.query), headers)

    def plain(self, parts: list[str], query: Mapping[str, list[str]], headers: Mapping[str, str]) -> Any:
        """What is only read."""
        match parts:
            case ["board", "session"]:
                return {
                    name: value for name, value in self.frame(self.who(headers)).items() if name != "words"
                }
            case ["api", "worklist", "queues"]:
                return self.queues()
            case ["api", _, "actions"]:
                return {"actions": []}
            case ["api", "referral", "labels"]:
                known = [each for each in query.get("patient_id", []) if each in self.labels]
                return {"labels": [{"patient_id": each, "label": self.labels[each]} for each in known]}
            case ["api", "referral", "patients", patient, "contact"]:
                return {
                    "identity": {"given_names": "Name of", "family_name": self.labels.get(patient, "nobody")}
                }
            case _:
                raise AssertionError(parts)

    def about_item(
        self, method: str, item_id: str, part: str, body: Row, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        """An item, its history, what may be done with it, or a command."""
        if method == "POST":
            return self.command(item_id, part, body, headers.get("If-Match", ""), self.who(headers)["id"])
        if part == "history":
            return 200, {"item_id": item_id, "changes": self.history.get(item_id, [])}
        if item_id not in self.rows:
            return 404, {"title": "Not found", "detail": "There is no such item."}
        return 200, (
            self.actions(item_id) if part == "actions" else self.rows[item_id] | {"undo_until": self.time(10)}
        )

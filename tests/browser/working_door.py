"""The scripted front door with a referral service behind it, as far as a triage needs one: what it is about, what may
be done, and one change at a time, once for each key."""

from collections.abc import Callable, Mapping
from typing import Any

from board.documents import for_forms
from schemas.work import table
from tests.browser.fake_door import FakeDoor, Row
from tests.browser.scenes import JO, NOW, PEOPLE, filled
from tests.contract.services import committed

REFERRAL = for_forms(committed()["referral"])
CATEGORIES = [{"code": f"cat_{number}", "words": f"Category {number}"} for number in (1, 2, 3)]
COMMANDS = ("triage", "request_information", "reject", "redirect")
STALE = {"title": "Somebody was faster", "status": 412, "detail": "Somebody changed this. Look again."}


def a_working_door() -> "WorkingDoor":
    return filled(WorkingDoor(NOW, JO, PEOPLE))


class WorkingDoor(FakeDoor):
    """`triaged`: what was decided of each referral, in order. `before_change` runs before the service decides."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.work = table()
        self.triaged: list[tuple[str, Row]] = []
        self.before_change: Callable[[], None] = lambda: None
        self._versions: dict[str, int] = {}
        self._answers: dict[str, tuple[int, Any]] = {}

    def about_item(
        self, method: str, item_id: str, part: str, body: Row, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        status, said = super().about_item(method, item_id, part, body, headers)
        if status == 200 and part == item_id:
            said |= {"referral_id": said["subject_id"]}
        return status, said

    def answer(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
        if method == "POST" and path.endswith("/triage"):
            self.asked.append((method, path, body, headers))
            failure = next((each for prefix, each in self.fails.items() if path.startswith(prefix)), None)
            return failure or self.triage(path.split("/")[-2], body, headers)
        return super().answer(method, path, body, headers)

    def triage(self, referral: str, body: Row, headers: Mapping[str, str]) -> tuple[int, Any]:
        self.before_change()
        key = headers["Idempotency-Key"]
        if key not in self._answers:
            self._answers[key] = self.decide(referral, body, headers.get("If-Match"))
        return self._answers[key]

    def decide(self, referral: str, body: Row, seen: str | None) -> tuple[int, Any]:
        version = self._versions.get(referral, 3)
        if seen is None:
            return 428, {"title": "Which version?", "status": 428, "detail": "Say which version you saw."}
        if seen != f'"{version}"':
            return 412, STALE
        self._versions[referral] = version + 1
        self.triaged.append((referral, body))
        return 200, {"id": referral, "version": version + 1}

    def plain(self, parts: list[str], query: Mapping[str, list[str]], headers: Mapping[str, str]) -> Any:
        match parts:
            case ["board", "openapi", "referral.json"]:
                return REFERRAL
            case ["board", "lists", name]:
                return {"entries": CATEGORIES if name == "categories.json" else []}
            case ["api", "referral", "referrals", referral]:
                return {"id": referral, "version": self._versions.get(referral, 3)}
            case ["api", "referral", "referrals", referral, "actions"]:
                return {"version": 3, "actions": [{"action": each, "allowed": True} for each in COMMANDS]}
            case _:
                return super().plain(parts, query, headers)

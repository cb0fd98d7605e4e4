"""The whole clinic in one process: every service's own HTTP side over the in-memory system, on the clinic's clock."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpx
import msgspec

from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.service import Handler, Service
from backbone.telemetry import Metrics
from cli.people import members
from config.loading import SHIPPED
from schemas.topics import QUEUES, queue_topic
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import TrustingIdentity, by, idle, nothing

CLINIC = ZoneInfo("America/New_York")


class Told(NamedTuple):
    """A public fact as it stands on its topic, in order of its recording."""

    service: str
    name: str
    at: datetime
    subject: str
    fact: Mapping[str, Any]

    @property
    def local(self) -> str:
        return f"{self.at.astimezone(CLINIC):%m-%d %H:%M}"


class MemoryClinic:
    """`people` are callers by name, beside the staff by login."""

    def __init__(
        self,
        start: str,
        services: tuple[Service, ...],
        people: Mapping[str, Principal],
        outside: Mapping[str, Mapping[str, Handler]] | None = None,
    ) -> None:
        rules = {service: service.load_rules(SHIPPED) for service in services}
        self.system = MemorySystem(local(start), rules, outside=outside)
        self._people = dict(people)
        for member in members():
            self._people[member.login] = Principal(
                "user", member.id, tuple(member.roles), tuple(member.disciplines), member.name
            )
        hosting = Hosting(lambda: True, idle, nothing)
        self._http = {
            name: httpx.AsyncClient(
                transport=httpx.ASGITransport(
                    build(worker.runtime, TrustingIdentity(), worker.parking, Metrics(), hosting)  # type: ignore[arg-type]
                ),
                base_url=f"http://{name}",
            )
            for name, worker in self.system.workers.items()
        }

    def known_as(self, name: str, principal: Principal) -> None:
        """Somebody who has a token from now on."""
        self._people[name] = principal

    def staff(self, login: str) -> str:
        """The id of a member of staff."""
        return self._people[login].id

    async def at(self, when: str) -> None:
        """Move the clock to this time at the clinic, through every timer that falls due on the way."""
        await self.system.advance(local(when))
        await self.system.settle()

    async def ask(self, method: str, service: str, path: str, who: str, **more: Any) -> Any:
        """A request that must succeed; then everything settles."""
        answer = await self.request(method, service, path, who, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def request(self, method: str, service: str, path: str, who: str, **more: Any) -> httpx.Response:
        headers = by(self._people[who]) | more.pop("headers", {})
        answer = await self._http[service].request(method, path, headers=headers, **more)
        await self.system.settle()
        return answer

    def facts(self, *services: str) -> list[Told]:
        """Public facts, in order of their recording."""
        told: dict[str, tuple[datetime, int, Told]] = {}
        for (topic, _), messages in self.system.log.items():
            if topic.endswith(".events") and (not services or topic.removesuffix(".events") in services):
                for number, message in enumerate(messages):
                    head, fact = message.headers, msgspec.json.decode(message.value or b"{}")
                    at = datetime.fromisoformat(head["ce_recordedtime"]).astimezone(UTC)
                    service, name, _ = head["ce_type"].split(".")
                    told[head["ce_id"]] = (at, number, Told(service, name, at, head["ce_subject"], fact))
        return [each for *_, each in sorted(told.values(), key=lambda row: row[:2])]

    def open(self) -> list[str]:
        """Every open item as the queues' topics show it: queue, type, due at the clinic."""
        rows = [row for queue in QUEUES for row in self.table(queue_topic(queue)).values()]
        return sorted(shown(row) for row in rows)

    def table(self, topic: str) -> Mapping[str, Any]:
        """What a compacted topic says now."""
        latest: dict[str, Any] = {}
        for (name, _), messages in self.system.log.items():
            for message in messages if name == topic else ():
                latest[message.key or ""] = message.value
        return {key: msgspec.json.decode(value) for key, value in latest.items() if value is not None}


def local(when: str) -> datetime:
    """An instant in clinic time: `2027-01-04 09:00`."""
    return datetime.fromisoformat(when).replace(tzinfo=CLINIC).astimezone(UTC)


def shown(row: Mapping[str, Any]) -> str:
    due = datetime.fromisoformat(row["due_at"]).astimezone(CLINIC) if row.get("due_at") else None
    return (
        f"{row['queue']} {row['item_type']} {due:%m-%d %H:%M}"
        if due
        else f"{row['queue']} {row['item_type']}"
    )

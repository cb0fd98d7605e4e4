"""Journey 1 up to acceptance, on real services, Kafka and PostgreSQL: through HTTP, at the journey's own times."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli.people import members
from schemas.topics import queue_topic
from simulator.clock_driver import ClockDriver
from tests.support.local_system import LocalSystem
from tests.support.readers import read_all
from tests.support.submissions import PRACTICE, a_submission

CLINIC = ZoneInfo("America/New_York")
START = "2027-01-04T13:30:00Z"
SERVICES = ("referral", "scheduling", "worklist")


class Journey:
    """The clinic on the simulated clock, and the people of the journey."""

    def __init__(self, system: LocalSystem, urls: Mapping[str, str]) -> None:
        self._system = system
        self._urls = urls
        self._clock = ClockDriver(system.http, list(urls.values()))
        staff = {member.login: member for member in members()}
        self._headers = {
            login: system.headers(member.id, roles=list(member.roles), disciplines=list(member.disciplines))
            for login, member in staff.items()
        } | {"pcp": system.headers(PRACTICE, kind="referrer", roles=[])}

    async def at(self, local: str) -> None:
        """Move the clock to this time at the clinic, through every timer that falls due on the way."""
        wanted = datetime.fromisoformat(local).replace(tzinfo=CLINIC)
        while (due := await self._clock.settle()) is not None and due <= wanted:
            await self._clock.move(due)
        await self._clock.move(wanted)
        await self._clock.settle()

    async def ask(self, method: str, service: str, path: str, who: str, **more: Any) -> Any:
        headers = self._headers[who] | more.pop("headers", {})
        answer = await self._system.http.request(method, self._urls[service] + path, headers=headers, **more)
        assert answer.is_success, answer.text
        await self._clock.settle()
        return answer.json()

    async def decide(self, referral_id: str, what: str, who: str, **body: Any) -> Any:
        seen = await self.ask("GET", "referral", f"/referrals/{referral_id}", who)
        etag = {"if-match": f'"{seen["version"]}"'}
        return await self.ask(
            "POST", "referral", f"/referrals/{referral_id}/{what}", who, json=body, headers=etag
        )

    async def claim(self, queue: str, who: str) -> None:
        """Staff claim an item before they work on it."""
        [item] = (await self.ask("GET", "worklist", f"/queues/{queue}", who))["items"]
        etag = {"if-match": f'"{item["version"]}"'}
        claimed = await self.ask("POST", "worklist", f"/items/{item['item_id']}/claim", who, headers=etag)
        assert claimed["status"] == "claimed"

    async def open(self) -> list[str]:
        """Every open item: queue, type, due at the clinic."""
        found = []
        for queue, who in (
            ("coordination", "cora.lind"),
            ("nursing", "nora.quinn"),
            ("medical", "paul.okafor"),
        ):
            for row in (await self.ask("GET", "worklist", f"/queues/{queue}", who))["items"]:
                due = datetime.fromisoformat(row["due_at"]).astimezone(CLINIC)
                found.append(f"{queue} {row['item_type']} {due:%m-%d %H:%M}")
        return found

    async def on_topic(self, queue: str) -> list[str]:
        """What the queue's compacted topic alone says is open."""
        rows: dict[bytes, bytes | None] = {}
        for record in await read_all(self._system.kafka.bootstrap, queue_topic(queue)):
            rows[record.key] = record.value
        return [json.loads(value)["item_type"] for value in rows.values() if value is not None]

    async def facts(self, service: str) -> list[str]:
        """Types on the service's topic, in order."""
        records = await read_all(self._system.kafka.bootstrap, f"{service}.events")
        types = [dict(record.headers)["ce_type"].decode() for record in records]
        return [name.removeprefix(f"{service}.").removesuffix(".v1") for name in types]


@pytest.fixture
async def journey(kafka, postgres, playground: Path) -> AsyncIterator[Journey]:
    system = LocalSystem(kafka, postgres, playground / "journey")
    await system.prepare(*SERVICES, suffix="_journey")
    clock = {"HUDDLE_CLOCK": "simulated", "HUDDLE_CLOCK_START": START}
    workers = {service: system.worker(service, **clock) for service in SERVICES}
    await system.ready(*workers.values())
    yield Journey(system, {service: worker.url for service, worker in workers.items()})
    await system.close()


async def test_a_referral_reaches_its_queues_is_completed_triaged_and_accepted(journey: Journey) -> None:
    await journey.at("2027-01-04 09:00")
    package = a_submission(function=None, psychological=None)
    referral = await journey.ask("POST", "referral", "/referrals", "pcp", json=package)
    assert await journey.facts("referral") == [
        "patient_registered",
        "received",
        "medications_listed",
        "found_incomplete",
    ]
    assert referral["missing"] == ["function", "psychological"]
    assert await journey.open() == ["coordination REF_COMPLETE 01-05 17:00"]

    again = await journey.ask("POST", "referral", "/referrals", "pcp", json=package)
    assert again["id"] == referral["id"]
    assert len(await journey.facts("referral")) == 4

    await journey.at("2027-01-04 09:40")
    await journey.claim("coordination", "cora.lind")
    asked = await journey.decide(referral["id"], "information-requests", "cora.lind")
    request = asked["information_request"]
    assert (request["reminder_on"], request["decide_on"]) == ("2027-01-18", "2027-01-25")
    assert await journey.open() == ["coordination REF_INFO_WAIT 01-18 17:00"]

    await journey.at("2027-01-11 10:00")
    answers = {"function": "walks 500 m", "psychological": "low mood"}
    await journey.decide(referral["id"], "information", "pcp", answers=answers)
    assert (await journey.facts("referral"))[5:] == [
        "information_supplied",
        "found_complete",
        "triage_suggested",
    ]
    assert await journey.open() == ["nursing REF_TRIAGE 01-18 17:00"]

    await journey.at("2027-01-13 14:00")
    await journey.claim("nursing", "nora.quinn")
    triage = {"category": "cat_2", "comment": "Fits category 2.", "accept": True}
    accepted = await journey.decide(referral["id"], "triage", "nora.quinn", **triage)
    assert accepted["status"] == "accepted"
    assert accepted["urgency"]["target_date"] == "2027-04-04"
    assert (await journey.facts("referral"))[8:] == ["triaged", "accepted", "waitlisted"]
    assert await journey.open() == ["coordination BOOK_VISIT 01-20 17:00"]

    kinds = [kind for kind in await journey.facts("worklist") if kind != "item_claimed"]
    assert kinds.count("item_opened") == 4
    assert kinds.count("item_completed") == 3
    assert await journey.on_topic("coordination") == ["BOOK_VISIT"]
    assert await journey.on_topic("nursing") == []

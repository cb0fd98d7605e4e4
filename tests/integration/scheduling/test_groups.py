"""Many clerks book, give back, move, take and decline places of one group at the same moment, on a real PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest

from backbone.ids import ROOT, derive
from backbone.model import one, together
from services.scheduling.appointment.aggregate import appointment_id
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, RequestBooking
from services.scheduling.booking_request.states import Wish
from services.scheduling.slot.queries import stamp
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import A_COORDINATOR, by
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import rules, staff

WISH = Wish(purpose="group_session", discipline="psychology", priority="routine")
MOST = rules().scheduling.groups.values.most
PEOPLE = range(2 * MOST)
GROUP, NEXT = "2027-02-03 12:30", "2027-02-10 12:30"
HELD = {"scheduling.slot_taken.v1", "scheduling.slot_held.v1"}
HAS = """
-- Whose place it is, by place.
SELECT slot.id::text, slot.appointment_id::text, appointment.lane_key::text AS person, slot.start_at
  FROM slot JOIN appointment ON appointment.id::text = slot.appointment_id::text
 WHERE slot.status <> 'free'
"""


def slot(when: str) -> dict[str, Any]:
    return {"clinician_id": staff("priya.nair").id, "start": at_clinic(when).isoformat()}


def request_of(person: int) -> str:
    return derive(ROOT, f"request of {person}")


class Clerks:
    """Everybody asks at once."""

    def __init__(self, system: MemorySystem, http: httpx.AsyncClient) -> None:
        self.system, self.http = system, http

    async def post(self, path: str, **body: Any) -> httpx.Response:
        while True:
            answer = await self.http.post(path, json=body, headers=by(A_COORDINATOR))
            if (
                answer.status_code != 503
            ):  # "try again": on a busy machine a transaction may idle for too long
                return answer

    async def book(self, person: int, when: str = GROUP) -> httpx.Response:
        return await self.post(f"/booking-requests/{request_of(person)}/appointments", slots=[slot(when)])

    async def give_back(self, person: int) -> httpx.Response:
        path = f"/appointments/{appointment_id(request_of(person), 1)}/cancel"
        return await self.post(path, by="patient", reason="ill")

    async def move(self, person: int, to: str) -> httpx.Response:
        path = f"/appointments/{appointment_id(request_of(person), 1)}/move"
        return await self.post(path, slot=slot(to), by="patient", reason="ill")

    async def at_once(self, *asked: Awaitable[httpx.Response]) -> Sequence[httpx.Response]:
        """While the service handles what comes of it."""
        answers, _ = await asyncio.gather(asyncio.gather(*asked), self.system.settle())
        await self.system.settle()
        await self.all_is_well(answers)
        return answers

    async def all_is_well(self, answers: Sequence[httpx.Response]) -> None:
        """No more than there are, nobody twice, and the journal has what the table has; who is refused hears where else
        there is a place."""
        rows = await self.rows()
        assert all(count <= MOST for count in Counter(row["start_at"] for row in rows).values())
        assert len({(row["person"], row["start_at"]) for row in rows}) == len(rows)
        assert len({row["appointment_id"] for row in rows}) == len(rows)
        assert {row["id"]: row["appointment_id"] for row in rows} == await self.said()
        for answer in answers:
            if answer.status_code == 409:
                assert answer.json()["type"].endswith("slot-taken"), answer.text
                assert len(answer.json()["alternatives"]) == 5 and "the next that is free" in answer.text
            else:
                assert answer.is_success, answer.text

    async def rows(self) -> Sequence[Any]:
        async with self.system.workers["scheduling"].store.connection() as connection:
            return [dict(row) for row in await connection.fetch(HAS)]

    async def said(self) -> dict[str, str]:
        """Whose each place is, as the journal has it."""
        found = dict[str, str]()
        for row in await self.journal():
            if row["type"] in HELD:
                found[str(row["aggregate_id"])] = msgspec.json.decode(row["data"])["appointment_id"]
            if row["type"] == "scheduling.slot_released.v1":
                del found[str(row["aggregate_id"])]
        return found

    async def journal(self) -> Sequence[Any]:
        rows = await self.system.workers["scheduling"].tables.rows("journal")
        return sorted(rows, key=lambda row: (str(row["aggregate_id"]), row["version"]))

    async def offers(self) -> dict[str, str]:
        """Open ones, by appointment."""
        found = dict[str, str]()
        for row in await self.journal():
            name, subject = row["type"].split(".")[1], str(row["aggregate_id"])
            if name == "slot_offered":
                found[subject] = msgspec.json.decode(row["data"])["offer_id"]
            if name in ("offer_declined", "offer_expired", "appointment_booked"):
                found.pop(subject, None)
        return found


@pytest.fixture
async def clerks(system: MemorySystem, http: httpx.AsyncClient) -> Clerks:
    for person in PEOPLE:
        send = BOOKING_REQUEST.send(RequestBooking(wish=WISH), to=one(request_of(person)))
        order = together(send, pathway=one(derive(ROOT, f"referral of {person}")))
        await system.order("scheduling", order, about=derive(ROOT, f"person {person}"))
    return Clerks(system, http)


async def test_places_that_everybody_wants_gives_back_moves_takes_and_declines_at_once_are_sold_once(
    clerks: Clerks,
) -> None:
    answers = await clerks.at_once(*map(clerks.book, PEOPLE))
    came = [person for person in PEOPLE if answers[person].status_code == 201]
    late = [person for person in PEOPLE if answers[person].status_code == 409]
    assert (len(came), len(late)) == (MOST, len(PEOPLE) - MOST)
    shown = {
        datetime.fromisoformat(each["start"])
        for person in late
        for each in answers[person].json()["alternatives"]
    }
    assert at_clinic(NEXT) in shown and at_clinic(GROUP) not in shown
    about_late = {appointment_id(request_of(person), 1) for person in late}
    assert not about_late & {str(row["aggregate_id"]) for row in await clerks.journal()}, "nothing is written"

    await clerks.at_once(
        *map(clerks.give_back, came[:3]),
        *map(clerks.book, late[:4]),
        *(clerks.move(person, NEXT) for person in came[3:6]),
    )
    offers = [f"/offers/{each}" for each in (await clerks.offers()).values()]
    start = at_clinic(GROUP).isoformat()
    await clerks.at_once(
        *(clerks.post(f"{path}/accept", start=start) for path in offers[::2]),
        *(clerks.post(f"{path}/decline") for path in offers[1::2]),
        *(clerks.move(person, GROUP) for person in came[3:6]),
        *map(clerks.give_back, came[6:8]),
    )
    assert Counter(row["start_at"] for row in await clerks.rows())[stamp(at_clinic(GROUP))] == MOST

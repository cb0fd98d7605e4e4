"""A group has places: twelve come, the thirteenth is shown another time, and has the place that is given back."""

from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.activity import ActivityAccepted
from services.scheduling.appointment.aggregate import appointment_id
from services.scheduling.booking_request.aggregate import request_of
from services.scheduling.service import SERVICE as SCHEDULING
from services.scheduling.slot.queries import GROUPS_CALLED_OFF, TIMES_TAKEN, stamp
from services.worklist.service import SERVICE as WORKLIST
from tests.support.access import SilentStore
from tests.support.dates import COORDINATOR
from tests.support.feed import Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.told import at_clinic

GROUP, NEXT, ALONE = "2027-02-03 12:30", "2027-02-10 12:30", "2027-02-03 13:30"


class Times(SilentStore):
    """Answers which times somebody has."""

    @asynccontextmanager
    async def connection(self) -> Any:
        yield self

    async def fetch(self, statement: str, *_: Any) -> list[Any]:
        if statement == GROUPS_CALLED_OFF:
            groups = [msgspec.json.decode(row.body) for row in self.tables.states["group_time"].values()]
            return [
                (each["clinician_id"], each["start"]) for each in groups if each["status"] == "called_off"
            ]
        assert statement == TIMES_TAKEN
        bodies = [msgspec.json.decode(row.body) for row in self.tables.states["slot"].values()]
        taken = [each for each in bodies if each["status"] != "free"]
        return [(each["clinician_id"], stamp(datetime.fromisoformat(each["start"]))) for each in taken]


class Desk(MemoryClinic):
    """Psychologists accept so many patients, numbered from 1, into the group programme."""

    booked: Sequence[str] = ()

    def __init__(self) -> None:
        super().__init__("2027-01-04 09:00", (SCHEDULING, WORKLIST), {}, {"scheduling": Times()})
        self.feed = Feed(self.system)

    async def accept(self, *numbers: int, patient: int | None = None, **said: Any) -> None:
        for number in numbers:
            activity = derive(ROOT, f"activity {number}")
            work: dict[str, Any] = {"discipline": "psychology", "kind": "group_programme", "sessions": 12}
            fact = ActivityAccepted(
                activity_id=activity,
                owner_id=derive(ROOT, "owner"),
                remote=False,
                **{"assessment": False, **work, **said},
            )
            await self.feed.tell(
                fact,
                aggregate=activity,
                patient=derive(ROOT, f"patient {patient or number}"),
                referral=derive(ROOT, f"referral {number}"),
            )

    def slot(self, when: str) -> dict[str, str]:
        return {"clinician_id": self.staff("priya.nair"), "start": at_clinic(when).isoformat()}

    async def book(self, number: int, when: str = GROUP) -> Any:
        request = request_of(derive(ROOT, f"activity {number}"), "series")
        path, body = f"/booking-requests/{request}/appointments", {"slots": [self.slot(when)]}
        return await self.request("POST", "scheduling", path, COORDINATOR, json=body)

    async def places(self) -> int:
        """How many of this time somebody has, or is asked to take."""
        rows = await self.system.workers["scheduling"].store.fetch(TIMES_TAKEN)
        return sum(start == stamp(at_clinic(GROUP)) for _, start in rows)

    async def post(self, path: str, **body: Any) -> Any:
        return await self.ask("POST", "scheduling", path, COORDINATOR, json=body)

    def last(self, name: str) -> Any:
        return [fact for fact in self.facts() if fact.name == name][-1]


@pytest.fixture
async def desk() -> Desk:
    """Twelve have a place, two have none."""
    desk = Desk()
    await desk.accept(*range(1, 15))
    desk.booked = [(await desk.book(number)).json()["appointment_ids"][0] for number in range(1, 13)]
    return desk


async def test_the_thirteenth_is_refused_and_shown_another_time(desk: Desk) -> None:
    answer = await desk.book(13)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "slot-taken")
    assert "the next that is free is 2027-01-06 12:30" in answer.json()["detail"]
    shown = [datetime.fromisoformat(each["start"]) for each in answer.json()["alternatives"]]
    assert at_clinic(NEXT) in shown and at_clinic(GROUP) not in shown
    assert (await desk.book(13, NEXT)).status_code == 201


async def test_a_place_that_is_given_back_is_offered_to_who_waits_longest(desk: Desk) -> None:
    await desk.post(f"/appointments/{desk.booked[4]}/cancel", by="patient", reason="ill")
    offer = desk.last("slot_offered")
    waits_longest = appointment_id(request_of(derive(ROOT, "activity 13"), "series"), 1)
    assert offer.subject == waits_longest and not offer.fact["reasonable"]
    assert (await desk.book(14)).status_code == 409, "it is held"
    path = f"/offers/{offer.fact['offer_id']}/accept"
    await desk.post(path, start=at_clinic(GROUP).isoformat())
    assert waits_longest in [fact.subject for fact in desk.facts() if fact.name == "appointment_booked"]
    assert (await desk.book(14)).status_code == 409


async def test_nobody_has_two_places_of_one_time(desk: Desk) -> None:
    await desk.post(f"/appointments/{desk.booked[0]}/cancel", by="clinic", reason="staff_absent")
    answer = await desk.book(2)
    assert answer.json()["type"].endswith("patient-double-booked")


async def test_who_moves_has_a_place_there_and_leaves_the_one_before(desk: Desk) -> None:
    moving: dict[str, Any] = {"slot": desk.slot(NEXT), "by": "clinic", "reason": "staff_absent"}
    await desk.post(f"/appointments/{desk.booked[11]}/move", **moving)
    assert (await desk.book(13)).status_code == 201
    assert (await desk.book(14)).status_code == 409


async def test_who_moves_to_a_time_that_is_full_is_shown_another(desk: Desk) -> None:
    assert (await desk.book(13, NEXT)).status_code == 201
    waits = appointment_id(request_of(derive(ROOT, "activity 13"), "series"), 1)
    body: dict[str, Any] = {"slot": desk.slot(GROUP), "by": "clinic", "reason": "staff_absent"}
    answer = await desk.request("POST", "scheduling", f"/appointments/{waits}/move", COORDINATOR, json=body)
    assert answer.status_code == 409 and "the next that is free is" in answer.json()["detail"]


async def test_who_has_a_place_keeps_it_where_the_same_time_is_asked_for_again(desk: Desk) -> None:
    await desk.post(f"/appointments/{desk.booked[0]}/cancel", by="clinic", reason="staff_absent")
    before = len(desk.facts())
    moving: dict[str, Any] = {"slot": desk.slot(GROUP), "by": "patient", "reason": "ill"}
    await desk.post(f"/appointments/{desk.booked[11]}/move", **moving)
    assert len(desk.facts()) == before


async def test_who_is_asked_for_a_place_and_says_yes_by_telephone_has_that_one_and_no_second(
    desk: Desk,
) -> None:
    await desk.post(f"/appointments/{desk.booked[0]}/cancel", by="clinic", reason="staff_absent")
    await desk.post(f"/appointments/{desk.booked[1]}/cancel", by="patient", reason="ill")
    assert desk.last("slot_offered").fact["notice_days"] == 30 and await desk.places() == 11
    assert (await desk.book(13)).status_code == 201
    assert await desk.places() == 11


async def test_nobody_is_asked_twice_for_one_time_whatever_they_wait_for(desk: Desk) -> None:
    await desk.accept(15, patient=13)
    for each in desk.booked[:3]:
        await desk.post(f"/appointments/{each}/cancel", by="patient", reason="ill")
    asked = [fact.subject for fact in desk.facts() if fact.name == "slot_offered"]
    waiting = [request_of(derive(ROOT, f"activity {number}"), "series") for number in (13, 14)]
    assert asked == [appointment_id(request, 1) for request in waiting]


async def test_who_gave_a_time_back_is_not_asked_for_it_again_though_others_have_that_place_by_now(
    desk: Desk,
) -> None:
    """Who takes a place that was given back does not make its time forgotten."""
    await desk.post(f"/appointments/{desk.booked[0]}/cancel", by="patient", reason="ill")
    for each in desk.booked[1:3]:
        offer = desk.last("slot_offered").fact["offer_id"]
        await desk.post(f"/offers/{offer}/accept", start=at_clinic(GROUP).isoformat())
        await desk.post(f"/appointments/{each}/cancel", by="patient", reason="ill")
    asked = [fact.subject for fact in desk.facts() if fact.name == "slot_offered"]
    waiting = [request_of(derive(ROOT, f"activity {number}"), "series") for number in (13, 14)]
    assert asked == [appointment_id(request, 1) for request in waiting]


async def test_a_group_is_seen_at_no_other_time_and_comes_after_its_assessment(desk: Desk) -> None:
    assert (await desk.book(13, ALONE)).json()["type"].endswith("unfit-slot")
    await desk.accept(20, assessment=True)
    assert (await desk.book(20, NEXT)).json()["type"].endswith("out-of-order")


async def test_where_the_discipline_holds_no_groups_sessions_are_single_ones() -> None:
    desk = Desk()
    await desk.accept(1, discipline="nursing")
    assert desk.last("booking_requested").fact["purpose"] == "session"

"""SCH-04, again: sessions that have a date are looked at when their assessment's date is another one."""

from datetime import date
from typing import Any

import pytest

from schemas.care_plan.v1.activity import ActivityStarted
from services.scheduling.booking_request.aggregate import request_of
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_the_order_of_care import ACCEPTED, ASSESSMENT, SERIES, WORK
from tests.support.dates import COORDINATOR, OF_PATIENT
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.told import at_clinic

BEFORE, SESSION, AFTER = "2027-01-19 09:00", "2027-01-21 09:00", "2027-01-26 09:00"


class Desk(MemoryClinic):
    """An assessment that has a date, and a session two days later."""

    def __init__(self) -> None:
        super().__init__("2027-01-04 09:00", (SCHEDULING, WORKLIST), {})
        self.feed = Feed(self.system)

    async def begun(self) -> "Desk":
        await self.tell(ACCEPTED)
        self.assessment = await self.book(ASSESSMENT, BEFORE)
        self.session = await self.book(SERIES, SESSION)
        assert not self.early()
        return self

    async def tell(self, fact: Any) -> None:
        await self.feed.tell(fact, aggregate=WORK, patient=PATIENT, referral=REFERRAL)

    def slot(self, when: str, login: str = "fay.dunn") -> dict[str, str]:
        return {"clinician_id": self.staff(login), "start": at_clinic(when).isoformat()}

    async def post(self, path: str, **body: Any) -> Any:
        return await self.ask("POST", "scheduling", path, COORDINATOR, json=body)

    async def book(self, request: str, when: str) -> str:
        body: dict[str, Any] = {"slots": [self.slot(when)], "short_notice_accepted": True}
        [made] = (await self.post(f"/booking-requests/{request}/appointments", **body))["appointment_ids"]
        return str(made)

    async def move(self, appointment: str, when: str) -> None:
        body: dict[str, Any] = {"slot": self.slot(when), "by": "clinic", "reason": "other_plans"}
        await self.post(f"/appointments/{appointment}/move", **body)

    async def cancel(self, appointment: str) -> None:
        await self.post(f"/appointments/{appointment}/cancel", by="clinic", reason="staff_absent")

    def early(self) -> list[str]:
        """The sessions that somebody is asked about."""
        rows = self.table("worklist.queue.coordination").values()
        return [each["subject_id"] for each in rows if each["item_type"] == "SESSION_EARLY"]


@pytest.fixture
async def desk() -> Desk:
    return await Desk().begun()


async def test_an_assessment_that_is_moved_past_its_session_is_somebodys_work(desk: Desk) -> None:
    await desk.move(desk.assessment, AFTER)
    assert desk.early() == [desk.session]
    await desk.move(desk.assessment, BEFORE)
    assert not desk.early()


async def test_an_assessment_that_is_called_off_is_somebodys_work_until_another_comes_first(
    desk: Desk,
) -> None:
    await desk.cancel(desk.assessment)
    assert desk.early() == [desk.session]
    again = [each.fact for each in desk.facts() if each.name == "booking_requested"][-1]
    await desk.book(again["booking_request_id"], "2027-01-20 09:00")
    assert not desk.early()


async def test_an_assessment_that_was_missed_is_somebodys_work_until_that_was_a_mistake(desk: Desk) -> None:
    await desk.at("2027-01-19 10:00")
    await desk.post(f"/appointments/{desk.assessment}/did-not-attend", reason="UNKNOWN")
    assert desk.early() == [desk.session]
    await desk.post(f"/appointments/{desk.assessment}/correct", reason="late")
    assert not desk.early()


async def test_the_session_itself_is_moved_or_called_off(desk: Desk) -> None:
    await desk.move(desk.assessment, AFTER)
    await desk.move(desk.session, "2027-01-28 09:00")
    assert not desk.early()
    await desk.cancel(desk.assessment)
    assert desk.early()
    await desk.cancel(desk.session)
    assert not desk.early()


async def test_who_begins_without_an_assessment_needs_none(desk: Desk) -> None:
    await desk.cancel(desk.assessment)
    await desk.tell(ActivityStarted(activity_id=WORK, on=date(2027, 1, 14)))
    assert not desk.early()


async def test_a_joint_day_is_not_accepted_when_a_session_of_it_is_too_early_by_now() -> None:
    desk = Desk()
    await desk.tell(ACCEPTED)
    await desk.tell(ACCEPTED.model_copy(update={"activity_id": REFERRAL, "discipline": "psychology"}))
    assessment = await desk.book(ASSESSMENT, BEFORE)
    legs = [
        {"booking_request_id": SERIES, "slot": desk.slot(SESSION)},
        {
            "booking_request_id": request_of(REFERRAL, "assessment"),
            "slot": desk.slot("2027-01-21 10:30", "priya.nair"),
        },
    ]
    day = (await desk.post("/joint-days", **OF_PATIENT, legs=legs, hold=True))["joint_day_id"]
    await desk.move(assessment, AFTER)
    path = f"/joint-days/{day}/accept"
    answer = await desk.request("POST", "scheduling", path, COORDINATOR)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:huddle:problem:out-of-order")
    assert not [each for each in desk.facts() if each.name == "joint_day_booked"]
    await desk.move(assessment, BEFORE)
    await desk.post(path)

"""SCH-04: sessions take place after the assessment that was ordered with them, whatever way they get their dates."""

from datetime import date
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.activity import ActivityAccepted, ActivityStarted
from services.scheduling.booking_request.aggregate import request_of
from tests.support.dates import COORDINATOR, OF_PATIENT, DatesClinic
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.told import at_clinic

WORK = derive(ROOT, "an activity")
ASSESSMENT, SERIES = request_of(WORK, "assessment"), request_of(WORK, "series")
FIRST, SECOND, THIRD = (f"2027-01-{day} 09:00" for day in (19, 21, 26))
ACCEPTED = ActivityAccepted(
    activity_id=WORK,
    discipline="physiotherapy",
    owner_id=derive(ROOT, "owner"),
    assessment=True,
    remote=False,
    sessions=2,
)


@pytest.fixture
async def clinic() -> DatesClinic:
    clinic = DatesClinic()
    await clinic.refer()
    await told(clinic, ACCEPTED)
    return clinic


async def told(clinic: DatesClinic, fact: Any) -> None:
    await Feed(clinic.system).tell(fact, aggregate=WORK, patient=PATIENT, referral=REFERRAL)


async def refused(clinic: DatesClinic, path: str, **body: Any) -> bool:
    answer = await clinic.request("POST", "scheduling", path, COORDINATOR, json=body)
    return (answer.status_code, answer.json().get("type")) == (409, "urn:huddle:problem:out-of-order")


async def is_too_early(clinic: DatesClinic, when: str) -> bool:
    slots = [clinic.slot("fay.dunn", when)]
    path = f"/booking-requests/{SERIES}"
    offered = await refused(clinic, f"{path}/offers", slots=slots, mode="phone")
    leg = clinic.leg(SERIES, "fay.dunn", when)
    other = clinic.leg(await clinic.ask_for("psychology"), "priya.nair", when.replace("09:00", "10:30"))
    held = await refused(clinic, "/joint-days", **OF_PATIENT, legs=[leg, other], hold=True)
    booked = await refused(clinic, f"{path}/appointments", slots=slots, short_notice_accepted=True)
    assert offered == held == booked
    return booked


async def test_no_session_has_a_date_before_the_assessment_has_one(clinic: DatesClinic) -> None:
    assert await is_too_early(clinic, SECOND)


async def test_a_session_is_later_than_its_assessment(clinic: DatesClinic) -> None:
    await clinic.book(ASSESSMENT, "fay.dunn", SECOND)
    assert await is_too_early(clinic, FIRST)
    session = await clinic.book(SERIES, "fay.dunn", THIRD)
    moved = {"slot": clinic.slot("fay.dunn", FIRST), "by": "clinic", "reason": "other_plans"}
    assert await refused(clinic, f"/appointments/{session}/move", **moved)


async def test_an_assessment_that_is_off_is_none(clinic: DatesClinic) -> None:
    assessment = await clinic.book(ASSESSMENT, "fay.dunn", FIRST)
    await clinic.post(f"/appointments/{assessment}/cancel", by="patient", reason="other_plans")
    assert await is_too_early(clinic, THIRD)


async def test_who_performs_it_begins_without_an_assessment(clinic: DatesClinic) -> None:
    await told(clinic, ActivityStarted(activity_id=WORK, on=date(2027, 1, 14)))
    await clinic.book(SERIES, "fay.dunn", FIRST)


async def test_times_for_sessions_are_shown_from_the_assessment_on(clinic: DatesClinic) -> None:
    await clinic.book(ASSESSMENT, "fay.dunn", SECOND)
    path = f"/booking-requests/{SERIES}/slots"
    shown = (await clinic.request("GET", "scheduling", path, COORDINATOR)).json()["slots"]
    assert min(slot["start"] for slot in shown) > at_clinic(SECOND).isoformat()

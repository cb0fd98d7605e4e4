"""Nobody has two visits at one time: over all referrals and records of the person, by whatever way a visit gets its
date. What stands there is named."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import one
from schemas.fact import Fact
from schemas.referral.v1.patient import MergeUndone, PatientsMerged
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    RequestBooking,
)
from services.scheduling.booking_request.states import Wish
from tests.support.dates import COORDINATOR, OF_PATIENT, OTHERS, OTHERS_REFERRAL, DatesClinic
from tests.support.feed import PATIENT, Feed

NINE, LATER = "2027-01-21 09:00", "2027-01-21 13:00"


class Expected(DatesClinic):
    """`stands`: the appointment that the patient has."""

    stands = ""


@pytest.fixture
async def clinic() -> Expected:
    """Expected at nine, in physiotherapy."""
    clinic = Expected()
    await clinic.refer()
    clinic.stands = await clinic.book(await clinic.ask_for("physiotherapy"), "fay.dunn", NINE)
    return clinic


async def refused(clinic: Expected, path: str, **body: Any) -> None:
    answer = await clinic.request("POST", "scheduling", path, COORDINATOR, json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:huddle:problem:patient-double-booked")
    assert f"{NINE} to" in answer.json()["detail"] and clinic.stands in answer.json()["detail"]


async def books(clinic: Expected, when: str, **whose: str) -> tuple[str, dict[str, Any]]:
    request = await clinic.ask_for("nursing", **whose)
    body = {"slots": [clinic.slot("nora.quinn", when)], "short_notice_accepted": True}
    return f"/booking-requests/{request}/appointments", body


@pytest.mark.parametrize("whose", [{}, {"referral": OTHERS_REFERRAL}])
async def test_not_by_booking_nor_by_moving(clinic: Expected, whose: dict[str, str]) -> None:
    path, body = await books(clinic, NINE, **whose)
    await refused(clinic, path, **body)
    visit = await clinic.book(await clinic.ask_for("nursing", **whose), "nora.quinn", LATER)
    moved = {"slot": clinic.slot("nora.quinn", NINE), "by": "clinic", "reason": "other_plans"}
    await refused(clinic, f"/appointments/{visit}/move", **moved)


async def test_not_by_an_offer(clinic: Expected) -> None:
    """Who is expected elsewhere is not asked to choose that time: declining it would count."""
    path = f"/booking-requests/{await clinic.ask_for('nursing')}/offers"
    both = [clinic.slot("nora.quinn", when) for when in (LATER, NINE)]
    await refused(clinic, path, slots=both, mode="phone")


@pytest.mark.parametrize("hold", [True, False])
async def test_not_by_a_joint_day(clinic: Expected, hold: bool) -> None:
    legs = [
        clinic.leg(await clinic.ask_for("psychology"), "priya.nair", "2027-01-21 10:30"),
        clinic.leg(await clinic.ask_for("nursing"), "nora.quinn", NINE),
    ]
    await refused(clinic, "/joint-days", **OF_PATIENT, legs=legs, hold=hold, short_notice_accepted=True)


async def test_not_under_another_record_of_the_person_while_it_is_theirs(clinic: Expected) -> None:
    theirs = {"patient": OTHERS, "referral": OTHERS_REFERRAL}
    feed = Feed(clinic.system)
    await told(feed, PatientsMerged(surviving_id=PATIENT, merged_id=OTHERS))
    path, body = await books(clinic, NINE, **theirs)
    await refused(clinic, path, **body)
    cora = clinic.staff("cora.lind")
    await told(feed, MergeUndone(surviving_id=PATIENT, restored_id=OTHERS, decided_by=cora))
    await clinic.post(path, **body)


async def told(feed: Feed, fact: Fact) -> None:
    for patient in (PATIENT, OTHERS):
        await feed.tell(fact, patient=patient, referral=None, aggregate=patient)


async def test_an_offer_is_not_taken_when_something_was_booked_meanwhile(clinic: Expected) -> None:
    request = await clinic.ask_for("nursing")
    slots = [clinic.slot("nora.quinn", LATER), clinic.slot("nora.quinn", "2027-01-22 13:00")]
    offer = await clinic.post(f"/booking-requests/{request}/offers", slots=slots, mode="phone")
    await clinic.book(await clinic.ask_for("physiotherapy"), "fay.dunn", LATER)
    path, taken = f"/offers/{offer['offer_id']}/accept", {"start": slots[0]["start"]}
    answer = await clinic.request("POST", "scheduling", path, "patient", json=taken)
    assert answer.status_code == 409 and LATER in answer.json()["detail"]
    await clinic.post(path, start=slots[1]["start"])


async def test_what_is_off_stands_there_no_more(clinic: Expected) -> None:
    path, body = await books(clinic, NINE)
    off = {"by": "patient", "reason": "other_plans"}
    await clinic.post(f"/appointments/{clinic.stands}/cancel", **off)
    await clinic.post(path, **body)


async def test_not_by_any_date_of_a_series(clinic: Expected) -> None:
    wish = Wish(purpose="session", discipline="nursing", priority="routine", count=2)
    request = derive(ROOT, "a series")
    await clinic.tell(BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)))
    slots = [clinic.slot("nora.quinn", when) for when in (LATER, NINE)]
    path = f"/booking-requests/{request}/appointments"
    await refused(clinic, path, slots=slots, short_notice_accepted=True)


async def test_a_joint_day_that_is_declined_frees_all_of_its_times(clinic: Expected) -> None:
    times = ("2027-01-21 10:30", "2027-01-21 13:00")
    legs = [
        clinic.leg(await clinic.ask_for("psychology"), "priya.nair", times[0]),
        clinic.leg(await clinic.ask_for("nursing"), "nora.quinn", times[1]),
    ]
    day = await clinic.post("/joint-days", **OF_PATIENT, legs=legs, hold=True)
    for when in times:
        path, body = await books(clinic, when)
        assert (await clinic.request("POST", "scheduling", path, COORDINATOR, json=body)).status_code == 409
    await clinic.ask("POST", "scheduling", f"/joint-days/{day['joint_day_id']}/decline", "patient")
    for when in times:
        path, body = await books(clinic, when)
        await clinic.post(path, **body)

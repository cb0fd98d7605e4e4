"""Dates that are offered are held until somebody can answer, never until they begin, and for nobody who has another."""

from typing import Any

import pytest

from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_places_of_a_group import Times
from tests.component.test_waits_and_dates import CORA, DOCTOR, PRACTICE_TOKEN, Clinic
from tests.support.dates import OF_PATIENT, DatesClinic
from tests.support.submissions import somebody
from tests.support.told import at_clinic

TODAY, SOON, LATER, ANOTHER = "2027-01-04 10:30", "2027-01-05 10:30", "2027-01-20 09:00", "2027-01-21 09:00"
"""It is 2027-01-04 09:00."""


@pytest.fixture
async def clinic() -> Clinic:
    """Two patients wait for their first visit; the first one's request is `first`."""
    services = (REFERRALS, SCHEDULING, WORKLIST)
    clinic = Clinic("2027-01-04 09:00", services, PRACTICE_TOKEN, {"scheduling": Times()})
    await clinic.refer()
    await clinic.refer(source_id="R-2", patient=somebody(2))
    return clinic


def requests(clinic: Clinic) -> list[str]:
    asked = [fact.fact for fact in clinic.facts() if fact.name == "booking_requested"]
    return [str(each["booking_request_id"]) for each in asked]


async def offers(clinic: Clinic, *times: str) -> Any:
    """To the first patient; the answer."""
    path, slots = (
        f"/booking-requests/{requests(clinic)[0]}/offers",
        [clinic.slot(DOCTOR, each) for each in times],
    )
    return await clinic.request("POST", "scheduling", path, CORA, json={"slots": slots, "mode": "phone"})


async def books(clinic: Clinic, who: int, when: str) -> int:
    """For the first or second patient."""
    path = f"/booking-requests/{requests(clinic)[who - 1]}/appointments"
    body = {"slots": [clinic.slot(DOCTOR, when)], "short_notice_accepted": True}
    return (await clinic.request("POST", "scheduling", path, CORA, json=body)).status_code


async def takes(clinic: Clinic, offer: Any, when: str) -> int:
    path = f"/offers/{offer.json()['offer_id']}/accept"
    body = {"start": at_clinic(when).isoformat()}
    return (await clinic.request("POST", "scheduling", path, CORA, json=body)).status_code


async def test_a_date_of_tomorrow_is_held_until_somebody_else_can_just_be_asked_for_it(
    clinic: Clinic,
) -> None:
    assert (await offers(clinic, SOON)).status_code == 201
    assert clinic.last("slot_offered").fact["hold_until"] == "2027-01-05T13:30:00Z"
    await clinic.at("2027-01-05 08:29")
    assert await books(clinic, 2, SOON) == 409 and not clinic.count("offer_expired")
    await clinic.at("2027-01-05 08:30")
    assert clinic.count("offer_expired") == 1
    assert await books(clinic, 2, SOON) == 201


async def test_of_several_dates_each_is_held_by_itself_and_the_offer_as_long_as_one_of_them(
    clinic: Clinic,
) -> None:
    offer = await offers(clinic, SOON, LATER)
    assert clinic.last("slot_offered").fact["hold_until"] == "2027-01-06T14:00:00Z"
    await clinic.at("2027-01-05 08:30")
    assert await books(clinic, 2, SOON) == 201 and await books(clinic, 2, LATER) == 409
    assert await takes(clinic, offer, SOON) == 409, "somebody else has it"
    assert await takes(clinic, offer, LATER) == 200


async def test_a_date_that_nobody_took_in_between_can_still_be_taken(clinic: Clinic) -> None:
    offer = await offers(clinic, SOON, LATER)
    await clinic.at("2027-01-05 09:00")
    assert await takes(clinic, offer, SOON) == 200
    assert await books(clinic, 2, LATER) == 201, "what was not chosen is free"


async def test_a_date_that_begins_too_soon_to_be_answered_is_booked_and_not_offered(clinic: Clinic) -> None:
    before = len(clinic.facts())
    for times in ((TODAY,), (TODAY, LATER)):
        answer = await offers(clinic, *times)
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "too-soon-to-hold")
        assert "slots" in answer.json()["detail"]
    assert len(clinic.facts()) == before
    assert await books(clinic, 1, TODAY) == 201


@pytest.mark.parametrize("chosen", [LATER, SOON])
async def test_what_was_offered_to_who_is_booked_without_it_is_free_at_once(
    clinic: Clinic, chosen: str
) -> None:
    """By telephone: at one of the times that were offered, or at another one."""
    offer = await offers(clinic, LATER, ANOTHER)
    assert await books(clinic, 2, ANOTHER) == 409
    assert await books(clinic, 1, chosen) == 201
    assert await takes(clinic, offer, ANOTHER) == 404, "the offer is over"
    assert await books(clinic, 2, ANOTHER) == 201
    states = clinic.system.workers["scheduling"].store.tables.states["slot"].values()
    assert not [each for each in states if b"busy-tentative" in each.body]
    assert not clinic.items("BOOK_VISIT")


async def test_a_joint_day_is_held_no_longer_than_its_first_visit_can_be_given_to_somebody_else() -> None:
    clinic = DatesClinic()
    await clinic.refer()
    requests = [await clinic.ask_for(each) for each in ("physiotherapy", "psychology")]
    legs = [
        clinic.leg(requests[0], "fay.dunn", "2027-01-05 09:00"),
        clinic.leg(requests[1], "priya.nair", "2027-01-05 10:30"),
    ]
    await clinic.post("/joint-days", **OF_PATIENT, legs=legs, hold=True)
    told = [fact.fact for fact in clinic.facts() if fact.name == "joint_day_proposed"]
    assert [each["hold_until"] for each in told] == ["2027-01-05T12:00:00Z"]
    other = clinic.slot("fay.dunn", "2027-01-06 09:00")
    path = f"/booking-requests/{requests[0]}/appointments"
    body = {"slots": [other], "short_notice_accepted": True}
    answer = await clinic.request("POST", "scheduling", path, CORA, json=body)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "not-booked")

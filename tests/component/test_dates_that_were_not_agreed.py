"""Dates that nobody has agreed to yet are cancelled, or were never meant: their request can be booked all the same."""

from dataclasses import replace
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import Service, one
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, RequestBooking
from services.scheduling.booking_request.states import Wish
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_waits_and_dates import PRACTICE_TOKEN, Clinic
from tests.support.dates import OF_PATIENT, DatesClinic

PLACED = "scheduling.appointment_placed.v1"
CLERK = "ines.park"
CANCELLED = ("cancel", {"by": "patient", "reason": "ill"}, "patient")
BY_CLINIC = ("cancel", {"by": "clinic", "reason": "ill"}, "cora.lind")
IN_ERROR = ("mark-in-error", {"reason": "wrong_patient"}, CLERK)
ENDS = pytest.mark.parametrize("end", [CANCELLED, BY_CLINIC, IN_ERROR], ids=["patient", "clinic", "error"])


async def ended(clinic: DatesClinic, appointment: str, end: Any) -> None:
    """The appointment is off."""
    how, body, who = end
    await clinic.ask("POST", "scheduling", f"/appointments/{appointment}/{how}", who, json=body)


async def status(clinic: DatesClinic, request: str) -> str:
    found = await clinic.ask("GET", "scheduling", f"/booking-requests/{request}", "cora.lind")
    return str(found["status"])


def count(clinic: DatesClinic, name: str) -> int:
    return sum(told.name == name for told in clinic.facts())


@pytest.mark.parametrize("declined", [False, True], ids=["offered", "declined before"])
@ENDS
async def test_who_cancels_an_offer_can_be_offered_and_booked_again(end: Any, declined: bool) -> None:
    clinic = DatesClinic()
    await clinic.refer()
    request = await clinic.ask_for("nursing")
    path, slots = f"/booking-requests/{request}", [clinic.slot("nora.quinn", "2027-01-19 09:00")]
    offer = await clinic.post(f"{path}/offers", slots=slots, mode="phone")
    if declined:
        await clinic.post(f"/offers/{offer['offer_id']}/decline")
    await ended(clinic, offer["appointment_id"], end)
    assert await status(clinic, request) == "open"
    again = await clinic.post(f"{path}/offers", slots=slots, mode="phone")
    await ended(clinic, again["appointment_id"], end)
    assert await clinic.book(request, "nora.quinn", "2027-01-19 09:00")
    assert await status(clinic, request) == "fulfilled"


@ENDS
async def test_a_series_has_as_many_dates_as_it_was_asked_for(end: Any) -> None:
    clinic = DatesClinic()
    await clinic.refer()
    request = derive(ROOT, "a series")
    wish = Wish(purpose="assessment", discipline="nursing", priority="routine", count=2)
    await clinic.tell(BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)))
    path = f"/booking-requests/{request}"
    slots = [clinic.slot("nora.quinn", f"2027-01-{day} 09:00") for day in (19, 20, 21)]
    offer = await clinic.post(f"{path}/offers", slots=slots[:1], mode="phone")
    await ended(clinic, offer["appointment_id"], end)
    made = await clinic.post(f"{path}/appointments", slots=slots[:2], short_notice_accepted=True)
    assert len({*made["appointment_ids"], offer["appointment_id"]}) == 3
    assert await status(clinic, request) == "fulfilled"
    numbers = [told["no"] for told in await clinic.system.journal("scheduling", PLACED)]
    assert numbers == [1, 1, 2], "the first of two is off, and another first one takes its place"


@ENDS
async def test_a_part_of_a_joint_day_that_was_only_held_is_the_same_request_again(end: Any) -> None:
    """Nobody has agreed to the day: nothing counts, and nothing is asked for twice."""
    clinic = DatesClinic()
    await clinic.refer()
    mine, other = await clinic.ask_for("physiotherapy"), await clinic.ask_for("psychology")
    legs = [
        clinic.leg(mine, "fay.dunn", "2027-01-21 09:00"),
        clinic.leg(other, "priya.nair", "2027-01-21 10:30"),
    ]
    await clinic.post("/joint-days", **OF_PATIENT, legs=legs, hold=True)
    [first, _] = [held.subject for held in clinic.facts() if held.name == "appointment_held"]
    asked = count(clinic, "booking_requested")
    await ended(clinic, first, end)
    assert count(clinic, "booking_requested") == asked
    assert not [told for told in clinic.facts() if told.fact.get("counts")]
    assert await clinic.book(mine, "fay.dunn", "2027-01-21 09:00")


@pytest.mark.parametrize("service", [SCHEDULING, replace(SCHEDULING, reactions=SCHEDULING.reactions[::-1])])
@pytest.mark.parametrize("held", [False, True], ids=["offered", "held"])
@ENDS
async def test_a_procedure_whose_date_is_off_is_still_to_be_booked(
    end: Any, held: bool, service: Service
) -> None:
    """In whichever order the reactions of this service stand."""
    clinic = DatesClinic(service)
    await clinic.refer()
    _, request = await clinic.order_procedure()
    path, slots = f"/booking-requests/{request}", [clinic.slot("paul.okafor", "2027-01-19 09:00")]
    if held:
        appointment = await clinic.book(request, "paul.okafor", "2027-01-19 09:00")
    else:
        offer = await clinic.post(f"{path}/offers", slots=slots, mode="phone")
        appointment = offer["appointment_id"]
    await ended(clinic, appointment, end)
    if held:
        assert await status(clinic, request) == "fulfilled"
        again = [told.fact for told in clinic.facts() if told.name == "booking_requested"][-1]
        request = again["booking_request_id"]
    assert await status(clinic, request) == "open"
    await clinic.post(f"/booking-requests/{request}/offers", slots=slots, mode="phone")


@pytest.mark.parametrize("ends", [(BY_CLINIC, IN_ERROR), (IN_ERROR,)], ids=["off before", "booked"])
async def test_a_booked_date_that_was_a_mistake_is_asked_for_anew_as_one_that_is_off(ends: Any) -> None:
    clinic = DatesClinic()
    await clinic.refer()
    request = await clinic.ask_for("nursing")
    visit = await clinic.book(request, "nora.quinn", "2027-01-19 09:00")
    for end in ends:
        await ended(clinic, visit, end)
        again = [told.fact for told in clinic.facts() if told.name == "booking_requested"]
        assert len(again) == 2, "once, whoever says it again"
    assert await status(clinic, again[-1]["booking_request_id"]) == "open"


async def removed(clinic: Clinic, reason: str) -> Any:
    """Off the waiting list, while an offer is open."""
    entry, request = clinic.last("waitlist_joined").subject, clinic.last("booking_requested").subject
    slots = [clinic.slot("paul.okafor", f"2027-01-{day} 09:00") for day in (19, 20)]
    await clinic.post(f"/booking-requests/{request}/offers", slots=slots, mode="phone")
    path, body = f"/waiting-list/{entry}/remove", {"reason": reason}
    return await clinic.request("POST", "scheduling", path, "cora.lind", json=body)


async def test_who_is_taken_off_the_list_has_nothing_to_be_booked_and_nobody_booked_it() -> None:
    """The work is cancelled, not done; and the referral has no next step, which is somebody's work."""
    clinic = await Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, WORKLIST), PRACTICE_TOKEN).refer()
    assert (await removed(clinic, "removed")).is_success
    await clinic.at("2027-01-04 09:01")
    assert clinic.last("booking_fulfilled").fact["reason"] == "removed"
    assert clinic.count("offer_expired") == 1
    assert clinic.last("item_cancelled").fact["reason"] == "withdrawn" and not clinic.items("BOOK_VISIT")
    assert clinic.items("NEXT_STEP_MISSING")


async def test_nobody_is_taken_off_the_list_as_if_they_had_a_date() -> None:
    clinic = await Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, WORKLIST), PRACTICE_TOKEN).refer()
    assert (await removed(clinic, "booked")).status_code == 409
    assert clinic.items("BOOK_VISIT")

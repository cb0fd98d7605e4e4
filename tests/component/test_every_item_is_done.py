"""Every type of item of referrals and dates is opened, and done, by what a clinic really does: as many as opened."""

from collections import Counter
from typing import Any

from msgspec.structs import replace

from backbone.ids import ROOT, derive
from backbone.model import one, together
from services.care_plan.service import SERVICE as CARE_PLAN
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, RequestBooking, request_of
from services.scheduling.booking_request.states import Wish
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.catalogue.decide.referral import REFERRAL_ROWS
from services.worklist.catalogue.decide.scheduling import SCHEDULING_ROWS
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_freed_slots import WHEN, given_back
from tests.component.test_waits_and_dates import (
    CORA,
    DOCTOR,
    NURSE,
    PRACTICE_TOKEN,
    Clinic,
    a_joint_day,
    missed,
)
from tests.support.proposals import Pair, answered
from tests.support.submissions import NO_FLAGS, a_patient, a_submission

REGISTRAR = "ines.park"


def a_clinic() -> Clinic:
    return Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, CARE_PLAN, WORKLIST), PRACTICE_TOKEN)


async def seen(clinic: Clinic) -> None:
    visit = await clinic.book("2027-01-20 09:00")
    await clinic.at("2027-01-20 08:55")
    await clinic.post(f"/appointments/{visit}/arrive")
    await clinic.post(f"/appointments/{visit}/attend", DOCTOR)


async def referred(clinic: Clinic) -> None:
    """Incomplete, with a flag and doubts: asked, called, resolved, triaged, seen."""
    screen = {**NO_FLAGS, "infection": "yes", "fracture": "unknown"}
    body = a_submission(without=("function",), red_flag_screen=screen)
    clinic.referral = (await clinic.ask("POST", "referral", "/referrals", "practice", json=body))["id"]
    path = f"/referrals/{clinic.referral}"
    await clinic.ask("POST", "referral", f"{path}/information-requests", CORA, json={})
    await clinic.ask(
        "POST", "referral", f"{path}/information", CORA, json={"answers": {"function": "sits 10 min"}}
    )
    shown = await clinic.ask("GET", "referral", path, NURSE)
    for flag in (*shown["red_flags"], *shown["unclear_flags"]):
        resolution = f"{path}/red-flags/{flag['flag_id']}/resolution"
        await clinic.ask("POST", "referral", resolution, NURSE, json={"result": "not_present"})
    await clinic.triage("cat_2", accept=True)
    await seen(clinic)


async def waited(clinic: Clinic) -> None:
    await clinic.refer()
    await clinic.at("2027-04-05 12:00")
    path = f"/referrals/{clinic.referral}/wait-reviews"
    await clinic.ask("POST", "referral", path, NURSE, json={"result": "better", "red_flag_screen": NO_FLAGS})
    await clinic.book("2027-04-12 09:00")


async def not_there(clinic: Clinic) -> None:
    visit = await missed(clinic)
    await clinic.post(f"/attendance-cases/{visit}/review", DOCTOR, decision="reoffer")
    await clinic.book("2027-02-03 09:00")


async def broken(clinic: Clinic) -> None:
    first, *_ = await a_joint_day(clinic)
    day = clinic.last("joint_day_booked").fact["joint_day_id"]
    await clinic.post(f"/appointments/{first}/cancel", by="clinic", reason="staff_absent")
    await clinic.post(f"/joint-days/{day}/keep")
    requests = [fact.fact for fact in clinic.facts() if fact.name == "booking_requested"]
    [first_visit] = [each for each in requests if each["purpose"] == "initial_consultation"]
    for request, login, when in (
        (requests[-1], "fay.dunn", "2027-01-22 09:00"),
        (first_visit, DOCTOR, "2027-01-20 09:00"),
    ):
        slots: list[Any] = [clinic.slot(login, when)]
        path = f"/booking-requests/{request['booking_request_id']}/appointments"
        await clinic.post(path, slots=slots, short_notice_accepted=True)


async def early(clinic: Clinic) -> None:
    """An assessment that is moved past its session, and back."""
    await clinic.refer()
    await clinic.book("2027-01-20 09:00")
    work, dates = (
        derive(ROOT, "an activity"),
        {"assessment": "2027-01-21 09:00", "session": "2027-01-22 09:00"},
    )
    wish = Wish(purpose="assessment", discipline="physiotherapy", priority="routine", activity_id=work)
    asked = [
        BOOKING_REQUEST.send(RequestBooking(wish=replace(wish, purpose=each)), to=one(request_of(work, each)))
        for each in dates
    ]
    order = together(*asked, about=one(clinic.patient), pathway=one(clinic.referral))
    await clinic.system.order("scheduling", order)
    await clinic.system.settle()
    made = []
    for purpose, when in dates.items():
        path, slots = (
            f"/booking-requests/{request_of(work, purpose)}/appointments",
            [clinic.slot("fay.dunn", when)],
        )
        made += (await clinic.post(path, slots=slots, short_notice_accepted=True))["appointment_ids"]
    for when in ("2027-01-25 09:00", "2027-01-21 09:00"):
        to: Any = {"slot": clinic.slot("fay.dunn", when), "by": "clinic", "reason": "staff_absent"}
        await clinic.post(f"/appointments/{made[0]}/move", **to)


async def too_few(clinic: Clinic) -> None:
    """Into the group goes one alone, and somebody says that it takes place."""
    await clinic.refer()
    await clinic.book("2027-01-20 09:00")
    work = derive(ROOT, "a programme")
    request = request_of(work, "series")
    wish = Wish(purpose="group_session", discipline="psychology", priority="routine", activity_id=work)
    asked = BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request))
    order = together(asked, about=one(clinic.patient), pathway=one(clinic.referral))
    await clinic.system.order("scheduling", order)
    await clinic.system.settle()
    slots: list[Any] = [clinic.slot("priya.nair", "2027-01-13 12:30")]
    path = f"/booking-requests/{request}/appointments"
    await clinic.post(path, slots=slots, short_notice_accepted=True)
    group = clinic.last("group_short").fact["group_id"]
    await clinic.post(f"/groups/{group}/keep", CORA, reason="waited_too_long")


async def at_once(clinic: Clinic) -> None:
    """Two records with a visit at one time are one person's; one of them is moved."""
    await clinic.refer()
    hers, visit = clinic.patient, await clinic.book("2027-01-20 09:00")
    await clinic.refer(source_id="R-2", patient=a_patient("P-2") | {"family_name": "Else"})
    await clinic.book("2027-01-20 09:00", "maya.stein")
    other = next(
        each.subject for each in clinic.facts() if each.name == "patient_registered" and each.subject != hers
    )
    path, merged = f"/patients/{hers}/merge", {"merged_id": other}
    await clinic.ask("POST", "referral", path, "ines.park", json=merged)
    to: Any = {"slot": clinic.slot(DOCTOR, "2027-01-21 09:00"), "by": "clinic", "reason": "staff_absent"}
    await clinic.post(f"/appointments/{visit}/move", **to)


async def freed(clinic: Clinic) -> None:
    await given_back(clinic, "cat_2")
    offer = clinic.last("waitlist_offer_made").fact["offer_id"]
    await clinic.post(f"/offers/{offer}/decline")
    requests = [
        fact.fact["booking_request_id"] for fact in clinic.facts() if fact.name == "booking_requested"
    ]
    for request, when in ((requests[1], WHEN), (requests[2], "2027-01-27 09:00")):
        path = f"/booking-requests/{request}/appointments"
        await clinic.post(path, slots=[clinic.slot(DOCTOR, when)], short_notice_accepted=True)


async def away(clinic: Clinic) -> None:
    await clinic.refer()
    clinic.known_as("the patient", "patient", clinic.patient)
    absence = {"referral_id": clinic.referral, "kind": "medical", "start": "2027-01-11", "end": "2027-07-30"}
    path = f"/patients/{clinic.patient}/unavailability"
    period = (await clinic.post(path, "the patient", **absence))["period_id"]
    await clinic.post(f"/unavailability/{period}/decision", CORA, decision="grant")
    await clinic.book("2027-01-20 09:00")


async def sent_again(clinic: Clinic) -> None:
    """Changed after it was accepted, and once more as another referral, which is another matter."""
    await clinic.refer()
    await clinic.book("2027-01-20 09:00")
    first = f"/referrals/{clinic.referral}"
    changed = a_submission(function="sits 10 min")
    await clinic.ask("POST", "referral", "/referrals", "practice", json=changed)
    await clinic.ask("POST", "referral", f"{first}/amendment-review", NURSE, json={})
    other = await clinic.ask("POST", "referral", "/referrals", "practice", json=a_submission("R-2"))
    dismissal = f"/referrals/{other['id']}/duplicate-dismissal"
    said = {"other_referral_id": clinic.referral, "take_over": False}
    await clinic.ask("POST", "referral", dismissal, CORA, json=said)
    clinic.referral = other["id"]
    await clinic.triage("cat_2", accept=True)
    await clinic.book("2027-01-27 09:00")


async def withdrawn(clinic: Clinic) -> None:
    await clinic.refer()
    await clinic.book("2027-01-20 09:00")
    path, said = f"/referrals/{clinic.referral}", {"by": "patient", "reason": "other"}
    await clinic.ask("POST", "referral", f"{path}/cancellation-requests", CORA, json=said)
    await clinic.ask("POST", "referral", f"{path}/cancellation", CORA, json={})


async def died(clinic: Clinic) -> None:
    """Of two who say when, each names another day."""
    await clinic.refer()
    await clinic.book("2027-01-20 09:00")
    path = f"/patients/{clinic.patient}"
    for source, day in (("family", "2027-01-03"), ("hospital", "2027-01-02")):
        said = {"source": source, "died_on": day}
        await clinic.ask("POST", "referral", f"{path}/death", NURSE, json=said)
    settled = {"lives": False, "died_on": "2027-01-02"}
    await clinic.ask("POST", "referral", f"{path}/death-check", REGISTRAR, json=settled)


async def lived(clinic: Clinic) -> None:
    """The death of somebody who was in care proves to be another's: they come back, and wait anew."""
    await clinic.refer()
    await seen(clinic)
    path, again = f"/patients/{clinic.patient}", {"reason": "The death was somebody else's."}
    await clinic.ask("POST", "referral", f"{path}/death", NURSE, json={"source": "family"})
    await clinic.ask("POST", "referral", f"{path}/death-check", REGISTRAR, json={"lives": True})
    reopening = f"/referrals/{clinic.referral}/reopening"
    clinic.referral = (await clinic.ask("POST", "referral", reopening, CORA, json=again))["id"]
    await clinic.triage("cat_2", accept=True)
    await clinic.book("2027-02-03 09:00")


ANSWERED: set[Pair] = {
    ("triage_suggested", "triaged", "taken"),
    ("red_flag_raised", "red_flag_resolved", "declined"),
    ("wait_review_fell_due", "wait_reviewed", "taken"),
    ("attendance_review_requested", "attendance_reviewed", "taken"),
    ("duplicate_suspected", "duplicate_dismissed", "declined"),
}
"""Proposals of software, and what a person decided (PRV-26)."""


SCRIPTS = (
    referred,
    waited,
    not_there,
    broken,
    early,
    at_once,
    too_few,
    freed,
    away,
    sent_again,
    withdrawn,
    died,
    lived,
)


async def test_every_type_of_item_of_referrals_and_dates_is_opened_and_done() -> None:
    opened, ended, decided = Counter[str](), Counter[str](), set[Pair]()
    for script in SCRIPTS:
        clinic = a_clinic()
        await script(clinic)
        decided |= answered((*clinic.facts("referral"), *clinic.facts("scheduling")))
        for fact in clinic.facts("worklist"):
            if fact.name in ("item_opened", "item_reopened"):
                opened[fact.fact["item_type"]] += 1
            if fact.name in ("item_completed", "item_cancelled"):
                ended[fact.fact["item_type"]] += fact.name == "item_completed"
    wanted = {row.item for row in (*REFERRAL_ROWS, *SCHEDULING_ROWS)}
    assert wanted - opened.keys() == set(), "no script opens these"
    left = {item: (opened[item], ended[item]) for item in wanted if opened[item] != ended[item]}
    assert not left, f"opened and done: {left}"
    assert decided == ANSWERED

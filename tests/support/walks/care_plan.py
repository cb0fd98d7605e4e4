"""What the rules of care_plan look at: visits, plans, procedures, warnings, doses, lists, the team, other records."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx

from backbone.ids import ROOT, derive
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from schemas.referral.v1.patient import PatientsMerged
from schemas.referral.v1.referral import ReferralAccepted
from schemas.scheduling.v1.appointment import PatientDidNotAttend
from services.care_plan.service import SERVICE
from tests.support.feed import PATIENT, REFERRAL
from tests.support.resting import exercises_too_soon
from tests.support.treating import Rooms, is_looked_at_again, is_on_warfarin, is_treated
from tests.support.walks.ends import OF_CARE
from tests.support.walks.goals import GOALS
from tests.support.walks.kidneys import has_kidneys
from tests.support.ward import (
    COORDINATOR,
    EXERCISE,
    GOAL,
    HERS,
    OTHER_PATIENT,
    OTHER_REFERRAL,
    OTHER_VISIT,
    PHYSICIAN,
    PHYSIOTHERAPIST,
    SEEN_TO,
    THEIRS,
    VISIT,
    Ward,
)

AT_RISK = (*[0] * 8, 1)
NOBODYS = derive(ROOT, "nobody's")
PLAN: dict[str, Any] = {"goals": [GOAL], "activities": [EXERCISE]}
CALL: dict[str, Any] = {"kind": "welfare", "result": "reached"}
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


async def names_what_is_there_and_what_is_not(ward: Ward) -> None:
    """Referral, visit, consultation, activity: one's own, and one that nobody knows."""
    request: dict[str, Any] = {"occasion": "review", "instruments": ["peg"], "due_on": "2027-03-01"}
    held = await ward.asks("/consultations", appointment_id=VISIT, kind="initial")
    for path, body in (("/plans", PLAN), ("/measure-requests", request), ("/contacts", CALL)):
        await ward.tries(path, **body, **HERS | {"referral_id": NOBODYS})
        await ward.asks(path, **body, **HERS)
    for consultation in (NOBODYS, held["consultation_id"]):
        await ward.tries("/plans", **PLAN, **HERS, consultation_id=consultation)
    for visit in (NOBODYS, VISIT):
        await ward.tries("/measure-requests", **request, **HERS, appointment_id=visit)
    for about in (NOBODYS, VISIT, OTHER_VISIT):
        await ward.tries("/contacts", **CALL, **HERS, about=about)
    later = derive(ROOT, "a review")
    await ward.book(later, "review", on="2027-03-02 10:00")
    await ward.asks("/consultations", appointment_id=later, kind="review")
    plan = await ward.plan()
    for replaced in (NOBODYS, plan["activity_ids"][0]):
        change = {"reason": "Instead.", "activities_add": [{**EXERCISE, "replaces": replaced}]}
        await update(ward, plan["plan_id"], change)


async def update(ward: Ward, plan_id: str, change: dict[str, Any]) -> httpx.Response:
    path = f"/plans/{plan_id}"
    version = (await ward.reads(path)).headers["etag"]
    return await ward.clinic.request(
        "PATCH", SERVICE.name, path, PHYSICIAN, json=change, headers={"if-match": version}
    )


async def hurts(ward: Ward) -> None:
    """Measured before and after, and better; at risk all along; discharged at last."""
    await listed(ward, "40")
    await missed(ward)
    await ward.answered("baseline", peg=[8] * 3)
    plan = await ward.plan(activities=[EXERCISE, {**EXERCISE, "kind": "hydrotherapy"}])
    await ward.clinic.at("2027-03-20 09:00")
    for total in (5, 4):
        await ward.answered("review", peg=[total] * 3)
        await ward.clinic.at("2027-04-20 09:00")
    await sessions(ward, plan["activity_ids"][0])
    level = [{"goal_id": plan["goal_ids"][0], "level": 2}]
    path = f"/plans/{plan['plan_id']}"
    going_on: dict[str, Any] = {"result": "continue", "next_review": "2027-06-20", "goals": level}
    await ward.asks(f"{path}/review", **going_on)
    await ward.answered("review", phq9=AT_RISK)
    await ward.asks(f"{path}/review", **going_on)
    await ward.clinic.at("2027-06-10 09:00")
    await leave(ward, path)
    await ward.asks(f"{path}/pifu")
    await ward.asks(f"/pifu/{plan['plan_id']}/use")


async def is_well(ward: Ward) -> None:
    """The same without measures and without risk."""
    await missed(ward)
    plan = await ward.plan()
    await sessions(ward, plan["activity_ids"][0])
    path = f"/plans/{plan['plan_id']}"
    level = [{"goal_id": plan["goal_ids"][0], "level": -1}]
    await ward.asks(f"{path}/review", result="continue", next_review="2027-06-20", goals=level)
    await ward.clinic.at("2027-06-10 09:00")
    await ward.answered("review", peg=[4] * 3)
    await leave(ward, path)
    other = await ward.plan(active=True, **THEIRS)
    await leave(ward, f"/plans/{other['plan_id']}")
    await ward.asks(f"/plans/{other['plan_id']}/pifu")
    await ward.asks(f"/pifu/{other['plan_id']}/use")
    third = await ward.plan(goals=[{**GOAL, "weight": 0}], activities=[{**EXERCISE, "again": True}])
    level = [{"goal_id": third["goal_ids"][0], "level": 0}]
    path = f"/plans/{third['plan_id']}"
    await ward.asks(f"{path}/review", result="continue", next_review="2027-09-20", goals=level)
    await ward.answered("review", phq9=AT_RISK)


async def has_two_records(ward: Ward) -> None:
    """A dose, a taper and an alert of whoever was known under two ids."""
    merged = PatientsMerged(surviving_id=OTHER_PATIENT, merged_id=PATIENT)
    for record in (PATIENT, OTHER_PATIENT):
        await ward.feed.tell(merged, aggregate=record, patient=record)
    await listed(ward, "40")
    await agree(ward, "150")
    await listed(ward, "40", OTHER_PATIENT, OTHER_REFERRAL)
    lower = [{"on": "2027-02-25", "mme": "60"}]
    await ward.refuses(f"/patients/{OTHER_PATIENT}/taper/start", agreed=True, steps=lower)
    await leave(ward, f"/plans/{(await ward.plan())['plan_id']}")
    await ward.answered("review", phq9=AT_RISK)


async def goes_before_the_team(ward: Ward) -> None:
    ids = await ward.in_session()
    case, team = f"/mdt/cases/{ids['case']}", {"attendees": [], "summary": "A programme."}
    action = {"owner_queue": "medical", "due_on": "2027-02-26", "text": "Activate the plan."}
    said: dict[str, Any] = {**team, "decision": "programme", "actions": [action]}
    await ward.tries(f"{case}/decide", **said, meeting_id=NOBODYS)
    for pair in ({**HERS, "referral_id": NOBODYS}, {**HERS, "referral_id": OTHER_REFERRAL}, HERS):
        await ward.tries("/mdt/cases", **pair, question="Is surgery still open?")
        await ward.tries("/investigations", **pair, kind="mri")
    later = await ward.asks("/mdt/meetings", COORDINATOR, start="2027-03-04T18:00:00Z")
    await ward.asks(f"{case}/defer", COORDINATOR, reason="no_time")
    for meeting in (NOBODYS, ids["meeting"]):
        await ward.tries(f"{case}/list", COORDINATOR, meeting_id=meeting, prep_queues=["medical"])
    for following in (NOBODYS, later["meeting_id"]):
        await ward.tries(f"{case}/defer", COORDINATOR, reason="no_time", next_meeting_id=following)
    await ward.asks(f"/mdt/meetings/{later['meeting_id']}/open")
    waived = ward.clinic.staff("maya.stein")
    await ward.asks(f"{case}/decide", **said, meeting_id=later["meeting_id"], quorum_waived_by=waived)


ACCEPTED = ReferralAccepted(category="cat_2", target_date=date(2027, 5, 2), decided_by=NOBODYS)
DONE = {
    "naloxone_offer": "ordered",
    "toxicology": "unexpected",
    "registry_check": "as_expected",
    "treatment_agreement": "signed",
    "unexpected_finding": "explained",
    "oud_assessment": "treatment_arranged",
}
"""What came of an opioid check; of every other one: it goes on."""


async def takes_opioids(ward: Ward) -> None:
    """More and more of them, without getting better: every check that follows is done, and those that recur again."""
    await ward.answered("baseline", peg=[8] * 3)
    await listed(ward, "10")
    await ward.feed.tell(ACCEPTED, patient=PATIENT, referral=REFERRAL)
    await consulted(ward)
    await listed(ward, "40")
    await ward.answered("review", peg=[8] * 3)
    await do_checks(ward)
    await ward.clinic.at("2027-06-20 09:00")
    await do_checks(ward)


async def takes_fewer_and_fewer(ward: Ward) -> None:
    """A taper that begins before the first consultation, and a second one; without getting better."""
    await ward.answered("baseline", peg=[8] * 3)
    await listed(ward, "40")
    await ward.feed.tell(ACCEPTED, patient=PATIENT, referral=REFERRAL)
    taper = f"/patients/{PATIENT}/taper"
    for lower in ("150", "120"):
        await agree(ward, lower)
        await ward.asks(f"{taper}/steps", mme=lower)
        if lower == "150":
            await consulted(ward)
            await ward.answered("review", peg=[8] * 3)
            await do_checks(ward)
            await ward.asks(f"{taper}/end", reason="paused")


async def agree(ward: Ward, lower: str) -> None:
    steps = [{"on": "2027-02-25", "mme": lower}]
    await ward.asks(f"/patients/{PATIENT}/taper/start", agreed=True, steps=steps)


async def consulted(ward: Ward) -> None:
    held = (await ward.asks("/consultations", appointment_id=VISIT, kind="initial"))["consultation_id"]
    items = ward.clinic.system.workers[SERVICE.name].runtime.rules.care_plan.checklist.values.items
    checklist = {item: {"answer": "asked"} for item in items}
    outcome: dict[str, Any] = {"outcome": "PIFU", "diagnoses": [{"system": "ICD-11", "code": "MG30.02"}]}
    await ward.asks(f"/consultations/{held}/complete", checklist=checklist, **outcome)


async def do_checks(ward: Ward) -> None:
    """Also those that what comes of one asks for."""
    while left := told(ward, "opioid_check_fell_due").keys() - told(ward, "opioid_check_recorded").keys():
        for each in [told(ward, "opioid_check_fell_due")[one] for one in sorted(left)]:
            path = f"/referrals/{REFERRAL}/opioid-checks/{each['check_id']}/record"
            await ward.asks(path, result=DONE.get(each["check"], "continued"), criteria=2)


def told(ward: Ward, name: str) -> dict[str, Any]:
    """By check."""
    found = (fact.fact for fact in ward.clinic.facts("care_plan") if fact.name == name)
    return {each["check_id"]: each for each in found}


async def listed(ward: Ward, dose: str, patient: str = PATIENT, referral: str = REFERRAL) -> None:
    """Oxycodone, three times a day."""
    drug: dict[str, Any] = {
        "code": "7804",
        "code_system": RXNORM,
        "dose": dose,
        "dose_unit": "mg",
        "per_day": "3",
    }
    item = MedicationItem(**drug, route="oral", as_needed=False)
    await ward.feed.tell(MedicationsListed(items=(item,), complete=True), patient=patient, referral=referral)


async def missed(ward: Ward) -> None:
    """The first visit."""
    about: dict[str, Any] = {"purpose": "initial_consultation", "reason": "UNKNOWN", "exemptions": ()}
    counted: dict[str, Any] = {"version": 1, "reminders_delivered": 2, "counts": True, "dna_count": 1}
    fact = PatientDidNotAttend(**about, **counted)
    await ward.feed.tell(fact, aggregate=VISIT, patient=PATIENT, referral=REFERRAL)


async def sessions(ward: Ward, activity: str) -> None:
    """As many as MOD-01 expects an effect by; the first at an appointment, or at one that nobody knows."""
    path, first = f"/activities/{activity}", derive(activity, "session")
    await ward.asks(f"{path}/accept", PHYSIOTHERAPIST)
    await ward.book(first, "session", on="2027-04-21 10:00")
    for visit in (NOBODYS, first):
        await ward.tries(f"{path}/sessions", PHYSIOTHERAPIST, appointment_id=visit)
    for _ in range(5):
        await ward.asks(f"{path}/sessions", PHYSIOTHERAPIST)


async def leave(ward: Ward, path: str) -> None:
    await ward.asks(f"{path}/review", result="discharge", checklist=SEEN_TO)
    await ward.tries(f"{path}/discharge", reason="COMPLETED_GOALS")
    await ward.asks(f"{path}/discharge/decline", reason="not_ready")


def of_ward(play: Callable[[Ward], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def played() -> None:
        await play(await Ward().open())

    return played


async def has_procedures() -> None:
    await is_treated(await Rooms().begin())
    await is_looked_at_again(await Rooms().begin())
    await is_on_warfarin(await Rooms().begin())


PLAYS = (
    *(
        of_ward(play)
        for play in (
            names_what_is_there_and_what_is_not,
            hurts,
            is_well,
            has_two_records,
            goes_before_the_team,
            takes_opioids,
            takes_fewer_and_fewer,
            exercises_too_soon,
            has_kidneys,
            *(*GOALS, *OF_CARE),
        )
    ),
    has_procedures,
)

"""What a request names belongs to the patient that it is about, and who is named works here and is able to."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from tests.support.feed import REFERRAL
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
    THEIRS,
    VISIT,
    Ward,
)

NOBODYS = derive(ROOT, "nobody's")
PLAN: dict[str, Any] = {"goals": [GOAL], "activities": [EXERCISE]}
ASKED: dict[str, Any] = {"occasion": "baseline", "instruments": ["phq9"], "due_on": "2027-03-01"}
CALL = {"kind": "welfare", "result": "reached"}


@pytest.fixture
async def ward() -> Ward:
    return await Ward().open()


@pytest.mark.parametrize(
    ("path", "body"), [("/plans", PLAN), ("/measure-requests", ASKED), ("/contacts", CALL)]
)
async def test_what_is_begun_under_a_referral_is_for_its_patient(ward: Ward, path: str, body: dict) -> None:
    mixed = {**HERS, "patient_id": OTHER_PATIENT}
    assert await ward.refuses(path, **body, **mixed) == "another-patient"
    assert await ward.refuses(path, **body, **{**HERS, "referral_id": NOBODYS}) == "unknown-referral"
    await ward.asks(path, **body, **HERS)


async def test_a_plan_follows_from_a_consultation_of_its_referral(ward: Ward) -> None:
    held = await ward.asks("/consultations", appointment_id=VISIT, kind="initial")
    assert await ward.refuses("/plans", **PLAN, **THEIRS, **held) == "unknown-consultation"
    made_up = {"consultation_id": NOBODYS}
    assert await ward.refuses("/plans", **PLAN, **HERS, **made_up) == "unknown-consultation"
    await ward.asks("/plans", **PLAN, **HERS, **held)


async def test_measures_are_asked_for_before_the_patients_own_appointment(ward: Ward) -> None:
    path = "/measure-requests"
    assert await ward.refuses(path, **ASKED, **HERS, appointment_id=OTHER_VISIT) == "another-patient"
    assert await ward.refuses(path, **ASKED, **HERS, appointment_id=NOBODYS) == "unknown-appointment"
    await ward.asks(path, **ASKED, **HERS, appointment_id=VISIT)


async def test_a_contact_is_about_what_is_the_patients(ward: Ward) -> None:
    assert await ward.refuses("/contacts", **CALL, **HERS, about=OTHER_VISIT) == "another-patient"
    await ward.asks("/contacts", **CALL, **HERS, about=VISIT)
    await ward.asks("/contacts", **CALL, **HERS, about=NOBODYS)
    assert await ward.refuses("/contacts", **CALL, **THEIRS, about=NOBODYS) == "another-patient"


async def test_a_session_is_held_at_an_appointment_of_the_patient(ward: Ward) -> None:
    [activity] = (await ward.plan())["activity_ids"]
    path = f"/activities/{activity}/sessions"
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    own = derive(ROOT, "session 1")
    await ward.book(own, "session")
    assert await ward.refuses(path, PHYSIOTHERAPIST, appointment_id=OTHER_VISIT) == "another-patient"
    assert await ward.refuses(path, PHYSIOTHERAPIST, appointment_id=NOBODYS) == "unknown-appointment"
    await ward.asks(path, PHYSIOTHERAPIST, appointment_id=own)


async def test_a_review_assesses_goals_of_its_own_plan(ward: Ward) -> None:
    plan, other = await ward.plan(), await ward.plan(active=True, **THEIRS)
    said = {"result": "continue", "next_review": "2027-05-20"}
    path = f"/plans/{plan['plan_id']}/review"
    level = {"goal_id": other["goal_ids"][0], "level": 1}
    assert await ward.refuses(path, **said, goals=[level]) == "unknown-goal"
    await ward.asks(path, **said, goals=[{**level, "goal_id": plan["goal_ids"][0]}])


async def test_an_activity_replaces_one_of_its_own_plan(ward: Ward) -> None:
    other = await ward.plan(active=True, **THEIRS)
    for replaced in (other["activity_ids"][0], NOBODYS):
        drafted = await ward.plan(active=False, activities=[{**EXERCISE, "replaces": replaced}])
        path = f"/plans/{drafted['plan_id']}/activate"
        assert await ward.refuses(path, patient_agreement=True) == "unknown-activity"


async def test_a_plan_is_led_by_a_physician_of_the_staff_directory(ward: Ward) -> None:
    drafted = await ward.plan(active=False)
    path, staff = f"/plans/{drafted['plan_id']}/activate", ward.clinic.staff
    for lead in (NOBODYS, staff(PHYSIOTHERAPIST), staff(COORDINATOR)):
        assert await ward.refuses(path, patient_agreement=True, lead_id=lead) == "unknown-person"
    await ward.asks(path, patient_agreement=True, lead_id=staff("maya.stein"))


async def test_the_team_decides_in_the_presence_of_people_who_are_who_they_are(ward: Ward) -> None:
    ids, staff = await ward.in_session(), ward.clinic.staff
    path = f"/mdt/cases/{ids['case']}/decide"
    action = {"owner_queue": "medical", "due_on": "2027-02-26", "text": "Activate the plan."}
    said: dict[str, Any] = {"meeting_id": ids["meeting"], "decision": "programme", "summary": "A programme."}
    team = [staff(who) for who in (PHYSICIAN, PHYSIOTHERAPIST, "priya.nair", COORDINATOR)]
    said |= {"attendees": team, "actions": [action]}
    for wrong, code in (
        ({"attendees": [staff(COORDINATOR)]}, "no-quorum"),
        ({"attendees": [*team, NOBODYS]}, "unknown-person"),
        ({"attendees": team[1:], "quorum_waived_by": NOBODYS}, "unknown-person"),
        ({"attendees": team[1:], "quorum_waived_by": staff(PHYSIOTHERAPIST)}, "unknown-person"),
        ({"actions": [{**action, "owner_id": staff(PHYSIOTHERAPIST)}]}, "unknown-person"),
        ({"actions": [{**action, "owner_id": NOBODYS}]}, "unknown-person"),
        ({"actions": [{**action, "due_on": "2020-01-01"}]}, "due-in-the-past"),
    ):
        assert await ward.refuses(path, **said | wrong) == code
    assert (await ward.tries(path, COORDINATOR, **said)).status_code == 403
    await ward.asks(path, **said)
    fact = ward.last("mdt_decision_recorded").fact
    assert fact["decided_by"] == staff(PHYSICIAN)
    assert fact["quorum_met"] and set(fact["attendees"]) > {"physician", "physiotherapist", "psychologist"}
    [task] = fact["actions"]
    path = f"/mdt/actions/{task['action_id']}/reassign"
    for owner in (NOBODYS, staff(PHYSIOTHERAPIST)):
        assert await ward.refuses(path, COORDINATOR, owner_id=owner) == "unknown-person"
    await ward.asks(path, COORDINATOR, owner_id=staff("maya.stein"))


async def test_a_case_is_put_off_to_a_meeting_that_takes_it(ward: Ward) -> None:
    ids = await ward.in_session()
    path = f"/mdt/cases/{ids['case']}/defer"
    off = {"reason": "no_time", "next_meeting_id": NOBODYS}
    assert await ward.refuses(path, COORDINATOR, **off) == "other-meeting"


async def test_the_cases_of_a_cancelled_meeting_wait_for_the_next_one(ward: Ward) -> None:
    ids = await ward.in_session()
    made = await ward.asks("/mdt/meetings", COORDINATOR, start="2027-03-04T18:00:00Z")
    await ward.asks(f"/mdt/cases/{ids['case']}/defer", COORDINATOR, reason="no_time")
    await ward.asks(f"/mdt/cases/{ids['case']}/list", COORDINATOR, **made, prep_queues=["medical"])
    await ward.asks(f"/mdt/meetings/{made['meeting_id']}/cancel", COORDINATOR, reason="holiday")
    deferred = ward.last("mdt_case_deferred")
    assert (deferred.subject, deferred.fact["meeting_id"]) == (ids["case"], made["meeting_id"])
    again = {"meeting_id": ids["meeting"], "prep_queues": ["medical"]}
    await ward.asks(f"/mdt/cases/{ids['case']}/list", COORDINATOR, **again)


async def test_a_positive_answer_is_the_patients_alert_and_counts_for_what_is_decided_later(
    ward: Ward,
) -> None:
    asked = await ward.asks("/measure-requests", **ASKED, **HERS)
    path = f"/measure-requests/{asked['request_id']}/answers"
    told = await ward.asks(path, answers={"phq9": [1] * 8 + [2]})
    assert told["crisis"]["call_now"]
    alert = ward.last("safety_alert_raised")
    assert (alert.fact["queue"], alert.fact["severity"]) == ("psychology", "same_day")
    taken = await ward.asks(f"/safety-alerts/{alert.subject}/acknowledge")
    assert {name: taken[name] for name in HERS} == HERS
    await ward.plan()
    assert ward.last("plan_activated").fact["high_risk"] is True


async def test_what_nobody_should_have_drafted_is_marked_by_the_registrar(ward: Ward) -> None:
    plan = await ward.plan()
    path, why = f"/plans/{plan['plan_id']}/mark-in-error", {"reason": "wrong_patient"}
    assert (await ward.tries(path, PHYSICIAN, **why)).status_code == 403
    marked = await ward.asks(path, "ines.park", **why)
    assert (marked["status"], marked["referral_id"]) == ("entered-in-error", REFERRAL)
    assert OTHER_REFERRAL != REFERRAL

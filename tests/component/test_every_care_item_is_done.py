"""Every type of item of care plans, measures, the team and alerts is opened, and done, by what people really do."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from services.care_plan.service import SERVICE as CARE_PLAN
from services.worklist.catalogue.decide.care_plan import CARE_PLAN_ROWS
from services.worklist.catalogue.decide.mdt import MDT_ROWS
from services.worklist.catalogue.decide.measures import MEASURE_ROWS
from services.worklist.catalogue.decide.procedures import PROCEDURE_ROWS
from services.worklist.service import SERVICE as WORKLIST
from tests.support.configuring import change, copied
from tests.support.feed import PATIENT
from tests.support.journeys.journey_1 import START, play_journey_1
from tests.support.memory_clinic import MemoryClinic
from tests.support.proposals import Pair, answered
from tests.support.resting import clashing
from tests.support.services import ALL
from tests.support.told import Told
from tests.support.treating import ABLATION, Rooms, called
from tests.support.walks.care_plan import do_checks, takes_opioids, update
from tests.support.ward import EXERCISE, HERS, LEAVING, PHYSIOTHERAPIST, SEEN_TO, VISIT, Ward, session_missed

pytestmark = pytest.mark.wide

OUTCOME: dict[str, Any] = {"diagnoses": [{"system": "ICD-11", "code": "MG30.02"}]}


async def a_ward() -> Ward:
    return await Ward(beside=(WORKLIST,)).open()


async def consulted(ward: Ward, outcome: str) -> str:
    """The first visit, with its letter."""
    items = ward.clinic.system.workers[CARE_PLAN.name].runtime.rules.care_plan.checklist.values.items
    held = (await ward.asks("/consultations", appointment_id=VISIT, kind="initial"))["consultation_id"]
    checklist = {item: {"answer": "asked"} for item in items}
    await ward.asks(f"/consultations/{held}/complete", outcome=outcome, checklist=checklist, **OUTCOME)
    letter: dict[str, Any] = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
    await ward.asks(f"/consultations/{held}/letter/sign", **letter)
    return str(held)


async def investigated() -> MemoryClinic:
    ward = await a_ward()
    held = await consulted(ward, "FURTHER_INVESTIGATION")
    made = await ward.asks("/investigations", **HERS, kind="mri")
    path = f"/investigations/{made['investigation_id']}"
    await ward.asks(f"{path}/not-done", reason="cancelled_elsewhere")
    await ward.asks(f"{path}/again")
    await ward.asks(f"{path}/report")
    await ward.asks(f"{path}/read", result="no_finding")
    await ward.asks(f"/consultations/{held}/investigation-result", result="no_finding")
    return ward.clinic


async def handed_over() -> MemoryClinic:
    """A plan whose lead goes on leave."""
    ward = await a_ward()
    plan = f"/plans/{(await ward.plan())['plan_id']}"
    await ward.asks(f"{plan}/handover", to_id=ward.clinic.staff("maya.stein"), reason="absence")
    await ward.asks(f"{plan}/handover/accept", "maya.stein")
    await ward.asks(f"{plan}/revoke", reason="patient_declined")
    return ward.clinic


async def late_with_the_plan() -> MemoryClinic:
    """Nobody drafts a plan for weeks."""
    ward = await a_ward()
    await consulted(ward, "MEDICATION_REVIEW")
    await ward.clinic.at("2027-05-10 12:00")
    [plan] = [(await ward.plan(active=False))["plan_id"]]
    await ward.asks(f"/plans/{plan}/revoke", reason="patient_declined")
    return ward.clinic


async def declined_and_missed() -> MemoryClinic:
    """One activity is declined and replaced, of the other two sessions are missed."""
    ward = await a_ward()
    plan = await ward.plan(activities=[EXERCISE, {**EXERCISE, "kind": "hydrotherapy"}])
    first, second = plan["activity_ids"]
    await ward.asks(f"/activities/{first}/question", PHYSIOTHERAPIST, whom="medical", what="risks")
    await ward.asks(f"/activities/{first}/question/end", result="failed")
    await ward.asks(f"/activities/{first}/decline", PHYSIOTHERAPIST, reason="no_capacity")
    await ward.asks(f"/activities/{second}/accept", PHYSIOTHERAPIST)
    change = {"reason": "Instead.", "activities_add": [{**EXERCISE, "replaces": first}]}
    await update(ward, plan["plan_id"], change)
    third = ward.last("activity_ordered").fact["activity_id"]
    await ward.asks(f"/activities/{third}/accept", PHYSIOTHERAPIST)
    for number in (1, 2):
        await ward.feed.tell(session_missed(second), aggregate=derive(ROOT, f"session {number}"))
    await ward.asks(f"/activities/{second}/review", PHYSIOTHERAPIST, decision="continue")
    return ward.clinic


async def worse() -> MemoryClinic:
    """Answers that are severe, worse, late or dangerous: somebody looks at each."""
    ward = await a_ward()
    await answers(ward, "baseline", peg=[3, 3, 3], phq9=[1] * 8 + [0])
    await answers(ward, "review", peg=[9, 9, 9], phq9=[3] * 8 + [1])
    await answers(ward, "review", ort_oud=[1] * 9)
    await answers(ward, "review", pcs=[4] * 13)
    mistaken = [each.fact for each in scores(ward) if each.fact["instrument"] == "pcs"]
    for fact in mistaken:
        await ward.asks(f"/measure-requests/{fact['request_id']}/scores/pcs/in-error", reason="misheard")
        path = f"/findings/{fact['submission_id']}/score_in_error/review"
        await ward.asks(path, decision="looked_at")
    for scored in scores(ward):
        for finding in scored.fact["findings"] if scored.fact not in mistaken else ():
            path = f"/findings/{scored.fact['submission_id']}/{finding}/review"
            await ward.asks(path, decision="looked_at")
    case = f"/mdt/cases/{ward.last('mdt_case_requested').subject}"
    await ward.asks(f"{case}/withdraw", "cora.lind", reason="not_needed")
    alert = f"/safety-alerts/{ward.last('safety_alert_raised').subject}"
    await ward.asks(f"{alert}/assess", result="no_imminent_risk", note="Spoke with the patient.")
    await ward.asks(f"{alert}/close")
    due: dict[str, Any] = {"occasion": "review", "instruments": ["peg"], "due_on": "2027-03-10"}
    request = (await ward.asks("/measure-requests", **due, **HERS))["request_id"]
    await ward.clinic.at("2027-03-09 12:00")
    await ward.asks(f"/measure-requests/{request}/answers", answers={"peg": [2, 2, 2]})
    return ward.clinic


def scores(ward: Ward) -> Iterable[Told]:
    return [fact for fact in ward.clinic.facts("care_plan") if fact.name == "measure_scored"]


async def answers(ward: Ward, occasion: str, **said: list[int]) -> None:
    asked: dict[str, Any] = {"occasion": occasion, "instruments": [*said], "due_on": "2027-02-26"}
    request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
    await ward.asks(f"/measure-requests/{request}/answers", answers=said)


async def left_the_door_open() -> MemoryClinic:
    """Follow-up on the patient's initiative, which runs out."""
    ward = await a_ward()
    plan = (await ward.plan())["plan_id"]
    accepted = ward.last("activity_ordered").fact["activity_id"]
    await ward.asks(f"/activities/{accepted}/accept", PHYSIOTHERAPIST)
    await ward.asks(f"/plans/{plan}/review", result="discharge", checklist=SEEN_TO)
    await ward.clinic.at("2027-02-25 14:00")
    await ward.asks(f"/plans/{plan}/pifu")
    await ward.clinic.at("2028-06-01 12:00")
    letter: dict[str, Any] = {"audience": ["patient"], "text": "Dear colleague"}
    await ward.asks(f"/plans/{plan}/discharge/letter/sign", **letter)
    await ward.asks(f"/plans/{plan}/discharge", **LEAVING)
    return ward.clinic


async def sent_in_error() -> MemoryClinic:
    """The letter after the first visit went to another practice."""
    ward = await a_ward()
    await consulted(ward, "FURTHER_INVESTIGATION")
    path = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    await ward.asks(f"{path}/recall", "cora.lind", reason="wrong_recipient", note="Another practice.")
    held = ward.last("consultation_completed").subject
    await ward.asks(f"/consultations/{held}/investigation-result", result="no_finding")
    await ward.asks(f"{path}/recall-review", "ada.voss", result="destroyed")
    return ward.clinic


async def on_opioids() -> MemoryClinic:
    """Every check that a dose asks for; the unexpected finding is an alert as well, and so is its fall."""
    ward = await a_ward()
    await takes_opioids(ward)
    await ward.asks(f"/patients/{PATIENT}/opioid-exposure", has_buprenorphine=False)
    for raised in [fact for fact in ward.clinic.facts() if fact.name == "safety_alert_raised"]:
        await ward.asks(f"/safety-alerts/{raised.subject}/assess", result="false_trigger", note="Explained.")
        await ward.asks(f"/safety-alerts/{raised.subject}/close")
    held = ward.last("consultation_completed").subject
    said: dict[str, Any] = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
    await ward.asks(f"/consultations/{held}/letter/sign", **said)
    await do_checks(ward)
    return ward.clinic


async def treated() -> MemoryClinic:
    """An ablation without its blocks: refused, then granted; done, called about twice, and judged."""
    rooms = await Rooms().begin()
    ablation = await rooms.order(ABLATION)
    path = f"/overrides/{rooms.last('override_requested').subject}/decide"
    await rooms.asks(path, granted=False, reason="not_justified")
    await rooms.asks(f"/procedures/{ablation}/cancel", reason="patient_declined")
    again = await rooms.order(ABLATION)
    path = f"/overrides/{rooms.last('override_requested').subject}/decide"
    await rooms.asks(path, granted=True, reason="clinical_need")
    await rooms.done(again, "2027-03-10 10:00", "an ablation")
    await rooms.clinic.at("2027-03-11 11:00")
    for kind in ("post_procedure_24_72h", "post_procedure_2w"):
        await called(rooms, again, kind)
    await rooms.brought(again, 60)
    accepted = rooms.last("activity_ordered").fact["activity_id"]
    await rooms.asks(f"/activities/{accepted}/accept", PHYSIOTHERAPIST)
    return rooms.clinic


async def in_each_others_way() -> MemoryClinic:
    """Exercise in the days of rest after a procedure; and a clinic that calls once a month."""
    with TemporaryDirectory() as settings:
        folder = copied(Path(settings))
        change(folder / "care_plan.toml", "on = false\nday_of_month", "on = true\nday_of_month")
        ward = await Ward(beside=(WORKLIST,), folder=folder).open()
    plan = await ward.plan()
    [activity] = plan["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    path = f"/conflicts/{await clashing(ward, activity)}"
    await ward.asks(f"{path}/accept", PHYSIOTHERAPIST)
    await ward.clinic.at("2027-03-02 12:00")
    due = ward.last("contact_fell_due").subject
    await ward.asks("/contacts", "nora.quinn", **HERS, kind="monthly", result="reached", about=due)
    return ward.clinic


async def a_journey() -> MemoryClinic:
    clinic = MemoryClinic(START, ALL, {})
    await play_journey_1(clinic)
    return clinic


SCRIPTS = (
    investigated,
    handed_over,
    late_with_the_plan,
    declined_and_missed,
    worse,
    left_the_door_open,
    sent_in_error,
    on_opioids,
    treated,
    in_each_others_way,
    a_journey,
)


ANSWERED: set[Pair] = {
    ("measure_scored", "finding_reviewed", "taken"),
    ("measure_scored", "measure_entered_in_error", "other"),
    ("safety_alert_raised", "safety_alert_assessed", "taken"),
    ("activity_review_fell_due", "activity_reviewed", "taken"),
    ("plan_review_fell_due", "plan_reviewed", "taken"),
    ("discharge_proposed", "patient_discharged", "taken"),
    ("opioid_check_fell_due", "opioid_check_recorded", "taken"),
    ("safety_alert_raised", "safety_alert_assessed", "declined"),
    ("pifu_expired", "patient_discharged", "taken"),
    ("override_requested", "override_recorded", "declined"),
    ("override_requested", "override_recorded", "taken"),
    ("conflict_detected", "conflict_resolved", "declined"),
    ("mdt_case_requested", "mdt_case_withdrawn", "declined"),
}
"""Proposals of software, and what a person decided (PRV-26)."""


async def test_every_type_of_item_of_care_is_opened_and_done() -> None:
    opened, ended, decided = Counter[str](), Counter[str](), set[Pair]()
    for script in SCRIPTS:
        clinic = await script()
        decided |= answered(clinic.facts("care_plan"))
        for fact in clinic.facts("worklist"):
            if fact.name in ("item_opened", "item_reopened"):
                opened[fact.fact["item_type"]] += 1
            ended[fact.fact.get("item_type", "")] += fact.name == "item_completed"
    wanted = {row.item for row in (*CARE_PLAN_ROWS, *MEASURE_ROWS, *MDT_ROWS, *PROCEDURE_ROWS)}
    assert wanted - opened.keys() == set(), "no script opens these"
    left = {item: (opened[item], ended[item]) for item in wanted if opened[item] != ended[item]}
    assert not left, f"opened and done: {left}"
    assert decided == ANSWERED

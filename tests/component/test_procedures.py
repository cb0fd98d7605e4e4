"""A procedure from its order to what it brought, by commands alone: exceptions, dates, calls afterwards, repeats."""

from datetime import datetime
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.referral.v1.patient import PatientsMerged
from schemas.scheduling.v1.appointment import AppointmentCancelled
from services.scheduling.service import SERVICE as SCHEDULING
from tests.support.feed import PATIENT
from tests.support.told import at_clinic
from tests.support.treating import ABLATION, BLOCK, NURSE, Rooms, called, move
from tests.support.walks.care_plan import update
from tests.support.ward import EXERCISE, GOAL, HERS, THEIRS


@pytest.fixture
async def rooms() -> Rooms:
    return await Rooms().begin()


async def test_a_block_is_ordered_done_followed_and_judged(rooms: Rooms) -> None:
    block = await rooms.order(BLOCK)
    assert rooms.asked() == []
    await rooms.done(block, "2027-03-10 10:00", "a block")
    nursing, medical = rooms.items("nursing"), rooms.items("medical")
    due = [
        datetime.fromisoformat(nursing[name]["due_at"]) for name in ("POST_PROC_CALL_1", "POST_PROC_CALL_2")
    ]
    assert due == [at_clinic("2027-03-13 10:30"), at_clinic("2027-03-24 10:30")]
    assert datetime.fromisoformat(medical["PROC_OUTCOME"]["due_at"]) == due[1]
    await rooms.clinic.at("2027-03-11 11:00")
    await called(rooms, block, "post_procedure_24_72h")
    assert (rooms.has("POST_PROC_CALL_1"), rooms.has("POST_PROC_CALL_2")) == (0, 1)
    await called(rooms, block, "post_procedure_2w")
    assert rooms.has("POST_PROC_CALL_2") == 0
    await rooms.brought(block, 85)
    assert rooms.has("PROC_OUTCOME") == 0
    assert rooms.last("procedure_outcome_recorded").fact["qualifies"] is True


async def test_a_call_about_one_procedure_ends_no_work_about_another(rooms: Rooms) -> None:
    right, left = await rooms.order(BLOCK), await rooms.order(BLOCK, side="left")
    await rooms.done(right, "2027-03-10 10:00", "right")
    await rooms.done(left, "2027-03-10 11:00", "left")
    await rooms.clinic.at("2027-03-11 12:00")
    await called(rooms, right, "post_procedure_24_72h")
    assert rooms.has("POST_PROC_CALL_1") == 1
    await called(rooms, None, "post_procedure_24_72h")
    await called(rooms, left, "welfare")
    await called(rooms, left, "post_procedure_24_72h", result="not_reached")
    assert rooms.has("POST_PROC_CALL_1") == 1
    await called(rooms, left, "post_procedure_24_72h")
    assert rooms.has("POST_PROC_CALL_1") == 0 and rooms.has("POST_PROC_CALL_2") == 2


async def test_a_first_call_that_comes_too_soon_is_none_but_a_warning_is_always_heard(rooms: Rooms) -> None:
    block = await rooms.order(BLOCK)
    await rooms.done(block, "2027-03-10 10:00", "a block")
    await rooms.clinic.at("2027-03-10 18:00")
    said = {"kind": "post_procedure_24_72h", "result": "spoken", "procedure_id": block, **HERS}
    assert await rooms.refuses("/contacts", NURSE, **said) == "too-soon"
    await rooms.asks("/contacts", NURSE, **said, warnings=["weakness"])
    raised = rooms.last("safety_alert_raised").fact
    assert (raised["code"], raised["severity"], raised["procedure_id"]) == (
        "post_procedure_warning",
        "emergency",
        block,
    )


async def test_a_call_is_about_a_procedure_of_the_patient(rooms: Rooms) -> None:
    block = await rooms.order(BLOCK)
    said = {"kind": "post_procedure_2w", "result": "spoken", "procedure_id": block}
    assert await rooms.refuses("/contacts", NURSE, **said, **HERS) == "not-performed"
    assert await rooms.refuses("/contacts", NURSE, **said, **THEIRS) == "another-patient"
    unknown = said | {"procedure_id": derive(ROOT, "nothing")}
    assert await rooms.refuses("/contacts", NURSE, **unknown, **HERS) == "unknown-procedure"


async def blocks(rooms: Rooms, first: int, second: int) -> None:
    """Two blocks 26 days apart."""
    for on, visit, relief in (("2027-03-10 10:00", "one", first), ("2027-04-05 10:00", "two", second)):
        procedure = await rooms.order(BLOCK)
        await rooms.done(procedure, on, visit)
        await rooms.brought(procedure, relief)


async def test_an_ablation_after_two_blocks_that_helped_asks_nobody(rooms: Rooms) -> None:
    await blocks(rooms, 85, 80)
    await rooms.order(ABLATION)
    assert rooms.asked() == [] and rooms.has("OVERRIDE") == 0
    made = rooms.last("procedure_ordered").fact
    assert (made["sequence_role"], made["met"]) == ("rfa", ["previous_outcome"])


async def test_an_ablation_after_a_block_that_helped_too_little_asks_a_physician(rooms: Rooms) -> None:
    await blocks(rooms, 85, 79)
    ablation = await rooms.order(ABLATION)
    assert rooms.asked() == ["PRC-03"] and rooms.has("OVERRIDE") == 1
    asked = rooms.last("override_requested")
    assert asked.fact["subject_id"] == ablation
    path = f"/overrides/{asked.subject}/decide"
    answer = await rooms.tries(path, NURSE, granted=True, reason="clinical_need")
    assert answer.status_code == 403
    await rooms.asks(path, granted=False, reason="not_justified")
    assert rooms.has("OVERRIDE") == 0
    assert (await rooms.reads(f"/procedures/{ablation}")).json()["status"] == "ordered"
    await rooms.asks(path, granted=True, reason="clinical_need")
    assert [fact.fact["granted"] for fact in rooms.clinic.facts() if fact.name == "override_recorded"] == [
        False,
        True,
    ]


async def test_with_the_procedure_its_question_ends(rooms: Rooms) -> None:
    ablation = await rooms.order(ABLATION)
    assert rooms.has("OVERRIDE") == 1
    await rooms.asks(f"/procedures/{ablation}/cancel", reason="patient_declined")
    assert rooms.last("override_lapsed").fact["override_id"] and rooms.has("OVERRIDE") == 0


async def test_limits_are_asked_again_when_the_date_is_moved(rooms: Rooms) -> None:
    """The same side and level, before and after its six months."""
    await blocks(rooms, 85, 80)
    await rooms.done(await rooms.order(ABLATION), "2027-06-15 10:00", "first")
    await rooms.brought(rooms.last("procedure_performed").subject, 90)
    again = await rooms.order(ABLATION, not_before="2027-12-15")
    assert rooms.asked() == []
    await rooms.date(again, "2027-12-16 10:00", "again")
    await move(rooms, "again", "2027-12-14 10:00", version=2)
    assert rooms.asked() == ["PRC-02"] and rooms.has("OVERRIDE") == 1
    await move(rooms, "again", "2027-12-15 10:00", version=3)
    assert rooms.has("OVERRIDE") == 0, "the question was for another day"
    await move(rooms, "again", "2027-12-13 10:00", version=4)
    assert rooms.asked() == ["PRC-02", "PRC-02"]


async def test_a_repeat_makes_the_missing_outcome_urgent(rooms: Rooms) -> None:
    block = await rooms.order(BLOCK)
    await rooms.done(block, "2027-03-10 10:00", "a block")
    assert rooms.items("medical")["PROC_OUTCOME"]["priority"] == "routine"
    await rooms.order(BLOCK)
    assert rooms.last("procedure_ordered").fact["previous_id"] == block
    assert "previous_outcome" in rooms.last("procedure_ordered").fact["gates"]
    assert rooms.items("medical")["PROC_OUTCOME"]["priority"] == "urgent"
    await rooms.brought(block, 60)
    assert rooms.has("PROC_OUTCOME") == 0


async def test_a_date_that_is_cancelled_leaves_the_order(rooms: Rooms) -> None:
    block = await rooms.order(BLOCK)
    await rooms.date(block, "2027-03-10 10:00", "a block")
    cancelled = AppointmentCancelled(
        version=1, by="clinic", reason="ill", notice_hours=48, counts=False, cna_count=0
    )
    await rooms.feed.tell(cancelled, aggregate=derive(ROOT, "a block"))
    shown = (await rooms.reads(f"/procedures/{block}")).json()
    assert shown["status"] == "ordered" and shown.get("date") is None


async def test_what_was_not_done_ends_with_its_plan(rooms: Rooms) -> None:
    await rooms.order(ABLATION)
    await rooms.asks(f"/plans/{rooms.plan_id}/revoke", reason="patient_declined")
    assert rooms.last("procedure_cancelled").fact["reason"] == "plan_revoked"
    assert rooms.has("OVERRIDE") == 0


async def test_no_activity_is_a_procedure_whichever_way_it_comes(rooms: Rooms) -> None:
    hidden = EXERCISE | {"discipline": "medical", "kind": "procedure"}
    draft: dict[str, Any] = {**HERS, "goals": [GOAL], "activities": [hidden]}
    assert await rooms.refuses("/plans", **draft) == "order-a-procedure"
    answer = await update(rooms, rooms.plan_id, {"reason": "More.", "activities_add": [hidden]})
    assert answer.status_code == 409 and "orders it under the active plan" in answer.json()["detail"]
    assert not [fact for fact in rooms.clinic.facts() if fact.name == "procedure_ordered"]


async def test_the_procedures_of_a_person_are_listed(rooms: Rooms) -> None:
    block = await rooms.order(BLOCK)
    shown = (await rooms.reads(f"/patients/{PATIENT}/procedures")).json()
    assert [each["id"] for each in shown["procedures"]] == [block]
    assert shown["procedures"][0]["order"]["family"] == "mbb_ct"


async def test_what_was_done_under_another_record_of_the_person_counts(rooms: Rooms) -> None:
    await blocks(rooms, 85, 80)
    theirs: dict[str, Any] = THEIRS
    rooms.plan_id = (await rooms.plan(**theirs))["plan_id"]
    await rooms.order(ABLATION)
    assert rooms.asked() == ["PRC-03"], "of somebody else nothing counts"
    merged = PatientsMerged(surviving_id=THEIRS["patient_id"], merged_id=PATIENT)
    for record in (PATIENT, THEIRS["patient_id"]):
        await rooms.feed.tell(merged, aggregate=record, patient=record)
    await rooms.order(ABLATION, again=True)
    assert rooms.asked() == ["PRC-03"]


async def test_nothing_is_booked_before_somebody_has_answered_what_a_limit_asks() -> None:
    rooms = await Rooms(SCHEDULING).begin()
    await rooms.order(ABLATION | {"place": "office"})
    assert rooms.last("booking_requested").fact["purpose"] == "procedure"
    assert "override" in rooms.last("booking_blocked").fact["gate_kinds"]
    path = f"/overrides/{rooms.last('override_requested').subject}/decide"
    await rooms.asks(path, granted=False, reason="not_justified")
    assert rooms.last("gate_failed").fact["kind"] == "override"
    await rooms.asks(path, granted=True, reason="clinical_need")
    assert rooms.last("gate_satisfied").fact["kind"] == "override"


async def test_what_was_done_under_one_order_is_counted_for_the_other_that_is_booked_already(
    rooms: Rooms,
) -> None:
    first = await rooms.order(ABLATION)
    second = await rooms.order(ABLATION, again=True)
    await rooms.date(second, "2027-04-10 10:00", "two")
    assert rooms.asked() == ["PRC-03", "PRC-03"]
    await rooms.done(first, "2027-03-10 10:00", "one")
    assert rooms.asked() == ["PRC-03", "PRC-03", "PRC-02"]
    asked = rooms.last("override_requested").fact
    assert (asked["subject_id"], rooms.has("OVERRIDE")) == (second, 3)


async def test_what_was_done_under_the_other_record_of_a_person_is_counted_from_the_merge_on(
    rooms: Rooms,
) -> None:
    await rooms.done(await rooms.order(ABLATION), "2027-03-10 10:00", "one")
    theirs: dict[str, Any] = {**THEIRS}
    rooms.plan_id = (await rooms.plan(**theirs))["plan_id"]
    second = await rooms.order(ABLATION)
    assert rooms.asked() == ["PRC-03", "PRC-03"]
    merged = PatientsMerged(surviving_id=THEIRS["patient_id"], merged_id=PATIENT)
    for record in (PATIENT, THEIRS["patient_id"]):
        await rooms.feed.tell(merged, patient=record, referral=None, aggregate=record)
    assert rooms.asked() == ["PRC-03", "PRC-03", "PRC-02"]
    assert rooms.last("override_requested").fact["subject_id"] == second

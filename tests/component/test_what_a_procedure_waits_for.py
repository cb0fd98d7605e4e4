"""Whatever happens in whatever order, by requests alone: nothing that is blocked is booked or checked in."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from services.scheduling.gate.states import gate_id
from tests.support.feed import PATIENT
from tests.support.planned_block import BLOCK, WARFARIN, Clinic, held, ordered, signed
from tests.support.procedure_dates import HELD, NURSE, PROCEDURALIST, ProcedureClinic
from tests.support.told import at_clinic
from tests.support.treating import ABLATION, Rooms, move
from tests.support.ward import PHYSICIAN

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
APIXABAN = MedicationItem(code="1364430", code_system=RXNORM, as_needed=False)
CLOPIDOGREL = MedicationItem(code="32968", code_system=RXNORM, as_needed=False)
LATER = "2027-05-18 10:30"


async def gates(clinic: Clinic) -> dict[str, str]:
    path = f"/procedures/{clinic.procedure}/gates"
    found = await clinic.ask("GET", "scheduling", path, NURSE)
    return {each["kind"]: each["status"] for each in found["gates"]}


async def evidence(clinic: Clinic, kind: str, **said: Any) -> str | None:
    """None, or the code of the refusal; what is refused leaves nothing behind."""
    path, before = f"/gates/{gate_id(clinic.procedure, kind)}/evidence", len(clinic.facts())
    answer = await clinic.request("POST", "scheduling", path, NURSE, json={"met": True} | said)
    if answer.is_success:
        return None
    assert len(clinic.facts()) == before
    return str(answer.json()["type"].rpartition(":")[2])


async def morning() -> Clinic:
    """Of the day: the value and the absence of an infection are shown."""
    clinic = await signed()
    await clinic.at("2027-04-22 08:00")
    await clinic.show("infection", procedure=clinic.procedure)
    await clinic.show("escort", procedure=clinic.procedure)
    taken_at = at_clinic("2027-04-22 07:30").isoformat()
    await clinic.show("inr", procedure=clinic.procedure, value="1.1", taken_at=taken_at)
    return clinic


async def answer(clinic: Clinic, granted: bool) -> None:
    """To the question that was asked last."""
    asked = [each.fact for each in clinic.facts() if each.name == "override_requested"][-1]
    said = {"granted": granted, "reason": "clinical_need" if granted else "not_justified"}
    await clinic.ask("POST", "care_plan", f"/overrides/{asked['override_id']}/decide", PHYSICIAN, json=said)


def alerts(clinic: Clinic) -> list[str]:
    return [each["code"] for each in clinic.named("safety_alert_raised")]


def items(clinic: Clinic, *kinds: str) -> list[str]:
    return [kind for each in clinic.open() if (kind := each.split()[1]) in kinds]


async def test_a_plan_that_is_no_longer_valid_stops_who_has_arrived_already() -> None:
    """ANT-04 without a value of the day."""
    clinic = await ordered()
    await clinic.feed.tell(MedicationsListed(items=(APIXABAN,), complete=True))
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise(procedure=clinic.procedure)
    await clinic.show("procedure_consent", procedure=clinic.procedure)
    await clinic.book(HELD)
    await clinic.decide("draft")
    await clinic.decide("agree", NURSE, drug="apixaban", prescriber="Dr. Amari, Harbor Cardiology")
    await clinic.decide("sign", appointment_id=clinic.visit, appointment_version=1, text="As we agreed.")
    await clinic.at("2027-04-22 10:20")
    assert (await gates(clinic))["inr"] == "closed", "nothing of the signed plan is measured"
    await clinic.show("infection", procedure=clinic.procedure)
    await clinic.post(f"/appointments/{clinic.visit}/arrive")
    await clinic.feed.tell(MedicationsListed(items=(APIXABAN, CLOPIDOGREL), complete=True))
    assert (await gates(clinic))["antithrombotic_plan"] == "open"
    assert await clinic.refused(f"/appointments/{clinic.visit}/check-in") == "gate-open"
    assert await clinic.refused(f"/appointments/{clinic.visit}/attend", PROCEDURALIST) == "gate-open"
    waive = f"/gates/{gate_id(clinic.procedure, 'antithrombotic_plan')}/waive"
    assert await clinic.refused(waive, NURSE, reason="clinical_need") == "not-permitted"
    await clinic.post(waive, PROCEDURALIST, reason="clinical_need")
    await clinic.post(f"/appointments/{clinic.visit}/check-in")


async def test_a_plan_that_was_waived_is_asked_for_again_when_there_is_another_drug() -> None:
    """ANT-01, ANT-05: nobody has written the plan yet."""
    clinic = await held()
    for kind in ("antithrombotic_plan", "inr"):
        await clinic.post(
            f"/gates/{gate_id(clinic.procedure, kind)}/waive", PROCEDURALIST, reason="clinical_need"
        )
    assert await clinic.status() == "booked"
    await clinic.feed.tell(MedicationsListed(items=(WARFARIN,), complete=True))
    assert await clinic.status() == "booked", "the same drugs"
    for items, complete in (((WARFARIN, APIXABAN), True), ((WARFARIN,), False)):
        await clinic.feed.tell(MedicationsListed(items=items, complete=complete))
        shown = await gates(clinic)
        assert (shown["antithrombotic_plan"], await clinic.status()) == ("open", "pending")
        waive = f"/gates/{gate_id(clinic.procedure, 'antithrombotic_plan')}/waive"
        await clinic.post(waive, PROCEDURALIST, reason="clinical_need")
        await clinic.feed.tell(MedicationsListed(items=(WARFARIN,), complete=True))
        assert (await gates(clinic))["antithrombotic_plan"] == "waived", "no drug that nobody was asked about"


async def test_nobody_arrives_before_the_day() -> None:
    clinic = await signed()
    await clinic.at("2027-04-21 23:59")
    assert await clinic.refused(f"/appointments/{clinic.visit}/arrive") == "not-today"
    await clinic.at("2027-04-22 00:00")
    await clinic.post(f"/appointments/{clinic.visit}/arrive")


async def test_who_did_not_come_may_have_stopped_the_drug_and_what_was_shown_is_shown_again() -> None:
    clinic = await morning()
    await clinic.at("2027-04-22 10:50")
    await clinic.post(f"/appointments/{clinic.visit}/did-not-attend")
    [gone] = clinic.named("antithrombotic_plan_invalidated")
    assert (gone["cause"], gone["hold_running"]) == ("appointment_missed", True)
    assert alerts(clinic) == ["hold_running_without_plan"] and items(clinic, "HOLD_CALL") == ["HOLD_CALL"]
    texts = await clinic.ask("GET", "care_plan", f"/patients/{PATIENT}/hold-texts", NURSE)
    assert texts["plans"] == []
    of_the_date = {"antithrombotic_plan", "inr", "infection", "escort"}
    assert {kind for kind, status in (await gates(clinic)).items() if status == "open"} == of_the_date
    case = clinic.last("attendance_review_requested").fact["case_id"]
    await clinic.post(f"/attendance-cases/{case}/review", PROCEDURALIST, decision="reoffer")
    await clinic.book(LATER)
    assert await clinic.status() == "pending"


async def test_who_was_late_is_treated_when_the_proceduralist_says_so_and_it_is_put_on_record() -> None:
    clinic = await morning()
    await clinic.at("2027-04-22 10:50")
    await clinic.post(f"/appointments/{clinic.visit}/did-not-attend")
    await clinic.post(f"/appointments/{clinic.visit}/correct", reason="late")
    assert await clinic.refused(f"/appointments/{clinic.visit}/check-in") == "gate-open"
    for kind in ("antithrombotic_plan", "inr", "infection"):
        path = f"/gates/{gate_id(clinic.procedure, kind)}/waive"
        await clinic.post(path, PROCEDURALIST, reason="evidence_seen")
    await clinic.post(f"/appointments/{clinic.visit}/check-in")
    await performed(clinic, "2027-04-22 10:50")


async def performed(clinic: Clinic, ended: str) -> None:
    body = {"appointment_id": clinic.visit, "ended_at": at_clinic(ended).isoformat()}
    path = f"/procedures/{clinic.procedure}/performed"
    await clinic.ask("POST", "care_plan", path, PROCEDURALIST, json=body)


async def test_what_was_done_although_its_date_was_taken_back_leaves_no_work_about_it() -> None:
    clinic = await morning()
    await clinic.feed.tell(MedicationsListed(items=(WARFARIN, APIXABAN), complete=True))
    assert await clinic.status() == "pending"
    await clinic.at("2027-04-22 10:29")
    await performed(clinic, "2027-04-22 10:28")
    assert await clinic.status() == "fulfilled" and set((await gates(clinic)).values()) == {"closed"}
    await clinic.at("2027-04-22 10:31")
    asked = [each for each in clinic.named("booking_requested") if each.get("procedure_id")]
    assert len(asked) == 1
    assert items(clinic, "ANT_PLAN", "PROC_CHECKLIST", "GATE_RELEASE", "DAY_GATE") == []
    assert items(clinic, "HOLD_CALL") == ["HOLD_CALL"], "the patient is still to be told"


@pytest.mark.parametrize(
    ("value", "taken_at", "said"),
    [
        ("1.2", "2027-04-21 10:30", None),
        ("1.3", "2027-04-21 10:30", None),
        ("1.1", "2027-04-21 10:29", "out-of-time"),
        ("1.1", "2027-04-22 08:01", "out-of-time"),
        ("0", "2027-04-22 07:30", "not-plausible"),
        ("-1", "2027-04-22 07:30", "not-plausible"),
        ("0.49", "2027-04-22 07:30", "not-plausible"),
        ("0.5", "2027-04-22 07:30", None),
        ("20.1", "2027-04-22 07:30", "not-plausible"),
        ("99999", "2027-04-22 07:30", "not-plausible"),
        ("NaN", "2027-04-22 07:30", "invalid-request"),
    ],
)
async def test_a_value_that_nobody_can_have_meets_nothing(
    value: str, taken_at: str, said: str | None
) -> None:
    clinic = await signed()
    await clinic.at("2027-04-22 08:00")
    assert await evidence(clinic, "inr", value=value, taken_at=at_clinic(taken_at).isoformat()) == said
    good = said is None and value != "1.3"
    assert (await gates(clinic))["inr"] == ("satisfied" if good else "open" if said else "failed")
    assert alerts(clinic) == (["inr_blocked"] if value == "1.3" else [])


async def test_a_good_value_with_which_a_nurse_says_no_meets_nothing() -> None:
    clinic = await signed()
    await clinic.at("2027-04-22 08:00")
    taken_at = at_clinic("2027-04-22 07:30").isoformat()
    assert await evidence(clinic, "inr", met=False, value="1.1", taken_at=taken_at) is None
    assert (await gates(clinic))["inr"] == "failed"


async def test_what_does_not_hold_on_the_day_is_never_taken_for_shown() -> None:
    clinic = await ordered()
    backwards = {"valid_from": "2027-05-01", "valid_to": "2027-04-01"}
    assert await evidence(clinic, "procedure_consent", **backwards) == "wrong-days"
    await clinic.at("2027-04-05 11:00")
    await clinic.book(HELD)
    over = {"valid_from": "2027-03-01", "valid_to": "2027-04-21"}
    assert await evidence(clinic, "procedure_consent", **over) == "not-that-day"
    assert await evidence(clinic, "procedure_consent", valid_to="2027-04-22") is None
    path = f"/procedures/{clinic.procedure}/authorisation"
    later = {"status": "approved", "valid_from": "2027-04-23", "valid_to": "2027-07-01"}
    await clinic.post(path, **later)
    assert (await gates(clinic))["authorisation"] == "open" and items(clinic, "AUTH_OBTAIN")
    await clinic.sign_plan()
    assert await clinic.status() == "pending"
    await clinic.post(path, **later | {"valid_from": "2027-04-22"})
    assert await clinic.status() == "booked" and not items(clinic, "AUTH_OBTAIN")
    await clinic.post(path, status="denied")
    assert await clinic.status() == "pending" and items(clinic, "AUTH_OBTAIN")


async def ablation() -> Clinic:
    """Ordered without the blocks that it needs (PRC-03), and dated."""
    clinic = await ordered()
    cancel = f"/procedures/{clinic.procedure}/cancel"
    await clinic.ask("POST", "care_plan", cancel, PHYSICIAN, json={"reason": "patient_declined"})
    [plan] = [each.subject for each in clinic.facts() if each.name == "plan_drafted"]
    order = BLOCK | {"family": "rfa_ct"}
    made = await clinic.ask("POST", "care_plan", f"/plans/{plan}/procedures", PHYSICIAN, json=order)
    clinic.procedure = made["procedure_id"]
    await clinic.at("2027-04-05 11:00")
    await clinic.book(HELD)
    return clinic


async def test_what_was_refused_for_one_day_does_not_hold_up_another_that_was_granted() -> None:
    clinic = await ablation()
    await answer(clinic, granted=False)
    assert (await gates(clinic))["override"] == "failed"
    await clinic.move(LATER)
    assert items(clinic, "OVERRIDE") == ["OVERRIDE"]
    assert (await gates(clinic))["override"] != "satisfied", "not even in between"
    assert "override" not in clinic.kinds("gate_satisfied")
    await answer(clinic, granted=True)
    assert (await gates(clinic))["override"] == "satisfied"
    await clinic.move(HELD)
    assert (await gates(clinic))["override"] == "satisfied" and not items(clinic, "OVERRIDE")


async def test_a_question_about_a_list_is_gone_when_the_list_is_whole() -> None:
    """ANT-06"""
    clinic = await held()
    await clinic.feed.tell(MedicationsListed(items=(WARFARIN,), complete=False))
    await clinic.decide("draft")
    assert items(clinic, "OVERRIDE") == ["OVERRIDE"]
    await clinic.feed.tell(MedicationsListed(items=(WARFARIN,), complete=True))
    assert not items(clinic, "OVERRIDE")
    await clinic.decide("agree", NURSE, drug="warfarin", prescriber="Dr. Amari, Harbor Cardiology")
    await clinic.decide("sign", appointment_id=clinic.visit, appointment_version=1, text="As we agreed.")
    assert await clinic.status() == "booked"


async def test_a_day_that_a_limit_asked_about_before_is_asked_about_again() -> None:
    """PRC-02: what was asked is gone with the day, and not forgotten when that day comes back."""
    rooms = await Rooms().begin()
    first = await rooms.order(ABLATION)
    await rooms.done(first, "2027-03-10 10:00", "the first")
    second = await rooms.order(ABLATION)
    await rooms.date(second, "2027-09-09 10:00", "the second")
    for version in range(2, 6):
        await move(rooms, "the second", f"2027-09-{'09' if version % 2 else '10'} 10:00", version)
    asked = [each.fact for each in rooms.clinic.facts() if each.name == "override_requested"]
    lapsed = {each.fact["override_id"] for each in rooms.clinic.facts() if each.name == "override_lapsed"}
    of_rule = [each["override_id"] for each in asked if each["rule"] == "PRC-02"]
    assert [each in lapsed for each in of_rule] == [True, True, False]


async def test_the_outcome_of_another_procedure_does_not_stand_for_that_of_the_one_before() -> None:
    """PRC-04: the one before was done under another referral, and nobody has judged it."""
    clinic = await ProcedureClinic().order()
    await clinic.book(HELD)
    await clinic.at(HELD)
    await clinic.post(f"/appointments/{clinic.visit}/arrive")
    await clinic.post(f"/appointments/{clinic.visit}/attend")
    await clinic.outcome()
    elsewhere, again = derive(ROOT, "under another referral"), derive(ROOT, "again")
    await clinic.order("previous_outcome", procedure=again, previous_id=elsewhere, sequence_role=None)
    assert clinic.kinds("gate_opened") == ["previous_outcome"]
    await clinic.book(LATER)
    assert await clinic.status() == "pending"
    await clinic.show("previous_outcome", PHYSICIAN, procedure=again)
    assert await clinic.status() == "booked"

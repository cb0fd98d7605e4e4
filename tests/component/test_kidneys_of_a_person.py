"""ANT-04, ANT-06: the kidneys are the person's, whichever plan they were stated at and under whatever record."""

from typing import Any

import pytest

from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from services.scheduling.gate.states import gate_id
from tests.component.test_one_person_two_records import both, merged, undone
from tests.support.feed import PATIENT
from tests.support.planned_block import BLOCK, Clinic, ordered
from tests.support.procedure_dates import HELD, NURSE, PROCEDURALIST
from tests.support.ward import OTHER_PATIENT, OTHER_REFERRAL, THEIRS, Ward

DABIGATRAN = MedicationItem(
    code="1037042", code_system="http://www.nlm.nih.gov/research/umls/rxnorm", as_needed=False
)
RECORDS = (PATIENT, OTHER_PATIENT)


def value(ml_per_min: str | None, taken_on: str) -> dict[str, Any]:
    """As somebody states it."""
    said = {} if ml_per_min is None else {"ml_per_min": ml_per_min}
    return {"taken_on": taken_on, "measure": "egfr"} | said


async def booked_with(*, signed: bool) -> Clinic:
    """On dabigatran, with good kidneys; the plan is signed, or was waived before anybody wrote it."""
    clinic = await ordered()
    await clinic.feed.tell(MedicationsListed(items=(DABIGATRAN,), complete=True))
    await clinic.at("2027-04-05 11:00")
    await clinic.decide("renal-function", NURSE, **value("80", "2027-04-01"))
    await clinic.authorise(procedure=clinic.procedure)
    await clinic.show("procedure_consent", procedure=clinic.procedure)
    await clinic.book(HELD)
    if signed:
        await clinic.decide("draft")
        await clinic.decide("agree", NURSE, drug="dabigatran", prescriber="Dr. Amari, Harbor Cardiology")
        await clinic.decide("sign", appointment_id=clinic.visit, appointment_version=1, text="As we agreed.")
    else:
        path = f"/gates/{gate_id(clinic.procedure, 'antithrombotic_plan')}/waive"
        await clinic.post(path, PROCEDURALIST, reason="clinical_need")
    return clinic


async def gate(clinic: Clinic) -> str:
    found = await clinic.ask("GET", "scheduling", f"/procedures/{clinic.procedure}/gates", NURSE)
    return next(str(each["status"]) for each in found["gates"] if each["kind"] == "antithrombotic_plan")


@pytest.mark.parametrize("signed", [True, False])
async def test_kidneys_that_cross_the_limit_afterwards_are_asked_about_again(signed: bool) -> None:
    clinic = await booked_with(signed=signed)
    assert await clinic.status() == "booked"
    await clinic.decide("renal-function", NURSE, **value("50", "2027-04-02"))
    assert (await clinic.status(), clinic.named("antithrombotic_plan_invalidated")) == ("booked", [])
    await clinic.decide("renal-function", NURSE, **value("49", "2027-04-03"))
    assert (await gate(clinic), await clinic.status()) == ("open", "pending")
    causes = [each["cause"] for each in clinic.named("antithrombotic_plan_invalidated")]
    assert causes == (["renal_function_changed"] if signed else [])


async def test_a_value_that_was_a_mistake_counts_no_more_and_the_one_before_it_does() -> None:
    clinic = await booked_with(signed=True)
    await clinic.decide("renal-function", NURSE, **value("30", "2027-04-04"))
    assert await gate(clinic) == "open"
    await clinic.decide("renal-function", NURSE, **value(None, "2027-04-04"))
    await clinic.decide("draft")
    path = f"/procedures/{clinic.procedure}/antithrombotic-plan"
    plan = await clinic.ask("GET", "care_plan", path, PROCEDURALIST)
    assert [(each["use"], each["hold_hours"]) for each in plan["lines"]] == [("normal_renal_function", 96)]
    await clinic.decide("renal-function", NURSE, **value(None, "2027-04-01"))
    assert clinic.last("antithrombotic_plan_invalidated").fact["cause"] == "renal_function_changed"


async def block_of(ward: Ward, **whose: Any) -> str:
    plan = await ward.plan(**whose)
    block = dict[str, Any](BLOCK)
    await ward.asks(f"/plans/{plan['plan_id']}/procedures", **block)
    return f"/procedures/{ward.last('procedure_ordered').fact['procedure_id']}/antithrombotic-plan"


async def uses(ward: Ward, plan: str) -> list[str | None]:
    await ward.asks(f"{plan}/draft", "maya.stein")
    return [each.get("use") for each in (await ward.reads(plan)).json()["lines"]]


async def test_what_was_stated_under_one_record_holds_for_the_plans_of_the_other() -> None:
    """From the merge to its undoing; a value is taken back where it is kept."""
    ward = await Ward().open()
    listed = MedicationsListed(items=(DABIGATRAN,), complete=True)
    await ward.feed.tell(listed)
    await ward.feed.tell(listed, patient=OTHER_PATIENT, referral=OTHER_REFERRAL)
    hers, his = await block_of(ward), await block_of(ward, **THEIRS)
    await ward.asks(f"{hers}/renal-function", **value("30", "2027-02-20"))
    assert (await uses(ward, hers), await uses(ward, his)) == (["renal_impairment"], [None])
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    assert ward.last("antithrombotic_plan_invalidated").fact["cause"] == "renal_function_changed"
    assert await uses(ward, his) == ["renal_impairment"]
    await both(ward.feed, undone(*RECORDS), *RECORDS)
    assert await uses(ward, his) == [None], "nobody knows of his"
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    await ward.asks(f"{his}/renal-function", **value(None, "2027-02-20"))
    assert (await uses(ward, hers), await uses(ward, his)) == ([None], [None])

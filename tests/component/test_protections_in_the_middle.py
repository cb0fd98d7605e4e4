"""What protects a patient holds when something changes in the middle: two records are parted, somebody thinks again."""

from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.override import OverrideRequested
from schemas.care_plan.v1.procedure import ProcedureCancelled
from schemas.fact import Fact
from schemas.referral.v1.medication import MedicationsListed
from tests.component.test_one_person_two_records import both, merged, undone
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK, WARFARIN
from tests.support.procedure_dates import HELD, MBB, RFA, ProcedureClinic
from tests.support.ward import OTHER_PATIENT, OTHER_REFERRAL, THEIRS, Ward

RECORDS = (PATIENT, OTHER_PATIENT)
HERS: dict[str, Any] = {"patient": PATIENT, "referral": REFERRAL}
HIS: dict[str, Any] = {"patient": OTHER_PATIENT, "referral": OTHER_REFERRAL}


async def a_block_of_his(*lists: tuple[Fact, dict[str, Any]]) -> Ward:
    """Ordered while both records are taken for one person's."""
    ward = await Ward().open()
    for fact, whose in lists:
        await ward.feed.tell(fact, **whose)
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    his_plan: dict[str, Any] = {**THEIRS}
    plan, block = await ward.plan(**his_plan), dict[str, Any](BLOCK)
    await ward.asks(f"/plans/{plan['plan_id']}/procedures", **block)
    return ward


async def test_what_only_the_list_of_somebody_else_told_is_asked_when_the_records_are_parted() -> None:
    ward = await a_block_of_his((MedicationsListed(items=(), complete=True), HERS))
    assert not [each for each in ward.clinic.facts() if each.name == "antithrombotic_plan_requested"]
    await both(ward.feed, undone(*RECORDS), *RECORDS)
    asked = ward.last("antithrombotic_plan_requested").fact
    assert (asked["blocking"], asked["drug_count"]) == (True, 0), "ANT-06: he has no list"


async def test_a_plan_for_drugs_of_somebody_else_is_drafted_anew_when_the_records_are_parted() -> None:
    ward = await a_block_of_his(
        (MedicationsListed(items=(WARFARIN,), complete=True), HERS),
        (MedicationsListed(items=(), complete=True), HIS),
    )
    procedure = ward.last("procedure_ordered").fact["procedure_id"]
    await ward.asks(f"/procedures/{procedure}/antithrombotic-plan/draft", "maya.stein")
    await both(ward.feed, undone(*RECORDS), *RECORDS)
    assert ward.last("antithrombotic_plan_invalidated").fact["cause"] == "drugs_changed"


async def test_who_granted_an_override_and_thinks_again_takes_the_booking_back() -> None:
    clinic = await ProcedureClinic().order(procedure=RFA, sequence_role="rfa")
    overrides = [derive(ROOT, f"override {number}") for number in range(2)]
    for override, rule in zip(overrides, ("PRC-01", "PRC-03"), strict=True):
        asked = OverrideRequested(override_id=override, rule=rule, role="physician", subject_id=RFA)
        await clinic.feed.tell(asked, aggregate=override)
    await clinic.book()
    for override in overrides:
        await clinic.answer_override(override, granted=True)
    assert await clinic.status() == "booked"
    for override in overrides:
        await clinic.answer_override(override, granted=False)
        assert await clinic.status() == "pending", "whichever of them"
        await clinic.answer_override(override, granted=True)
        assert await clinic.status() == "booked"


async def test_consent_that_was_taken_back_meets_no_other_date_and_no_other_procedure_of_the_series() -> None:
    clinic = await ProcedureClinic().order("procedure_consent")
    second = derive(ROOT, "a second block")
    await clinic.order("procedure_consent", procedure=second, sequence_role="mbb_2")
    series = {"valid_from": "2027-03-30", "valid_to": "2027-09-30"}
    await clinic.show("procedure_consent", procedure=second, met=True, **series)
    third = derive(ROOT, "a third block")
    await clinic.order("procedure_consent", procedure=third, sequence_role="mbb_2")
    assert clinic.last("gate_satisfied").fact["procedure_id"] == third, "of the series"
    await clinic.show("procedure_consent", procedure=second, met=False)
    assert [each["procedure_id"] for each in clinic.named("gate_opened")][-1] == third
    met = len(clinic.named("gate_satisfied"))
    await clinic.order("procedure_consent", procedure=derive(ROOT, "a fourth block"), sequence_role="mbb_2")
    asked = next(each for each in clinic.named("booking_requested") if each["procedure_id"] == MBB)
    dates = f"/booking-requests/{asked['booking_request_id']}/appointments"
    await clinic.at("2027-04-05 11:00")
    await clinic.post(dates, slots=[clinic.slot(HELD)], short_notice_accepted=True)
    assert len(clinic.named("gate_satisfied")) == met


async def test_consent_is_asked_for_by_somebody_until_it_is_given_and_again_when_it_is_taken_back() -> None:
    clinic = await ProcedureClinic().order("procedure_consent")
    assert clinic.items("CONSENT_OBTAIN") == ["nursing CONSENT_OBTAIN 04-06 17:00"]
    await clinic.show("procedure_consent", met=False)
    assert clinic.items("CONSENT_OBTAIN"), "who says no is somebody's work too"
    await clinic.show("procedure_consent", met=True)
    assert not clinic.items("CONSENT_OBTAIN")
    await clinic.show("procedure_consent", met=False)
    assert clinic.items("CONSENT_OBTAIN")
    await clinic.feed.tell(ProcedureCancelled(procedure_id=MBB, reason="patient_declined"), aggregate=MBB)
    assert not clinic.items("CONSENT_OBTAIN")

"""What protects a patient holds when something changes in the middle: two records are parted, somebody thinks again."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.override import OverrideRequested
from schemas.care_plan.v1.procedure import ProcedureCancelled
from schemas.fact import Fact
from schemas.referral.v1.medication import MedicationsListed
from services.care_plan.taper.states import taper_id
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_one_person_two_records import both, merged, undone
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK, WARFARIN
from tests.support.procedure_dates import EVERYTHING, HELD, MBB, RFA, ProcedureClinic
from tests.support.ward import OTHER_PATIENT, OTHER_REFERRAL, OTHER_VISIT, THEIRS, VISIT, Ward

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


@pytest.mark.parametrize(
    ("when", "work"), [("04-20", ["PROC_CHECKLIST"]), ("04-21", ["GATE_RELEASE", "PROC_CHECKLIST"])]
)
@pytest.mark.parametrize("kind", ["escort", "procedure_consent"])
async def test_what_is_not_true_any_more_after_a_checkpoint_is_somebodys_work_at_once(
    kind: str, when: str, work: list[str]
) -> None:
    """PRC-06: the drug is held for a procedure that may not take place."""
    clinic = await ProcedureClinic().order(*EVERYTHING, "procedure_consent")
    await clinic.request_plan()
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise()
    for each in ("escort", "procedure_consent"):
        await clinic.show(each)
    await clinic.book()
    await clinic.sign()
    await clinic.at(f"2027-{when} 16:00")
    assert not clinic.items("PROC_CHECKLIST", "GATE_RELEASE")
    await clinic.show(kind, met=False)
    await clinic.show(kind, met=False)
    assert [line.split()[1] for line in clinic.items("PROC_CHECKLIST", "GATE_RELEASE")] == work
    assert clinic.items("PROC_CHECKLIST") == [f"nursing PROC_CHECKLIST {when} 16:00"]
    await clinic.show(kind)
    assert not clinic.items("PROC_CHECKLIST", "GATE_RELEASE")
    await clinic.show(kind, met=False)
    assert [line.split()[1] for line in clinic.items("PROC_CHECKLIST", "GATE_RELEASE")] == work
    if when == "04-21":
        await clinic.post(f"/appointments/{clinic.visit}/release")
        assert clinic.last("appointment_cancelled").fact["reason"] == "gate_open"


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


STEPS: dict[str, Any] = {"agreed": True, "steps": [{"on": "2027-06-01", "mme": "60"}]}


async def tapers_of_two(*, joined_first: bool) -> Ward:
    """Each record with its dose and its first visit; `joined_first`: hers is begun when both are one person's."""
    ward = await Ward(beside=(WORKLIST,)).open()
    for patient, visit, whose in ((PATIENT, VISIT, HERS), (OTHER_PATIENT, OTHER_VISIT, HIS)):
        await ward.feed.tell(MedicationsListed(items=(), complete=False), **whose)
        said: dict[str, Any] = {"mme_per_day": "90", "has_buprenorphine": False}
        await ward.asks(f"/patients/{patient}/opioid-exposure", **said)
        await ward.asks("/consultations", appointment_id=visit, kind="initial")
    await ward.asks(f"/patients/{OTHER_PATIENT}/taper/start", **STEPS)
    if not joined_first:
        await ward.asks(f"/patients/{PATIENT}/taper/start", **STEPS)
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    return ward


async def test_nobody_is_given_two_tapers_under_two_records() -> None:
    ward = await tapers_of_two(joined_first=True)
    hers = f"/patients/{PATIENT}/taper"
    assert await ward.refuses(f"{hers}/start", **STEPS) == "under-way"
    refusal = (await ward.tries(f"{hers}/start", **STEPS)).json()
    assert taper_id(OTHER_PATIENT) in refusal["detail"]
    await ward.asks(f"/patients/{OTHER_PATIENT}/taper/end", reason="paused")
    await ward.asks(f"{hers}/start", **STEPS)
    await ward.asks(f"{hers}/end", reason="paused")
    await ward.asks(f"/patients/{OTHER_PATIENT}/taper/start", **STEPS)
    await both(ward.feed, undone(*RECORDS), *RECORDS)
    await ward.asks(f"{hers}/start", **STEPS)


async def test_which_of_two_tapers_goes_on_is_asked_the_day_on_which_the_records_are_joined() -> None:
    ward = await tapers_of_two(joined_first=False)
    asked = [fact for fact in ward.clinic.facts() if fact.name == "opioid_check_fell_due"]
    of_tapers = [each.fact for each in asked if each.fact["check"] == "taper_followup"]
    assert {(each["due_on"], each["rule"]) for each in of_tapers} == {("2027-02-25", "OPI-03")}
    assert len(of_tapers) == 2, "of each referral, once"
    assert (await ward.clinic.queues()).count("pharmacy OPI_CHECK 02-25 17:00") == 2


@pytest.mark.parametrize("joined_first", [True, False])
async def test_of_two_tapers_that_begin_at_the_same_moment_one_is_written_after_the_other(
    joined_first: bool,
) -> None:
    """Each writes on both records: of two transactions that see but one taper each, one has to look again."""
    ward = await tapers_of_two(joined_first=joined_first)
    journal = ward.clinic.system.workers["care_plan"].store.tables.journal

    def written() -> list[str]:
        beside = "care_plan.record_beside.v1"
        return [each.aggregate_id for each in journal if each.type == beside and each.aggregate_id in RECORDS]

    assert {*written()} == {*RECORDS}, "a taper that begins while they are joined is seen too"
    before = len(written())
    await ward.asks(f"/patients/{OTHER_PATIENT}/taper/end", reason="paused")
    assert written()[before:] == [PATIENT]

"""What protects a patient holds when something changes in the middle: two records are parted, somebody thinks again."""

from typing import Any

from schemas.fact import Fact
from schemas.referral.v1.medication import MedicationsListed
from tests.component.test_one_person_two_records import both, merged, undone
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK, WARFARIN
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

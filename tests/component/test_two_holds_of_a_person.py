"""ANT-04: two plans for antithrombotics under two records of one person, each signed by who knew of no other."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.referral.v1.medication import MedicationsListed
from tests.component.test_one_person_two_records import both, merged
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK, WARFARIN
from tests.support.resting import booked
from tests.support.ward import OTHER_PATIENT, OTHER_REFERRAL, THEIRS, Ward

RECORDS = (PATIENT, OTHER_PATIENT)
HER_VISIT, HIS_VISIT = derive(ROOT, "her block"), derive(ROOT, "his block")
HERS: dict[str, Any] = {"patient": PATIENT, "referral": REFERRAL}
HIS: dict[str, Any] = {"patient": OTHER_PATIENT, "referral": OTHER_REFERRAL}


async def ordered(ward: Ward, visit: str, on: str, whose: dict[str, Any], **plan: Any) -> str:
    await ward.feed.tell(MedicationsListed(items=(WARFARIN,), complete=True), **whose)
    found, block = await ward.plan(**plan), dict[str, Any](BLOCK)
    await ward.asks(f"/plans/{found['plan_id']}/procedures", **block)
    procedure = str(ward.last("procedure_ordered").fact["procedure_id"])
    await booked(ward, visit, on, "procedure", procedure_id=procedure, **whose)
    return procedure


async def sign(ward: Ward, procedure: str, visit: str, version: int = 1) -> None:
    path = f"/procedures/{procedure}/antithrombotic-plan"
    await ward.asks(f"{path}/draft", "maya.stein")
    await ward.asks(f"{path}/agree", drug="warfarin", prescriber="Dr. Amari, Harbor Cardiology")
    said: dict[str, Any] = {"appointment_id": visit, "appointment_version": version, "text": "As we agreed."}
    await ward.asks(f"{path}/sign", "maya.stein", **said)


def asked(ward: Ward) -> list[str]:
    facts = (each.fact for each in ward.clinic.facts() if each.name == "antithrombotic_plan_invalidated")
    return [each["procedure_id"] for each in facts if each["cause"] == "another_procedure"]


@pytest.mark.parametrize(("day", "overlap"), [("2027-03-15", True), ("2027-03-16", False)])
async def test_holds_of_the_same_days_are_asked_about_when_the_records_are_joined(
    day: str, overlap: bool
) -> None:
    """Warfarin is held for five days; hers is on 2027-03-10. Each is asked about once."""
    ward = await Ward().open()
    hers = await ordered(ward, HER_VISIT, "2027-03-10 10:00", HERS)
    his = await ordered(ward, HIS_VISIT, f"{day} 10:00", HIS, **THEIRS)
    await sign(ward, hers, HER_VISIT)
    await sign(ward, his, HIS_VISIT)
    assert asked(ward) == []
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    assert sorted(asked(ward)) == (sorted((hers, his)) if overlap else [])
    if overlap:
        await sign(ward, hers, HER_VISIT)
        await sign(ward, his, HIS_VISIT)
        await both(ward.feed, merged(*RECORDS), *RECORDS)
        assert len(asked(ward)) == 2, "whoever signed now knows of the other"


async def test_a_date_under_another_record_that_comes_near_is_asked_about_too() -> None:
    ward = await Ward().open()
    hers = await ordered(ward, HER_VISIT, "2027-03-10 10:00", HERS)
    await ordered(ward, HIS_VISIT, "2027-04-20 10:00", HIS, **THEIRS)
    await sign(ward, hers, HER_VISIT)
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    assert asked(ward) == []
    procedure = str(ward.last("procedure_ordered").fact["procedure_id"])
    await booked(ward, HIS_VISIT, "2027-03-12 10:00", "procedure", procedure_id=procedure, version=2, **HIS)
    assert asked(ward) == [hers]

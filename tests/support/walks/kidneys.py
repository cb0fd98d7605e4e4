"""What plans for antithrombotics look at besides drugs: the kidneys, and procedures of another record."""

from typing import Any

from backbone.ids import ROOT, derive
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from schemas.referral.v1.patient import PatientsMerged
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK
from tests.support.resting import booked
from tests.support.ward import OTHER_PATIENT, OTHER_REFERRAL, THEIRS, Ward

DABIGATRAN = MedicationItem(
    code="1037042", code_system="http://www.nlm.nih.gov/research/umls/rxnorm", as_needed=False
)
HERS: dict[str, Any] = {"patient": PATIENT, "referral": REFERRAL}
HIS: dict[str, Any] = {"patient": OTHER_PATIENT, "referral": OTHER_REFERRAL}
OF: dict[str, Any] = {"taken_on": "2027-02-20", "measure": "egfr"}


async def order(ward: Ward, visit: str, on: str, whose: dict[str, Any], **plan: Any) -> str:
    found: Any = await ward.plan(**plan)
    block: dict[str, Any] = {**BLOCK, "again": True}
    await ward.asks(f"/plans/{found['plan_id']}/procedures", **block)
    procedure = str(ward.last("procedure_ordered").fact["procedure_id"])
    await booked(ward, visit, on, "procedure", procedure_id=procedure, **whose)
    return f"/procedures/{procedure}/antithrombotic-plan"


async def has_kidneys(ward: Ward) -> None:
    """Stated at the plan of one record, taken back at that of the other; both have a procedure of the same days."""
    for whose in (HERS, HIS):
        await ward.feed.tell(MedicationsListed(items=(DABIGATRAN,), complete=True), **whose)
    hers = await order(ward, derive(ROOT, "her block"), "2027-03-10 10:00", HERS)
    await ward.asks(f"{hers}/renal-function", **OF, ml_per_min="30")
    await ward.asks(f"{hers}/draft", "maya.stein")
    for patient in (PATIENT, OTHER_PATIENT):
        fact = PatientsMerged(surviving_id=PATIENT, merged_id=OTHER_PATIENT)
        await ward.feed.tell(fact, patient=patient, referral=None, aggregate=patient)
    await ward.asks(f"{hers}/renal-function", **OF, ml_per_min="29")
    his = await order(ward, derive(ROOT, "his block"), "2027-03-12 10:00", HIS, **THEIRS)
    await ward.asks(f"{his}/renal-function", **OF)

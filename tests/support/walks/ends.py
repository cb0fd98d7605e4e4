"""What the rules of care look at of a referral that is over, and what they do while it goes on."""

from typing import Any

from schemas.referral.v1.referral import ReferralWithdrawn
from services.care_plan.service import SERVICE
from tests.support.examples import example_fact
from tests.support.feed import REFERRAL
from tests.support.ward import VISIT, Ward

WITHDRAWN = example_fact(ReferralWithdrawn)


async def begun(ward: Ward) -> str:
    """The path of the consultation."""
    held = await ward.asks("/consultations", appointment_id=VISIT, kind="initial")
    return f"/consultations/{held['consultation_id']}"


async def written(ward: Ward, path: str, outcome: str) -> None:
    items = ward.clinic.system.workers[SERVICE.name].runtime.rules.care_plan.checklist.values.items
    said: dict[str, Any] = {"outcome": outcome, "diagnoses": [{"system": "ICD-11", "code": "MG30.02"}]}
    await ward.asks(f"{path}/complete", checklist={item: {"answer": "asked"} for item in items}, **said)


async def is_written_after_the_end(ward: Ward, outcome: str) -> None:
    path = await begun(ward)
    await ward.feed.tell(WITHDRAWN, aggregate=REFERRAL)
    await written(ward, path, outcome)


async def asks_for_a_plan_too_late(ward: Ward) -> None:
    await is_written_after_the_end(ward, "MDT_PROGRAMME")


async def asks_for_a_window_too_late(ward: Ward) -> None:
    await is_written_after_the_end(ward, "PIFU")


async def has_a_result_too_late(ward: Ward) -> None:
    path = await begun(ward)
    await written(ward, path, "FURTHER_INVESTIGATION")
    await ward.asks(f"{path}/investigation-result", result="no_finding")
    await ward.feed.tell(WITHDRAWN, aggregate=REFERRAL)
    await ward.tries(f"{path}/investigation-result", result="back_to_clinic")


OF_CARE = (asks_for_a_plan_too_late, asks_for_a_window_too_late, has_a_result_too_late)

"""Nobody falls through: what a plan's review says of the next step, through the whole worklist."""

from datetime import UTC, date, datetime
from typing import Any

from schemas.care_plan.v1.plan import PlanActivated, PlanReviewed
from schemas.referral.v1.referral import ReferralReceived
from tests.support.desk import PATIENT, REFERRAL, Desk

PLAN = "7d3f1c1e-3c7a-4c1e-9d1a-0b6f5a1c9e01"


def received() -> ReferralReceived:
    return ReferralReceived(
        source_system="ehr",
        source_key_ref=PLAN,
        referrer_type="pcp",
        referrer_org_id=PATIENT,
        clock_start=datetime(2027, 1, 4, 14, tzinfo=UTC),
        body_sites=(),
        condition_codes=(),
        medication_flags=(),
    )


def activated() -> PlanActivated:
    return PlanActivated(
        plan_id=PLAN,
        plan_version=1,
        start=date(2027, 1, 4),
        lead_id=PATIENT,
        review_due=date(2027, 2, 15),
        high_risk=False,
        disciplines=("medical",),
    )


def reviewed(result: Any, next_review: date | None) -> PlanReviewed:
    return PlanReviewed(plan_id=PLAN, result=result, next_review=next_review, decided_by=PATIENT)


async def unowned(desk: Desk, at: str) -> bool:
    await desk.wait(at)
    return any("NEXT_STEP_MISSING" in item for item in desk.open())


async def test_a_review_without_a_next_date_leaves_no_step_and_one_with_a_date_does() -> None:
    desk = Desk()
    await desk.tell(received(), aggregate=REFERRAL)
    await desk.tell(activated(), aggregate=PLAN)
    assert not await unowned(desk, "2027-01-04 10:00")
    await desk.tell(reviewed("discharge", None), aggregate=PLAN)
    assert await unowned(desk, "2027-01-04 11:00")
    await desk.tell(reviewed("continue", date(2027, 3, 1)), aggregate=PLAN)
    assert not await unowned(desk, "2027-01-04 12:00")

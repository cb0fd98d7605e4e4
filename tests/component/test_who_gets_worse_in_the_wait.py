"""Pain that gets worse while there is no baseline yet: somebody looks at it."""

from services.care_plan.service import SERVICE as CARE_PLAN
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_waits_and_dates import NURSE, PRACTICE_TOKEN, Clinic


async def test_whoever_gets_worse_in_the_wait_is_looked_at_by_a_physician_and_not_by_the_team() -> None:
    """OUT-04, REF-10: there is no baseline yet; what was answered 90 days before is what it is compared with."""
    clinic = Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, CARE_PLAN, WORKLIST), PRACTICE_TOKEN)
    await clinic.refer("cat_3")
    for when, answers, worse in (("2027-04-06", [5, 5, 5], False), ("2027-07-05", [6, 6, 6], True)):
        await clinic.at(f"{when} 12:00")
        path = f"/measure-requests/{clinic.last('measure_requested').subject}/answers"
        await clinic.ask("POST", "care_plan", path, NURSE, json={"answers": {"peg": answers}})
        assert bool(clinic.items("SCORE_WORSE")) == worse
    assert not clinic.items("MDT_LIST")

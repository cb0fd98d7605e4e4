"""While a plan is on hold no date may be given: nobody is late with one until the plan is looked at again."""

from datetime import date

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.plan import PlanHeld, PlanResumed
from tests.support.desk import Desk, clinic
from tests.support.referral_facts import booking_requested

PLAN = derive(ROOT, "a plan")
HELD = PlanHeld(plan_id=PLAN, review_on=date(2027, 3, 1))


async def test_what_can_not_be_booked_is_not_overdue_before_the_plan_is_reviewed() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(booking_requested())
    await desk.tell(HELD, at="2027-01-11 11:00")
    await desk.wait("2027-03-01 16:00")
    assert (desk.the("BOOK_VISIT").item.level, desk.facts().count("item_escalated")) == (0, 0)
    await desk.wait("2027-03-01 18:00")
    assert desk.the("BOOK_VISIT").item.level == 1, "nobody has said how the plan goes on"


async def test_when_the_plan_goes_on_its_dates_are_due_anew() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(booking_requested())
    allowed = desk.the("BOOK_VISIT").item.due_at - clinic("2027-01-11 17:00")
    await desk.tell(HELD, at="2027-01-11 11:00")
    await desk.tell(PlanResumed(plan_id=PLAN), at="2027-01-25 11:00")
    assert desk.the("BOOK_VISIT").item.due_at == clinic("2027-01-25 17:00") + allowed

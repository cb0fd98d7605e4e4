"""What breaks a day, or puts two orders in each other's way, is somebody's work before that day: one business day is
too long where it is tomorrow."""

import pytest

from services.care_plan.service import SERVICE as CARE_PLAN
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_conflicts import a_ward
from tests.component.test_waits_and_dates import PRACTICE_TOKEN, Clinic, a_joint_day
from tests.support.resting import GYM, RFA, ROOM, booked


@pytest.mark.parametrize(
    ("lost_at", "due"),
    [
        ("01-18 10:00", "01-19 17:00"),  # on Monday, for Thursday at 10:30
        ("01-20 10:00", "01-20 17:00"),  # the day before
        ("01-20 18:00", "01-21 10:30"),  # when the day before is over
        ("01-21 09:10", "01-21 10:30"),  # on the day itself
    ],
)
async def test_a_joint_day_that_is_broken_is_dealt_with_before_what_is_left_of_it_begins(
    lost_at: str, due: str
) -> None:
    clinic = Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, CARE_PLAN, WORKLIST), PRACTICE_TOKEN)
    first, *_ = await a_joint_day(clinic)
    await clinic.at(f"2027-{lost_at}")
    await clinic.post(f"/appointments/{first}/cancel", by="clinic", reason="staff_absent")
    assert [row for row in clinic.open() if "JOINT_DAY_BROKEN" in row] == [
        f"coordination JOINT_DAY_BROKEN {due}"
    ]


@pytest.mark.parametrize(("exercise", "due"), [("03-11", "03-09 17:00"), ("03-09", "03-08 17:00")])
async def test_orders_that_do_not_go_together_are_dealt_with_before_the_day(exercise: str, due: str) -> None:
    ward, activity = await a_ward()
    await ward.clinic.at("2027-03-08 10:00")
    await booked(ward, GYM, f"2027-{exercise} 10:00", activity_id=activity)
    await booked(ward, ROOM, "2027-03-09 08:00", "procedure", procedure_id=RFA)
    assert [row for row in ward.clinic.open() if "CONFLICT" in row] == [f"coordination CONFLICT {due}"]

"""Whoever calls in the window of their own follow-up is seen, and agrees on new goals; whoever does not is somebody's
work."""

import pytest

from tests.support.hard_days import CORA, PAUL, HardDay
from tests.support.ward import GOAL


@pytest.fixture
async def day() -> HardDay:
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_2")
    visit = await day.books("Ana", "2027-02-09 09:00")
    await day.at("2027-02-09 09:00")
    await day.sees(visit)
    day.plan = f"/plans/{(await day.plans('Ana'))['plan_id']}"  # type: ignore[attr-defined]
    await day.does("care_plan", f"{day.plan}/pifu", PAUL)  # type: ignore[attr-defined]
    return day


async def test_who_calls_is_booked_and_the_plan_takes_new_goals(day: HardDay) -> None:
    plan: str = day.plan  # type: ignore[attr-defined]
    assert "BOOK_VISIT" not in " ".join(day.work("Ana")), "what the plan asked for is not wanted any more"
    await day.at("2027-05-03 09:00")
    await day.does("care_plan", f"/pifu/{plan.removeprefix('/plans/')}/use", CORA)
    assert day.wish("Ana", "review")
    assert (await day.reads("care_plan", plan, PAUL))["status"] == "active"
    assert day.last("plan_updated").fact["plan_version"] == 2
    await day.changes(plan, PAUL, reason="She wants to swim again.", goals_add=[GOAL])
    assert day.last("goal_set").fact["plan_id"] in plan
    await day.ends()


async def test_the_patient_hears_a_month_before_and_somebody_ends_it(day: HardDay) -> None:
    await day.at("2027-08-11 12:00")
    told = [line for line in day.told("Ana") if "PIFU_ENDING_PT" in line]
    assert [line.split()[0] for line in told] == ["07-10"]
    assert "coordination PIFU_EXPIRY routine 08-17 17:00" in day.work("Ana")
    await day.ends()

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


def open_requests(day: HardDay) -> list[str]:
    return [str(row["subject_id"]) for row in day.rows("BOOK_VISIT")]


async def test_who_calls_is_booked_once_though_the_plan_falls_due_before_there_is_a_date(
    day: HardDay,
) -> None:
    plan: str = day.plan  # type: ignore[attr-defined]
    await day.at("2027-05-03 09:00")
    await day.does("care_plan", f"/pifu/{plan.removeprefix('/plans/')}/use", CORA)
    [asked] = open_requests(day)
    fell_due = len(day.facts_of("plan_review_fell_due"))
    await day.at("2027-07-26 09:00")
    assert len(day.facts_of("plan_review_fell_due")) == fell_due + 1, "somebody looks at the plan"
    assert open_requests(day) == [asked]
    await day.books("Ana", "2027-07-28 13:00", purpose="review")
    assert open_requests(day) == []
    await day.does("care_plan", f"{plan}/review", PAUL, result="continue", next_review="2027-10-18")
    await day.at("2027-09-28 09:00")
    assert len(open_requests(day)) == 1, "the next one is asked for anew"
    await day.ends()


async def test_a_review_that_nobody_booked_is_asked_for_once(day: HardDay) -> None:
    """It was held without a visit; the next one falls due before a date was found for the first."""
    plan: str = day.plan  # type: ignore[attr-defined]
    await day.at("2027-05-03 09:00")
    await day.does("care_plan", f"/pifu/{plan.removeprefix('/plans/')}/use", CORA)
    [asked] = open_requests(day)
    for now, following in (("2027-05-10 09:00", "2027-06-07"), ("2027-05-31 09:00", "2027-06-28")):
        await day.at(now)
        await day.does("care_plan", f"{plan}/review", PAUL, result="continue", next_review=following)
    await day.at("2027-06-08 09:00")
    assert open_requests(day) == [asked]
    await day.ends()


async def test_the_patient_hears_a_month_before_and_somebody_ends_it(day: HardDay) -> None:
    await day.at("2027-08-11 12:00")
    told = [line for line in day.told("Ana") if "PIFU_ENDING_PT" in line]
    assert [line.split()[0] for line in told] == ["07-10"]
    assert "coordination PIFU_EXPIRY routine 08-17 17:00" in day.work("Ana")
    await day.ends()

"""What is held goes on where it stood: a plan, an activity, a case before the team, a discharge that is declined."""

import pytest

from tests.support.hard_days import CORA, FAY, PAUL, HardDay

pytestmark = pytest.mark.wide
HELD = {"reason": "operation", "review_on": "2027-04-20"}


async def offered(day: HardDay, *days: str) -> tuple[str, str]:
    """Two mornings in physiotherapy: the path of the offer, and its first start."""
    slots = [day.slot(FAY, f"2027-{each} 09:00") for each in days]
    path = f"/booking-requests/{day.wish('Ana', 'session')}/offers"
    made = await day.does("scheduling", path, CORA, slots=slots, mode="phone")
    return f"/offers/{made['offer_id']}/accept", slots[0]["start"]


async def test_a_day_of_pauses() -> None:
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_2")
    visit = await day.books("Ana", "2027-02-09 09:00")
    await day.at("2027-02-09 09:00")
    await day.sees(visit)

    # The team needs not hear of her: nobody lists or prepares the case any more
    assert [row["item_type"] for row in day.rows("MDT_LIST")] == ["MDT_LIST"]
    case = f"/mdt/cases/{day.last('mdt_case_requested').subject}"
    await day.does("care_plan", f"{case}/withdraw", CORA, reason="not_needed")
    assert not day.rows("MDT_LIST") and day.last("mdt_case_withdrawn").fact["reason"] == "not_needed"
    assert (await day.reads("care_plan", case, PAUL))["status"] == "withdrawn"

    # A plan on hold: nobody is asked to choose a date, and what was offered is free for others
    made = await day.plans("Ana")
    plan, activity = f"/plans/{made['plan_id']}", f"/activities/{made['activity_ids'][0]}"
    await day.does("care_plan", f"{activity}/accept", FAY)
    accept, start = await offered(day, "03-01", "03-03")
    await day.does("care_plan", f"{plan}/hold", PAUL, **HELD)
    assert (await day.reads("care_plan", plan, PAUL))["status"] == "on-hold"
    assert day.last("offer_expired").fact["counts"] is False
    assert await day.refused("scheduling", accept, "Ana", start=start) == "not-found"
    body = {"slots": [day.slot(FAY, "2027-03-01 09:00")]}
    assert await day.refused("scheduling", slots_of(day), CORA, **body) == "on-hold"

    # Its review is announced before its day; who looks takes it up again. The activity that pauses waits on
    await day.does("care_plan", f"{activity}/pause", FAY, reason="illness")
    assert (await day.reads("care_plan", activity, FAY))["activity_status"] == "on-hold"
    await day.at("2027-03-31 09:00")
    assert day.rows("PLAN_REVIEW")
    await day.does("care_plan", f"{plan}/resume", PAUL)
    assert (await day.reads("care_plan", plan, PAUL))["status"] == "active"
    body = {"slots": [day.slot(FAY, "2027-04-12 09:00")]}
    assert await day.refused("scheduling", slots_of(day), CORA, **body) == "on-hold"
    assert "coordination BOOK_VISIT routine session" in day.work("Ana"), "nobody is late with it meanwhile"
    await day.does("care_plan", f"{activity}/resume", FAY)
    assert "coordination BOOK_VISIT routine 04-07 17:00 session" in day.work("Ana")
    assert (await day.reads("care_plan", activity, FAY))["status"] == "accepted"

    # An activity that pauses takes back what was offered for it
    accept, start = await offered(day, "04-14", "04-16")
    await day.does("care_plan", f"{activity}/pause", FAY, reason="illness")
    assert await day.refused("scheduling", accept, "Ana", start=start) == "not-found"
    await day.does("care_plan", f"{activity}/resume", FAY)
    await day.does("scheduling", slots_of(day), CORA, **body)

    # Discharge is declined: the plan goes on, and somebody looks again when a first review would be
    await day.does("care_plan", f"{plan}/review", PAUL, result="discharge")
    assert day.rows("DISCHARGE_CHECK") and not day.rows("PLAN_REVIEW")
    await day.does("care_plan", f"{plan}/discharge/decline", PAUL, reason="not_ready")
    assert not day.rows("DISCHARGE_CHECK")
    assert day.last("discharge_declined").fact["next_review"] == "2027-05-12"
    await day.at("2027-04-22 09:00")
    assert [line for line in day.work("Ana") if "PLAN_REVIEW" in line] == [
        "medical PLAN_REVIEW routine 05-12 17:00"
    ]
    assert "03-31 09:30 APPT_CONFIRMED sent" in day.told("Ana")
    await day.ends()


def slots_of(day: HardDay) -> str:
    return f"/booking-requests/{day.wish('Ana', 'session')}/appointments"

"""Answers that come when care has ended: they are heard, and somebody looks at them."""

import pytest

from tests.support.hard_days import LEAVING, LETTER, PAUL, HardDay

WORSE = {"peg": [10, 10, 10], "phq9": [3] * 8 + [0]}
LATE = WORSE | {"phq9": [3] * 9}


async def answers_before(day: HardDay) -> None:
    """What later answers are compared with."""
    asked = {"occasion": "baseline", "instruments": ["peg"], "due_on": day.today, **day.whose("Ana")}
    made = await day.does("care_plan", "/measure-requests", PAUL, **asked)
    path = f"/measure-requests/{made['request_id']}/answers"
    await day.does("care_plan", path, "Ana", answers={"peg": [3, 3, 3]})


@pytest.fixture
async def day() -> HardDay:
    """Ana was asked for a review, has not answered, and was discharged."""
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_2")
    visit = await day.books("Ana", "2027-02-09 09:00")
    await answers_before(day)
    await day.at("2027-02-09 09:00")
    await day.sees(visit)
    plan = f"/plans/{(await day.plans('Ana'))['plan_id']}"
    asked = {"occasion": "review", "instruments": ["peg", "phq9"], "due_on": "2027-03-01"}
    await day.does("care_plan", "/measure-requests", PAUL, **asked, **day.whose("Ana"))
    await day.at("2027-02-22 09:00")
    await day.does("care_plan", f"{plan}/review", PAUL, result="discharge")
    await day.does("care_plan", f"{plan}/discharge/letter/sign", PAUL, **LETTER)
    await day.does("care_plan", f"{plan}/discharge", PAUL, reason="COMPLETED_GOALS", to="referrer", **LEAVING)
    assert await day.status("Ana") == "completed"
    await day.at("2027-02-23 10:00")
    return day


def asked_last(day: HardDay) -> str:
    [request] = [
        fact.subject
        for fact in day.facts_of("measure_requested")
        if fact.fact["instruments"] == ["peg", "phq9"] and fact.fact["due_on"] == "2027-03-01"
    ]
    return f"/measure-requests/{request}/answers"


async def test_a_positive_item_9_after_the_discharge_raises_the_alert_and_calls_somebody(
    day: HardDay,
) -> None:
    """OUT-01"""
    await day.called()
    await day.does("care_plan", asked_last(day), "Ana", answers=LATE)
    assert day.last("safety_alert_raised").fact["code"] == "suicide_risk"
    assert "SAFETY_ALERT" in " ".join(day.work("Ana"))
    assert await day.called()
    await day.ends()


async def test_scores_that_come_after_the_discharge_are_looked_at_like_others(day: HardDay) -> None:
    """OUT-02, OUT-04: the queues that look at them during care do so afterwards."""
    await day.does("care_plan", asked_last(day), "Ana", answers=WORSE)
    found = [line.rsplit(" ", 1)[0].split()[:2] for line in day.work("Ana")]
    assert ["psychology", "SCORE_REVIEW"] in found
    assert ["medical", "SCORE_WORSE"] in found
    await day.at("2027-03-02 09:00")
    assert {"SCORE_REVIEW", "SCORE_WORSE"} <= {row["item_type"] for row in day.rows()}, (
        "nobody cleans them up"
    )
    await day.ends()

"""What is decided in the care plan moves the queues and the dates of the other services."""

from typing import Any

import pytest

from schemas.topics import queue_topic
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.ward import COORDINATOR, HERS, PHYSIOTHERAPIST, Ward


@pytest.fixture
async def ward() -> Ward:
    return await Ward(beside=(SCHEDULING, WORKLIST)).open()


def items(ward: Ward, queue: Any, item_type: str) -> list[Any]:
    return [row for row in ward.clinic.table(queue_topic(queue)).values() if row["item_type"] == item_type]


async def test_extending_adds_sessions_and_they_are_to_be_booked(ward: Ward) -> None:
    [activity] = (
        await ward.plan(activities=[{"discipline": "physiotherapy", "kind": "tens_trial", "sessions": 2}])
    )["activity_ids"]
    path = f"/activities/{activity}"
    await ward.asks(f"{path}/accept", PHYSIOTHERAPIST)
    for _ in range(2):
        await ward.asks(f"{path}/sessions", PHYSIOTHERAPIST)
    assert items(ward, "physiotherapy", "ACT_REVIEW")
    assert await ward.refuses(f"{path}/review", PHYSIOTHERAPIST, decision="extend") == "no-sessions"
    await ward.asks(f"{path}/review", PHYSIOTHERAPIST, decision="extend", sessions=4)
    assert not items(ward, "physiotherapy", "ACT_REVIEW")
    asked = ward.last("booking_requested").fact
    assert (asked["purpose"], asked["count"], asked["activity_id"]) == ("session", 4, activity)
    for _ in range(4):
        await ward.asks(f"{path}/sessions", PHYSIOTHERAPIST)
    assert ward.last("session_completed").fact["of"] == 6
    assert await ward.refuses(f"{path}/sessions", PHYSIOTHERAPIST) == "sessions-used-up"


async def test_the_cases_of_a_cancelled_meeting_are_to_be_listed_again(ward: Ward) -> None:
    ids = await ward.in_session()
    made = await ward.asks("/mdt/meetings", COORDINATOR, start="2027-03-04T18:00:00Z")
    await ward.asks(f"/mdt/cases/{ids['case']}/defer", COORDINATOR, reason="no_time")
    await ward.asks(f"/mdt/cases/{ids['case']}/list", COORDINATOR, **made, prep_queues=["medical"])
    assert not items(ward, "coordination", "MDT_LIST") and items(ward, "medical", "MDT_PREP")
    await ward.asks(f"/mdt/meetings/{made['meeting_id']}/cancel", COORDINATOR, reason="holiday")
    assert items(ward, "coordination", "MDT_LIST") and not items(ward, "medical", "MDT_PREP")


async def test_an_action_of_the_team_says_whose_it_is_and_ends_with_the_referral(ward: Ward) -> None:
    ids = await ward.in_session()
    action = {"owner_queue": "medical", "due_on": "2027-02-26", "text": "Activate the plan."}
    said: dict[str, Any] = {"decision": "programme", "summary": "Yes.", "attendees": [], "actions": [action]}
    waived = {"quorum_waived_by": ward.clinic.staff("maya.stein"), "meeting_id": ids["meeting"]}
    await ward.asks(f"/mdt/cases/{ids['case']}/decide", **said, **waived)
    [row] = items(ward, "medical", "MDT_ACTION")
    assert {name: row[name] for name in HERS} == HERS


async def test_a_warning_that_comes_again_after_somebody_took_it_up_is_due_anew(ward: Ward) -> None:
    await positive(ward)
    [row] = items(ward, "psychology", "SAFETY_ALERT")
    await ward.clinic.at("2027-02-25 14:50")
    path = f"/items/{row['item_id']}"
    seen = await ward.clinic.ask("GET", "worklist", path, "priya.nair")
    etag = {"if-match": f'"{seen["version"]}"'}
    await ward.clinic.ask("POST", "worklist", f"{path}/claim", "priya.nair", headers=etag)
    await ward.clinic.at("2027-02-25 15:01")
    await positive(ward)
    [again] = items(ward, "psychology", "SAFETY_ALERT")
    assert (row["due_at"], again["due_at"]) == ("2027-02-25T22:00:00Z", "2027-02-25T22:01:00Z")


async def positive(ward: Ward) -> None:
    asked: dict[str, Any] = {"occasion": "review", "instruments": ["phq9"], "due_on": "2027-03-20", **HERS}
    made = await ward.asks("/measure-requests", **asked)
    await ward.asks(f"/measure-requests/{made['request_id']}/answers", answers={"phq9": [0] * 8 + [1]})

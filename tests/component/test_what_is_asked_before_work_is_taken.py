"""What a discipline has to know before it takes work on is asked for, and is somebody's work until it is answered."""

from typing import Any

import pytest

from schemas.topics import queue_topic
from services.worklist.service import SERVICE as WORKLIST
from tests.support.ward import COORDINATOR, PHYSIOTHERAPIST, Ward

HISTORY = {"whom": "coordination", "what": "equipment_at_home"}


@pytest.fixture
async def ward() -> Ward:
    return await Ward(beside=(WORKLIST,)).open()


async def ordered(ward: Ward) -> str:
    [activity] = (await ward.plan())["activity_ids"]
    return f"/activities/{activity}"


def asked(ward: Ward, queue: Any = "coordination") -> list[str]:
    rows = ward.clinic.table(queue_topic(queue)).values()
    return [row["item_type"] for row in rows if row["item_type"] in ("ACT_INFO", "ACT_ACCEPT")]


async def test_work_is_not_taken_before_what_is_missing_was_provided(ward: Ward) -> None:
    work = await ordered(ward)
    await ward.asks(f"{work}/question", PHYSIOTHERAPIST, **HISTORY)
    assert asked(ward) == ["ACT_INFO"] and asked(ward, "physiotherapy") == ["ACT_ACCEPT"]
    assert await ward.refuses(f"{work}/accept", PHYSIOTHERAPIST) == "question-open"
    assert await ward.refuses(f"{work}/accept", PHYSIOTHERAPIST, without_missing=True) == "question-open"
    await ward.asks(f"{work}/question/end", COORDINATOR, result="completed")
    assert not asked(ward)
    await ward.asks(f"{work}/accept", PHYSIOTHERAPIST)
    assert "without" not in ward.last("activity_accepted").fact


async def test_only_who_was_asked_answers(ward: Ward) -> None:
    work = await ordered(ward)
    assert (await ward.tries(f"{work}/question", COORDINATOR, **HISTORY)).status_code == 403
    await ward.asks(f"{work}/question", PHYSIOTHERAPIST, whom="medical", what="risks")
    assert (await ward.tries(f"{work}/question/end", PHYSIOTHERAPIST, result="completed")).status_code == 403
    await ward.asks(f"{work}/question/end", result="completed")
    assert await ward.refuses(f"{work}/question/end", PHYSIOTHERAPIST, result="failed") == "nothing-asked"


async def test_what_could_not_be_had_is_asked_again_or_gone_without_by_name(ward: Ward) -> None:
    work = await ordered(ward)
    await ward.asks(f"{work}/question", PHYSIOTHERAPIST, **HISTORY)
    await ward.asks(f"{work}/question/end", COORDINATOR, result="failed")
    assert await ward.refuses(f"{work}/accept", PHYSIOTHERAPIST) == "information-missing"
    await ward.asks(f"{work}/question", PHYSIOTHERAPIST, **HISTORY)
    await ward.asks(f"{work}/question/end", COORDINATOR, result="failed")
    await ward.asks(f"{work}/accept", PHYSIOTHERAPIST, without_missing=True)
    accepted = ward.last("activity_accepted").fact
    assert accepted["without"] == ["equipment_at_home"]
    assert accepted["owner_id"] == ward.clinic.staff(PHYSIOTHERAPIST)


async def test_one_thing_is_asked_at_a_time_and_only_before_the_work_is_taken(ward: Ward) -> None:
    work = await ordered(ward)
    await ward.asks(f"{work}/question", PHYSIOTHERAPIST, **HISTORY)
    other = {**HISTORY, "what": "history"}
    assert await ward.refuses(f"{work}/question", PHYSIOTHERAPIST, **other) == "question-open"
    await ward.asks(f"{work}/question/end", COORDINATOR, result="completed")
    await ward.asks(f"{work}/accept", PHYSIOTHERAPIST)
    assert (await ward.tries(f"{work}/question", PHYSIOTHERAPIST, **other)).status_code == 409


@pytest.mark.parametrize("how", ["decline", "cancel", "revoke"])
async def test_nobody_is_asked_any_more_for_work_that_is_off(ward: Ward, how: str) -> None:
    plan = await ward.plan()
    work = f"/activities/{plan['activity_ids'][0]}"
    await ward.asks(f"{work}/question", PHYSIOTHERAPIST, **HISTORY)
    path, who = {
        "decline": (f"{work}/decline", PHYSIOTHERAPIST),
        "cancel": (f"{work}/cancel", COORDINATOR),
        "revoke": (f"/plans/{plan['plan_id']}/revoke", "paul.okafor"),
    }[how]
    await ward.asks(path, who, reason="patient_declined")
    assert ward.last("activity_information_ended").fact["result"] == "withdrawn"
    assert not asked(ward) and not asked(ward, "physiotherapy")

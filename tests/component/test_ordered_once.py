"""What is ordered and open is not ordered once more by mistake: the earlier one is named. Who wants both says so."""

from typing import Any

import pytest

from tests.support.walks.care_plan import update
from tests.support.ward import EXERCISE, GOAL, HERS, PHYSICIAN, PHYSIOTHERAPIST, Ward

OTHER = {**EXERCISE, "kind": "hydrotherapy"}
AGAIN = {**EXERCISE, "again": True}


@pytest.fixture
async def ward() -> Ward:
    return await Ward().open()


def ordered(ward: Ward) -> int:
    return sum(fact.name == "activity_ordered" for fact in ward.clinic.facts())


async def test_a_draft_plans_nothing_twice(ward: Ward) -> None:
    draft: dict[str, Any] = {**HERS, "goals": [GOAL]}
    assert await ward.refuses("/plans", **draft, activities=[EXERCISE, OTHER, EXERCISE]) == "already-ordered"
    await ward.plan(activities=[EXERCISE, OTHER, AGAIN])
    assert ordered(ward) == 3


async def test_a_change_orders_nothing_that_is_open(ward: Ward) -> None:
    plan = await ward.plan()
    [first] = plan["activity_ids"]
    change = {"reason": "More.", "activities_add": [EXERCISE]}
    refused = await update(ward, plan["plan_id"], change)
    assert refused.status_code == 409 and first in refused.json()["detail"]
    assert (await update(ward, plan["plan_id"], {**change, "activities_add": [AGAIN]})).status_code == 200
    assert ordered(ward) == 2


async def test_another_plan_of_the_referral_neither(ward: Ward) -> None:
    await ward.plan()
    other = await ward.plan(active=False)
    path = f"/plans/{other['plan_id']}/activate"
    assert await ward.refuses(path, patient_agreement=True) == "already-ordered"


@pytest.mark.parametrize("ended", [True, False])
async def test_what_has_ended_is_ordered_anew_and_what_is_open_is_not_replaced(
    ward: Ward, ended: bool
) -> None:
    plan = await ward.plan()
    [first] = plan["activity_ids"]
    if ended:
        await ward.asks(f"/activities/{first}/decline", PHYSIOTHERAPIST, reason="no_capacity")
    change = {"reason": "Instead.", "activities_add": [{**EXERCISE, "replaces": first}]}
    answer = await update(ward, plan["plan_id"], change)
    assert answer.status_code == (200 if ended else 409)
    assert ended or answer.json()["type"].endswith("still-open")


async def test_an_edit_that_is_sent_again_orders_once(ward: Ward) -> None:
    plan = await ward.plan()
    path, change = f"/plans/{plan['plan_id']}", {"reason": "More.", "activities_add": [OTHER]}
    seen = {"if-match": (await ward.reads(path)).headers["etag"], "idempotency-key": "the same"}
    for _ in range(2):
        answer = await ward.clinic.request("PATCH", "care_plan", path, PHYSICIAN, json=change, headers=seen)
        assert answer.status_code == 200
    assert ordered(ward) == 2

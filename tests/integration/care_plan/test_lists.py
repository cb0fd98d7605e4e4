"""What the care plan service lists by its own SQL, on a real PostgreSQL: the plan that runs, and meetings ahead."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from backbone.engine.generic import kinds_of
from backbone.store.postgres import PostgresStore, open_pool
from services.care_plan.service import SERVICE
from tests.support.databases import Databases
from tests.support.feed import PATIENT
from tests.support.ward import COORDINATOR, OTHER_PATIENT, Ward

PLAN, OTHERS_PLAN = f"/patients/{PATIENT}/plan", f"/patients/{OTHER_PATIENT}/plan"


@pytest.fixture
async def ward(databases: Databases) -> AsyncIterator[Ward]:
    assert SERVICE.migrations is not None
    pool = await open_pool(await databases.new("care_plan", folders=[SERVICE.migrations]))
    yield await Ward(PostgresStore(pool, kinds_of(SERVICE))).open()
    await pool.close()


async def test_the_running_plan_is_shown_before_one_that_changed_later(ward: Ward) -> None:
    ended = (await ward.plan())["plan_id"]
    await ward.asks(f"/plans/{ended}/revoke", reason="entered_in_error")
    assert (await ward.reads(PLAN)).json()["id"] == ended, "the last, where none runs"
    running = (await ward.plan())["plan_id"]
    async with ward.clinic.system.workers[SERVICE.name].store.connection() as connection:
        changed = await connection.execute(
            "UPDATE care_plan SET updated_at = now() + interval '1 hour' WHERE id = $1", ended
        )
    assert changed == "UPDATE 1"
    assert (await ward.reads(PLAN)).json()["id"] == running
    assert (await ward.reads(OTHERS_PLAN)).status_code == 404


async def meetings(ward: Ward) -> list[tuple[str, str]]:
    listed: list[dict[str, Any]] = (await ward.reads("/mdt/meetings", COORDINATOR)).json()["meetings"]
    return [(each["start"], each["id"]) for each in listed]


async def test_meetings_ahead_stand_in_order_of_start_then_id_and_those_that_are_over_not_at_all(
    ward: Ward,
) -> None:
    assert await meetings(ward) == []
    starts = ("2027-03-04T18:00:00Z", "2027-02-25T18:00:00Z", "2027-03-04T18:00:00Z", "2027-03-01T17:30:00Z")
    made = [
        (start, (await ward.asks("/mdt/meetings", COORDINATOR, start=start))["meeting_id"])
        for start in starts
    ]
    assert await meetings(ward) == sorted(made)
    await ward.asks(f"/mdt/meetings/{made[1][1]}/open")
    await ward.asks(f"/mdt/meetings/{made[3][1]}/cancel", COORDINATOR, reason="staff_absent")
    assert await meetings(ward) == sorted([made[0], made[1], made[2]])

"""Timers of another number of lanes are put into those that fire them."""

from datetime import UTC, datetime

from backbone.ids import ROOT, derive, partition_of
from backbone.store.postgres import open_pool
from backbone.store.relaning import put_into_lanes
from tests.support.databases import Databases

DUE = datetime(2027, 1, 4, tzinfo=UTC)
KEYS = [derive(ROOT, f"patient {number}") for number in range(40)]
SET = """
INSERT INTO timer (aggregate_kind, aggregate_id, name, lane, due, lane_key, command)
VALUES ('box', $1::text::uuid, 'hold', $2, $3, $4::text::uuid, '')
"""


async def test_all_that_stand_elsewhere_are_moved_once_and_those_of_no_patient_by_their_own_id(
    sample_database,
):
    pool = await open_pool(Databases.as_who_runs(sample_database))
    for number, key in enumerate(KEYS):
        of_a_patient = number % 2 == 0
        identity = derive(key, "box") if of_a_patient else key
        await pool.execute(SET, identity, partition_of(key, 12), DUE, key if of_a_patient else None)
    async with pool.acquire() as connection:
        moved = [await put_into_lanes(connection, lanes) for lanes in (12, 24, 24, 12)]
        await put_into_lanes(connection, 24)
    rows = await pool.fetch("SELECT lane, coalesce(lane_key, aggregate_id)::text AS key FROM timer")
    await pool.close()
    elsewhere = sum(partition_of(key, 12) != partition_of(key, 24) for key in KEYS)
    assert moved == [0, elsewhere, 0, elsewhere] and elsewhere
    assert {row["key"]: row["lane"] for row in rows} == {key: partition_of(key, 24) for key in KEYS}

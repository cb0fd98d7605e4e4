"""Timers stand in lanes by number: where that of lanes has changed, they are put into those that fire them now."""

from typing import Any

from backbone.ids import partition_of

AT_ONCE = 5_000

TIMERS = (
    "SELECT aggregate_kind, aggregate_id::text, name, lane, coalesce(lane_key, aggregate_id)::text FROM timer"
)

# One that was fired or set anew meanwhile is left alone: whoever did that knew the lane.
MOVE = """
UPDATE timer SET lane = moved.lane
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::int[]) AS moved (kind, id, name, before, lane)
WHERE timer.aggregate_kind = moved.kind AND timer.aggregate_id = moved.id AND timer.name = moved.name
  AND timer.lane = moved.before
"""


async def put_into_lanes(connection: Any, lanes: int) -> int:
    """How many timers stood in another. `connection`: of asyncpg."""
    moved = 0
    async with connection.transaction():
        found = []
        async for kind, identity, name, lane, key in connection.cursor(TIMERS, prefetch=AT_ONCE):
            if lane != (wanted := partition_of(key, lanes)):
                found.append((kind, identity, name, lane, wanted))
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            await connection.execute(MOVE, *(list(column) for column in zip(*some, strict=True)))
            moved += len(some)
    return moved

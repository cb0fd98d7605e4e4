"""An installation with data gets more lanes: what is about one patient stays in order, and every timer has a lane."""

from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest

from backbone.errors import Fatal
from backbone.ids import partition_of
from cli.lanes import grow
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import all_topics
from tests.chaos.generator import Scale, records
from tests.chaos.ledger import Output, problems
from tests.chaos.load import outputs, send, settled
from tests.support.local_system import LocalSystem

SCALE = Scale(2_000, 60, poison=0)
BEFORE, AFTER = 4, 6
TIMERS = "SELECT lane, coalesce(lane_key, aggregate_id)::text FROM timer"


@pytest.mark.long
async def test_more_lanes(empty_kafka: Kafka, postgres: Postgres, playground: Path) -> None:
    folder = playground / "lanes"
    folder.mkdir()
    system = LocalSystem(empty_kafka, postgres, folder, laned=BEFORE)
    try:
        await system.prepare("worklist", suffix="_lanes")
        worker = system.worker("worklist")
        await system.ready(worker, seconds=120)
        made = list(records(SCALE, 20270104))
        await send(system, made[:1_000])
        await settled(system, [worker])
        with pytest.raises(Fatal, match="worklist runs"):
            await more(system)
        before = await outputs(system)
        assert worker.end(30) == 0
        await send(system, made[1_000:1_001])
        with pytest.raises(Fatal, match="worklist has 1 records to handle"):
            await more(system)
        worker.start()
        await settled(system, [worker])
        assert worker.end(30) == 0
        assert "worklist.events" in await more(system)
        assert await more(system) == []
        worker.start(HUDDLE_PARTITIONS=str(AFTER))
        await system.ready(worker, seconds=120)
        await send(system, made[1_001:])
        await settled(system, [worker])
        after = await outputs(system)
        assert problems([record.entry for record in made], in_order(before, after)) == []
        timers = await lanes_of_timers(system)
        assert timers and all(lane == partition_of(key, AFTER) for lane, key in timers)
    finally:
        await system.close()


async def more(system: LocalSystem) -> list[str]:
    urls = {"worklist": system.database("worklist")}
    return await grow(system.kafka.brokers, AFTER, all_topics(), urls)


def in_order(before: Sequence[Output], after: Sequence[Output]) -> list[Output]:
    """Within a partition Kafka has the order; what was told in the old ones came before."""
    known = {output.id for output in before}
    return [*before, *(output for output in after if output.id not in known)]


async def lanes_of_timers(system: LocalSystem) -> list[tuple[int, str]]:
    connection = await asyncpg.connect(system.database("worklist"))
    try:
        return [(row[0], row[1]) for row in await connection.fetch(TIMERS)]
    finally:
        await connection.close()

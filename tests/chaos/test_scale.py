"""Three processes of one service share its partitions. One is stopped, one killed, one joins: nothing is lost, done
twice or out of order, and a page that somebody looks at goes on."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import pytest

from cli.people import members
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from tests.chaos.generator import Scale, records
from tests.chaos.ledger import problems
from tests.chaos.load import outputs, send, settled
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.open_view import OpenView

SCALE = Scale(4_000, 100, poison=0)
FIRST = 500
OPEN = "SELECT key FROM live_row WHERE topic LIKE 'worklist.queue.%'"


@pytest.mark.long
async def test_three_processes_while_one_is_stopped_one_killed_and_one_joins(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder = playground / "scale"
    folder.mkdir()
    system = LocalSystem(empty_kafka, postgres, folder)
    looking: list[asyncio.Future[None]] = []
    try:
        await system.prepare("worklist", suffix="_scale")
        workers = [system.worker("worklist") for _ in range(3)]
        await system.ready(*workers, seconds=120)
        made = list(records(SCALE, 20270104))
        await send(system, made[:FIRST])  # what a view resumes from is there
        await settled(system, workers)
        views = [
            OpenView([each.url for each in (*workers[at:], *workers[:at])], staff(system)) for at in range(3)
        ]
        looking += [asyncio.ensure_future(view.stay_open()) for view in views]
        _, going_on = await asyncio.gather(send(system, made[FIRST:]), change(system, workers))
        await settled(system, going_on)
        assert problems([record.entry for record in made], await outputs(system)) == []
        await seen(system, views)
        assert [view.resets for view in views] == [1, 1, 1], (
            "who comes back is told what is new, not all again"
        )
        print(
            f"\n{len(made)} records, lines {[view.lines for view in views]}, {len(views[0].rows)} rows each"
        )
    finally:
        for each in looking:
            each.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        await system.close()


def staff(system: LocalSystem) -> Mapping[str, str]:
    [cora] = [member for member in members() if member.login == "cora.lind"]
    return system.headers(cora.id, roles=list(cora.roles), disciplines=list(cora.disciplines))


async def change(system: LocalSystem, workers: Sequence[Worker]) -> list[Worker]:
    """Those that are left."""
    stopped, killed, staying = workers
    await asyncio.sleep(2)
    assert await asyncio.to_thread(stopped.end, 30) == 0, stopped.tail()
    await asyncio.sleep(2)
    joining = system.worker("worklist")
    await system.ready(joining, seconds=120)
    killed.kill()
    await asyncio.sleep(8)
    return [staying, joining]


async def seen(system: LocalSystem, views: Sequence[OpenView]) -> None:
    """Each page shows the rows that there are."""
    connection = await asyncpg.connect(system.database("worklist"))
    try:
        there = {row["key"] for row in await connection.fetch(OPEN)}
    finally:
        await connection.close()
    assert there

    async def all_there() -> bool:
        return all(view.rows.keys() == there for view in views)

    await until(all_there, 30, lambda: str([len(view.rows.keys() ^ there) for view in views]))

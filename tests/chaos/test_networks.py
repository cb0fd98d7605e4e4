"""The network between a process and the broker, or its database, is cut for longer than every time-out, while records
come. No end is told, and what was on its way arrives late. Nothing is lost, done twice or out of order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backbone.store.postgres import COMMAND_SECONDS
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from tests.chaos.generator import Record, Scale, records
from tests.chaos.ledger import problems
from tests.chaos.load import outputs, send, settled
from tests.chaos.test_full_disks import says
from tests.support.cable import Cable, CutLoopback, through
from tests.support.local_system import LocalSystem, Worker
from tests.support.loopback import between

SCALE = Scale(12_000, 200, poison=0)
PARTS = 12
"""Of what is sent: some before, some while the network is cut, the rest afterwards."""
CUT_SECONDS = COMMAND_SECONDS + 10
"""The patience of a statement is the longest; transactions, sessions of members and idle transactions have less."""
UNREACHED = {"broker": ("kafka:", "outbox:"), "database": ("database:",)}


@asynccontextmanager
async def reached(system: LocalSystem, database: str) -> AsyncIterator[tuple[Worker, dict[str, Cable]]]:
    """A worker that reaches everything over cables of its own."""
    cables = {name: Cable() for name in UNREACHED}
    kafka, postgres = system.kafka, system.postgres
    async with (
        between(kafka.port, CutLoopback(cables["broker"])) as bootstrap,
        through(cables["database"], postgres.port) as port,
    ):
        url = postgres.url(database, role="worklist").replace(f":{postgres.port}/", f":{port}/")
        yield system.worker("worklist", HUDDLE_KAFKA=bootstrap, HUDDLE_DATABASE_URL=url), cables


@pytest.mark.long
@pytest.mark.parametrize("end", UNREACHED)
@pytest.mark.parametrize("everyone", [False, True], ids=["one", "all"])
async def test_the_network_is_cut(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, end: str, everyone: bool
) -> None:
    name = f"network_{end}_{'all' if everyone else 'one'}"
    folder = playground / name
    folder.mkdir()
    system = LocalSystem(empty_kafka, postgres, folder)
    try:
        await system.prepare("worklist", suffix=f"_{name}")
        async with reached(system, f"worklist_{name}") as one, reached(system, f"worklist_{name}") as two:
            workers = [one[0], two[0]]
            await system.ready(*workers, seconds=120)
            made = list(records(SCALE, 20270104))
            cables = [cables[end] for _, cables in ((one, two) if everyone else (one,))]
            told = await asyncio.gather(in_parts(system, made), cut(system, cables, one[0], UNREACHED[end]))
            await settled(system, workers)
            found = await outputs(system)
            assert problems([record.entry for record in made], found) == []
            await system.ready(*workers)
            verified = await system.http.get(f"{workers[0].url}/verification", headers=system.headers())
            assert '"different":0' in verified.text.splitlines()[-1]
            print(
                f"\n{told[1]}\n{len(made)} records, {len(found)} effects: 0 lost, 0 doubled, 0 out of order"
            )
    finally:
        await system.close()


async def in_parts(system: LocalSystem, made: Sequence[Record]) -> None:
    """For longer than the network is cut."""
    size = -(-len(made) // PARTS)
    for first in range(0, len(made), size):
        await send(system, made[first : first + size])
        await asyncio.sleep(1.3 * CUT_SECONDS / PARTS)


async def cut(system: LocalSystem, cables: Sequence[Cable], worker: Worker, what: Sequence[str]) -> str:
    """What the worker said meanwhile."""
    await asyncio.sleep(2)
    for cable in cables:
        cable.cut()
    said, _ = await asyncio.gather(says(worker, system, *what), asyncio.sleep(CUT_SECONDS))
    for cable in cables:
        assert cable.held, "something must have been on its way for this to say anything"
        cable.mend()
    return said

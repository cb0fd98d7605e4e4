"""A disk is full, of the database or of the broker, while records come: each process says so, and when there is room
again and the server runs, all of it is handled once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from tests.chaos.generator import Record, Scale, records
from tests.chaos.ledger import problems
from tests.chaos.load import outputs, send, settled
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.small_disk import SmallDisk, small_disk

SCALE = Scale(4_000, 100, poison=0)
SEGMENTS = "log.segment.bytes=1048576\nlog.index.size.max.bytes=65536\n"


@asynccontextmanager
async def one_worker(kafka: Kafka, postgres: Postgres, folder: Path) -> AsyncIterator[LocalSystem]:
    folder.mkdir()
    system = LocalSystem(kafka, postgres, folder)
    try:
        await system.prepare("worklist", suffix=f"_{folder.name}")
        await system.ready(system.worker("worklist", HUDDLE_OUTBOX_PATIENCE="15"), seconds=120)
        yield system
    finally:
        await system.close()


async def judged(system: LocalSystem, made: Sequence[Record]) -> None:
    await settled(system, system.workers)
    assert problems([record.entry for record in made], await outputs(system)) == []
    await system.ready(*system.workers)


async def says(worker: Worker, system: LocalSystem, *what: str) -> str:
    """It is not ready, for one of these reasons; the answer."""
    answers: list[str] = []

    async def said() -> bool:
        try:
            answer = await system.http.get(f"{worker.url}/readyz")
        except httpx.HTTPError:
            return False
        answers.append(answer.text)
        return answer.status_code == 503 and any(each in answer.text for each in what)

    await until(said, 120, lambda: f"{answers[-1:]}\n{worker.tail()}")
    return answers[-1]


@pytest.mark.long
async def test_the_database_has_no_room(empty_kafka: Kafka, playground: Path) -> None:
    with small_disk(playground / "small-database") as disk:
        postgres = Postgres(disk.folder / "server")
        postgres.start()
        try:
            async with one_worker(empty_kafka, postgres, playground / "full_database") as system:
                made = await half(system, disk)
                print(await says(system.workers[0], system, "DiskFullError", "database:"))
                disk.clear()
                if not postgres.running():
                    postgres.start()
                await judged(system, made)
        finally:
            postgres.stop("immediate")


@pytest.mark.long
async def test_the_broker_has_no_room(postgres: Postgres, playground: Path) -> None:
    with small_disk(playground / "small-broker") as disk:
        kafka = Kafka(disk.folder / "broker", cache(), more=SEGMENTS)
        kafka.start()
        try:
            async with one_worker(kafka, postgres, playground / "full_broker") as system:
                made = list(records(SCALE, 20270104))
                sending = asyncio.ensure_future(send(system, made))
                await asyncio.sleep(2)
                disk.fill()
                print(await says(system.workers[0], system, "outbox:", "kafka:"))
                disk.clear()
                if not kafka.running():
                    kafka.start()
                await sending
                await judged(system, made)
        finally:
            kafka.kill()


async def half(system: LocalSystem, disk: SmallDisk) -> list[Record]:
    """Some are handled before the disk is full, the others come after."""
    made = list(records(SCALE, 20270104))
    await send(system, made[:500])
    disk.fill()
    await send(system, made[500:])
    return made

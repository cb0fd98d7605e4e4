"""What happens to machines while records come: the clock of one jumps by an hour and back; all certificates are
replaced, and who signs them. Nothing is lost, done twice or out of order."""

import asyncio
import shutil
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from backbone.brokers import Brokers
from cli.authority import Authority
from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from tests.chaos.generator import Scale, records
from tests.chaos.jumping import CLOCK
from tests.chaos.ledger import problems
from tests.chaos.load import count, outputs, send, settled
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.secured_kafka import ADMIN, SecuredKafka

SCALE = Scale(4_000, 100, poison=0)
HOUR = 3_600


class Certified(SecuredKafka):
    """Everybody is somebody with a certificate, and may do everything."""

    @property
    def brokers(self) -> Brokers:
        return self.known_as(ADMIN)


@pytest.fixture
def certified(playground: Path, unique: str) -> Iterator[Certified]:
    kafka = Certified(playground / f"certified-{unique}", cache(), ())
    yield kafka
    kafka.kill()


@pytest.mark.long
async def test_a_clock_jumps_by_an_hour_and_back(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder = playground / "clocks"
    folder.mkdir()
    system, file = LocalSystem(empty_kafka, postgres, folder), folder / "ahead"
    file.write_text("0")

    async def jump() -> None:
        for seconds in (HOUR, 0, -HOUR, 0):
            file.write_text(str(seconds))
            await asyncio.sleep(2)

    try:
        await system.prepare("worklist", suffix="_clocks")
        workers = [
            system.worker("worklist"),
            system.worker("worklist", "tests.chaos.jumping", **{CLOCK: str(file)}),
        ]
        await judged_while(system, workers, jump())
    finally:
        await system.close()


@pytest.mark.long
async def test_all_certificates_are_replaced(
    certified: Certified, postgres: Postgres, playground: Path
) -> None:
    """First both authorities are trusted, then all get certificates of the new one, then only that is trusted."""
    old, new = certified.authority, Authority(playground / "new-authority", name="the next authority")
    own, key = old.issue(ADMIN)
    after = new.ca.read_bytes()
    old.ca.write_bytes(old.ca.read_bytes() + after)
    certified.start()
    folder = playground / "certificates"
    folder.mkdir()
    system = LocalSystem(certified, postgres, folder)

    async def replace() -> None:
        certificate, its_key = new.issue("broker")
        keystore = certified.home / "authority" / "keystore.pem"
        keystore.write_bytes(its_key.read_bytes() + certificate.read_bytes())
        await again(certified)
        for file, replaced in zip(new.issue(ADMIN), (own, key), strict=True):
            shutil.copyfile(file, replaced)
        await one_by_one(system, workers)
        old.ca.write_bytes(after)
        await one_by_one(system, workers)
        await again(certified)

    try:
        await system.prepare("worklist", suffix="_certificates")
        mine = certified.by_certificate(ADMIN)
        workers = [system.worker("worklist", **mine) for _ in range(2)]
        await judged_while(system, workers, replace())
    finally:
        await system.close()


async def again(kafka: Kafka) -> None:
    kafka.stop()
    kafka.launch()
    await asyncio.to_thread(kafka.wait)


async def one_by_one(system: LocalSystem, workers: Sequence[Worker]) -> None:
    for worker in workers:
        assert await asyncio.to_thread(worker.end, 30) == 0, worker.tail()
        worker.start()
        await system.ready(worker, seconds=120)


async def judged_while(
    system: LocalSystem, workers: Sequence[Worker], happening: Coroutine[Any, Any, None]
) -> None:
    await system.ready(*workers, seconds=120)
    made = list(records(SCALE, 20270104))
    await asyncio.gather(send(system, made), once_it_flows(system, happening))
    await settled(system, workers)
    assert problems([record.entry for record in made], await outputs(system)) == []
    await system.ready(*workers)
    verified = await system.http.get(f"{workers[0].url}/verification", headers=system.headers())
    assert '"different":0' in verified.text.splitlines()[-1]


async def once_it_flows(system: LocalSystem, happening: Coroutine[Any, Any, None]) -> None:
    async def flows() -> bool:
        return await count(system, "journal") > 0

    await until(flows)
    await happening

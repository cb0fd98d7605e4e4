"""Three brokers with each record on all of them: whichever dies under load, the ledger finds nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack.postgres import Postgres
from tests.chaos.generator import Scale, records
from tests.chaos.ledger import problems
from tests.chaos.load import outputs, send, settled
from tests.support.local_system import LocalSystem
from tests.support.three_brokers import COUNT, Node, three_brokers

SCALE = Scale(6_000, 100, poison=0)


@pytest.fixture
def nodes(playground: Path, unique: str) -> Iterator[list[Node]]:
    with three_brokers(playground / unique) as nodes:
        yield nodes


@pytest.mark.long
async def test_one_broker_after_the_other_dies_under_load(nodes, postgres: Postgres, playground: Path):
    folder = playground / "brokers"
    folder.mkdir()
    system = LocalSystem(nodes[0], postgres, folder, copies=COUNT)
    try:
        await system.prepare("worklist", suffix="_brokers")
        workers = [system.worker("worklist", "tests.chaos.worker") for _ in range(2)]
        await system.ready(*workers, seconds=180)
        made = list(records(SCALE, 20270104))
        await asyncio.gather(send(system, made), kill_in_turn(nodes))
        await settled(system, workers)
        inputs = [record.entry for record in made]
        found = await outputs(system)
        assert problems(inputs, found) == []
        print(f"\n{len(made)} records, {len(found)} effects: 0 lost, 0 doubled, 0 out of order")
        for worker in workers:
            assert worker.end() == 0, worker.tail()
    finally:
        await system.close()


async def kill_in_turn(nodes: list[Node]) -> None:
    """Each once, the one that leads the cluster too; the next when the last is back."""
    for node in nodes:
        await asyncio.sleep(2)
        node.kill()
        await asyncio.sleep(5)
        node.launch()
        await asyncio.to_thread(node.wait, 180)
        await asyncio.sleep(5)

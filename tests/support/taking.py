"""What must hold after any record on any topic: the position moved, and nobody else waits."""

from collections.abc import Sequence

from backbone.log.arrivals import Arrivals
from backbone.log.records import Record, Run
from backbone.model import Actor
from tests.support.any_bytes import numbered
from tests.support.memory_system import MemoryWorker
from tests.support.services import ALL

TOPICS = [(service, topic) for service in ALL for topic in sorted(service.topics)]
NAMES = [f"{service.name}-reads-{topic}" for service, topic in TOPICS]
OPERATOR = Actor("user", "99999999-9999-4999-8999-999999999999", "operations")


class Taking:
    """One service takes records of one topic, run after run."""

    def __init__(self, worker: MemoryWorker, topic: str) -> None:
        self.worker = worker
        self.topic = topic
        self.position = 0
        self.parked = 0

    async def take(self, records: Sequence[Record]) -> None:
        """The last one is healthy: it must be handled, whatever came before."""
        consumer = self.worker.consumer
        assert await consumer.position(self.topic, 1, 0, 10**9) == self.position
        run = Run(self.topic, 1, self.position, numbered(records, self.position))
        self.position += len(records)
        assert await consumer.handle(run) == self.position
        [last] = Arrivals(self.worker.engine.service).read(self.topic, 1, run.records[-1:])
        assert last.error is None
        await self.parked_are_worked_off(last.key)
        assert await self.is_handled(last.id)

    async def parked_are_worked_off(self, healthy: str) -> None:
        """Each can be shown, tried again, and skipped."""
        parking = self.worker.parking
        keys = await parking.keys()
        self.parked += len(keys)
        assert healthy not in {found.key for found in keys}
        for found in keys:
            assert found.key.isprintable()
            assert len(await parking.show(found.key)) == found.records
            while (await parking.retry(found.key, OPERATOR)).waiting:
                assert await parking.skip(found.key, OPERATOR)
        assert await parking.keys() == []

    async def is_handled(self, identity: str) -> bool:
        async with self.worker.store.transaction() as tx:
            admission = await tx.admit([identity], ["nobody's"], self.worker.consumer.clock.now())
            await tx.forget(list(admission.fresh))
        return not admission.fresh

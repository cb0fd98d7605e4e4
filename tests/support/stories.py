"""One service alone hears examples of facts, each of many patients in one run; what that takes is counted."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count, islice
from typing import Any

import msgspec

from backbone.ids import ROOT, derive, partition_of
from backbone.log.records import Record, Run
from backbone.model import SYSTEM, Head, Service
from backbone.model.wire import headers_of
from backbone.store.memory import MemoryStore, MemoryTransaction
from config.loading import SHIPPED
from schemas.__main__ import EXAMPLES
from schemas.registry import facts
from tests.support.memory_system import PARTITIONS, MemorySystem
from tests.support.told import at_clinic

SOMEBODY = "11111111-1111-4111-8111-111111111111"
"""Every id in the examples; each patient gets one of their own."""
START = at_clinic("2027-01-04 09:00")


class Counted:
    """A transaction of which every call is counted."""

    def __init__(self, tx: MemoryTransaction, calls: Counter[str]) -> None:
        self._tx, self._calls = tx, calls

    def __getattr__(self, name: str) -> Any:
        self._calls[name] += 1
        return getattr(self._tx, name)


class CountingStore(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        async with super().transaction() as tx:
            yield Counted(tx, self.calls)


def patients(number: int) -> list[str]:
    """Patients of one partition."""
    names = (derive(ROOT, f"patient {n}") for n in count())
    return list(islice((name for name in names if partition_of(name, PARTITIONS) == 0), number))


def told(wire_type: str, sequence: int, who: Iterable[str], *, lane: bool, pathway: bool) -> list[Record]:
    """The same fact of each of them. Without a lane or a pathway it does not say whose it is."""
    example = (EXAMPLES / f"{wire_type}.json").read_text()
    aggregate = facts()[wire_type].aggregate
    records = []
    for patient in who:
        identity, referral = derive(patient, f"{wire_type} {sequence}"), derive(patient, "referral")
        whose = (patient if lane else None, referral if pathway else None)
        about = referral if aggregate == "referral" else patient
        subject = (aggregate, about, sequence, sequence, *whose)
        origin = wire_type.partition(".")[0]
        head = Head(identity, wire_type, origin, START, START, *subject, identity, identity, SYSTEM)
        headers = [(name, text.encode()) for name, text in msgspec.json.decode(headers_of(head)).items()]
        value = example.replace(SOMEBODY, patient).encode()
        records.append(Record(sequence, patient.encode(), value, headers, 0))
    return records


class Story:
    """One service hears facts, each of all patients in one run."""

    def __init__(self, service: Service, number: int, store: Any = None) -> None:
        self.store = store or CountingStore()
        self.system = MemorySystem(START, {service: service.load_rules(SHIPPED)}, {service.name: self.store})
        self.worker = self.system.workers[service.name]
        self.consumer = self.worker.consumer
        self._patients = patients(number)
        self._sequence = count(1)

    async def tell(self, wire_type: str, *, lane: bool = True, pathway: bool = True) -> Counter[str]:
        """The calls that it took."""
        records = told(wire_type, next(self._sequence), self._patients, lane=lane, pathway=pathway)
        topic = f"{wire_type.partition('.')[0]}.events"
        position = await self.consumer.position(topic, 0, 0, 10**9)
        records = [record._replace(offset=position + n) for n, record in enumerate(records)]
        self.store.calls.clear()
        await self.consumer.handle(Run(topic, 0, position, records))
        parked = [
            row.error
            for key in await self.worker.parking.keys()
            for row in await self.worker.parking.show(key.key)
        ]
        assert parked == [], parked[:3]
        return Counter(self.store.calls)

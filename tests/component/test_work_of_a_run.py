"""What a run of many patients costs, over the real services: as many folds and statements as a run of one patient."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import count, islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backbone.engine.fold import Fold
from backbone.ids import ROOT, derive, partition_of
from backbone.log.records import Record, Run
from backbone.model import SYSTEM, Head, Service
from backbone.model.wire import headers_of
from backbone.store.memory import MemoryStore, MemoryTransaction
from config.loading import SHIPPED
from schemas.registry import facts
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_system import PARTITIONS, MemorySystem
from tests.support.told import at_clinic

GOLDEN = Path(__file__).parents[1] / "contract" / "golden"
SOMEBODY = "11111111-1111-4111-8111-111111111111"
"""Every id in the examples; each patient gets one of their own."""
START = at_clinic("2027-01-04 09:00")
SERVICES = (REFERRAL, SCHEDULING, CARE_PLAN, NOTIFICATIONS, WORKLIST)


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


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of works of every fold."""
    seen: list[int] = []
    fold = Fold.run

    def counted(self: Fold, works: Sequence[Any]) -> Any:
        seen.append(len(works))
        return fold(self, works)

    monkeypatch.setattr(Fold, "run", counted)
    return seen


def patients(number: int) -> list[str]:
    """Patients of one partition."""
    names = (derive(ROOT, f"patient {n}") for n in count())
    return list(islice((name for name in names if partition_of(name, PARTITIONS) == 0), number))


def told(wire_type: str, sequence: int, who: Iterable[str]) -> list[Record]:
    """The same fact of each of them."""
    example = (GOLDEN / f"{wire_type}.json").read_text()
    aggregate = facts()[wire_type].aggregate
    records = []
    for patient in who:
        identity = derive(patient, f"{wire_type} {sequence}")
        subject = (aggregate, patient, sequence, sequence, patient, patient)
        origin = wire_type.partition(".")[0]
        head = Head(identity, wire_type, origin, START, START, *subject, identity, identity, SYSTEM)
        headers = [(name, text.encode()) for name, text in msgspec.json.decode(headers_of(head)).items()]
        value = example.replace(SOMEBODY, patient).encode()
        records.append(Record(sequence, patient.encode(), value, headers, 0))
    return records


class Story:
    """One service hears facts, each of all patients in one run."""

    def __init__(self, service: Service, number: int) -> None:
        self.store = CountingStore()
        self.system = MemorySystem(START, {service: service.load_rules(SHIPPED)}, {service.name: self.store})
        self.consumer = self.system.workers[service.name].consumer
        self._patients = patients(number)
        self._sequence = count(1)

    async def tell(self, wire_type: str) -> Counter[str]:
        """The calls that it took."""
        records = told(wire_type, next(self._sequence), self._patients)
        topic = f"{wire_type.partition('.')[0]}.events"
        position = await self.consumer.position(topic, 0, 0, 0)
        records = [record._replace(offset=position + n) for n, record in enumerate(records)]
        self.store.calls.clear()
        await self.consumer.handle(Run(topic, 0, position, records))
        assert not self.store.tables.parked, self.store.tables.parked[0].error
        return Counter(self.store.calls)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_a_run_of_ten_patients_takes_as_many_folds_and_statements_as_a_run_of_one(
    service: Service, folds: list[int]
) -> None:
    """Every fact that the service hears over Kafka, twice: the second time the world is another one."""
    costs = []
    for number in (1, 10):
        story, cost = Story(service, number), []
        for wire_type in (*service.consumed, *service.consumed):
            folds.clear()
            calls = await story.tell(wire_type)
            cost.append((wire_type, len(folds), dict(calls)))
        costs.append(cost)
    assert costs[0] == costs[1]


ONE_FOLD = {
    WORKLIST: ("referral.received.v1", "referral.found_incomplete.v1", "scheduling.booking_requested.v1"),
    SCHEDULING: ("referral.accepted.v1", "scheduling.appointment_cancelled.v1"),
    CARE_PLAN: ("scheduling.appointment_booked.v1", "care_plan.measure_scored.v1"),
    NOTIFICATIONS: ("scheduling.appointment_booked.v1", "scheduling.appointment_moved.v1"),
}


@pytest.mark.parametrize("service", ONE_FOLD, ids=lambda service: service.name)
async def test_a_run_of_800_patients_is_folded_once(service: Service, folds: list[int]) -> None:
    few, many = Story(service, 1), Story(service, 800)
    for wire_type in ONE_FOLD[service]:
        of_one = await few.tell(wire_type)
        folds.clear()
        assert await many.tell(wire_type) == of_one, wire_type
        assert folds == [800], wire_type

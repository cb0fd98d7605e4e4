"""A process is ready when its database answers, its consumer has joined, and its outbox moves."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from backbone.http import readiness
from backbone.http.application import Hosting
from backbone.http.readiness import Readiness
from backbone.model import one
from backbone.store.memory import MemoryStore
from tests.support.memory_system import MemorySystem
from tests.support.runtime_suite import BOX_1, PATIENT
from tests.support.sample import BOX, SAMPLE, OpenBox

START = datetime(2027, 1, 4, 14, tzinfo=UTC)


def hosting(joined: bool = True, stands_by: bool = False) -> Hosting:
    return Hosting(lambda: joined, lambda: stands_by, 60)


@pytest.fixture
async def system() -> MemorySystem:
    """Something was decided and is not sent."""
    system = MemorySystem(START, {SAMPLE: {}})
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_1)), about=PATIENT)
    return system


def asked(system: MemorySystem, **said: bool) -> Readiness:
    return Readiness(system.workers["sample"].store, system.clock, hosting(**said))


async def test_an_outbox_that_does_not_move_is_said_in_one_sentence(system: MemorySystem) -> None:
    assert await asked(system).problems() == []
    system.clock.move(START + timedelta(seconds=75))
    [said] = await asked(system).problems()
    assert said.startswith("outbox: its oldest row has waited 75 s to be sent to Kafka")
    await system.settle()
    assert await asked(system).problems() == []


async def test_who_only_stands_by_is_ready_while_another_one_sends(system: MemorySystem) -> None:
    system.clock.move(START + timedelta(seconds=75))
    assert await asked(system, stands_by=True).problems() == []


async def test_a_relay_that_kafka_does_not_let_lead_is_said_though_nothing_waits_to_be_sent(
    system: MemorySystem,
) -> None:
    await system.settle()
    worker, waits = system.workers["sample"], 60.0
    asked = Readiness(worker.store, system.clock, Hosting(lambda: True, relay_waits=lambda: waits))
    assert await asked.problems() == []
    waits = 61.0
    [said] = await asked.problems()
    assert said.startswith("relay: it has waited 61 s for Kafka")


async def test_who_has_not_joined_is_not_ready(system: MemorySystem) -> None:
    assert await asked(system, joined=False).problems() == [
        "kafka: the consumer has not joined its group yet"
    ]


async def test_what_is_not_as_we_know_it_in_kafka_is_said(system: MemorySystem) -> None:
    hosting = Hosting(lambda: True, strange=lambda: ["kafka: there is no topic referral.events"])
    worker = system.workers["sample"]
    assert await Readiness(worker.store, system.clock, hosting).problems() == [
        "kafka: there is no topic referral.events"
    ]


class Slow(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.answer = asyncio.Event()

    async def oldest_unsent(self) -> datetime | None:
        self.looks += 1
        await self.answer.wait()
        return None


async def test_a_slow_database_is_asked_once_and_not_waited_for(
    system: MemorySystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "ANSWER_SECONDS", 0.01)
    store = Slow()
    asked = Readiness(store, system.clock, hosting())
    for _ in range(3):
        assert await asked.problems() == ["database: TimeoutError"]
    assert store.looks == 1
    store.answer.set()
    assert await asked.problems() == []

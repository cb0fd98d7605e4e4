"""Effects from commit to answer: one suite for every store. Each level runs it with its own `system` fixture."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from backbone.clock import WallClock
from backbone.errors import Outage
from backbone.log import effects as module
from backbone.model import Command, EffectCall, Handler, one
from tests.support.memory_system import MemorySystem
from tests.support.sample import BOX, SAMPLE, Announced, CloseBox, KeepNote, OpenBox

PATIENT = "11111111-1111-4111-8111-111111111111"
BOX_ID = "33333333-3333-4333-8333-333333333333"
START = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
LATER = datetime(9999, 1, 1, tzinfo=UTC)


class Outside:
    """Somebody who is told things. `fails`: how many calls end badly first, and `with_` what."""

    def __init__(self) -> None:
        self.calls: list[EffectCall] = []
        self.fails = 0
        self.with_: Exception = ConnectionError("nobody there")
        self.given_up: list[str] = []
        self.refuses: str | None = None

    async def announce(self, call: EffectCall) -> Announced:
        self.calls.append(call)
        if self.fails:
            self.fails -= 1
            raise self.with_
        return Announced(call.attempt)

    def refusal(self, answer: Command) -> str | None:
        return self.refuses

    def give_up(self, call: EffectCall, reason: str) -> Announced:
        self.given_up.append(reason)
        return Announced(0)


async def noted(system: MemorySystem, text: str = "hello") -> None:
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_ID)), about=PATIENT)
    await system.order("sample", BOX.send(KeepNote(text), to=one(BOX_ID)))


class SampleSystem(MemorySystem):
    """The sample service with somebody outside."""

    outside: Outside


def sample_system(store: Any) -> SampleSystem:
    """On this store, or on one in memory."""
    outside = Outside()
    system = SampleSystem(
        START,
        {SAMPLE: {}},
        {"sample": store} if store else None,
        {"sample": {"announcement": Handler(outside.announce, outside.give_up, outside.refusal)}},
    )
    system.outside = outside
    return system


def told(system: SampleSystem) -> Outside:
    return system.outside


async def waiting(system: SampleSystem) -> int:
    store = system.workers["sample"].store
    number: int = (await store.summary()).effects
    by_kind = (await store.standing(system.clock.now())).effects
    assert by_kind == ({"announcement": number} if number else {})
    return number


async def announced(system: SampleSystem) -> int:
    return (await system.facts("sample")).count("sample.note_announced.v1")


async def hurry(system: SampleSystem) -> None:
    """Let every lease and pause be over."""
    for call in told(system).calls:
        await system.workers["sample"].store.free_effect(call.id, WallClock().now())


async def test_an_effect_is_called_after_the_commit_with_its_content_and_answered_by_a_command(system):
    await noted(system)
    await system.settle()
    [call] = told(system).calls
    assert list(call.contents.values()) == [b'"hello"'] and call.attempt == 1 and call.aggregate_id == BOX_ID
    assert await announced(system) == 1 and await waiting(system) == 0


async def test_what_failed_is_called_again_later_and_says_that_it_may_be_a_repetition(system):
    told(system).fails = 1
    await noted(system)
    await system.settle()
    assert await waiting(system) == 1 and await announced(system) == 0
    await hurry(system)
    await system.settle()
    first, second = told(system).calls
    assert (first.attempt, second.attempt) == (1, 2) and first.id == second.id
    assert await announced(system) == 1 and await waiting(system) == 0


async def test_what_the_outside_refused_is_not_counted_as_done(system):
    told(system).refuses = "http_400"
    await noted(system)
    await system.settle()
    called = system.workers["sample"].consumer.metrics.effects_called
    counted = {name: called.labels("announcement", name)._value.get() for name in ("done", "refused")}
    assert counted == {"done": 0, "refused": 1} and await announced(system) == 1


async def test_an_effect_that_is_no_longer_wanted_is_never_called(system):
    await noted(system)
    await system.order("sample", BOX.send(CloseBox(), to=one(BOX_ID)))
    await system.settle()
    assert told(system).calls == [] and await waiting(system) == 0


async def test_two_workers_do_not_claim_the_same_effect(system):
    await noted(system)
    store, now = system.workers["sample"].store, WallClock().now()
    claims = [store.claim_effects("announcement", now, LATER, 8) for _ in range(2)]
    found = await asyncio.gather(*claims)
    assert sorted(map(len, found)) == [0, 1]


async def test_an_effect_whose_worker_died_is_called_again_when_its_lease_ends(system):
    await noted(system)
    store, now = system.workers["sample"].store, WallClock().now()
    [claimed] = await store.claim_effects("announcement", now, LATER, 8)
    await system.settle()
    assert told(system).calls == []
    await store.free_effect(claimed.row.id, WallClock().now())
    await system.settle()
    assert [call.attempt for call in told(system).calls] == [2]


async def test_two_answers_to_one_effect_are_one_command(system):
    await noted(system)
    worker = system.workers["sample"]
    [claimed] = await worker.store.claim_effects("announcement", WallClock().now(), LATER, 8)
    await worker.effects._answer(claimed, Announced(1))
    await worker.effects._answer(claimed, Announced(2))
    assert await announced(system) == 1


async def test_what_fails_again_and_again_is_given_up_with_an_answer(system):
    told(system).fails = 99
    await noted(system)
    for _ in range(2 * module.ATTEMPTS):
        await system.settle()
        await hurry(system)
    assert len(told(system).calls) == module.ATTEMPTS and told(system).given_up == ["ConnectionError"]
    assert await announced(system) == 1 and await waiting(system) == 0


async def test_an_outage_is_outlasted_however_long_it_takes(system):
    told(system).fails, told(system).with_ = 3 * module.ATTEMPTS, Outage("no keys")
    await noted(system)
    for _ in range(3 * module.ATTEMPTS):
        await system.settle()
        await hurry(system)
    assert await announced(system) == 0 and await waiting(system) == 1, "it is still wanted"
    await system.settle()
    assert told(system).given_up == [] and await announced(system) == 1 and await waiting(system) == 0


@asynccontextmanager
async def without_keys(store: Any) -> AsyncIterator[None]:
    """What was sealed can't be read."""

    async def contents(refs: Any) -> Any:
        raise Outage("no keys")

    @asynccontextmanager
    async def reading() -> AsyncIterator[Any]:
        async with type(store).reading(store) as tx:
            tx.contents = contents
            yield tx

    store.reading = reading
    yield
    del store.reading


async def test_what_can_not_be_read_for_long_is_called_when_it_can(system):
    """Nobody was called in the meantime, so nothing was tried in vain."""
    await noted(system)
    store = system.workers["sample"].store
    [wanted] = await store.claim_effects("announcement", WallClock().now(), LATER, 8)
    async with without_keys(store):
        for _ in range(2 * module.ATTEMPTS):
            await store.free_effect(wanted.row.id, WallClock().now())
            await system.settle()
    assert told(system).calls == [] and await waiting(system) == 1
    await store.free_effect(wanted.row.id, WallClock().now())
    await system.settle()
    assert told(system).given_up == [] and [call.attempt for call in told(system).calls] == [2]
    assert await announced(system) == 1 and await waiting(system) == 0


async def test_an_error_that_the_same_call_would_meet_again_is_given_up_at_once(system):
    told(system).fails, told(system).with_ = 99, ValueError("a line break in an address")
    await noted(system)
    await system.settle()
    assert len(told(system).calls) == 1 and told(system).given_up == ["ValueError"]
    assert await announced(system) == 1 and await waiting(system) == 0


async def test_an_effect_of_which_its_workers_die_is_given_up_without_another_call(system):
    await noted(system)
    store = system.workers["sample"].store
    for _ in range(module.ATTEMPTS):
        now = WallClock().now()
        [claimed] = await store.claim_effects("announcement", now, LATER, 8)
        await store.free_effect(claimed.row.id, now)
    await system.settle()
    assert told(system).calls == [] and told(system).given_up == ["no_answer"]
    assert await announced(system) == 1 and await waiting(system) == 0


@pytest.mark.parametrize("fails", [0, 99])
async def test_an_effect_whose_answer_no_decider_takes_stops_and_is_somebodys_work(system, fails):
    told(system).fails, told(system).with_ = fails, ValueError("a bug")
    system.workers["sample"].engine.stated["unable"] = True
    await noted(system)
    for _ in range(2):
        await system.settle()
        await hurry(system)
    assert len(told(system).calls) == 1 and await waiting(system) == 0
    assert (await system.workers["sample"].store.summary()).undeliverable == 1
    [parked] = await system.journal("sample", "sample.patient_parked.v1")
    assert parked["reason"] == "programming_error"


async def test_an_effect_of_a_kind_that_nobody_here_handles_waits(system):
    await noted(system)
    assert not await system.workers["sample"].store.claim_effects("other", WallClock().now(), LATER, 8)
    assert await waiting(system) == 1

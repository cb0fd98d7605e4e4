"""Rows for the outside world → the outside world. Called after the commit that wanted them, under a lease.

A handler's answer is a command, decided like any other; the row goes in that transaction. Who dies between the call and
the answer leaves the row: it is called again when the lease ends, and the call says that it may be a repetition.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from backbone.clock import Clock, WallClock
from backbone.engine.engine import Engine
from backbone.engine.work import Poisoned, Work
from backbone.errors import Conflict
from backbone.ids import derive
from backbone.model.aggregate import One, Order, Send
from backbone.model.decision import Command
from backbone.model.head import SYSTEM, Cause
from backbone.model.service import EffectCall, Handler
from backbone.store.notify import listen
from backbone.store.port import Store, Transaction
from backbone.store.rows import ClaimedEffect
from backbone.store.transact import transact
from backbone.telemetry import Metrics, Seldom

AT_ONCE = 8
LEASE = timedelta(seconds=60)
CALL_SECONDS = 30.0
"""A call ends well before its lease: nobody else may begin while it is under way."""
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
UNDECIDABLE = timedelta(hours=1)
"""After a call whose answer no decider takes: a bug, and somebody's message that must not go out every minute."""
POLL_SECONDS = 0.5
ANSWER_AGAIN_SECONDS = 0.05


class Effects:
    """The effects of one service. `kinds` are those that this process can handle."""

    def __init__(
        self, engine: Engine, store: Store, clock: Clock, metrics: Metrics, handlers: Mapping[str, Handler]
    ) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._handlers = handlers
        self._seldom = Seldom()

    async def call_some(self) -> int:
        """Claim what is free and call it. How many were claimed."""
        now = WallClock().now()
        claimed = await self._store.claim_effects(list(self._handlers), now, now + LEASE, AT_ONCE)
        await asyncio.gather(*(self._carry_out(effect) for effect in claimed))
        return len(claimed)

    async def _carry_out(self, effect: ClaimedEffect) -> None:
        kind = effect.row.kind
        try:
            async with asyncio.timeout(CALL_SECONDS):
                command = await self._handlers[kind](await self._call(effect))
        except Exception as error:
            self._metrics.effects_called.labels(kind=kind, result="failed").inc()
            await self._later(effect, error, BACK_OFF[min(effect.attempt, len(BACK_OFF)) - 1])
            return
        self._metrics.effects_called.labels(kind=kind, result="done").inc()
        try:
            await self._answer(effect, command)
        except Poisoned as poisoned:
            await self._later(effect, poisoned.error, UNDECIDABLE)

    async def _later(self, effect: ClaimedEffect, error: Exception, pause: timedelta) -> None:
        self._seldom.warning("effect failed", aggregate=effect.row.aggregate_kind, error=type(error).__name__)
        await self._store.free_effect(effect.row.id, WallClock().now() + pause)

    async def _call(self, effect: ClaimedEffect) -> EffectCall:
        row = effect.row
        contents: Mapping[str, bytes] = {}
        if row.reads:
            async with self._store.transaction() as tx:
                contents = await tx.contents(row.reads)
        return EffectCall(row.id, row.kind, row.aggregate_id, row.body, contents, effect.attempt)

    async def _answer(self, effect: ClaimedEffect, command: Command) -> None:
        """What came of it, decided in one transaction in which the row goes.

        It was done, so nothing but a bug (Poisoned) may lead to its being called again: the database is waited for.
        """
        work = answer_work(self._engine, effect, command, self._clock)
        while True:
            try:
                return await transact(self._store, partial(self._decide, work))
            except Poisoned:
                raise
            except Exception as error:
                if not (isinstance(error, Conflict) or self._store.transient(error)):
                    raise
                await asyncio.sleep(ANSWER_AGAIN_SECONDS)

    async def _decide(self, work: Work, tx: Transaction) -> None:
        result = await self._engine.carry_out(tx, [work], self._clock.now())
        await tx.write(result.writes)


def answer_work(engine: Engine, effect: ClaimedEffect, command: Command, clock: Clock) -> Work:
    """Caused by the effect, whatever attempt succeeded: two answers are one command."""
    row = effect.row
    identity = derive(row.id, "answered")
    cause = Cause(
        id=identity,
        at=clock.now(),
        actor=SYSTEM,
        correlation_id=identity,
        lane_key=row.lane_key,
        pathway_id=row.pathway_id,
        source="effect",
    )
    send = Send(engine.kinds[row.aggregate_kind], command, One(row.aggregate_id))
    return Work(cause, [Order((send,))], effect=(row.aggregate_id, row.name))


async def keep_calling(effects: Effects, store: Store, database_url: str) -> None:
    """Until cancelled: woken by commits that want something, and looking by itself besides."""
    wake = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(database_url, "effect", wake.set))
        tasks.create_task(_keep_calling(effects, store, wake))


async def _keep_calling(effects: Effects, store: Store, wake: asyncio.Event) -> None:
    seldom = Seldom()
    while True:
        wake.clear()
        try:
            if await effects.call_some():
                continue
        except Exception as error:
            if not store.transient(error):
                raise
            seldom.warning("effects wait for the database", error=type(error).__name__)
        await _woken(wake)


async def _woken(wake: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(wake.wait(), POLL_SECONDS)
    except TimeoutError:
        return

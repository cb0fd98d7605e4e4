"""Rows for the outside world → the outside world. Called after the commit that wanted them, under a lease.

Each kind of effect has its own queue and its own share of calls, so a provider that hangs holds up nobody else's. A
handler's answer is a command, decided like any other; the row goes in that transaction. Who dies between the call and
the answer leaves the row: it is called again when the lease ends, and the call says that it may be a repetition.

What can't be done becomes an answer too; an answer that can't be decided stops the effect, and is somebody's work.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from backbone.clock import Clock, WallClock, epoch_nanoseconds
from backbone.engine.engine import Engine
from backbone.engine.work import Poisoned, Work
from backbone.errors import Conflict, Outage, Retryable
from backbone.ids import derive
from backbone.log.undeliverable import waiting_work
from backbone.model.aggregate import One, Order, Send
from backbone.model.decision import Command
from backbone.model.head import SYSTEM, Cause
from backbone.model.service import EffectCall, Handler
from backbone.store.notify import listen
from backbone.store.port import Store, Transaction
from backbone.store.rows import ClaimedEffect
from backbone.store.transact import transact
from backbone.telemetry import Metrics, ThrottledLog, log
from backbone.tracing import Span, begun, kept, then

AT_ONCE = 8
"""Calls of one kind in one process."""
LEASE = timedelta(seconds=60)
CALL_SECONDS = 30.0
"""A call ends well before its lease: nobody else may begin while it is under way."""
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
ATTEMPTS = len(BACK_OFF) + 1
"""Calls before one that does not succeed is given up; an outage is outlasted, and its last call is none."""
LATER = (Retryable, OSError, TimeoutError)
"""What may be otherwise later. The list is closed: with any other error the same call would end the same way."""
POLL_SECONDS = 0.5
ANSWER_AGAIN_SECONDS = 0.05
READ_AGAIN = timedelta(seconds=5)
"""What can't be read for now, because keys or the database are away, was not called: that is no attempt."""


class Effects:
    """The effects of one service. `handlers` are by kind: those that this process can carry out."""

    def __init__(
        self, engine: Engine, store: Store, clock: Clock, metrics: Metrics, handlers: Mapping[str, Handler]
    ) -> None:
        self.kinds = tuple(handlers)
        self._engine = engine
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._handlers = handlers
        self._log = ThrottledLog()

    async def claim(self, kind: str, limit: int) -> Sequence[ClaimedEffect]:
        """What is free of this kind, ours for the time of a lease. None while the database is away."""
        now = WallClock().now()
        try:
            return await self._store.claim_effects(kind, now, now + LEASE, limit)
        except Exception as error:
            if not self._store.transient(error):
                raise
            self._log.warning("effects wait for the database", error=type(error).__name__)
            return []

    async def carry_out(self, effect: ClaimedEffect) -> None:
        """One claimed effect, to its answer. With the database away it is left to its lease."""
        began = epoch_nanoseconds()
        try:
            call = await self._call(effect)
            if call is None:
                return await self._store.free_effect(
                    effect.row.id, WallClock().now() + READ_AGAIN, effect.attempt - 1
                )
            command, done = await self._outcome(call)
            self._tell(effect, began, done=done)
            if command is not None:
                await self._answer(effect, command)
        except Exception as error:
            if not self._store.transient(error):
                return await self._stop(effect, error)
            self._log.warning("effects wait for the database", error=type(error).__name__)

    def _tell(self, effect: ClaimedEffect, began: int, *, done: bool) -> None:
        spans, row = self._engine.spans, effect.row
        if spans.on and row.traceparent and kept(row.traceparent):
            said = {"huddle.effect_id": row.id, "huddle.attempt": effect.attempt}
            span = Span(
                f"call {row.kind}",
                "client",
                called(effect),
                row.traceparent,
                began,
                epoch_nanoseconds(),
                said,
            )
            spans.tell([span._replace(failed=not done)])

    async def _outcome(self, call: EffectCall) -> tuple[Command | None, bool]:
        """What the aggregate is told, None when it is called again later; and whether the outside did it."""
        handler = self._handlers[call.kind]
        if call.attempt > ATTEMPTS:
            return self._given_up(call, "no_answer")  # whoever called it died of it, or with it
        try:
            with self._metrics.effect_seconds.labels(call.kind).time():
                async with asyncio.timeout(CALL_SECONDS):
                    command = await handler.carry_out(call)
        except LATER as error:
            tried = min(call.attempt, len(BACK_OFF)) if isinstance(error, Outage) else call.attempt
            if tried == ATTEMPTS:
                return self._given_up(call, type(error).__name__)
            self._count(call, "later", error)
            await self._store.free_effect(call.id, WallClock().now() + BACK_OFF[tried - 1], tried)
            return None, False
        except Exception as error:
            self._log.warning("effect failed", aggregate=call.kind, error=type(error).__name__)
            return self._given_up(call, type(error).__name__)
        if refused := handler.refusal(command):
            self._log.warning("effect refused", aggregate=call.kind, error=refused)
        self._count(call, "refused" if refused else "done")
        return command, refused is None

    def _given_up(self, call: EffectCall, reason: str) -> tuple[Command, bool]:
        self._count(call, "failed")
        return self._handlers[call.kind].give_up(call, reason), False

    def _count(self, call: EffectCall, result: str, error: Exception | None = None) -> None:
        self._metrics.effects_called.labels(kind=call.kind, result=result).inc()
        if error is not None:
            self._log.warning("effect is called later", aggregate=call.kind, error=type(error).__name__)

    async def _call(self, effect: ClaimedEffect) -> EffectCall | None:
        """None while what it says can't be read."""
        row = effect.row
        contents: Mapping[str, bytes] = {}
        try:
            if row.reads:
                async with self._store.reading() as tx:
                    contents = await tx.contents(row.reads)
        except Exception as error:
            if not self._store.transient(error):
                raise
            self._log.warning("effects wait for what they say", error=type(error).__name__)
            return None
        return EffectCall(row.id, row.kind, row.aggregate_id, row.body, contents, effect.attempt)

    async def _answer(self, effect: ClaimedEffect, command: Command) -> None:
        """What came of it, in one transaction in which the row goes. Raises what a bug in the decider raises."""
        await self._decide(answer_work(self._engine, effect, command, self._clock))

    async def _stop(self, effect: ClaimedEffect, error: Exception) -> None:
        """A bug, in the answer or in giving up: not called any more, because it may have been done. Somebody's work."""
        row, cause = effect.row, error.error if isinstance(error, Poisoned) else error
        log.error("effect stopped", extra={"aggregate": row.aggregate_kind, "error": type(cause).__name__})
        self._metrics.effects_called.labels(kind=row.kind, result="stopped").inc()
        place, now = f"effect/{row.kind}/{row.id}", self._clock.now()
        work = waiting_work(self._engine.service, place, "programming_error", row.lane_key, now)
        await self._decide(work, stops=(row.id, type(cause).__name__, now))

    async def _decide(self, work: Work, stops: tuple[str, str, datetime] | None = None) -> None:
        """It was called, so only a bug may keep this from being written: the database is waited for."""
        while True:
            try:
                return await transact(self._store, partial(self._decided, work, stops))
            except Exception as error:
                if not (isinstance(error, Conflict) or self._store.transient(error)):
                    raise
                await asyncio.sleep(ANSWER_AGAIN_SECONDS)

    async def _decided(self, work: Work, stops: tuple[str, str, datetime] | None, tx: Transaction) -> None:
        if stops is not None:
            await tx.stop_effect(*stops)
        result = await self._engine.carry_out(tx, [work], self._clock.now())
        await tx.write(result.writes)


def called(effect: ClaimedEffect) -> str:
    """The trace of this call. Who wanted it in an earlier release left none."""
    return then(effect.row.traceparent or begun(effect.row.id), f"{effect.row.id} called {effect.attempt}")


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
        traceparent=called(effect),
        source="effect",
    )
    send = Send(engine.kinds[row.aggregate_kind], command, One(row.aggregate_id))
    return Work(cause, [Order((send,))], effect=row.place)


async def keep_calling(effects: Effects, database_url: str, done: Callable[[], None] = lambda: None) -> None:
    """Until cancelled: woken by commits that want something, and looking by itself besides. Says when a call ended."""
    wakes = {kind: asyncio.Event() for kind in effects.kinds}

    def heard() -> None:
        for wake in wakes.values():
            wake.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(database_url, "effect", heard))
        for kind, wake in wakes.items():
            tasks.create_task(_keep_calling(effects, kind, wake, done))


async def _keep_calling(effects: Effects, kind: str, wake: asyncio.Event, done: Callable[[], None]) -> None:
    under_way: set[asyncio.Task[None]] = set()

    def ended(task: asyncio.Task[None]) -> None:
        under_way.discard(task)
        wake.set()
        done()

    async with asyncio.TaskGroup() as calls:
        while True:
            wake.clear()
            room = AT_ONCE - len(under_way)
            for effect in await effects.claim(kind, room) if room else ():
                task = calls.create_task(effects.carry_out(effect))
                under_way.add(task)
                task.add_done_callback(ended)
            await _woken(wake)


async def _woken(wake: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(wake.wait(), POLL_SECONDS)
    except TimeoutError:
        return

"""Parked keys: what waits, and how a person lets it go on. Retried records run through the same handler, in order."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from backbone.engine.generic import Generic
from backbone.engine.work import Work
from backbone.ids import random_id
from backbone.log.consumer import Consumer
from backbone.log.poison import parking_id, record_of, shown
from backbone.log.results import results_of
from backbone.model.head import SYSTEM, Actor, Cause
from backbone.model.wire import UnknownType
from backbone.store.locks import Locks
from backbone.store.port import Transaction
from backbone.store.rows import ParkedRow
from backbone.store.transact import transact
from backbone.telemetry import log

T = TypeVar("T")


class ParkedKey(NamedTuple):
    key: str
    records: int
    reason: str
    since: datetime


class Retried(NamedTuple):
    """How many records were handled, how many still wait, and why the first of those can't be handled: what may be
    shown of it."""

    handled: int
    waiting: int
    error: str | None


NEVER_PARKED = ""
AT_ONCE = 200
SHOWN = 1_000


class Parking:
    """Operations on one service's parked records."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._engine = consumer.engine
        self._store = consumer.store

    async def keys(self) -> Sequence[ParkedKey]:
        """Oldest first."""
        with self._store.retryable():
            return [ParkedKey(*row) for row in await self._store.parked_keys()]

    async def show(self, key: str) -> Sequence[ParkedRow]:
        """What waits under a key, in order."""
        with self._store.retryable():
            async with self._store.transaction() as tx:
                return await tx.parked(key, SHOWN)

    async def retry(self, key: str, actor: Actor) -> Retried:
        """Handle the key's records in order until one fails or none is left."""
        handled = 0
        while True:
            with self._store.retryable():
                some = await self._locked(key, partial(self._retry_some, key, actor))
            handled += some.handled
            if some.waiting or not some.handled:
                return some._replace(handled=handled)

    async def take_up(self) -> int:
        """Handle what no contract of an earlier release knew and this one's do. How many."""
        waiting = [each.key for each in await self.keys() if each.reason == UnknownType.reason]
        known = [key for key in waiting if not await self._is_unknown(key)]
        return sum([(await self.retry(key, SYSTEM)).handled for key in known])

    async def _is_unknown(self, key: str) -> bool:
        rows = await self.show(key)
        arrivals = self._consumer.arrivals
        read = (arrivals.read(row.topic, row.partition, [record_of(row)]) for row in rows)
        return any(isinstance(each.error, UnknownType) for some in read for each in some)

    async def _retry_some(self, key: str, actor: Actor, tx: Transaction) -> Retried:
        rows = await tx.parked(key, AT_ONCE)
        for handled, row in enumerate(rows):
            error = await self._again(tx, row)
            if error is not None:
                waiting, _ = await tx.parked_places(key)
                return Retried(handled, waiting, error)
        if not rows:
            await self._order(tx, key, actor, unpark=True)
        return Retried(len(rows), 0, None)

    async def skip(self, key: str, actor: Actor) -> str | None:
        """Drop the first record that waits, for ever and by name. Its id; None when nothing waits."""
        with self._store.retryable():
            return await self._locked(key, partial(self._skip, key, actor))

    async def _skip(self, key: str, actor: Actor, tx: Transaction) -> str | None:
        rows = await tx.parked(key, 2)
        if not rows:
            return None
        row = rows[0]
        await tx.admit([row.record_id], [NEVER_PARKED], self._consumer.clock.now())
        await tx.unpark([row.record_id])
        await self._order(tx, key, actor, skipped=row.record_id, unpark=len(rows) == 1)
        return row.record_id

    async def _locked(self, key: str, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """While nothing else happens in the lanes in which records of the key came, or its patient has its work."""

        async def alone(tx: Transaction) -> T:
            while await tx.lock_lanes((await tx.parked_places(key))[1]):
                continue
            return await work(tx)

        return await transact(self._store, alone, Locks(lanes=frozenset([self._engine.lane_of(key)])))

    async def _again(self, tx: Transaction, row: ParkedRow) -> str | None:
        """Why the record can't be handled; None when it was, or had been before."""
        consumer = self._consumer
        try:
            arrival = next(iter(consumer.arrivals.read(row.topic, row.partition, [record_of(row)])), None)
            async with tx.savepoint():
                await tx.unpark([row.record_id])
                if arrival is None:
                    return None
                if arrival.error is not None:
                    raise arrival.error
                admission = await tx.admit([arrival.id], [NEVER_PARKED], consumer.clock.now())
                if admission.fresh:
                    now = consumer.clock.now()
                    work = consumer.arrivals.work(arrival, self._engine.rules_at(now), now)
                    result = await self._engine.carry_out(tx, [work], now)
                    result.writes.outbox.extend(results_of(self._engine, [arrival], result, now))
                    await tx.write(result.writes)
        except Exception as error:
            if consumer.store.transient(error):
                raise
            place = {"topic": row.topic, "partition": row.partition, "offset": row.record_offset}
            log.warning("record parked still", extra=place, exc_info=error)
            return shown(error)
        return None

    async def _order(
        self, tx: Transaction, key: str, actor: Actor, *, skipped: str | None = None, unpark: bool
    ) -> None:
        service, now = self._engine.service, self._consumer.clock.now()
        cause = Cause(random_id(), now, actor, random_id(), source="request")
        orders = Generic.of(service).let_go(parking_id(service.name, key), skipped, unpark=unpark)
        result = await self._engine.carry_out(tx, [Work(cause, orders)], now)
        await tx.write(result.writes)

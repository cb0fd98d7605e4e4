"""Parked keys: what waits, and how a person lets it go on. Retried records run through the same handler, in order."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from backbone.engine.generic import Generic, SkipRecord
from backbone.engine.work import Work
from backbone.ids import random_id
from backbone.log.arrivals import record_of
from backbone.log.consumer import Consumer, parking_id
from backbone.model.aggregate import One, Order, Send
from backbone.model.head import Actor, Cause
from backbone.store.locks import Locks
from backbone.store.port import Transaction
from backbone.store.rows import ParkedRow
from backbone.store.transact import transact

T = TypeVar("T")


class ParkedKey(NamedTuple):
    key: str
    records: int
    reason: str
    since: datetime


class Retried(NamedTuple):
    """How many records were handled, how many still wait, and why the first of those can't be handled."""

    handled: int
    waiting: int
    error: str | None


NEVER_PARKED = ""
AT_ONCE = 200


class Parking:
    """Operations on one service's parked records."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._engine = consumer.engine

    async def keys(self) -> Sequence[ParkedKey]:
        """Oldest first."""
        return [ParkedKey(*row) for row in await self._consumer.store.parked_keys()]

    async def show(self, key: str) -> Sequence[ParkedRow]:
        """What waits under a key, in order."""
        async with self._consumer.store.transaction() as tx:
            return await tx.parked(key, 1000)

    async def retry(self, key: str, actor: Actor) -> Retried:
        """Handle the key's records in order until one fails or none is left."""
        handled = 0
        while True:
            some = await self._locked(key, partial(self._retry_some, key, actor))
            handled += some.handled
            if some.waiting or not some.handled:
                return some._replace(handled=handled)

    async def _retry_some(self, key: str, actor: Actor, tx: Transaction) -> Retried:
        rows = await tx.parked(key, AT_ONCE)
        for handled, row in enumerate(rows):
            error = await self._again(tx, row)
            if error is not None:
                return Retried(handled, len(await tx.parked(key, 1_000_000)), error)
        if not rows:
            await self._order(tx, key, actor, unpark=True)
        return Retried(len(rows), 0, None)

    async def skip(self, key: str, actor: Actor) -> str | None:
        """Drop the first record that waits, for ever and by name. Its id; None when nothing waits."""
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
        """While nothing else happens in the key's lane."""
        return await transact(self._consumer.store, work, Locks(lanes=frozenset([self._engine.lane_of(key)])))

    async def _again(self, tx: Transaction, row: ParkedRow) -> str | None:
        """Why the record can't be handled; None when it was, or had been before."""
        consumer = self._consumer
        arrival = next(iter(consumer.arrivals.read(row.topic, row.partition, [record_of(row)])), None)
        try:
            async with tx.savepoint():
                await tx.unpark([row.record_id])
                if arrival is None:
                    return None
                if arrival.error is not None:
                    raise arrival.error
                admission = await tx.admit([row.record_id], [NEVER_PARKED], consumer.clock.now())
                if admission.fresh:
                    work = consumer.arrivals.work(arrival, self._engine.rules)
                    result = await self._engine.carry_out(tx, [work], consumer.clock.now())
                    await tx.write(result.writes)
        except Exception as error:
            if consumer.store.transient(error):
                raise
            return f"{type(error).__name__}: {error}"
        return None

    async def _order(
        self, tx: Transaction, key: str, actor: Actor, *, skipped: str | None = None, unpark: bool
    ) -> None:
        service, now = self._engine.service, self._consumer.clock.now()
        generic = Generic.of(service)
        target = One(parking_id(service.name, key))
        cause = Cause(random_id(), now, actor, random_id(), source="request")
        orders = [Order((Send(generic.parking, SkipRecord(skipped), target),))] if skipped else []
        orders += [generic.unpark(target.id)] if unpark else []
        result = await self._engine.carry_out(tx, [Work(cause, orders)], now)
        await tx.write(result.writes)

"""Parked keys: what waits, and how a person lets it go on. Retried records run through the same handler, in order."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from backbone.engine.generic import Generic, SkipRecord
from backbone.engine.work import Work
from backbone.ids import random_id
from backbone.log.consumer import Consumer
from backbone.log.poison import described, parking_id, record_of
from backbone.model.aggregate import One, Order, Send
from backbone.model.head import Actor, Cause
from backbone.store.port import Transaction
from backbone.store.rows import ParkedRow
from backbone.telemetry import log


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
                async with self._alone(key) as tx:
                    rows = await tx.parked(key, AT_ONCE)
                    for row in rows:
                        error = await self._again(tx, row)
                        if error is not None:
                            waiting, _ = await tx.parked_places(key)
                            return Retried(handled, waiting, error)
                        handled += 1
                    if not rows:
                        await self._order(tx, key, actor, unpark=True)
                        return Retried(handled, 0, None)

    async def skip(self, key: str, actor: Actor) -> str | None:
        """Drop the first record that waits, for ever and by name. Its id; None when nothing waits."""
        with self._store.retryable():
            async with self._alone(key) as tx:
                rows = await tx.parked(key, 2)
                if not rows:
                    return None
                row = rows[0]
                await tx.admit([row.record_id], [NEVER_PARKED], self._consumer.clock.now())
                await tx.unpark([row.record_id])
                await self._order(tx, key, actor, skipped=row.record_id, unpark=len(rows) == 1)
                return row.record_id

    @asynccontextmanager
    async def _alone(self, key: str) -> AsyncIterator[Transaction]:
        """No lane in which records of the key came, or its patient has its work, is under way meanwhile."""
        async with self._store.transaction() as tx:
            _, lanes = await tx.parked_places(key)
            await tx.lock_lanes(sorted({*lanes, self._engine.lane_of(key)}))
            yield tx

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
                    work = consumer.arrivals.work(arrival, self._engine.rules)
                    result = await self._engine.carry_out(
                        tx, [work], consumer.clock.now(), held=[row.partition]
                    )
                    await tx.write(result.writes)
        except Exception as error:
            if consumer.store.transient(error):
                raise
            place = {"topic": row.topic, "partition": row.partition, "offset": row.record_offset}
            log.warning("record parked still", extra=place, exc_info=error)
            return described(error)
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

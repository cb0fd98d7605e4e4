"""What Kafka never takes: set aside with what follows it, made somebody's work, sent again or dropped by a person."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError, UnknownError

from backbone.clock import Clock
from backbone.engine.engine import Engine
from backbone.engine.generic import Generic
from backbone.engine.work import Work
from backbone.errors import Retryable
from backbone.ids import ROOT, derive, identifier, random_id
from backbone.log.arrivals import lane_key_of
from backbone.log.records import Record as Arrived
from backbone.model.aggregate import One
from backbone.model.head import SYSTEM, Actor, Cause
from backbone.model.service import Service
from backbone.store import undeliverable
from backbone.store.outbox import Outbox, Unsent
from backbone.store.postgres import PostgresStore
from backbone.store.transact import transact
from backbone.store.transaction import PostgresTransaction
from backbone.store.undeliverable import Place, Shown
from backbone.telemetry import log
from schemas.fact import PLACE_FORM


class Verdict(NamedTuple):
    """Why a row is set aside, and how often it must have been refused alone for that."""

    reason: str
    tries: int


REFUSALS: Mapping[type[BaseException], Verdict] = {
    MessageSizeTooLargeError: Verdict("too_large", 2),
    RecordListTooLargeError: Verdict("too_large", 2),
    # an invalid record, for which aiokafka has no name; but a broker in trouble may say the same
    UnknownError: Verdict("refused", 10),
}
"""What a broker says of a record, not of itself. The list is closed: everything else is waited out."""
MAX_RECORD_BYTES = 8 * 1024 * 1024
"""A broker cuts the connection at a request above 100 MiB, and that looks as if it were away."""
PARKING = "parking"
LONGEST_SAID = 160
SAYABLE = re.compile(PLACE_FORM)


class Record(NamedTuple):
    """A row, and what Kafka is given of it. `type`: empty where a record has none."""

    row: Unsent
    fields: Mapping[str, Any]
    type: str


class Refusal(NamedTuple):
    """A row that will never be taken as it is. `place` is what must wait with it: its topic, or its key there."""

    row: Unsent
    place: str
    reason: str


class Refused(Retryable):
    """The batch is refused because of these rows; none when it is not known yet which ones it was."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(", ".join(sorted({refusal.reason for refusal in refusals})) or "a batch is refused")
        self.refusals = refusals


def of_its_key(row: Unsent, reason: str) -> Refusal:
    return Refusal(row, f"{row.topic}/{row.key}", reason)


def records_of(rows: Sequence[Unsent], topics: Collection[str]) -> list[Record]:
    """Raises Refused with the rows of which no record can be made, and the first of each topic that does not exist."""
    refusals = {
        row.topic: Refusal(row, row.topic, "unknown_topic")
        for row in reversed(rows)
        if row.topic not in topics
    }
    wrong = list(refusals.values())
    records = []
    for row in rows:
        if len(row.value or b"") + len(row.headers) > MAX_RECORD_BYTES:
            wrong.append(of_its_key(row, "too_large"))
            continue
        try:
            headers = msgspec.json.decode(row.headers, type=dict[str, str])
            fields = {
                "key": row.key.encode(),
                "value": row.value,
                "headers": [(name, text.encode()) for name, text in headers.items()],
            }
            records.append(Record(row, fields, headers.get("ce_type", "")))
        except (ValueError, msgspec.MsgspecError):
            wrong.append(of_its_key(row, "unwritable"))
    if wrong:
        raise Refused(wrong)
    return records


async def set_aside(engine: Engine, clock: Clock, outbox: Outbox, refusals: Sequence[Refusal]) -> None:
    """In one transaction with the fact that tells somebody."""
    async with outbox.setting_aside() as tx:
        works = [
            announcement(engine, clock, refusal)
            for refusal in refusals
            if await undeliverable.set_aside(tx.connection, refusal.row.id, refusal.place, refusal.reason)
        ]
        await decide(engine, clock, tx, [work for work in works if work])
    for refusal in refusals:
        log.error(
            "a row of the outbox is set aside", extra={"topic": refusal.row.topic, "error": refusal.reason}
        )


async def decide(engine: Engine, clock: Clock, tx: PostgresTransaction, works: Sequence[Work]) -> None:
    if works:
        result = await engine.carry_out(tx, works, clock.now())
        await tx.write(result.writes)


def announcement(engine: Engine, clock: Clock, refusal: Refusal) -> Work | None:
    """None for an announcement itself: who should tell of it?"""
    headers = headers_of(refusal.row.headers)
    if headers.get("ce_aggregatetype") == PARKING:
        return None
    lane_key = lane_key_of(as_record(headers))
    return waiting_work(engine.service, refusal.place, "undeliverable", lane_key, clock.now())


def waiting_work(service: Service, place: str, reason: str, lane_key: str | None, now: datetime) -> Work:
    """What makes it somebody's work that something waits at a place. Each time anew: its ids are random."""
    cause = Cause(random_id(), now, SYSTEM, random_id(), lane_key, source="effect")
    about = One(lane_key) if lane_key else None
    return Work(
        cause, [Generic.of(service).park(waiting_id(service.name, place), reason, said(place), about)]
    )


def said(place: str) -> str | None:
    """As it may stand in a fact: of a key with other letters in it, only the topic, if it is one."""
    forms = (place, place.partition("/")[0])
    return next((form for form in forms if SAYABLE.match(form) and len(form) <= LONGEST_SAID), None)


def headers_of(stored: bytes) -> dict[str, str]:
    try:
        return msgspec.json.decode(stored, type=dict[str, str])
    except msgspec.MsgspecError:
        return {}


def as_record(headers: Mapping[str, str]) -> Arrived:
    """Headers that go out, as a reader has them."""
    return Arrived(0, None, None, [(name, text.encode()) for name, text in headers.items()], 0)


def own_id(headers: Mapping[str, str]) -> str | None:
    """The fact's own id, where it is one."""
    try:
        return identifier(headers["ce_id"])
    except (KeyError, ValueError):
        return None


def waiting_id(service: str, place: str) -> str:
    """The aggregate that stands for a place."""
    return derive(ROOT, f"undeliverable:{service}:{place}")


class Undeliverable:
    """Operations on what one service could not get out."""

    def __init__(self, engine: Engine, store: PostgresStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock

    async def places(self) -> Sequence[Place]:
        """Oldest first."""
        async with self._store.connection() as connection:
            return await undeliverable.places(connection)

    async def show(self, place: str) -> Sequence[Shown]:
        """What waits at a place, in order."""
        async with self._store.connection() as connection:
            return await undeliverable.shown(connection, place)

    async def retry(self, place: str, actor: Actor) -> int:
        """Send everything of the place again, in order. How many rows; what is refused again comes back."""
        return await transact(self._store, partial(self._retry, place, actor))

    async def _retry(self, place: str, actor: Actor, tx: PostgresTransaction) -> int:
        await undeliverable.lock(tx.connection)
        rows = await undeliverable.put_back(tx.connection, place, self._clock.now())
        rows += await undeliverable.call_again(tx.connection, place)
        await self._order(tx, place, actor, unpark=True)
        return rows

    async def skip(self, place: str, actor: Actor) -> str | None:
        """Drop the first row, or the call that stopped, for ever and by name. Its id; None when nothing waits there."""
        return await transact(self._store, partial(self._skip, place, actor))

    async def _skip(self, place: str, actor: Actor, tx: PostgresTransaction) -> str | None:
        await undeliverable.lock(tx.connection)
        headers = await undeliverable.drop_first(tx.connection, place)
        if headers is not None:
            skipped = own_id(headers_of(headers)) or random_id()
        elif (call := await undeliverable.drop_call(tx.connection, place)) is not None:
            skipped = call
        else:
            return None
        left = await undeliverable.shown(tx.connection, place)
        await self._order(tx, place, actor, skipped=skipped, unpark=not left)
        return skipped

    async def _order(
        self, tx: PostgresTransaction, place: str, actor: Actor, *, skipped: str | None = None, unpark: bool
    ) -> None:
        service = self._engine.service
        orders = Generic.of(service).let_go(waiting_id(service.name, place), skipped, unpark=unpark)
        cause = Cause(random_id(), self._clock.now(), actor, random_id(), source="request")
        await decide(self._engine, self._clock, tx, [Work(cause, orders)] if orders else [])

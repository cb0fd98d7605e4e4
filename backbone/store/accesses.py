"""The record of reads: one row for each request, chained by hash from the first of the day to the last.

A row's digest is made here, so that both stores make the same; its place in the chain is made where it is written.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

import msgspec

from backbone.store.tables import Tables

MOST_NAMED = 1000
"""People named in one row; lists show at most 500."""


class Access(NamedTuple):
    """Who asked for what of whom, as what and for what. `stated`: they said the purpose themselves."""

    at: datetime
    actor_kind: str
    actor_id: str
    roles: tuple[str, ...]
    purpose: str | None
    stated: bool
    kind: str
    resource: str
    lane_keys: tuple[str, ...]
    refused: bool
    glass_id: str | None
    correlation_id: str

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def digest(self) -> bytes:
        return sha256(msgspec.json.encode(tuple(self))).digest()


class Recorded(NamedTuple):
    """A row in its place."""

    number: int
    access: Access
    digest: bytes
    head: bytes


class Head(NamedTuple):
    """The end of a day's chain."""

    number: int
    head: bytes


def first_head(day: date) -> bytes:
    """What the first row of a day follows."""
    return sha256(day.isoformat().encode()).digest()


def following(head: bytes, digest: bytes) -> bytes:
    return sha256(head + digest).digest()


def broken_at(day: date, rows: Iterable[Recorded], end: Head) -> int | None:
    """The first number at which the day is not what was recorded; None where every row is there and as it was.

    `end` is the chain's end as it was kept elsewhere, or as the database has it.
    """
    head, number = first_head(day), 0
    for number, row in enumerate(rows, start=1):
        head = following(head, row.access.digest)
        if (row.number, row.digest, row.head) != (number, row.access.digest, head):
            return number
    return None if (number, head) == end else number + 1


class Accesses(Protocol):
    """What a store keeps of reads."""

    async def record(self, access: Access) -> None:
        """Committed when this returns. Whoever records at the same moment comes before or after, never beside."""

    async def of(
        self, lane_keys: Sequence[str], before: tuple[date, int] | None, limit: int
    ) -> Sequence[Recorded]:
        """Rows that name any of these, the latest first, `before` a place."""

    async def on(self, day: date) -> Sequence[Recorded]:
        """All rows of a day, in order."""

    async def end(self, day: date) -> Head:
        """Of the day's chain; of a day without rows, its beginning."""


class MemoryAccesses:
    """In memory: the twin."""

    def __init__(self, tables: Tables, turn: asyncio.Lock) -> None:
        self._tables = tables
        self._turn = turn

    async def record(self, access: Access) -> None:
        async with self._turn:
            end = await self.end(access.day)
            head = following(end.head, access.digest)
            row = Recorded(end.number + 1, access, access.digest, head)
            self._tables.access_record = [*self._tables.access_record, row]
            self._tables.access_chain[access.day] = Head(row.number, head)

    async def of(
        self, lane_keys: Sequence[str], before: tuple[date, int] | None, limit: int
    ) -> Sequence[Recorded]:
        places = {(row.access.day, row.number): row for row in self._tables.access_record}
        found = [
            place
            for place, row in places.items()
            if not set(lane_keys).isdisjoint(row.access.lane_keys) and (before is None or place < before)
        ]
        return [places[place] for place in sorted(found, reverse=True)[:limit]]

    async def on(self, day: date) -> Sequence[Recorded]:
        return [row for row in self._tables.access_record if row.access.day == day]

    async def end(self, day: date) -> Head:
        found: Head = self._tables.access_chain.get(day, Head(0, first_head(day)))
        return found


RECORD = """
-- The day's chain grows by one link; its row is locked until the record is committed, so links have one order.
WITH link AS (
    INSERT INTO access_chain AS chain VALUES ($1, 1, sha256($2::bytea || $3::bytea))
    ON CONFLICT (day) DO UPDATE SET number = chain.number + 1, head = sha256(chain.head || $3::bytea)
    RETURNING number, head)
INSERT INTO access_record (day, number, head, digest, at, actor_kind, actor_id, roles, purpose, stated, kind, resource,
                           lane_keys, refused, glass_id, correlation_id)
SELECT $1, number, head, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::uuid[], $13, $14::uuid, $15::uuid FROM link
"""
ROW = """SELECT number, at, actor_kind, actor_id, roles, purpose, stated, kind, resource, lane_keys::text[], refused,
                glass_id::text, correlation_id::text, digest, head FROM access_record"""
OF = f"""{ROW} WHERE lane_keys && $1::uuid[] AND ($2::date IS NULL OR (day, number) < ($2, $3))
         ORDER BY day DESC, number DESC LIMIT $4"""
ON = f"{ROW} WHERE day = $1 ORDER BY number"
END = "SELECT number, head FROM access_chain WHERE day = $1"


class PostgresAccesses:
    """In PostgreSQL: one statement a record, a transaction of its own."""

    def __init__(self, connection: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._connection = connection

    async def record(self, access: Access) -> None:
        async with self._connection() as connection:
            values = (list(each) if isinstance(each, tuple) else each for each in access)
            await connection.execute(RECORD, access.day, first_head(access.day), access.digest, *values)

    async def of(
        self, lane_keys: Sequence[str], before: tuple[date, int] | None, limit: int
    ) -> Sequence[Recorded]:
        async with self._connection() as connection:
            rows = await connection.fetch(OF, list(lane_keys), *(before or (None, None)), limit)
        return [recorded(row) for row in rows]

    async def on(self, day: date) -> Sequence[Recorded]:
        async with self._connection() as connection:
            rows = await connection.fetch(ON, day)
        return [recorded(row) for row in rows]

    async def end(self, day: date) -> Head:
        async with self._connection() as connection:
            row = await connection.fetchrow(END, day)
        return Head(*row) if row else Head(0, first_head(day))


def recorded(row: Sequence[Any]) -> Recorded:
    number, *fields, digest, head = row
    values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in fields]
    return Recorded(number, Access(*values), digest, head)

"""The record of reads: one row for each request, chained by hash from the first of the day to the last.

A row's digest is made here, so that both stores make the same; its place in the chain is made where it is written.
Rows that are written together are one link of the chain (docs/adr/0029).
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby, islice, takewhile
from typing import Any, NamedTuple, Protocol

import msgspec

from backbone.store.tables import Tables

MOST_NAMED = 1000
"""People named in one row; lists show at most 500."""
MOST_TOGETHER = 100
"""Rows of one link."""


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
    """A row in its place. `head` is the chain's after the link that it was written in."""

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


def following(head: bytes, *digests: bytes) -> bytes:
    """The chain's end after one more link: the rows that were written together."""
    return sha256(head + b"".join(digests)).digest()


def broken_at(day: date, rows: Iterable[Recorded], end: Head) -> int | None:
    """The first number at which the day is not what was recorded; None where every row is there and as it was.

    Of a link whose rows each seem right but together are not, the first; of a day made anew in the same length, 1.
    `end` is the chain's end as it was kept elsewhere, or as the database has it.
    """
    head, number = first_head(day), 0
    for written, link in groupby(rows, key=lambda row: row.head):
        first, digests = number + 1, list[bytes]()
        for number, row in enumerate(link, start=first):
            digests.append(row.access.digest)
            if (row.number, row.digest) != (number, digests[-1]):
                return number
        head = following(head, *digests)
        if head != written:
            return first
    if (number, head) == end:
        return None
    return 1 if number == end.number else min(number, end.number) + 1


class Accesses(Protocol):
    """What a store keeps of reads."""

    async def record(self, access: Access) -> None:
        """Committed when this returns. Whoever records at the same moment comes before or after, never beside."""

    async def of(
        self, lane_keys: Sequence[str], before: tuple[date, int] | None, limit: int
    ) -> Sequence[Recorded]:
        """Rows that name any of these, the latest first, `before` a place."""

    async def by_outsiders(
        self, lane_keys: Sequence[str], actor_kinds: Sequence[str], since: datetime, limit: int
    ) -> Sequence[Access]:
        """What callers of these kinds were shown of any of these, in no order."""

    async def on(self, day: date) -> Sequence[Recorded]:
        """All rows of a day, in order."""

    async def end(self, day: date) -> Head:
        """Of the day's chain; of a day without rows, its beginning."""

    async def days(self) -> Sequence[date]:
        """Those that have rows, or a chain."""


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

    async def by_outsiders(
        self, lane_keys: Sequence[str], actor_kinds: Sequence[str], since: datetime, limit: int
    ) -> Sequence[Access]:
        accesses = (row.access for row in self._tables.access_record)
        return [
            each
            for each in accesses
            if not set(lane_keys).isdisjoint(each.lane_keys)
            and each.actor_kind in actor_kinds
            and each.at >= since
            and not each.refused
        ][:limit]

    async def on(self, day: date) -> Sequence[Recorded]:
        return [row for row in self._tables.access_record if row.access.day == day]

    async def end(self, day: date) -> Head:
        found: Head = self._tables.access_chain.get(day, Head(0, first_head(day)))
        return found

    async def days(self) -> Sequence[date]:
        return sorted({row.access.day for row in self._tables.access_record} | {*self._tables.access_chain})


RECORD = """
-- The day's chain grows by one link of so many rows. Its row is locked until they are committed: links have one order.
WITH link AS (
    INSERT INTO access_chain AS chain VALUES ($1, $4, sha256($2::bytea || $3::bytea))
    ON CONFLICT (day) DO UPDATE SET number = chain.number + $4, head = sha256(chain.head || $3::bytea)
    RETURNING number, head)
INSERT INTO access_record (day, number, head, digest, at, actor_kind, actor_id, roles, purpose, stated, kind, resource,
                           lane_keys, refused, glass_id, correlation_id)
SELECT $1, number - $4 + place, head, substring($3::bytea FROM 32 * place - 31 FOR 32), at, actor_kind, actor_id, roles,
       purpose, stated, kind, resource, lane_keys, refused, glass_id, correlation_id
FROM link, jsonb_to_recordset($5) AS access (
    place int, at timestamptz, actor_kind text, actor_id text, roles text[], purpose text, stated boolean, kind text,
    resource text, lane_keys uuid[], refused boolean, glass_id uuid, correlation_id uuid)
"""
ROW = """SELECT number, at, actor_kind, actor_id, roles, purpose, stated, kind, resource, lane_keys::text[], refused,
                glass_id::text, correlation_id::text, digest, head FROM access_record"""
OF = f"""{ROW} WHERE lane_keys && $1::uuid[] AND ($2::date IS NULL OR (day, number) < ($2, $3))
         ORDER BY day DESC, number DESC LIMIT $4"""
BY_OUTSIDERS = f"""{ROW} WHERE lane_keys && $1::uuid[] AND actor_kind = ANY($2) AND at >= $3 AND NOT refused
                   LIMIT $4"""
ON = f"{ROW} WHERE day = $1 ORDER BY number"
END = "SELECT number, head FROM access_chain WHERE day = $1"
DAYS = "SELECT day FROM access_record UNION SELECT day FROM access_chain ORDER BY day"


class PostgresAccesses:
    """In PostgreSQL: one statement, a transaction of its own, for all that is asked while the one before is written."""

    def __init__(
        self, connection: Callable[[], AbstractAsyncContextManager[Any]], together: int = MOST_TOGETHER
    ) -> None:
        """`together`: rows of one link at most."""
        self._connection = connection
        self._together = together
        self._waiting: dict[asyncio.Future[None], Access] = {}
        self._writing: asyncio.Task[None] | None = None

    async def record(self, access: Access) -> None:
        written = asyncio.get_running_loop().create_future()
        self._waiting[written] = access
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_what_waits())
        await written

    async def _write_what_waits(self) -> None:
        """Not in the task of who asks: others' records don't end with theirs."""
        try:
            while self._waiting:
                link = self._next_link()
                try:
                    await self._write(*link.values())
                except Exception as error:
                    tell(link, error)
                else:
                    tell(link)
        finally:
            self._writing = None

    def _next_link(self) -> dict[asyncio.Future[None], Access]:
        """Those of one day that have waited longest. They wait no more."""
        day = next(iter(self._waiting.values())).day
        same_day = takewhile(lambda each: each[1].day == day, self._waiting.items())
        link = dict(islice(same_day, self._together))
        for written in link:
            del self._waiting[written]
        return link

    async def _write(self, *link: Access) -> None:
        day = link[0].day
        digests = b"".join(access.digest for access in link)
        rows = [{"place": place, **access._asdict()} for place, access in enumerate(link, start=1)]
        async with self._connection() as connection:
            await connection.execute(
                RECORD, day, first_head(day), digests, len(link), msgspec.json.encode(rows)
            )

    async def of(
        self, lane_keys: Sequence[str], before: tuple[date, int] | None, limit: int
    ) -> Sequence[Recorded]:
        async with self._connection() as connection:
            rows = await connection.fetch(OF, list(lane_keys), *(before or (None, None)), limit)
        return [recorded(row) for row in rows]

    async def by_outsiders(
        self, lane_keys: Sequence[str], actor_kinds: Sequence[str], since: datetime, limit: int
    ) -> Sequence[Access]:
        async with self._connection() as connection:
            rows = await connection.fetch(BY_OUTSIDERS, list(lane_keys), list(actor_kinds), since, limit)
        return [recorded(row).access for row in rows]

    async def on(self, day: date) -> Sequence[Recorded]:
        async with self._connection() as connection:
            rows = await connection.fetch(ON, day)
        return [recorded(row) for row in rows]

    async def end(self, day: date) -> Head:
        async with self._connection() as connection:
            row = await connection.fetchrow(END, day)
        return Head(*row) if row else Head(0, first_head(day))

    async def days(self) -> Sequence[date]:
        async with self._connection() as connection:
            return [row[0] for row in await connection.fetch(DAYS)]


def tell(link: Iterable[asyncio.Future[None]], error: Exception | None = None) -> None:
    """Those who still wait."""
    for written in link:
        if written.done():
            continue
        if error is None:
            written.set_result(None)
        else:
            written.set_exception(error)


def recorded(row: Sequence[Any]) -> Recorded:
    number, *fields, digest, head = row
    values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in fields]
    return Recorded(number, Access(*values), digest, head)

"""A key for each person, wrapped by a master key, in a database of its own that no backup of ours holds.

Destroying a person's key makes unreadable what it sealed, wherever that is: in a service's tables, in a topic, in a
backup. Whoever is written about afterwards gets another key.
"""

import os
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backbone.clock import WallClock, monotonic
from backbone.errors import Outage, UnusableSettings
from backbone.ids import random_id
from backbone.masters import BYTES, MasterKeys

REMEMBERED_SECONDS = 60.0
"""How long a process may still use a key that another one destroyed."""
MOST_REMEMBERED = 20_000
CONNECTIONS, SECONDS = 2, 10

SCHEMA = """
-- One key in use for each person, and of those that were destroyed, that they were.
CREATE TABLE IF NOT EXISTS data_key (
    id uuid PRIMARY KEY,
    whose uuid NOT NULL,
    master text,
    wrapped bytea,
    made_at timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS data_key_in_use ON data_key (whose) WHERE destroyed_at IS NULL;
"""
# What a role that runs a service may do there; nobody else comes in.
GRANTS = """
SELECT format('REVOKE ALL ON DATABASE %1$I FROM PUBLIC; GRANT CONNECT ON DATABASE %1$I TO %2$I;
               GRANT SELECT, INSERT, UPDATE ON data_key TO %2$I', current_database(), $1::text)
"""
IN_USE = """
SELECT id::text, whose::text, master, wrapped FROM data_key
WHERE whose = ANY($1::uuid[]) AND destroyed_at IS NULL
"""
NAMED = """
SELECT id::text, whose::text, master, wrapped FROM data_key
WHERE id = ANY($1::uuid[]) AND destroyed_at IS NULL
"""
# Somebody else may have made one at the same moment: then it is theirs.
MAKE = """
INSERT INTO data_key (id, whose, master, wrapped, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (whose) WHERE destroyed_at IS NULL DO NOTHING
"""
# Keys that were made later are those of somebody who came again.
DESTROY = """
UPDATE data_key SET wrapped = NULL, master = NULL, destroyed_at = $3
WHERE whose = ANY($1::uuid[]) AND destroyed_at IS NULL AND made_at <= $2 RETURNING id::text
"""
WRAPPED_BY_ANOTHER = """
SELECT id::text, whose::text, master, wrapped FROM data_key
WHERE destroyed_at IS NULL AND master <> $1 ORDER BY id LIMIT 1000
"""
ONE_OF_EACH_MASTER = """
SELECT DISTINCT ON (master) id::text, whose::text, master, wrapped FROM data_key
WHERE destroyed_at IS NULL ORDER BY master, id
"""
WRAP = "UPDATE data_key SET master = $2, wrapped = $3 WHERE id = $1 AND destroyed_at IS NULL"


class DataKey(NamedTuple):
    """A person's."""

    id: str
    whose: str
    cipher: AESGCM


class Keys(Protocol):
    """Where persons' keys are kept."""

    async def of(self, whose: Collection[str]) -> Mapping[str, DataKey]:
        """Each one's; made where there is none."""

    async def named(self, ids: Collection[str]) -> Mapping[str, DataKey]:
        """By id, those that were not destroyed."""

    async def destroy(self, whose: Collection[str], made_until: datetime) -> int:
        """For good. How many."""


class PostgresKeys:
    """The table of keys. Each process remembers for a while what it used."""

    def __init__(self, pool: Any, masters: MasterKeys) -> None:
        """`pool`: of connections, each statement its own transaction: a key is there before what it seals."""
        self._pool = pool
        self._masters = masters
        self._remembered: dict[str, tuple[float, DataKey]] = {}
        """By id, and by whose."""

    async def of(self, whose: Collection[str]) -> Mapping[str, DataKey]:
        found = self._known(whose)
        while lacking := [each for each in whose if each not in found]:
            found |= {key.whose: key for key in await self._read(IN_USE, lacking)}
            await self._make([each for each in lacking if each not in found])
        return found

    async def named(self, ids: Collection[str]) -> Mapping[str, DataKey]:
        found = self._known(ids)
        if lacking := [each for each in ids if each not in found]:
            found |= {key.id: key for key in await self._read(NAMED, lacking)}
        return found

    async def destroy(self, whose: Collection[str], made_until: datetime) -> int:
        with answering():
            rows = await self._pool.fetch(DESTROY, list(whose), made_until, WallClock().now())
        self._remembered.clear()
        return len(rows)

    async def wrap_again(self) -> int:
        """With the current master key, what another one wraps. How many."""
        done = 0
        while rows := await self._pool.fetch(WRAPPED_BY_ANOTHER, self._masters.current):
            for identity, whose, master, wrapped in rows:
                about = wrapped_for(identity, whose)
                secret = await self._masters.unwrap(master, wrapped, about)
                again = await self._masters.wrap(secret, about)
                await self._pool.execute(WRAP, identity, self._masters.current, again)
            done += len(rows)
        return done

    async def masters_in_use(self) -> list[str]:
        """By name; each was tried on a key that it wraps. Raises UnusableSettings for one that opens none."""
        with answering():
            rows = await self._pool.fetch(ONE_OF_EACH_MASTER)
        for identity, whose, master, wrapped in rows:
            await self._masters.unwrap(master, wrapped, wrapped_for(identity, whose))
        return [row["master"] for row in rows]

    async def _read(self, statement: str, wanted: Sequence[str]) -> list[DataKey]:
        keys = []
        with answering():
            rows = await self._pool.fetch(statement, wanted)
        for identity, whose, master, wrapped in rows:
            secret = await self._masters.unwrap(master, wrapped, wrapped_for(identity, whose))
            keys.append(DataKey(identity, whose, AESGCM(secret)))
        self._remember(keys, in_use=statement is IN_USE)
        return keys

    async def _make(self, whose: Sequence[str]) -> None:
        rows = []
        for each in sorted(whose):
            identity = random_id()
            wrapped = await self._masters.wrap(os.urandom(BYTES), wrapped_for(identity, each))
            rows.append((identity, each, self._masters.current, wrapped, WallClock().now()))
        with answering():
            await self._pool.executemany(MAKE, rows)

    def _known(self, names: Collection[str]) -> dict[str, DataKey]:
        since = monotonic() - REMEMBERED_SECONDS
        found = {name: self._remembered[name] for name in names if name in self._remembered}
        return {name: key for name, (at, key) in found.items() if at >= since}

    def _remember(self, keys: Sequence[DataKey], *, in_use: bool) -> None:
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
        for key in keys:
            self._remembered[key.id] = monotonic(), key
            if in_use:
                self._remembered[key.whose] = monotonic(), key


@contextmanager
def answering() -> Iterator[None]:
    """Without keys nothing can be read or written: whatever keeps them away is waited out. Raises Outage."""
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Outage(f"no keys: {type(error).__name__}: {error}") from error


def wrapped_for(identity: str, whose: str) -> bytes:
    """A wrapped key opens for nobody else."""
    return f"{identity}\x1f{whose}".encode()


async def make_table(url: str, roles: Iterable[str]) -> None:
    """As who owns the database of keys. What is there stays."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(SCHEMA)
        for role in roles:
            await connection.execute(await connection.fetchval(GRANTS, role))
    finally:
        await connection.close()


@asynccontextmanager
async def keys_at(url: str, masters: MasterKeys) -> AsyncIterator[PostgresKeys]:
    """Raises UnusableSettings where there is no table of keys."""
    async with asyncpg.create_pool(url, min_size=1, max_size=CONNECTIONS, command_timeout=SECONDS) as pool:
        if not await pool.fetchval("SELECT to_regclass('data_key') IS NOT NULL"):
            raise UnusableSettings(
                "HUDDLE_KEYS_URL names a database without a table of keys: huddle keys make."
            )
        yield PostgresKeys(pool, masters)

"""What the database says: who we are there, whether it is as this version needs it, what waits, and its clock."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from backbone.clock import WallClock
from backbone.engine.generic import kinds_of
from backbone.errors import Fatal, UnusableSettings
from backbone.model import Service
from backbone.settings import Settings
from backbone.store.keys import keys_at
from backbone.store.migrations import BACKBONE, missing, unknown
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.retention import parked_too_long, reads_begin
from backbone.store.rights import is_open_to_all, too_much
from backbone.store.rows import Summary
from backbone.store.secret import ANOTHER, is_another
from cli.doctor.finding import Finding, fails, graded, ok, warns
from cli.doctor.here import ended, of_clock, of_end
from config.retention import Retention

OLDEST = 15
"""PostgreSQL's version that the migrations were tried with last (18 is what we run)."""
LATE = timedelta(minutes=5)
"""Timers fire within seconds."""

ASK = """
SELECT current_user AS role, current_setting('server_version') AS version,
       current_setting('server_version_num')::int / 10000 AS major, clock_timestamp() AS clock,
       pg_size_pretty(pg_database_size(current_database())) AS size,
       current_setting('transaction_read_only') = 'on' AS is_read_only
"""
OVERDUE = "SELECT (SELECT min(day) FROM access_record) AS read, (SELECT min(parked_at) FROM parked) AS parked"
TIMERS = "SELECT count(*) FILTER (WHERE due < $1) AS overdue, coalesce(max(lane), -1) AS lane FROM timer"


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=10, command_timeout=20)
    try:
        yield connection
    finally:
        await connection.close()


async def of_server(settings: Settings) -> Sequence[Finding]:
    async with connected(str(settings.database_url)) as connection:
        before = WallClock().now()
        row = await connection.fetchrow(ASK)
        after = WallClock().now()
        found = [of_version(row), of_clock("the database", row["clock"], before, after)]
        if row["is_read_only"]:
            found.append(fails("database", "it can only be read: point HUDDLE_DATABASE_URL to the primary"))
        shown = connection._transport.get_extra_info("ssl_object")
        if shown is not None and (ends := (shown.getpeercert() or {}).get("notAfter")):
            found.append(of_end("the database server's", ended(ends), after))
    return found


def of_version(row: Mapping[str, Any]) -> Finding:
    said = f"PostgreSQL {row['version']}, role {row['role']}, {row['size']}"
    if row["major"] < OLDEST:
        return fails("database", f"{said}: Huddle needs PostgreSQL {OLDEST} or later")
    return ok("database", said)


async def of_role(settings: Settings) -> Sequence[Finding]:
    url, is_production = str(settings.database_url), settings.environment == "production"
    found = [graded("role", says, is_grave=is_production) for says in await too_much(url)]
    if await is_open_to_all(url):
        says = "every role of the server may connect here: REVOKE CONNECT ON DATABASE … FROM PUBLIC"
        found.append(graded("role", says, is_grave=is_production))
    return found or [ok("role", "changes no table, rewrites no journal, and nobody else comes in")]


async def of_migrations(service: Service, settings: Settings) -> Finding:
    """What is missing is applied when a service starts that may, or by the container `prepare`."""
    url, folders = str(settings.database_url), [BACKBONE, *service.sql]
    try:
        names = await missing(url, folders)
    except Fatal as error:
        return fails("migrations", str(error))
    if names:
        return fails("migrations", f"{', '.join(names)} are missing: migrate (HUDDLE_MIGRATE_URL)")
    if later := await unknown(url, folders):
        return warns("migrations", f"{', '.join(later)} are of a later version: run that one")
    return ok("migrations", "all are applied")


async def of_keys(settings: Settings) -> Sequence[Finding]:
    """Those of persons. Whether there must be some is a question to production."""
    if settings.keys_url is None or settings.masters is None:
        return []
    try:
        async with keys_at(str(settings.keys_url), settings.masters) as keys:
            names = await keys.masters_in_use()
    except UnusableSettings as error:
        return [fails("keys", str(error))]
    return [ok("keys", f"all are wrapped by known master keys: {', '.join(names) or 'there are none yet'}")]


async def of_what_waits(service: Service, settings: Settings, now: datetime) -> Sequence[Finding]:
    pool = await open_pool(str(settings.database_url), size=1)
    try:
        summary = await PostgresStore(pool, kinds_of(service)).summary()
        timers = await pool.fetchrow(TIMERS, now - LATE)
        is_foreign = await is_another(pool, settings.id_secret)
    finally:
        await pool.close()
    secret = (
        fails("secret", ANOTHER) if is_foreign else ok("secret", "ids are derived under the one of before")
    )
    return [secret, *waiting(summary, settings, now), *of_timers(timers, settings.partitions)]


def waiting(summary: Summary, settings: Settings, now: datetime) -> Iterator[Finding]:
    oldest = summary.oldest_unsent
    waited = (now - oldest).total_seconds() if oldest else 0.0
    said = f"{summary.outbox} rows are to be sent, the oldest since {waited:.0f} s"
    if waited > settings.outbox_patience:
        yield fails("outbox", f"{said}: does the service run, and does it reach Kafka? Its log says why")
    else:
        yield ok("outbox", said)
    if summary.parked_keys:
        yield warns("parked", f"{summary.parked_keys} keys wait: huddle dead-letters list")
    else:
        yield ok("parked", "nothing is")
    if summary.undeliverable:
        yield warns(
            "parked", f"{summary.undeliverable} rows or effects can't get out: huddle dead-letters list"
        )
    yield ok(
        "deferred", f"{summary.deferred} orders came too early, {summary.effects} effects are to be called"
    )


def of_timers(row: Mapping[str, Any], partitions: int) -> Iterator[Finding]:
    if row["lane"] >= partitions:
        yield fails(
            "timers",
            f"some belong to partition {row['lane']}, and HUDDLE_PARTITIONS is {partitions}: they never fire. Set it "
            "back to what it was",
        )
    if row["overdue"]:
        yield warns(
            "timers", f"{row['overdue']} are overdue by {LATE.total_seconds() / 60:.0f} min: does it run?"
        )
    else:
        yield ok("timers", "none is overdue")


async def of_retention(settings: Settings, retention: Retention, now: datetime) -> Sequence[Finding]:
    """What is kept for longer than it may, and what waits for longer than Kafka has a second copy."""
    async with connected(str(settings.database_url)) as connection:
        row = await connection.fetchrow(OVERDUE)
    found = []
    if row["read"] and row["read"] < reads_begin(retention, now.date()):
        found.append(
            warns("retention", f"who read what is known since {row['read']}: huddle retention --apply")
        )
    if row["parked"] and parked_too_long(retention, row["parked"], now):
        found.append(
            fails("retention", f"a record is parked since {row['parked']}: huddle dead-letters list")
        )
    return found or [ok("retention", "nothing is kept for too long")]

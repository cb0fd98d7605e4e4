"""What is not kept for ever goes in small pieces; what is kept as proof goes by its owner alone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import asyncpg
import pytest

from backbone.ids import ROOT, derive
from backbone.store import retention
from backbone.store.accesses import PostgresAccesses
from backbone.store.postgres import PostgresStore, acquired, open_pool
from backbone.store.retention import PERIODS, forget_reads, periods, reads_begin
from cli.auditing import heads, verify
from cli.forgetting import overdue
from config.loading import SHIPPED
from services.notifications.rules import load_rules
from tests.support.accesses_suite import DAY, NOON, an_access
from tests.support.databases import Databases

NOW = datetime(2030, 6, 1, tzinfo=UTC)
NUMBERS = count()
RETENTION = load_rules(SHIPPED).retention


@pytest.fixture
async def pool(sample_database: str) -> AsyncIterator[asyncpg.Pool]:
    """As who runs."""
    async with await open_pool(Databases.as_who_runs(sample_database)) as pool:
        yield pool


async def write(pool: asyncpg.Pool, table: str, **age: int) -> None:
    at, name = NOW - timedelta(**age), derive(ROOT, str(next(NUMBERS)))
    values: dict[str, tuple[str, tuple[Any, ...]]] = {
        "inbox": ("(fact_id, received_at) VALUES ($1, $2)", (name, at)),
        "idempotency": (
            "(scope, key, body_hash, answer, recorded_at) VALUES ('s', $1, '', '', $2)",
            (name, at),
        ),
        "wording": ("(ref, kind, body, recorded_at) VALUES ($1, 'wording', '', $2)", (name, at)),
        "plan": ("(ref, kind, body, recorded_at) VALUES ($1, 'plan', '', $2)", (name, at)),
    }
    into, arguments = values[table]
    await pool.execute(
        f"INSERT INTO {'content' if table in ('wording', 'plan') else table} {into}", *arguments
    )


async def left(pool: asyncpg.Pool) -> tuple[int, ...]:
    return tuple(
        await pool.fetchrow(
            """SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM idempotency),
                      (SELECT count(*) FROM content WHERE kind = 'wording'),
                      (SELECT count(*) FROM content WHERE kind = 'plan')"""
        )
    )


async def test_what_is_old_enough_goes_piece_by_piece_and_nothing_else(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PIECE", 2)
    for days in (1, 60, 68, 69, 70, 71, 72):
        await write(pool, "inbox", days=days)
    for days in (6, 8, 9):
        await write(pool, "idempotency", days=days)
    for years in (7, 9, 10, 11):
        await write(pool, "wording", days=365 * years)
        await write(pool, "plan", days=365 * years)
    store = PostgresStore(pool, {})
    await store.prune(NOW, periods(RETENTION, topic_days=60))
    assert await left(pool) == (2, 1, 1, 4), "the inbox outlives the topics by a week"
    await store.prune(NOW, PERIODS)
    assert await left(pool) == (1, 1, 1, 4)


async def test_records_of_reads_go_by_the_owner_alone_and_leave_the_other_days_whole(
    sample_database: str, pool: asyncpg.Pool
) -> None:
    accesses = PostgresAccesses(partial(acquired, pool))
    for days in (0, 0, 1, 2):
        await accesses.record(an_access(1, NOON + timedelta(days=days)))
    urls = {"referral": sample_database}
    kept = await heads(urls, DAY, DAY + timedelta(days=9))
    begin = reads_begin(RETENTION, DAY.replace(year=DAY.year + 6) + timedelta(days=2))
    assert begin == DAY + timedelta(days=2)
    async with pool.acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await forget_reads(connection, DAY)
    for apply, said in ((False, "to be deleted"), (True, "deleted")):
        assert await overdue(urls, begin, apply=apply) == [
            f"referral: 3 records of 2 days before {begin} {said}"
        ]
    assert await overdue(urls, begin, apply=True) == [f"referral: 0 records of 0 days before {begin} deleted"]
    assert await accesses.days() == [begin]
    [found] = await verify(urls, kept, begin)
    assert (found.records, found.broken) == (1, [])
    assert (await verify(urls, kept))[0].broken, "what is younger may not be gone"

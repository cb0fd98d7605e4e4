"""What is not kept for ever: deleted a piece at a time, so that nobody waits for it.

Who runs the service deletes what nobody needs any more. What is kept as proof, only the owner of the schema may delete.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from config.retention import Retention

PIECE = 1_000
OLD = {
    "inbox": "received_at < $1",
    "idempotency": "recorded_at < $1",
    "live_change": "recorded_at < $1",
    "content": "recorded_at < $1 AND kind = $3",
}
DELETE = "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {old} LIMIT $2))"

READS_BEFORE = "SELECT day, count(*) FROM access_record WHERE day < $1 GROUP BY day ORDER BY day"
FORGET_READS = ("DELETE FROM access_record WHERE day = $1", "DELETE FROM access_chain WHERE day = $1")


class Periods(NamedTuple):
    """How long rows stay. The inbox outlives the topics by 7 days (EVT-07); live changes only serve views that
    reconnect. `contents`: by kind."""

    inbox: relativedelta = relativedelta(days=37)
    answers: relativedelta = relativedelta(days=7)
    live: relativedelta = relativedelta(days=1)
    contents: Mapping[str, relativedelta] = {}


PERIODS = Periods()
"""Where nothing else is said."""


def periods(retention: Retention | None, topic_days: int) -> Periods:
    """By the rules, where there are some, and by how long topics keep facts."""
    found = PERIODS._replace(inbox=relativedelta(days=topic_days + 7))
    if retention is None:
        return found
    words = retention.messages.values
    return found._replace(
        answers=relativedelta(days=retention.answers.values.days),
        contents=dict.fromkeys(words.kinds, relativedelta(years=words.years)),
    )


async def prune(connection: Any, now: datetime, kept: Periods) -> None:
    """Each piece is committed by itself."""
    await prune_table(connection, "inbox", now - kept.inbox)
    await prune_table(connection, "idempotency", now - kept.answers)
    await prune_table(connection, "live_change", now - kept.live)
    for kind, period in kept.contents.items():
        await prune_table(connection, "content", now - period, kind)


async def prune_table(connection: Any, table: str, before: datetime, *kind: str) -> None:
    statement = DELETE.format(table=table, old=OLD[table])
    while await connection.execute(statement, before, PIECE, *kind) == f"DELETE {PIECE}":
        pass


def reads_begin(retention: Retention, today: date) -> date:
    """The first day of which it must still be known who read what."""
    return today - relativedelta(years=retention.reads.values.years)


def parked_too_long(retention: Retention, since: datetime, now: datetime) -> bool:
    """By then Kafka has no second copy."""
    return since < now - relativedelta(days=retention.parked.values.days)


async def old_reads(connection: Any, begin: date) -> Mapping[date, int]:
    """How many records there are of the days before."""
    return dict(await connection.fetch(READS_BEFORE, begin))


async def forget_reads(connection: Any, day: date) -> None:
    """All of a day, with its chain: nothing is broken by that. As the owner of the schema."""
    async with connection.transaction():
        for statement in FORGET_READS:
            await connection.execute(statement, day)

"""More lanes for an installation that has data: topics get as many partitions as HUDDLE_PARTITIONS says.

Keys move to other partitions then. So nothing may be left in the old ones, and nobody may be reading them: otherwise
what is about one patient would be handled side by side.
"""

from collections.abc import AsyncIterator, Mapping, Sequence

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from backbone.brokers import Brokers
from backbone.errors import Fatal
from backbone.log.hosts.bounds import Bounds
from backbone.log.relay import relay_name
from backbone.log.topics import seen
from cli.composition import service_of
from schemas.topics import Topic

POSITIONS = "SELECT topic, partition, next_offset FROM consumer_offset"
UNSENT = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM undeliverable)"
RUNS = """
SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
               WHERE locktype = 'advisory' AND classid = hashtext($1)::oid AND datname = current_database())
"""
"""Of each service that runs, one process leads: it is who sends."""


async def grow(brokers: Brokers, lanes: int, topics: Sequence[Topic], urls: Mapping[str, str]) -> list[str]:
    """The names of topics that had fewer. `urls`: of the databases. Raises Fatal while it may not be; KafkaError."""
    laned = {topic.name for topic in topics if topic.laned}
    admin = AIOKafkaAdminClient(**brokers.arguments)
    await admin.start()
    try:
        there = await seen(admin._client, laned)
        if small := sorted(name for name, topic in there.items() if topic.partitions < lanes):
            if hindrances := await left(brokers, urls):
                raise Fatal(
                    f"{', '.join(small)} can't get {lanes} partitions yet: {'; '.join(hindrances)}. Let the services "
                    "work it off under the old HUDDLE_PARTITIONS, with nobody sending, stop them, and do this again."
                )
            await admin.create_partitions({name: NewPartitions(lanes) for name in small})
        return small
    finally:
        await admin.close()


async def left(brokers: Brokers, urls: Mapping[str, str]) -> list[str]:
    """What hinders, for each service where something does."""
    bounds = Bounds(brokers)
    try:
        return [said for name, url in urls.items() async for said in left_of(name, url, bounds)]
    finally:
        await bounds.close()


async def left_of(name: str, url: str, bounds: Bounds) -> AsyncIterator[str]:
    """That it runs, and what it has still to handle and to send."""
    connection = await asyncpg.connect(url)
    try:
        runs = await connection.fetchval(RUNS, relay_name(name, 0))
        unsent = await connection.fetchval(UNSENT)
        positions = {(row[0], row[1]): row[2] for row in await connection.fetch(POSITIONS)}
    finally:
        await connection.close()
    topics = await bounds.seen(service_of(name).topics)
    ends = await bounds.ends([(topic, n) for topic in topics for n in range(topics[topic].partitions)])
    unread = sum(max(0, end - positions.get(place, 0)) for place, end in ends.items())
    if runs:
        yield f"{name} runs"
    if unread or unsent:
        yield f"{name} has {unread} records to handle and {unsent} to send"

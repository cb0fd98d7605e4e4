"""Where a service reads on in each partition, and whether that is still the log which the position counts in."""

from collections.abc import Sequence
from typing import NamedTuple

from backbone.log.consumer import strange
from backbone.log.hosts.bounds import Bounds
from backbone.model import Service
from backbone.settings import Settings
from backbone.store.rows import Position
from cli.database import connected

KNOWN = (
    "SELECT topic, partition, next_offset, topic_id::text, stopped FROM consumer_offset WHERE topic = ANY($1)"
)
BEGIN_ANEW = """
UPDATE consumer_offset SET next_offset = $3, topic_id = $4, stopped = NULL WHERE topic = $1 AND partition = $2
"""


class Place(NamedTuple):
    """`why` nothing is read there; None where all is in order."""

    topic: str
    partition: int
    next_offset: int
    beginning: int
    end: int
    topic_id: str
    why: str | None

    def __str__(self) -> str:
        place = f"{self.topic}/{self.partition}"
        return f"{place:<32} {self.next_offset:>10}  of {self.beginning} to {self.end}  {self.why or ''}".rstrip()


async def places(service: Service, settings: Settings) -> Sequence[Place]:
    """Of every partition that was ever read and is there now, in order. Raises Retryable."""
    async with connected(str(settings.database_url)) as connection:
        known = sorted(map(tuple, await connection.fetch(KNOWN, sorted(service.topics))))
    bounds = Bounds(settings.brokers)
    found = []
    try:
        topics = await bounds.seen(service.topics)
        for topic, partition, *kept in known:
            if topic in topics and partition < topics[topic].partitions:
                beginning, end = await bounds.of(topic, partition)
                position, now = Position(*kept), topics[topic].id
                why = position.stopped or strange(position, beginning, end, now)
                found.append(Place(topic, partition, position.next_offset, beginning, end, now, why))
    finally:
        await bounds.close()
    return found


async def reset(settings: Settings, wrong: Sequence[Place]) -> None:
    """Let them begin at the first record that the log has. A running service goes on by itself."""
    async with connected(str(settings.database_url)) as connection:
        await connection.executemany(
            BEGIN_ANEW, [(place.topic, place.partition, place.beginning, place.topic_id) for place in wrong]
        )

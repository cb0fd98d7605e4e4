"""A database that is older than what it told: reads its own facts back from Kafka, so that no number is given again."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from backbone.clock import monotonic
from backbone.engine.generic import kinds_of
from backbone.log.relay import relay_name
from backbone.log.transactions import committed_offset
from backbone.model import Service
from backbone.settings import Settings
from backbone.store.migrations import BACKBONE, bring_up_to_date
from backbone.store.told_before import Told, keep, told_twice, unknown
from cli.database import connected
from cli.reading import FETCH_MS, reader

SHARD = 0
"""A service has one."""
PATIENCE_SECONDS = 20.0


class Reconciled(NamedTuple):
    """How many facts Kafka has; those that the database does not know; how many numbers stand for two facts."""

    told: int
    unknown: Sequence[Told]
    twice: int


async def reconcile(service: Service, settings: Settings) -> Reconciled:
    """To be asked while no process of the service runs: what it decides meanwhile may be given a number that is taken.

    Can be asked again: what came back by itself, because its cause came again, is not unknown any more.
    """
    url = str(settings.database_url)
    await bring_up_to_date(url, settings.urls.get("HUDDLE_MIGRATE_URL"), [BACKBONE, *service.sql])
    told = await told_by(service, settings)
    batch = await last_batch(service, settings)
    async with connected(url) as connection:
        await keep(connection, kinds_of(service), told, {SHARD: batch})
        return Reconciled(len(told), await unknown(connection), await told_twice(connection))


async def last_batch(service: Service, settings: Settings) -> int:
    """That Kafka has. A broker that was made just now has no groups for a moment. Raises KafkaError."""
    end = monotonic() + PATIENCE_SECONDS
    marker = TopicPartition(service.events_topic, SHARD)
    while True:
        try:
            return await committed_offset(settings.brokers, relay_name(service.name, SHARD), marker)
        except KafkaError:
            if monotonic() >= end:
                raise
            await asyncio.sleep(0.2)


async def told_by(service: Service, settings: Settings) -> list[Told]:
    """Every fact of the service that Kafka has."""
    found = []
    async with reader(settings.brokers, service.events_topic, beginning=True) as consumer:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=FETCH_MS)).values():
                found += [fact for record in records if (fact := told_in(record))]
    return found


def told_in(record: Any) -> Told | None:
    """Nobody but the service writes there. What is no fact all the same is passed over."""
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    try:
        return Told(
            headers["ce_id"],
            headers["ce_aggregatetype"],
            headers["ce_subject"],
            int(headers["ce_sequence"]),
            headers["ce_type"],
            datetime.fromisoformat(headers["ce_recordedtime"]),
        )
    except (KeyError, ValueError):
        return None

"""Follows the topics as an integrator does: events and queues, drained whenever the simulation wants to know."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from schemas.services import NAMES
from schemas.topics import QUEUES, events_topic, queue_topic
from simulator.chart import Chart, Told, told_by
from simulator.rest import Place

EVENTS = tuple(events_topic(service) for service in NAMES)
FETCH_MS = 5
"""What is waited for is there already, and between the looks nothing is fetched."""
QUEUE_OF = {queue_topic(queue): queue for queue in QUEUES}


class Follower:
    """Reads what was committed into the chart."""

    def __init__(self, consumer: AIOKafkaConsumer, chart: Chart) -> None:
        self._consumer = consumer
        self._chart = chart
        self._read: dict[Place, int] = dict.fromkeys(consumer.assignment(), 0)

    async def news(self, sent: Mapping[Place, int]) -> Sequence[Told]:
        """Every fact below these offsets, since the last time; the chart knows them already. In the same order every
        time, however they came in."""
        news: list[tuple[datetime, int, int, int, Told]] = []
        behind = {place for place, read in self._read.items() if read < sent.get(place, 0)}
        self._consumer.resume(*behind)
        while any(self._read[place] < sent[place] for place in behind):
            for place, records in (await self._consumer.getmany(timeout_ms=1_000)).items():
                self._read[place] = records[-1].offset + 1
                for record in records:
                    if told := self._heard(place.topic, record):
                        order = EVENTS.index(place.topic), place.partition, record.offset
                        news.append((told.at, *order, told))
        self._consumer.pause(*behind)
        heard = [told for *_, told in sorted(news, key=lambda each: each[:-1])]
        for told in heard:
            self._chart.take(told)
        return heard

    def _heard(self, topic: str, record: Any) -> Told | None:
        """A fact; a queue's row goes into the chart at once."""
        if queue := QUEUE_OF.get(topic):
            self._chart.row(queue, record.key.decode(), json.loads(record.value) if record.value else None)
            return None
        return told_by({name: text.decode() for name, text in record.headers}, json.loads(record.value))


@asynccontextmanager
async def following(bootstrap: str, chart: Chart) -> AsyncIterator[Follower]:
    """From the first record on."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        fetch_max_wait_ms=FETCH_MS,
    )
    try:
        await consumer.start()
        places = []
        for topic in (*EVENTS, *QUEUE_OF):
            await consumer._client._wait_on_metadata(topic)
            places += [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        consumer.pause(*places)
        yield Follower(consumer, chart)
    finally:
        await consumer.stop()

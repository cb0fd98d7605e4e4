"""Follows the topics as an integrator does: events and queues, drained whenever the simulation wants to know."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from schemas.services import NAMES
from schemas.topics import QUEUES, events_topic, queue_topic
from simulator.chart import Chart, Told, told_by

EVENTS = tuple(events_topic(service) for service in NAMES)
QUEUE_OF = {queue_topic(queue): queue for queue in QUEUES}


class Follower:
    """Reads what was committed into the chart."""

    def __init__(self, consumer: AIOKafkaConsumer, chart: Chart) -> None:
        self._consumer = consumer
        self._chart = chart

    async def news(self) -> Sequence[Told]:
        """Every fact since the last time; the chart knows them already."""
        places = list(self._consumer.assignment())
        ends = await self._consumer.end_offsets(places)
        news: list[Told] = []
        while any([await self._consumer.position(place) < ends[place] for place in places]):
            for place, records in (await self._consumer.getmany(timeout_ms=100)).items():
                for record in records:
                    if queue := QUEUE_OF.get(place.topic):
                        value = json.loads(record.value) if record.value else None
                        self._chart.row(queue, record.key.decode(), value)
                    else:
                        headers = {name: text.decode() for name, text in record.headers}
                        news.append(told_by(headers, json.loads(record.value)))
        news.sort(key=lambda told: told.at)
        for told in news:
            self._chart.take(told)
        return news


@asynccontextmanager
async def following(bootstrap: str, chart: Chart) -> AsyncIterator[Follower]:
    """From the first record on."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        fetch_max_wait_ms=20,
    )
    try:
        await consumer.start()
        places = []
        for topic in (*EVENTS, *QUEUE_OF):
            await consumer._client._wait_on_metadata(topic)
            places += [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        yield Follower(consumer, chart)
    finally:
        await consumer.stop()

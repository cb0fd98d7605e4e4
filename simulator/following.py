"""Follows the topics as an integrator does: events, queues and results, drained when the simulation wants to know."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from schemas.services import NAMES
from schemas.topics import QUEUES, REFERRAL_INTAKE_RESULTS, events_topic, queue_topic
from simulator.chart import Chart, Told, told_by
from simulator.desk import Json
from simulator.rest import Place

EVENTS = tuple(events_topic(service) for service in NAMES)
RESULTS = REFERRAL_INTAKE_RESULTS.name
Row = tuple[str, int, int]
"""Topic, partition, offset."""
FETCH_MS = 5
"""What is waited for is there already, and between the looks nothing is fetched."""
QUEUE_OF = {queue_topic(queue): queue for queue in QUEUES}


class Follower:
    """Reads what was committed into the chart."""

    def __init__(self, consumer: AIOKafkaConsumer, chart: Chart) -> None:
        self._consumer = consumer
        self._chart = chart
        self._results: dict[Row, Json] = {}
        self._read: dict[Place, int] = dict.fromkeys(consumer.assignment(), 0)

    async def news(self, sent: Mapping[Place, int]) -> Sequence[Told]:
        """Every fact below these offsets, since the last time; the chart knows them already. In the same order every
        time, however they came in."""
        news: list[tuple[datetime, int, int, int, Told]] = []
        async for topic, record in self._drained(sent, set(self._read)):
            if told := self._heard(topic, record):
                news.append((told.at, EVENTS.index(topic), record.partition, record.offset, told))
        heard = [told for *_, told in sorted(news, key=lambda each: each[:-1])]
        for told in heard:
            self._chart.take(told)
        return heard

    async def result(self, sent: Mapping[Place, int], at: Row) -> Json | None:
        """What the sender is told of the record there. None: nothing yet."""
        async for topic, record in self._drained(sent, {each for each in self._read if each[0] == RESULTS}):
            self._heard(topic, record)
        return self._results.pop(at, None)

    async def _drained(
        self, sent: Mapping[Place, int], places: Collection[Place]
    ) -> AsyncIterator[tuple[str, Any]]:
        """What is new in these places below these offsets."""
        behind = {place for place in places if self._read[place] < sent.get(place, 0)}
        self._consumer.resume(*behind)
        while any(self._read[place] < sent[place] for place in behind):
            for place, records in (await self._consumer.getmany(timeout_ms=1_000)).items():
                self._read[place] = records[-1].offset + 1
                for record in records:
                    yield place.topic, record
        self._consumer.pause(*behind)

    def _heard(self, topic: str, record: Any) -> Told | None:
        """A fact; a queue's row goes into the chart at once, a result is kept until somebody asks for it."""
        if topic == RESULTS:
            result = json.loads(record.value)
            self._results[result["topic"], result["partition"], result["offset"]] = result
            return None
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
        for topic in (*EVENTS, *QUEUE_OF, RESULTS):
            await consumer._client._wait_on_metadata(topic)
            places += [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        consumer.pause(*places)
        yield Follower(consumer, chart)
    finally:
        await consumer.stop()

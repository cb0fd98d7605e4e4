"""What Kafka never takes is set aside with what follows it; everything else goes on, and a person can send it again."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from backbone.clock import WallClock
from backbone.log import undeliverable
from backbone.log.relay import Relay
from backbone.log.undeliverable import Undeliverable
from backbone.model import Actor
from backbone.store.postgres import PostgresStore, open_pool
from cli.stack.topics import make_topics
from tests.support.loopback import RefusesRecord, between
from tests.support.readers import read_until
from tests.support.relaying import emptied, relay_for, running

PATIENT = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
HEADERS = json.dumps({"ce_aggregatetype": "box", "ce_patientid": PATIENT})
OPERATOR = Actor("user", OTHER, "operations")
ADD = "INSERT INTO outbox (topic, key, value, headers, recorded_at) VALUES ($1, $2, $3, $4, now())"


class Place(NamedTuple):
    topic: str
    """Of the service's own facts, one partition."""
    url: str
    connection: asyncpg.Connection
    operations: Undeliverable

    async def add(self, *values: str | bytes, key: str = PATIENT, topic: str | None = None) -> None:
        for value in values:
            body = value if isinstance(value, bytes) else value.encode()
            await self.connection.execute(ADD, topic or self.topic, key, body, HEADERS.encode())
        await self.connection.execute("NOTIFY outbox")

    async def waiting(self) -> list[tuple[str, str, str]]:
        """(place, beginning of the value, reason), in order."""
        rows = await self.connection.fetch("SELECT place, value, reason FROM undeliverable ORDER BY id")
        return [(row["place"], row["value"][:10].decode(), row["reason"]) for row in rows]

    async def set_aside(self, count: int) -> list[tuple[str, str, str]]:
        async with asyncio.timeout(40):
            while len(await self.waiting()) < count:
                await asyncio.sleep(0.02)
        await emptied(self.connection)
        return await self.waiting()


def values(records: Sequence[Any], key: str = PATIENT) -> list[str]:
    """What was sent under the key, without the facts of the parking."""
    mine = [record for record in records if record.key == key.encode()]
    return [
        record.value[:10].decode() for record in mine if dict(record.headers)["ce_aggregatetype"] == b"box"
    ]


def parkings(records: Sequence[Any]) -> list[str]:
    headers = [dict(record.headers) for record in records]
    return [
        each["ce_type"].decode().partition(".")[2]
        for each in headers
        if each["ce_aggregatetype"] == b"parking" and each["ce_patientid"] == PATIENT.encode()
    ]


@pytest.fixture
async def place(kafka, databases, unique) -> AsyncIterator[Place]:
    topic, url = f"{unique}.events", await databases.new("relay")
    await make_topics(kafka.brokers, {topic: (1, {})})
    connection, pool = await asyncpg.connect(url), await open_pool(url)
    engine = relay_for(topic, url, "")._engine
    yield Place(topic, url, connection, Undeliverable(engine, PostgresStore(pool, engine.kinds), WallClock()))
    await connection.close()
    await pool.close()


@pytest.fixture
async def relay(kafka, place: Place) -> AsyncIterator[Relay]:
    relay = relay_for(place.topic, place.url, kafka.bootstrap)
    async with running(relay):
        yield relay


async def allow(kafka, topic: str, size: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(size)})]
    )
    await admin.close()


LARGE = b"large".ljust(1_500_000)


async def test_a_row_that_is_too_large_waits_with_what_follows_it_and_nothing_else_does(kafka, place, relay):
    await place.add("before", LARGE, "behind")
    await place.add("other", key=OTHER)
    at = f"{place.topic}/{PATIENT}"
    assert await place.set_aside(2) == [(at, "large     ", "too_large"), (at, "behind", "behind")]
    await place.add("later")
    assert (await place.set_aside(3))[2] == (at, "later", "behind")
    records = await read_until(kafka.bootstrap, place.topic, 3)
    assert (values(records), values(records, OTHER)) == (["before"], ["other"])
    assert parkings(records) == ["patient_parked.v1"]
    [listed] = await place.operations.places()
    assert (listed.place, listed.rows, listed.reason) == (at, 3, "too_large")


async def test_what_waits_is_sent_in_order_when_a_person_says_so(kafka, place, relay):
    await place.add(LARGE, "behind")
    await place.set_aside(2)
    at = f"{place.topic}/{PATIENT}"
    assert await place.operations.retry(at, OPERATOR) == 2
    await place.set_aside(2)
    await allow(kafka, place.topic, 2_000_000)
    assert await place.operations.retry(at, OPERATOR) == 2
    await place.add("later")
    await emptied(place.connection)
    records = await read_until(kafka.bootstrap, place.topic, 7)
    assert values(records) == ["large     ", "behind", "later"]
    assert parkings(records) == ["patient_parked.v1", "patient_unparked.v1"] * 2
    ids = [dict(record.headers).get("ce_id") for record in records]
    assert len(set(filter(None, ids))) == 4, "a repeated id is dropped by whoever makes it somebody's work"
    assert await place.waiting() == []


async def test_what_can_never_be_sent_is_dropped_by_name(kafka, place, relay):
    await place.add(LARGE, "behind")
    await place.set_aside(2)
    at = f"{place.topic}/{PATIENT}"
    assert await place.operations.skip(at, OPERATOR)
    assert await place.waiting() == [(at, "behind", "behind")]
    await place.operations.retry(at, OPERATOR)
    await emptied(place.connection)
    records = await read_until(kafka.bootstrap, place.topic, 3)
    assert values(records) == ["behind"] and parkings(records) == ["patient_parked.v1", "patient_unparked.v1"]
    assert await place.operations.skip(at, OPERATOR) is None
    skipped = await place.connection.fetchrow(
        "SELECT * FROM journal WHERE type = 'backbone.record_skipped.v1'"
    )
    assert skipped["actor_id"] == OTHER


@pytest.mark.parametrize("name", ["missing", "not a name"])
async def test_a_topic_that_does_not_exist_waits_as_a_whole(kafka, place, relay, unique, name):
    missing = f"{unique} {name}".replace(" missing", ".missing")
    await place.add("one", "two", topic=missing)
    await place.add("three", key=OTHER, topic=missing)
    await place.add("other")
    assert [each[0] for each in await place.set_aside(3)] == [missing] * 3
    assert values(await read_until(kafka.bootstrap, place.topic, 2)) == ["other"]
    if name == "missing":
        await make_topics(kafka.brokers, {missing: (1, {})})
        await place.operations.retry(missing, OPERATOR)
        await emptied(place.connection)
        found = await read_until(kafka.bootstrap, missing, 3)
        assert [record.value for record in found] == [b"one", b"two", b"three"]


async def test_a_kafka_without_the_services_own_topic_is_waited_for(kafka, databases, unique):
    url = await databases.new("relay")
    connection, topic = await asyncpg.connect(url), f"{unique}.events"
    relay = relay_for(topic, url, kafka.bootstrap)
    async with running(relay):
        await connection.execute(ADD, topic, PATIENT, b"one", HEADERS.encode())
        began = relay.metrics.relay_began_again.labels(error="KafkaError")._value
        async with asyncio.timeout(40):
            while not began.get():
                await asyncio.sleep(0.02)
        assert not await connection.fetchval("SELECT count(*) FROM undeliverable")
        await make_topics(kafka.brokers, {topic: (1, {})})
        await emptied(connection)
    assert values(await read_until(kafka.bootstrap, topic, 1)) == ["one"]
    await connection.close()


async def test_a_record_that_the_broker_refuses_without_a_known_reason(kafka, place):
    poison = RefusesRecord(b"poison")
    async with (
        between(kafka.port, poison) as bootstrap,
        running(relay_for(place.topic, place.url, bootstrap)),
    ):
        await place.add("one", key=OTHER)
        await place.add("poison", "behind")
        await place.add("two", key=OTHER)
        found = await place.set_aside(2)
    assert [each[1:] for each in found] == [("poison", "refused"), ("behind", "behind")]
    assert values(await read_until(kafka.bootstrap, place.topic, 3), OTHER) == ["one", "two"]


async def test_rows_of_which_no_record_can_be_made(kafka, place, relay, monkeypatch):
    monkeypatch.setattr(undeliverable, "MAX_RECORD_BYTES", 1_000_000)
    await place.connection.execute(ADD, place.topic, "broken", b"x", b"no headers")
    await place.add(LARGE, "behind")
    await place.add("other", key=OTHER)
    found = await place.set_aside(3)
    assert [each[2] for each in found] == ["unwritable", "too_large", "behind"]
    assert values(await read_until(kafka.bootstrap, place.topic, 2), OTHER) == ["other"]


async def test_a_topic_that_takes_less_than_a_batch_gets_its_rows_one_by_one(kafka, place, unique):
    small = f"{unique}.small"
    await make_topics(kafka.brokers, {small: (1, {"max.message.bytes": "2000"})})
    await place.add(*(f"{n}".ljust(1_000) for n in range(10)), topic=small)
    async with running(relay_for(place.topic, place.url, kafka.bootstrap)):
        await emptied(place.connection)
    found = await read_until(kafka.bootstrap, small, 10)
    assert [int(record.value) for record in found] == list(range(10)) and await place.waiting() == []

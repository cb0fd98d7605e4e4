"""The local broker: starts from nothing, comes back with its data, makes every topic as declared."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from cli.stack import jars
from cli.stack.errors import StackError
from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.topics import ensure_topics, make_topics
from schemas.services import all_topics
from tests.support.readers import read_all


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Kafka]:
    """A broker of this test alone."""
    made = Kafka(tmp_path / "kafka", cache())
    made.start()
    yield made
    made.kill()


async def send(bootstrap: str, topic: str, *values: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    for value in values:
        await producer.send_and_wait(topic, value)
    await producer.stop()


@asynccontextmanager
async def asking(kafka: Kafka) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def test_a_broker_comes_back_at_the_same_port_with_its_data(broker):
    await make_topics(broker.brokers, {"kept": (1, {})})
    await send(broker.bootstrap, "kept", b"before the kill")
    address = broker.bootstrap
    broker.kill()
    assert not broker.running()
    broker.start()
    await send(address, "kept", b"before the stop")
    broker.stop()
    broker.start()
    assert [record.value for record in await read_all(address, "kept")] == [
        b"before the kill",
        b"before the stop",
    ]


def test_a_broker_left_over_from_a_crash_gives_way_to_the_next(broker):
    following = Kafka(broker.home, cache(), port=broker.port)
    following.start()
    assert following.running()
    assert not broker.running()
    following.kill()


def test_a_broker_says_when_its_port_is_taken(kafka, tmp_path):
    with pytest.raises(StackError, match=f"Port {kafka.port}"):
        Kafka(tmp_path, cache(), port=kafka.port).start()


async def test_every_topic_is_made_once_as_declared(kafka, unique):
    topics = [topic._replace(name=f"{unique}.{topic.name}") for topic in all_topics()]
    known = {topic.name for topic in topics}
    assert set(await ensure_topics(kafka.brokers, 6, topics)) == known
    assert await ensure_topics(kafka.brokers, 6, topics) == []

    async with asking(kafka) as admin:
        described = {each["topic"]: each for each in await admin.describe_topics(sorted(known))}
        wanted = ConfigResource(ConfigResourceType.TOPIC, f"{unique}.worklist.queue.nursing")
        ((resource,),) = [answer.resources for answer in await admin.describe_configs([wanted])]
    assert len(described[f"{unique}.referral.events"]["partitions"]) == 6
    assert len(described[f"{unique}.worklist.queue.nursing"]["partitions"]) == 3
    settings = {entry[0]: entry[1] for entry in resource[4]}
    assert settings["cleanup.policy"] == "compact"


def test_a_download_that_was_interrupted_leaves_nothing_half_made(tmp_path, monkeypatch):
    monkeypatch.setattr(jars, "_maven", lambda *_: "the network is down")
    with pytest.raises(StackError, match="the network is down"):
        jars.jars(tmp_path)
    assert not list(tmp_path.glob("kafka-*"))


def test_a_missing_tool_is_named_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match=r"Java 17 .*apt-get install default-jre-headless.* Maven"):
        jars.jars(tmp_path)

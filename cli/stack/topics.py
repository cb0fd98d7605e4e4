"""Makes topics that are not there yet."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from backbone.brokers import Brokers
from schemas.services import all_topics
from schemas.topics import Topic, partitions

TOPIC_ALREADY_EXISTS = 36
Wanted = Mapping[str, tuple[int, Mapping[str, str]]]
"""Topics by name, each with its number of partitions and its settings."""


async def make_topics(brokers: Brokers, topics: Wanted, replicas: int = 1) -> list[str]:
    """Make the topics that are missing, and wait until the broker lists them. The names that are new.

    Raises KafkaError when the broker can't be reached, or refuses one for another reason than that it exists.
    """
    admin = AIOKafkaAdminClient(**brokers.arguments)
    await admin.start()
    try:
        made = await _create(admin, topics, replicas)
        while not set(topics) <= set(await admin.list_topics()):
            await asyncio.sleep(0.05)
        return made
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, topics: Wanted, replicas: int) -> list[str]:
    wanted = [
        NewTopic(name, number, replicas, topic_configs=dict(settings))
        for name, (number, settings) in topics.items()
    ]
    answer = await admin.create_topics(wanted)
    refused = [
        f"{name}: {message or code}"
        for name, code, message in answer.topic_errors
        if code not in (0, TOPIC_ALREADY_EXISTS)
    ]
    if refused:
        raise KafkaError("; ".join(refused))
    return [name for name, code, _ in answer.topic_errors if code == 0]


def in_sync(replicas: int) -> int:
    """How many copies must have a record before it is acknowledged: of several, one may be away."""
    return max(replicas - 1, 1)


async def ensure_topics(
    brokers: Brokers, lanes: int, topics: Sequence[Topic] | None = None, replicas: int = 1
) -> list[str]:
    """Make every topic of this version that is missing, with `lanes` partitions where a partition is a lane.

    The names that are new. Raises KafkaError.
    """
    chosen = all_topics() if topics is None else topics
    durable = {"min.insync.replicas": str(in_sync(replicas))}
    wanted = {topic.name: (partitions(topic, lanes), {**topic.settings(), **durable}) for topic in chosen}
    return await make_topics(brokers, wanted, replicas)

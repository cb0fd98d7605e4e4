"""Makes topics that are not there yet."""

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

TOPIC_ALREADY_EXISTS = 36


async def make_topics(
    bootstrap: str, topics: Mapping[str, tuple[int, Mapping[str, str]]], replicas: int = 1
) -> list[str]:
    """Make topics by name, each with its number of partitions and its settings. The names that are new.

    Raises KafkaError when the broker refuses one for another reason than that it exists.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        wanted = [
            NewTopic(name, partitions, replicas, topic_configs=dict(settings))
            for name, (partitions, settings) in topics.items()
        ]
        answer = await admin.create_topics(wanted)
        made = []
        for name, code, message in answer.topic_errors:
            if code == 0:
                made.append(name)
            elif code != TOPIC_ALREADY_EXISTS:
                raise KafkaError(f"{name}: {message or code}")
        while not set(topics) <= set(await admin.list_topics()):
            await asyncio.sleep(0.05)
        return made
    finally:
        await admin.close()

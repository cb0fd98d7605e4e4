"""What tests of the relay stand on: a topic, and a database with its outbox."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from cli.stack.topics import make_topics


@pytest.fixture
async def outbox(kafka, databases, unique) -> AsyncIterator[tuple[str, asyncpg.Connection, str]]:
    topic = f"{unique}.events"
    await make_topics(kafka.brokers, {topic: (3, {})})
    url = await databases.new("relay")
    connection = await asyncpg.connect(url)
    yield topic, connection, url
    await connection.close()

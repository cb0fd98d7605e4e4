"""Faust as its documentation shows it: an agent over events, here with one transaction for each."""

import sys
from tempfile import mkdtemp
from typing import Any

import asyncpg
import faust

from bench.job import INPUT, ItemAsked
from bench.peers.durable import Durable, Record
from bench.peers.places import Places, places
from bench.peers.publishing import publish


def app_of(told: Places) -> faust.App:
    """The app, ready for `main()`."""
    app = faust.App(
        told.name,
        broker=f"kafka://{told.kafka}",
        store="memory://",
        datadir=mkdtemp(),
        web_enabled=False,
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        topic_allow_declare=False,
    )
    topic = app.topic(INPUT, key_type=bytes, value_type=bytes, value_serializer="raw")

    @app.agent(topic)
    async def follow(stream: Any) -> None:
        pool = await asyncpg.create_pool(told.database_url, min_size=1, max_size=8)
        durable = Durable(pool, told.output)
        await durable.prepare()
        async for event in stream.events():
            message = event.message
            headers = {name: value.decode() for name, value in dict(message.headers).items()}
            record = Record(message.offset, ItemAsked.model_validate_json(message.value), headers)
            await durable.handle(message.partition, [record])

    @app.task
    async def send() -> None:
        await publish(told.database_url, told.kafka, told.name)

    return app


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "-l", "warn"]
    app_of(places()).main()

"""Outbox → Kafka on the real ones: order, once each, whoever dies when."""

import asyncio

import asyncpg
import pytest

from backbone.errors import OlderThanTold
from backbone.log import relay as module
from backbone.log.relay import Relay, check_told_at_start
from backbone.model import Service
from tests.support.loopback import LoadingGroup, between
from tests.support.readers import read_until
from tests.support.relaying import ADD, Killed, emptied, relay_for, running


class Mortal(Relay):
    """Dies once at a chosen step."""

    def __init__(self, *arguments, dies: str | None = None, **named) -> None:
        super().__init__(*arguments, **named)
        self.dies = dies

    def _die(self, step: str) -> None:
        if self.dies == step:
            self.dies = None
            raise Killed(step)

    async def _send(self, *arguments):
        self._die("stamped")
        sent = await super()._send(*arguments)
        self._die("sent")
        return sent

    async def _send_some(self, outbox, producer):
        delete = outbox.delete

        async def dying(batch, rows):
            self._die("committed")
            await delete(batch, rows)
            self._die("deleted")

        outbox.delete = dying
        try:
            return await super()._send_some(outbox, producer)
        finally:
            outbox.delete = delete


def relay_of(kafka, outbox, **named) -> Mortal:
    topic, _, url = outbox
    return relay_for(topic, url, kafka.bootstrap, Mortal, **named)


async def test_rows_arrive_once_each_and_in_order_for_each_key(kafka, outbox):
    topic, connection, _ = outbox
    async with running(relay_of(kafka, outbox)):
        await connection.execute(ADD, topic, 1, 2500)
        await connection.execute("NOTIFY outbox")
        await emptied(connection)
    records = await read_until(kafka.bootstrap, topic, 2500)
    assert sorted(int(record.value) for record in records) == list(range(1, 2501))
    for key in {record.key for record in records}:
        values = [int(record.value) for record in records if record.key == key]
        assert values == sorted(values)
    assert records[0].headers == (("ce_id", b"1"),)


async def test_it_says_where_what_it_sent_ends(kafka, outbox):
    topic, connection, _ = outbox
    async with running(relay := relay_of(kafka, outbox)):
        for first in (1, 101):
            await connection.execute(ADD, topic, first, first + 99)
            await emptied(connection)
    records = await read_until(kafka.bootstrap, topic, 200)
    places = {record.partition for record in records}
    ends = {n: max(record.offset for record in records if record.partition == n) + 1 for n in places}
    assert relay.sent == {(topic, number, ""): end for number, end in ends.items()}


async def test_rows_wait_for_more_but_not_for_long(kafka, outbox, monkeypatch):
    _, connection, _ = outbox
    monkeypatch.setattr(module, "HELD_SECONDS", 0.3)
    relay = relay_of(kafka, outbox)
    relay.open.clear()
    async with running(relay):
        await connection.execute(ADD, outbox[0], 1, 5)
        await emptied(connection)
    assert not relay.open.is_set()


async def test_a_row_without_a_value_is_a_tombstone(kafka, outbox):
    topic, connection, _ = outbox
    await connection.execute(
        "INSERT INTO outbox (topic, key, value, headers, recorded_at) VALUES ($1, 'gone', NULL, '{}', now())",
        topic,
    )
    async with running(relay_of(kafka, outbox)):
        await emptied(connection)
    [record] = await read_until(kafka.bootstrap, topic, 1)
    assert (record.key, record.value) == (b"gone", None)


@pytest.mark.parametrize("step", ["stamped", "sent", "committed", "deleted"])
async def test_a_relay_that_dies_at_any_step_loses_nothing_and_doubles_nothing(kafka, outbox, step):
    topic, connection, _ = outbox
    await connection.execute(ADD, topic, 1, 300)
    async with running(relay_of(kafka, outbox, dies=step)) as task:
        with pytest.raises(Killed):
            await asyncio.wait_for(asyncio.shield(task), 40)
    await connection.execute(ADD, topic, 301, 400)
    async with running(relay_of(kafka, outbox)):
        await emptied(connection)
    records = await read_until(kafka.bootstrap, topic, 400)
    assert sorted(int(record.value) for record in records) == list(range(1, 401))


async def test_a_database_from_before_it_told_what_kafka_has_tells_nothing_more(kafka, outbox):
    topic, connection, _ = outbox
    for first in (1, 101):
        await connection.execute(ADD, topic, first, first + 99)
        async with running(relay_of(kafka, outbox)):
            await emptied(connection)
    await connection.execute("UPDATE relay_batch SET batch = 1")
    await connection.execute(ADD, topic, 201, 300)
    async with running(relay_of(kafka, outbox)) as task:
        with pytest.raises(OlderThanTold, match=r"Kafka has batch 2 .* gave number 1 last"):
            await asyncio.wait_for(asyncio.shield(task), 40)
    with pytest.raises(OlderThanTold):
        await check_told_at_start(
            Service(topic.removesuffix(".events"), aggregates=()), kafka.brokers, connection
        )
    assert len(await read_until(kafka.bootstrap, topic, 200)) == 200


async def test_an_empty_database_under_a_full_kafka_decides_nothing(kafka, outbox, databases):
    """A new installation begins; a service that lost its database ends, before it gives a number twice."""
    topic, connection, _ = outbox
    service = Service(topic.removesuffix(".events"), aggregates=())
    await check_told_at_start(service, kafka.brokers, connection)
    await connection.execute(ADD, topic, 1, 100)
    async with running(relay_of(kafka, outbox)):
        await emptied(connection)
    await check_told_at_start(service, kafka.brokers, connection)
    empty = await asyncpg.connect(await databases.new("empty"))
    with pytest.raises(OlderThanTold, match=r"Kafka has batch 1 .* gave number 0 last.*huddle reconcile"):
        await check_told_at_start(service, kafka.brokers, empty)
    await empty.close()


async def test_a_kafka_that_forgot_our_last_batch_gets_the_next_number(kafka, outbox):
    topic, connection, _ = outbox
    await connection.execute("INSERT INTO relay_batch VALUES (0, 7)")
    await connection.execute(ADD, topic, 1, 100)
    async with running(relay_of(kafka, outbox)):
        await emptied(connection)
    assert await connection.fetchval("SELECT batch FROM relay_batch") == 8


async def test_a_broker_that_does_not_say_yet_what_it_has_is_asked_again(kafka, outbox):
    topic, connection, url = outbox
    await connection.execute(ADD, topic, 1, 300)
    async with running(relay_of(kafka, outbox, dies="committed")) as task:
        with pytest.raises(Killed):
            await asyncio.wait_for(asyncio.shield(task), 40)
    loading = LoadingGroup()
    async with (
        between(kafka.port, loading) as bootstrap,
        running(relay_for(topic, url, bootstrap)),
    ):
        await emptied(connection)
    assert loading.asked_early
    records = await read_until(kafka.bootstrap, topic, 300)
    assert sorted(int(record.value) for record in records) == list(range(1, 301))


async def test_a_second_relay_takes_over_when_the_leader_goes(kafka, outbox):
    topic, connection, _ = outbox
    async with running(relay_of(kafka, outbox)), running(relay_of(kafka, outbox)):
        await connection.execute(ADD, topic, 1, 50)
        await emptied(connection)
    async with running(relay_of(kafka, outbox)):
        await connection.execute(ADD, topic, 51, 100)
        await emptied(connection)
    records = await read_until(kafka.bootstrap, topic, 100)
    assert sorted(int(record.value) for record in records) == list(range(1, 101))


@pytest.mark.parametrize("learns", ["at the end", "between two batches"])
async def test_a_leader_that_wakes_after_its_successor_sent_the_rows_is_fenced(kafka, outbox, learns):
    topic, connection, _ = outbox
    frozen = asyncio.Event()
    thawed = asyncio.Event()

    class Frozen(Relay):
        async def _send(self, *arguments):
            frozen.set()
            await thawed.wait()
            return await super()._send(*arguments)

        async def _send_group(self, producer, *arguments):
            requests = await super()._send_group(producer, *arguments)
            if learns == "between two batches":
                await asyncio.wait([producer._sender.sender_task])
            return requests

    await connection.execute(ADD, topic, 1, 100)
    sleeper = relay_for(topic, outbox[2], kafka.bootstrap, Frozen)
    async with running(sleeper) as task:
        await asyncio.wait_for(frozen.wait(), 40)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        async with running(relay_of(kafka, outbox)):
            await emptied(connection)
            thawed.set()
            await connection.execute(ADD, topic, 101, 150)
            await emptied(connection)
        assert not task.done()
    records = await read_until(kafka.bootstrap, topic, 150)
    assert sorted(int(record.value) for record in records) == list(range(1, 151))


async def test_rows_that_wait_for_a_broker_are_sent_when_it_is_back(kafka, outbox):
    topic, connection, _ = outbox
    async with running(relay_of(kafka, outbox)) as task:
        await connection.execute(ADD, topic, 1, 1500)
        await emptied(connection)
        kafka.kill()
        await connection.execute(ADD, topic, 1501, 3000)
        await connection.execute("NOTIFY outbox")
        kafka.start()
        await emptied(connection)
        assert not task.done()
    records = await read_until(kafka.bootstrap, topic, 3000)
    assert sorted(int(record.value) for record in records) == list(range(1, 3001))


async def test_a_row_that_is_larger_than_a_batch_goes_alone(kafka, outbox):
    topic, connection, _ = outbox
    await connection.execute(
        """INSERT INTO outbox (topic, key, value, headers, recorded_at)
           SELECT $1, 'key', convert_to(repeat('x', 600000), 'UTF8'), '{}', now() FROM generate_series(1, 3)""",
        topic,
    )
    async with running(relay_of(kafka, outbox)):
        await emptied(connection)
    assert [len(record.value) for record in await read_until(kafka.bootstrap, topic, 3)] == [600_000] * 3
